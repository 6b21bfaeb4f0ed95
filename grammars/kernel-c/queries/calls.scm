; Calls by name, through a member, and of what a call returns (`guard(mutex)(&lock)`).

(call_expression
  function: (identifier) @name
  arguments: (argument_list) @arguments) @call

(call_expression
  function: (field_expression field: (field_identifier) @member)
  arguments: (argument_list) @arguments) @indirect

(call_expression
  function: (call_expression function: (identifier) @guard)
  (#match? @guard "^(guard|CLASS|ACQUIRE)$")) @scope

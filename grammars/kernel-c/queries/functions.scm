; Functions by name, for outlines, call graphs and `contracts` that a tree defines itself.

(function_definition
  declarator: (_) @declarator
  body: (compound_statement) @body) @function

(function_declarator
  declarator: (identifier) @name
  parameters: (parameter_list) @parameters)

; `SYSCALL_DEFINE2(open, ..) { }`: the first argument names it.
(macro_function_definition
  macro: (identifier) @macro
  arguments: (argument_list . (_) @name)
  body: (compound_statement) @body) @function

; Loops that macros make, and the jumps that may leave them early.

(iterator_statement
  iterator: (identifier) @iterator
  arguments: (argument_list) @arguments
  body: (_) @body) @loop

; What `cleanup.h` releases at the end of a scope.

; struct file *file __free(fput) = NULL;
((kernel_annotation
  name: (identifier) @annotation
  arguments: (annotation_arguments) @release) @owned
  (#eq? @annotation "__free"))

; scoped_guard(mutex, &lock) { }
(scoped_guard_statement
  macro: (identifier) @macro
  arguments: (argument_list) @arguments
  body: (_) @body) @guarded

; DEFINE_FREE(name, type, statement)
(macro_invocation
  macro: (identifier) @definition
  arguments: (argument_list . (identifier) @name)
  (#match? @definition "^DEFINE_(FREE|GUARD|CLASS|LOCK_GUARD_[01])$")) @class

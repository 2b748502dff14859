; Methods, constructors and types: what is defined, where its parts stand, and what counts as a
; stub.

(method_declaration
  type: (_) @result
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (block) @body) @definition.function

(constructor_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (constructor_body) @body) @definition.function

(compact_constructor_declaration
  name: (identifier) @name
  body: (block) @body) @definition.function

(class_declaration
  name: (identifier) @name
  body: (class_body) @body) @definition.class

(interface_declaration
  name: (identifier) @name
  body: (interface_body) @body) @definition.class

(enum_declaration
  name: (identifier) @name
  body: (enum_body) @body) @definition.class

(record_declaration
  name: (identifier) @name
  parameters: (formal_parameters) @parameters
  body: (class_body) @body) @definition.class

(annotation_type_declaration
  name: (identifier) @name
  body: (annotation_type_body) @body) @definition.class

; Exceptions that say so by their type.
([
  (block
    (throw_statement (object_creation_expression type: (_) @_error)) @stub)
  (constructor_body
    (throw_statement (object_creation_expression type: (_) @_error)) @stub)
 ]
 (#match? @_error "^([a-z.]+\\.)?(UnsupportedOperation|NotImplemented|NotYetImplemented)(Exception|Error)$"))

; Exceptions that say so by their message.
([
  (block
    (throw_statement
      (object_creation_expression
        type: (_) @_error
        arguments: (argument_list . (_) @_message))) @stub)
  (constructor_body
    (throw_statement
      (object_creation_expression
        type: (_) @_error
        arguments: (argument_list . (_) @_message))) @stub)
 ]
 (#not-match? @_error "^([a-z.]+\\.)?(UnsupportedOperation|NotImplemented|NotYetImplemented)(Exception|Error)$")
 (#match? @_message "(?i)^\"(not (yet )?(implemented|supported yet)|unimplemented|todo\\b|to be implemented|implement (me|this))"))

; A result that only satisfies the compiler, with a comment that says so beside it.
(block
  .
  [(line_comment) (block_comment)] @_ask
  .
  (return_statement
    [(null_literal) (false) (true) (decimal_integer_literal) (decimal_floating_point_literal)
     (string_literal)]) @stub
  .
  (#match? @_ask "(?i)^(//+|/\\*+)[\\s*]*(TODO|FIXME|XXX|implement|your code)"))

(block
  .
  (return_statement
    [(null_literal) (false) (true) (decimal_integer_literal) (decimal_floating_point_literal)
     (string_literal)]) @stub
  .
  [(line_comment) (block_comment)] @_ask
  .
  (#match? @_ask "(?i)^(//+|/\\*+)[\\s*]*(TODO|FIXME|XXX|implement|your code)"))

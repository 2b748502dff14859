; Functions and types: what is defined, where its parts stand, and what counts as a stub.

; The name of a function stands below the declarators that belong to its result.
(function_definition
  type: (_) @result
  declarator: [
    (function_declarator
      declarator: (identifier) @name
      parameters: (parameter_list) @parameters)
    (function_declarator
      declarator: (parenthesized_declarator (identifier) @name)
      parameters: (parameter_list) @parameters)
    (function_declarator
      declarator: (parenthesized_declarator
        (pointer_declarator
          declarator: (function_declarator
            declarator: (identifier) @name
            parameters: (parameter_list) @parameters))))
    (pointer_declarator
      declarator: (function_declarator
        declarator: (identifier) @name
        parameters: (parameter_list) @parameters))
    (pointer_declarator
      declarator: (pointer_declarator
        declarator: (function_declarator
          declarator: (identifier) @name
          parameters: (parameter_list) @parameters)))
    (pointer_declarator
      declarator: (pointer_declarator
        declarator: (pointer_declarator
          declarator: (function_declarator
            declarator: (identifier) @name
            parameters: (parameter_list) @parameters))))
  ]
  body: (compound_statement) @body) @definition.function

(struct_specifier
  name: (type_identifier) @name
  body: (field_declaration_list) @body) @definition.class

(union_specifier
  name: (type_identifier) @name
  body: (field_declaration_list) @body) @definition.class

(enum_specifier
  name: (type_identifier) @name
  body: (enumerator_list) @body) @definition.class

; A type that has no name but the one a typedef gives it.
(type_definition
  type: [
    (struct_specifier !name body: (field_declaration_list) @body)
    (union_specifier !name body: (field_declaration_list) @body)
    (enum_specifier !name body: (enumerator_list) @body)
  ]
  .
  declarator: (type_identifier) @name) @definition.class

(compound_statement
  (expression_statement
    (call_expression
      function: (identifier) @_call
      arguments: (argument_list) @_none)) @stub
  (#match? @_none "^\\(\\s*\\)$")
  (#any-of? @_call "abort" "unreachable" "__builtin_unreachable" "__builtin_trap"))

(compound_statement
  (expression_statement
    (call_expression
      function: (identifier) @_call
      arguments: (argument_list
        .
        [(number_literal) (false)] @_never
        .))) @stub
  (#eq? @_call "assert")
  (#any-of? @_never "0" "false"))

(compound_statement
  (expression_statement
    (call_expression
      function: (identifier) @_call
      arguments: (argument_list
        .
        [
          (binary_expression left: [(number_literal) (false)] right: (_) @_message)
          (unary_expression argument: (_) @_message)
        ]
        .))) @stub
  (#eq? @_call "assert")
  (#match? @_message "(?i)^L?\"(not (yet )?implemented|unimplemented|todo\\b|to be implemented|implement (me|this))"))

; A result that only satisfies the compiler, with a comment that says so beside it.
(compound_statement
  .
  (comment) @_ask
  .
  (return_statement
    [(number_literal) (char_literal) (string_literal) (null) (true) (false)
     (unary_expression argument: (number_literal))]) @stub
  .
  (#match? @_ask "(?i)^(//+|/\\*+)[\\s*!]*(TODO|FIXME|XXX|implement|your code)"))

(compound_statement
  .
  (return_statement
    [(number_literal) (char_literal) (string_literal) (null) (true) (false)
     (unary_expression argument: (number_literal))]) @stub
  .
  (comment) @_ask
  .
  (#match? @_ask "(?i)^(//+|/\\*+)[\\s*!]*(TODO|FIXME|XXX|implement|your code)"))

; Functions and types beyond those of C. A name in parts (`Outer::inner`) is captured by its last.

; Methods and operators in a class
(function_definition
  declarator: [
    (function_declarator
      declarator: [(field_identifier) (operator_name) (destructor_name)] @name
      parameters: (parameter_list) @parameters)
    (pointer_declarator
      declarator: (function_declarator
        declarator: [(field_identifier) (operator_name)] @name
        parameters: (parameter_list) @parameters))
    (pointer_declarator
      declarator: (pointer_declarator
        declarator: (function_declarator
          declarator: [(field_identifier) (operator_name)] @name
          parameters: (parameter_list) @parameters)))
    (reference_declarator
      (function_declarator
        declarator: [(identifier) (field_identifier) (operator_name)] @name
        parameters: (parameter_list) @parameters))
    (pointer_declarator
      declarator: (reference_declarator
        (function_declarator
          declarator: [(identifier) (field_identifier) (operator_name)] @name
          parameters: (parameter_list) @parameters)))
    (operator_cast
      declarator: (abstract_function_declarator
        parameters: (parameter_list) @parameters)) @name
    (qualified_identifier
      name: (operator_cast
        declarator: (abstract_function_declarator
          parameters: (parameter_list) @parameters)) @name)
  ]
  body: [(compound_statement) (try_statement)] @body) @definition.function

; Constructors in a class have no type.
(function_definition
  !type
  declarator: (function_declarator
    declarator: (identifier) @name
    parameters: (parameter_list) @parameters)
  body: [(compound_statement) (try_statement)] @body) @definition.function

; Methods outside of their class, and functions of a namespace
(function_definition
  declarator: [
    (function_declarator
      declarator: (qualified_identifier
        name: [
          (identifier) @name
          (operator_name) @name
          (destructor_name) @name
          (template_function name: (identifier) @name)
          (qualified_identifier
            name: [
              (identifier) @name
              (operator_name) @name
              (destructor_name) @name
              (qualified_identifier name: [(identifier) (operator_name) (destructor_name)] @name)
            ])
        ])
      parameters: (parameter_list) @parameters)
    (pointer_declarator
      declarator: (function_declarator
        declarator: (qualified_identifier
          name: [
            (identifier) @name
            (operator_name) @name
            (qualified_identifier
              name: [
                (identifier) @name
                (operator_name) @name
                (qualified_identifier name: [(identifier) (operator_name)] @name)
              ])
          ])
        parameters: (parameter_list) @parameters))
    (reference_declarator
      (function_declarator
        declarator: (qualified_identifier
          name: [
            (identifier) @name
            (operator_name) @name
            (qualified_identifier
              name: [
                (identifier) @name
                (operator_name) @name
                (qualified_identifier name: [(identifier) (operator_name)] @name)
              ])
          ])
        parameters: (parameter_list) @parameters))
  ]
  body: [(compound_statement) (try_statement)] @body) @definition.function

; A template written out for one type
(function_definition
  declarator: (function_declarator
    declarator: (template_function name: (identifier) @name)
    parameters: (parameter_list) @parameters)
  body: (compound_statement) @body) @definition.function

; The result of what the patterns above find, where it stands in front.
(function_definition type: (_) @result)

(class_specifier
  name: [
    (type_identifier) @name
    (template_type name: (type_identifier) @name)
    (qualified_identifier name: (type_identifier) @name)
  ]
  body: (field_declaration_list) @body) @definition.class

(struct_specifier
  name: [
    (template_type name: (type_identifier) @name)
    (qualified_identifier name: (type_identifier) @name)
  ]
  body: (field_declaration_list) @body) @definition.class

(namespace_definition
  name: [(namespace_identifier) (nested_namespace_specifier)] @name
  body: (declaration_list) @body) @definition.class

; Exceptions that say so by their message.
(compound_statement
  (throw_statement [
    (call_expression arguments: (argument_list . (_) @_message))
    (compound_literal_expression value: (initializer_list . (_) @_message))
    (string_literal) @_message
  ]) @stub
  (#match? @_message "(?i)^\"(not (yet )?implemented|unimplemented|todo\\b|to be implemented|implement (me|this))"))

; Exceptions that say so by their type.
(compound_statement
  (throw_statement [
    (call_expression function: (_) @_error)
    (compound_literal_expression type: (_) @_error)
  ]) @stub
  (#match? @_error "(?i)(^|::)not_?(yet_?)?implemented(_?(error|exception))?$"))

(compound_statement
  (expression_statement
    (call_expression
      function: (qualified_identifier) @_call
      arguments: (argument_list) @_none)) @stub
  (#match? @_none "^\\(\\s*\\)$")
  (#any-of? @_call "std::abort" "std::terminate" "std::unreachable"))

; A result that only satisfies the compiler, with a comment that says so beside it.
(compound_statement
  .
  (comment) @_ask
  .
  (return_statement (initializer_list) @_empty) @stub
  .
  (#match? @_empty "^\\{\\s*\\}$")
  (#match? @_ask "(?i)^(//+|/\\*+)[\\s*!]*(TODO|FIXME|XXX|implement|your code)"))

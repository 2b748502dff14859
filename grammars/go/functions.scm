; Functions and types that hold members: where their parts stand, and what counts as a stub.

(function_declaration
  name: (identifier) @name
  parameters: (parameter_list) @parameters
  result: (_)? @result
  body: (block) @body) @definition.function

(method_declaration
  name: (field_identifier) @name
  parameters: (parameter_list) @parameters
  result: (_)? @result
  body: (block) @body) @definition.function

(type_spec
  name: (type_identifier) @name
  type: [
    (struct_type (field_declaration_list) @body)
    (interface_type) @body
  ]) @definition.class

; panic("not implemented"), also with the message inside of a call.

(block
  (statement_list
    (expression_statement
      (call_expression
        function: (identifier) @_panic
        arguments: (argument_list
          .
          [
            (interpreted_string_literal) @_message
            (raw_string_literal) @_message
            (call_expression
              arguments: (argument_list
                .
                [(interpreted_string_literal) (raw_string_literal)] @_message))
          ]))) @stub)
  (#eq? @_panic "panic")
  (#match? @_message
    "(?i)(not (yet )?(been )?implemented|unimplemented|\\bimplement (me|this)\\b|to be implemented|^.\\s*(todo|fixme)\\s*[:!.(\"`])"))

; return errors.New("not implemented"), alone or after the other results.

(block
  (statement_list
    (return_statement
      (expression_list
        (call_expression
          function: (selector_expression) @_error
          arguments: (argument_list
            .
            [(interpreted_string_literal) (raw_string_literal)] @_message))
        .)) @stub)
  (#any-of? @_error "errors.New" "fmt.Errorf")
  (#match? @_message
    "(?i)(not (yet )?(been )?implemented|\\bimplement (me|this)\\b|to be implemented|^.\\s*(todo|fixme)\\s*[:!.(\"`])"))

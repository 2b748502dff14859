; Definitions and references that other files may see. Where patterns overlap the later one counts.

; What a package declares.

((source_file (function_declaration name: (identifier) @name) @tag.definition)
  (#not-match? @name "^(init|_)$")
  (#set! kind function))

((method_declaration name: (field_identifier) @name) @tag.definition
  (#set! kind method))

((source_file
  (type_declaration
    [
      (type_spec name: (type_identifier) @name) @tag.definition
      (type_alias name: (type_identifier) @name) @tag.definition
    ]))
  (#set! kind type))

((source_file
  (type_declaration
    (type_spec
      name: (type_identifier) @name
      type: [(struct_type) (interface_type)]) @tag.definition))
  (#set! kind class))

((source_file
  (const_declaration (const_spec name: (identifier) @name) @tag.definition))
  (#not-eq? @name "_")
  (#set! kind constant))

((source_file
  (var_declaration
    [
      (var_spec name: (identifier) @name) @tag.definition
      (var_spec_list (var_spec name: (identifier) @name) @tag.definition)
    ]))
  (#not-eq? @name "_")
  (#set! kind variable))

; Members of its types.

((source_file
  (type_declaration
    (type_spec
      type: (interface_type (method_elem name: (field_identifier) @name) @tag.definition))))
  (#set! kind method))

((source_file
  (type_declaration
    (type_spec
      type: (struct_type
        (field_declaration_list
          (field_declaration name: (field_identifier) @name) @tag.definition)))))
  (#set! kind variable))

; Uses: members, fields of literals, and what is handed over as a value.

((selector_expression field: (field_identifier) @name) @tag.reference
  (#set! kind name))

((keyed_element key: (literal_element (identifier) @name)) @tag.reference
  (#set! kind name))

([
  (argument_list (identifier) @name)
  (literal_element (identifier) @name)
  (selector_expression operand: (identifier) @name)
  (short_var_declaration right: (expression_list (identifier) @name))
  (assignment_statement right: (expression_list (identifier) @name))
  (var_spec value: (expression_list (identifier) @name))
  (const_spec value: (expression_list (identifier) @name))
  (return_statement (expression_list (identifier) @name))
  (send_statement value: (identifier) @name)
  (binary_expression (identifier) @name)
  (unary_expression operand: (identifier) @name)
  (index_expression operand: (identifier) @name)
  (range_clause right: (identifier) @name)
] @tag.reference
  (#not-eq? @name "_")
  (#set! kind name))

; Types

((type_identifier) @name @tag.reference
  (#set! kind type))

; Calls

((call_expression
  function: [
    (identifier) @name
    (selector_expression field: (field_identifier) @name)
    (parenthesized_expression (identifier) @name)
    (index_expression operand: (identifier) @name)
    (index_expression operand: (selector_expression field: (field_identifier) @name))
  ]) @tag.reference
  (#set! kind call))

((type_conversion_expression
  type: [
    (generic_type type: (type_identifier) @name)
    (generic_type type: (qualified_type name: (type_identifier) @name))
  ]) @tag.reference
  (#set! kind call))

; Imports

((import_spec
  path: (interpreted_string_literal
    (interpreted_string_literal_content) @name)) @tag.reference
  (#set! kind import))

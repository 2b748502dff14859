; What C++ adds to C.

; Functions and methods

((function_definition
    declarator: [
      (function_declarator declarator: (field_identifier) @name)
      (pointer_declarator declarator: (function_declarator declarator: (field_identifier) @name))
      (reference_declarator (function_declarator declarator: (field_identifier) @name))
    ]) @tag.definition
  (#set! kind method))

((function_definition
    declarator: (reference_declarator (function_declarator declarator: (identifier) @name))
  ) @tag.definition
  (#set! kind function))

((function_definition
    declarator: [
      (function_declarator declarator: (qualified_identifier name: [
        (identifier) @name
        (qualified_identifier name: (identifier) @name)
      ]))
      (pointer_declarator
        declarator: (function_declarator declarator: (qualified_identifier name: [
          (identifier) @name
          (qualified_identifier name: (identifier) @name)
        ])))
      (reference_declarator
        (function_declarator declarator: (qualified_identifier name: [
          (identifier) @name
          (qualified_identifier name: (identifier) @name)
        ])))
    ]) @tag.definition
  (#set! kind method))

((field_declaration
    declarator: [
      (function_declarator declarator: (field_identifier) @name)
      (pointer_declarator declarator: (function_declarator declarator: (field_identifier) @name))
      (reference_declarator (function_declarator declarator: (field_identifier) @name))
    ]) @tag.definition
  (#set! kind method))

((declaration_list (declaration
    declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
      (reference_declarator (function_declarator declarator: (identifier) @name))
    ]) @tag.definition)
  (#set! kind function))

((template_declaration (declaration
    declarator: (function_declarator declarator: (identifier) @name)) @tag.definition)
  (#set! kind function))

; Variables

((declaration_list (declaration
    declarator: [
      (identifier) @name
      (array_declarator declarator: (identifier) @name)
      (init_declarator declarator: (identifier) @name)
      (init_declarator declarator: (array_declarator declarator: (identifier) @name))
    ]) @tag.definition)
  (#set! kind variable))

((field_declaration
    declarator: [
      (field_identifier) @name
      (pointer_declarator declarator: (field_identifier) @name)
      (array_declarator declarator: (field_identifier) @name)
      (reference_declarator (field_identifier) @name)
    ]) @tag.definition
  (#set! kind variable))

; Types and namespaces

((class_specifier name: (type_identifier) @name body: (_)) @tag.definition
  (#set! kind class))

((alias_declaration name: (type_identifier) @name) @tag.definition
  (#set! kind type))

((concept_definition name: (identifier) @name) @tag.definition
  (#set! kind type))

((namespace_definition name: (namespace_identifier) @name) @tag.definition
  (#set! kind module))

; References

((call_expression
    function: [
      (qualified_identifier name: [
        (identifier) @name
        (template_function name: (identifier) @name)
        (qualified_identifier name: [
          (identifier) @name
          (template_function name: (identifier) @name)
        ])
      ])
      (template_function name: (identifier) @name)
      (field_expression field: [
        (template_method name: (field_identifier) @name)
        (dependent_name (template_method name: (field_identifier) @name))
      ])
    ]) @tag.reference
  (#not-match? @name "^(static|dynamic|const|reinterpret)_cast$")
  (#set! kind call))

([
  (qualified_identifier name: (type_identifier) @name)
  (template_type name: (type_identifier) @name)
  (base_class_clause (type_identifier) @name)
  (optional_parameter_declaration type: (type_identifier) @name)
  (for_range_loop type: (type_identifier) @name)
  (new_expression type: (type_identifier) @name)
  (compound_literal_expression type: (type_identifier) @name)
] @tag.reference
  (#set! kind type))

((class_specifier name: (type_identifier) @name !body) @tag.reference
  (#set! kind type))

((using_declaration
    (qualified_identifier name: [
      (identifier) @name
      (qualified_identifier name: (identifier) @name)
    ])) @tag.reference
  (#not-match? @tag.reference "^using\\s+namespace\\b")
  (#set! kind import))

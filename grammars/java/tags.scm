; Definitions and references that other files may see.

((class_declaration name: (identifier) @name) @tag.definition
  (#set! kind class))

((interface_declaration name: (identifier) @name) @tag.definition
  (#set! kind type))

((enum_declaration name: (identifier) @name) @tag.definition
  (#set! kind class))

((record_declaration name: (identifier) @name) @tag.definition
  (#set! kind class))

((annotation_type_declaration name: (identifier) @name) @tag.definition
  (#set! kind type))

; Members of named types: nobody outside sees those of a class without a name.

([
  (class_declaration body: (class_body
    (method_declaration name: (identifier) @name) @tag.definition))
  (record_declaration body: (class_body
    (method_declaration name: (identifier) @name) @tag.definition))
  (interface_body (method_declaration name: (identifier) @name) @tag.definition)
  (enum_body_declarations (method_declaration name: (identifier) @name) @tag.definition)
  (annotation_type_element_declaration name: (identifier) @name) @tag.definition
]
  (#set! kind method))

([
  (class_declaration body: (class_body
    (field_declaration
      declarator: (variable_declarator name: (identifier) @name) @tag.definition)))
  (record_declaration body: (class_body
    (field_declaration
      declarator: (variable_declarator name: (identifier) @name) @tag.definition)))
  (enum_body_declarations
    (field_declaration
      declarator: (variable_declarator name: (identifier) @name) @tag.definition))
]
  (#set! kind variable))

((constant_declaration
    declarator: (variable_declarator name: (identifier) @name) @tag.definition)
  (#set! kind constant))

((enum_constant name: (identifier) @name) @tag.definition
  (#set! kind constant))

((record_declaration
    parameters: (formal_parameters
      (formal_parameter name: (identifier) @name) @tag.definition))
  (#set! kind variable))

((method_invocation name: (identifier) @name) @tag.reference
  (#set! kind call))

((method_reference (_) (identifier) @name .) @tag.reference
  (#set! kind call))

((object_creation_expression
    type: [
      (type_identifier) @name
      (generic_type . (type_identifier) @name)
      (scoped_type_identifier (type_identifier) @name .)
      (generic_type . (scoped_type_identifier (type_identifier) @name .))
    ]) @tag.reference
  (#set! kind call))

((import_declaration
    (scoped_identifier name: (identifier) @name) .) @tag.reference
  (#set! kind import))

([
  (marker_annotation name: (identifier) @name)
  (annotation name: (identifier) @name)
] @tag.reference
  (#set! kind type))

((type_identifier) @name @tag.reference
  (#not-eq? @name "var")
  (#set! kind type))

((field_access field: (identifier) @name) @tag.reference
  (#set! kind name))

; What JavaScript does not have, or has in another form.

; What a file or a module declares. Ambient declarations and modules hold what files hold as well.

([
  (ambient_declaration (_ name: (identifier) @name parameters: (_)) @tag.definition)
  (module (statement_block (_ name: (identifier) @name parameters: (_)) @tag.definition))
]
  (#set! kind function))

([
  (ambient_declaration (_ name: (type_identifier) @name body: (class_body)) @tag.definition)
  (module (statement_block (_ name: (type_identifier) @name body: (class_body)) @tag.definition))
]
  (#set! kind class))

([
  (ambient_declaration (_ (variable_declarator name: (identifier) @name) @tag.definition))
  (module (statement_block (_ (variable_declarator name: (identifier) @name) @tag.definition)))
]
  (#set! kind variable))

([
  (ambient_declaration (lexical_declaration kind: "const"
      (variable_declarator name: (identifier) @name) @tag.definition))
  (module (statement_block (lexical_declaration kind: "const"
      (variable_declarator name: (identifier) @name) @tag.definition)))
]
  (#set! kind constant))

([
  (ambient_declaration (_
      (variable_declarator name: (identifier) @name value: (_ body: (_))) @tag.definition))
  (module (statement_block (_
      (variable_declarator name: (identifier) @name value: (_ body: (_))) @tag.definition)))
]
  (#set! kind function))

([
  (ambient_declaration (_
      (variable_declarator name: (identifier) @name value: (class)) @tag.definition))
  (module (statement_block (_
      (variable_declarator name: (identifier) @name value: (class)) @tag.definition)))
]
  (#set! kind class))

([
  (program (interface_declaration name: (_) @name) @tag.definition)
  (export_statement (interface_declaration name: (_) @name) @tag.definition)
  (ambient_declaration (interface_declaration name: (_) @name) @tag.definition)
  (module (statement_block (interface_declaration name: (_) @name) @tag.definition))
]
  (#set! kind type))

([
  (program (enum_declaration name: (_) @name) @tag.definition)
  (export_statement (enum_declaration name: (_) @name) @tag.definition)
  (ambient_declaration (enum_declaration name: (_) @name) @tag.definition)
  (module (statement_block (enum_declaration name: (_) @name) @tag.definition))
]
  (#set! kind type))

([
  (program (type_alias_declaration name: (_) @name) @tag.definition)
  (export_statement (type_alias_declaration name: (_) @name) @tag.definition)
  (ambient_declaration (type_alias_declaration name: (_) @name) @tag.definition)
  (module (statement_block (type_alias_declaration name: (_) @name) @tag.definition))
]
  (#set! kind type))

; Members of classes and types

((public_field_definition name: (property_identifier) @name) @tag.definition
  (#set! kind variable))

((public_field_definition name: (property_identifier) @name value: (_ body: (_))) @tag.definition
  (#set! kind method))

([
  (class_body [
    (abstract_method_signature name: (property_identifier) @name)
    (method_signature name: (property_identifier) @name)
  ] @tag.definition)
  (interface_body (method_signature name: (property_identifier) @name) @tag.definition)
  (type_alias_declaration
    value: (object_type (method_signature name: (property_identifier) @name) @tag.definition))
]
  (#set! kind method))

([
  (interface_body (property_signature name: (property_identifier) @name) @tag.definition)
  (type_alias_declaration
    value: (object_type (property_signature name: (property_identifier) @name) @tag.definition))
]
  (#set! kind variable))

; Enums and modules

((enum_body [
    (property_identifier) @name @tag.definition
    (enum_assignment name: (property_identifier) @name) @tag.definition
  ])
  (#set! kind constant))

([
  (internal_module name: (identifier) @name)
  (internal_module name: (nested_identifier property: (_) @name .))
  (module name: (identifier) @name)
] @tag.definition
  (#set! kind module))

; Types

((type_identifier) @name @tag.reference
  (#set! kind type))

((extends_clause value: [
    (identifier) @name @tag.reference
    (member_expression property: (property_identifier) @name @tag.reference)
  ])
  (#set! kind type))

((type_query [
    (identifier) @name @tag.reference
    (member_expression property: (property_identifier) @name @tag.reference)
  ])
  (#set! kind name))

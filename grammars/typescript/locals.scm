; What JavaScript does not have, or has in another form.

((abstract_class_declaration) @local.scope
  (#set! scope.kind class))

([
  (interface_declaration)
  (type_alias_declaration)
  (enum_declaration)
  (function_signature)
  (method_signature)
  (abstract_method_signature)
  (call_signature)
  (construct_signature)
  (function_type)
  (constructor_type)
  (index_signature)
] @local.scope
  (#set! scope.kind block))

([
  (internal_module)
  (module)
] @local.scope
  (#set! scope.kind module))

; `infer` looks for this one.
((conditional_type) @local.scope
  (#set! scope.kind function))

; References

((type_identifier) @local.reference
  (#set! space type))

; Names of other modules, and others found by the type of something

(nested_identifier property: (_) @local.member)

(nested_type_identifier name: (_) @local.member)

; The names in a tuple type document its elements.
(tuple_type [
  (required_parameter name: (identifier) @local.member)
  (required_parameter name: (rest_pattern (identifier) @local.member))
  (optional_parameter name: (identifier) @local.member)
])

(export_statement "namespace" (identifier) @local.member)

; Functions and classes

((function_signature name: (identifier) @local.definition)
  (#set! kind function)
  (#set! scope parent))

([
  (class_declaration name: (type_identifier) @local.definition)
  (abstract_class_declaration name: (type_identifier) @local.definition)
]
  (#set! kind class)
  (#set! scope parent)
  (#set! space both))

((class name: (type_identifier) @local.definition)
  (#set! kind class)
  (#set! space both))

; Types, enums and namespaces

([
  (interface_declaration name: (type_identifier) @local.definition)
  (type_alias_declaration name: (type_identifier) @local.definition)
]
  (#set! kind type)
  (#set! scope parent)
  (#set! space type))

((enum_declaration name: (identifier) @local.definition)
  (#set! kind type)
  (#set! scope parent)
  (#set! space both))

; The values of an enum see the members before them.
((enum_body [
    (property_identifier) @local.definition
    (enum_assignment name: (property_identifier) @local.definition)
  ])
  (#set! kind constant))

([
  (internal_module name: [
    (identifier) @local.definition
    (nested_identifier object: (identifier) @local.definition)
    (nested_identifier object: (_ . (identifier) @local.definition))
  ])
  (module name: [
    (identifier) @local.definition
    (nested_identifier object: (identifier) @local.definition)
    (nested_identifier object: (_ . (identifier) @local.definition))
  ])
]
  (#set! kind namespace)
  (#set! scope parent)
  (#set! space both))

((type_parameter name: (type_identifier) @local.definition)
  (#set! kind type)
  (#set! space type))

((mapped_type_clause name: (type_identifier) @local.definition)
  (#set! kind type)
  (#set! space type))

; `infer` binds in the conditional type around it, through the signatures in between.
((infer_type . (type_identifier) @local.definition)
  (#set! kind type)
  (#set! space type)
  (#set! scope function))

; Parameters

([
  (required_parameter pattern: [
    (identifier) @local.definition
    (rest_pattern (identifier) @local.definition)
    (_ [
      (identifier) @local.definition
      (shorthand_property_identifier_pattern) @local.definition
      (assignment_pattern left: (identifier) @local.definition)
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.definition)
      (pair_pattern value: (identifier) @local.definition)
      (pair_pattern value: (assignment_pattern left: (identifier) @local.definition))
      (rest_pattern (identifier) @local.definition)
    ])
  ])
  (optional_parameter pattern: [
    (identifier) @local.definition
    (_ [
      (identifier) @local.definition
      (shorthand_property_identifier_pattern) @local.definition
      (assignment_pattern left: (identifier) @local.definition)
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.definition)
      (pair_pattern value: (identifier) @local.definition)
      (pair_pattern value: (assignment_pattern left: (identifier) @local.definition))
      (rest_pattern (identifier) @local.definition)
    ])
  ])
]
  (#set! kind parameter))

((index_signature name: (identifier) @local.definition)
  (#set! kind parameter))

; Imports

((import_require_clause . (identifier) @local.definition)
  (#set! kind import)
  (#set! space both))

((import_alias . (identifier) @local.definition)
  (#set! kind import)
  (#set! space both))

; Scopes, definitions and references. Where patterns overlap the later one counts.
;
; A class and a method may have the name of a variable without meaning it: both are of the space
; `type`, as no use can mean either, and variables are of the space `value`.

; Scopes

([
  (class_declaration)
  (interface_declaration)
  (enum_declaration)
  (record_declaration)
  (annotation_type_declaration)
  (class_body)
  (enum_body)
] @local.scope
  (#set! scope.kind class))

([
  (method_declaration)
  (constructor_declaration)
  (compact_constructor_declaration)
  (lambda_expression)
  (static_initializer)
] @local.scope
  (#set! scope.kind function))

([
  (block)
  (constructor_body)
  (for_statement)
  (enhanced_for_statement)
  (try_with_resources_statement)
  (catch_clause)
  (switch_block)
] @local.scope
  (#set! scope.kind block))

; Annotations of a declaration do not see its parameters.
(method_declaration (modifiers) @local.outside)
(class_declaration (modifiers) @local.outside)
(interface_declaration (modifiers) @local.outside)
(record_declaration (modifiers) @local.outside)

; References: every identifier that is nothing else

(identifier) @local.reference

((type_identifier) @local.reference
  (#set! space type))

((method_invocation
    !object
    name: (identifier) @local.reference)
  (#set! space type))

([
  (marker_annotation name: (identifier) @local.reference)
  (annotation name: (identifier) @local.reference)
  (record_pattern . (identifier) @local.reference)
]
  (#set! space type))

; Members

(method_invocation
  object: (_)
  name: (identifier) @local.member)

(field_access field: (identifier) @local.member)

(method_reference
  (_)
  (identifier) @local.member .)

(element_value_pair key: (identifier) @local.member)

; The name of a constructor is that of its class.
((constructor_declaration name: (identifier) @local.reference)
  (#set! space type))

((compact_constructor_declaration name: (identifier) @local.reference)
  (#set! space type))

; A type in parts is found by its first, unless that is a package.
(scoped_type_identifier
  (_)
  (type_identifier) @local.member .)

((scoped_type_identifier . (type_identifier) @local.member)
  (#match? @local.member "^[a-z]"))

((type_identifier) @local.member
  (#eq? @local.member "var"))

(scoped_identifier (identifier) @local.member)

((annotation name: (scoped_identifier scope: (identifier) @local.reference))
  (#match? @local.reference "^[A-Z]")
  (#set! space type)
  (#set! only reference))

((marker_annotation name: (scoped_identifier scope: (identifier) @local.reference))
  (#match? @local.reference "^[A-Z]")
  (#set! space type)
  (#set! only reference))

(package_declaration (identifier) @local.member)

(import_declaration (identifier) @local.member)

(module_declaration name: (identifier) @local.member)

(requires_module_directive (identifier) @local.member)

(exports_module_directive (identifier) @local.member)

(opens_module_directive (identifier) @local.member)

; Imports bind the last of their parts, one of everything binds nothing we can see.

((import_declaration (scoped_identifier name: (identifier) @local.definition) .)
  (#set! kind import)
  (#set! space both))

; Types

([
  (class_declaration name: (identifier) @local.definition)
  (interface_declaration name: (identifier) @local.definition)
  (enum_declaration name: (identifier) @local.definition)
  (record_declaration name: (identifier) @local.definition)
  (annotation_type_declaration name: (identifier) @local.definition)
]
  (#set! kind class)
  (#set! space type)
  (#set! scope parent))

((type_parameter (type_identifier) @local.definition)
  (#set! kind type)
  (#set! space type))

; Members of the class around

((method_declaration name: (identifier) @local.definition)
  (#set! kind method)
  (#set! space type)
  (#set! scope parent))

((annotation_type_element_declaration name: (identifier) @local.definition)
  (#set! kind method)
  (#set! space type))

((field_declaration declarator: (variable_declarator name: (identifier) @local.definition))
  (#set! kind field))

((constant_declaration declarator: (variable_declarator name: (identifier) @local.definition))
  (#set! kind constant))

((enum_constant name: (identifier) @local.definition)
  (#set! kind constant))

; Parameters

((formal_parameter name: (identifier) @local.definition)
  (#set! kind parameter))

((spread_parameter (variable_declarator name: (identifier) @local.definition))
  (#set! kind parameter))

((lambda_expression parameters: (identifier) @local.definition)
  (#set! kind parameter))

((inferred_parameters (identifier) @local.definition)
  (#set! kind parameter))

; A component of a record is a field and a method that reads it.
((record_declaration
    parameters: (formal_parameters (formal_parameter name: (identifier) @local.definition)))
  (#set! kind field)
  (#set! space both))

((record_declaration
    parameters: (formal_parameters
      (spread_parameter (variable_declarator name: (identifier) @local.definition))))
  (#set! kind field)
  (#set! space both))

; Local variables are seen from their declaration on.

((local_variable_declaration
    declarator: (variable_declarator
      name: (identifier) @local.definition @local.after))
  (#set! kind variable))

((enhanced_for_statement
    name: (identifier) @local.definition
    value: (_) @local.after)
  (#set! kind variable))

((resource name: (identifier) @local.definition @local.after)
  (#set! kind variable))

((catch_formal_parameter name: (identifier) @local.definition)
  (#set! kind variable))

((instanceof_expression name: (identifier) @local.definition @local.after)
  (#set! kind variable))

([
  (type_pattern (_) (identifier) @local.definition @local.after .)
  (record_pattern_component (_) (identifier) @local.definition @local.after .)
]
  (#set! kind variable))

; Labels

((labeled_statement . (identifier) @local.definition)
  (#set! kind label)
  (#set! space label))

((break_statement (identifier) @local.reference)
  (#set! space label))

((continue_statement (identifier) @local.reference)
  (#set! space label))

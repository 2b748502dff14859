; What TypeScript does not have, or has in another form.

; Decorators of a method do not see its parameters.
(method_definition decorator: (_) @local.outside)

; Elements with a small first letter are the platform's own.

([
  (jsx_opening_element name: (identifier) @local.member)
  (jsx_closing_element name: (identifier) @local.member)
  (jsx_self_closing_element name: (identifier) @local.member)
]
  (#match? @local.member "^[a-z]"))

(jsx_namespace_name (identifier) @local.member)

; Classes

((class_declaration name: (identifier) @local.definition)
  (#set! kind class)
  (#set! scope parent))

((class name: (identifier) @local.definition)
  (#set! kind class))

; Variables

((using_declaration (variable_declarator name: (identifier) @local.definition))
  (#set! kind constant))

; Parameters

((formal_parameters [
    (identifier) @local.definition
    (assignment_pattern left: (identifier) @local.definition)
    (rest_pattern (identifier) @local.definition)
    (array_pattern [
      (identifier) @local.definition
      (assignment_pattern left: (identifier) @local.definition)
      (rest_pattern (identifier) @local.definition)
    ])
    (object_pattern [
      (shorthand_property_identifier_pattern) @local.definition
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.definition)
      (pair_pattern value: (identifier) @local.definition)
      (pair_pattern value: (assignment_pattern left: (identifier) @local.definition))
      (rest_pattern (identifier) @local.definition)
    ])
    (assignment_pattern left: (_ [
      (identifier) @local.definition
      (shorthand_property_identifier_pattern) @local.definition
      (assignment_pattern left: (identifier) @local.definition)
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.definition)
      (pair_pattern value: (identifier) @local.definition)
      (pair_pattern value: (assignment_pattern left: (identifier) @local.definition))
      (rest_pattern (identifier) @local.definition)
    ]))
  ])
  (#set! kind parameter))

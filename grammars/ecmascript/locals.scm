; Scopes, definitions and references of JavaScript and TypeScript alike. Where patterns overlap the
; later one counts.

; A body is a scope inside that of the parameters, as their defaults do not see into it.
([
  (function_declaration)
  (generator_function_declaration)
  (function_expression)
  (generator_function)
  (arrow_function)
  (method_definition)
  (class_static_block)
] @local.scope
  (#set! scope.kind function))

([
  (class_declaration)
  (class)
] @local.scope
  (#set! scope.kind class))

([
  (statement_block)
  (for_statement)
  (for_in_statement)
  (catch_clause)
  (switch_body)
] @local.scope
  (#set! scope.kind block))

; Computed names of a method do not see its parameters.
(method_definition name: (computed_property_name) @local.outside)

; References: every identifier that is nothing else

[
  (identifier)
  (shorthand_property_identifier)
  (shorthand_property_identifier_pattern)
] @local.reference

(member_expression property: (_) @local.member)

; Names of other modules

(import_specifier
  name: (identifier) @local.member
  alias: (_))

(export_specifier alias: (identifier) @local.member)

(export_statement
  (export_clause (export_specifier name: (identifier) @local.member))
  source: (_))

(namespace_export (identifier) @local.member)

; Functions

([
  (function_declaration name: (identifier) @local.definition)
  (generator_function_declaration name: (identifier) @local.definition)
]
  (#set! kind function)
  (#set! scope parent))

; The name of an expression is seen inside of it alone.
([
  (function_expression name: (identifier) @local.definition)
  (generator_function name: (identifier) @local.definition)
]
  (#set! kind function))

; Variables. What destructuring binds is a variable of the scope it stands in, unless a pattern
; below knows better.

((array_pattern [
    (identifier) @local.definition
    (assignment_pattern left: (identifier) @local.definition)
    (rest_pattern (identifier) @local.definition)
  ])
  (#set! kind variable))

((object_pattern [
    (shorthand_property_identifier_pattern) @local.definition
    (object_assignment_pattern
      left: (shorthand_property_identifier_pattern) @local.definition)
    (pair_pattern value: (identifier) @local.definition)
    (pair_pattern value: (assignment_pattern left: (identifier) @local.definition))
    (rest_pattern (identifier) @local.definition)
  ])
  (#set! kind variable))

((lexical_declaration (variable_declarator name: (identifier) @local.definition))
  (#set! kind variable))

((lexical_declaration
    kind: "const"
    (variable_declarator name: (identifier) @local.definition))
  (#set! kind constant))

((lexical_declaration
    (variable_declarator
      name: (identifier) @local.definition
      value: [(arrow_function) (function_expression) (generator_function)]))
  (#set! kind function))

((lexical_declaration
    (variable_declarator
      name: (identifier) @local.definition
      value: (class)))
  (#set! kind class))

((for_in_statement
    kind: ["const" "let"]
    left: (identifier) @local.definition)
  (#set! kind variable))

((catch_clause parameter: (identifier) @local.definition)
  (#set! kind variable))

; `var` belongs to the function, whichever block it stands in.

((variable_declaration (variable_declarator name: (identifier) @local.definition))
  (#set! kind variable)
  (#set! scope function))

((variable_declaration
    (variable_declarator
      name: (identifier) @local.definition
      value: [(arrow_function) (function_expression) (generator_function)]))
  (#set! kind function)
  (#set! scope function))

((variable_declaration
    (variable_declarator
      name: (identifier) @local.definition
      value: (class)))
  (#set! kind class)
  (#set! scope function))

((variable_declaration
    (variable_declarator name: (_ [
      (identifier) @local.definition
      (shorthand_property_identifier_pattern) @local.definition
      (assignment_pattern left: (identifier) @local.definition)
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.definition)
      (pair_pattern value: (identifier) @local.definition)
      (pair_pattern value: (assignment_pattern left: (identifier) @local.definition))
      (rest_pattern (identifier) @local.definition)
    ])))
  (#set! kind variable)
  (#set! scope function))

((for_in_statement
    kind: "var"
    left: (identifier) @local.definition)
  (#set! kind variable)
  (#set! scope function))

((for_in_statement
    kind: "var"
    left: (_ [
      (identifier) @local.definition
      (shorthand_property_identifier_pattern) @local.definition
      (assignment_pattern left: (identifier) @local.definition)
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.definition)
      (pair_pattern value: (identifier) @local.definition)
      (pair_pattern value: (assignment_pattern left: (identifier) @local.definition))
      (rest_pattern (identifier) @local.definition)
    ]))
  (#set! kind variable)
  (#set! scope function))

; Assignments take apart in the same way, and bind nothing.

((assignment_expression
    left: (_ [
      (identifier) @local.reference
      (shorthand_property_identifier_pattern) @local.reference
      (assignment_pattern left: (identifier) @local.reference)
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.reference)
      (pair_pattern value: (identifier) @local.reference)
      (pair_pattern value: (assignment_pattern left: (identifier) @local.reference))
      (rest_pattern (identifier) @local.reference)
      (_ [
        (identifier) @local.reference
        (shorthand_property_identifier_pattern) @local.reference
        (assignment_pattern left: (identifier) @local.reference)
        (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.reference)
        (pair_pattern value: (identifier) @local.reference)
        (pair_pattern value: (assignment_pattern left: (identifier) @local.reference))
        (rest_pattern (identifier) @local.reference)
      ])
      (pair_pattern value: (_ [
        (identifier) @local.reference
        (shorthand_property_identifier_pattern) @local.reference
        (assignment_pattern left: (identifier) @local.reference)
        (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.reference)
        (pair_pattern value: (identifier) @local.reference)
        (pair_pattern value: (assignment_pattern left: (identifier) @local.reference))
        (rest_pattern (identifier) @local.reference)
      ]))
    ]))
  (#set! only reference))

((for_in_statement
    !kind
    left: (_ [
      (identifier) @local.reference
      (shorthand_property_identifier_pattern) @local.reference
      (assignment_pattern left: (identifier) @local.reference)
      (object_assignment_pattern left: (shorthand_property_identifier_pattern) @local.reference)
      (pair_pattern value: (identifier) @local.reference)
      (pair_pattern value: (assignment_pattern left: (identifier) @local.reference))
      (rest_pattern (identifier) @local.reference)
    ]))
  (#set! only reference))

; Parameters

((arrow_function parameter: (identifier) @local.definition)
  (#set! kind parameter))

; Imports

((import_clause (identifier) @local.definition)
  (#set! kind import)
  (#set! space both))

((namespace_import (identifier) @local.definition)
  (#set! kind import)
  (#set! space both))

((import_specifier
    name: (identifier) @local.definition
    !alias)
  (#set! kind import)
  (#set! space both))

((import_specifier alias: (identifier) @local.definition)
  (#set! kind import)
  (#set! space both))

; Labels

((labeled_statement label: (statement_identifier) @local.definition)
  (#set! kind label)
  (#set! space label))

((break_statement label: (statement_identifier) @local.reference)
  (#set! space label))

((continue_statement label: (statement_identifier) @local.reference)
  (#set! space label))

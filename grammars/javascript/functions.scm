; Functions: what is defined, and where its parts stand.

[
  (function_declaration
    name: (_) @name
    parameters: (_) @parameters
    body: (_) @body)
  (generator_function_declaration
    name: (_) @name
    parameters: (_) @parameters
    body: (_) @body)
  (method_definition
    name: (_) @name
    parameters: (_) @parameters
    body: (_) @body)
] @definition.function

; A function without a name of its own has the name of what it is bound to. A declaration of
; several variables is no definition: what belongs to which of them cannot be told apart.

(lexical_declaration
  .
  (variable_declarator
    name: (identifier) @name
    value: (_
      [parameters: (_) parameter: (_)] @parameters
      body: (_) @body))
  .) @definition.function

(variable_declaration
  .
  (variable_declarator
    name: (identifier) @name
    value: (_
      [parameters: (_) parameter: (_)] @parameters
      body: (_) @body))
  .) @definition.function

(field_definition
  property: (_) @name
  value: (_
    [parameters: (_) parameter: (_)] @parameters
    body: (_) @body)) @definition.function

(pair
  key: (_) @name
  value: (_
    [parameters: (_) parameter: (_)] @parameters
    body: (_) @body)) @definition.function

(assignment_expression
  left: [
    (identifier) @name
    (member_expression property: (_) @name)
  ]
  right: (_
    [parameters: (_) parameter: (_)] @parameters
    body: (_) @body)) @definition.function

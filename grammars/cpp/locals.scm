; What C++ adds to C. Where patterns overlap the later one counts.

; Scopes

((field_declaration_list) @local.scope
  (#set! scope.kind class))

((lambda_expression) @local.scope
  (#set! scope.kind function))

([
  (namespace_definition name: (_) body: (declaration_list) @local.scope)
  (template_declaration) @local.scope
  (requires_expression) @local.scope
  (if_statement) @local.scope
  (while_statement) @local.scope
  (switch_statement) @local.scope
  (for_range_loop) @local.scope
  (catch_clause) @local.scope
  (enum_specifier "class" body: (enumerator_list) @local.scope)
  (enum_specifier "struct" body: (enumerator_list) @local.scope)
]
  (#set! scope.kind block))

; Parameters of what is declared alone
([
  (declaration declarator: (reference_declarator
    (function_declarator parameters: (parameter_list) @local.scope)))
  (field_declaration declarator: (function_declarator parameters: (parameter_list) @local.scope))
  (field_declaration declarator: (pointer_declarator
    declarator: (function_declarator parameters: (parameter_list) @local.scope)))
  (field_declaration declarator: (reference_declarator
    (function_declarator parameters: (parameter_list) @local.scope)))
]
  (#set! scope.kind block))

; References

((namespace_identifier) @local.reference
  (#set! space type))

; A name in parts is found by its first; one that begins with `::` has none.

(qualified_identifier
  scope: (_)
  name: [
    (identifier) @local.member
    (type_identifier) @local.member
    (template_type name: (type_identifier) @local.member)
    (template_function name: (identifier) @local.member)
    (destructor_name (identifier) @local.member)
    (qualified_identifier scope: [
      (namespace_identifier) @local.member
      (template_type name: (type_identifier) @local.member)
    ])
    (dependent_name [
      (template_type name: (type_identifier) @local.member)
      (template_function name: (identifier) @local.member)
    ])
  ])

((template_function name: (identifier) @local.member)
  (#any-of? @local.member "static_cast" "dynamic_cast" "const_cast" "reinterpret_cast"))

; Members of a class, seen in the bodies of its methods

([
  (field_declaration declarator: (field_identifier) @local.definition)
  (pointer_declarator declarator: (field_identifier) @local.definition)
  (array_declarator declarator: (field_identifier) @local.definition)
  (reference_declarator (field_identifier) @local.definition)
  (parenthesized_declarator (field_identifier) @local.definition)
]
  (#set! kind field))

; Those of a union or struct without a name belong to the class around.
((field_declaration
    type: (_
      !name
      body: (field_declaration_list
        (field_declaration declarator: [
          (field_identifier) @local.definition
          (pointer_declarator declarator: (field_identifier) @local.definition)
          (array_declarator declarator: (field_identifier) @local.definition)
        ])))
    !declarator)
  (#set! kind field)
  (#set! scope parent))

((function_declarator declarator: (field_identifier) @local.definition)
  (#set! kind method))

((function_definition
    declarator: [
      (function_declarator declarator: (field_identifier) @local.definition)
      (pointer_declarator
        declarator: (function_declarator declarator: (field_identifier) @local.definition))
      (pointer_declarator
        declarator: (pointer_declarator
          declarator: (function_declarator declarator: (field_identifier) @local.definition)))
      (reference_declarator
        (function_declarator declarator: (field_identifier) @local.definition))
    ])
  (#set! kind method)
  (#set! scope parent))

; Of two members with one name a constructor initialises the one of its own class.
((field_initializer [
    (field_identifier) @local.reference
    (template_method name: (field_identifier) @local.reference)
  ])
  (#set! only reference))

((declaration declarator: (function_declarator
    declarator: (qualified_identifier name: (identifier) @local.member))))

; Variables

([
  (reference_declarator (identifier) @local.definition @local.after)
  (structured_binding_declarator (identifier) @local.definition) @local.after
]
  (#set! kind variable))

([
  (for_range_loop
    declarator: [
      (identifier) @local.definition
      (pointer_declarator declarator: (identifier) @local.definition)
      (reference_declarator (identifier) @local.definition)
      (structured_binding_declarator (identifier) @local.definition)
      (reference_declarator (structured_binding_declarator (identifier) @local.definition))
    ]
    right: (_) @local.after)
]
  (#set! kind variable))

; In a function this is a variable with its arguments far more often than a prototype.
((compound_statement
    (declaration declarator: (function_declarator
      declarator: (identifier) @local.definition @local.after)))
  (#set! kind variable))

; Parameters

((parameter_declaration
    declarator: [
      (reference_declarator (identifier) @local.definition)
      (pointer_declarator declarator: (reference_declarator (identifier) @local.definition))
      (reference_declarator (parenthesized_declarator
        (reference_declarator (identifier) @local.definition)))
      (array_declarator declarator: (parenthesized_declarator
        (reference_declarator (identifier) @local.definition)))
      (function_declarator declarator: (parenthesized_declarator
        (reference_declarator (identifier) @local.definition)))
    ])
  (#set! kind parameter))

((optional_parameter_declaration
    declarator: [
      (identifier) @local.definition
      (pointer_declarator declarator: (identifier) @local.definition)
      (reference_declarator (identifier) @local.definition)
    ])
  (#set! kind parameter))

((variadic_parameter_declaration
    declarator: [
      (variadic_declarator (identifier) @local.definition)
      (reference_declarator (variadic_declarator (identifier) @local.definition))
    ])
  (#set! kind parameter))

; A lambda names what it takes along: as it is, or by a value of the function around.

((lambda_capture_initializer left: (identifier) @local.definition)
  (#set! kind variable))

(lambda_capture_initializer right: (_) @local.outside)

; Parameters of templates

((template_parameter_list [
    (type_parameter_declaration (type_identifier) @local.definition)
    (optional_type_parameter_declaration name: (type_identifier) @local.definition)
    (variadic_type_parameter_declaration (type_identifier) @local.definition)
    (template_template_parameter_declaration
      (type_parameter_declaration (type_identifier) @local.definition))
    (template_template_parameter_declaration
      (optional_type_parameter_declaration name: (type_identifier) @local.definition))
  ])
  (#set! kind type)
  (#set! space type))

(template_template_parameter_declaration
  parameters: (template_parameter_list) @local.scope)

((template_parameter_list [
    (parameter_declaration declarator: (identifier) @local.definition)
    (optional_parameter_declaration declarator: (identifier) @local.definition)
    (variadic_parameter_declaration
      declarator: (variadic_declarator (identifier) @local.definition))
  ])
  (#set! kind constant))

; Functions

((declaration declarator: (reference_declarator
    (function_declarator declarator: (identifier) @local.definition)))
  (#set! kind function)
  (#set! space type))

((function_definition
    declarator: [
      (reference_declarator (function_declarator declarator: (identifier) @local.definition))
      (pointer_declarator
        declarator: (reference_declarator
          (function_declarator declarator: (identifier) @local.definition)))
    ])
  (#set! kind function)
  (#set! scope parent))

; The name of a constructor is that of its class.

((function_definition
    !type
    declarator: (function_declarator declarator: (identifier) @local.reference))
  (#set! space type)
  (#set! only reference))

((field_declaration_list
    (declaration
      !type
      declarator: (function_declarator declarator: (identifier) @local.reference)))
  (#set! space type)
  (#set! only reference))

((field_declaration_list
    (template_declaration
      (declaration
        !type
        declarator: (function_declarator declarator: (identifier) @local.reference))))
  (#set! space type)
  (#set! only reference))

; What a template defines belongs outside of the scope of its parameters.

((template_declaration
    (function_definition
      type: (_)
      declarator: [
        (function_declarator declarator: (identifier) @local.definition @local.outside)
        (pointer_declarator declarator: (function_declarator
          declarator: (identifier) @local.definition @local.outside))
        (reference_declarator (function_declarator
          declarator: (identifier) @local.definition @local.outside))
      ]))
  (#set! kind function)
  (#set! scope parent))

((field_declaration_list
    (template_declaration
      (function_definition
        type: (_)
        declarator: [
          (function_declarator
            declarator: [(identifier) (field_identifier)] @local.definition @local.outside)
          (pointer_declarator declarator: (function_declarator
            declarator: [(identifier) (field_identifier)] @local.definition @local.outside))
          (reference_declarator (function_declarator
            declarator: [(identifier) (field_identifier)] @local.definition @local.outside))
        ])))
  (#set! kind method)
  (#set! scope parent))

((template_declaration
    (declaration
      type: (_)
      declarator: [
        (function_declarator declarator: (identifier) @local.definition)
        (pointer_declarator declarator: (function_declarator
          declarator: (identifier) @local.definition))
        (reference_declarator (function_declarator declarator: (identifier) @local.definition))
      ]))
  (#set! kind function)
  (#set! space type)
  (#set! scope parent))

((template_declaration
    (declaration
      declarator: [
        (identifier) @local.definition @local.after
        (init_declarator declarator: (identifier) @local.definition @local.after)
      ]))
  (#set! kind variable)
  (#set! scope parent))

; Types

([
  (translation_unit (class_specifier name: (type_identifier) @local.definition !body))
  (declaration_list (class_specifier name: (type_identifier) @local.definition !body))
  (declaration_list (struct_specifier name: (type_identifier) @local.definition !body))
]
  (#set! kind class)
  (#set! space type))

([
  (template_declaration (class_specifier name: (type_identifier) @local.definition !body))
  (template_declaration (struct_specifier name: (type_identifier) @local.definition !body))
]
  (#set! kind class)
  (#set! space type)
  (#set! scope parent))

((class_specifier name: (type_identifier) @local.definition @local.after body: (_))
  (#set! kind class)
  (#set! space type))

([
  (template_declaration
    (class_specifier name: (type_identifier) @local.definition @local.after body: (_)))
  (template_declaration
    (struct_specifier name: (type_identifier) @local.definition @local.after body: (_)))
]
  (#set! kind class)
  (#set! space type)
  (#set! scope parent))

; A class is a scope, and what stands in it is seen all over it.

((field_declaration
    type: [
      (class_specifier name: (type_identifier) @local.definition body: (_))
      (struct_specifier name: (type_identifier) @local.definition body: (_))
      (union_specifier name: (type_identifier) @local.definition body: (_))
      (enum_specifier name: (type_identifier) @local.definition body: (_))
    ])
  (#set! kind class)
  (#set! space type))

((field_declaration
    type: (enum_specifier
      body: (enumerator_list (enumerator name: (identifier) @local.definition))))
  (#set! kind constant))

((field_declaration_list
    (type_definition declarator: (type_identifier) @local.definition))
  (#set! kind type))

((alias_declaration name: (type_identifier) @local.definition @local.after)
  (#set! kind type)
  (#set! space type))

((field_declaration_list
    (alias_declaration name: (type_identifier) @local.definition))
  (#set! kind type)
  (#set! space type))

((template_declaration
    (alias_declaration name: (type_identifier) @local.definition @local.after))
  (#set! kind type)
  (#set! space type)
  (#set! scope parent))

((concept_definition name: (identifier) @local.definition @local.after)
  (#set! kind type)
  (#set! space both)
  (#set! scope parent))

; Namespaces

([
  (namespace_definition name: (namespace_identifier) @local.definition)
  (namespace_definition
    name: (nested_namespace_specifier . (namespace_identifier) @local.definition))
  (namespace_alias_definition name: (namespace_identifier) @local.definition)
]
  (#set! kind namespace)
  (#set! space type))

(nested_namespace_specifier
  (namespace_identifier)
  (namespace_identifier) @local.member)

(nested_namespace_specifier
  (nested_namespace_specifier (namespace_identifier) @local.member))

((using_declaration
    (qualified_identifier name: [
      (identifier) @local.definition @local.after
      (qualified_identifier name: (identifier) @local.definition @local.after)
    ])) @_using
  (#not-match? @_using "^using\\s+namespace\\b")
  (#set! kind import)
  (#set! space both))

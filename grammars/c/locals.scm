; Scopes, definitions and references. Where patterns overlap the later one counts.
;
; Tags of structs, unions and enums are of the space `type`; all other names are values, those of
; types too. A prototype is of the space `type` as well, so that a use means it only where the file
; has no definition.

; Scopes

((function_definition) @local.scope
  (#set! scope.kind function))

([
  (compound_statement)
  (for_statement)
  (field_declaration_list)
  (preproc_function_def)
] @local.scope
  (#set! scope.kind block))

; Parameters of what is declared alone, of pointers to functions and of types of functions
([
  (declaration declarator: (function_declarator parameters: (parameter_list) @local.scope))
  (declaration declarator: (pointer_declarator
    declarator: (function_declarator parameters: (parameter_list) @local.scope)))
  (declaration declarator: (pointer_declarator
    declarator: (pointer_declarator
      declarator: (function_declarator parameters: (parameter_list) @local.scope))))
  (type_definition declarator: (function_declarator parameters: (parameter_list) @local.scope))
  (type_definition declarator: (pointer_declarator
    declarator: (function_declarator parameters: (parameter_list) @local.scope)))
  (function_declarator
    declarator: (parenthesized_declarator)
    parameters: (parameter_list) @local.scope)
  (parameter_declaration
    declarator: (function_declarator parameters: (parameter_list) @local.scope))
  (type_descriptor
    declarator: (abstract_function_declarator parameters: (parameter_list) @local.scope))
  (parameter_declaration
    declarator: (abstract_function_declarator parameters: (parameter_list) @local.scope))
]
  (#set! scope.kind block))

; References: every identifier that is nothing else

(identifier) @local.reference

(type_identifier) @local.reference

([
  (struct_specifier name: (type_identifier) @local.reference)
  (union_specifier name: (type_identifier) @local.reference)
  (enum_specifier name: (type_identifier) @local.reference)
]
  (#set! space type))

; Members, and names of the compiler's own

(field_identifier) @local.member

(attribute_specifier (argument_list (identifier) @local.member))

(attribute_specifier
  (argument_list
    (call_expression
      function: (identifier) @local.member
      arguments: (argument_list . (identifier)? @local.member))))

(attribute_specifier (argument_list (call_expression function: (identifier) @local.member)))

(attribute name: (identifier) @local.member)

(attribute prefix: (identifier) @local.member)

(gnu_asm_output_operand symbol: (identifier) @local.member)

(gnu_asm_input_operand symbol: (identifier) @local.member)

((generic_expression (type_descriptor type: (type_identifier) @local.member))
  (#eq? @local.member "default"))

; Variables, seen from their declarator on; of a declarator in parts, from its own part on.

([
  (declaration declarator: (identifier) @local.definition @local.after)
  (init_declarator declarator: (identifier) @local.definition @local.after)
  (pointer_declarator declarator: (identifier) @local.definition @local.after)
  (array_declarator declarator: (identifier) @local.definition) @local.after
  (parenthesized_declarator (identifier) @local.definition @local.after)
  (attributed_declarator . (identifier) @local.definition @local.after)
]
  (#set! kind variable))

; Parameters

((parameter_declaration
    declarator: [
      (identifier) @local.definition
      (pointer_declarator declarator: (identifier) @local.definition)
      (pointer_declarator
        declarator: (pointer_declarator declarator: (identifier) @local.definition))
      (pointer_declarator
        declarator: (pointer_declarator
          declarator: (pointer_declarator declarator: (identifier) @local.definition)))
      (pointer_declarator
        declarator: (array_declarator declarator: (identifier) @local.definition))
      (array_declarator declarator: (identifier) @local.definition)
      (array_declarator declarator: (array_declarator declarator: (identifier) @local.definition))
      (array_declarator
        declarator: (parenthesized_declarator
          (pointer_declarator declarator: (identifier) @local.definition)))
      (function_declarator declarator: (identifier) @local.definition)
      (function_declarator
        declarator: (parenthesized_declarator
          (pointer_declarator declarator: (identifier) @local.definition)))
      (pointer_declarator
        declarator: (function_declarator
          declarator: (parenthesized_declarator
            (pointer_declarator declarator: (identifier) @local.definition))))
      (attributed_declarator . (identifier) @local.definition)
    ])
  (#set! kind parameter))

; The grammar does not read a macro in front of a name, as in `int *RESTRICT name`.

((parameter_list (ERROR (identifier) @local.definition))
  (#set! kind parameter))

((init_declarator (ERROR (identifier) @local.definition @local.after))
  (#set! kind variable))

; Parameters in the manner of Kernighan and Ritchie: their types follow.
((function_declarator parameters: (_ (identifier) @local.definition))
  (#set! kind parameter))

((function_definition
    (declaration
      declarator: [
        (identifier) @local.reference
        (pointer_declarator declarator: (identifier) @local.reference)
        (array_declarator declarator: (identifier) @local.reference)
      ]))
  (#set! only reference))

; Functions: those declared alone first, then those with a body.

([
  (declaration declarator: (function_declarator declarator: (identifier) @local.definition))
  (declaration declarator: (function_declarator
    declarator: (parenthesized_declarator (identifier) @local.definition)))
  (declaration declarator: (pointer_declarator
    declarator: (function_declarator declarator: (identifier) @local.definition)))
  (declaration declarator: (pointer_declarator
    declarator: (pointer_declarator
      declarator: (function_declarator declarator: (identifier) @local.definition))))
  (declaration declarator: (function_declarator
    declarator: (parenthesized_declarator
      (pointer_declarator
        declarator: (function_declarator declarator: (identifier) @local.definition)))))
]
  (#set! kind function)
  (#set! space type))

((function_definition
    declarator: [
      (function_declarator declarator: (identifier) @local.definition)
      (function_declarator
        declarator: (parenthesized_declarator (identifier) @local.definition))
      (function_declarator
        declarator: (parenthesized_declarator
          (pointer_declarator
            declarator: (function_declarator declarator: (identifier) @local.definition))))
      (pointer_declarator
        declarator: (function_declarator declarator: (identifier) @local.definition))
      (pointer_declarator
        declarator: (pointer_declarator
          declarator: (function_declarator declarator: (identifier) @local.definition)))
      (pointer_declarator
        declarator: (pointer_declarator
          declarator: (pointer_declarator
            declarator: (function_declarator declarator: (identifier) @local.definition))))
    ])
  (#set! kind function)
  (#set! scope parent))

; Types. One named before its members are known is seen where these are not.

([
  (type_definition declarator: (type_identifier) @local.definition @local.after)
  (pointer_declarator declarator: (type_identifier) @local.definition @local.after)
  (array_declarator declarator: (type_identifier) @local.definition @local.after)
  (parenthesized_declarator (type_identifier) @local.definition @local.after)
  (function_declarator declarator: (type_identifier) @local.definition @local.after)
]
  (#set! kind type))

([
  (translation_unit (struct_specifier name: (type_identifier) @local.definition !body))
  (translation_unit (union_specifier name: (type_identifier) @local.definition !body))
]
  (#set! kind class)
  (#set! space type))

([
  (struct_specifier name: (type_identifier) @local.definition @local.after body: (_))
  (union_specifier name: (type_identifier) @local.definition @local.after body: (_))
  (enum_specifier name: (type_identifier) @local.definition @local.after body: (_))
]
  (#set! kind class)
  (#set! space type))

((enumerator name: (identifier) @local.definition @local.after)
  (#set! kind constant))

; A struct is no scope to the types and constants in it.

((field_declaration
    type: [
      (struct_specifier name: (type_identifier) @local.definition @local.after body: (_))
      (union_specifier name: (type_identifier) @local.definition @local.after body: (_))
      (enum_specifier name: (type_identifier) @local.definition @local.after body: (_))
    ])
  (#set! kind class)
  (#set! space type)
  (#set! scope function))

((field_declaration
    type: (enum_specifier
      body: (enumerator_list (enumerator name: (identifier) @local.definition @local.after))))
  (#set! kind constant)
  (#set! scope function))

; Macros know no scopes.

((preproc_def name: (identifier) @local.definition) @local.after
  (#set! kind macro)
  (#set! space both)
  (#set! scope file))

((preproc_function_def name: (identifier) @local.definition) @local.after
  (#set! kind macro)
  (#set! space both)
  (#set! scope file))

((preproc_params (identifier) @local.definition)
  (#set! kind parameter))

; Labels

((labeled_statement label: (statement_identifier) @local.definition)
  (#set! kind label)
  (#set! space label)
  (#set! scope function))

((goto_statement label: (statement_identifier) @local.reference)
  (#set! space label))

((gnu_asm_goto_list (identifier) @local.reference)
  (#set! space label))

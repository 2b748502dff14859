; Definitions and references that other files may see.

((function_definition
    type: (_)
    declarator: [
      (function_declarator declarator: (identifier) @name)
      (function_declarator declarator: (parenthesized_declarator (identifier) @name))
      (function_declarator
        declarator: (parenthesized_declarator
          (pointer_declarator
            declarator: (function_declarator declarator: (identifier) @name))))
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
      (pointer_declarator
        declarator: (pointer_declarator
          declarator: (function_declarator declarator: (identifier) @name)))
    ]) @tag.definition
  (#set! kind function))

([
  (translation_unit (declaration
    declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    ]) @tag.definition)
  (preproc_ifdef (declaration
    declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    ]) @tag.definition)
  (preproc_if (declaration
    declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    ]) @tag.definition)
]
  (#set! kind function))

([
  (translation_unit (declaration
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (array_declarator declarator: (identifier) @name)
      (init_declarator declarator: [
        (identifier) @name
        (pointer_declarator declarator: (identifier) @name)
        (array_declarator declarator: (identifier) @name)
      ])
    ]) @tag.definition)
  (preproc_ifdef (declaration
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (array_declarator declarator: (identifier) @name)
      (init_declarator declarator: [
        (identifier) @name
        (pointer_declarator declarator: (identifier) @name)
        (array_declarator declarator: (identifier) @name)
      ])
    ]) @tag.definition)
]
  (#set! kind variable))

([
  (struct_specifier name: (type_identifier) @name body: (_))
  (union_specifier name: (type_identifier) @name body: (_))
  (enum_specifier name: (type_identifier) @name body: (_))
] @tag.definition
  (#set! kind class))

((type_definition
    declarator: [
      (type_identifier) @name
      (pointer_declarator declarator: (type_identifier) @name)
      (array_declarator declarator: (type_identifier) @name)
      (function_declarator declarator: (type_identifier) @name)
      (function_declarator
        declarator: (parenthesized_declarator
          (pointer_declarator declarator: (type_identifier) @name)))
    ]) @tag.definition
  (#set! kind type))

((enumerator name: (identifier) @name) @tag.definition
  (#set! kind constant))

((preproc_def name: (identifier) @name) @tag.definition
  (#set! kind macro))

((preproc_function_def name: (identifier) @name) @tag.definition
  (#set! kind macro))

((call_expression function: (identifier) @name) @tag.reference
  (#set! kind call))

((call_expression function: (field_expression field: (field_identifier) @name)) @tag.reference
  (#set! kind call))

([
  (parameter_declaration type: (type_identifier) @name)
  (declaration type: (type_identifier) @name)
  (field_declaration type: (type_identifier) @name)
  (function_definition type: (type_identifier) @name)
  (type_descriptor type: (type_identifier) @name)
  (type_definition type: (type_identifier) @name)
] @tag.reference
  (#set! kind type))

([
  (struct_specifier name: (type_identifier) @name !body)
  (union_specifier name: (type_identifier) @name !body)
  (enum_specifier name: (type_identifier) @name !body)
] @tag.reference
  (#set! kind type))

; Functions handed over by name

((argument_list (identifier) @name @tag.reference)
  (#set! kind name))

((init_declarator value: (identifier) @name @tag.reference)
  (#set! kind name))

((assignment_expression right: (identifier) @name @tag.reference)
  (#set! kind name))

((initializer_list (identifier) @name @tag.reference)
  (#set! kind name))

((initializer_pair value: (identifier) @name @tag.reference)
  (#set! kind name))

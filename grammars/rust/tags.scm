; Definitions and references that other files may see. Where patterns overlap the later one counts.

; Items of the file and of the modules in it.

([
  (source_file (function_item name: (_) @name) @tag.definition)
  (mod_item body: (_ (function_item name: (_) @name) @tag.definition))
  (foreign_mod_item body: (_ (function_signature_item name: (_) @name) @tag.definition))
]
  (#set! kind function))

([
  (source_file
    [
      (struct_item name: (_) @name)
      (enum_item name: (_) @name)
      (union_item name: (_) @name)
      (trait_item name: (_) @name)
    ] @tag.definition)
  (mod_item
    body: (_
      [
        (struct_item name: (_) @name)
        (enum_item name: (_) @name)
        (union_item name: (_) @name)
        (trait_item name: (_) @name)
      ] @tag.definition))
]
  (#set! kind class))

([
  (source_file (type_item name: (_) @name) @tag.definition)
  (mod_item body: (_ (type_item name: (_) @name) @tag.definition))
  (impl_item body: (_ (type_item name: (_) @name) @tag.definition))
  (trait_item body: (_ (associated_type name: (_) @name) @tag.definition))
]
  (#set! kind type))

([
  (source_file (const_item name: (_) @name) @tag.definition)
  (mod_item body: (_ (const_item name: (_) @name) @tag.definition))
  (impl_item body: (_ (const_item name: (_) @name) @tag.definition))
  (trait_item body: (_ (const_item name: (_) @name) @tag.definition))
]
  (#set! kind constant))

([
  (source_file (static_item name: (_) @name) @tag.definition)
  (mod_item body: (_ (static_item name: (_) @name) @tag.definition))
  (foreign_mod_item body: (_ (static_item name: (_) @name) @tag.definition))
]
  (#set! kind variable))

((mod_item name: (_) @name) @tag.definition
  (#set! kind module))

((macro_definition name: (_) @name) @tag.definition
  (#set! kind macro))

; Members

([
  (impl_item body: (_ (function_item name: (_) @name) @tag.definition))
  (trait_item body: (_ (function_item name: (_) @name) @tag.definition))
  (trait_item body: (_ (function_signature_item name: (_) @name) @tag.definition))
]
  (#set! kind method))

((enum_variant name: (_) @name) @tag.definition
  (#set! kind constant))

((field_declaration name: (_) @name) @tag.definition
  (#set! kind variable))

; Uses: members, and what is handed over as a value or stands among the tokens of a macro.

([
  (field_expression field: (field_identifier) @name)
  (field_initializer field: (field_identifier) @name)
  (field_pattern name: (field_identifier) @name)
  (scoped_identifier name: (identifier) @name)
  (arguments (identifier) @name)
  (field_initializer value: (identifier) @name)
  (array_expression (identifier) @name)
  (tuple_expression (identifier) @name)
  (binary_expression (identifier) @name)
  (reference_expression value: (identifier) @name)
  (index_expression (identifier) @name)
  (assignment_expression right: (identifier) @name)
  (let_declaration value: (identifier) @name)
  (return_expression (identifier) @name)
  (const_item value: (identifier) @name)
  (static_item value: (identifier) @name)
  (match_arm value: (identifier) @name)
  (token_tree (identifier) @name)
] @tag.reference
  (#not-eq? @name "Self")
  (#set! kind name))

; What a path begins with is a module or a type.

((scoped_identifier path: (identifier) @name) @tag.reference
  (#not-eq? @name "Self")
  (#set! kind name))

((scoped_type_identifier path: (identifier) @name) @tag.reference
  (#not-eq? @name "Self")
  (#set! kind name))

; Patterns name constants and variants.

([
  (match_pattern (identifier) @name)
  (tuple_struct_pattern type: (identifier) @name)
  (range_pattern (identifier) @name)
] @tag.reference
  (#match? @name "^[A-Z]")
  (#set! kind name))

; Types

((type_identifier) @name @tag.reference
  (#not-match? @name "^(Self|_)$")
  (#set! kind type))

; Calls

((call_expression
  function: [
    (identifier) @name
    (scoped_identifier name: (identifier) @name)
    (field_expression field: (field_identifier) @name)
    (generic_function function: (identifier) @name)
    (generic_function function: (scoped_identifier name: (identifier) @name))
    (generic_function function: (field_expression field: (field_identifier) @name))
  ]) @tag.reference
  (#set! kind call))

([
  (macro_invocation macro: (identifier) @name)
  (macro_invocation macro: (scoped_identifier name: (identifier) @name))
] @tag.reference
  (#set! kind call))

((token_tree (identifier) @name @tag.reference . (token_tree . "("))
  (#set! kind call))

((token_tree (identifier) @name @tag.reference . "!")
  (#set! kind call))

; Imports

([
  (use_declaration argument: (identifier) @name)
  (use_declaration argument: (scoped_identifier name: (identifier) @name))
  (use_as_clause path: (identifier) @name)
  (use_as_clause path: (scoped_identifier name: (identifier) @name))
  (use_list (identifier) @name)
  (use_list (scoped_identifier name: (identifier) @name))
  (extern_crate_declaration name: (identifier) @name)
] @tag.reference
  (#set! kind import))

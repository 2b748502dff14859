; Scopes, definitions and references. Types and modules have a space of their own, as have macros
; and labels; lifetimes are left out.

; Scopes. A module sees what stands around it here as `use super::*` would show it. The items of an
; impl or a trait are reached through its type alone.

([
  (function_item)
  (function_signature_item)
  (function_type)
  (closure_expression)
] @local.scope
  (#set! scope.kind function))

[
  (struct_item)
  (enum_item)
  (union_item)
  (type_item)
  (impl_item)
  (trait_item)
  (block)
  (match_arm)
  (if_expression)
  (while_expression)
  (for_expression)
  (loop_expression)
  (macro_rule)
  (token_tree)
] @local.scope

((mod_item body: (_) @local.scope)
  (#set! scope.kind module))

((impl_item body: (_) @local.scope)
  (#set! scope.kind class)
  (#set! scope.inner hidden))

((trait_item body: (_) @local.scope)
  (#set! scope.kind class)
  (#set! scope.inner hidden))

((enum_item body: (_) @local.scope)
  (#set! scope.kind class)
  (#set! scope.inner hidden))

; What an `if let` binds is not seen in its `else`, nor a loop's variable in what is looped over.

(if_expression alternative: (else_clause) @local.outside)

(for_expression value: (_) @local.outside)

; Every identifier uses a name, unless a pattern below says otherwise.

(identifier) @local.reference

(self) @local.reference

((type_identifier) @local.reference
  (#not-eq? @local.reference "_")
  (#set! space type))

(field_identifier) @local.member

((identifier) @local.member
  (#eq? @local.member "Self"))

((type_identifier) @local.member
  (#eq? @local.member "Self"))

(lifetime (identifier) @local.member)

; Paths: the first element is a module or a type, and what follows is found in it.

([
  (scoped_identifier path: (identifier) @local.reference)
  (scoped_type_identifier path: (identifier) @local.reference)
  (scoped_use_list path: (identifier) @local.reference)
  (use_wildcard (identifier) @local.reference)
  (use_as_clause path: (identifier) @local.reference)
]
  (#set! space type))

(scoped_identifier path: (self) @local.member)

(scoped_use_list path: (self) @local.member)

(scoped_identifier name: (_) @local.member)

(scoped_type_identifier name: (_) @local.member)

(scoped_use_list (use_list (use_as_clause path: (identifier) @local.member)))

(scoped_use_list (use_list (use_wildcard (identifier) @local.member)))

(scoped_use_list (use_list (scoped_identifier path: (identifier) @local.member)))

(scoped_use_list (use_list (scoped_use_list path: (identifier) @local.member)))

(scoped_use_list
  (use_list (_ path: (scoped_identifier path: (identifier) @local.member))))

(scoped_use_list
  (use_list (_ path:
    (scoped_identifier path: (scoped_identifier path: (identifier) @local.member)))))

(use_list (self) @local.member)

(visibility_modifier (self) @local.member)

(type_binding name: (_) @local.member)

; Imports may be anything.

((use_declaration
  argument: [
    (identifier) @local.definition
    (scoped_identifier name: (identifier) @local.definition)
  ])
  (#set! kind import)
  (#set! space any))

((use_as_clause alias: (identifier) @local.definition)
  (#set! kind import)
  (#set! space any))

((use_list
  [
    (identifier) @local.definition
    (scoped_identifier name: (identifier) @local.definition)
  ])
  (#set! kind import)
  (#set! space any))

((scoped_use_list
  path: [
    (identifier) @local.definition
    (scoped_identifier name: (identifier) @local.definition)
  ]
  list: (use_list (self)))
  (#set! kind import)
  (#set! space any))

((extern_crate_declaration
  name: (identifier) @local.definition
  !alias)
  (#set! kind import)
  (#set! space any))

(extern_crate_declaration
  name: (identifier) @local.member
  alias: (identifier))

((extern_crate_declaration alias: (identifier) @local.definition)
  (#set! kind import)
  (#set! space any))

; Items

((function_item name: (identifier) @local.definition)
  (#set! kind function)
  (#set! scope parent))

((function_signature_item name: (identifier) @local.definition)
  (#set! kind function)
  (#set! scope parent))

((impl_item
  body: (_
    [
      (function_item name: (identifier) @local.definition)
      (function_signature_item name: (identifier) @local.definition)
    ]))
  (#set! kind method)
  (#set! scope parent))

((trait_item
  body: (_
    [
      (function_item name: (identifier) @local.definition)
      (function_signature_item name: (identifier) @local.definition)
    ]))
  (#set! kind method)
  (#set! scope parent))

((struct_item name: (_) @local.definition)
  (#set! kind class)
  (#set! scope parent)
  (#set! space both))

([
  (enum_item name: (_) @local.definition)
  (union_item name: (_) @local.definition)
  (trait_item name: (_) @local.definition)
]
  (#set! kind class)
  (#set! scope parent)
  (#set! space type))

((type_item name: (_) @local.definition)
  (#set! kind type)
  (#set! scope parent)
  (#set! space type))

; In `type Item = Item` of an impl, the second one is another type.

((impl_item body: (_ (type_item name: (_) @local.definition) @local.after))
  (#set! kind type)
  (#set! scope parent)
  (#set! space type))

((associated_type name: (_) @local.definition) @local.after
  (#set! kind type)
  (#set! space type))

((enum_variant name: (identifier) @local.definition)
  (#set! kind constant))

; As the argument of a type, a constant looks like a type.

((const_item name: (identifier) @local.definition)
  (#set! kind constant)
  (#set! space both))

((static_item name: (identifier) @local.definition)
  (#set! kind variable))

((mod_item name: (identifier) @local.definition)
  (#set! kind namespace)
  (#set! space type))

((macro_definition name: (identifier) @local.definition)
  (#set! kind macro)
  (#set! space macro))

((type_parameter name: (type_identifier) @local.definition)
  (#set! kind type)
  (#set! space type))

((const_parameter name: (identifier) @local.definition)
  (#set! kind constant)
  (#set! space both))

; Patterns bind what begins with a small letter; what begins with a capital is a constant, a variant
; or a type that is there already.

((match_pattern . (identifier) @local.definition)
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((for_expression pattern: (identifier) @local.definition)
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

(([
  (tuple_pattern (identifier) @local.definition)
  (tuple_struct_pattern type: (_) (identifier) @local.definition)
  (slice_pattern (identifier) @local.definition)
  (ref_pattern (identifier) @local.definition)
  (mut_pattern (identifier) @local.definition)
  (reference_pattern (identifier) @local.definition)
  (captured_pattern . (identifier) @local.definition)
  (or_pattern (identifier) @local.definition)
  (field_pattern pattern: (identifier) @local.definition)
  (field_pattern name: (shorthand_field_identifier) @local.definition)
])
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

; Parameters

((self_parameter (self) @local.definition)
  (#set! kind parameter))

((parameter pattern: (self) @local.definition)
  (#set! kind parameter))

((parameter pattern: (identifier) @local.definition)
  (#set! kind parameter))

((closure_parameters (identifier) @local.definition)
  (#set! kind parameter))

((parameter
  pattern: [
    (_ [(identifier) (shorthand_field_identifier)] @local.definition)
    (_ (_ [(identifier) (shorthand_field_identifier)] @local.definition))
  ])
  (#set! kind parameter)
  (#not-match? @local.definition "^_*[A-Z]"))

((closure_parameters
  [
    (tuple_pattern [(identifier) (shorthand_field_identifier)] @local.definition)
    (tuple_struct_pattern type: (_) (identifier) @local.definition)
    (struct_pattern (field_pattern [(identifier) (shorthand_field_identifier)] @local.definition))
    (reference_pattern [(identifier) (shorthand_field_identifier)] @local.definition)
    (reference_pattern (_ [(identifier) (shorthand_field_identifier)] @local.definition))
    (mut_pattern (identifier) @local.definition)
    (tuple_pattern (reference_pattern (identifier) @local.definition))
  ])
  (#set! kind parameter)
  (#not-match? @local.definition "^_*[A-Z]"))

; A `let` is seen from its end on, and so is the condition of an `if let` or `while let`. The deeper
; a name stands in the pattern, the longer the way to the `let`.

((let_declaration
  pattern: (identifier) @local.definition) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_declaration
  pattern: (_ [(identifier) (shorthand_field_identifier)] @local.definition)) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_declaration
  pattern: (_ (_ [(identifier) (shorthand_field_identifier)] @local.definition))) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_declaration
  pattern: (_ (_ (_ [(identifier) (shorthand_field_identifier)] @local.definition)))) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_declaration
  pattern:
    (_ (_ (_ (_ [(identifier) (shorthand_field_identifier)] @local.definition))))) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_declaration
  pattern:
    (_ (_ (_ (_ (_ [(identifier) (shorthand_field_identifier)] @local.definition)))))) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_condition
  pattern: (identifier) @local.definition) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_condition
  pattern: (_ [(identifier) (shorthand_field_identifier)] @local.definition)) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_condition
  pattern: (_ (_ [(identifier) (shorthand_field_identifier)] @local.definition))) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_condition
  pattern: (_ (_ (_ [(identifier) (shorthand_field_identifier)] @local.definition)))) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_condition
  pattern:
    (_ (_ (_ (_ [(identifier) (shorthand_field_identifier)] @local.definition))))) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((let_condition
  pattern:
    (_ (_ (_ (_ (_ [(identifier) (shorthand_field_identifier)] @local.definition)))))) @local.after
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

; In these places of a pattern there is never a binding.

([
  (match_pattern (scoped_identifier path: (identifier) @local.reference))
  (tuple_pattern (scoped_identifier path: (identifier) @local.reference))
  (tuple_struct_pattern (scoped_identifier path: (identifier) @local.reference))
  (slice_pattern (scoped_identifier path: (identifier) @local.reference))
  (reference_pattern (scoped_identifier path: (identifier) @local.reference))
  (captured_pattern (scoped_identifier path: (identifier) @local.reference))
  (or_pattern (scoped_identifier path: (identifier) @local.reference))
  (range_pattern (scoped_identifier path: (identifier) @local.reference))
  (field_pattern pattern: (scoped_identifier path: (identifier) @local.reference))
  (struct_pattern type: (scoped_type_identifier path: (identifier) @local.reference))
  (let_condition pattern: (scoped_identifier path: (identifier) @local.reference))
]
  (#not-eq? @local.reference "Self")
  (#set! only reference)
  (#set! space type))

([
  (match_pattern (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
  (tuple_pattern (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
  (tuple_struct_pattern
    (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
  (slice_pattern (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
  (reference_pattern
    (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
  (captured_pattern
    (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
  (or_pattern (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
  (range_pattern (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
  (field_pattern pattern:
    (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
  (struct_pattern
    type: (scoped_type_identifier
      path: (scoped_identifier path: (identifier) @local.reference)))
  (let_condition pattern:
    (scoped_identifier path: (scoped_identifier path: (identifier) @local.reference)))
]
  (#not-eq? @local.reference "Self")
  (#set! only reference)
  (#set! space type))

((range_pattern (identifier) @local.reference)
  (#set! only reference))

; Labels

([
  (loop_expression (label (identifier) @local.definition))
  (while_expression (label (identifier) @local.definition))
  (for_expression (label (identifier) @local.definition))
  (block (label (identifier) @local.definition))
]
  (#set! kind label)
  (#set! space label))

([
  (break_expression (label (identifier) @local.reference))
  (continue_expression (label (identifier) @local.reference))
]
  (#set! space label))

; Macros. What is handed to one is a row of tokens; what looks like Rust in it is taken for it.

([
  (macro_invocation macro: (identifier) @local.reference)
  (token_tree (identifier) @local.reference . "!")
]
  (#set! space macro))

((token_tree (identifier) @local.reference . "::")
  (#set! space type))

(token_tree ["." "::"] @_before . (identifier) @local.member)

(token_tree (identifier) @local.member . ":")

(token_tree "," @_before . (identifier) @local.member . "=")

; Words of the language that the grammar takes for identifiers here.

((token_tree (identifier) @local.member)
  (#any-of? @local.member "in" "move" "else" "dyn" "ref" "extern" "yield"))

; A token is captured where several may come: tree-sitter gives up after the first one otherwise.

((token_tree
  "let" @_before
  .
  (mutable_specifier)?
  .
  (identifier) @local.definition @local.after)
  (#set! kind variable)
  (#not-match? @local.definition "^_*[A-Z]"))

((token_tree
  "let" @_before
  .
  (identifier)?
  .
  (token_tree (identifier) @local.definition @local.after))
  (#set! kind variable)
  (#set! scope parent)
  (#not-match? @local.definition "^_*[A-Z]"))

((token_tree "for" @_before . (identifier) @local.definition @local.after)
  (#set! kind variable))

((token_tree
  "for" @_before
  .
  (token_tree (identifier) @local.definition @local.after))
  (#set! kind variable)
  (#set! scope parent)
  (#not-match? @local.definition "^_*[A-Z]"))

((token_tree
  ["(" "," "="] @_before
  .
  "|"
  .
  (identifier) @local.definition
  .
  ["|" "," ":"])
  (#set! kind parameter))

((token_tree
  ["(" "," "="] @_before
  .
  "|"
  .
  (identifier)
  .
  ","
  .
  (identifier) @local.definition
  .
  ["|" "," ":"])
  (#set! kind parameter))

((token_tree
  ["(" "," "="] @_before
  .
  "|"
  .
  "&"
  .
  (identifier) @local.definition
  .
  ["|" "," ":"])
  (#set! kind parameter))

((token_tree
  ["(" "," "="] @_before
  .
  "|"
  .
  "&"?
  .
  (token_tree (identifier) @local.definition)
  .
  ["|" "," ":"])
  (#set! kind parameter)
  (#set! scope parent))

((token_tree
  (identifier) @_before
  .
  "|"
  .
  (identifier) @local.definition
  .
  ["|" "," ":"])
  (#eq? @_before "move")
  (#set! kind parameter))

((token_tree "fn" @_before . (identifier) @local.definition)
  (#set! kind function))

; As in `lazy_static! { static ref NAME: Type = ...; }`, which binds beside the macro.

((token_tree
  ["static" "const"] @_before
  .
  (identifier) @local.definition
  .
  ":")
  (#set! kind constant)
  (#set! scope parent))

((token_tree
  "static" @_before
  .
  (identifier) @_ref
  .
  (identifier) @local.definition)
  (#eq? @_ref "ref")
  (#set! kind constant)
  (#set! scope parent))

; Attributes among the tokens.

(token_tree "#" @_before . (token_tree (identifier) @local.member))

(token_tree "#" @_before . (token_tree (token_tree (identifier) @local.member)))

(token_tree "#" @_before . (token_tree (token_tree (token_tree (identifier) @local.member))))

; Attributes are the business of the compiler and of macros, but for the traits they derive.

(attribute . (identifier) @local.member)

(attribute arguments: (token_tree (identifier) @local.member))

(attribute arguments: (token_tree (token_tree (identifier) @local.member)))

(attribute arguments: (token_tree (token_tree (token_tree (identifier) @local.member))))

((attribute
  (identifier) @_derive
  arguments: (token_tree (identifier) @local.reference))
  (#eq? @_derive "derive")
  (#set! only reference))

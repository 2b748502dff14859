; Functions and what holds them: where their parts stand, and what counts as a stub.

(function_item
  name: (_) @name
  parameters: (parameters) @parameters
  return_type: (_)? @result
  body: (block) @body) @definition.function

(struct_item
  name: (type_identifier) @name
  body: (_) @body) @definition.class

(enum_item
  name: (type_identifier) @name
  body: (_) @body) @definition.class

(union_item
  name: (type_identifier) @name
  body: (_) @body) @definition.class

(trait_item
  name: (type_identifier) @name
  body: (_) @body) @definition.class

(mod_item
  name: (identifier) @name
  body: (_) @body) @definition.class

; An impl has the name of its type, without path and arguments.

(impl_item
  type: [
    (type_identifier) @name
    (scoped_type_identifier name: (_) @name)
    (generic_type type: (type_identifier) @name)
    (generic_type type: (scoped_type_identifier name: (_) @name))
    (reference_type) @name
    (primitive_type) @name
    (tuple_type) @name
    (unit_type) @name
    (array_type) @name
    (pointer_type) @name
    (function_type) @name
    (dynamic_type) @name
  ]
  body: (_) @body) @definition.class

(block
  [
    (expression_statement (macro_invocation macro: (identifier) @_macro))
    (macro_invocation macro: (identifier) @_macro)
  ] @stub
  (#any-of? @_macro "todo" "unimplemented"))

(block
  [
    (expression_statement
      (macro_invocation
        macro: (identifier) @_macro
        (token_tree . (string_literal) @_message)))
    (macro_invocation
      macro: (identifier) @_macro
      (token_tree . (string_literal) @_message))
  ] @stub
  (#any-of? @_macro "panic" "bail")
  (#match? @_message
    "(?i)(not (yet )?(been )?implemented|unimplemented|\\bimplement (me|this)\\b|to be implemented|^.\\s*(todo|fixme)\\s*[:!.(\"`])"))

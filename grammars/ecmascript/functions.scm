; Classes and stubs of JavaScript and TypeScript alike. Functions stand in the files of each, as
; only one of them writes types of results.

(class_declaration
  name: (_) @name
  body: (_) @body) @definition.class

; A class without a name of its own has the name of what it is bound to. A declaration of several
; variables is no definition: what belongs to which of them cannot be told apart.

(lexical_declaration
  .
  (variable_declarator
    name: (identifier) @name
    value: (class body: (_) @body))
  .) @definition.class

(variable_declaration
  .
  (variable_declarator
    name: (identifier) @name
    value: (class body: (_) @body))
  .) @definition.class

(assignment_expression
  left: [
    (identifier) @name
    (member_expression property: (_) @name)
  ]
  right: (class body: (_) @body)) @definition.class

; What counts as a stub.

(statement_block
  (throw_statement
    [
      (new_expression arguments: (arguments . (_) @_message))
      (call_expression arguments: (arguments . (_) @_message))
      (string) @_message
      (template_string) @_message
    ]) @stub
  (#match? @_message "(?i)^[\"'`]\\s*((todo|fixme)\\b|.*\\b(not|to be) (yet |been )*implemented)"))

(statement_block
  (throw_statement
    [
      (new_expression arguments: (arguments . (_) @_message))
      (call_expression arguments: (arguments . (_) @_message))
      (string) @_message
      (template_string) @_message
    ]) @stub
  (#match? @_message "(?i)^[\"'`].*\\b(unimplemented|implement (me|this))\\b"))

(statement_block
  (throw_statement
    [
      (new_expression constructor: (identifier) @_error)
      (call_expression function: (identifier) @_error)
    ]) @stub
  (#match? @_error "^(NotImplemented|NotYetImplemented|Unimplemented)(Error|Exception)?$"))

; A value that says nothing stands in for a body where a comment beside it asks for one.

(statement_block
  (comment) @_wish
  .
  (return_statement (_) @_nothing) @stub
  (#match? @_wish "(?i)^(//|/\\*+)\\s*(todo|fixme|xxx|implement)\\b")
  (#match? @_nothing "^(null|undefined|false|0|-1|''|\"\"|\\[\\]|\\{\\})$"))

(statement_block
  (return_statement (_) @_nothing) @stub
  .
  (comment) @_wish
  (#match? @_wish "(?i)^(//|/\\*+)\\s*(todo|fixme|xxx|implement)\\b")
  (#match? @_nothing "^(null|undefined|false|0|-1|''|\"\"|\\[\\]|\\{\\})$"))

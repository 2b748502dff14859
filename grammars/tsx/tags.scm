; What TypeScript does not have.

((jsx_expression (identifier) @name @tag.reference)
  (#set! kind name))

; A component is called by its element.
(([
    (jsx_opening_element name: (identifier) @name @tag.reference)
    (jsx_self_closing_element name: (identifier) @name @tag.reference)
    (jsx_opening_element name: (member_expression property: (_) @name @tag.reference))
    (jsx_self_closing_element name: (member_expression property: (_) @name @tag.reference))
  ])
  (#set! kind call)
  (#not-match? @name "^[a-z]"))

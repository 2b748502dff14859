; What TypeScript does not have, or has in another form.

; Fields of classes

((field_definition property: (property_identifier) @name) @tag.definition
  (#set! kind variable))

((field_definition property: (property_identifier) @name value: (_ body: (_))) @tag.definition
  (#set! kind method))

; Types

((class_heritage [
    (identifier) @name @tag.reference
    (member_expression property: (property_identifier) @name @tag.reference)
  ])
  (#set! kind type))

; JSX

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

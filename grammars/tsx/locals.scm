; What TypeScript does not have.

; Elements with a small first letter are the platform's own.

([
  (jsx_opening_element name: (identifier) @local.member)
  (jsx_closing_element name: (identifier) @local.member)
  (jsx_self_closing_element name: (identifier) @local.member)
]
  (#match? @local.member "^[a-z]"))

(jsx_namespace_name (identifier) @local.member)

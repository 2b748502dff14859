; Names taken over from other namespaces; the headers are those of C.

(using_declaration
  "namespace"
  .
  (_) @import.module) @import

((using_declaration
  (qualified_identifier
    scope: (_) @import.module
    name: (_) @import.name)) @import
  (#not-match? @import "^using\\s+namespace\\b"))

(namespace_alias_definition
  name: (_) @import.alias
  (_) @import.module) @import

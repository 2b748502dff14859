; What JavaScript does not have.

(import_statement
  (import_require_clause
    (identifier) @import.alias
    source: (string (string_fragment) @import.module))) @import

(import_alias
  .
  (identifier) @import.alias
  .
  (_) @import.module) @import

; Imports and the names they bind: an alias, "." for all names of a package, or the package's own.

(import_declaration
  (import_spec
    name: (_)? @import.alias
    path: (interpreted_string_literal (interpreted_string_literal_content) @import.module))) @import

(import_declaration
  (import_spec_list
    (import_spec
      name: (_)? @import.alias
      path: (interpreted_string_literal
        (interpreted_string_literal_content) @import.module)))) @import

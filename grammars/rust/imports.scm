; Imports and the names they bind. Lists inside of lists are followed twice.

(use_declaration argument: (identifier) @import.module) @import

(use_declaration
  argument: (scoped_identifier
    path: (_)? @import.module
    name: (identifier) @import.name)) @import

(use_declaration
  argument: (use_as_clause
    path: [
      (identifier) @import.module
      (scoped_identifier
        path: (_)? @import.module
        name: (identifier) @import.name)
    ]
    alias: (identifier) @import.alias)) @import

(use_declaration
  argument: (use_wildcard
    (_) @import.module
    "*" @import.name)) @import

(use_declaration
  argument: (scoped_use_list
    path: (_) @import.module
    list: (use_list
      [
        (identifier) @import.name
        (self) @import.name
        (scoped_identifier) @import.name
        (use_wildcard) @import.name
        (use_as_clause
          path: (_) @import.name
          alias: (identifier) @import.alias)
      ]))) @import

(use_declaration
  argument: (scoped_use_list
    list: (use_list
      (scoped_use_list
        path: (_) @import.module
        list: (use_list
          [
            (identifier) @import.name
            (self) @import.name
            (scoped_identifier) @import.name
            (use_wildcard) @import.name
            (use_as_clause
              path: (_) @import.name
              alias: (identifier) @import.alias)
          ]))))) @import

(extern_crate_declaration
  name: (identifier) @import.module
  alias: (identifier)? @import.alias) @import

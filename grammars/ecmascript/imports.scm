; Imports of JavaScript and TypeScript alike, and the names they bind. A default import and a
; namespace bind an alias of the module.

(import_statement
  .
  source: (string (string_fragment) @import.module)) @import

(import_statement
  (import_clause [
    (identifier) @import.alias
    (namespace_import (identifier) @import.alias)
    (named_imports (import_specifier name: (_) @import.name !alias))
    (named_imports (import_specifier name: _ @import.name alias: (_) @import.alias))
  ])
  source: (string (string_fragment) @import.module)) @import

; CommonJS, and modules loaded on the way.

(lexical_declaration
  (variable_declarator
    name: [
      (identifier) @import.alias
      (object_pattern (shorthand_property_identifier_pattern) @import.name)
      (object_pattern (pair_pattern key: (_) @import.name value: (identifier) @import.alias))
    ]
    value: [
      (call_expression
        function: [(identifier) (import)] @_load
        arguments: (arguments . (string (string_fragment) @import.module)))
      (await_expression
        (call_expression
          function: (import) @_load
          arguments: (arguments . (string (string_fragment) @import.module))))
    ])
  (#any-of? @_load "require" "import")) @import

(variable_declaration
  (variable_declarator
    name: [
      (identifier) @import.alias
      (object_pattern (shorthand_property_identifier_pattern) @import.name)
      (object_pattern (pair_pattern key: (_) @import.name value: (identifier) @import.alias))
    ]
    value: (call_expression
      function: (identifier) @_load
      arguments: (arguments . (string (string_fragment) @import.module))))
  (#eq? @_load "require")) @import

; Definitions and references that other files may see, of JavaScript and TypeScript alike. Where
; patterns overlap the later one counts.

; What a file declares.

([
  (program (_ name: (identifier) @name parameters: (_)) @tag.definition)
  (export_statement (_ name: (identifier) @name parameters: (_)) @tag.definition)
]
  (#set! kind function))

([
  (program (_ name: (_) @name body: (class_body)) @tag.definition)
  (export_statement (_ name: (_) @name body: (class_body)) @tag.definition)
]
  (#set! kind class))

([
  (program (_ (variable_declarator name: (identifier) @name) @tag.definition))
  (export_statement (_ (variable_declarator name: (identifier) @name) @tag.definition))
]
  (#set! kind variable))

([
  (program (lexical_declaration kind: "const"
      (variable_declarator name: (identifier) @name) @tag.definition))
  (export_statement (lexical_declaration kind: "const"
      (variable_declarator name: (identifier) @name) @tag.definition))
]
  (#set! kind constant))

([
  (program (_
      (variable_declarator name: (identifier) @name value: (_ body: (_))) @tag.definition))
  (export_statement (_
      (variable_declarator name: (identifier) @name value: (_ body: (_))) @tag.definition))
]
  (#set! kind function))

([
  (program (_
      (variable_declarator name: (identifier) @name value: (class)) @tag.definition))
  (export_statement (_
      (variable_declarator name: (identifier) @name value: (class)) @tag.definition))
]
  (#set! kind class))

((export_statement
    declaration: (_ (variable_declarator name: [
      (object_pattern (shorthand_property_identifier_pattern) @name)
      (object_pattern (pair_pattern value: (identifier) @name))
      (array_pattern (identifier) @name)
    ]) @tag.definition))
  (#set! kind variable))

((export_specifier alias: (identifier) @name) @tag.definition
  (#set! kind variable)
  (#not-eq? @name "default"))

; CommonJS, and what is added to an object from outside.

((assignment_expression
    left: (member_expression
      object: [(identifier) (member_expression)] @_exports
      property: (property_identifier) @name)) @tag.definition
  (#set! kind variable)
  (#any-of? @_exports "exports" "module.exports"))

((assignment_expression
    left: (member_expression
      object: [(identifier) (member_expression)]
      property: (property_identifier) @name)
    right: (_ body: (_))) @tag.definition
  (#set! kind function)
  (#not-eq? @name "exports"))

((assignment_expression
    left: (member_expression
      object: (member_expression property: (property_identifier) @_prototype)
      property: (property_identifier) @name)
    right: (_ body: (_))) @tag.definition
  (#set! kind method)
  (#eq? @_prototype "prototype"))

; Members of classes and objects

((pair key: (property_identifier) @name value: (_ body: (_))) @tag.definition
  (#set! kind method))

((method_definition name: (property_identifier) @name) @tag.definition
  (#set! kind method)
  (#not-eq? @name "constructor"))

; Uses: members, and what is handed over as a value.

((member_expression property: (property_identifier) @name @tag.reference)
  (#set! kind name))

([
  (member_expression object: (identifier) @name @tag.reference)
  (arguments (identifier) @name @tag.reference)
  (array (identifier) @name @tag.reference)
  (pair value: (identifier) @name @tag.reference)
  (object (shorthand_property_identifier) @name @tag.reference)
  (variable_declarator value: (identifier) @name @tag.reference)
  (assignment_expression right: (identifier) @name @tag.reference)
  (return_statement (identifier) @name @tag.reference)
  (export_statement value: (identifier) @name @tag.reference)
]
  (#set! kind name))

; Calls

([
  (call_expression function: (identifier) @name @tag.reference)
  (call_expression
    function: (member_expression property: (property_identifier) @name @tag.reference))
  (new_expression constructor: (identifier) @name @tag.reference)
  (new_expression
    constructor: (member_expression property: (property_identifier) @name @tag.reference))
  (decorator (identifier) @name @tag.reference)
  (decorator (member_expression property: (property_identifier) @name @tag.reference))
]
  (#set! kind call)
  (#not-eq? @name "require"))

; Imports. The name of a default import is most often that of what it imports.

((import_clause (identifier) @name @tag.reference)
  (#set! kind import))

((import_specifier name: (identifier) @name @tag.reference)
  (#set! kind import))

((export_statement
    (export_clause (export_specifier name: (identifier) @name @tag.reference))
    source: (_))
  (#set! kind import))

((variable_declarator
    name: (object_pattern [
      (shorthand_property_identifier_pattern) @name @tag.reference
      (pair_pattern key: (property_identifier) @name @tag.reference)
    ])
    value: (call_expression function: (identifier) @_require))
  (#set! kind import)
  (#eq? @_require "require"))

; Definitions and references that other files may see.

; Functions: at the top level, also behind `if` and `try`, and in classes.

((module [
  (function_definition name: (identifier) @name) @tag.definition
  (decorated_definition (function_definition name: (identifier) @name) @tag.definition)
])
  (#set! kind function))

((module [
  (if_statement (block [
    (function_definition name: (identifier) @name) @tag.definition
    (decorated_definition (function_definition name: (identifier) @name) @tag.definition)
  ]))
  (try_statement (block [
    (function_definition name: (identifier) @name) @tag.definition
    (decorated_definition (function_definition name: (identifier) @name) @tag.definition)
  ]))
  (_ [
    (elif_clause (block [
      (function_definition name: (identifier) @name) @tag.definition
      (decorated_definition (function_definition name: (identifier) @name) @tag.definition)
    ]))
    (else_clause (block [
      (function_definition name: (identifier) @name) @tag.definition
      (decorated_definition (function_definition name: (identifier) @name) @tag.definition)
    ]))
    (except_clause (block [
      (function_definition name: (identifier) @name) @tag.definition
      (decorated_definition (function_definition name: (identifier) @name) @tag.definition)
    ]))
  ])
])
  (#set! kind function))

((class_definition body: (block [
  (function_definition name: (identifier) @name) @tag.definition
  (decorated_definition (function_definition name: (identifier) @name) @tag.definition)
]))
  (#set! kind method))

((class_definition body: (block (if_statement (block (function_definition name: (identifier) @name) @tag.definition))))
  (#set! kind method))

; Classes

((module [
  (class_definition name: (identifier) @name) @tag.definition
  (decorated_definition (class_definition name: (identifier) @name) @tag.definition)
])
  (#set! kind class))

((module [
  (if_statement (block [
    (class_definition name: (identifier) @name) @tag.definition
    (decorated_definition (class_definition name: (identifier) @name) @tag.definition)
  ]))
  (try_statement (block [
    (class_definition name: (identifier) @name) @tag.definition
    (decorated_definition (class_definition name: (identifier) @name) @tag.definition)
  ]))
  (_ [
    (elif_clause (block [
      (class_definition name: (identifier) @name) @tag.definition
      (decorated_definition (class_definition name: (identifier) @name) @tag.definition)
    ]))
    (else_clause (block [
      (class_definition name: (identifier) @name) @tag.definition
      (decorated_definition (class_definition name: (identifier) @name) @tag.definition)
    ]))
    (except_clause (block [
      (class_definition name: (identifier) @name) @tag.definition
      (decorated_definition (class_definition name: (identifier) @name) @tag.definition)
    ]))
  ])
])
  (#set! kind class))

((class_definition body: (block [
  (class_definition name: (identifier) @name) @tag.definition
  (decorated_definition (class_definition name: (identifier) @name) @tag.definition)
]))
  (#set! kind class))

; Variables of modules and fields of classes; in capitals, constants.

((module (expression_statement (assignment left: (identifier) @name) @tag.definition))
  (#set! kind variable))

((module [
  (if_statement (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
  (try_statement (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
  (_ [
    (elif_clause (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
    (else_clause (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
    (except_clause (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
  ])
])
  (#set! kind variable))

((class_definition body: (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
  (#set! kind variable))

((module (expression_statement (assignment left: (identifier) @name) @tag.definition))
  (#set! kind constant)
  (#match? @name "^_*[A-Z][A-Z0-9_]*$"))

((module [
  (if_statement (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
  (try_statement (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
  (_ [
    (elif_clause (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
    (else_clause (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
    (except_clause (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
  ])
])
  (#set! kind constant)
  (#match? @name "^_*[A-Z][A-Z0-9_]*$"))

((class_definition body: (block (expression_statement (assignment left: (identifier) @name) @tag.definition)))
  (#set! kind constant)
  (#match? @name "^_*[A-Z][A-Z0-9_]*$"))

((module (type_alias_statement left: (type [
  (identifier) @name
  (generic_type . (identifier) @name)
])) @tag.definition)
  (#set! kind type))

; Uses: attributes, decorators and what is handed over as a value.

((attribute attribute: (identifier) @name) @tag.reference
  (#set! kind name))

([
  (decorator (identifier) @name)
  (argument_list (identifier) @name)
  (keyword_argument value: (identifier) @name)
  (default_parameter value: (identifier) @name)
  (assignment right: (identifier) @name)
  (return_statement (identifier) @name)
  (raise_statement (identifier) @name)
] @tag.reference
  (#set! kind name))

((attribute object: (identifier) @name) @tag.reference
  (#set! kind name))

; Types: annotations, bases and what `except` catches.

((type [
  (identifier) @name
  (generic_type . (identifier) @name)
  (subscript value: (identifier) @name)
  (attribute attribute: (identifier) @name)
  (binary_operator (identifier) @name)
]) @tag.reference
  (#set! kind type))

((class_definition superclasses: (argument_list [
  (identifier) @name
  (attribute attribute: (identifier) @name)
])) @tag.reference
  (#set! kind type))

((except_clause value: [
  (identifier) @name
  (as_pattern . (identifier) @name)
]) @tag.reference
  (#set! kind type))

; Calls

((call function: [
  (identifier) @name
  (attribute attribute: (identifier) @name)
]) @tag.reference
  (#set! kind call))

; Imports

((import_statement name: [
  (dotted_name (identifier) @name .)
  (aliased_import name: (dotted_name (identifier) @name .))
]) @tag.reference
  (#set! kind import))

((import_from_statement name: [
  (dotted_name (identifier) @name)
  (aliased_import name: (dotted_name (identifier) @name))
]) @tag.reference
  (#set! kind import))

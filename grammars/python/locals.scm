; Scopes, definitions and references.

; Scopes. A class body is seen from itself alone; the methods in it look past it.

([
  (function_definition)
  (lambda)
] @local.scope
  (#set! scope.kind function))

((class_definition) @local.scope
  (#set! scope.kind class)
  (#set! scope.inner hidden))

([
  (list_comprehension)
  (set_comprehension)
  (dictionary_comprehension)
  (generator_expression)
] @local.scope
  (#set! scope.kind comprehension))

(type_alias_statement left: (type [(identifier) (generic_type)])) @local.scope

; Evaluated where the function or class is defined, or the comprehension begins.

(default_parameter value: (_) @local.outside)

(typed_default_parameter value: (_) @local.outside)

(typed_default_parameter type: (type) @local.outside)

(typed_parameter type: (type) @local.outside)

(function_definition return_type: (type) @local.outside)

(class_definition superclasses: (argument_list) @local.outside)

(list_comprehension
  body: (_) . [(comment) (line_continuation)]* . (for_in_clause right: (_) @local.outside))

(set_comprehension
  body: (_) . [(comment) (line_continuation)]* . (for_in_clause right: (_) @local.outside))

(dictionary_comprehension
  body: (_) . [(comment) (line_continuation)]* . (for_in_clause right: (_) @local.outside))

(generator_expression
  body: (_) . [(comment) (line_continuation)]* . (for_in_clause right: (_) @local.outside))

; Every identifier uses a name, unless a pattern below says otherwise.

(identifier) @local.reference

(attribute attribute: (identifier) @local.member)

(keyword_argument name: (identifier) @local.member)

(keyword_pattern . (identifier) @local.member)

(dotted_name (identifier) . (identifier) @local.member)

; Functions and classes

((function_definition name: (identifier) @local.definition)
  (#set! kind function)
  (#set! scope parent))

((class_definition name: (identifier) @local.definition)
  (#set! kind class)
  (#set! scope parent))

((class_definition
  body: (block (function_definition name: (identifier) @local.definition)))
  (#set! kind method)
  (#set! scope parent))

((class_definition
  body: (block (decorated_definition
    definition: (function_definition name: (identifier) @local.definition))))
  (#set! kind method)
  (#set! scope parent))

((global_statement (identifier) @local.outer)
  (#set! outer global))

((nonlocal_statement (identifier) @local.outer)
  (#set! outer nonlocal))

; Type parameters

((type_alias_statement
  left: (type [
    (identifier) @local.definition
    (generic_type . (identifier) @local.definition)
  ]))
  (#set! kind type)
  (#set! scope parent))

((type_alias_statement
  left: (type (generic_type (type_parameter (type [
    (identifier) @local.definition
    (splat_type (identifier) @local.definition)
    (constrained_type . (type (identifier) @local.definition))
  ])))))
  (#set! kind type))

((_
  type_parameters: (type_parameter (type [
    (identifier) @local.definition
    (splat_type (identifier) @local.definition)
    (constrained_type . (type (identifier) @local.definition))
  ])))
  (#set! kind type)
  (#set! visible everywhere))

; Assignments

((assignment left: (identifier) @local.definition)
  (#set! kind variable))

((augmented_assignment left: (identifier) @local.definition)
  (#set! kind variable)
  (#set! also reference))

((named_expression name: (identifier) @local.definition)
  (#set! kind variable)
  (#set! scope function))

([
  (pattern_list (identifier) @local.definition)
  (tuple_pattern (identifier) @local.definition)
  (list_pattern (identifier) @local.definition)
  (list_splat_pattern (identifier) @local.definition)
]
  (#set! kind variable))

((for_statement left: (identifier) @local.definition)
  (#set! kind variable))

((for_in_clause left: (identifier) @local.definition)
  (#set! kind variable))

; A class body runs from the top: `limit = limit` reads what is outside.

((class_definition
  body: (block (expression_statement
    (assignment left: (identifier) @local.definition) @local.after)))
  (#set! kind field))

; `with … as` and `except … as`; a target of several names is read as an expression.

((as_pattern_target [
  (identifier) @local.definition
  (tuple [
    (identifier) @local.definition
    (list_splat (identifier) @local.definition)
    (tuple (identifier) @local.definition)
    (list (identifier) @local.definition)
    (_ (list_splat (identifier) @local.definition))
  ])
  (list [
    (identifier) @local.definition
    (list_splat (identifier) @local.definition)
    (tuple (identifier) @local.definition)
    (list (identifier) @local.definition)
    (_ (list_splat (identifier) @local.definition))
  ])
])
  (#set! kind variable))

; What is deleted belongs to the scope as what is assigned does.

((delete_statement [
  (identifier) @local.definition
  (expression_list (identifier) @local.definition)
  (tuple (identifier) @local.definition)
  (list (identifier) @local.definition)
  (parenthesized_expression (identifier) @local.definition)
])
  (#set! kind variable)
  (#set! also reference))

; Patterns: a lone name is bound, a dotted one is looked up, and so is the name of a class.

((case_pattern [
  (dotted_name . (identifier) @local.definition .)
  (as_pattern (identifier) @local.definition .)
])
  (#set! kind variable))

((keyword_pattern (dotted_name . (identifier) @local.definition .))
  (#set! kind variable))

((union_pattern (dotted_name . (identifier) @local.definition .))
  (#set! kind variable))

((splat_pattern (identifier) @local.definition)
  (#set! kind variable))

; Parameters

([
  (parameters [
    (identifier) @local.definition
    (default_parameter name: (identifier) @local.definition)
    (typed_default_parameter name: (identifier) @local.definition)
    (list_splat_pattern (identifier) @local.definition)
    (dictionary_splat_pattern (identifier) @local.definition)
    (typed_parameter [
      (identifier) @local.definition
      (list_splat_pattern (identifier) @local.definition)
      (dictionary_splat_pattern (identifier) @local.definition)
    ])
  ])
  (lambda_parameters [
    (identifier) @local.definition
    (default_parameter name: (identifier) @local.definition)
    (list_splat_pattern (identifier) @local.definition)
    (dictionary_splat_pattern (identifier) @local.definition)
  ])
]
  (#set! kind parameter))

; Imports: `import a.b` binds `a`; the names of modules are nobody's.

(import_from_statement module_name: (dotted_name (identifier) @local.member))

(import_from_statement module_name: (relative_import (dotted_name (identifier) @local.member)))

(aliased_import name: (dotted_name (identifier) @local.member))

((import_statement name: (dotted_name . (identifier) @local.definition))
  (#set! kind import))

((import_from_statement name: (dotted_name (identifier) @local.definition))
  (#set! kind import))

((future_import_statement name: (dotted_name (identifier) @local.definition))
  (#set! kind import))

((aliased_import alias: (identifier) @local.definition)
  (#set! kind import))

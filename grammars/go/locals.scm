; Scopes, definitions and references. Types and values share their names.

; Scopes. A package's own names are seen in the whole file, whatever their order.

([
  (function_declaration)
  (method_declaration)
  (func_literal)
  (function_type)
  (method_elem)
] @local.scope
  (#set! scope.kind function))

[
  (type_spec)
  (type_alias)
  (block)
  (if_statement)
  (for_statement)
  (expression_switch_statement)
  (type_switch_statement)
  (expression_case)
  (type_case)
  (communication_case)
  (default_case)
] @local.scope

; Every identifier uses a name, unless a pattern below says otherwise.

((identifier) @local.reference
  (#not-eq? @local.reference "_"))

(type_identifier) @local.reference

(qualified_type package: (package_identifier) @local.reference)

(qualified_type name: (type_identifier) @local.member)

(field_identifier) @local.member

; A key is a field of a struct, unless the type shows that it is an index or the key of a map.

(keyed_element key: (literal_element (identifier) @local.member))

((composite_literal
  type: [(map_type) (slice_type) (array_type) (implicit_length_array_type)]
  body: (literal_value
    (keyed_element key: (literal_element (identifier) @local.reference))))
  (#set! only reference))

((composite_literal
  type: [
    (map_type value: [(map_type) (slice_type) (array_type)])
    (slice_type element: [(map_type) (slice_type) (array_type)])
    (array_type element: [(map_type) (slice_type) (array_type)])
  ]
  body: (literal_value
    [
      (literal_element
        (literal_value
          (keyed_element key: (literal_element (identifier) @local.reference))))
      (keyed_element
        value: (literal_element
          (literal_value
            (keyed_element key: (literal_element (identifier) @local.reference)))))
    ]))
  (#set! only reference))

; Imports: an alias, or else the last element of the path.

((import_spec
  !name
  path: (interpreted_string_literal
    (interpreted_string_literal_content) @local.definition))
  (#set! kind import)
  (#set! scope file)
  (#set! name path))

((import_spec name: (package_identifier) @local.definition)
  (#set! kind import)
  (#set! scope file))

; Functions

((function_declaration name: (identifier) @local.definition)
  (#set! kind function)
  (#set! scope parent))

; Parameters are seen from the end of the signature on: in `func run(server *server)` the type is
; not the parameter.

((_
  parameters: (parameter_list (_ name: (identifier) @local.definition)) @local.after)
  (#set! kind parameter))

((_
  parameters: (parameter_list (_ name: (identifier) @local.definition))
  result: (_) @local.after)
  (#set! kind parameter))

((_
  result: (parameter_list (_ name: (identifier) @local.definition)) @local.after)
  (#set! kind parameter))

((method_declaration
  receiver: (parameter_list (_ name: (identifier) @local.definition))
  parameters: (_) @local.after)
  (#set! kind parameter))

((method_declaration
  receiver: (parameter_list (_ name: (identifier) @local.definition))
  result: (_) @local.after)
  (#set! kind parameter))

; Type parameters; those of a receiver have names of its own.

((type_parameter_declaration name: (identifier) @local.definition)
  (#set! kind type))

((method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (generic_type
          type_arguments: (type_arguments (type_elem (type_identifier) @local.definition)))
        (pointer_type
          (generic_type
            type_arguments: (type_arguments (type_elem (type_identifier) @local.definition))))
      ])))
  (#set! kind type))

; Declarations of a package

((source_file
  (type_declaration
    [
      (type_spec name: (type_identifier) @local.definition)
      (type_alias name: (type_identifier) @local.definition)
    ]))
  (#set! kind type)
  (#set! scope parent))

((source_file
  (const_declaration (const_spec name: (identifier) @local.definition)))
  (#set! kind constant))

((source_file
  (var_declaration
    [
      (var_spec name: (identifier) @local.definition)
      (var_spec_list (var_spec name: (identifier) @local.definition))
    ]))
  (#set! kind variable))

; Declarations of a function, each seen from its end on; a type already in itself.

((statement_list
  (type_declaration
    [
      (type_spec name: (type_identifier) @local.definition @local.after)
      (type_alias name: (type_identifier) @local.definition @local.after)
    ]))
  (#set! kind type)
  (#set! scope parent))

((statement_list
  (const_declaration (const_spec name: (identifier) @local.definition) @local.after))
  (#set! kind constant))

((statement_list
  (var_declaration
    [
      (var_spec name: (identifier) @local.definition) @local.after
      (var_spec_list (var_spec name: (identifier) @local.definition) @local.after)
    ]))
  (#set! kind variable))

((short_var_declaration
  left: (expression_list (identifier) @local.definition)) @local.after
  (#set! kind variable))

((range_clause
  left: (expression_list (identifier) @local.definition)
  ":=") @local.after
  (#set! kind variable))

((receive_statement
  left: (expression_list (identifier) @local.definition)
  ":=") @local.after
  (#set! kind variable))

((type_switch_statement
  alias: (expression_list (identifier) @local.definition)
  value: (_) @local.after)
  (#set! kind variable))

; Labels

((labeled_statement label: (label_name) @local.definition)
  (#set! kind label)
  (#set! space label)
  (#set! scope function))

([
  (goto_statement (label_name) @local.reference)
  (break_statement (label_name) @local.reference)
  (continue_statement (label_name) @local.reference)
]
  (#set! space label))

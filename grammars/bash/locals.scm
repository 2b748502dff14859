; Scopes, definitions and references. Where patterns overlap the later one counts.
;
; A variable belongs to the file wherever it is assigned, unless a function declares it. Functions
; are of the space `type`, as a variable of the same name is something else.

; Scopes

((function_definition) @local.scope
  (#set! scope.kind function))

; References

((variable_name) @local.reference
  (#set! space value))

((command name: (command_name (word) @local.reference))
  (#set! space type))

; Builtins that run what they are given
((command
    name: (command_name (word) @_runs)
    .
    argument: (word) @local.reference)
  (#any-of? @_runs "trap" "eval" "type" "time")
  (#match? @local.reference "^[A-Za-z_]")
  (#set! space type))

; The grammar takes names in the head of an arithmetic loop for words.
((c_style_for_statement [
    (binary_expression [
      (word) @local.reference
      (binary_expression (word) @local.reference)
    ])
    (postfix_expression (word) @local.reference)
    (unary_expression (word) @local.reference)
  ])
  (#match? @local.reference "^[A-Za-z_][A-Za-z0-9_]*$")
  (#set! space value))

; `$1` is the place of an argument and no name.

((variable_name) @local.member
  (#match? @local.member "^[0-9]"))

; Functions

((function_definition name: (word) @local.definition)
  (#set! kind function)
  (#set! space type)
  (#set! scope file))

([
  (declaration_command "export" (word) @_functions (variable_name) @local.reference)
  (declaration_command "declare" (word) @_functions (variable_name) @local.reference)
]
  (#match? @_functions "^-[a-z]*f")
  (#set! space type)
  (#set! only reference))

((unset_command (word) @_functions (variable_name) @local.reference)
  (#match? @_functions "^-[a-z]*f")
  (#set! space type)
  (#set! only reference))

; Variables

((variable_assignment name: (variable_name) @local.definition)
  (#set! kind variable)
  (#set! scope file))

((variable_assignment name: (subscript name: (variable_name) @local.definition))
  (#set! kind variable)
  (#set! scope file)
  (#set! also reference))

((variable_assignment
    name: (variable_name) @local.definition
    "+=")
  (#set! kind variable)
  (#set! scope file)
  (#set! also reference))

((for_statement variable: (variable_name) @local.definition)
  (#set! kind variable)
  (#set! scope file))

((compound_statement
    "(("
    (binary_expression
      left: (variable_name) @local.definition
      operator: "="))
  (#set! kind variable)
  (#set! scope file))

; What a function has declared stays its own when it is assigned later.
((compound_statement
    (declaration_command
      ["local" "declare" "typeset"]
      [
        (variable_name) @_declared
        (variable_assignment name: (variable_name) @_declared)
      ])
    [
      (variable_assignment name: (variable_name) @local.definition)
      (for_statement variable: (variable_name) @local.definition)
      (_ [
        (variable_assignment name: (variable_name) @local.definition)
        (for_statement variable: (variable_name) @local.definition)
        (_ [
          (variable_assignment name: (variable_name) @local.definition)
          (for_statement variable: (variable_name) @local.definition)
        ])
      ])
    ])
  (#eq? @_declared @local.definition)
  (#set! kind variable)
  (#set! scope function))

; In front of a command it is the command's own, and not seen by its arguments.
((command (variable_assignment name: (variable_name) @local.definition)) @local.scope @local.after
  (#set! scope.kind block)
  (#set! kind variable))

; Declarations bind in the function they stand in.

((declaration_command
    ["local" "declare" "typeset"]
    [
      (variable_name) @local.definition
      (variable_assignment name: (variable_name) @local.definition)
    ])
  (#set! kind variable)
  (#set! scope function))

((declaration_command
    "readonly"
    (variable_assignment name: (variable_name) @local.definition))
  (#set! kind constant)
  (#set! scope file))

((declaration_command
    ["local" "declare" "typeset"]
    (word) @_flags
    (variable_assignment name: (variable_name) @local.definition))
  (#match? @_flags "^-[a-zA-Z]*r")
  (#set! kind constant)
  (#set! scope function))

((declaration_command
    ["declare" "typeset"]
    (word) @_flags
    [
      (variable_name) @local.definition
      (variable_assignment name: (variable_name) @local.definition)
    ])
  (#match? @_flags "^-[a-zA-Z]*g")
  (#set! kind variable)
  (#set! scope file))

; Builtins that assign to the names they are given

((command
    name: (command_name (word) @_reads)
    argument: (word) @local.definition)
  (#any-of? @_reads "read" "mapfile" "readarray")
  (#match? @local.definition "^[A-Za-z_][A-Za-z0-9_]*$")
  (#set! kind variable)
  (#set! scope file))

((command
    name: (command_name (word) @_reads)
    .
    argument: (_)
    .
    argument: (word) @local.definition)
  (#eq? @_reads "getopts")
  (#set! kind variable)
  (#set! scope file))

((command
    name: (command_name (word) @_prints)
    .
    argument: (word) @_flag
    .
    argument: (word) @local.definition)
  (#eq? @_prints "printf")
  (#eq? @_flag "-v")
  (#set! kind variable)
  (#set! scope file))

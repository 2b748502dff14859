; Definitions and references that other files may see.

((function_definition name: (word) @name) @tag.definition
  (#set! kind function))

((program (variable_assignment name: (variable_name) @name) @tag.definition)
  (#set! kind variable))

((program
    (declaration_command
      ["export" "declare" "typeset" "readonly"]
      (variable_assignment name: (variable_name) @name) @tag.definition))
  (#set! kind variable))

((command name: (command_name (word) @name)) @tag.reference
  (#set! kind call))

([
  (simple_expansion (variable_name) @name)
  (expansion (variable_name) @name)
] @tag.reference
  (#not-match? @name "^[0-9]")
  (#set! kind name))

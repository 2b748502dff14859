; Functions of both forms: what is defined, where its parts stand, and what counts as a stub.

(function_definition
  name: (word) @name
  body: (_) @body) @definition.function

(compound_statement
  (command
    name: (command_name (word) @_nothing)
    !argument) @stub
  (#eq? @_nothing ":"))

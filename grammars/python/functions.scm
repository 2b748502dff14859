; Functions and classes: what is defined, where its parts stand, and what counts as a stub.

(function_definition
  name: (identifier) @name
  parameters: (parameters) @parameters
  return_type: (type)? @result
  body: (block) @body) @definition.function

(class_definition
  name: (identifier) @name
  body: (block) @body) @definition.class

(function_definition
  body: (block . (comment)* . (expression_statement . (string) @doc .)))

(class_definition
  body: (block . (comment)* . (expression_statement . (string) @doc .)))

(block (pass_statement) @stub)

(block (expression_statement . (ellipsis) .) @stub)

(block
  (raise_statement . (identifier) @_error .) @stub
  (#eq? @_error "NotImplementedError"))

(block
  (raise_statement . (call function: (identifier) @_error) .) @stub
  (#eq? @_error "NotImplementedError"))

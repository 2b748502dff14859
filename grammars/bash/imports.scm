; Files a script reads in; which names they bind cannot be seen from here.

(command
  name: (command_name (word) @_source)
  .
  argument: (_) @import.module
  (#any-of? @_source "source" ".")) @import

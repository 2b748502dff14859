; Definitions and references that other files may see.

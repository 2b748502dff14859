"""What Python code depends on: names, modules, classes, and where jedi says a name leads."""

"""A language server whose local model's answers are checked before they are shown."""

__version__ = "0.1.0"

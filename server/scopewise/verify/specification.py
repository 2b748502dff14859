"""What a function's own text says it must do: its docstring, and the examples in it."""

from __future__ import annotations

import ast
import inspect

from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify.behaviour import Example
from scopewise.verify.examples import read_examples
from scopewise.verify.inputs import parameters_of


def docstring(parsed: ParsedDocument, definition: Definition) -> str:
    """The docstring as Python has it, without its indentation; empty when there is none."""
    if definition.doc is None:
        return ""
    literal = parsed.text(definition.doc).strip()
    try:
        text = ast.literal_eval(literal)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        text = literal
    return inspect.cleandoc(text) if isinstance(text, str) else ""


def examples(parsed: ParsedDocument, definition: Definition) -> tuple[Example, ...]:
    """The examples in a function's docstring; none in a language we cannot run."""
    if parsed.language.id != "python":
        return ()
    text = docstring(parsed, definition)
    if not text:
        return ()
    names = [parameter.name for parameter in parameters_of(parsed, definition) or ()]
    return read_examples(text, definition.name, owner_name(definition), names)


def owner_name(definition: Definition) -> str:
    """The class a method belongs to; empty for a function."""
    return definition.qualified_name.split(".")[-2] if definition.parent == "class" else ""

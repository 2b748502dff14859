"""Changes to the text of a task's file and its trace, made while its row is read."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from dataclasses import dataclass

PROJECT = "/project"
"""The folder that traces name, whatever folder they were made in."""

_FRAME = re.compile(r'(?P<head>  File ")(?P<path>[^"\n]+)(?P<middle>", line )(?P<line>\d+)')
_NEUTRAL_NAMES = ("f", "g", "h", "function")


@dataclass(frozen=True)
class Documented:
    """A file whose function got a docstring."""

    text: str
    first_line: int
    """Lines up to here, counted from 1, stay where they are."""
    n_lines: int
    """How far the others moved down."""


def with_docstring(text: str, function: str, docstring: str) -> Documented:
    """The file with a docstring, given with its quotes, below the function's signature.

    Raises SyntaxError.
    """
    body = _function(ast.parse(text), function).body[0]
    lines = text.splitlines()
    added = textwrap.indent(docstring.strip(), " " * body.col_offset).splitlines()
    n_before = body.lineno - 1
    documented = "\n".join([*lines[:n_before], *added, *lines[n_before:]]) + "\n"
    return Documented(documented, n_before, len(added))


def shifted(trace: str, file: str, first_line: int, n_lines: int) -> str:
    """The trace after `n_lines` lines were added to a file below its line `first_line`.

    The frames' files lie in `PROJECT`.
    """

    def frame(match: re.Match[str]) -> str:
        name = re.split(r"[\\/]", match["path"])[-1]
        line = int(match["line"])
        if name == file and line > first_line:
            line += n_lines
        return f"{match['head']}{PROJECT}/{name}{match['middle']}{line}"

    return _FRAME.sub(frame, trace)


def renamed(text: str, function: str) -> tuple[str, str]:
    """The file with a function under a name that says nothing, and that name."""
    words = set(re.findall(r"\w+", text)) - {function}
    name = next(name for name in _NEUTRAL_NAMES if name not in words)
    lines = text.splitlines(keepends=True)
    for row, column in reversed(_positions(text, function)):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + name + line[column + len(function) :]
    return "".join(lines), name


def _positions(text: str, name: str) -> list[tuple[int, int]]:
    """Where a name stands that is no attribute."""
    positions = []
    before = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and token.string == name and before != ".":
            positions.append(token.start)
        before = token.string
    return positions


def _function(module: ast.Module, name: str) -> ast.FunctionDef:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node
    raise SyntaxError(f"there is no function {name}")

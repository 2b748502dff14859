"""Indentation: what a file uses, and how to move code from one kind to another."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from scopewise.syntax.languages import Language

_LEADING = re.compile(r"[ \t]*")


def leading_blanks(line: str) -> str:
    match = _LEADING.match(line)
    return match.group() if match else ""


def indent_unit(source: str, default: str) -> str:
    """One level of indentation as a file uses it: a tab, or the smallest step of blanks."""
    steps = {leading_blanks(line) for line in source.splitlines() if line.strip()}
    if any(step.startswith("\t") for step in steps):
        return "\t"
    widths = sorted(len(step) for step in steps if len(step) > 1)
    return " " * widths[0] if widths else default


def reindent(
    language: Language, code: str, *, base: str, from_unit: str = "", to_unit: str = "    "
) -> str:
    """The code with its least indented line at `base` and every level one `to_unit` deeper.

    Lines inside a string literal are content and stay as they are.
    """
    lines = code.split("\n")
    kept = _lines_inside_strings(language, code)
    moved = [line for i, line in enumerate(lines) if i not in kept and line.strip()]
    common = min((_width(line) for line in moved), default=0)
    step = len(from_unit.expandtabs(4)) or _smallest_step(moved, common)

    def move(number: int, line: str) -> str:
        if number in kept:
            return line
        if not line.strip():
            return ""
        levels, rest = divmod(_width(line) - common, step)
        return base + to_unit * levels + " " * rest + line.lstrip(" \t")

    return "\n".join(move(number, line) for number, line in enumerate(lines))


def _width(line: str) -> int:
    return len(leading_blanks(line).expandtabs(4))


def _smallest_step(lines: list[str], common: int) -> int:
    """The indentation of the first line that is deeper than the least indented ones."""
    return min((width for line in lines if (width := _width(line) - common) > 0), default=4)


def _lines_inside_strings(language: Language, code: str) -> set[int]:
    """Lines, from 0, that begin inside a string literal."""
    # A block of statements parses anywhere once something stands at column 0 to hold it.
    root = language.parse(b"\n" + code.encode("utf-8", errors="replace")).root_node
    inside: set[int] = set()
    for node in _walk(root):
        if node.type == language.string:
            inside.update(range(node.start_point.row, node.end_point.row))
    return inside


def _walk(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    yield node
    for child in node.children:
        yield from _walk(child)

"""Indentation: what a file uses, and how to move code from one kind to another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import tree_sitter

from scopewise.syntax.languages import Language

_LEADING = re.compile(r"[ \t]*")
_KEEPS_COLUMN = re.compile(
    r"#\s*(if|ifdef|ifndef|el\w+|endif|define|undef|include|pragma)\b|[A-Za-z_]\w*:\s*$"
)
"""Directives of the C preprocessor and labels, where they stand at the margin."""
_MOST_LINES = 1000
"""Lines looked at for the unit: it is asked for on every cursor move."""
_OPENS_BLOCK = re.compile(r"[:{]\s*((#|//).*)?$")


def leading_blanks(line: str) -> str:
    match = _LEADING.match(line)
    return match.group() if match else ""


def indent_unit(source: str, default: str) -> str:
    """One level of indentation as a file uses it: the commonest step from a line into its block.

    Where no block shows one, it is the smallest indentation of a line.
    """
    lines = source.splitlines()[:_MOST_LINES]
    steps = Counter(_steps_into_blocks(lines))
    if steps:
        return max(steps, key=lambda step: (steps[step], step == default))
    seen = {leading_blanks(line) for line in lines if 2 <= _width(line) <= 8}
    return min(seen, default=default, key=len)


def reindent(
    language: Language, code: str, *, base: str, from_unit: str = "", to_unit: str = "    "
) -> str:
    """The code with its least indented line at `base` and every level one `to_unit` deeper.

    Lines inside a string literal are content and stay as they are. Between braces it is the first
    line that says where a block begins: others may stand left of it.
    """
    lines = code.split("\n")
    has_braces = language.block == "braces"
    kept = _lines_inside_strings(language, code)
    if has_braces:
        kept |= {i for i, line in enumerate(lines) if i and _KEEPS_COLUMN.match(line)}
    moved = [line for i, line in enumerate(lines) if i not in kept and line.strip()]
    widths = [_width(line) for line in moved]
    common = widths[0] if has_braces and widths else min(widths, default=0)
    dedented = (" " * max(_width(line) - common, 0) + line.lstrip(" \t") for line in moved)
    step = len((from_unit or indent_unit("\n".join(dedented), "    ")).expandtabs(4))

    def move(number: int, line: str) -> str:
        if number in kept:
            return line
        if not line.strip():
            return ""
        levels, rest = divmod(max(_width(line) - common, 0), step)
        return base + to_unit * levels + " " * rest + line.lstrip(" \t")

    return "\n".join(move(number, line) for number, line in enumerate(lines))


def _steps_into_blocks(lines: Iterable[str]) -> Iterator[str]:
    """What each line that follows an opening one is indented more."""
    for above, line in pairwise(lines):
        if not _OPENS_BLOCK.search(above):
            continue
        outer, inner = leading_blanks(above), leading_blanks(line)
        if inner != outer and inner.startswith(outer):
            yield inner[len(outer) :]


def _width(line: str) -> int:
    return len(leading_blanks(line).expandtabs(4))


def _lines_inside_strings(language: Language, code: str) -> set[int]:
    """Lines, from 0, that begin inside a string literal."""
    # A block of statements parses anywhere once something stands at column 0 to hold it.
    root = language.parse(b"\n" + code.encode("utf-8", errors="replace")).root_node
    inside: set[int] = set()
    for node in _walk(root):
        if node.type in language.strings:
            inside.update(range(node.start_point.row, node.end_point.row))
    return inside


def _walk(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)

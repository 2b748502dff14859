"""Code as the file has it, in whole lines, with `...` in place of what is left out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

import tree_sitter

from scopewise.context.skeleton import Excerpt, code_end
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

Stretch = tuple[int, int]
"""The first and the last line, from 0."""

MANY_LINES = 80
"""From which on a function is cut."""
_NEAR_LINES = 10
_MAX_WINDOWS = 3
_MAX_OUTLINE_LINES = 40
_MAX_STATEMENT_LINES = 40
_MARK = "..."


def lines_of(parsed: ParsedDocument, span: ByteRange) -> Stretch:
    """The lines a range has a part in."""
    lines = parsed.snapshot.lines
    return lines.line_of(span.start), lines.line_of(max(span.end - 1, span.start))


def n_lines(parsed: ParsedDocument, definition: Definition) -> int:
    first, last = lines_of(parsed, definition.range)
    return last - first + 1


def whole(parsed: ParsedDocument, definition: Definition, without: ByteRange | None) -> Excerpt:
    """A definition inside the header of its class, without the lines of a range."""
    return _cut(parsed, definition, [lines_of(parsed, definition.range)], without)


def outline(parsed: ParsedDocument, definition: Definition, without: ByteRange | None) -> Excerpt:
    """The header of a definition and what documents it."""
    return _cut(parsed, definition, _ends(parsed, definition, with_doc=True), without)


def around(
    parsed: ParsedDocument,
    definition: Definition,
    offsets: Iterable[int],
    without: ByteRange | None,
) -> Excerpt:
    """The header of a definition, and the lines around some places in it."""
    first, last = lines_of(parsed, definition.range)
    line_of = parsed.snapshot.lines.line_of
    rows = sorted({line_of(offset) for offset in offsets})[:_MAX_WINDOWS]
    windows = [(max(first, row - _NEAR_LINES), min(last, row + _NEAR_LINES)) for row in rows]
    return _cut(parsed, definition, [*_ends(parsed, definition), *windows], without)


def statement(parsed: ParsedDocument, span: ByteRange, without: ByteRange | None) -> Excerpt:
    """A statement outside of functions, cut short when it is very long."""
    first, last = lines_of(parsed, span)
    stretch = (first, min(last, first + _MAX_STATEMENT_LINES - 1))
    return _excerpt(parsed, _subtracted([stretch], parsed, without), last)


def statement_around(parsed: ParsedDocument, offset: int) -> ByteRange:
    """The statement that binds or uses an identifier outside of functions.

    Of a long list of declarations it is the one declaration.
    """
    node = parsed.root.descendant_for_byte_range(offset, offset + 1) or parsed.root
    while node.parent is not None and node.parent.parent is not None:
        above = node.parent
        is_same_line = above.start_point.row == node.start_point.row
        if not is_same_line and not _is_short_declaration(above):
            break
        node = above
    return parsed.span(node)


def _is_short_declaration(node: tree_sitter.Node) -> bool:
    """Whether the parts of a node mean little by themselves, as those of a list of constants."""
    n = node.end_point.row - node.start_point.row
    is_whole = any(word in node.type for word in ("declaration", "enum", "statement", "decorated"))
    return is_whole and n < _MAX_STATEMENT_LINES and "preproc" not in node.type


def _cut(
    parsed: ParsedDocument,
    definition: Definition,
    stretches: Iterable[Stretch],
    without: ByteRange | None,
) -> Excerpt:
    """Lines of a definition inside the header of the class it belongs to."""
    last = lines_of(parsed, definition.range)[1]
    owner = parsed.owner(definition) if definition.parent == "class" else None
    if owner is not None:
        stretches = [*_ends(parsed, owner, is_bare=True), *stretches]
        last = lines_of(parsed, owner.range)[1]
    return _excerpt(parsed, _subtracted(stretches, parsed, without), last)


def _ends(
    parsed: ParsedDocument,
    definition: Definition,
    *,
    with_doc: bool = False,
    is_bare: bool = False,
) -> Iterator[Stretch]:
    """The header, and the brace that closes the body; `is_bare` without the decorators."""
    lines, body = parsed.snapshot.lines, definition.body
    is_braced = parsed.source[body.start : body.start + 1] == b"{"
    start = definition.signature.start if is_bare else definition.header.start
    end = code_end(parsed, ByteRange(start, body.start))
    if is_braced:
        end = body.start + 1
    if with_doc and definition.doc is not None:
        start, end = min(start, definition.doc.start), max(end, definition.doc.end)
    first, last = lines_of(parsed, ByteRange(start, end))
    yield first, min(last, first + _MAX_OUTLINE_LINES)
    if is_braced and parsed.source[body.end - 1 : body.end] == b"}":
        closing = lines.line_of(body.end - 1)
        yield closing, closing


def _subtracted(
    stretches: Iterable[Stretch], parsed: ParsedDocument, without: ByteRange | None
) -> list[Stretch]:
    """Sorted and merged, less the lines of a range."""
    rows = {row for first, last in stretches for row in range(first, last + 1)}
    if without is not None:
        first, last = lines_of(parsed, without)
        rows -= set(range(first, last + 1))
    merged: list[Stretch] = []
    for row in sorted(rows):
        if merged and merged[-1][1] == row - 1:
            merged[-1] = (merged[-1][0], row)
        else:
            merged.append((row, row))
    return merged


def _excerpt(parsed: ParsedDocument, stretches: list[Stretch], last: int) -> Excerpt:
    """The lines of the stretches, with a mark wherever code stands between or after them."""
    code: list[str] = []
    done: int | None = None
    for first, end in stretches:
        if done is not None:
            code += _gap(parsed, done + 1, first - 1, first)
        code += [_line(parsed, row) for row in range(first, end + 1)]
        done = end
    if done is not None:
        code += [mark for mark in _gap(parsed, done + 1, last, None) if mark]
    lines = parsed.snapshot.lines
    ranges = [
        ByteRange(lines.line_range(first).start, lines.line_range(end).end)
        for first, end in stretches
    ]
    return Excerpt(parsed, textwrap.dedent("\n".join(code)).strip("\n"), tuple(ranges))


def _gap(parsed: ParsedDocument, first: int, last: int, below: int | None) -> list[str]:
    """What stands for left-out lines: a mark, or a blank line when they are blank."""
    left_out = [line for row in range(first, last + 1) if (line := _line(parsed, row)).strip()]
    if not left_out:
        return [""] if last >= first else []
    like = left_out[0] if below is None else _line(parsed, below)
    if below is not None and len(_indentation(like)) < len(_indentation(left_out[0])):
        like = left_out[0]
    return [f"{_indentation(like)}{_MARK}"]


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _line(parsed: ParsedDocument, row: int) -> str:
    return parsed.text(parsed.snapshot.lines.line_range(row))

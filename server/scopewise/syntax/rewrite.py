"""The smallest edits that turn one body of a function into another."""

from __future__ import annotations

import difflib

from scopewise.syntax.indent import leading_blanks
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteEdit, ByteRange, line_ending


def rewrite_edits(
    parsed: ParsedDocument, definition: Definition, body: str
) -> tuple[ByteEdit, ...]:
    """Line-wise edits that replace what stands below signature and docstring, or between the
    braces, by `body`.

    `body` is indented for the file and its lines end in "\\n"; lines that stay keep their bytes,
    blanks at their ends included.
    """
    region = _body_region(parsed, definition)
    eol = line_ending(parsed.source)
    old = parsed.text(region).split("\n")
    n_blank = 0
    if not old[0].strip():
        # Blank lines between the docstring and the body are the file's own style.
        n_blank = next((i for i, line in enumerate(old[1:]) if line.strip()), 0)
    new = [""] * (1 + n_blank) + body.split("\n")
    if parsed.language.block == "braces":
        lines = parsed.snapshot.lines
        line = lines.line_range(lines.line_of(definition.signature.start))
        new.append(leading_blanks(parsed.text(line)))
    edits = _edits(region.start, old, new, eol)
    return tuple(_docstring_below(parsed, definition, eol + leading_blanks(body)) + edits)


def _docstring_below(
    parsed: ParsedDocument, definition: Definition, line_break: str
) -> list[ByteEdit]:
    """The edit that gives a docstring on the signature's line a line of its own."""
    if definition.doc is None or parsed.language.block == "braces":
        return []
    signature_end = len(parsed.source[: definition.doc.start].rstrip())
    between = ByteRange(signature_end, definition.doc.start)
    return [] if "\n" in parsed.text(between) else [ByteEdit(between, line_break)]


def _edits(start: int, old: list[str], new: list[str], eol: str) -> list[ByteEdit]:
    """Edits of lines joined by "\\n", the text beginning at byte `start`."""
    offsets = [start]
    for line in old:
        offsets.append(offsets[-1] + len((line + "\n").encode()))
    matcher = difflib.SequenceMatcher(None, _trimmed(old), _trimmed(new), autojunk=False)
    edits = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            continue
        text = "".join(line + eol for line in new[k:m])
        first, last = offsets[i], offsets[j]
        if j == len(old):
            # The last line has no line break of its own inside the region.
            last -= 1
            text = text.removesuffix(eol)
            if i == j:
                first, text = last, eol + text
            elif k == m:
                first -= 2 if old[i - 1].endswith("\r") else 1
        edits.append(ByteEdit(ByteRange(first, last), text))
    return edits


def _trimmed(lines: list[str]) -> list[str]:
    return [line.rstrip() for line in lines]


def _body_region(parsed: ParsedDocument, definition: Definition) -> ByteRange:
    """From the end of the docstring's or the signature's line to the end of the body."""
    if parsed.language.block == "braces":
        return definition.statements
    if definition.doc is None:
        start = len(parsed.source[: definition.body.start].rstrip())
    else:
        start = definition.doc.end
    lines = parsed.snapshot.lines
    line_end = lines.line_range(lines.line_of(start)).end
    rest = parsed.source[start:line_end].strip()
    if rest.startswith(b"#") and line_end < definition.body.end:
        start = line_end
    return ByteRange(start, definition.body.end)

"""The place in a stub where a body goes, and the edits that put one there.

Signature, decorators, docstring and comments keep their bytes: only what stands in for the body is
replaced. A comment that merely asks for the body ("TODO: implement") counts as standing in for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopewise.syntax.indent import indent_unit, leading_blanks
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteEdit, ByteRange, apply_edits, line_ending


@dataclass(frozen=True)
class BodySlot:
    """Where the body of a documented stub goes."""

    parsed: ParsedDocument
    definition: Definition
    indent: str
    """Indentation of the body's statements."""
    unit: str
    """One level of indentation in this file."""
    at: ByteRange
    """What the body replaces; empty when it is only inserted."""
    removed: tuple[ByteRange, ...]
    """Further stand-ins, removed with their lines."""
    breaks: ByteRange | None
    """Blanks between the signature and a docstring on the same line, to become a line break."""
    wishes: tuple[str, ...]
    """What the removed comments asked for."""

    @property
    def shown(self) -> str:
        """The text that stays above the body: signature, docstring, comments."""
        start = _line_start(self.parsed, self.definition.range.start)
        above = ByteRange(start, self.at.start)
        edits = [ByteEdit(span, "") for span in self.removed if span.end <= above.end]
        if self.breaks is not None:
            edits.append(ByteEdit(self.breaks, "\n" + self.indent))
        moved = [ByteEdit(edit.range.shifted(-start), edit.text) for edit in edits]
        code = apply_edits(self.parsed.source[above.start : above.end], moved)
        return code.decode().replace("\r\n", "\n").rstrip()

    def edits(self, body: str) -> tuple[ByteEdit, ...]:
        """The edits that put `body` in, whose lines are indented and end in "\\n"."""
        eol = line_ending(self.parsed.source)
        text = body.replace("\n", eol)
        first = ByteEdit(self.at, eol + text if self.at.is_empty else text.lstrip(" \t"))
        edits = [first, *(ByteEdit(span, "") for span in self.removed)]
        if self.breaks is not None:
            edits.append(ByteEdit(self.breaks, eol + self.indent))
        return tuple(sorted(edits))


def body_slot(parsed: ParsedDocument, definition: Definition) -> BodySlot | None:
    """The slot of a documented stub; None when there is none, or none that is safe to edit."""
    doc = definition.doc
    if doc is None or not definition.is_stub or definition.kind != "function":
        return None
    between = parsed.source[doc.end : definition.body.end]
    if between.split(b"\n")[0].split(b"#")[0].strip():
        # Something shares the docstring's last line: `"""Doc."""; pass`.
        return None
    stubs = [span for span in definition.stubs if span.start >= doc.end]
    statements = [span for span in stubs if not _is_comment(parsed, span)]
    if not all(_is_alone(parsed, span) for span in statements):
        return None
    main = statements or [span for span in stubs if _is_first_on_line(parsed, span.start)]
    at = main[0] if main else _after_last_line(parsed, definition)
    unit = indent_unit(parsed.snapshot.text, parsed.language.indent)
    is_below = _is_first_on_line(parsed, doc.start)
    indent = _indent_of(parsed, doc.start)
    return BodySlot(
        parsed=parsed,
        definition=definition,
        indent=indent if is_below else indent + unit,
        unit=unit,
        at=at,
        removed=tuple(_with_line(parsed, span) for span in stubs if span != at),
        breaks=None if is_below else ByteRange(_end_of_code_before(parsed, doc), doc.start),
        wishes=tuple(parsed.text(span) for span in stubs if _is_comment(parsed, span)),
    )


def _is_comment(parsed: ParsedDocument, span: ByteRange) -> bool:
    node = parsed.root.descendant_for_byte_range(span.start, span.end)
    return node is not None and node.type in parsed.language.comments


def _after_last_line(parsed: ParsedDocument, definition: Definition) -> ByteRange:
    lines = parsed.snapshot.lines
    end = lines.line_range(lines.line_of(definition.body.end)).end
    return ByteRange(end, end)


def _line_start(parsed: ParsedDocument, offset: int) -> int:
    lines = parsed.snapshot.lines
    return lines.line_range(lines.line_of(offset)).start


def _indent_of(parsed: ParsedDocument, offset: int) -> str:
    line = parsed.source[_line_start(parsed, offset) : offset].decode("utf-8", errors="replace")
    return leading_blanks(line)


def _is_first_on_line(parsed: ParsedDocument, offset: int) -> bool:
    return not parsed.source[_line_start(parsed, offset) : offset].strip()


def _is_alone(parsed: ParsedDocument, span: ByteRange) -> bool:
    """Nothing but a comment shares a statement's line."""
    lines = parsed.snapshot.lines
    rest = parsed.source[span.end : lines.line_range(lines.line_of(span.end)).end].strip()
    return _is_first_on_line(parsed, span.start) and (not rest or rest.startswith(b"#"))


def _end_of_code_before(parsed: ParsedDocument, span: ByteRange) -> int:
    return len(parsed.source[: span.start].rstrip())


def _with_line(parsed: ParsedDocument, span: ByteRange) -> ByteRange:
    """A range with its whole line when nothing else is on it, else with the blanks before it."""
    start = _end_of_blanks_before(parsed, span.start)
    lines = parsed.snapshot.lines
    line = lines.line_range(lines.line_of(span.end))
    if not _is_first_on_line(parsed, span.start) or parsed.source[span.end : line.end].strip():
        return ByteRange(start, span.end)
    # The line break before the line goes with it, so that the last line can be removed too.
    line_start = _line_start(parsed, span.start)
    before = parsed.source[:line_start]
    n_break = 2 if before.endswith(b"\r\n") else 1
    return ByteRange(max(line_start - n_break, 0), line.end)


def _end_of_blanks_before(parsed: ParsedDocument, offset: int) -> int:
    before = parsed.source[:offset]
    return len(before.rstrip(b" \t"))

"""The place in a stub where a body goes, and the edits that put one there.

Signature, decorators, documentation and comments keep their bytes: only what stands in for the
body is replaced. A comment that merely asks for the body ("TODO: implement") counts as standing in
for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from scopewise.syntax.indent import indent_unit, leading_blanks
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteEdit, ByteRange, apply_edits, line_ending


@dataclass(frozen=True)
class BodySlot:
    """Where the body of a documented stub goes."""

    parsed: ParsedDocument
    definition: Definition
    base: str
    """Indentation of the documentation, or of the line the definition begins on."""
    is_deeper: bool
    """Whether the body's statements are indented one level more than that."""
    at: ByteRange
    """What the body replaces; empty when it is only inserted."""
    removed: tuple[ByteRange, ...]
    """Further stand-ins, removed with their lines."""
    breaks: ByteRange | None
    """Blanks between the signature and a docstring on the same line, to become a line break."""
    wishes: tuple[str, ...]
    """What the removed comments asked for."""
    closing: str = ""
    """The indentation of a closing brace that needs a line of its own, after a line break."""

    @cached_property
    def unit(self) -> str:
        """One level of indentation in this file; slow, so only read when it is needed."""
        return indent_unit(self.parsed.snapshot.text, self.parsed.language.indent)

    @property
    def indent(self) -> str:
        """Indentation of the body's statements."""
        return self.base + self.unit if self.is_deeper else self.base

    @property
    def shown(self) -> str:
        """The text that stays above the body: documentation, signature, comments."""
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
        text = (body + self.closing).replace("\n", eol)
        is_below = self.at.is_empty or bool(self.closing)
        first = ByteEdit(self.at, eol + text if is_below else text.lstrip(" \t"))
        edits = [first, *(ByteEdit(span, "") for span in self.removed)]
        if self.breaks is not None:
            edits.append(ByteEdit(self.breaks, eol + self.indent))
        return tuple(sorted(edits))


def body_slot(parsed: ParsedDocument, definition: Definition) -> BodySlot | None:
    """The slot of a documented stub; None when there is none, or none that is safe to edit."""
    doc = definition.doc
    if doc is None or not definition.is_stub or definition.kind != "function":
        return None
    if parsed.language.block == "braces":
        return _between_braces(parsed, definition)
    return _below_docstring(parsed, definition, doc)


def _below_docstring(
    parsed: ParsedDocument, definition: Definition, doc: ByteRange
) -> BodySlot | None:
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
    is_below = _is_first_on_line(parsed, doc.start)
    return BodySlot(
        parsed=parsed,
        definition=definition,
        base=_indent_of(parsed, doc.start),
        is_deeper=not is_below,
        at=at,
        removed=_without(parsed, stubs, at),
        breaks=None if is_below else ByteRange(_end_of_code_before(parsed, doc), doc.start),
        wishes=_wishes(parsed, stubs),
    )


def _between_braces(parsed: ParsedDocument, definition: Definition) -> BodySlot | None:
    inside = definition.statements
    if inside.start == definition.body.start or inside.end == definition.body.end:
        return None
    base = _line_indent(parsed, definition.signature.start)
    stubs = list(definition.stubs)
    place = _place_between_braces(parsed, inside, stubs)
    if place is None:
        return None
    at, is_closed = place
    return BodySlot(
        parsed=parsed,
        definition=definition,
        base=base,
        is_deeper=True,
        at=at,
        removed=() if at == inside else _without(parsed, stubs, at),
        breaks=None,
        wishes=_wishes(parsed, stubs),
        closing="" if is_closed else "\n" + base,
    )


def _place_between_braces(
    parsed: ParsedDocument, inside: ByteRange, stubs: Sequence[ByteRange]
) -> tuple[ByteRange, bool] | None:
    """What a body replaces, and whether the closing brace stands on a line of its own already."""
    kept = _end_of_kept(parsed, inside, stubs)
    if kept is None:
        return inside, False
    statements = [span for span in stubs if not _is_comment(parsed, span)]
    is_closed = _is_first_on_line(parsed, inside.end)
    if not is_closed or not all(_is_alone(parsed, span) for span in statements):
        # Comments to keep share a line with code.
        return (ByteRange(kept, inside.end), False) if not statements else None
    if statements:
        return statements[0], True
    asked = [s for s in stubs if s.start > kept and _is_first_on_line(parsed, s.start)]
    return (asked[0] if asked else ByteRange(kept, kept)), True


def _end_of_kept(
    parsed: ParsedDocument, inside: ByteRange, stubs: Sequence[ByteRange]
) -> int | None:
    """Where the last text ends that is no stand-in; None when there is none."""
    end = None
    position = inside.start
    for span in [*stubs, ByteRange(inside.end, inside.end)]:
        text = parsed.source[position : span.start]
        if text.strip(b" \t\r\n;"):
            end = position + len(text.rstrip())
        position = span.end
    return end


def _without(
    parsed: ParsedDocument, stubs: Sequence[ByteRange], at: ByteRange
) -> tuple[ByteRange, ...]:
    return tuple(_with_line(parsed, span) for span in stubs if not at.contains(span))


def _wishes(parsed: ParsedDocument, stubs: Sequence[ByteRange]) -> tuple[str, ...]:
    return tuple(parsed.text(span) for span in stubs if _is_comment(parsed, span))


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


def _line_indent(parsed: ParsedDocument, offset: int) -> str:
    """The indentation of the line a byte stands on."""
    lines = parsed.snapshot.lines
    return leading_blanks(parsed.text(lines.line_range(lines.line_of(offset))))


def _is_first_on_line(parsed: ParsedDocument, offset: int) -> bool:
    return not parsed.source[_line_start(parsed, offset) : offset].strip()


def _is_alone(parsed: ParsedDocument, span: ByteRange) -> bool:
    """Nothing but a comment shares a statement's line."""
    lines = parsed.snapshot.lines
    rest = parsed.source[span.end : lines.line_range(lines.line_of(span.end)).end].strip(b" \t;")
    is_comment = rest.startswith((b"#", b"//", b"/*"))
    return _is_first_on_line(parsed, span.start) and (not rest or is_comment)


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

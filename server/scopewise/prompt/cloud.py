"""What Claude is told: parts that are redacted one by one, and the request put together from them.

There is no opening, for current models refuse one: the system message says what an answer must be.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from scopewise.context.part import Part
from scopewise.context.source import places, sources_of
from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Message, Request
from scopewise.prompt.fix_traceback import marked_code, told
from scopewise.scope.traces.localise import Failure
from scopewise.syntax.languages import Language
from scopewise.syntax.slot import BodySlot
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_CODE = (
    "You write {language} code that a program puts into a file and checks: it is parsed, its names "
    "are looked up, and it is run against the examples of its documentation and the tests of its "
    "project.\n"
    "Answer with one fenced code block and nothing before or after it. The block holds the one "
    "function you are asked for, whole: its decorators, signature and documentation as they are, "
    "and its body. A method stands there without its class. Imports that the body needs and the "
    "file does not have stand at the top of the block; helpers stand inside the function. Nothing "
    "else of the file may change."
)
_PROSE = (
    "You explain {language} code to a programmer who reads it for the first time. You say only "
    "what the code shows, name things as the code names them, and are brief."
)
_TAKEN_OUT = (
    "Names that begin with `{stem}` stand for values that were taken out. Where the code needs "
    "such a value, write the name exactly as it is, in the same quotes."
)
_EXPLAIN = (
    "Explain {what}. Begin with one sentence that says what it does as a whole. Then, as a short "
    "Markdown list, say how it does it, what it takes and returns, and which edge cases, errors or "
    "side effects a caller should know. Put only names that occur in the code in back-ticks. Do "
    "not repeat the code."
)


def fill_parts(slot: BodySlot, pieces: Sequence[Piece], root: Path | None) -> tuple[Part, ...]:
    """The parts of a message that asks for the body of a documented function."""
    parsed, definition = slot.parsed, slot.definition
    return (
        *_context(parsed.language, pieces, root),
        Part(
            _dedented(parsed, definition),
            f"This function{_place(parsed, definition)} has no body yet:",
            parsed.language.fence,
            "the function to be written",
            sources_of(parsed.snapshot, [_lines_of(parsed, definition)]),
        ),
        Part(
            f"Write `{definition.name}`, correct for every case its documentation names and for "
            "what the code around it relies on."
        ),
    )


def fix_parts(failure: Failure, pieces: Sequence[Piece], root: Path | None) -> tuple[Part, ...]:
    """The parts of a message that asks for a function to be mended."""
    parsed, definition = failure.parsed, failure.definition
    notes = (Part(failure.note, what="what it gives today"),) if failure.note else ()
    return (
        *_context(parsed.language, pieces, root),
        Part(
            marked_code(failure),
            f"This function{_place(parsed, definition)} is believed to hold the cause:",
            parsed.language.fence,
            "the function to be mended",
            sources_of(parsed.snapshot, [_lines_of(parsed, definition)]),
        ),
        _trace(failure),
        *notes,
        Part(
            f"Write `{definition.name}` with the bug mended. Find the cause and change only what "
            "is wrong; do not hide the error."
        ),
    )


def explain_parts(
    language: Language | None, what: str, code: Part, pieces: Sequence[Piece], root: Path | None
) -> tuple[Part, ...]:
    """The parts of a message that asks for an explanation of `code`, which `what` names."""
    return (*_context(language, pieces, root), code, Part(_EXPLAIN.format(what=what)))


def cloud_request(
    language: Language | None, rendered: Iterable[str], stem: str, *, is_code: bool
) -> Request:
    """The request made of parts as they are sent.

    `stem` is what the placeholders in them begin with, empty when there are none.
    """
    name = language.name if language else "source"
    system = (_CODE if is_code else _PROSE).format(language=name)
    parts = [*rendered, *([_TAKEN_OUT.format(stem=stem)] if stem else [])]
    messages = Message("system", system), Message("user", "\n\n".join(parts))
    return Request(messages=messages, guard="off")


def _context(language: Language | None, pieces: Sequence[Piece], root: Path | None) -> list[Part]:
    fence = language.fence if language else ""
    return [
        Part(
            piece.code,
            f"{places(piece.sources, root)} ({piece.what}):",
            fence,
            piece.what,
            piece.sources,
        )
        for piece in pieces
    ]


def _trace(failure: Failure) -> Part:
    text = "\n".join(told(failure.trace))
    return Part(text, "It failed like this:", "", "the stack trace, in short")


def _place(parsed: ParsedDocument, definition: Definition) -> str:
    owner = parsed.owner(definition)
    of_class = f" of `{owner.name}`" if owner is not None and owner.kind == "class" else ""
    return f"{of_class} in {parsed.snapshot.name}"


def _lines_of(parsed: ParsedDocument, definition: Definition) -> ByteRange:
    """The whole lines of a definition, its documentation above it included."""
    lines, doc = parsed.snapshot.lines, definition.doc
    first = min(definition.range.start, doc.start if doc else definition.range.start)
    return ByteRange(lines.line_range(lines.line_of(first)).start, definition.range.end)


def _dedented(parsed: ParsedDocument, definition: Definition) -> str:
    text = parsed.text(_lines_of(parsed, definition)).replace("\r\n", "\n")
    return textwrap.dedent(text).rstrip()

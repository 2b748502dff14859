"""Gets the body of a function out of what a model wrote, where braces hold it together."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from scopewise.document import DocumentSnapshot
from scopewise.scope.imports import import_statements
from scopewise.syntax.indent import leading_blanks
from scopewise.syntax.tree import Definition, ParsedDocument, parse
from scopewise.text import ByteRange
from scopewise.verify.extract import code_block, trimmed, without_fences

_OPENING = frozenset({"{", "${", "#{"})


@dataclass(frozen=True)
class BracedAnswer:
    """What an answer says of one function."""

    body: str
    """The statements between the braces, as indented by the model."""
    imports: tuple[str, ...] = ()
    """The import statements above a function that was written as a whole."""


def braced_answer(parsed: ParsedDocument, definition: Definition, answer: str) -> BracedAnswer:
    """The body of `definition` in an answer that goes on inside its braces.

    What follows the closing brace is left out, and a missing one is no harm. A model that starts
    over and writes the whole function, or a whole file, is understood too.
    """
    answer = answer.replace("\r\n", "\n")
    return _whole(parsed, definition, answer) or BracedAnswer(_going_on(parsed, definition, answer))


def _going_on(parsed: ParsedDocument, definition: Definition, answer: str) -> str:
    head = f"{_around(parsed, definition)}{parsed.text(definition.signature)}{{"
    written = _parsed(parsed, f"{head}\n{without_fences(answer)}")
    start = len(head.encode())
    end = _end_of_braces(written, start - 1)
    return trimmed(written.source[start:end].decode())


def _whole(parsed: ParsedDocument, definition: Definition, answer: str) -> BracedAnswer | None:
    code = textwrap.dedent(code_block(answer)).strip("\n")
    around = _around(parsed, definition)
    # A tree has the function only where it stands in its class, and where its brace is closed.
    for closing in ("", "\n}", "\n}\n}"):
        for opening in ("", around) if around else ("",):
            written = _parsed(parsed, f"{opening}{code}{closing}")
            found = _definition_named(written, definition.name)
            end = _end_of_braces(written, found.body.start) if found else None
            # More than its own brace missing is an answer that was cut off in the middle.
            last = len(f"{opening}{code}".encode()) + 1
            if found is not None and end is not None and end <= last:
                if _is_helper(written, answer, end):
                    return None
                return BracedAnswer(_inside(written, found, end), import_statements(written))
    return None


def _inside(written: ParsedDocument, found: Definition, end: int) -> str:
    text = written.text(ByteRange(found.statements.start, end))
    if not text.split("\n", 1)[0].strip():
        return trimmed(text)
    # It begins beside the opening brace.
    first, line_break, rest = trimmed(text).partition("\n")
    following = next((line for line in rest.split("\n") if line.strip()), "")
    return f"{leading_blanks(following)}{first.lstrip()}{line_break}{rest}"


def _is_helper(written: ParsedDocument, answer: str, end: int) -> bool:
    """A function of the same name inside the body, and what is done with it."""
    after = written.source[end:].strip(b"} \t\r\n;`)")
    return answer[:1].isspace() and bool(after) and "```" not in answer


def _definition_named(written: ParsedDocument, name: str) -> Definition | None:
    for definition in written.definitions:
        is_here = definition.kind == "function" and definition.parent != "function"
        if is_here and definition.name == name and written.text(definition.body)[:1] == "{":
            return definition
    return None


def _around(parsed: ParsedDocument, definition: Definition) -> str:
    """The line that opens the class, or what else a method only stands in."""
    owner = parsed.owner(definition)
    if owner is None or owner.kind != "class":
        return ""
    return " ".join(parsed.text(owner.signature).split()) + " {\n"


def _parsed(parsed: ParsedDocument, code: str) -> ParsedDocument:
    language_id = min(parsed.language.language_ids)
    written = parse(DocumentSnapshot("scopewise:answer", code, language_id))
    assert written is not None
    return written


def _end_of_braces(written: ParsedDocument, start: int) -> int | None:
    """Where the brace stands that closes the one at byte `start`; None when none does."""
    depth = 0
    for leaf in written.leaves(ByteRange(start, len(written.source))):
        if leaf.type in _OPENING:
            depth += 1
        elif leaf.type == "}" and not leaf.is_missing:
            depth -= 1
            if depth == 0:
                return leaf.start_byte
    return None

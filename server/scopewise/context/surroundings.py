"""What a function needs to be understood, most important first, within a budget of tokens."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from scopewise.context.skeleton import Excerpt, in_short, skeleton
from scopewise.context.source import Source, sources_of
from scopewise.scope.imports import import_statements, imported_names
from scopewise.scope.lookup import Files, definition_behind
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

CountTokens = Callable[[Sequence[str]], Awaitable[list[int]]]

_MAX_CONSTANT = 160
_CONSTANT = re.compile(
    r"(?:[^=\n(]*?\b)??([A-Za-z_]\w*)\s*(?:\[[^]=\n]*\]\s*)?(?::[^=\n]+)?=(?!=)|#\s*define\s+(\w+)"
)
_NO_MEMBERS = "{\n    ...\n}"
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")


@dataclass(frozen=True)
class Piece:
    """Code that may go into a prompt."""

    what: str
    """For the trace: which rule chose it."""
    code: str
    sources: tuple[Source, ...] = field(default=(), compare=False)
    """Every stretch it was taken from."""


async def surroundings(
    parsed: ParsedDocument,
    definition: Definition,
    files: Files,
    count_tokens: CountTokens,
    budget_tokens: int,
) -> list[Piece]:
    """The pieces that fit the budget, in the order in which a reader wants them."""
    # In a thread: a long file has many definitions to look through.
    found = await asyncio.to_thread(lambda: list(_pieces(parsed, definition, files)))
    pieces = [replace(piece, code=piece.code.replace("\r\n", "\n")) for piece in found]
    counts = await count_tokens([piece.code for piece in pieces]) if pieces else []
    chosen = []
    for piece, count in zip(pieces, counts, strict=True):
        if count <= budget_tokens:
            chosen.append(piece)
            budget_tokens -= count
    return chosen


def class_skeleton(parsed: ParsedDocument, owner: Definition, without: str = "") -> str:
    """A class with its fields, its `__init__` and the signatures of its other methods."""
    return skeleton(parsed, owner, without).code


def signature_line(parsed: ParsedDocument, definition: Definition) -> str:
    """A definition in short: its header, an ellipsis, the first line of its docstring."""
    return in_short(parsed, definition).code


def imports_of(parsed: ParsedDocument) -> Excerpt:
    """The top-level import statements of a file, one below the other."""
    statements = import_statements(parsed)
    waiting, ranges = list(statements), []
    for child in parsed.root.named_children if waiting else []:
        # Some grammars count the line break to a directive.
        span = ByteRange(child.start_byte, child.end_byte)
        if waiting and parsed.text(span).rstrip() == waiting[0]:
            ranges.append(span)
            waiting.pop(0)
    return Excerpt(parsed, "\n".join(statements), tuple(ranges))


def is_empty(skeleton_of_class: Excerpt) -> bool:
    """Whether a skeleton in braces shows nothing but the name."""
    return skeleton_of_class.code.endswith(_NO_MEMBERS)


def _pieces(parsed: ParsedDocument, definition: Definition, files: Files) -> Iterator[Piece]:
    owner, fields_code = parsed.owner(definition), ""
    imports = imports_of(parsed)
    if imports.code:
        yield _piece("imports", imports)
    if owner is not None and owner.kind == "class":
        around = skeleton(parsed, owner, without=definition.name)
        fields_code = around.code
        if not is_empty(around):
            yield _piece("class", around)
    elif owner is not None:
        yield _piece("enclosing function", _whole(parsed, owner.range))
    signature = set(_WORD.findall(parsed.text(definition.header)))
    if owner is not None and parsed.language.block == "braces":
        # What an `impl` block stands for is defined elsewhere.
        signature |= set(_WORD.findall(parsed.text(owner.header)))
    doc = set(_WORD.findall(parsed.text(definition.doc))) if definition.doc else set()
    yield from _definitions_of(parsed, definition, owner, signature, files)
    fields = set(_WORD.findall(fields_code)) - signature
    yield from _definitions_of(parsed, definition, owner, fields, files)
    yield from _definitions_of(
        parsed, definition, owner, doc - signature - fields, files, is_brief=True
    )
    yield from _constants(parsed, signature | doc)


def _piece(what: str, excerpt: Excerpt) -> Piece:
    return Piece(what, excerpt.code, sources_of(excerpt.parsed.snapshot, excerpt.ranges))


def _whole(parsed: ParsedDocument, span: ByteRange) -> Excerpt:
    return Excerpt(parsed, parsed.text(span), (span,))


def _definitions_of(
    parsed: ParsedDocument,
    target: Definition,
    owner: Definition | None,
    names: set[str],
    files: Files,
    is_brief: bool = False,
) -> Iterator[Piece]:
    """The definitions of names, in this file or in a file of the workspace it imports from."""
    skipped = {target.range, owner.range if owner else target.range}
    for other in parsed.definitions:
        is_reachable = not other.parent and other.range not in skipped
        if is_reachable and other.name in names:
            yield _piece("named here", _shown(parsed, other, is_brief))
    for imported in imported_names(parsed):
        if imported.bound in names and (found := definition_behind(parsed, imported, files)):
            yield _piece("imported", _shown(*found, is_brief))


def _shown(parsed: ParsedDocument, definition: Definition, is_brief: bool) -> Excerpt:
    if definition.kind == "class" and not is_brief:
        return skeleton(parsed, definition)
    return in_short(parsed, definition)


def _constants(parsed: ParsedDocument, names: set[str]) -> Iterator[Piece]:
    """Short top-level assignments to names that signature or docstring mention."""
    is_python = parsed.language.block == "indent"
    pattern = re.compile(r"([A-Za-z_]\w*)\s*(?::[^=\n]+)?=") if is_python else _CONSTANT
    for child in parsed.root.named_children:
        span = ByteRange(child.start_byte, child.end_byte)
        text = parsed.text(span).strip()
        match = pattern.match(text)
        if match and names & set(match.groups()) and len(text) <= _MAX_CONSTANT:
            yield _piece("constant", Excerpt(parsed, text, (span,)))

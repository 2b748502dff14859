"""What a function needs to be understood, most important first, within a budget of tokens."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import tree_sitter

from scopewise.scope.imports import import_block, imported_names
from scopewise.scope.lookup import Files, definition_behind
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteEdit, ByteRange, apply_edits

CountTokens = Callable[[Sequence[str]], Awaitable[list[int]]]

_MAX_INIT_LINES = 30
_MAX_CONSTANT = 160
_ASSIGNMENT = re.compile(r"[A-Za-z_][\w, ]*(?::[^=\n]+)?=(?!=)|(?!try\b)[A-Za-z_]\w*\s*:")
_CONSTANT = re.compile(
    r"(?:[^=\n(]*?\b)??([A-Za-z_]\w*)\s*(?:\[[^]=\n]*\]\s*)?(?::[^=\n]+)?=(?!=)|#\s*define\s+(\w+)"
)
_NO_MEMBERS = "{\n    ...\n}"
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_COMMENT_MARK = re.compile(r"^\s*(#+|//[/!]?|/\*+!?|\*(?!/))\s?|\s*\*+/\s*$")


@dataclass(frozen=True)
class Piece:
    """Code that may go into a prompt."""

    what: str
    """For the trace: which rule chose it."""
    code: str


async def surroundings(
    parsed: ParsedDocument,
    definition: Definition,
    files: Files,
    count_tokens: CountTokens,
    budget_tokens: int,
) -> list[Piece]:
    """The pieces that fit the budget, in the order in which a reader wants them."""
    found = _pieces(parsed, definition, files)
    pieces = [Piece(piece.what, piece.code.replace("\r\n", "\n")) for piece in found]
    counts = await count_tokens([piece.code for piece in pieces]) if pieces else []
    chosen = []
    for piece, count in zip(pieces, counts, strict=True):
        if count <= budget_tokens:
            chosen.append(piece)
            budget_tokens -= count
    return chosen


def class_skeleton(parsed: ParsedDocument, owner: Definition, without: str = "") -> str:
    """A class with its fields, its `__init__` and the signatures of its other methods."""
    members = [d for d in parsed.definitions if _is_member(d, owner)]
    language = parsed.language
    lines: list[str] = []
    for node in _statements(parsed, owner.body):
        span = parsed.span(node)
        if node.type in language.comments | language.attributes:
            continue
        member = next((m for m in members if m.range.contains(span)), None)
        if member is None:
            lines += _field(parsed, span)
        elif member.name != without:
            lines += _member_lines(parsed, member)
    header = _header_lines(parsed, owner)
    inside = textwrap.indent("\n".join(lines) or "...", "    ").split("\n")
    if language.block == "indent":
        return "\n".join([*header, *inside])
    return "\n".join([*header[:-1], f"{header[-1]} {{", *inside, "}"])


def signature_line(parsed: ParsedDocument, definition: Definition) -> str:
    """A definition in short: its header, an ellipsis, the first line of its docstring."""
    doc = _first_doc_line(parsed, definition)
    header = "\n".join(_header_lines(parsed, definition))
    if parsed.language.block == "indent":
        return f"{header} ...{'  # ' + doc if doc else ''}"
    return f"{header} {{ ... }}{'  // ' + doc if doc else ''}"


def _pieces(parsed: ParsedDocument, definition: Definition, files: Files) -> Iterator[Piece]:
    owner, skeleton = parsed.owner(definition), ""
    imports = import_block(parsed)
    if imports:
        yield Piece("imports", imports)
    if owner is not None and owner.kind == "class":
        skeleton = class_skeleton(parsed, owner, without=definition.name)
        if not skeleton.endswith(_NO_MEMBERS):
            yield Piece("class", skeleton)
    elif owner is not None:
        yield Piece("enclosing function", parsed.text(owner.range))
    signature = set(_WORD.findall(parsed.text(definition.header)))
    if owner is not None and parsed.language.block == "braces":
        # What an `impl` block stands for is defined elsewhere.
        signature |= set(_WORD.findall(parsed.text(owner.header)))
    doc = set(_WORD.findall(parsed.text(definition.doc))) if definition.doc else set()
    yield from _definitions_of(parsed, definition, owner, signature, files)
    fields = set(_WORD.findall(skeleton)) - signature
    yield from _definitions_of(parsed, definition, owner, fields, files)
    yield from _definitions_of(
        parsed, definition, owner, doc - signature - fields, files, in_short=True
    )
    yield from _constants(parsed, signature | doc)


def _definitions_of(
    parsed: ParsedDocument,
    target: Definition,
    owner: Definition | None,
    names: set[str],
    files: Files,
    in_short: bool = False,
) -> Iterator[Piece]:
    """The definitions of names, in this file or in a file of the workspace it imports from."""
    skipped = {target.range, owner.range if owner else target.range}
    for other in parsed.definitions:
        is_reachable = not other.parent and other.range not in skipped
        if is_reachable and other.name in names:
            yield Piece("named here", _shown(parsed, other, in_short))
    for imported in imported_names(parsed):
        if imported.bound in names and (found := definition_behind(parsed, imported, files)):
            yield Piece("imported", _shown(*found, in_short))


def _shown(parsed: ParsedDocument, definition: Definition, in_short: bool) -> str:
    if definition.kind == "class" and not in_short:
        return class_skeleton(parsed, definition)
    return signature_line(parsed, definition)


def _constants(parsed: ParsedDocument, names: set[str]) -> Iterator[Piece]:
    """Short top-level assignments to names that signature or docstring mention."""
    is_python = parsed.language.block == "indent"
    pattern = re.compile(r"([A-Za-z_]\w*)\s*(?::[^=\n]+)?=") if is_python else _CONSTANT
    for child in parsed.root.named_children:
        text = parsed.text(ByteRange(child.start_byte, child.end_byte)).strip()
        match = pattern.match(text)
        if match and names & set(match.groups()) and len(text) <= _MAX_CONSTANT:
            yield Piece("constant", text)


def _is_member(definition: Definition, owner: Definition) -> bool:
    is_inside = owner.body.contains(definition.range)
    return is_inside and definition.qualified_name == f"{owner.qualified_name}.{definition.name}"


def _statements(parsed: ParsedDocument, body: ByteRange) -> list[tree_sitter.Node]:
    node = parsed.root.descendant_for_byte_range(body.start, body.end)
    # A block with one statement begins and ends where that does.
    while node is not None and node.parent and parsed.span(node.parent) == body:
        node = node.parent
    return node.named_children if node else []


def _field(parsed: ParsedDocument, span: ByteRange) -> list[str]:
    """A field on one line; a value of several lines is left out."""
    text = parsed.text(span)
    if parsed.language.block == "braces":
        # What ends a field is no part of it in some grammars.
        end = parsed.source[span.end : span.end + 1]
        return (
            [f"{text}{end.decode() if end in (b';', b',', b':') else ''}"]
            if "\n" not in text
            else []
        )
    match = _ASSIGNMENT.match(text)
    if match is None:
        return []
    return [text] if len(text.splitlines()) == 1 else [f"{match.group()} ..."]


def _header_lines(parsed: ParsedDocument, definition: Definition) -> list[str]:
    """The decorators, each on a line, and the signature on one, without comments."""
    spans = [ByteRange(definition.header.start, definition.signature.start), definition.signature]
    decorators, signature = (_without_comments(parsed, span) for span in spans)
    joined = re.sub(r"\s+", " ", signature).strip().replace("( ", "(").replace(" )", ")")
    return [line.strip() for line in decorators.splitlines() if line.strip()] + [joined]


def _without_comments(parsed: ParsedDocument, span: ByteRange) -> str:
    waiting, comments = [parsed.root], []
    while waiting:
        node = waiting.pop()
        if node.end_byte <= span.start or node.start_byte >= span.end:
            continue
        if node.type in parsed.language.comments:
            comments.append(ByteEdit(parsed.span(node).shifted(-span.start), ""))
        waiting.extend(node.children)
    return apply_edits(parsed.source[span.start : span.end], comments).decode()


def _member_lines(parsed: ParsedDocument, member: Definition) -> list[str]:
    if member.name in ("__init__", "constructor"):
        whole = _dedented_lines(parsed, member)
        if len(whole) <= _MAX_INIT_LINES:
            return whole
    return signature_line(parsed, member).split("\n")


def _dedented_lines(parsed: ParsedDocument, member: Definition) -> list[str]:
    start = parsed.source.rfind(b"\n", 0, member.range.start) + 1
    return textwrap.dedent(parsed.text(ByteRange(start, member.range.end))).splitlines()


def _first_doc_line(parsed: ParsedDocument, definition: Definition) -> str:
    if definition.doc is None:
        return ""
    text = parsed.text(definition.doc)
    if parsed.language.doc_placement == "above":
        lines = (_COMMENT_MARK.sub("", line).strip() for line in text.splitlines())
        return next((line for line in lines if line), "")
    text = text.strip("rRuUbB").strip("\"'").strip()
    return text.splitlines()[0].strip() if text else ""

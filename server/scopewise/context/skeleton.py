"""Definitions in short, for where there is no room for the whole."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

import tree_sitter

from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteEdit, ByteRange, apply_edits

_MAX_INIT_LINES = 30
_INITIALIZERS = ("__init__", "constructor")
_ASSIGNMENT = re.compile(r"[A-Za-z_][\w, ]*(?::[^=\n]+)?=(?!=)|(?!try\b)[A-Za-z_]\w*\s*:")
_COMMENT_MARK = re.compile(r"^\s*(#+|//[/!]?|/\*+!?|\*(?!/))\s?|\s*\*+/\s*$")


@dataclass(frozen=True)
class Excerpt:
    """Code of a document, cut to what matters, and the ranges it was taken from."""

    parsed: ParsedDocument
    code: str
    ranges: tuple[ByteRange, ...]


def skeleton(parsed: ParsedDocument, owner: Definition, without: str = "") -> Excerpt:
    """A class with its fields, its `__init__` and the signatures of its other methods."""
    members = [d for d in parsed.definitions if _is_member(d, owner)]
    language = parsed.language
    inside: list[Excerpt] = []
    for node in _statements(parsed, owner.body):
        span = parsed.span(node)
        if node.type in language.comments | language.attributes:
            continue
        member = next((m for m in members if m.range.contains(span)), None)
        if member is None:
            inside += _field(parsed, span)
        elif member.name != without:
            inside.append(_member(parsed, member))
    code = textwrap.indent("\n".join(part.code for part in inside) or "...", "    ")
    header = _header(parsed, owner)
    ranges = (*header.ranges, *(span for part in inside for span in part.ranges))
    if language.block == "indent":
        return Excerpt(parsed, f"{header.code}\n{code}", ranges)
    return Excerpt(parsed, f"{header.code} {{\n{code}\n}}", ranges)


def in_short(parsed: ParsedDocument, definition: Definition) -> Excerpt:
    """A definition in short: its header, an ellipsis, the first line of its docstring."""
    doc, span = _first_doc_line(parsed, definition)
    header = _header(parsed, definition)
    ranges = header.ranges if span is None else (*header.ranges, span)
    if parsed.language.block == "indent":
        return Excerpt(parsed, f"{header.code} ...{'  # ' + doc if doc else ''}", ranges)
    return Excerpt(parsed, f"{header.code} {{ ... }}{'  // ' + doc if doc else ''}", ranges)


def fields_text(parsed: ParsedDocument, owner: Definition) -> str:
    """What a class says of the data its objects hold: its fields and its `__init__`."""
    members = [d for d in parsed.definitions if _is_member(d, owner)]
    shown = []
    for node in _statements(parsed, owner.body):
        span = parsed.span(node)
        member = next((m for m in members if m.range.contains(span)), None)
        is_data = member is None or member.name in _INITIALIZERS
        if is_data and node.type not in parsed.language.comments:
            shown.append(parsed.text(span))
    return "\n".join(shown)


def _is_member(definition: Definition, owner: Definition) -> bool:
    is_inside = owner.body.contains(definition.range)
    return is_inside and definition.qualified_name == f"{owner.qualified_name}.{definition.name}"


def _statements(parsed: ParsedDocument, body: ByteRange) -> list[tree_sitter.Node]:
    node = parsed.root.descendant_for_byte_range(body.start, body.end)
    # A block with one statement begins and ends where that does.
    while node is not None and node.parent and parsed.span(node.parent) == body:
        node = node.parent
    return node.named_children if node else []


def _field(parsed: ParsedDocument, span: ByteRange) -> list[Excerpt]:
    """A field on one line; a value of several lines is left out."""
    text = parsed.text(span)
    is_one_line = len(text.splitlines()) == 1
    if parsed.language.block == "braces":
        # What ends a field is no part of it in some grammars.
        end = parsed.source[span.end : span.end + 1]
        ending = end.decode() if end in (b";", b",", b":") else ""
        return [Excerpt(parsed, f"{text}{ending}", (span,))] if "\n" not in text else []
    match = _ASSIGNMENT.match(text)
    if match is None:
        return []
    if is_one_line:
        return [Excerpt(parsed, text, (span,))]
    target = ByteRange(span.start, span.start + len(match.group().encode()))
    return [Excerpt(parsed, f"{match.group()} ...", (target,))]


def _header(parsed: ParsedDocument, definition: Definition) -> Excerpt:
    """The decorators, each on a line, and the signature on one, without comments."""
    spans = [ByteRange(definition.header.start, definition.signature.start), definition.signature]
    decorators, signature = (_without_comments(parsed, span) for span in spans)
    joined = re.sub(r"\s+", " ", signature).strip().replace("( ", "(").replace(" )", ")")
    lines = [line.strip() for line in decorators.splitlines() if line.strip()] + [joined]
    span = ByteRange(definition.header.start, code_end(parsed, definition.signature))
    return Excerpt(parsed, "\n".join(lines), (span,))


def code_end(parsed: ParsedDocument, span: ByteRange) -> int:
    """Where the code of a range ends: blanks and comments may follow."""
    end = span.end
    for comment in reversed([*_comments(parsed, span), ByteRange(span.end, span.end)]):
        if parsed.source[comment.end : end].strip():
            break
        end = comment.start
    return span.start + len(parsed.source[span.start : end].rstrip())


def _comments(parsed: ParsedDocument, span: ByteRange) -> list[ByteRange]:
    waiting, comments = [parsed.root], []
    while waiting:
        node = waiting.pop()
        if node.end_byte <= span.start or node.start_byte >= span.end:
            continue
        if node.type in parsed.language.comments:
            comments.append(parsed.span(node))
        waiting.extend(node.children)
    return sorted(comments)


def _without_comments(parsed: ParsedDocument, span: ByteRange) -> str:
    edits = [ByteEdit(found.shifted(-span.start), "") for found in _comments(parsed, span)]
    return apply_edits(parsed.source[span.start : span.end], edits).decode()


def _member(parsed: ParsedDocument, member: Definition) -> Excerpt:
    if member.name in _INITIALIZERS:
        whole = _dedented(parsed, member)
        if len(whole.splitlines()) <= _MAX_INIT_LINES:
            return Excerpt(parsed, "\n".join(whole.splitlines()), (member.range,))
    return in_short(parsed, member)


def _dedented(parsed: ParsedDocument, member: Definition) -> str:
    start = parsed.source.rfind(b"\n", 0, member.range.start) + 1
    return textwrap.dedent(parsed.text(ByteRange(start, member.range.end)))


def _first_doc_line(parsed: ParsedDocument, definition: Definition) -> tuple[str, ByteRange | None]:
    """The first line that says something, and where its text stands; nothing without any."""
    if definition.doc is None:
        return "", None
    text = parsed.text(definition.doc)
    if parsed.language.doc_placement == "above":
        lines = (_COMMENT_MARK.sub("", line).strip() for line in text.splitlines())
        doc = next((line for line in lines if line), "")
    else:
        inside = text.strip("rRuUbB").strip("\"'").strip()
        doc = inside.splitlines()[0].strip() if inside else ""
    start = parsed.source.find(doc.encode(), definition.doc.start) if doc else -1
    return doc, ByteRange(start, start + len(doc.encode())) if start >= 0 else None

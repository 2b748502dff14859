"""A parsed document: the tree, the definitions in it, and how to keep it up to date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import tree_sitter

from scopewise.document import DocumentSnapshot
from scopewise.syntax.languages import Language, language_of
from scopewise.text import ByteRange


@dataclass(frozen=True)
class Definition:
    """A function or a class and where its parts stand, in bytes of the document."""

    kind: str
    """`function` or `class`."""
    name: str
    qualified_name: str
    """With the names of the classes and functions around it: `Cart.total`."""
    range: ByteRange
    """With decorators."""
    header: ByteRange
    """From the first decorator up to the body: decorators and signature."""
    signature: ByteRange
    """The header without decorators."""
    name_range: ByteRange
    body: ByteRange
    doc: ByteRange | None
    stubs: tuple[ByteRange, ...]
    """The statements, or asking comments, that stand in for a body not written yet."""
    is_stub: bool
    """There is nothing in the body but docstring, comments and `stubs`."""
    parent: str
    """The kind of the definition directly around it, empty at the top of the file."""


class ParsedDocument:
    """A snapshot with its syntax tree."""

    def __init__(
        self, snapshot: DocumentSnapshot, language: Language, tree: tree_sitter.Tree
    ) -> None:
        self.snapshot = snapshot
        self.language = language
        self.tree = tree

    @property
    def source(self) -> bytes:
        return self.snapshot.source

    @property
    def root(self) -> tree_sitter.Node:
        return self.tree.root_node

    def text(self, span: ByteRange) -> str:
        return self.source[span.start : span.end].decode("utf-8", errors="replace")

    def span(self, node: tree_sitter.Node) -> ByteRange:
        """The bytes of a node, without the carriage return that grammars count to a comment."""
        is_past_line = self.source[node.start_byte : node.end_byte].endswith(b"\r")
        return ByteRange(node.start_byte, node.end_byte - is_past_line)

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Every definition, in order of appearance, outer ones before those inside them."""
        cursor = tree_sitter.QueryCursor(self.language.functions)
        nodes = [
            node
            for _, captures in cursor.matches(self.root)
            for name in ("definition.function", "definition.class")
            for node in captures.get(name, [])
        ]
        nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
        return tuple(self._definition(node) for node in nodes)

    def definition_at(self, span: ByteRange) -> Definition | None:
        """The innermost definition around a range, looking at nothing else of the tree."""
        return next(self.definitions_around(span), None)

    def definitions_around(self, span: ByteRange) -> Iterator[Definition]:
        """The definitions around a range, innermost first.

        A cursor on the indentation, the decorators or the trailing comment of a definition's lines
        counts as inside it.
        """
        anchor, least_column = self._anchor(span)
        node = self.root.named_descendant_for_byte_range(anchor.start, anchor.end)
        while node is not None:
            inner = self._unwrapped(node)
            if inner is not None and self._is_definition(inner):
                is_inside = inner.start_byte <= span.start < inner.end_byte
                if is_inside or inner.start_point.column < least_column:
                    yield self._definition(inner)
                node = _wrapped(inner, self.language)
            node = node.parent

    def find(self, qualified_name: str) -> Definition | None:
        """The last definition of that name, as the last one wins at run time."""
        for definition in reversed(self.definitions):
            if definition.qualified_name == qualified_name:
                return definition
        return None

    def counterpart(self, before: ParsedDocument, definition: Definition) -> Definition | None:
        """What became of a definition of an earlier text; of equal names the one of equal rank.

        A property and its setter have equal names, as overloads have.
        """
        name = definition.qualified_name
        ranks = [d.range for d in before.definitions if d.qualified_name == name]
        same = [d for d in self.definitions if d.qualified_name == name]
        return same[ranks.index(definition.range)] if len(same) == len(ranks) else None

    def error_ranges(self) -> list[ByteRange]:
        """Where the text does not parse: error nodes and missing tokens."""
        return list(_errors_below(self.root))

    # Below

    def _anchor(self, span: ByteRange) -> tuple[ByteRange, int]:
        """Text a range belongs to, and the column that definitions above it must lie left of.

        Blanks belong to no node: an empty range is moved onto the text of its line, and from an
        empty line, where people are about to type, to the text above it.
        """
        anywhere = 1 << 30
        if not span.is_empty:
            return span, anywhere
        index = self.snapshot.lines
        number = index.line_of(span.start)
        line = self._trimmed_line(number)
        if not line.is_empty:
            start = min(max(span.start, line.start), line.end - 1)
            return ByteRange(start, start), anywhere
        column = span.start - index.line_range(number).start
        while number > 0 and line.is_empty:
            number -= 1
            line = self._trimmed_line(number)
        return ByteRange(max(line.end - 1, 0), max(line.end - 1, 0)), column

    def _trimmed_line(self, number: int) -> ByteRange:
        line = self.snapshot.lines.line_range(number)
        text = self.source[line.start : line.end]
        start = line.start + len(text) - len(text.lstrip())
        return ByteRange(start, max(start, line.start + len(text.rstrip())))

    def _unwrapped(self, node: tree_sitter.Node) -> tree_sitter.Node | None:
        if node.type in self.language.wrappers:
            return node.child_by_field_name("definition")
        return node

    def _is_definition(self, node: tree_sitter.Node) -> bool:
        return node.type in self.language.definitions and bool(self._captures(node))

    def _captures(self, node: tree_sitter.Node) -> dict[str, tree_sitter.Node]:
        """Captures of the patterns that begin at this very node."""
        cursor = tree_sitter.QueryCursor(self.language.functions)
        cursor.set_max_start_depth(0)
        merged: dict[str, tree_sitter.Node] = {}
        for _, captures in cursor.matches(node):
            for name, nodes in captures.items():
                merged.setdefault(name, nodes[0])
        return merged

    def _definition(self, node: tree_sitter.Node) -> Definition:
        captures = self._captures(node)
        body, name = captures["body"], captures["name"]
        outer = _wrapped(node, self.language)
        doc = captures.get("doc")
        stubs, is_stub = self._stubs(body, doc)
        around = [ancestor for ancestor in _ancestors(node) if self._is_definition(ancestor)]
        names = [self._name(ancestor) for ancestor in reversed(around)]
        return Definition(
            kind=_kind(captures),
            name=self.text(self.span(name)),
            qualified_name=".".join([*names, self.text(self.span(name))]),
            range=self.span(outer),
            header=ByteRange(outer.start_byte, body.start_byte),
            signature=ByteRange(node.start_byte, body.start_byte),
            name_range=self.span(name),
            body=self.span(body),
            doc=self.span(doc) if doc is not None else None,
            stubs=stubs,
            is_stub=is_stub,
            parent=_kind(self._captures(around[0])) if around else "",
        )

    def _name(self, node: tree_sitter.Node) -> str:
        return self.text(self.span(self._captures(node)["name"]))

    def _stubs(
        self, body: tree_sitter.Node, doc: tree_sitter.Node | None
    ) -> tuple[tuple[ByteRange, ...], bool]:
        cursor = tree_sitter.QueryCursor(self.language.functions)
        cursor.set_max_start_depth(0)
        found = {
            node.id for _, captures in cursor.matches(body) for node in captures.get("stub", [])
        }
        stubs, is_stub = [], True
        asks = re.compile(self.language.stub_comment, re.IGNORECASE)
        for child in body.named_children:
            is_doc = doc is not None and child.start_byte == doc.start_byte
            if child.type in self.language.comments:
                if asks.match(self.text(self.span(child))):
                    stubs.append(self.span(child))
            elif child.id in found or any(inner.id in found for inner in child.named_children):
                stubs.append(self.span(child))
            elif not is_doc:
                is_stub = False
        return tuple(stubs), is_stub


def parse(
    snapshot: DocumentSnapshot, previous: ParsedDocument | None = None
) -> ParsedDocument | None:
    """The parsed document, or None when there is no grammar for its language.

    With an earlier parse of the same document only what changed is parsed again.
    """
    language = language_of(snapshot)
    if language is None:
        return None
    old_tree = None
    if previous is not None and previous.language is language:
        if previous.source == snapshot.source:
            return ParsedDocument(snapshot, language, previous.tree)
        old_tree = _edited(previous, snapshot)
    return ParsedDocument(snapshot, language, language.parse(snapshot.source, old_tree))


def _edited(previous: ParsedDocument, snapshot: DocumentSnapshot) -> tree_sitter.Tree:
    """The old tree, told of one edit that covers everything that changed."""
    old, new = previous.source, snapshot.source
    start = _common_length(old, new)
    rest = min(len(old), len(new)) - start
    tail = _common_length(old[len(old) - rest :][::-1], new[len(new) - rest :][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    tree = previous.tree.copy()
    tree.edit(
        start_byte=start,
        old_end_byte=old_end,
        new_end_byte=new_end,
        start_point=_point(previous.snapshot, start),
        old_end_point=_point(previous.snapshot, old_end),
        new_end_point=_point(snapshot, new_end),
    )
    return tree


def _common_length(left: bytes, right: bytes) -> int:
    """Length of the common prefix, by halving: comparing slices is much faster than a loop."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _point(snapshot: DocumentSnapshot, offset: int) -> tree_sitter.Point:
    line_start = snapshot.source.rfind(b"\n", 0, offset) + 1
    return tree_sitter.Point(snapshot.source.count(b"\n", 0, offset), offset - line_start)


def _kind(captures: dict[str, tree_sitter.Node]) -> str:
    return "class" if "definition.class" in captures else "function"


def _ancestors(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    ancestor = node.parent
    while ancestor is not None:
        yield ancestor
        ancestor = ancestor.parent


def _wrapped(node: tree_sitter.Node, language: Language) -> tree_sitter.Node:
    parent = node.parent
    if parent is not None and parent.type in language.wrappers:
        return parent
    return node


def _errors_below(node: tree_sitter.Node) -> Iterator[ByteRange]:
    # Without recursion: a long sum alone is nested deeper than Python's stack.
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield ByteRange(node.start_byte, node.end_byte)
        elif node.has_error:
            waiting.extend(reversed(node.children))

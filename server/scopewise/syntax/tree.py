"""A parsed document: the tree, the definitions in it, and how to keep it up to date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import tree_sitter

from scopewise.document import DocumentSnapshot
from scopewise.syntax.languages import Language, language_of
from scopewise.text import ByteRange, line_around

_DIRECTIVE = re.compile(
    r"/[/*]!|\W*(TODO\b|FIXME\b|XXX\b|@ts-|eslint|tslint|jshint|prettier|biome|istanbul|c8 ignore|"
    r"v8 ignore|global |noinspection|clang-format|NOLINT|nolint|cppcheck|IWYU|go:|\+build|"
    r"region\b|endregion\b|rustfmt|checkstyle|spotless|copyright\b|licen[sc]e|SPDX)",
    re.IGNORECASE,
)
"""Comments for tools, for lawyers and for later, which document nothing."""


@dataclass(frozen=True)
class Definition:
    """A function or a class and where its parts stand, in bytes of the document."""

    kind: str
    """`function` or `class`."""
    name: str
    qualified_name: str
    """With the names of the classes and functions around it: `Cart.total`."""
    range: ByteRange
    """With decorators, and with the comments above that document it."""
    header: ByteRange
    """From the first decorator up to the body: decorators and signature."""
    signature: ByteRange
    """The header without decorators."""
    name_range: ByteRange
    body: ByteRange
    """With its braces, where a language has them."""
    doc: ByteRange | None
    """The docstring, or the comments above."""
    stubs: tuple[ByteRange, ...]
    """The statements, or asking comments, that stand in for a body not written yet."""
    is_stub: bool
    """There is nothing in the body but docstring, comments and `stubs`."""
    statements: ByteRange
    """The body below its docstring, or inside its braces, blanks and comments included."""
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
        """The bytes of a node, without the line break that grammars count to a comment."""
        text = self.source[node.start_byte : node.end_byte]
        breaks = b"\r\n" if node.type in self.language.comments else b"\r"
        return ByteRange(node.start_byte, node.start_byte + len(text.rstrip(breaks)))

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Every definition, in order of appearance, outer ones before those inside them."""
        cursor = tree_sitter.QueryCursor(self.language.functions)
        found = {
            node.id: node
            for _, captures in cursor.matches(self.root)
            for name in ("definition.function", "definition.class")
            for node in captures.get(name, [])
        }
        nodes = sorted(found.values(), key=lambda node: (node.start_byte, -node.end_byte))
        return tuple(self._definition(node) for node in nodes)

    def definition_at(self, span: ByteRange) -> Definition | None:
        """The innermost definition around a range, looking at nothing else of the tree."""
        return next(self.definitions_around(span), None)

    def definitions_around(self, span: ByteRange) -> Iterator[Definition]:
        """The definitions around a range, innermost first.

        A cursor on the indentation, the decorators, the comments above that document it or the
        trailing comment of a definition's lines counts as inside it.
        """
        anchor, least_column = self._anchor(span)
        node = self.root.named_descendant_for_byte_range(anchor.start, anchor.end)
        while node is not None:
            inner = self._unwrapped(self._below(node))
            if inner is not None and self._is_definition(inner):
                is_inside = inner.start_byte <= span.start < inner.end_byte
                if is_inside or inner.start_point.column < least_column:
                    definition = self._definition(inner)
                    if node.end_byte > inner.start_byte or definition.range.contains(anchor):
                        yield definition
                node = _wrapped(inner, self.language)
            node = node.parent

    def holds_definition(self, node: tree_sitter.Node) -> bool:
        """Whether a node is a definition, or wraps one."""
        inner = self._unwrapped(node)
        return inner is not None and self._is_definition(inner)

    def owner(self, definition: Definition) -> Definition | None:
        """The definition directly around another."""
        around = self.definitions_around(definition.name_range)
        return next((d for d in around if d.body.contains(definition.range)), None)

    def find(self, qualified_name: str) -> Definition | None:
        """The last definition of that name, as the last one wins at run time."""
        return self._last_of_name.get(qualified_name)

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

    def leaves(
        self, span: ByteRange, skipped: frozenset[str] = frozenset()
    ) -> Iterator[tree_sitter.Node]:
        """The nodes in a range that hold no others, in order of appearance."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            is_outside = node.end_byte <= span.start or node.start_byte >= span.end
            if is_outside or node.type in skipped:
                continue
            if node.child_count:
                waiting.extend(reversed(node.children))
            elif span.contains(ByteRange(node.start_byte, node.end_byte)):
                yield node

    def tokens(self, span: ByteRange) -> list[str]:
        """The tokens in a range without comments and blanks."""
        leaves = self.leaves(span, self.language.comments)
        return [self.text(ByteRange(leaf.start_byte, leaf.end_byte)) for leaf in leaves]

    # Below

    @cached_property
    def _last_of_name(self) -> dict[str, Definition]:
        return {definition.qualified_name: definition for definition in self.definitions}

    def _anchor(self, span: ByteRange) -> tuple[ByteRange, int]:
        """Text a range belongs to, and the column that definitions above it must lie left of.

        Blanks belong to no node: an empty range is moved onto the text of its line, and from an
        empty line, where people are about to type, to the text above it.
        """
        anywhere = 1 << 30
        if not span.is_empty:
            return span, anywhere
        whole = line_around(self.source, span.start)
        line = self._trimmed(whole)
        if not line.is_empty:
            start = min(max(span.start, line.start), line.end - 1)
            return ByteRange(start, start), anywhere
        # Indentation says nothing where braces do.
        is_indented = self.language.block == "indent"
        column = span.start - whole.start if is_indented else 0
        while whole.start > 0 and line.is_empty:
            whole = line_around(self.source, whole.start - 1)
            line = self._trimmed(whole)
        return ByteRange(max(line.end - 1, 0), max(line.end - 1, 0)), column

    def _trimmed(self, line: ByteRange) -> ByteRange:
        text = self.source[line.start : line.end]
        start = line.start + len(text) - len(text.lstrip())
        return ByteRange(start, max(start, line.start + len(text.rstrip())))

    def _below(self, node: tree_sitter.Node) -> tree_sitter.Node:
        """The node below comments and attributes, which may document it; the node itself else."""
        above = self.language.attributes
        if self.language.doc_placement == "above":
            above = above | self.language.comments
        below: tree_sitter.Node | None = node
        while below is not None and below.type in above:
            below = below.next_named_sibling
        return below or node

    def _unwrapped(self, node: tree_sitter.Node) -> tree_sitter.Node | None:
        """The definition inside of wrappers; None when that cannot be told."""
        while node.type in self.language.wrappers:
            kinds = self.language.wrappers | self.language.definitions
            inner = [child for child in node.named_children if child.type in kinds]
            if len(inner) != 1:
                return None
            node = inner[0]
        return node

    def _is_definition(self, node: tree_sitter.Node) -> bool:
        return node.type in self.language.definitions and "body" in self._captures(node)

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
        start, doc = self._above(outer)
        if "doc" in captures:
            doc = self.span(captures["doc"])
        stubs, is_stub = self._stubs(body, doc)
        around = [ancestor for ancestor in _ancestors(node) if self._is_definition(ancestor)]
        names = [self._name(ancestor) for ancestor in reversed(around)]
        is_indented = self.language.block == "indent"
        return Definition(
            kind=_kind(captures),
            name=self.text(self.span(name)),
            qualified_name=".".join([*names, self.text(self.span(name))]),
            range=ByteRange(min(start, doc.start if doc else start), self.span(outer).end),
            header=ByteRange(start, body.start_byte),
            signature=ByteRange((node if is_indented else outer).start_byte, body.start_byte),
            name_range=self.span(name),
            body=self.span(body),
            doc=doc,
            stubs=stubs,
            is_stub=is_stub,
            statements=self._inside(self.span(body), doc),
            parent=_kind(self._captures(around[0])) if around else "",
        )

    def _above(self, outer: tree_sitter.Node) -> tuple[int, ByteRange | None]:
        """Where the attributes above a definition begin, and the comments that document it."""
        start, below = outer.start_byte, outer
        comments: list[ByteRange] = []
        while (above := below.prev_sibling) is not None and self._is_joined(above, below):
            if above.type in self.language.attributes:
                start = above.start_byte
            elif above.type in self.language.comments and self.language.doc_placement == "above":
                comments.append(self.span(above))
            else:
                break
            below = above
        comments = self._documenting(comments)
        doc = ByteRange(comments[-1].start, comments[0].end) if comments else None
        return start, doc

    def _is_joined(self, above: tree_sitter.Node, below: tree_sitter.Node) -> bool:
        """Nothing stands left of a node and no blank line between it and the next one."""
        line_start = self.source.rfind(b"\n", 0, above.start_byte) + 1
        between = self.source[self.span(above).end : below.start_byte]
        is_first = not self.source[line_start : above.start_byte].strip()
        return is_first and not between.strip() and between.count(b"\n") <= 1

    def _documenting(self, comments: list[ByteRange]) -> list[ByteRange]:
        """The comments that document what stands below them: those of the language's own form, or
        where there are none, those that are meant for readers."""
        formal = re.compile(self.language.doc_comment)
        found = [span for span in comments if formal.search(self.text(span))]
        if found:
            return found
        plain = [span for span in comments if not _DIRECTIVE.match(self.text(span))]
        n_words = sum(len(re.findall(r"[^\W\d_]+", self.text(span))) for span in plain)
        return plain if n_words > 1 else []

    def _inside(self, body: ByteRange, doc: ByteRange | None) -> ByteRange:
        if self.language.block == "indent":
            is_below = doc is not None and body.contains(doc)
            return ByteRange(doc.end if doc and is_below else body.start, body.end)
        text = self.source[body.start : body.end]
        is_closed = len(text) > 1 and text.endswith(b"}")
        return ByteRange(body.start + text.startswith(b"{"), body.end - is_closed)

    def _name(self, node: tree_sitter.Node) -> str:
        return self.text(self.span(self._captures(node)["name"]))

    def _stubs(
        self, body: tree_sitter.Node, doc: ByteRange | None
    ) -> tuple[tuple[ByteRange, ...], bool]:
        cursor = tree_sitter.QueryCursor(self.language.functions)
        cursor.set_max_start_depth(0)
        found = {
            node.id for _, captures in cursor.matches(body) for node in captures.get("stub", [])
        }
        stubs: list[ByteRange] = []
        # A body without braces is an expression, and is all there is to write.
        is_stub = self.language.block == "indent" or self.text(self.span(body)).startswith("{")
        asks = re.compile(self.language.stub_comment, re.IGNORECASE)
        for child in self._statements(body):
            is_doc = doc is not None and child.start_byte == doc.start
            if child.type in self.language.comments:
                if asks.match(self.text(self.span(child))):
                    stubs.append(self.span(child))
            elif child.id in found or any(inner.id in found for inner in child.named_children):
                stubs.append(self.span(child))
            elif not is_doc:
                is_stub = False
        return tuple(stubs), is_stub

    def _statements(self, body: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
        for child in body.named_children:
            if child.type in self.language.statement_lists:
                yield from child.named_children
            else:
                yield child


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
    row = old.count(b"\n", 0, start)
    tree = previous.tree.copy()
    tree.edit(
        start_byte=start,
        old_end_byte=old_end,
        new_end_byte=new_end,
        start_point=_point(old, start, row),
        old_end_point=_point(old, old_end, row + old.count(b"\n", start, old_end)),
        new_end_point=_point(new, new_end, row + new.count(b"\n", start, new_end)),
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


def _point(source: bytes, offset: int, row: int) -> tree_sitter.Point:
    return tree_sitter.Point(row, offset - (source.rfind(b"\n", 0, offset) + 1))


def _kind(captures: dict[str, tree_sitter.Node]) -> str:
    return "class" if "definition.class" in captures else "function"


def _ancestors(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    ancestor = node.parent
    while ancestor is not None:
        yield ancestor
        ancestor = ancestor.parent


def _wrapped(node: tree_sitter.Node, language: Language) -> tree_sitter.Node:
    """The outermost node that holds nothing else but what belongs to a definition."""
    parent = node.parent
    while parent is not None and parent.type in language.wrappers:
        if sum(child.type == node.type for child in parent.named_children) > 1:
            break
        node, parent = parent, parent.parent
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

"""The classes of a Python file: their bases, their members, and who is called `self` where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

import tree_sitter

from scopewise.syntax.languages import Language
from scopewise.syntax.scopes import NameDefinition, definitions
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange

_ATTRIBUTES = "(attribute object: (_) @object attribute: (identifier) @member) @attribute"
_CLASSES = """
(class_definition name: (identifier) @name superclasses: (argument_list)? @bases) @class
"""
_METHODS = """
(function_definition parameters: (parameters . [
  (identifier) @receiver
  (typed_parameter . (identifier) @receiver)
])) @method
"""
_WRITING = {
    "assignment": "left",
    "augmented_assignment": "left",
    "for_statement": "left",
    "delete_statement": None,
    "as_pattern_target": None,
}
"""Nodes that bind what stands in them, or in one field of them."""
_PATTERNS = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern"})


@dataclass(frozen=True)
class PythonClass:
    name: str
    """Qualified."""
    span: ByteRange
    bases: tuple[tree_sitter.Node, ...]
    """The expressions it is derived from."""
    members: Mapping[str, ByteRange]
    """Where each is bound first: in the body, or as an attribute of a receiver."""


@dataclass(frozen=True)
class PythonClasses:
    """The classes of a file by where they stand and by who stands for them."""

    by_span: Mapping[ByteRange, PythonClass]
    receivers: Mapping[ByteRange, PythonClass]
    """By the identifier of the parameter: `self` and `cls`, whatever they are called."""

    def around(self, span: ByteRange) -> PythonClass | None:
        """The innermost class around a range, not counting the range itself."""
        around = [c for c in self.by_span.values() if c.span.contains(span) and c.span != span]
        return max(around, key=lambda c: c.span.start, default=None)

    def named(self, definition: NameDefinition) -> PythonClass | None:
        """The class that a definition names."""
        around = [c for c in self.by_span.values() if c.span.contains(definition.span)]
        return max(around, key=lambda c: c.span.start, default=None)


_known: WeakKeyDictionary[ParsedDocument, PythonClasses] = WeakKeyDictionary()
"""One entry a document, as it never changes: every analysis of its functions needs it."""


def classes_of(parsed: ParsedDocument) -> PythonClasses:
    """Every class of a Python file."""
    if parsed not in _known:
        _known[parsed] = _read(parsed)
    return _known[parsed]


def attributes(
    parsed: ParsedDocument, node: tree_sitter.Node, span: ByteRange | None = None
) -> Iterator[tree_sitter.Node]:
    """The attribute expressions in a node or a range of it, outer ones before inner ones."""
    for attribute, _ in _matches(parsed, _ATTRIBUTES, node, "attribute", span):
        yield attribute


def annotation_spans(parsed: ParsedDocument, span: ByteRange) -> Iterator[ByteRange]:
    """The annotations in a range."""
    for node, _ in _matches(parsed, "(type) @annotation", parsed.root, "annotation", span):
        yield span_of_node(node)


def is_written(node: tree_sitter.Node) -> bool:
    """Whether an expression is bound or deleted rather than read."""
    parent = node.parent
    while parent is not None and parent.type in _PATTERNS:
        node, parent = parent, parent.parent
    if parent is None or parent.type not in _WRITING:
        return False
    field = _WRITING[parent.type]
    return field is None or parent.child_by_field_name(field) == node


def span_of_node(node: tree_sitter.Node) -> ByteRange:
    return ByteRange(node.start_byte, node.end_byte)


# Below


def _read(parsed: ParsedDocument) -> PythonClasses:
    methods: dict[ByteRange, list[tuple[tree_sitter.Node, tree_sitter.Node]]] = {}
    for receiver, method, owner in _receivers(parsed):
        methods.setdefault(owner, []).append((receiver, method))
    by_span = {}
    for node, captures in _matches(parsed, _CLASSES, parsed.root, "class"):
        span = span_of_node(node)
        by_span[span] = PythonClass(
            name=_qualified_name(parsed, node),
            span=span,
            bases=tuple(_bases(captures)),
            members=_members(parsed, span, methods.get(span, [])),
        )
    receivers = {
        span_of_node(receiver): by_span[owner]
        for owner, pairs in methods.items()
        for receiver, _ in pairs
    }
    return PythonClasses(by_span, receivers)


def _receivers(
    parsed: ParsedDocument,
) -> Iterator[tuple[tree_sitter.Node, tree_sitter.Node, ByteRange]]:
    """First parameters, with their method and the class of it."""
    for method, captures in _matches(parsed, _METHODS, parsed.root, "method"):
        owner = _owner(method)
        if owner is not None and not _is_static(parsed, method):
            yield captures["receiver"][0], method, span_of_node(owner)


def _owner(method: tree_sitter.Node) -> tree_sitter.Node | None:
    """The class a function is a method of."""
    around = method.parent
    while around is not None and around.type not in ("class_definition", "function_definition"):
        around = around.parent
    return around if around is not None and around.type == "class_definition" else None


def _is_static(parsed: ParsedDocument, method: tree_sitter.Node) -> bool:
    parent = method.parent
    if parent is None or parent.type != "decorated_definition":
        return False
    decorators = [child for child in parent.children if child.type == "decorator"]
    return any(parsed.text(span_of_node(node)).strip() == "@staticmethod" for node in decorators)


def _members(
    parsed: ParsedDocument,
    span: ByteRange,
    methods: list[tuple[tree_sitter.Node, tree_sitter.Node]],
) -> dict[str, ByteRange]:
    members: dict[str, ByteRange] = {}
    for definition in definitions(parsed, span):
        if definition.scope == span:
            members.setdefault(definition.name, definition.span)
    for receiver, method in methods:
        for attribute in attributes(parsed, method):
            holder, member = attribute.children_by_field_name("object"), _member(attribute)
            if holder and holder[0].text == receiver.text and is_written(attribute):
                members.setdefault(parsed.text(span_of_node(member)), span_of_node(member))
    return members


def _member(attribute: tree_sitter.Node) -> tree_sitter.Node:
    member = attribute.child_by_field_name("attribute")
    assert member is not None
    return member


def _bases(captures: dict[str, list[tree_sitter.Node]]) -> Iterator[tree_sitter.Node]:
    for arguments in captures.get("bases", []):
        for child in arguments.named_children:
            if child.type == "subscript":  # `Generic[T]`
                child = child.named_children[0]
            if child.type in ("identifier", "attribute"):
                yield child


def _qualified_name(parsed: ParsedDocument, node: tree_sitter.Node) -> str:
    names: list[str] = []
    around: tree_sitter.Node | None = node
    while around is not None:
        if around.type in ("class_definition", "function_definition"):
            name = around.child_by_field_name("name")
            names.append(parsed.text(span_of_node(name)) if name else "")
        around = around.parent
    return ".".join(reversed(names))


def _matches(
    parsed: ParsedDocument,
    query: str,
    node: tree_sitter.Node,
    capture: str,
    span: ByteRange | None = None,
) -> Iterator[tuple[tree_sitter.Node, dict[str, list[tree_sitter.Node]]]]:
    cursor = tree_sitter.QueryCursor(_query(parsed.language, query))
    if span is not None:
        cursor.set_byte_range(span.start, span.end)
    for _, captures in cursor.matches(node):
        found = captures[capture][0]
        if span is None or span.contains(span_of_node(found)):
            yield found, captures


@cache
def _query(language: Language, text: str) -> tree_sitter.Query:
    return tree_sitter.Query(language.grammar, text)

"""The free names of Python code and the attributes that lead out of it.

What only the type of a value can tell (`row.total`) is left open, for whoever follows names
further.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import tree_sitter

from scopewise.scope.bindings import Found, Target, span_of, written_outside
from scopewise.scope.python.classes import annotation_spans, attributes, is_written, span_of_node
from scopewise.scope.python.places import Place, PythonFile
from scopewise.scope.report import Level, Origin
from scopewise.syntax.scopes import Reference, references
from scopewise.syntax.tree import Definition
from scopewise.text import ByteRange

_LIBRARIES = frozenset({Origin.STANDARD_LIBRARY, Origin.THIRD_PARTY})


@dataclass(frozen=True)
class PythonBindings:
    found: tuple[Found, ...]
    open: tuple[Found, ...]
    """Uses that following them further may place, or place better."""


def python_bindings(file: PythonFile, target: Target) -> PythonBindings:
    """What the names and attributes of a target are bound to."""
    reader = _Reader(file, target)
    reader.read()
    return PythonBindings(tuple(reader.found), tuple(reader.open))


@dataclass
class _Reader:
    """Reads one target."""

    file: PythonFile
    target: Target
    found: list[Found] = field(default_factory=list)
    open: list[Found] = field(default_factory=list)

    def read(self) -> None:
        for reference in references(self.file.parsed, self._span):
            if self._is_free(reference):
                self._add_name(reference)
        for attribute in attributes(self.file.parsed, self.file.parsed.root, self._span):
            for place in self.file.places(attribute):
                self._add_attribute(attribute, place)
        for definition in written_outside(self.file.parsed, self.target):
            place = self.file.defined(definition)
            self._add(Found(definition.name, place.origin, definition.span, place.definition, True))

    # Below

    @cached_property
    def _span(self) -> ByteRange:
        return span_of(self.target)

    @cached_property
    def _annotations(self) -> list[ByteRange]:
        return list(annotation_spans(self.file.parsed, self._span))

    @cached_property
    def _code_start(self) -> int:
        """Where decorators end: they wrap the target, whose own code does without them."""
        if isinstance(self.target, Definition):
            return self.target.signature.start
        return self._span.start

    @cached_property
    def _own_class(self) -> str:
        """The class that is itself asked about: its members are no dependencies."""
        if isinstance(self.target, Definition) and self.target.kind == "class":
            return self.file.dotted(self.target.qualified_name)
        return ""

    def _is_free(self, reference: Reference) -> bool:
        """Whether a name is bound outside of the target, imported, or the target's own."""
        definition = reference.definition
        if definition is None or not self._span.contains(definition.span):
            return True
        if definition.kind == "import":
            return True
        return isinstance(self.target, Definition) and definition.span == self.target.name_range

    def _add_name(self, reference: Reference) -> None:
        for place in self.file.name_places(reference):
            if self._is_beginning(reference, place) or place.origin is Origin.PARAMETER:
                continue
            self._add(self._use(reference.name, reference.span, place))

    def _is_beginning(self, reference: Reference, place: Place) -> bool:
        """Whether a name is but the beginning of what is meant: the `os` of `os.sep`."""
        span = reference.span
        node = self.file.parsed.root.named_descendant_for_byte_range(span.start, span.end)
        return place.origin in _LIBRARIES and node is not None and _is_object(node)

    def _add_attribute(self, attribute: tree_sitter.Node, place: Place) -> None:
        if place.origin in _LIBRARIES and not place.is_member and _is_object(attribute):
            return
        member = span_of_node(attribute.named_children[-1])
        if place.origin is Origin.FILE and self._is_of_own_class(place):
            place = replace(place, origin=Origin.CLASS_MEMBER)
        use = self._use(self._path(attribute), member, place, is_written(attribute))
        if self._own_class and use.definition.rpartition(".")[0] == self._own_class:
            return
        if place.origin not in (Origin.PARAMETER, Origin.LOCAL):
            self._add(use)

    def _is_of_own_class(self, place: Place) -> bool:
        around = self.file.classes.around(self._span)
        family = self.file.family(around) if around is not None else ()
        holder = place.definition.rpartition(".")[0]
        return place.is_member and holder in [self.file.dotted(owner.name) for owner in family]

    def _use(self, name: str, span: ByteRange, place: Place, written: bool = False) -> Found:
        return Found(name, place.origin, span, place.definition, written, self._level(span, place))

    def _level(self, span: ByteRange, place: Place) -> Level | None:
        if any(annotation.contains(span) for annotation in self._annotations):
            return Level.SELF_CONTAINED
        if self._is_itself(place) or span.start < self._code_start:
            return Level.SELF_CONTAINED
        if place.owner is not None and place.owner == self.file.classes.around(self._span):
            return Level.CLASS_RUNNABLE
        return Level.CLASS_RUNNABLE if place.is_member and place.origin is Origin.PROJECT else None

    def _is_itself(self, place: Place) -> bool:
        if not isinstance(self.target, Definition) or place.origin is not Origin.FILE:
            return False
        return place.definition == self.file.dotted(self.target.qualified_name)

    def _add(self, use: Found) -> None:
        is_open = use.origin is Origin.UNRESOLVED or use.origin is Origin.PROJECT
        (self.open if is_open else self.found).append(use)

    def _path(self, node: tree_sitter.Node) -> str:
        """An expression as a dotted name, with calls and indexing cut short."""
        if node.type == "identifier":
            return self.file.parsed.text(span_of_node(node))
        if node.type == "attribute":
            return f"{self._path(node.named_children[0])}.{self._path(node.named_children[-1])}"
        if node.type == "call":
            return f"{self._path(node.named_children[0])}()"
        if node.type == "subscript":
            return f"{self._path(node.named_children[0])}[]"
        return "…"


def _is_object(node: tree_sitter.Node) -> bool:
    """Whether an expression is what an attribute is taken of."""
    parent = node.parent
    return (
        parent is not None
        and parent.type == "attribute"
        and parent.child_by_field_name("object") == node
    )

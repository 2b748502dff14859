"""What an expression of a Python file stands for: by scopes, imports and classes of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import tree_sitter

from scopewise.scope.imports import ImportedName, imported_names
from scopewise.scope.python.classes import PythonClass, PythonClasses, classes_of, span_of_node
from scopewise.scope.python.modules import BUILTINS, Modules
from scopewise.scope.report import Origin
from scopewise.syntax.scopes import NameDefinition, Reference, definitions, references
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange

_ELSEWHERE = (Origin.PROJECT, Origin.THIRD_PARTY, Origin.STANDARD_LIBRARY)
"""Where an unknown member of several bases is looked for first."""
_EMPTY_BASES = frozenset(
    f"{module}.{name}" if module else name
    for module in ("abc", "typing", "typing_extensions", "builtins")
    for name in ("ABC", "Generic", "Protocol", "object")
)
"""Bases that bring no members of their own."""


@dataclass(frozen=True)
class Place:
    """What an expression stands for."""

    origin: Origin
    definition: str = ""
    """Dotted; empty when unknown."""
    owner: PythonClass | None = None
    """The class of the file that it is, or is an instance of."""
    is_instance: bool = False
    is_above: bool = False
    """It is what `super()` gives: the class itself does not count."""
    is_value: bool = False
    """It is an instance of a class that another file defines."""
    is_member: bool = False
    """Found by way of a class, so that it may be inherited."""


VALUE = Place(Origin.UNRESOLVED)
"""Something whose type the file does not tell."""


class PythonFile:
    """A parsed Python file and what its names mean."""

    def __init__(self, parsed: ParsedDocument, modules: Modules) -> None:
        self.parsed = parsed
        self.modules = modules

    @cached_property
    def classes(self) -> PythonClasses:
        return classes_of(self.parsed)

    def dotted(self, *names: str) -> str:
        """The full name of a definition of this file."""
        return ".".join(name for name in (self.modules.name, *names) if name)

    def family(self, owner: PythonClass) -> tuple[PythonClass, ...]:
        """A class and those of this file it is derived from."""
        found = [owner]
        for inner in found:
            bases = (base.owner for base in self._bases(inner) if base.owner is not None)
            found.extend(base for base in bases if base not in found)
        return tuple(found)

    def name_places(self, reference: Reference) -> Iterator[Place]:
        """What a name stands for; several things where an import has a substitute."""
        definition = reference.definition
        if definition is None:
            yield self._unbound(reference.name)
        elif definition.kind == "import":
            yield from self._imported(definition)
        else:
            yield self.defined(definition)

    def defined(self, definition: NameDefinition) -> Place:
        """What a definition of this file is to those who use it."""
        if definition.span in self.classes.receivers:
            owner = self.classes.receivers[definition.span]
            return Place(Origin.PARAMETER, owner=owner, is_instance=True)
        if definition.scope in self.classes.by_span:
            holder = self.classes.by_span[definition.scope]
            return Place(Origin.CLASS_MEMBER, self.dotted(holder.name, definition.name))
        name = self.dotted(*self._around(definition), definition.name)
        if definition.scope != self._whole:
            return Place(Origin.ENCLOSING, name)
        is_class = definition.kind == "class"
        return Place(Origin.FILE, name, self.classes.named(definition) if is_class else None)

    def places(self, node: tree_sitter.Node) -> Iterator[Place]:
        """What an expression stands for."""
        if node.type == "identifier":
            yield from self._identifier_places(node)
        elif node.type == "attribute":
            holder, name = _parts(node)
            for place in self.places(holder):
                yield self._member(place, self.parsed.text(span_of_node(name)))
        elif node.type == "call":
            yield self._called(node)
        elif node.type == "parenthesized_expression" and node.named_child_count == 1:
            yield from self.places(node.named_children[0])
        else:
            yield VALUE

    # Names

    @cached_property
    def _whole(self) -> ByteRange:
        return ByteRange(0, len(self.parsed.source))

    @cached_property
    def _imports(self) -> list[ImportedName]:
        return imported_names(self.parsed)

    def _around(self, definition: NameDefinition) -> list[str]:
        """The name of the definition that a name is bound directly in."""
        if definition.scope == self._whole:
            return []
        inside = [
            around
            for around in self.parsed.definitions
            if around.range.contains(definition.span) and around.name_range != definition.span
        ]
        return [inside[-1].qualified_name] if inside else []

    def _unbound(self, name: str) -> Place:
        if name in BUILTINS:
            return Place(Origin.BUILTIN, f"builtins.{name}")
        stars = [imported.module for imported in self._imports if imported.bound == "*"]
        origins = {self.modules.origin(module) for module in stars}
        if len(origins) != 1:
            return VALUE
        module = self.modules.absolute(stars[0]) if len(stars) == 1 else ""
        return Place(origins.pop(), f"{module}.{name}" if module else "")

    def _imported(self, definition: NameDefinition) -> Iterator[Place]:
        """What the imports of a name in one scope bring: a second one stands in for the first."""
        same = self._import_spans[definition.name, definition.scope]
        for imported in self._imports:
            if imported.bound == definition.name and any(map(imported.range.contains, same)):
                yield self._import_place(imported)

    @cached_property
    def _import_spans(self) -> dict[tuple[str, ByteRange], list[ByteRange]]:
        """Where a name is imported to a scope."""
        found: dict[tuple[str, ByteRange], list[ByteRange]] = {}
        for definition in definitions(self.parsed):
            if definition.kind == "import":
                found.setdefault((definition.name, definition.scope), []).append(definition.span)
        return found

    def _import_place(self, imported: ImportedName) -> Place:
        module = self.modules.absolute(imported.module)
        if imported.attribute:
            name = f"{module}.{imported.attribute}" if module else imported.attribute
        else:
            # `import a.b` binds `a`, `import a.b as c` binds `a.b`.
            is_top = imported.bound == imported.module.partition(".")[0]
            name = imported.bound if is_top else module
        return Place(self.modules.origin(imported.module), name)

    def _identifier_places(self, node: tree_sitter.Node) -> Iterator[Place]:
        reference = next(iter(references(self.parsed, span_of_node(node))), None)
        definition = reference.definition if reference is not None else None
        if reference is None:
            yield VALUE
        elif definition is None or definition.kind == "import":
            yield from self.name_places(reference)
        else:
            place = self.defined(definition)
            yield place if place.owner is not None else self._annotated(definition)

    def _annotated(self, definition: NameDefinition) -> Place:
        """What a parameter is by its annotation."""
        span = definition.span
        node = self.parsed.root.named_descendant_for_byte_range(span.start, span.end)
        around = node.parent if node is not None else None
        kind = around.child_by_field_name("type") if around is not None else None
        if definition.kind != "parameter" or kind is None or kind.named_child_count != 1:
            return VALUE
        inner = kind.named_children[0]
        if inner.type not in ("identifier", "attribute"):
            return VALUE
        place = next(self.places(inner), VALUE)
        if place.owner is not None:
            return Place(place.origin, owner=place.owner)
        return replace(place, is_value=True) if place.origin is Origin.PROJECT else VALUE

    def _called(self, call: tree_sitter.Node) -> Place:
        """What a call gives: what is above the class for `super()`, the class for `type(self)`,
        an instance for a class of the file."""
        function = call.child_by_field_name("function")
        if function is None:
            return VALUE
        name = self.parsed.text(span_of_node(function))
        if name == "super":
            owner = self.classes.around(span_of_node(call))
            return Place(Origin.LOCAL, owner=owner, is_above=True) if owner else VALUE
        if name == "type":
            return self._type_of(call)
        made = next(self.places(function), VALUE) if function.type == "identifier" else VALUE
        if made.owner is None or made.is_above:
            return VALUE
        return Place(Origin.LOCAL, owner=made.owner, is_instance=made.origin is Origin.PARAMETER)

    def _type_of(self, call: tree_sitter.Node) -> Place:
        arguments = call.child_by_field_name("arguments")
        inner = arguments.named_children if arguments is not None else []
        if len(inner) != 1 or inner[0].type != "identifier":
            return VALUE
        place = next(self.places(inner[0]), VALUE)
        return place if place.is_instance else VALUE

    # Members

    def _member(self, holder: Place, name: str) -> Place:
        if holder.owner is not None:
            return self._class_member(holder, holder.owner, name)
        if holder.origin in _ELSEWHERE and holder.definition and not holder.is_member:
            return self._outer_member(holder, name)
        return VALUE

    def _outer_member(self, holder: Place, name: str) -> Place:
        is_constant = holder.definition.rpartition(".")[2].isupper()
        if holder.origin is Origin.PROJECT and is_constant:
            return VALUE
        member = holder.is_value
        return Place(holder.origin, f"{holder.definition}.{name}", is_member=member)

    def _class_member(self, holder: Place, owner: PythonClass, name: str) -> Place:
        if name == "__class__" and holder.is_instance:
            return holder
        place = self._looked_up(owner, name, holder.is_above, ())
        if place is VALUE and holder.is_instance:
            # Nothing says where it is set, but it is one of the object's own.
            return Place(Origin.CLASS_MEMBER, self.dotted(owner.name, name), is_member=True)
        if place.origin is Origin.CLASS_MEMBER and not (holder.is_instance or holder.is_above):
            return Place(Origin.FILE, place.definition, is_member=True)
        return place

    def _looked_up(
        self, owner: PythonClass, name: str, is_above: bool, seen: tuple[PythonClass, ...]
    ) -> Place:
        """A member of a class: its own, one of its bases in this file, or one from elsewhere."""
        if name in owner.members and not is_above:
            definition = self.dotted(owner.name, name)
            return Place(Origin.CLASS_MEMBER, definition, is_member=True)
        elsewhere: list[Place] = []
        for base in self._bases(owner):
            if base.owner is None:
                elsewhere.append(base)
            elif base.owner not in seen:
                found = self._looked_up(base.owner, name, False, (*seen, owner))
                if found.origin is Origin.CLASS_MEMBER:
                    return found
                elsewhere.append(found)
        return _from_elsewhere(elsewhere, name)

    def _bases(self, owner: PythonClass) -> Iterator[Place]:
        for node in owner.bases:
            for place in self.places(node):
                if place.definition not in _EMPTY_BASES:
                    yield place


def _from_elsewhere(bases: list[Place], name: str) -> Place:
    """The member, of the base most likely to bring it."""
    for base in bases:
        if base.is_member and base.origin is not Origin.UNRESOLVED:
            return base
    for origin in _ELSEWHERE:
        holders = [base.definition for base in bases if base.origin is origin]
        if holders:
            # Which of several it is only their files tell.
            definition = f"{holders[0]}.{name}" if len(holders) == 1 and holders[0] else ""
            return Place(origin, definition, is_member=True)
    if hasattr(object, name) or any(_has_builtin(base, name) for base in bases):
        return Place(Origin.BUILTIN, is_member=True)
    return VALUE


def _has_builtin(base: Place, name: str) -> bool:
    holder = BUILTINS.get(base.definition.removeprefix("builtins."))
    return base.origin is Origin.BUILTIN and hasattr(holder, name)


def _parts(attribute: tree_sitter.Node) -> tuple[tree_sitter.Node, tree_sitter.Node]:
    holder, member = attribute.child_by_field_name("object"), attribute.named_children[-1]
    assert holder is not None
    return holder, member

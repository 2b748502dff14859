"""Names resolved by a language's own scoping rules, as `locals.scm` states them.

For every language alike, and from one file: what a name means beyond the file is for `scope/`.
Of several bindings of a name in one scope a use means the first, since what a name *is* (a
parameter, an import) is decided there, unless the language shows a name only after its binding:
then it means the last one before it.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from scopewise.syntax.marks import DefinitionMark, Marks, ScopeMark, UseMark, marks_of
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange


@dataclass(frozen=True)
class NameDefinition:
    """A place that binds a name."""

    name: str
    kind: str
    """`parameter`, `variable`, `constant`, `function`, `method`, `class`, `type`, `field`,
    `import`, `macro`, `label` or `namespace`."""
    span: ByteRange
    """Of the identifier."""
    scope: ByteRange
    """The scope it belongs to."""


@dataclass(frozen=True)
class Reference:
    """A use of a name."""

    name: str
    span: ByteRange
    definition: NameDefinition | None
    """None for names the file does not bind: builtins, wildcard imports, mistakes."""


def references(parsed: ParsedDocument, span: ByteRange | None = None) -> tuple[Reference, ...]:
    """The uses of names in a range, or in the whole document, in order of appearance."""
    return tuple(_table(parsed).references(span))


def free_references(parsed: ParsedDocument, span: ByteRange) -> tuple[Reference, ...]:
    """The uses in a range of names that are bound outside of it or nowhere in the file."""
    return tuple(
        reference
        for reference in _table(parsed).references(span)
        if reference.definition is None or not span.contains(reference.definition.span)
    )


def definitions(
    parsed: ParsedDocument, span: ByteRange | None = None
) -> tuple[NameDefinition, ...]:
    """The bindings of names in a range, or in the whole document, in order of appearance.

    Where the scope of one contains the range, code there binds a name of the world around it, as
    `global` does in Python and a plain assignment in Bash.
    """
    return tuple(_table(parsed).definitions(span))


def definition_of(parsed: ParsedDocument, span: ByteRange) -> NameDefinition | None:
    """What the identifier at a range means; itself where it binds a name without using it."""
    table = _table(parsed)
    used = next((r for r in table.references(span) if r.span == span), None)
    if used is not None:
        return used.definition
    return next((d for d in table.definitions(span) if d.span == span), None)


def resolve(parsed: ParsedDocument, name: str, offset: int) -> NameDefinition | None:
    """What a name would mean if it were used at an offset."""
    return _table(parsed).resolve(name, offset)


def scope_at(parsed: ParsedDocument, offset: int) -> ByteRange:
    """The innermost scope that code at an offset is evaluated in; not always one around it.

    A default value belongs to the scope that holds the function.
    """
    return _table(parsed).scope_at(offset)


def is_member(parsed: ParsedDocument, span: ByteRange) -> bool:
    """Whether the type of something decides what the identifier at a range means, not scopes."""
    return (span.start, span.end) in _table(parsed).members


@dataclass(frozen=True, slots=True)
class _Binding:
    definition: NameDefinition
    is_sent: bool
    """Belongs to a scope outside of the function it is written in."""


class _Name:
    """What one scope binds a name to."""

    __slots__ = ("_after", "_from", "_hoisted")

    def __init__(self) -> None:
        self._hoisted: _Binding | None = None
        self._from: list[int] = []
        self._after: list[_Binding] = []

    def add(self, binding: _Binding, visible_from: int | None) -> None:
        if visible_from is None:
            # What a function sends out counts only where nothing is bound on the spot.
            if self._hoisted is None or (self._hoisted.is_sent and not binding.is_sent):
                self._hoisted = binding
        else:
            place = bisect.bisect(self._from, visible_from)
            self._from.insert(place, visible_from)
            self._after.insert(place, binding)

    def at(self, offset: int) -> _Binding | None:
        n_before = bisect.bisect(self._from, offset)
        return self._after[n_before - 1] if n_before else self._hoisted


_Key = tuple[str, str]
"""A name and the space it is in."""


class _Scope:
    """A scope and what it binds."""

    __slots__ = ("everywhere", "is_hidden", "kind", "names", "outer", "parent", "span")

    def __init__(self, mark: ScopeMark, parent: _Scope | None) -> None:
        self.span = ByteRange(*mark.span)
        self.kind = mark.kind
        self.is_hidden = mark.is_hidden
        self.parent = parent
        self.names: dict[_Key, _Name] = {}
        self.everywhere: dict[_Key, _Name] = {}
        """Those seen from further inside although the scope is hidden."""
        self.outer: dict[str, str] = {}
        """The names said to belong further out, with `global` or `nonlocal`."""

    @property
    def root(self) -> _Scope:
        return list(self.chain())[-1]

    @property
    def function(self) -> _Scope:
        """The nearest scope that `(#set! scope function)` means; no way leads out of a class."""
        kinds = ("function", "class", "module")
        return next(scope for scope in self.chain() if scope.kind in kinds)

    def chain(self) -> Iterator[_Scope]:
        """This scope and those around it."""
        scope: _Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def look_up(self, key: _Key, offset: int) -> _Binding | None:
        """What a name means that is used directly in this scope."""
        for scope in self.chain():
            is_seen = scope is self or not scope.is_hidden
            if is_seen and scope.outer.get(key[0]) == "global":
                return _at(self.root.names, key, offset)
            found = _at(scope.names if is_seen else scope.everywhere, key, offset)
            if found is not None:
                return found
        return None


def _at(names: dict[_Key, _Name], key: _Key, offset: int) -> _Binding | None:
    name = names.get(key)
    return name.at(offset) if name is not None else None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where code is evaluated."""

    scope: _Scope
    skipped: _Scope | None = None
    """The scope it stands in, when it is evaluated outside of that."""

    def look_up(self, key: _Key, offset: int) -> _Binding | None:
        found = _at(self.skipped.everywhere, key, offset) if self.skipped is not None else None
        return found or self.scope.look_up(key, offset)


class _Places:
    """The places of a document, found by offset."""

    def __init__(self, scopes: tuple[ScopeMark, ...], n_bytes: int) -> None:
        self.root = _Scope(ScopeMark((0, n_bytes), "module"), None)
        self._starts = [0]
        self._places = [_Place(self.root)]
        self._open: list[tuple[int, _Place]] = []
        for mark in scopes:
            self._close(mark.span[0])
            self._open.append((mark.span[1], self._places[-1]))
            self._begin(mark.span[0], _inside(self._places[-1], mark))
        self._close(n_bytes)

    def at(self, offset: int) -> _Place:
        return self._places[bisect.bisect(self._starts, offset) - 1]

    def _close(self, offset: int) -> None:
        while self._open and self._open[-1][0] <= offset:
            self._begin(*self._open.pop())

    def _begin(self, offset: int, place: _Place) -> None:
        self._starts.append(offset)
        self._places.append(place)


def _inside(around: _Place, mark: ScopeMark) -> _Place:
    if not mark.is_outside:
        return _Place(_Scope(mark, around.scope))
    if around.skipped is not None or around.scope.parent is None:
        return around
    return _Place(around.scope.parent, skipped=around.scope)


class _Table:
    """The bindings of a document by scope, and its uses, each resolved when it is asked for."""

    def __init__(self, marks: Marks, n_bytes: int) -> None:
        self.members = marks.members
        self._places = _Places(marks.scopes, n_bytes)
        self._uses = marks.uses
        self._use_starts = [use.span[0] for use in marks.uses]
        for name, offset, reach in marks.outers:
            self._places.at(offset).scope.outer[name] = reach
        bound = {mark.span: self._bind(mark) for mark in self._nonlocal_last(marks.definitions)}
        self._definitions = [bound[mark.span] for mark in marks.definitions]
        self._definition_starts = [mark.span[0] for mark in marks.definitions]

    def references(self, span: ByteRange | None) -> Iterator[Reference]:
        for use in self._uses[_within(self._use_starts, span)]:
            yield Reference(use.name, ByteRange(*use.span), self._meaning(use))

    def definitions(self, span: ByteRange | None) -> list[NameDefinition]:
        return self._definitions[_within(self._definition_starts, span)]

    def resolve(self, name: str, offset: int) -> NameDefinition | None:
        return self._meaning(UseMark(name, (offset, offset), ""))

    def scope_at(self, offset: int) -> ByteRange:
        return self._places.at(offset).scope.span

    # Below

    def _meaning(self, use: UseMark) -> NameDefinition | None:
        offset = use.span[0]
        place = self._places.at(offset)
        for space in (use.space,) if use.space else ("value", "type"):
            found = place.look_up((use.name, space), offset)
            if found is not None:
                return found.definition
        return None

    def _nonlocal_last(self, marks: tuple[DefinitionMark, ...]) -> list[DefinitionMark]:
        """Where they belong shows only when everything else is bound."""

        def is_nonlocal(mark: DefinitionMark) -> bool:
            return self._places.at(mark.span[0]).scope.outer.get(mark.name) == "nonlocal"

        return sorted(marks, key=is_nonlocal)

    def _bind(self, mark: DefinitionMark) -> NameDefinition:
        here = self._places.at(mark.span[0]).scope
        scope = self._owner(mark, here)
        is_sent = mark.owner != "parent" and not here.function.span.contains(scope.span)
        definition = NameDefinition(mark.name, mark.kind, ByteRange(*mark.span), scope.span)
        binding = _Binding(definition, is_sent)
        for space in mark.spaces:
            key = (mark.name, space)
            scope.names.setdefault(key, _Name()).add(binding, mark.visible_from)
            if mark.is_everywhere:
                scope.everywhere.setdefault(key, _Name()).add(binding, mark.visible_from)
        return definition

    def _owner(self, mark: DefinitionMark, here: _Scope) -> _Scope:
        if mark.owner == "file":
            return self._places.root
        if mark.owner == "parent":
            here = here.parent or here
        elif mark.owner == "function":
            here = here.function
        return _redirected(mark.name, here)


def _redirected(name: str, scope: _Scope) -> _Scope:
    """The scope a name belongs to after `global` and `nonlocal`."""
    reach = scope.outer.get(name)
    if reach == "global":
        return scope.root
    if reach == "nonlocal":
        for outer in scope.chain():
            if outer is not scope and not outer.is_hidden and (name, "value") in outer.names:
                return outer
    return scope


def _within(starts: list[int], span: ByteRange | None) -> slice:
    if span is None:
        return slice(None)
    return slice(bisect.bisect_left(starts, span.start), bisect.bisect_left(starts, span.end))


_tables: WeakKeyDictionary[ParsedDocument, _Table] = WeakKeyDictionary()
"""Resolving a file takes a tenth of a second, and every question about it asks for the same."""


def _table(parsed: ParsedDocument) -> _Table:
    table = _tables.get(parsed)
    if table is None:
        table = _tables[parsed] = _Table(marks_of(parsed), len(parsed.source))
    return table

"""What the names in a piece of code are bound to, as far as the file and an index can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from scopewise.scope.imports import ImportedName, imported_names
from scopewise.scope.module_origins import origin_of_module
from scopewise.scope.report import Binding, Level, Origin
from scopewise.syntax.scopes import (
    NameDefinition,
    Reference,
    definitions,
    free_references,
    is_member,
)
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

Target = Definition | ByteRange
"""A definition, or the lines of a selection."""


class TagPlace(Protocol):
    """Where a definition stands that other files may use."""

    @property
    def path(self) -> Path: ...


class TagIndex(Protocol):
    """The definitions and uses of the workspace's files, by name."""

    def definitions(self, name: str) -> Sequence[TagPlace]: ...

    def calling_files(self, name: str, definition_kind: str, except_path: Path) -> int | None: ...


@dataclass(frozen=True)
class Found:
    """One use of a name, before uses of the same name become one binding."""

    name: str
    origin: Origin
    span: ByteRange
    definition: str = ""
    is_written: bool = False
    level: Level | None = None


def bindings_by_queries(
    parsed: ParsedDocument, target: Target, index: TagIndex | None
) -> tuple[Binding, ...]:
    """The free names of a target in a language of which we know its scopes and no more."""
    places = _Places(parsed, target, index)
    found = [places.of_name(reference) for reference in free_references(parsed, span_of(target))]
    written = [
        places.of_definition(definition, definition.span, is_written=True)
        for definition in written_outside(parsed, target)
    ]
    return merged(parsed, [*found, *written, *places.own_members()])


def span_of(target: Target) -> ByteRange:
    return target.range if isinstance(target, Definition) else target


def merged(parsed: ParsedDocument, found: Iterable[Found]) -> tuple[Binding, ...]:
    """One binding a name and definition, in order of first use; the widest level counts."""
    by_name: dict[tuple[str, Origin, str], Binding] = {}
    for use in sorted(found, key=lambda use: (use.span.start, use.span.end)):
        key = (use.name, use.origin, use.definition)
        binding = by_name.get(key) or _binding(parsed, use)
        by_name[key] = replace(
            binding,
            is_written=binding.is_written or use.is_written,
            level=_wider(binding.level, use.level),
        )
    return tuple(by_name.values())


def written_outside(parsed: ParsedDocument, target: Target) -> Iterator[NameDefinition]:
    """The places in a target that bind names of the world around it: `global` in Python."""
    span = span_of(target)
    own = target.name_range if isinstance(target, Definition) else None
    for definition in definitions(parsed, span):
        is_outside = definition.scope.contains(span) and definition.scope != span
        if is_outside and definition.span != own and definition.kind not in ("import", "method"):
            yield definition


_RECEIVERS = rb"this|self|Self|super"
_ASSIGNED = re.compile(rb"\s*(?:(?:[-+*/%&|^~]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>])|\+\+|--)")
_GO_RECEIVER = re.compile(rb"func\s*\(\s*(\w+)\s")


@dataclass(frozen=True)
class _Places:
    """Where the names of one target are bound, by the file's scopes and an index of the others."""

    parsed: ParsedDocument
    target: Target
    index: TagIndex | None

    def of_name(self, reference: Reference) -> Found:
        if reference.definition is not None:
            is_written = self._is_assigned(reference.span)
            return self.of_definition(reference.definition, reference.span, is_written)
        if reference.name in self.parsed.language.builtins:
            return Found(reference.name, Origin.BUILTIN, reference.span)
        path = self.parsed.snapshot.path
        known = self.index.definitions(reference.name) if self.index else ()
        is_ours = any(place.path != path for place in known)
        origin = Origin.PROJECT if is_ours else Origin.UNRESOLVED
        return Found(reference.name, origin, reference.span)

    def of_definition(
        self, definition: NameDefinition, span: ByteRange, is_written: bool = False
    ) -> Found:
        origin, module = self._origin(definition)
        dotted = module or ".".join([*self._around(definition.span), definition.name])
        return Found(definition.name, origin, span, dotted, is_written)

    def own_members(self) -> Iterator[Found]:
        """What is reached through the receiver: `this.total`, `self.total`."""
        if isinstance(self.target, Definition) and self.target.kind == "class":
            return
        span = span_of(self.target)
        code = self.parsed.source[span.start : span.end]
        go = _GO_RECEIVER.match(code)
        names = _RECEIVERS + (b"|" + re.escape(go[1]) if go else b"")
        pattern = rb"\b(?:" + names + rb")\s*(?:\.|->|::)\s*([^\W\d]\w*)"
        for match in re.finditer(pattern, code):
            member = ByteRange(match.start(1), match.end(1)).shifted(span.start)
            if is_member(self.parsed, member):
                name = re.sub(r"\s", "", match[0].decode("utf-8", errors="replace"))
                is_written = self._is_assigned(member)
                yield Found(name, Origin.CLASS_MEMBER, member, is_written=is_written)

    # Below

    def _origin(self, definition: NameDefinition) -> tuple[Origin, str]:
        """The origin, and the dotted name of what is imported."""
        if definition.kind == "import":
            imported = self._import(definition)
            if imported is None:
                return Origin.UNRESOLVED, ""
            return origin_of_module(self.parsed, imported.module), _dotted(imported)
        if definition.kind in ("method", "field"):
            return Origin.CLASS_MEMBER, ""
        target = span_of(self.target)
        is_enclosing = any(
            outer.kind == "function"
            and outer.body.contains(definition.span)
            and outer.body.contains(target)
            for outer in self.parsed.definitions
        )
        return (Origin.ENCLOSING if is_enclosing else Origin.FILE), ""

    def _import(self, definition: NameDefinition) -> ImportedName | None:
        around = [
            imported
            for imported in imported_names(self.parsed)
            if imported.range.contains(definition.span)
        ]
        same = [imported for imported in around if imported.bound == definition.name]
        return next(iter(same or around), None)

    def _is_assigned(self, span: ByteRange) -> bool:
        """Whether an assignment or a step stands beside an identifier."""
        source = self.parsed.source
        is_before = source[: span.start].rstrip().endswith((b"++", b"--"))
        return is_before or _ASSIGNED.match(source, span.end) is not None

    def _around(self, span: ByteRange) -> list[str]:
        inside = [outer for outer in self.parsed.definitions if outer.body.contains(span)]
        return [inside[-1].qualified_name] if inside else []


def _dotted(imported: ImportedName) -> str:
    return ".".join(part for part in (imported.module, imported.attribute) if part)


def _wider(left: Level | None, right: Level | None) -> Level | None:
    return None if left is None or right is None else max(left, right)


def _binding(parsed: ParsedDocument, use: Found) -> Binding:
    line = parsed.snapshot.lines.line_of(use.span.start) + 1
    return Binding(use.name, use.origin, line, use.definition, use.is_written, use.level)

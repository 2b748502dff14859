"""What a definition uses: the functions it calls, the types it handles, the constants it names.

Of a body that is not written yet, what its documentation names and what its neighbours let expect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scopewise.context.cutting import statement_around
from scopewise.context.project import OF_BUILTINS, Meaning, Project
from scopewise.context.skeleton import fields_text
from scopewise.scope.prediction import Stub
from scopewise.scope.report import Origin
from scopewise.scope.specification import doc_text
from scopewise.syntax.scopes import NameDefinition, free_references, is_member, resolve
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

MAX_CALLEES = 15
MAX_TYPES = 12
MAX_CONSTANTS = 12
_EXPECTED = 0.2
"""From which probability on a neighbour of a stub is shown: there is room for some in vain."""
_MAX_EXPECTED = 8
_WORD = re.compile(r"[^\W\d]\w*")
_MEMBER = re.compile(rb"(?:(\w+)\s*(?:\(\s*\))?\s*)?(?:\.|->|::|\?\.)\s*([^\W\d]\w*)")
_CHAIN = re.compile(rb"(?:\s*(?:\.|::)\s*[^\W\d]\w*)*")
_RECEIVERS = frozenset({"self", "cls", "this", "Self", "super"})


@dataclass(frozen=True)
class Uses:
    """The uses of the definition a project is asked about."""

    project: Project

    @cached_property
    def callees(self) -> list[Meaning]:
        """The functions and classes it uses, in order of use."""
        return [m for m in self._used if m.kind != "statement"][:MAX_CALLEES]

    @cached_property
    def constants(self) -> list[Meaning]:
        """The statements that bind what it uses and is neither function nor class."""
        return [m for m in self._used if m.kind == "statement"][:MAX_CONSTANTS]

    @cached_property
    def types(self) -> list[Meaning]:
        """The classes of its signature and of its owner's fields, then those that these name."""
        direct = self._signature_types
        further = [m for one in direct for m in self._types_of(one)]
        return _distinct([*direct, *further])[:MAX_TYPES]

    # Below

    @property
    def _parsed(self) -> ParsedDocument:
        return self.project.target

    @property
    def _definition(self) -> Definition:
        return self.project.definition

    @cached_property
    def _owner(self) -> Definition | None:
        owner = self._parsed.owner(self._definition)
        return owner if owner is not None and owner.kind == "class" else None

    @cached_property
    def _used(self) -> list[Meaning]:
        found: list[Meaning] = []
        is_written = not self._definition.is_stub
        found += self._by_references()
        found += self._named_in_doc(is_code_only=is_written)
        if not is_written and self._definition.kind == "function":
            found += self._expected()
        return [m for m in _distinct(found) if not self._is_inside(m) and not self._is_around(m)]

    def _is_inside(self, meaning: Meaning) -> bool:
        is_here = meaning.parsed is self._parsed
        return is_here and self._definition.range.contains(meaning.statement)

    def _is_around(self, meaning: Meaning) -> bool:
        is_here = meaning.parsed is self._parsed
        return is_here and meaning.statement.contains(self._definition.range)

    # What is written

    def _by_references(self) -> list[Meaning]:
        found = [*self._by_names(), *self._by_members()]
        return [meaning for _, meaning in sorted(found, key=lambda pair: pair[0])]

    def _by_names(self) -> Iterator[tuple[int, Meaning]]:
        for reference in free_references(self._parsed, self._definition.range):
            start, names = reference.span.start, [reference.name]
            names += self._attributes(reference.span.end)
            # The types of the signature come behind what the body uses.
            is_above = start < self._definition.body.start
            for meaning in self._meant(tuple(names), reference.definition):
                if not is_above or meaning.kind != "class":
                    yield start, meaning

    def _attributes(self, end: int) -> list[str]:
        """The dotted rest of a name, as in `module.function`."""
        match = _CHAIN.match(self._parsed.source, end)
        return _WORD.findall(match[0].decode("utf-8", errors="replace")) if match else []

    def _meant(self, names: tuple[str, ...], bound: NameDefinition | None) -> list[Meaning]:
        """What a dotted name means, given what its first part is bound to."""
        is_elsewhere = bound is None or bound.kind == "import"
        if is_elsewhere and names[0] not in self._parsed.language.builtins:
            for n in range(min(len(names), 3), 0, -1):
                if found := self.project.meanings(names[:n], self._parsed):
                    return found
            return []
        here = self._bound(bound) if bound is not None else None
        if here is not None and here.kind == "class" and len(names) > 1:
            return [here, *self.project.members(here, names[1])]
        return [here] if here is not None else []

    def _bound(self, bound: NameDefinition) -> Meaning | None:
        """What the file binds a name to; nothing for variables of functions."""
        for definition in self._parsed.definitions:
            if definition.name_range == bound.span:
                return Meaning(self._parsed, definition, definition.range)
        around = self._parsed.definitions_around(bound.span)
        if any(d.kind == "function" and d.body.contains(bound.span) for d in around):
            return None
        if any(d.header.contains(bound.span) for d in self._parsed.definitions):
            return None
        return Meaning(self._parsed, None, statement_around(self._parsed, bound.span.start))

    def _by_members(self) -> Iterator[tuple[int, Meaning]]:
        """What is reached through an object: `self.total()`, `cart.total()`."""
        span, source = self._definition.range, self._parsed.source
        for match in _MEMBER.finditer(source, span.start, span.end):
            member = ByteRange(match.start(2), match.end(2))
            if not is_member(self._parsed, member):
                continue
            receiver = (match[1] or b"").decode("utf-8", errors="replace")
            name = match[2].decode("utf-8", errors="replace")
            is_called = source[member.end : member.end + 40].lstrip()[:1] in (b"(", b"<")
            if found := self._member(receiver, name, is_called=is_called):
                yield member.start, found

    def _member(self, receiver: str, name: str, *, is_called: bool) -> Meaning | None:
        if receiver in _RECEIVERS and self._owner is not None:
            own = Meaning(self._parsed, self._owner, self._owner.range)
            return next(iter(self.project.members(own, name)), None)
        if not is_called:
            return None
        for kind in self._signature_types:
            if kind.kind == "class" and (found := self.project.members(kind, name)):
                return found[0]
        return self.project.only_member(name, self._parsed) if name not in OF_BUILTINS else None

    # What is not written yet

    def _named_in_doc(self, *, is_code_only: bool) -> Iterator[Meaning]:
        """What the documentation names: first what it sets as code."""
        text = doc_text(self._parsed, self._definition)
        quoted = [part for pair in re.findall(r"`+([^`\n]+)`+|\b([\w.]+)\(", text) for part in pair]
        words = _WORD.findall(" ".join(quoted))
        if not is_code_only:
            words += _WORD.findall(text)
        for word in dict.fromkeys(words):
            if word != self._definition.name:
                yield from self._named(word)

    def _expected(self) -> Iterator[Meaning]:
        """What the neighbours of a stub let expect of it."""
        judged = Stub(self._parsed, self._definition).judged
        for one in [j for j in judged if j.probability >= _EXPECTED][:_MAX_EXPECTED]:
            if one.neighbour.origin is not Origin.CLASS_MEMBER:
                yield from self._named(one.neighbour.name)
            elif found := self._member("self", one.neighbour.name, is_called=True):
                yield found

    def _named(self, name: str) -> list[Meaning]:
        """What a name would mean in the body; a member of the class when nothing else."""
        bound = resolve(self._parsed, name, self._definition.signature.start)
        is_known = bound is not None or name in self._words_of_imports
        found = self._meant((name,), bound) if is_known else []
        if not found and self._owner is not None:
            own = Meaning(self._parsed, self._owner, self._owner.range)
            found = self.project.members(own, name, 0)
        return found

    @cached_property
    def _words_of_imports(self) -> frozenset[str]:
        return frozenset(imported.bound for imported in self.project.imports(self._parsed))

    # Types

    @cached_property
    def _signature_types(self) -> list[Meaning]:
        texts = [self._parsed.text(self._definition.signature)]
        if self._owner is not None:
            texts.append(self._parsed.text(self._owner.header))
            texts.append(fields_text(self._parsed, self._owner))
        if self._definition.kind == "class":
            texts.append(fields_text(self._parsed, self._definition))
        names = [word for text in texts for word in _WORD.findall(text)]
        return self._types_named(names, self._parsed)

    def _types_of(self, kind: Meaning) -> list[Meaning]:
        """The types that a type names in its header and its fields."""
        parsed, definition = kind.parsed, kind.definition
        if definition is None:
            return self._types_named(_WORD.findall(parsed.text(kind.statement)), parsed)
        text = f"{parsed.text(definition.header)}\n{fields_text(parsed, definition)}"
        return self._types_named(_WORD.findall(text), parsed)

    def _types_named(self, names: list[str], parsed: ParsedDocument) -> list[Meaning]:
        found: list[Meaning] = []
        for name in dict.fromkeys(names):
            if name in parsed.language.builtins and not parsed.find(name):
                continue
            if name.islower() and parsed.language.id == "python" and len(name) < 3:
                continue
            found += [m for m in self.project.meanings((name,), parsed) if _is_type(m, name)]
        return [m for m in found if not self._is_inside(m) and not self._is_around(m)]


def _is_type(meaning: Meaning, name: str) -> bool:
    """Classes, and names in camel case that a statement binds: aliases of types."""
    if meaning.kind != "statement":
        return meaning.kind == "class"
    is_alias = re.match(r"\s*(?:export\s+|pub\s+)?(?:type|typedef|using)\b", _text(meaning))
    return bool(is_alias) or (name[:1].isupper() and not name.isupper())


def _text(meaning: Meaning) -> str:
    return meaning.parsed.text(meaning.statement)


def _distinct(meanings: list[Meaning]) -> list[Meaning]:
    """Each place once, where it is named first."""
    first: dict[tuple[str, ByteRange], Meaning] = {}
    for meaning in meanings:
        first.setdefault((meaning.parsed.snapshot.uri, meaning.statement), meaning)
    return list(first.values())

"""The places of a file that use a definition: found by name, believed when they can mean it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import tree_sitter

from scopewise.context.cutting import MANY_LINES, n_lines
from scopewise.context.project import OF_BUILTINS, Project, is_method
from scopewise.scope.signature import read_signature
from scopewise.syntax.scopes import definition_of
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_INITIALIZERS = ("__init__", "__new__", "__post_init__", "constructor")
_SELF = frozenset({"self", "cls", "this", "Self", "super"})
_OPERATOR = re.compile(r"__\w+__")
_WORD = re.compile(r"[^\W\d]\w*")
_LINK = r"(?:\?\.|\.|->|::)"
_BEFORE = re.compile(rf"((?:[^\W\d]\w*\s*(?:\(\s*\))?\s*{_LINK}\s*)+|{_LINK}\s*)$")
_FAR_BACK = 200
"""Bytes in which what stands before a name is looked for."""
_CALLED = re.compile(rb"\s*(?:\?\.)?\s*(?:(?:::)?<[^;{}()]{0,80}>)?\s*\(")
_NOT_USES = ("_declaration", "_definition", "_item", "_spec", "_signature", "_elem", "_declarator")
_NAMESPACE = re.compile(r"\s*(?:export\s+)?(?:pub\s+)?(?:mod|namespace|module)\b")


@dataclass(frozen=True)
class Call:
    """A place that uses the definition."""

    parsed: ParsedDocument
    offset: int
    is_call: bool = True
    """False where the definition is handed over as a value."""

    @property
    def at(self) -> ByteRange:
        return ByteRange(self.offset, self.offset)

    @property
    def function(self) -> Definition | None:
        """The function around it that is not inside of another, unless that one is long."""
        around = [d for d in self.parsed.definitions_around(self.at) if d.kind == "function"]
        inside = [d for d in around if d.range.contains(self.at)]
        if not inside:
            return None
        is_short = n_lines(self.parsed, inside[-1]) <= MANY_LINES
        return inside[-1] if is_short else inside[0]


@dataclass(frozen=True)
class Calls:
    """The uses of the definition a project is asked about."""

    project: Project

    @cached_property
    def names(self) -> list[str]:
        """What calls say: of a constructor the name of its class, of an operator nothing."""
        definition = self.project.definition
        if definition.name in _INITIALIZERS:
            return [self._owner_name] if self._owner_name else []
        # What is inside of a function is used there, or handed out without its name.
        is_hidden = definition.parent == "function" or _OPERATOR.fullmatch(definition.name)
        return [] if is_hidden else [definition.name]

    def in_file(self, parsed: ParsedDocument) -> list[Call]:
        """Those of one file; the ones that hand it over only where nothing calls it."""
        found = [call for name in self._names_in(parsed) for call in self._named(parsed, name)]
        found = sorted(found, key=lambda call: call.offset)
        return [call for call in found if call.is_call] or found

    # Below

    def _names_in(self, parsed: ParsedDocument) -> list[str]:
        """What a file calls the definition: its name, and those it is imported by."""
        names = list(self.names)
        for imported in self.project.imports(parsed):
            is_renamed = imported.attribute in self.names and imported.bound != "*"
            if is_renamed and imported.bound not in names:
                names.append(imported.bound)
        return names

    def _named(self, parsed: ParsedDocument, name: str) -> Iterator[Call]:
        word = re.compile(rb"(?<!\w)" + re.escape(name.encode()) + rb"(?!\w)")
        for match in word.finditer(parsed.source):
            leaf = parsed.root.descendant_for_byte_range(*match.span())
            if leaf is None or not self._is_use(parsed, leaf, match.span()):
                continue
            call = Call(parsed, match.start(), self._is_property or _is_called(parsed, leaf))
            if self._can_be(call, name):
                yield call

    def _is_use(
        self, parsed: ParsedDocument, leaf: tree_sitter.Node, span: tuple[int, int]
    ) -> bool:
        """Whether a word is an identifier that neither defines, declares nor imports."""
        if (leaf.start_byte, leaf.end_byte) != span or not _is_identifier(leaf):
            return False
        above = leaf.parent
        if above is not None and above.type.endswith(_NOT_USES) and _names_it(above, leaf):
            return False
        at = ByteRange(*span)
        return not any(imported.range.contains(at) for imported in self.project.imports(parsed))

    def _can_be(self, call: Call, name: str) -> bool:
        """Whether a use can be one of the definition, by all that is known of both."""
        chain = _chain(call)
        if self._is_member:
            return self._can_be_member(call, chain)
        if call.parsed is self.project.target:
            scopes = self.project.definition.qualified_name.split(".")[:-1]
            return chain[-1] in (*_SELF, *scopes) if chain else self._is_bound_here(call, name)
        if self.project.imports_tell(call.parsed):
            names = [(*chain, name), (*chain[-1:], name)]
            return any(self._is_subject(tuple(one), call.parsed) for one in names)
        return self._is_likely(call.parsed)

    def _is_bound_here(self, call: Call, name: str) -> bool:
        """Whether a name in the definition's own file is not bound to anything else."""
        end = call.offset + len(name.encode())
        bound = definition_of(call.parsed, ByteRange(call.offset, end))
        namesakes = [d.name_range for d in call.parsed.definitions if d.name == name]
        return bound is None or bound.span in namesakes

    def _is_subject(self, names: tuple[str, ...], parsed: ParsedDocument) -> bool:
        meaning = self.project.meaning(names, parsed)
        if meaning is None or meaning.parsed is not self.project.target:
            return False
        return meaning.definition in (self.project.definition, self._made)

    def _can_be_member(self, call: Call, chain: list[str]) -> bool:
        is_here = call.parsed is self.project.target
        if not chain:
            # Some languages leave the object out within the class.
            return is_here and call.parsed.language.block == "braces"
        if chain[-1] in _SELF:
            return call.is_call and self._is_of_kin(call)
        owner = re.compile(rb"(?<!\w)" + re.escape(self._owner_name.encode()) + rb"(?!\w)")
        is_owner_known = bool(self._owner_name) and owner.search(call.parsed.source) is not None
        if not call.is_call:  # A field may have the same name.
            return chain[-1] == self._owner_name or (is_owner_known and self._is_unique)
        return is_here or is_owner_known or self._is_unique

    def _is_of_kin(self, call: Call) -> bool:
        """Whether the class itself calls, or one made from it."""
        around = [d for d in call.parsed.definitions_around(call.at) if d.kind == "class"]
        header = call.parsed.text(around[0].header) if around else ""
        return self._owner_name in _WORD.findall(header)

    def _is_likely(self, parsed: ParsedDocument) -> bool:
        """In a language whose imports do not lead to files."""
        here, there = self.project.target.snapshot.path, parsed.snapshot.path
        if here is None or there is None:
            return False
        if any(d.name == self.names[0] and not d.parent for d in parsed.definitions):
            return False
        is_named = bool({here.stem, here.parent.name} & self.project.words_of_imports(parsed))
        is_only_one = not self.project.n_other_definitions(self.names[0], parsed)
        return here.parent == there.parent or is_named or is_only_one

    # What is known of the definition

    @cached_property
    def _owner(self) -> Definition | None:
        owner = self.project.target.owner(self.project.definition)
        return owner if owner is not None and owner.kind == "class" else None

    @cached_property
    def _owner_name(self) -> str:
        """The class a method belongs to, also where it stands outside of its text."""
        if self._owner is not None:
            return self._owner.name
        header = self.project.target.text(self.project.definition.signature)
        words = _WORD.findall(header.partition(self.project.definition.name)[0])
        return words[-1] if words else ""

    @cached_property
    def _made(self) -> Definition | None:
        """The class whose objects a constructor makes."""
        return self._owner if self.project.definition.name in _INITIALIZERS else None

    @cached_property
    def _is_member(self) -> bool:
        """Whether it is reached through an object or its class."""
        parsed, owner = self.project.target, self._owner
        if owner is not None and _NAMESPACE.match(parsed.text(owner.signature)):
            return False
        return is_method(parsed, self.project.definition) and self._made is None

    @cached_property
    def _is_property(self) -> bool:
        """Whether its name alone is a use: of a property, and of a class."""
        definition = self.project.definition
        if definition.kind != "function":
            return True
        decorators = read_signature(self.project.target, definition).decorators
        return any(name.rpartition(".")[2].endswith("property") for name in decorators)

    @cached_property
    def _is_unique(self) -> bool:
        """Whether nothing else is known by its name."""
        name, target = self.names[0], self.project.target
        own = {d.qualified_name for d in target.definitions if d.name == name}
        is_only_one = not self.project.n_other_definitions(name, target)
        return name not in OF_BUILTINS and is_only_one and len(own) == 1


def _chain(call: Call) -> list[str]:
    """What stands before a name with dots between; an empty name for any other value."""
    before = call.parsed.source[max(0, call.offset - _FAR_BACK) : call.offset]
    match = _BEFORE.search(before.decode("utf-8", errors="replace"))
    return (_WORD.findall(match[0]) or [""]) if match else []


def _is_identifier(leaf: tree_sitter.Node) -> bool:
    return "identifier" in leaf.type or leaf.type == "word"


def _is_called(parsed: ParsedDocument, leaf: tree_sitter.Node) -> bool:
    above = leaf.parent
    if above is not None and (above.type == "command_name" or above.type.startswith("jsx_")):
        return True
    return _CALLED.match(parsed.source, leaf.end_byte) is not None


def _names_it(above: tree_sitter.Node, leaf: tree_sitter.Node) -> bool:
    """Whether a node defines or declares the name, rather than holding a use of it."""
    fields = [above.child_by_field_name(field) for field in ("name", "declarator")]
    return any(node is not None and node.id == leaf.id for node in fields)

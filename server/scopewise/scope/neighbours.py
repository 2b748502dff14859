"""What the file around a definition offers it, and how its neighbours use that.

Read from the text of the neighbours rather than by resolving names: it is evidence of what a body
that is not there yet may use, not a statement of what a body uses.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import tree_sitter

from scopewise.scope.imports import imported_names
from scopewise.scope.report import Origin
from scopewise.scope.signature import definition_node
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

IsProject = Callable[[str], bool]
"""Whether a module, with leading dots when relative, belongs to the project."""

_WORD = re.compile(r"[^\W\d]\w*")
_MEMBER = re.compile(r"\b(?:self|cls|this)(?:\.|->)([^\W\d]\w*)")
_LITERAL = re.compile(
    r"\"\"\"(?:.|\n)*?\"\"\"|'''(?:.|\n)*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*"
)


@dataclass(frozen=True)
class Neighbour:
    """A name that code at a place could use."""

    name: str
    kind: str
    """`method`, `field`, `function`, `class`, `variable` or `import`."""
    origin: Origin
    line: int
    """Where it is bound, from 1."""
    n_uses: int
    """In the rest of the file, its own definition left out."""
    definition: str = ""
    """The dotted name of what an import leads to."""


@dataclass(frozen=True)
class Body:
    """The names that the body of another function of the file uses."""

    members: frozenset[str]
    names: frozenset[str]
    is_same_class: bool


class Neighbourhood:
    """What is around a definition: members of its class, definitions of its file, imports."""

    def __init__(
        self, parsed: ParsedDocument, definition: Definition, is_project: IsProject | None = None
    ) -> None:
        self._parsed = parsed
        self._definition = definition
        self._is_project = is_project or by_path(parsed)
        owner, _, _ = definition.qualified_name.rpartition(".")
        self.owner = parsed.find(owner) if owner and definition.parent == "class" else None

    @cached_property
    def members(self) -> tuple[Neighbour, ...]:
        """Of its own class as this file has it: methods, attributes of the class, fields."""
        if self.owner is None:
            return ()
        prefix = f"{self.owner.qualified_name}."
        found: dict[str, Neighbour] = {}
        for other in self._parsed.definitions:
            if other.qualified_name == prefix + other.name and other != self._definition:
                kind = "method" if other.kind == "function" else "class"
                self._add(found, other.name, kind, Origin.CLASS_MEMBER, other.name_range.start)
        for name, offset in self._fields(self.owner):
            self._add(found, name, "field", Origin.CLASS_MEMBER, offset)
        found.pop(self._definition.name, None)
        return tuple(found.values())

    @cached_property
    def file_names(self) -> tuple[Neighbour, ...]:
        """What the file defines at its top, its own class left out."""
        found: dict[str, Neighbour] = {}
        own = {self._definition.name}
        if self.owner is not None:
            own = {self.owner.qualified_name.split(".")[0]}
        for other in self._parsed.definitions:
            if not other.parent and other.name not in own:
                self._add(found, other.name, other.kind, Origin.FILE, other.name_range.start)
        for node in _assigned(self._parsed.root):
            self._add(found, _text(node), "variable", Origin.FILE, node.start_byte)
        return tuple(found.values())

    @cached_property
    def imports(self) -> tuple[Neighbour, ...]:
        """What the file imports, by where it comes from."""
        found: dict[str, Neighbour] = {}
        for name in imported_names(self._parsed):
            if name.bound != "*" and name.module != "__future__":
                origin = self._origin(name.module)
                self._add(found, name.bound, "import", origin, name.range.start, name.module)
        return tuple(found.values())

    @cached_property
    def bodies(self) -> tuple[Body, ...]:
        """The functions of the file whose bodies are written."""
        return tuple(self._bodies())

    # Below

    def _add(
        self,
        found: dict[str, Neighbour],
        name: str,
        kind: str,
        origin: Origin,
        offset: int,
        module: str = "",
    ) -> None:
        line = self._parsed.snapshot.lines.line_of(offset) + 1
        n_uses = max(self._counts[name] - 1, 0)
        found.setdefault(name, Neighbour(name, kind, origin, line, n_uses, module))

    @cached_property
    def _counts(self) -> Counter[str]:
        span = self._definition.range
        rest = self._parsed.source[: span.start] + b"\n" + self._parsed.source[span.end :]
        return Counter(_WORD.findall(_code(rest.decode("utf-8", errors="replace"))))

    def _origin(self, module: str) -> Origin:
        if self._is_project(module):
            return Origin.PROJECT
        is_standard = module.split(".")[0] in sys.stdlib_module_names
        return Origin.STANDARD_LIBRARY if is_standard else Origin.THIRD_PARTY

    def _fields(self, owner: Definition) -> Iterator[tuple[str, int]]:
        node = definition_node(self._parsed, owner)
        body = node.child_by_field_name("body") if node is not None else None
        for identifier in _assigned(body) if body is not None else ():
            yield _text(identifier), identifier.start_byte
        text = self._parsed.text(owner.range)
        own = self._definition.range.shifted(-owner.range.start)
        for match in _MEMBER.finditer(text):
            if not own.start <= match.start() < own.end:
                yield match[1], owner.range.start + len(text[: match.start()].encode())

    def _bodies(self) -> Iterator[Body]:
        owner = self.owner.qualified_name if self.owner else None
        for other in self._parsed.definitions:
            is_inside = self._definition.range.contains(other.range)
            if other.kind != "function" or other.is_stub or is_inside:
                continue
            if other.parent == "function" or other.range.contains(self._definition.range):
                continue
            start = other.doc.end if other.doc and other.doc.start >= other.body.start else None
            code = _code(self._parsed.text(ByteRange(start or other.body.start, other.body.end)))
            yield Body(
                members=frozenset(_MEMBER.findall(code)),
                names=frozenset(_WORD.findall(code)),
                is_same_class=owner is not None and other.qualified_name == f"{owner}.{other.name}",
            )


def by_path(parsed: ParsedDocument) -> IsProject:
    """Judges modules by the file's own path: relative ones, and those of a folder it lies in."""
    path = parsed.snapshot.path
    folders = frozenset(path.parts[:-1]) if path else frozenset()
    return lambda module: module.startswith(".") or module.split(".")[0] in folders


def _code(text: str) -> str:
    """A text without strings and comments, as far as quotes tell."""
    return _LITERAL.sub(" ", text)


def _assigned(block: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The identifiers that the statements of a block, of Python, assign to."""
    for statement in block.named_children:
        node = statement.named_children[0] if statement.named_children else None
        if statement.type != "expression_statement" or node is None:
            continue
        target = node.child_by_field_name("left") if node.type == "assignment" else None
        if target is not None:
            targets = [target] if target.type == "identifier" else target.named_children
            yield from (inner for inner in targets if inner.type == "identifier")


def _text(node: tree_sitter.Node) -> str:
    return node.text.decode("utf-8", errors="replace") if node.text else ""

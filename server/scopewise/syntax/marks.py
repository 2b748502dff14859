"""What a language's `locals.scm` says of one document: its scopes, bindings and uses, unresolved.

Patterns overlap, as a general one is written beside its exceptions. An identifier that binds a name
is not a use of it, and one that names a member is not looked up; the settings
`also reference` and `only reference` say otherwise. Of two patterns of one sort the later counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import tree_sitter

from scopewise.syntax.languages import Language
from scopewise.syntax.tree import ParsedDocument

Span = tuple[int, int]
"""A range as plain numbers, which hash and compare faster: a file has tens of thousands."""


@dataclass(frozen=True, slots=True)
class ScopeMark:
    """A node that opens a scope, or one that is evaluated outside of the scope it stands in."""

    span: Span
    kind: str = "block"
    is_hidden: bool = False
    """Its names are not seen from the scopes inside it."""
    is_outside: bool = False
    """No scope of its own: what stands here belongs to the scope around."""


@dataclass(frozen=True, slots=True)
class DefinitionMark:
    """An identifier that binds a name."""

    name: str
    span: Span
    kind: str
    owner: str
    """The scope it belongs to: `own`, `parent`, `function` or `file`."""
    spaces: tuple[str, ...]
    visible_from: int | None
    """Where the name is seen from on; None when in the whole scope."""
    is_everywhere: bool
    """Seen from scopes inside a hidden one as well, and from nodes evaluated outside."""


@dataclass(frozen=True, slots=True)
class UseMark:
    """An identifier that uses a name."""

    name: str
    span: Span
    space: str
    """Empty: a value or else a type."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Each in order of appearance, scopes before those inside them."""

    scopes: tuple[ScopeMark, ...]
    definitions: tuple[DefinitionMark, ...]
    uses: tuple[UseMark, ...]
    outers: tuple[tuple[str, int, str], ...]
    """Names that belong further out: name, where that is said, `global` or `nonlocal`."""
    members: frozenset[Span]


def marks_of(parsed: ParsedDocument) -> Marks:
    """The marks of a document, read from its tree in one pass."""
    reader = _Reader(parsed)
    settings = _settings(parsed.language)
    for pattern, captures in tree_sitter.QueryCursor(parsed.language.locals).matches(parsed.root):
        reader.read(pattern, settings[pattern], captures)
    return reader.marks()


@cache
def _settings(language: Language) -> tuple[dict[str, str | None], ...]:
    query = language.locals
    return tuple(query.pattern_settings(index) for index in range(query.pattern_count))


_Captures = dict[str, list[tree_sitter.Node]]
_Settings = dict[str, str | None]


class _Reader:
    """Collects the matches of a query; what overlaps is sorted out by `marks`."""

    def __init__(self, parsed: ParsedDocument) -> None:
        self._source = parsed.source
        self._root = parsed.root.id
        self._scopes: dict[int, tuple[int, ScopeMark]] = {}
        self._outside: dict[int, ScopeMark] = {}
        self._definitions: dict[Span, tuple[int, _Settings, int | None]] = {}
        self._uses: dict[Span, tuple[bool, int, str]] = {}
        self._outers: dict[Span, str] = {}
        self._members: set[Span] = set()
        self._also: set[Span] = set()
        self._only: set[Span] = set()

    def read(self, pattern: int, settings: _Settings, captures: _Captures) -> None:
        for capture, nodes in captures.items():
            if capture == "local.reference":
                self._read_uses(pattern, settings, nodes)
            elif capture == "local.definition":
                self._read_definitions(pattern, settings, nodes, captures)
            elif capture == "local.member":
                self._members.update(map(_span, nodes))
            elif capture == "local.scope":
                self._read_scopes(pattern, settings, nodes)
            elif capture == "local.outside":
                self._outside |= {n.id: ScopeMark(_span(n), is_outside=True) for n in nodes}
            elif capture == "local.outer":
                self._outers |= {_span(n): settings.get("outer") or "global" for n in nodes}

    def _read_uses(self, pattern: int, settings: _Settings, nodes: list[tree_sitter.Node]) -> None:
        space = settings.get("space") or ""
        rank = (bool(space), pattern, space)
        for node in nodes:
            span = _span(node)
            if span not in self._uses or self._uses[span] < rank:
                self._uses[span] = rank
            if "only" in settings:
                self._only.add(span)

    def _read_definitions(
        self,
        pattern: int,
        settings: _Settings,
        nodes: list[tree_sitter.Node],
        captures: _Captures,
    ) -> None:
        after = captures.get("local.after")
        visible_from = after[0].end_byte if after else None
        for span in map(_span, nodes):
            known = self._definitions.get(span)
            if known is None or known[0] <= pattern:
                self._definitions[span] = (pattern, settings, visible_from)
            if "also" in settings:
                self._also.add(span)

    def _read_scopes(
        self, pattern: int, settings: _Settings, nodes: list[tree_sitter.Node]
    ) -> None:
        for node in nodes:
            known = self._scopes.get(node.id)
            if node.id != self._root and (known is None or known[0] <= pattern):
                kind = settings.get("scope.kind") or "block"
                is_hidden = settings.get("scope.inner") == "hidden"
                self._scopes[node.id] = (pattern, ScopeMark(_span(node), kind, is_hidden))

    def marks(self) -> Marks:
        scopes = [*self._outside.values(), *(mark for _, mark in self._scopes.values())]
        return Marks(
            scopes=tuple(sorted(scopes, key=_outer_first)),
            definitions=tuple(self._bound()),
            uses=tuple(self._used()),
            outers=tuple((self._text(span), span[0], far) for span, far in self._outers.items()),
            members=frozenset(self._members - self._only),
        )

    def _bound(self) -> Iterator[DefinitionMark]:
        for span in sorted(self._definitions.keys() - self._only):
            _, settings, visible_from = self._definitions[span]
            space = settings.get("space") or "value"
            yield DefinitionMark(
                name=_bound_name(self._text(span), settings),
                span=span,
                kind=settings.get("kind") or "variable",
                owner=settings.get("scope") or "own",
                spaces=_SEVERAL_SPACES.get(space, (space,)),
                visible_from=visible_from,
                is_everywhere=settings.get("visible") == "everywhere",
            )

    def _used(self) -> Iterator[UseMark]:
        neither = (self._members | (self._definitions.keys() - self._also)) - self._only
        for span in sorted((self._uses.keys() | self._outers.keys()) - neither):
            space = self._uses[span][2] if span in self._uses else ""
            yield UseMark(self._text(span), span, space)

    def _text(self, span: Span) -> str:
        return self._source[span[0] : span[1]].decode("utf-8", errors="replace")


def _bound_name(text: str, settings: _Settings) -> str:
    """The text of an identifier; of a path its last element, versions aside."""
    if settings.get("name") != "path":
        return text
    return _VERSION.sub("", text).rpartition("/")[2]


def _span(node: tree_sitter.Node) -> Span:
    return node.start_byte, node.end_byte


_VERSION = re.compile(r"[/.]v\d+$")

_SEVERAL_SPACES = {"both": ("value", "type"), "any": ("value", "type", "macro")}

_WIDTHS = {"module": 1, "class": 2, "function": 3, "comprehension": 4}
"""Which scope is the outer one of two with one range."""


def _outer_first(mark: ScopeMark) -> tuple[int, int, int]:
    width = 0 if mark.is_outside else _WIDTHS.get(mark.kind, 5)
    return mark.span[0], -mark.span[1], width

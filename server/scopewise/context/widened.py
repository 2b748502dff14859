"""What a large model is told of the code around a function: whole definitions, and who uses it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from scopewise.context.callers import Callers
from scopewise.context.candidate import Candidate, candidate
from scopewise.context.cutting import MANY_LINES, n_lines, outline, whole
from scopewise.context.failure import failing_test
from scopewise.context.project import Project
from scopewise.context.skeleton import Excerpt, skeleton
from scopewise.context.source import Source, sources_of
from scopewise.context.surroundings import Piece, imports_of, is_empty
from scopewise.context.uses import Uses
from scopewise.scope.lookup import Files
from scopewise.scope.tag_index import TagIndex
from scopewise.scope.traces.stack import Trace
from scopewise.syntax.tree import Definition, ParsedDocument

_MAX_CALLERS = 5
_MAX_TESTS = 2
_MAX_OFFERED = 12
_NO_ROOM = "The budget had no room for it."


@dataclass(frozen=True)
class LeftOut:
    """A file whose code was wanted and must not be sent, or a piece the budget had no room for."""

    path: Path | None
    what: str
    reason: str
    """One sentence."""


@dataclass(frozen=True)
class Widened:
    """The code to show, and what is missing from it."""

    pieces: tuple[Piece, ...]
    """In the order a reader wants them."""
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Wish:
    """What the payload is about."""

    parsed: ParsedDocument
    definition: Definition
    trace: Trace | None = None
    """Of a fix: the test that fails is found through it."""


def widened(
    wish: Wish,
    files: Files,
    index: TagIndex | None,
    objection: Callable[[Path], str],
    budget_tokens: int,
    n_tokens: Callable[[str], int],
) -> Widened:
    """The code around a definition that fits the budget, without the definition itself.

    `objection` says why a file must not be sent, and nothing when it may.
    """
    project = Project(wish.parsed, wish.definition, files, index)
    basket = _Basket(project, objection, budget_tokens, n_tokens)
    for one in _around(wish, project):
        basket.offer(one)
    if wish.trace is not None:
        for one in failing_test(wish.trace, project):
            basket.offer(one)
    uses = Uses(project)
    for callee in uses.callees:
        basket.offer(candidate("type" if callee.kind == "class" else "callee", callee, project))
    for kind in uses.types:
        basket.offer(candidate("type", kind, project))
    _offer_callers(wish, Callers(project), basket)
    for constant in uses.constants:
        basket.offer(candidate("constant", constant, project))
    return Widened(basket.pieces, basket.left_out)


def _around(wish: Wish, project: Project) -> Iterator[Candidate]:
    """The imports of the file, and the class or the function the definition stands in."""
    parsed, definition = wish.parsed, wish.definition
    yield Candidate("imports", parsed, (lambda: imports_of(parsed),))
    owner = parsed.owner(definition)
    if owner is not None and owner.kind == "class":
        shown = skeleton(parsed, owner, without=definition.name)
        if not is_empty(shown):
            yield Candidate(f"class `{owner.qualified_name}`", parsed, (lambda: shown,))
    elif owner is not None:
        forms = [partial(f, parsed, owner, definition.range) for f in (whole, outline)]
        forms = forms[1:] if n_lines(parsed, owner) > 2 * MANY_LINES else forms
        yield Candidate(f"enclosing function `{owner.qualified_name}`", parsed, tuple(forms))


def _offer_callers(wish: Wish, callers: Callers, basket: _Basket) -> None:
    """Up to five, a test among them when there is one."""
    on_stack = callers.on_stack(wish.trace) if wish.trace else iter(())
    in_code = itertools.chain(on_stack, callers.of_code)
    n_left = _MAX_CALLERS - bool(callers.of_tests)
    n_left -= _taken(in_code, n_left, basket)
    _taken(callers.of_tests, min(_MAX_TESTS, n_left + 1), basket)


def _taken(offered: Iterable[Candidate], limit: int, basket: _Basket) -> int:
    """How many of some candidates were taken, at most `limit`."""
    n = 0
    for one in itertools.islice(offered, _MAX_OFFERED):
        n += basket.offer(one)
        if n >= limit:
            break
    return n


@dataclass
class _Basket:
    """The pieces chosen so far."""

    project: Project
    objection: Callable[[Path], str]
    n_left: int
    n_tokens: Callable[[str], int]
    _chosen: list[_Chosen] = field(default_factory=list)
    _left_out: dict[tuple[Path | None, str], LeftOut] = field(default_factory=dict)
    _objections: dict[Path, str] = field(default_factory=dict)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(Piece(one.what, one.code, one.sources) for one in self._chosen)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return tuple(self._left_out.values())

    def offer(self, offered: Candidate) -> bool:
        """Take a candidate in the fullest form there is room for; False when it is not taken."""
        path = offered.parsed.snapshot.path
        if path is not None and (reason := self._objection(path)):
            self._left_out.setdefault((path, ""), LeftOut(path, offered.what, reason))
            return False
        for form in offered.forms:
            chosen = _chosen(offered, form(), self.n_tokens)
            if not chosen.says_something or chosen.lines <= self._lines(offered.parsed):
                return False
            if self._take(chosen):
                return True
        self._left_out[path, offered.what] = LeftOut(path, offered.what, _NO_ROOM)
        return False

    def _objection(self, path: Path) -> str:
        if path not in self._objections:
            self._objections[path] = self.objection(path)
        return self._objections[path]

    def _lines(self, parsed: ParsedDocument) -> set[int]:
        """The lines of a document that are shown already."""
        same = [one for one in self._chosen if one.uri == parsed.snapshot.uri]
        return {line for one in same for line in one.lines}

    def _take(self, new: _Chosen) -> bool:
        """Put it in the place of what it contains, if there is room."""
        inside = [one for one in self._chosen if one.uri == new.uri and one.lines <= new.lines]
        n_free = self.n_left + sum(one.n_tokens for one in inside)
        if new.n_tokens > n_free:
            return False
        self.n_left = n_free - new.n_tokens
        at = self._chosen.index(inside[0]) if inside else len(self._chosen)
        self._chosen = [one for one in self._chosen if one not in inside]
        self._chosen.insert(at, new)
        return True


@dataclass(frozen=True)
class _Chosen:
    """A candidate in one of its forms."""

    what: str
    uri: str
    code: str
    sources: tuple[Source, ...]
    lines: frozenset[int]
    n_tokens: int

    @property
    def says_something(self) -> bool:
        return any(line.strip() not in ("", "...") for line in self.code.splitlines())


def _chosen(offered: Candidate, excerpt: Excerpt, n_tokens: Callable[[str], int]) -> _Chosen:
    parsed = offered.parsed
    code = excerpt.code.replace("\r\n", "\n")
    sources = sources_of(parsed.snapshot, excerpt.ranges)
    rows = (row for one in sources for row in range(one.first_line, one.last_line + 1))
    lines = parsed.snapshot.lines
    filled = frozenset(row for row in rows if parsed.text(lines.line_range(row - 1)).strip())
    return _Chosen(offered.what, parsed.snapshot.uri, code, sources, filled, n_tokens(code))

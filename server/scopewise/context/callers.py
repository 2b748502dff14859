"""The functions that call a definition, the nearest first, and the tests that do."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from scopewise.context.calls import Call, Calls
from scopewise.context.candidate import Candidate
from scopewise.context.cutting import (
    MANY_LINES,
    around,
    n_lines,
    statement,
    statement_around,
    whole,
)
from scopewise.context.project import Project
from scopewise.scope.search import mentions, source_files
from scopewise.scope.traces.localise import spots
from scopewise.scope.traces.stack import Trace, by_interest
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_MAX_FILES = 14
_MAX_TEST_FILES = 5
_MAX_OF_OWN_FILE = 3
_MAX_OF_A_FILE = 2
_TEST_PATH = re.compile(
    r"(?:^|/)(?:tests?|__tests__|specs?)/|(?:^|/)test_[^/]*$|(?:^|/)conftest\.py$"
    r"|(?:[_.](?:tests?|spec)|Tests?|Spec)\.\w+$"
)


@dataclass(frozen=True)
class Callers:
    """Who uses the definition a project is asked about."""

    project: Project

    @property
    def of_code(self) -> Iterator[Candidate]:
        """The functions that call it, tests left out."""
        return self._candidates("caller")

    @cached_property
    def of_tests(self) -> list[Candidate]:
        """The tests that call it."""
        return list(self._candidates("test"))

    def on_stack(self, trace: Trace) -> Iterator[Candidate]:
        """The functions of a trace outside of tests, the innermost first."""
        for part in by_interest(trace):
            for spot in reversed(spots(part, self.project)):
                if spot.definition is not None and spot.line is not None and not spot.is_test:
                    at = spot.parsed.snapshot.lines.line_range(spot.line).end
                    yield from self._shown([Call(spot.parsed, at)], "on the stack")

    # Below: which files

    def _documents(self, *, is_test: bool) -> Iterator[ParsedDocument]:
        """The definition's own file, and others that may use it."""
        yield self.project.target
        for path in self._paths(is_test=is_test):
            if (parsed := self.project.parsed(path)) is not None:
                yield parsed

    def _paths(self, *, is_test: bool) -> list[Path]:
        """The likeliest of the other files, the nearest first."""
        target, limit = self.project.target, _MAX_TEST_FILES if is_test else _MAX_FILES
        found = [
            path
            for path in dict.fromkeys(self._named_in(is_test=is_test))
            if self._is_test(path) is is_test
            and self.project.is_related(path, target)
            and not self.project.is_own_file(path)
        ]
        return sorted(sorted(found, key=self._rank)[:limit], key=self._distance)

    def _named_in(self, *, is_test: bool) -> Iterator[Path]:
        """The files that may name it, by the index as far as it goes."""
        for name in self._calls.names:
            if self.project.index is not None:
                yield from (place.path for place in self.project.index.references(name))
            if not self.project.is_all_indexed:
                yield from self.project.siblings(self.project.target, name)
                tests = source_files(self.project.roots, _is_test_name) if is_test else ()
                yield from (path for path in tests if mentions(path, name))

    @cached_property
    def _importing(self) -> frozenset[Path]:
        """The files that import the definition, or its module, by name."""
        index, path = self.project.index, self.project.target.snapshot.path
        if index is None or path is None:
            return frozenset()
        outermost = self.project.definition.qualified_name.partition(".")[0]
        names = (outermost, path.stem, path.parent.name)
        places = [place for name in names for place in index.references(name)]
        return frozenset(place.path for place in places if place.kind == "import")

    def _rank(self, path: Path) -> tuple[bool, bool, int, str]:
        """The likeliest first, when not all can be read."""
        here = self.project.target.snapshot.path
        stem = here.stem if here else ""
        is_named_after = path.stem in (f"test_{stem}", f"{stem}_test", f"{stem}Test")
        return not is_named_after, path not in self._importing, *self._distance(path)

    def _distance(self, path: Path) -> tuple[int, str]:
        """How many folders lie between a file and the definition's."""
        here = self.project.target.snapshot.path
        ours, theirs = here.parent.parts if here else (), path.parent.parts
        same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(ours, theirs, strict=False))
        return len(ours) + len(theirs) - 2 * len(list(same)), str(path)

    def _is_test(self, path: Path) -> bool:
        """Whether a file holds tests, by its name and its folders below the root."""
        for root in self.project.roots:
            if path.is_relative_to(root):
                return _is_test_name(path.relative_to(root).as_posix())
        return _is_test_name(path.name)

    # Below: which functions of a file

    @cached_property
    def _calls(self) -> Calls:
        return Calls(self.project)

    def _candidates(self, kind: str) -> Iterator[Candidate]:
        is_test = kind == "test"
        for parsed in self._documents(is_test=is_test):
            is_own = parsed is self.project.target
            limit = _MAX_OF_OWN_FILE if is_own else _MAX_OF_A_FILE
            calls = self._calls.in_file(parsed)
            calls = [call for call in calls if self._is_in_test(call) is is_test]
            yield from itertools.islice(self._shown(calls, kind), limit)

    def _is_in_test(self, call: Call) -> bool:
        """Tests may stand in the very file they test, in a module of their own."""
        path = call.parsed.snapshot.path
        if path is not None and self._is_test(path):
            return True
        around_it = call.parsed.definitions_around(call.at)
        return any(d.kind == "class" and d.name in ("tests", "test") for d in around_it)

    def _shown(self, calls: Sequence[Call], kind: str) -> Iterator[Candidate]:
        """The functions around some calls of one file, each once, without the definition."""
        by_place: dict[ByteRange, tuple[Definition | None, list[Call]]] = {}
        for call in calls:
            function = call.function
            span = function.range if function else statement_around(call.parsed, call.offset)
            by_place.setdefault(span, (function, []))[1].append(call)
        for span, (function, inside) in by_place.items():
            own = self.project.without(inside[0].parsed)
            if own is not None and own.contains(span):
                continue
            if function is None:
                yield _at_the_top(self.project, kind, inside[0].parsed, span)
            else:
                yield _function(self.project, kind, function, inside)


def _is_test_name(name: str) -> bool:
    return _TEST_PATH.search(name) is not None


def _at_the_top(project: Project, kind: str, parsed: ParsedDocument, span: ByteRange) -> Candidate:
    form = partial(statement, parsed, span, project.without(parsed))
    return Candidate(f"{kind} at the top of `{parsed.snapshot.name}`", parsed, (form,))


def _function(
    project: Project, kind: str, function: Definition, calls: Sequence[Call]
) -> Candidate:
    parsed = calls[0].parsed
    without = project.without(parsed)
    offsets = tuple(call.offset for call in calls)
    forms = [
        partial(whole, parsed, function, without),
        partial(around, parsed, function, offsets, without),
        partial(around, parsed, function, offsets[:1], without),
    ]
    is_long = n_lines(parsed, function) > MANY_LINES
    return Candidate(
        f"{kind} `{function.qualified_name}`", parsed, tuple(forms[1:] if is_long else forms)
    )

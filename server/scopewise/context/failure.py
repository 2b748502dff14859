"""The test that fails, as a trace names it, and what of its own file it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from scopewise.context.candidate import Candidate, candidate
from scopewise.context.cutting import MANY_LINES, around, n_lines, statement, whole
from scopewise.context.project import Meaning, Project
from scopewise.scope.signature import read_signature
from scopewise.scope.traces.localise import Spot, spots
from scopewise.scope.traces.stack import Trace, by_interest
from scopewise.syntax.scopes import free_references
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_MAX_TESTS = 2
_MAX_HELPERS = 8
_LINES_AROUND = 5
_SET_UP = re.compile(r"(?:set_?up|async_?set_?up)(?:_?(?:class|module|method|function))?", re.I)


def failing_test(trace: Trace, project: Project) -> Iterator[Candidate]:
    """The test functions a trace goes through, each with the helpers it names."""
    found = [spot for part in by_interest(trace) for spot in spots(part, project) if spot.is_test]
    functions: dict[tuple[str, ByteRange], tuple[Definition, Spot]] = {}
    for spot in found:
        if (function := _outermost(spot)) is not None:
            functions.setdefault((spot.parsed.snapshot.uri, function.range), (function, spot))
    tests = sorted(functions.values(), key=lambda pair: not pair[0].name.startswith("test"))
    for function, spot in tests[:_MAX_TESTS]:
        yield _shown(function, spot, project)
        for helper in _helpers(spot.parsed, function, project)[:_MAX_HELPERS]:
            yield candidate("test helper", helper, project)
    if not tests and found:
        yield from _lines(found[-1], project)


def _outermost(spot: Spot) -> Definition | None:
    """The function around a line that is not inside of another."""
    if spot.definition is None:
        return None
    around_it = [d for d in spot.parsed.definitions if d.range.contains(spot.definition.range)]
    return next((d for d in around_it if d.kind == "function"), None)


def _shown(function: Definition, spot: Spot, project: Project) -> Candidate:
    parsed, without = spot.parsed, project.without(spot.parsed)
    lines = parsed.snapshot.lines
    at = lines.line_range(spot.line).end if spot.line is not None else function.body.start
    forms = [
        partial(whole, parsed, function, without),
        partial(around, parsed, function, (at,), without),
    ]
    forms = forms[1:] if n_lines(parsed, function) > MANY_LINES else forms
    kind = "failing test" if function.name.startswith("test") else "test helper"
    return Candidate(f"{kind} `{function.qualified_name}`", parsed, tuple(forms))


def _lines(spot: Spot, project: Project) -> Iterator[Candidate]:
    """The lines around a failure at the top of a file of tests."""
    if spot.line is None:
        return
    lines = spot.parsed.snapshot.lines
    first = max(0, spot.line - _LINES_AROUND)
    last = min(lines.n_lines - 1, spot.line + _LINES_AROUND)
    span = ByteRange(lines.line_range(first).start, lines.line_range(last).end)
    form = partial(statement, spot.parsed, span, project.without(spot.parsed))
    yield Candidate("failing test", spot.parsed, (form,))


def _helpers(parsed: ParsedDocument, test: Definition, project: Project) -> list[Meaning]:
    """Fixtures, functions, classes and constants of the test's file that it names, and what sets
    it up; fixtures also of the `conftest.py` around."""
    names = [parameter.name for parameter in read_signature(parsed, test).parameters]
    names += [reference.name for reference in free_references(parsed, test.range)]
    found = [m for name in dict.fromkeys(names) for m in _own(name, parsed, project)]
    for name in dict.fromkeys(names[: len(read_signature(parsed, test).parameters)]):
        if not _own(name, parsed, project):
            found += _of_conftest(name, parsed, project)
    prefix = test.qualified_name[: -len(test.name)]
    set_ups = [
        Meaning(parsed, d, d.range)
        for d in parsed.definitions
        if _SET_UP.fullmatch(d.name) and d.qualified_name == prefix + d.name
    ]
    return [m for m in (*set_ups, *found) if m.statement != test.range]


def _own(name: str, parsed: ParsedDocument, project: Project) -> list[Meaning]:
    return [m for m in project.meanings((name,), parsed) if m.parsed is parsed]


def _of_conftest(name: str, parsed: ParsedDocument, project: Project) -> list[Meaning]:
    here = parsed.snapshot.path
    for folder in here.parents if here else ():
        if not any(folder.is_relative_to(root) for root in project.roots):
            break
        there = project.parsed(folder / "conftest.py")
        found = [d for d in there.definitions if d.qualified_name == name] if there else []
        if there is not None and found:
            return [Meaning(there, found[-1], found[-1].range)]
    return []

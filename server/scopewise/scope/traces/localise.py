"""The functions that can hold the cause of a stack trace, the likeliest first."""

from __future__ import annotations

import ast
import itertools
import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scopewise.errors import InputError
from scopewise.scope.lookup import Files, Found
from scopewise.scope.search import find_function
from scopewise.scope.statements import python_tree, simple_statement
from scopewise.scope.traces.calls import (
    Site,
    called_functions,
    called_names,
    function_named,
    mentioned_names,
)
from scopewise.scope.traces.frames import ResolvedFrame, workspace_frames
from scopewise.scope.traces.rejected_input import rejects_its_input
from scopewise.scope.traces.stack import Frame, Trace, by_interest
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_MAX_SUSPECTS = 5
_MAX_TEST_LINES = 40
_MAX_NAMES = 12
"""Names that are searched for in all files, for one trace."""


@dataclass(frozen=True)
class Failure:
    """A function and how it failed."""

    parsed: ParsedDocument
    definition: Definition
    line: int | None
    """The failing line in the document, from 0; None when it lies elsewhere."""
    trace: Trace
    note: str = ""
    """What else is known, such as the test that failed, as a sentence with code."""


@dataclass(frozen=True)
class Spot:
    """A frame of a trace and the place in a file of the workspace it means now."""

    resolved: ResolvedFrame
    parsed: ParsedDocument
    line: int | None
    """From 0; None when the printed code is no longer there."""
    definition: Definition | None
    """The function around the line; None at the level of the module."""

    @property
    def site(self) -> Site:
        return Site(self.parsed, self.definition)

    @property
    def is_test(self) -> bool:
        return self.resolved.is_test

    @property
    def code(self) -> str:
        """The failing statement, whole where the file still has it."""
        now = statement_at(self.parsed, self.line) if self.line is not None else ""
        return now or self.resolved.frame.code


def find_failure(trace: Trace, files: Files) -> Failure:
    """The likeliest suspect; raises InputError when no function here has to do with the trace."""
    found = suspects(trace, files)
    if not found:
        raise InputError(
            "None of the trace's frames lies in a function of this workspace.",
            "Open the folder the program ran from.",
        )
    return found[0]


def suspects(trace: Trace, files: Files) -> tuple[Failure, ...]:
    """The functions among the frames, and those they call, that can hold the cause, ranked.

    Tests are taken only when there is nothing else, for a test that is changed always passes.
    Code at the level of a module is never among them.
    """
    ranked = [failure for part in by_interest(trace) for failure in _of_part(part, trace, files)]
    if not ranked:
        ranked = list(_named_in_frames(trace, files))
    if not ranked:
        ranked = [
            failure
            for part in by_interest(trace)
            for spot in reversed(spots(part, files))
            if (failure := _failure_at(spot, trace))
        ]
    return tuple(itertools.islice(_distinct(ranked), _MAX_SUSPECTS))


def spots(part: Trace, files: Files) -> list[Spot]:
    """The frames of one exception that lie in files of the workspace, the innermost last."""
    found = []
    for resolved in workspace_frames(part, files.roots, Path.is_file):
        parsed = files.parsed(resolved.path)
        if parsed is not None:
            line = _line_now(parsed, resolved.frame)
            is_module = resolved.frame.function == "<module>"
            function = None if line is None or is_module else _function_at(parsed, line)
            found.append(Spot(resolved, parsed, line, function))
    return found


def statement_at(parsed: ParsedDocument, line: int) -> str:
    """The smallest statement of Python that a line, from 0, has a part in, dedented; empty where
    the file does not parse."""
    tree = python_tree(parsed)
    statement = simple_statement(tree, line) if tree else None
    try:
        return ast.unparse(statement) if statement else ""
    except RecursionError:
        return ""


def _of_part(part: Trace, trace: Trace, files: Files) -> Iterator[Failure]:
    """The suspects of one exception of the trace."""
    found = spots(part, files)
    if not found:
        return
    own = [spot for spot in found if spot.definition is not None and not spot.is_test]
    innermost = found[-1]
    if innermost not in own or _is_test_like(innermost, part, files):
        yield from _tested(found, trace, files)
    for spot in _ranked_frames(own, part):
        if failure := _failure_at(spot, trace):
            yield failure
    if own:
        yield from _called_by(own[-1], trace, files)


def _distinct(ranked: list[Failure]) -> Iterator[Failure]:
    """Each function once; the failing line is kept where only a later entry knows it."""
    best: dict[tuple[str, ByteRange], Failure] = {}
    for failure in ranked:
        key = failure.parsed.snapshot.uri, failure.definition.range
        first = best.setdefault(key, failure)
        if first.line is None and failure.line is not None:
            best[key] = replace(first, line=failure.line)
    yield from best.values()


# Frames that lie in functions


def _ranked_frames(own: list[Spot], part: Trace) -> list[Spot]:
    """The functions of the frames, innermost first, unless that one is likely only the messenger.

    Endless recursion is the fault of the function that returns most often, whichever was
    innermost when the stack was full. Whoever rejects its input points to its caller.
    """
    ranked = own[::-1]
    if _type_of(part) == "RecursionError":
        counts: Counter[ByteRange | None] = Counter()
        for spot in own:
            counts[_range_of(spot)] += 1 + spot.resolved.frame.n_repeats
        return sorted(ranked, key=lambda spot: -counts[_range_of(spot)])
    callers = [spot for spot in ranked if _range_of(spot) != _range_of(ranked[0])]
    if callers and _is_messenger(ranked[0], part):
        return [callers[0], *ranked]
    return ranked


def _range_of(spot: Spot) -> ByteRange | None:
    return spot.definition.range if spot.definition else None


def _is_messenger(spot: Spot, part: Trace) -> bool:
    is_raised_here = spot.resolved.frame == part.frames[-1]
    if not is_raised_here or spot.line is None or spot.definition is None:
        return False
    if spot.parsed.language.id != "python":
        return False
    lines = spot.parsed.snapshot.lines
    first = lines.line_of(spot.definition.range.start)
    start = lines.line_range(first).start
    code = textwrap.dedent(spot.parsed.text(ByteRange(start, spot.definition.range.end)))
    return rejects_its_input(code, spot.line - first + 1)


def _failure_at(spot: Spot, trace: Trace) -> Failure | None:
    if spot.definition is None:
        return None
    return Failure(spot.parsed, spot.definition, spot.line, trace)


def _called_by(spot: Spot, trace: Trace, files: Files) -> Iterator[Failure]:
    """What the failing line calls may have handed it the wrong value."""
    for parsed, definition in called_functions(spot.code, spot.site, files):
        if definition.range != _range_of(spot):
            yield Failure(parsed, definition, None, trace)


# A failing test, or code at the level of a module: what it calls


def _is_test_like(spot: Spot, part: Trace, files: Files) -> bool:
    """Whether an assertion compares what a function gave with a value, wherever it stands."""
    if _type_of(part) != "AssertionError" or spot.resolved.frame != part.frames[-1]:
        return False
    tested = re.match(r"assert\b.*(?:==|!=|<|>|\bis\b|\bin\b)", spot.code, re.DOTALL)
    return bool(tested) and bool(called_functions(spot.code, spot.site, files))


def _type_of(part: Trace) -> str:
    return part.exception.type_name.rpartition(".")[2] if part.exception else ""


def _tested(found: list[Spot], trace: Trace, files: Files) -> Iterator[Failure]:
    """The functions a failing test calls, those in the test's own file behind the others."""
    note = _note(found[-1])
    on_stack = {_range_of(spot) for spot in found}
    tests = {spot.parsed.snapshot.uri for spot in found if spot.is_test}

    def is_suspect(at: Found) -> bool:
        is_test = at[0].snapshot.uri in tests and at[1].name.startswith("test")
        return not is_test and (at[0].snapshot.uri not in tests or at[1].range not in on_stack)

    direct = [at for at in _called_in_test(found, files) if is_suspect(at)]
    direct.sort(key=lambda at: at[0].snapshot.uri in tests)
    below = [inner for at in direct for inner in _called_in_file(at, files)]
    rest = [at for at in _called_elsewhere_in_test(found[-1], files) if is_suspect(at)]
    for parsed, definition in (*direct, *below, *rest):
        yield Failure(parsed, definition, None, trace, note)


def _called_in_test(found: list[Spot], files: Files) -> list[Found]:
    """The functions handed to the test, which is about them, then what the failing statement
    calls, then what made its variables."""
    *callers, test = found
    called = [at for spot in reversed(callers) for at in _handed_over(spot, files)]
    called += called_functions(test.code, test.site, files)
    for code in _makers(test):
        called += called_functions(code, test.site, files)
    if not called:
        called = [
            at for spot in callers[::-1] for at in called_functions(spot.code, spot.site, files)
        ]
    return [*called, *_handed_over(test, files)]


def _handed_over(spot: Spot, files: Files) -> list[Found]:
    """The functions that a statement mentions but does not call."""
    names = _names_uncalled(spot.code)
    found = [function_named(name, spot.site, files) for name in names]
    return [at for at in found if at is not None]


def _makers(spot: Spot) -> Iterator[str]:
    """The assignments above that made the variables of the failing statement, nearest first."""
    if spot.definition is None or spot.line is None:
        return
    lines = spot.parsed.snapshot.lines
    first = lines.line_of(spot.definition.range.start)
    wanted = {name.split(".")[0] for name in mentioned_names(spot.code)}
    for number in range(spot.line - 1, first, -1):
        text = spot.parsed.text(lines.line_range(number))
        target = re.match(r"\s*([^\W\d]\w*)[^=(]*=(?!=)", text)
        if target and target[1] in wanted:
            yield text.partition("=")[2]
            wanted |= {name.split(".")[0] for name in mentioned_names(text)}


def _called_in_file(at: Found, files: Files) -> list[Found]:
    """The functions that a function calls and its own file defines."""
    parsed, definition = at
    called = called_functions(parsed.text(definition.body), Site(parsed, definition), files)
    return [inner for inner in called if inner[0] is parsed and inner[1] != definition]


def _called_elsewhere_in_test(test: Spot, files: Files) -> list[Found]:
    if test.definition is None:
        return []
    return called_functions(test.parsed.text(test.definition.body), test.site, files)


def _note(test: Spot) -> str:
    if test.definition is None:
        return ""
    code = test.parsed.text(test.definition.range).splitlines()[:_MAX_TEST_LINES]
    fence = test.parsed.language.fence
    return f"It is this test that failed:\n```{fence}\n" + "\n".join(code) + "\n```"


def _named_in_frames(trace: Trace, files: Files) -> Iterator[Failure]:
    """The functions named on the lines that failed, when the frames' own files are not here."""
    n_left = _MAX_NAMES
    for part in by_interest(trace):
        for frame in _frames_to_ask(part):
            for name in _last_names(frame):
                found = find_function(name, files) if n_left > 0 else None
                n_left -= 1
                if found is not None:
                    yield Failure(*found, None, trace)
                    for inner in _called_in_file(found, files):
                        yield Failure(*inner, None, trace)


def _frames_to_ask(part: Trace) -> list[Frame]:
    """Innermost first, but before a check that failed the statement that says what it checks."""
    frames = list(part.frames[::-1])
    if _type_of(part) != "AssertionError" or len(frames) < 2:
        return frames
    return [replace(frames[1], code=" ".join(_names_uncalled(frames[1].code))), *frames]


def _names_uncalled(code: str) -> list[str]:
    called = {name.lstrip(".") for name in called_names(code)}
    return [name for name in mentioned_names(code) if name not in called]


def _last_names(frame: Frame) -> list[str]:
    """What a frame's printed code calls, then what else it mentions."""
    names = [*called_names(frame.code), *mentioned_names(frame.code)]
    last = dict.fromkeys(name.rpartition(".")[2] for name in names)
    return [name for name in last if name and name != "assert"]


# Lines of a file


def _line_now(parsed: ParsedDocument, frame: Frame) -> int | None:
    """The frame's line in the file as it is now, from 0.

    The file may have been edited since: the printed code is looked for in the function of that
    name when it no longer stands on the printed line.
    """
    lines = parsed.snapshot.lines
    wanted = frame.code.strip().splitlines()[0].strip() if frame.code.strip() else ""
    line = frame.line - 1
    if not wanted or (line < lines.n_lines and _line_text(parsed, line) == wanted):
        return line if line < lines.n_lines else None
    for definition in parsed.definitions:
        if definition.name != frame.function.rpartition(".")[2]:
            continue
        for number in _line_numbers(parsed, definition):
            if _line_text(parsed, number) == wanted:
                return number
    return None


def _line_text(parsed: ParsedDocument, number: int) -> str:
    return parsed.text(parsed.snapshot.lines.line_range(number)).strip()


def _line_numbers(parsed: ParsedDocument, definition: Definition) -> range:
    lines = parsed.snapshot.lines
    return range(lines.line_of(definition.range.start), lines.line_of(definition.range.end) + 1)


def _function_at(parsed: ParsedDocument, line: int) -> Definition | None:
    span = parsed.snapshot.lines.line_range(line)
    around = parsed.definitions_around(ByteRange(span.start, span.start))
    return next((d for d in around if d.kind == "function"), None)

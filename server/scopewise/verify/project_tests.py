"""Runs the project's own tests on an edit, in the sandbox, on a private copy of the project."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from scopewise.cancel import CancelToken
from scopewise.errors import ScopewiseError
from scopewise.sandbox.protocol import Limits, Run, Sandbox
from scopewise.scope.test_files import TestTarget
from scopewise.verify.project_runs import last_line, project_program, why_ended

Outcome = Literal["passed", "failed", "error", "skipped", "xfailed"]
Framework = Literal["pytest", "unittest"]

_MAX_REASON = 200
_NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class TestResult:
    """How one test went."""

    __test__ = False  # pytest takes every class called Test for one of tests.

    name: str
    """As pytest writes it: `tests/test_cart.py::TestCart::test_total[0]`; the file alone when it
    could not be loaded."""
    outcome: Outcome
    message: str = ""
    """The last lines of the report on a failure, with the trace."""
    reason: str = ""
    """What was raised, in one line."""
    is_reached: bool = True
    """Whether the test ran the function that was watched; also when none was."""

    @property
    def has_failed(self) -> bool:
        return self.outcome in ("failed", "error")

    @property
    def sentence(self) -> str:
        """What a failure says, for people."""
        return f"The project's test `{self.name}` fails{f': {self.reason}' if self.reason else ''}."


@dataclass(frozen=True)
class TestReport:
    """How a run of tests went."""

    __test__ = False

    results: tuple[TestResult, ...] = ()
    not_run: str = ""
    """Why no test was run, as a clause; empty when there are results."""
    seconds: float = 0.0

    @property
    def n_passed(self) -> int:
        """Those that passed and ran the watched function: others passed for nothing."""
        return sum(result.outcome == "passed" and result.is_reached for result in self.results)

    @property
    def failures(self) -> tuple[TestResult, ...]:
        return tuple(result for result in self.results if result.has_failed)

    @property
    def n_failed(self) -> int:
        return len(self.failures)

    @property
    def sentence(self) -> str:
        """What came of the tests, as a part of a sentence."""
        if self.not_run:
            return f"no project test was run ({self.not_run})"
        return _sentence(self.n_passed, self.n_passed + self.n_failed)


@dataclass(frozen=True)
class Comparison:
    """What an edit did to the tests: the same ones, run without it and with it."""

    n_passed: int
    """Pass with it and ran the watched function."""
    mended: tuple[TestResult, ...]
    """Of those, the ones that failed without it."""
    broken: tuple[TestResult, ...]
    """Passed without it and fail with it."""
    still_failing: tuple[TestResult, ...]
    """Fail both ways, or fail with it and were not run without it."""

    @property
    def sentence(self) -> str:
        n_failed = len(self.broken) + len(self.still_failing)
        return _sentence(self.n_passed, self.n_passed + n_failed)


def run_project_tests(
    sandbox: Sandbox,
    interpreter: Path,
    root: Path,
    changed: Mapping[Path, bytes],
    targets: Sequence[TestTarget],
    limits: Limits,
    cancel: CancelToken | None = None,
    *,
    watched: tuple[Path, str] | None = None,
    framework: Framework = "pytest",
) -> TestReport:
    """How the tests go with some files changed; raises Cancelled and nothing else.

    `watched` names a function by its file and qualified name: tests that do not run it then do
    not count as passed. Where pytest is not installed, tests written for unittest are run by it.
    Without changes, or with those of unsaved documents, this is the baseline for `compare_tests`.
    """
    inside = [target for target in targets if target.path.is_relative_to(root)]
    if not inside:
        return TestReport(not_run="no test of the project reaches the function")
    mark = secrets.token_hex(8)
    request = {
        "mark": mark,
        "framework": framework,
        "targets": [(str(target.path), target.names) for target in inside],
        "watched": [str(watched[0]), watched[1]] if watched else None,
    }
    program = project_program(
        interpreter,
        ("-I", "-B", "-c", _program_text()),
        root,
        changed,
        stdin=msgspec.json.encode(request),
    )
    try:
        run = sandbox.run(program, limits, cancel)
    except ScopewiseError as error:
        _check(cancel)
        return TestReport(not_run=_clause(str(error)))
    _check(cancel)
    return _report(run, mark.encode(), interpreter)


def compare_tests(before: TestReport, after: TestReport) -> Comparison:
    """What came of the tests, set against what came of them without the edit.

    Tests of a function that is not written yet fail without it, so what failed before is not held
    against the edit by itself; `still_failing` has it for those who look closer.
    """
    passed_before = {result.name for result in before.results if result.outcome == "passed"}
    failed_before = {result.name for result in before.failures}
    passed = [r for r in after.results if r.outcome == "passed" and r.is_reached]
    broken = [r for r in after.failures if _was_passing(r.name, passed_before)]
    return Comparison(
        n_passed=len(passed),
        mended=tuple(r for r in passed if _was_failing(r.name, failed_before)),
        broken=tuple(broken),
        still_failing=tuple(r for r in after.failures if r not in broken),
    )


class _Line(msgspec.Struct, frozen=True):
    """What the program says; see there."""

    name: str = ""
    outcome: Outcome = "error"
    message: str = ""
    reason: str = ""
    is_reached: bool = False
    started: str = ""
    problem: str = ""
    exit_code: int = 0
    is_end: bool = False


def _report(run: Run, mark: bytes, interpreter: Path) -> TestReport:
    lines = _lines(run.stdout, mark)
    results = [_result(line) for line in lines if line.name]
    has_ended = any(line.is_end for line in lines)
    unfinished = _unfinished(lines)
    if unfinished and not has_ended:
        results.append(TestResult(unfinished, "error", reason=why_ended(run)))
    not_run = "" if results else _why_not_run(run, lines, interpreter)
    return TestReport(tuple(results), not_run, run.seconds)


def _lines(output: bytes, mark: bytes) -> list[_Line]:
    """What can be read of the answer: a program that was stopped leaves the last line undone."""
    found = []
    for raw in output.splitlines():
        head, _, value = raw.partition(b" ")
        if head == mark:
            try:
                found.append(msgspec.json.decode(value, type=_Line))
            except msgspec.DecodeError:
                continue
    return found


def _result(line: _Line) -> TestResult:
    return TestResult(
        line.name, line.outcome, line.message, line.reason[:_MAX_REASON], line.is_reached
    )


def _unfinished(lines: Sequence[_Line]) -> str:
    """The test that had begun when the program ended before its time."""
    ended = {line.name for line in lines}
    return next((line.started for line in lines if line.started not in ended), "")


def _why_not_run(run: Run, lines: Sequence[_Line], interpreter: Path) -> str:
    problem = next((line.problem for line in lines if line.problem), "")
    if problem == "no pytest":
        return f"pytest is not installed in {interpreter}"
    if problem:
        return f"they could not be started: {_clause(problem)[:_MAX_REASON]}"
    if run.stopped_by:
        return f"loading them was stopped: {why_ended(run)}"
    exit_code = next((line.exit_code for line in lines if line.exit_code), 0)
    if any(line.is_end for line in lines) and exit_code in (0, _NOTHING_COLLECTED):
        return "the project's settings leave them out"
    return f"they could not be started: {_clause(last_line(run.stderr)) or 'no reason is given'}"


def _was_passing(name: str, passed: set[str]) -> bool:
    """Whether a test passed, or one of a file that cannot be loaded any more."""
    return name in passed or any(other.startswith(f"{name}::") for other in passed)


def _was_failing(name: str, failed: set[str]) -> bool:
    return name in failed or name.partition("::")[0] in failed


def _sentence(n_passed: int, n_all: int) -> str:
    if not n_all:
        return "no project test ran the function"
    noun, verb = ("test", "passes") if n_all == 1 else ("tests", "pass")
    return f"{n_passed} of {n_all} project {noun} {verb}"


def _clause(text: str) -> str:
    return text.strip().rstrip(".")


def _check(cancel: CancelToken | None) -> None:
    if cancel is not None:
        cancel.check()


def _program_text() -> str:
    program = resources.files("scopewise.verify").joinpath("project_tests_program.py")
    return program.read_text("utf-8")

"""The sets of tasks: gzipped JSON lines, each read as a task and the test that judges it."""

from __future__ import annotations

import enum
import gzip
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from scopewise.bench.classes import class_with_stub
from scopewise.bench.hidden import HiddenTest
from scopewise.bench.rewriting import renamed, shifted, with_docstring
from scopewise.bench.tasks import BenchTask
from scopewise.errors import InputError

R = TypeVar("R", bound=msgspec.Struct)


class Action(enum.StrEnum):
    FILL = "fill"
    FIX = "fix"
    EXPLAIN = "explain"


class TaskSet(enum.StrEnum):
    HUMANEVAL = "humaneval"
    HUMANEVALPACK = "humanevalpack_python"
    QUIXBUGS = "quixbugs_python"
    CLASSEVAL = "classeval_methods"


@dataclass(frozen=True)
class Case:
    """A task, and apart from it what it is judged by."""

    task: BenchTask
    hidden: HiddenTest


def read_cases(folder: Path, action: Action, task_set: TaskSet) -> list[Case]:
    """The cases of a set, in its order; raises InputError.

    A row without a stack trace is no case of a fix.
    """
    reader = _READERS.get((action, task_set))
    if reader is None:
        fitting = ", ".join(s.value for a, s in _READERS if a is action)
        raise InputError(f"`{action.value}` is not measured on {task_set.value}, but on {fitting}.")
    cases = [reader.case(row) for row in _lines(folder / f"{task_set.value}.jsonl.gz")]
    return [case for case in cases if action is not Action.FIX or "Traceback" in case.task.trace]


def _lines(path: Path) -> list[bytes]:
    try:
        with gzip.open(path) as file:
            return [line for line in file if line.strip()]
    except FileNotFoundError as error:
        raise InputError(f"There is no {path.name} in {path.parent}.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read ({error}).") from error


@dataclass(frozen=True)
class _Reader(Generic[R]):
    row: type[R]
    build: Callable[[R], Case]

    def case(self, line: bytes) -> Case:
        try:
            with warnings.catch_warnings():
                # Docstrings of the data have escapes that Python warns of.
                warnings.simplefilter("ignore")
                return self.build(msgspec.json.decode(line, type=self.row))
        except (msgspec.DecodeError, SyntaxError) as error:
            raise InputError(f"A row of the data is not as expected ({error}).") from error


class _Function(msgspec.Struct):
    """A documented function without a body, and tests that define `check`."""

    id: str
    entry_point: str
    stub: str
    reference_body: str
    test: str


class _Mutated(msgspec.Struct):
    """A function with a bug, beside its stub, its right body and its tests."""

    id: str
    entry_point: str
    stub: str
    declaration: str
    """The stub without its docstring: what the trace's line numbers count."""
    reference_body: str
    buggy_body: str
    test: str
    traceback: str


class _Program(msgspec.Struct):
    """A small program with a bug; its docstring stands apart."""

    id: str
    entry_point: str
    docstring: str
    buggy_code: str
    fixed_code: str
    tests: str
    traceback: str


class _Method(msgspec.Struct):
    """A method of a class, and the test case of that method."""

    id: str
    entry_point: str
    class_name: str
    class_skeleton: str
    class_solution: str
    stub: str
    test_class: str
    test_code: str


def _fill_function(row: _Function) -> Case:
    task = BenchTask(row.id, "fill_body", "solution.py", row.stub, row.entry_point)
    tests = f"{row.test}\ncheck({row.entry_point})"
    return Case(task, HiddenTest(tests, row.stub + row.reference_body))


def _fill_mutated(row: _Mutated) -> Case:
    task = BenchTask(row.id, "fill_body", "solution.py", row.stub, row.entry_point)
    return Case(task, HiddenTest(row.test, row.stub + row.reference_body))


def _fill_method(row: _Method) -> Case:
    text = class_with_stub(
        row.class_solution, row.class_skeleton, row.stub, row.class_name, row.entry_point
    )
    name = f"{row.class_name}.{row.entry_point}"
    task = BenchTask(row.id, "fill_body", "solution.py", text, name)
    tests = f"{row.test_code}\n{_RUN_TEST_CASE.format(test_class=row.test_class)}"
    return Case(task, HiddenTest(tests, row.class_solution))


_RUN_TEST_CASE = """
import unittest as _unittest
_result = _unittest.TextTestRunner().run(
    _unittest.defaultTestLoader.loadTestsFromTestCase({test_class})
)
assert _result.testsRun and _result.wasSuccessful()
"""


def _fix_mutated(row: _Mutated) -> Case:
    n_more = row.stub.count("\n") - row.declaration.count("\n")
    trace = shifted(row.traceback, "solution.py", row.declaration.count("\n"), n_more)
    text = row.stub + row.buggy_body
    task = BenchTask(row.id, "fix_traceback", "solution.py", text, row.entry_point, trace)
    return Case(task, HiddenTest(row.test, row.stub + row.reference_body))


def _fix_program(row: _Program) -> Case:
    documented = with_docstring(row.buggy_code, row.entry_point, row.docstring)
    file = f"{row.entry_point}.py"
    trace = shifted(row.traceback, file, documented.first_line, documented.n_lines)
    task = BenchTask(row.id, "fix_traceback", file, documented.text, row.entry_point, trace)
    return Case(task, HiddenTest(row.tests, row.fixed_code))


def _explain_mutated(row: _Mutated) -> Case:
    text, name = renamed(row.declaration + row.reference_body, row.entry_point)
    task = BenchTask(row.id, "explain", "solution.py", text, name)
    return Case(task, HiddenTest(f"{row.entry_point} = {name}\n{row.test}", text))


_READERS: dict[tuple[Action, TaskSet], _Reader[Any]] = {
    (Action.FILL, TaskSet.HUMANEVAL): _Reader(_Function, _fill_function),
    (Action.FILL, TaskSet.HUMANEVALPACK): _Reader(_Mutated, _fill_mutated),
    (Action.FILL, TaskSet.CLASSEVAL): _Reader(_Method, _fill_method),
    (Action.FIX, TaskSet.HUMANEVALPACK): _Reader(_Mutated, _fix_mutated),
    (Action.FIX, TaskSet.QUIXBUGS): _Reader(_Program, _fix_program),
    (Action.EXPLAIN, TaskSet.HUMANEVALPACK): _Reader(_Mutated, _explain_mutated),
}

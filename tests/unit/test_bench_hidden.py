"""A result is right when the hidden tests ran to their end, and in no other way."""

import sys
from pathlib import Path

import pytest

from scopewise.bench import hidden
from scopewise.bench.hidden import HiddenTest, fault_of, judge_with
from scopewise.errors import InputError
from scopewise.sandbox.protocol import Availability

TEST = HiddenTest("assert add(1, 2) == 3", "def add(a, b):\n    return a + b\n")


@pytest.fixture
def judge(monkeypatch):
    """Bare, since the programs here are ours."""
    monkeypatch.setattr(hidden, "find_sandbox", lambda: Availability(None, "It is switched off."))
    return judge_with(Path(sys.executable), is_bare_allowed=True)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (TEST.reference, "passed"),
        ("def add(a, b):\n    return a - b\n", "failed"),
        ("import os\nos._exit(0)", "failed"),
        ("raise SystemExit(0)", "failed"),
        ("def add(", "failed"),
        (f"{TEST.reference}\nif __name__ == '__main__':\n    raise SystemExit(1)", "passed"),
        ("\ud800", "failed"),
    ],
)
def test_results(judge, text, result):
    assert judge(TEST, text) == result


def test_an_endless_candidate(judge, monkeypatch):
    monkeypatch.setattr(hidden, "_TIMEOUT_S", 0.5)
    assert judge(TEST, "while True:\n    pass") == "timeout"


def test_tasks_that_measure_nothing(judge):
    stub = "def add(a, b):\n    '''The sum.'''\n"
    assert fault_of(judge, TEST, stub) == ""
    assert fault_of(judge, TEST, TEST.reference) == ""
    wrong = HiddenTest("assert add(1, 2) == 4", TEST.reference)
    assert fault_of(judge, wrong, stub) == "the reference does not pass (failed)"
    weak = HiddenTest("assert callable(add)", TEST.reference)
    assert fault_of(judge, weak, stub) == "it passes before anything is done"


def test_nothing_runs_bare_unasked(monkeypatch):
    monkeypatch.setattr(hidden, "find_sandbox", lambda: Availability(None, "It is switched off."))
    with pytest.raises(InputError, match=r"no sandbox for it \(It is switched off\)") as error:
        judge_with(Path(sys.executable), is_bare_allowed=False)
    assert "--unsafe-hidden-tests" in error.value.remedy


def test_in_the_sandbox():
    availability = hidden.find_sandbox()
    if availability.sandbox is None:
        pytest.skip(f"no sandbox: {availability.reason}")
    judge = judge_with(Path(sys.executable), is_bare_allowed=False)
    assert judge(TEST, TEST.reference) == "passed"
    assert judge(TEST, "raise SystemExit(0)") == "failed"

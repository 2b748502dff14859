"""What a stack trace lets one expect, in small projects."""

from __future__ import annotations

import re

import pytest

from scopewise.actions.workspace import DiskWorkspace
from scopewise.scope.traces.outlook import KINDS, Tendency, outlook
from scopewise.scope.traces.traceback import parse_traces

SHOP = """\
def rate(rates, country):
    return rates[country]

def check(price):
    if price < 0:
        raise ValueError("negative")
    return price

def total(prices):
    return sum(check(price) for price in prices)
"""
TEST = """\
from shop import total

def test_total():
    assert total([1]) == 2
"""
LINES = {
    "shop.py": SHOP.splitlines(),
    "test_shop.py": TEST.splitlines(),
}


@pytest.fixture
def seen(tmp_path):
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "test_shop.py").write_text(TEST)

    def look(error, *frames):
        text = "Traceback (most recent call last):\n"
        for name, line, function in frames:
            path = tmp_path / name
            code = LINES[name][line - 1].strip() if name in LINES else "pass"
            text += f'  File "{path}", line {line}, in {function}\n    {code}\n'
        (trace,) = parse_traces(f"{text}{error}\n")
        return outlook(trace, DiskWorkspace((tmp_path,)))

    return look


RATE, TOTAL, CHECK = ("shop.py", 2, "rate"), ("shop.py", 10, "total"), ("shop.py", 6, "check")

EXPECTED = [
    ("NameError: name 'x' is not defined", Tendency.HERE),
    ("UnboundLocalError: cannot access local variable 'x'", Tendency.HERE),
    ("TypeError: f() takes 1 positional argument but 2 were given", Tendency.HERE),
    ("TypeError: f() missing 1 required positional argument: 'x'", Tendency.HERE),
    ("TypeError: 'NoneType' object is not subscriptable", Tendency.EITHER),
    ("TypeError: unsupported operand type(s) for +: 'int' and 'str'", Tendency.HERE),
    ("AttributeError: 'NoneType' object has no attribute 'x'", Tendency.EITHER),
    ("AttributeError: 'list' object has no attribute 'x'", Tendency.HERE),
    ("IndexError: list index out of range", Tendency.HERE),
    ("KeyError: 'de'", Tendency.HERE),
    ("ZeroDivisionError: division by zero", Tendency.HERE),
    ("json.decoder.JSONDecodeError: Expecting value", Tendency.ELSEWHERE),
    ("AssertionError", Tendency.ELSEWHERE),
    ("ValueError: invalid literal", Tendency.EITHER),
    ("RecursionError: maximum recursion depth exceeded", Tendency.ELSEWHERE),
    ("TimeoutError: timed out", Tendency.ELSEWHERE),
    ("ConnectionRefusedError: [Errno 111] Connection refused", Tendency.ELSEWHERE),
    ("requests.exceptions.ReadTimeout: read timed out", Tendency.ELSEWHERE),
    ("FileNotFoundError: [Errno 2] No such file or directory: 'x'", Tendency.EITHER),
    ("RuntimeError: dictionary changed size during iteration", Tendency.ELSEWHERE),
    ("RuntimeError: no", Tendency.EITHER),
    ("ModuleNotFoundError: No module named 'x'", Tendency.ELSEWHERE),
    ("sqlite3.OperationalError: database is locked", Tendency.ELSEWHERE),
    ("NotImplementedError", Tendency.HERE),
    ("shop.Odd: what is this", Tendency.EITHER),
]


@pytest.mark.parametrize(("error", "tendency"), EXPECTED)
def test_kinds_of_exceptions(seen, error, tendency):
    found = seen(error, RATE)
    assert found.tendency is tendency
    assert found.sentence
    assert found.exception == error.partition(":")[0].rpartition(".")[2]


def test_each_row_of_the_table_is_met():
    met = {next(k for k in KINDS if _fits(k, error)) for error, _ in EXPECTED if _any(error)}
    assert met == set(KINDS)


def _any(error):
    return any(_fits(kind, error) for kind in KINDS)


def _fits(kind, error):
    name, _, message = error.partition(":")
    return name.rpartition(".")[2] in kind.types and bool(re.search(kind.message, message))


def test_frames_of_the_workspace(seen):
    found = seen("KeyError: 'de'", TOTAL, ("/usr/lib/python3.11/json/x.py", 3, "dumps"), RATE)
    assert [(f.function, f.line, f.could_hold_cause) for f in found.frames] == [
        ("total", 10, True),
        ("rate", 2, True),
    ]
    assert found.n_candidates == 2


def test_who_refuses_its_input_points_to_its_caller(seen):
    found = seen("ValueError: negative", TOTAL, CHECK)
    assert found.tendency is Tendency.ELSEWHERE
    assert found.sentence == "the function refuses what it is given: its caller is at fault"
    assert [frame.could_hold_cause for frame in found.frames] == [True, False]


def test_a_failed_test(seen):
    found = seen("AssertionError", ("test_shop.py", 4, "test_total"))
    assert (found.is_failed_test, found.tendency) == (True, Tendency.ELSEWHERE)
    assert [(f.could_hold_cause, f.sentence) for f in found.frames] == [
        (False, "a test shows a fault and is not one")
    ]


def test_an_assertion_in_the_code_is_no_failed_test(seen):
    assert not seen("AssertionError", RATE).is_failed_test


def test_code_of_a_module(seen):
    found = seen("KeyError: 'x'", ("shop.py", 1, "<module>"))
    assert [frame.could_hold_cause for frame in found.frames] == [False]


def test_nothing_lies_in_the_workspace(seen):
    found = seen("KeyError: 'x'", ("/usr/lib/python3.11/json/x.py", 3, "dumps"))
    assert (found.frames, found.n_candidates, found.tendency) == ((), 0, Tendency.HERE)


def test_a_trace_that_is_cut_off(tmp_path):
    (trace,) = parse_traces('Traceback (most recent call last):\n  File "a.py", line 1, in f\n')
    found = outlook(trace, DiskWorkspace((tmp_path,)))
    assert (found.exception, found.tendency) == ("", Tendency.EITHER)

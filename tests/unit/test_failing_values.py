"""Assertions read from traces, as they can be run in the module that is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopewise.actions.workspace import DiskWorkspace
from scopewise.scope.traces.failing_values import FailingExample, failing_calls, failing_examples
from scopewise.scope.traces.traceback import parse_traces

LIB = (
    "import math\n\nLIMIT = 3\n\ndef f(x, y=0):\n    return x\n\ndef make(x):\n    return [x]\n\n"
    "class Cart:\n    def __init__(self, n):\n        self.n = n\n"
    "    def total(self):\n        return self.n\n"
)


def read(
    root: Path,
    frames: list[tuple[str, int, str, str]],
    error: str = "AssertionError",
    name: str = "f",
    test: str = "",
) -> tuple[FailingExample, ...]:
    (root / "lib.py").write_text(LIB)
    if test:
        (root / "test_lib.py").write_text(test)
    text = "Traceback (most recent call last):\n" + "".join(
        f'  File "{root}/{file}", line {line}, in {function}\n    {code}\n'
        for file, line, function, code in frames
    )
    return examples(root, f"{text}{error}\n", name)


def examples(root: Path, text: str, name: str = "f") -> tuple[FailingExample, ...]:
    workspace = DiskWorkspace((root,))
    parsed = workspace.parsed(root.resolve() / "lib.py")
    assert parsed is not None
    definition = parsed.find(name)
    assert definition is not None
    return failing_examples(parse_traces(text)[0], parsed, definition, workspace)


def assertion(root: Path, code: str, error: str = "AssertionError", name: str = "f") -> str:
    """What one line of a test that is not here says must hold."""
    found = read(root, [("gone/test_it.py", 7, "test_it", code)], error, name)
    return found[0].assertion if found else ""


def in_test(root: Path, test: str, name: str = "f", error: str = "AssertionError") -> str:
    """The same for a test that is here, its last line failing."""
    test = f"from lib import *\n\n{test}"
    last = test.splitlines()[-1].strip()
    frames = [("test_lib.py", len(test.splitlines()), "test_it", last)]
    found = read(root, frames, error, name, test)
    return found[0].assertion if found else ""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("assert f(1, [2]) == 3", "assert f(1, [2]) == 3"),
        ("assert 3 == f(1)", "assert 3 == f(1)"),
        ("assert f(1) == 3, f'not {why}'", "assert f(1) == 3"),
        ("assert not f('x')", "assert not f('x')"),
        ("assert f('x')", "assert f('x')"),
        ("assert abs(f(1) - 2.5) < 1e-6", "assert abs(f(1) - 2.5) < 1e-06"),
        ("assert f(1) == pytest.approx(2.0)", "assert abs(f(1) - 2.0) <= 2e-06"),
        ("assert approx(2, abs=0.1) == f(1)", "assert abs(f(1) - 2) <= 0.1"),
        ("assert f(*[1, 2]) == {'a': (1,)}", "assert f(*[1, 2]) == {'a': (1,)}"),
        ("assert sorted(f(1)) == [c for c in 'ab']", "assert sorted(f(1)) == [c for c in 'ab']"),
        ("assert f(LIMIT) == -1", "assert f(LIMIT) == -1"),
        ("assert f(math.inf) == math.pi", "assert f(float('inf')) == 3.141592653589793"),
        ("assert lib.f(1) == 2", "assert f(1) == 2"),
        ("self.assertEqual(f(1), 3)", "assert f(1) == 3"),
        ("self.assertEqual(3, f(1), 'message')", "assert 3 == f(1)"),
        ("self.assertTrue(f(1))", "assert f(1)"),
        ("self.assertFalse(f(1))", "assert not f(1)"),
        ("self.assertIsNone(f(1))", "assert f(1) is None"),
        ("self.assertIn(1, f(1))", "assert 1 in f(1)"),
        ("self.assertAlmostEqual(f(1), 2.5)", "assert round(abs(f(1) - 2.5), 7) == 0"),
        ("self.assertAlmostEqual(f(1), 2.5, 3)", "assert round(abs(f(1) - 2.5), 3) == 0"),
        ("self.assertAlmostEqual(f(1), 2, delta=1)", "assert abs(f(1) - 2) <= 1"),
        ("assert Cart(2).total() == 3", "assert Cart(2).total() == 3"),
        ("assert make(2) == 3", "assert make(2) == 3"),
    ],
)
def test_a_line_of_a_test_that_is_not_here(tmp_path, code, expected):
    assert assertion(tmp_path, code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "assert f(x) == 3",
        "assert f(1) == expected",
        "assert f(1) == str",
        "assert f(1) == [",
        "assert result == 3",
        "assert f(self.value) == 3",
        "assert f(open('x')) == 3",
        "assert 1 == 2",
        "f(1)",
        "self.assertEqual(*f(1))",
        "self.assertRaises(ValueError, f, 1)",
        "other.assertEqual(f(1), 2)",
        "assert f(1) == approx(x)",
        "assert f(1) == approx([1.0])",
        "assert candidate(encoded) == 1",
    ],
)
def test_what_is_not_certain_is_left_out(tmp_path, code):
    assert assertion(tmp_path, code) == ""


def test_the_call_the_value_and_the_line(tmp_path):
    (found,) = read(
        tmp_path, [("t.py", 7, "test_it", "self.assertEqual(f(1), 3)")], "AssertionError: 2 != 3"
    )
    assert found == FailingExample("f(1)", "assert f(1) == 3", "2", 7)


@pytest.mark.parametrize(
    ("code", "error", "got"),
    [
        ("self.assertEqual(3, f(1))", "AssertionError: 3 != 2", "2"),
        ("self.assertEqual(f(1), [1])", "AssertionError: Lists differ: [2] != [1]", "[2]"),
        ("self.assertEqual(f(1), 'a')", "AssertionError: 'b != c' != 'a'", "'b != c'"),
        ("self.assertEqual(f(1), f(2))", "AssertionError: 3 != 2", ""),
        ("self.assertTrue(f(1))", "AssertionError: None is not true", "None"),
        ("assert f(1) == 3", "AssertionError", ""),
        ("assert f(1) == 3", "AssertionError: my message", ""),
        ("assert f(1) == 3", "ValueError: too long", "ValueError: too long"),
    ],
)
def test_the_value_where_the_trace_shows_it(tmp_path, code, error, got):
    assert [one.got for one in read(tmp_path, [("t.py", 7, "t", code)], error)] == [got]


def test_a_call_that_raised_is_read_from_the_frame_above(tmp_path):
    frames = [("t.py", 7, "test_it", "assert f(1) == 3"), ("lib.py", 6, "f", "return x")]
    (found,) = read(tmp_path, frames, "IndexError: list index out of range")
    assert found.assertion == "assert f(1) == 3"
    assert found.got == "IndexError: list index out of range"


def test_a_parameter_stands_for_the_function(tmp_path):
    frames = [("t.py", 9, "<module>", "check(f)"), ("t.py", 7, "check", "assert candidate(1) == 3")]
    assert [one.assertion for one in read(tmp_path, frames)] == ["assert f(1) == 3"]
    frames[0] = ("t.py", 9, "<module>", "check(f, make)")
    assert read(tmp_path, frames) == ()


def test_a_parameter_of_a_test_that_is_here(tmp_path):
    test = "from lib import *\n\ndef check(g, want):\n    assert g(1) == want\n\ncheck(f, [3])\n"
    frames = [
        ("test_lib.py", 6, "<module>", "check(f, [3])"),
        ("test_lib.py", 4, "check", "assert g(1) == want"),
    ]
    assert [one.assertion for one in read(tmp_path, frames, test=test)] == ["assert f(1) == [3]"]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("def test_it():\n    assert f([\n        1,\n    ]) == 3", "assert f([1]) == 3"),
        ("def test_it():\n    x = [1]\n    assert f(x) == 3", "assert f([1]) == 3"),
        ("def test_it():\n    r = f(1)\n    want = 3\n    assert r == want", "assert f(1) == 3"),
        ("WANT = 3\n\ndef test_it():\n    assert f(1) == WANT", "assert f(1) == 3"),
        ("from lib import f as g\n\ndef test_it():\n    assert g(1) == 3", "assert f(1) == 3"),
        ("import lib as m\n\ndef test_it():\n    assert m.f(1) == 3", "assert f(1) == 3"),
        (
            "def test_it():\n    c = Cart(1)\n    assert c.total() == 2",
            "assert Cart(1).total() == 2",
        ),
        ("def test_it():\n    assert f(1) == 1\n    assert f(2) == 3", "assert f(2) == 3"),
    ],
)
def test_a_test_that_is_here(tmp_path, test, expected):
    assert in_test(tmp_path, test) == expected


@pytest.mark.parametrize(
    "test",
    [
        "def test_it(x):\n    assert f(x) == 3",
        "def test_it():\n    x = [1]\n    x.append(2)\n    assert f(x) == 3",
        "def test_it():\n    x = [1]\n    assert f(x) == x",
        "def test_it():\n    for x in (1, 2):\n        assert f(x) == 3",
        "def test_it():\n    c = Cart(1)\n    c.add(2)\n    assert c.total() == 3",
        "def test_it():\n    with patch():\n        assert f(1) == 3",
        "def test_it():\n    setup()\n    assert f(1) == 3",
        "def test_it():\n    user = make(3)\n    assert f(1) == 3",
        "def test_it():\n    config.debug = True\n    assert f(1) == 3",
        "def make(x):\n    return 0\n\ndef test_it():\n    assert f(make(1)) == 3",
        "def f(x):\n    return 0\n\ndef test_it():\n    assert f(1) == 3",
        "def test_it():\n    str = 'x'\n    str += 'y'\n    assert f(1) == str",
    ],
)
def test_a_test_that_did_more_than_assert(tmp_path, test):
    assert in_test(tmp_path, test) == ""


PYTEST = """\
    def test_it(n, expected):
>       {code}
E       {first}
E        +  where {where}

test_gone.py:7: AssertionError
"""


@pytest.mark.parametrize(
    ("code", "first", "where", "expected", "got"),
    [
        ("assert f(n) == expected", "assert 2 == 3", "2 = f(1)", "assert f(1) == 3", "2"),
        ("assert expected == f(n)", "assert 3 == 2", "2 = f(1)", "assert 3 == f(1)", "2"),
        ("assert f(n, y=n)", "assert None", "None = f('a', y='a')", "assert f('a', y='a')", "None"),
        ("assert not f(n)", "assert not True", "True = f([1])", "assert not f([1])", "True"),
        (
            "assert func(n) == expected",
            "assert 2 == 3",
            "2 = <function f at 0x7f12>(1)",
            "assert f(1) == 3",
            "2",
        ),
        ("assert f(n) == expected", "assert [1, 2,...7, 8] == 3", "[1, 2,...7, 8] = f(1)", "", ""),
        ("assert f(n) == expected", "assert 2 == <lib.A object>", "2 = f(1)", "", ""),
        ("assert f(n) == 3", "assert 2 == 3", "2 = f(<lib.A object at 0x1>)", "", ""),
        ("assert n.f(1) == 3", "assert 2 == 3", "2 = <bound method A.f>(1)", "", ""),
    ],
)
def test_what_pytest_shows(tmp_path, code, first, where, expected, got):
    (tmp_path / "lib.py").write_text(LIB)
    ruler = "____________ test_it ____________\n\n"
    text = ruler + PYTEST.format(code=code, first=first, where=where)
    found = examples(tmp_path, text)
    assert [(one.assertion, one.got) for one in found] == ([(expected, got)] if expected else [])


def test_calls_that_failed_without_an_assertion(tmp_path):
    (tmp_path / "lib.py").write_text(LIB)
    workspace = DiskWorkspace((tmp_path,))
    parsed = workspace.parsed(tmp_path.resolve() / "lib.py")
    assert parsed is not None
    definition = parsed.find("f")
    assert definition is not None
    trace = (
        "Traceback (most recent call last):\n"
        '  File "main.py", line 3, in <module>\n    print(f([]), f(x))\n'
        f'  File "{tmp_path}/lib.py", line 6, in f\n    return x\nIndexError: empty\n'
    )
    assert failing_calls(parse_traces(trace)[0], parsed, definition, workspace) == ("f([])",)


def test_a_module_that_does_not_parse_gives_nothing(tmp_path):
    (tmp_path / "lib.py").write_text("def f(x):\n    return 1\n\nif\n")
    frame = '  File "t.py", line 1, in t\n    assert f(1)\n'
    trace = f"Traceback (most recent call last):\n{frame}AssertionError\n"
    assert examples(tmp_path, trace) == ()


def test_an_assertion_that_is_nested_too_deeply_is_left_out(tmp_path):
    assert assertion(tmp_path, f"assert f(1) == {' + '.join(['1'] * 3000)}") == ""

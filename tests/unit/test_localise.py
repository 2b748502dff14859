"""Which functions a stack trace accuses, in small projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopewise.actions.workspace import DiskWorkspace
from scopewise.errors import InputError
from scopewise.scope.traces.localise import Failure, find_failure, suspects
from scopewise.scope.traces.traceback import Trace, parse_traces


class Project:
    """Files in a folder, and traces through their lines marked `#1`, `#2`, ..., innermost last."""

    def __init__(self, root: Path, **files: str) -> None:
        self.root, self.files = root, {f"{name}.py": text for name, text in files.items()}
        for name, text in self.files.items():
            (root / name).write_text(text)
        self.workspace = DiskWorkspace((root,))

    def trace(self, error: str, *functions: str) -> Trace:
        text = "Traceback (most recent call last):\n"
        for n, function in enumerate(functions, 1):
            name, line, code = self._marked(f"#{n}")
            text += f'  File "{self.root / name}", line {line}, in {function}\n    {code}\n'
        (trace,) = parse_traces(f"{text}{error}\n")
        return trace

    def _marked(self, mark: str) -> tuple[str, int, str]:
        for name, text in self.files.items():
            for number, code in enumerate(text.splitlines(), 1):
                if code.endswith(mark):
                    return name, number, code.strip()
        raise KeyError(mark)

    def suspects(self, error: str, *functions: str) -> tuple[Failure, ...]:
        return suspects(self.trace(error, *functions), self.workspace)

    def names(self, error: str, *functions: str) -> list[str]:
        return [found.definition.qualified_name for found in self.suspects(error, *functions)]


SHOP = """\
RATES = {"de": 19}

def rate(country):
    return RATES[country]  #3

def tax(price, country):
    return price * rate(country) // 100  #2

def total(prices, country):
    return sum(price + tax(price, country) for price in prices)  #1
"""


def test_the_helper_comes_before_its_callers(tmp_path):
    found = Project(tmp_path, shop=SHOP).suspects("KeyError: 'xx'", "total", "tax", "rate")
    assert [one.definition.name for one in found] == ["rate", "tax", "total"]
    assert [one.line for one in found] == [3, 6, 9]
    assert {one.note for one in found} == {""}


def test_what_the_failing_line_calls_comes_behind_the_frames(tmp_path):
    shop = "def price(x):\n    return None\n\ndef total(x):\n    return price(x) + 1  #1\n"
    assert Project(tmp_path, shop=shop).names("TypeError: no", "total") == ["total", "price"]


TESTED = "def low(x):\n    return x\n\ndef high(x):\n    return low(x) + 1\n"


def test_a_failing_assertion_accuses_what_it_calls_and_what_that_calls(tmp_path):
    test = "from lib import high\n\ndef test_high():\n    assert high(1) == 3  #1\n"
    found = Project(tmp_path, lib=TESTED, test_lib=test).suspects("AssertionError", "test_high")
    assert [one.definition.name for one in found] == ["high", "low"]
    assert [one.line for one in found] == [None, None]
    assert "assert high(1) == 3" in found[0].note


@pytest.mark.parametrize(
    ("imports", "code"),
    [
        ("from lib import *", "assert high(1) == 3  #1"),
        ("from lib import high as h", "assert h(1) == 3  #1"),
        ("import lib", "assert lib.high(1) == 3  #1"),
        ("import lib as l", "assert l.high(1) == 3  #1"),
        ("from package import high", "assert high(1) == 3  #1"),
        ("from lib import high", "got = high(1)\n    assert got == 3  #1"),
        ("from lib import high", "x = 1\n    got = high(x)\n    assert 3 == got  #1"),
        ("from lib import high", "assert high(\n        1) == 3  #1"),
        ("from lib import high", "self.assertEqual(high(1), 3)  #1"),
    ],
)
def test_ways_to_call_it(tmp_path, imports, code):
    test = f"{imports}\n\ndef test_high(self):\n    {code}\n"
    project = Project(tmp_path, lib=TESTED, test_lib=test, package="from lib import high\n")
    assert project.names("AssertionError", "test_high") == ["high", "low"]


def test_methods_by_the_class_of_their_object(tmp_path):
    cart = (
        "class Cart:\n    def __init__(self, n):\n        self.n = n\n"
        "    def total(self):\n        return self.tax() + self.n\n"
        "    def tax(self):\n        return 0\n"
    )
    body = "    c = Cart(3)\n    assert c.total() == 4  #1\n"
    test = f"from cart import Cart\n\ndef test_cart():\n{body}"
    names = Project(tmp_path, cart=cart, test_cart=test).names("AssertionError", "test_cart")
    assert names == ["Cart.total", "Cart.__init__", "Cart.tax"]


def test_a_function_handed_to_the_check(tmp_path):
    test = (
        "from lib import high\n\ndef check(candidate):\n    assert candidate(1) == 3  #2\n\n"
        "check(high)  #1\n"
    )
    names = Project(tmp_path, lib=TESTED, test_lib=test).names(
        "AssertionError", "<module>", "check"
    )
    assert names == ["high", "low"]


def test_a_test_whose_file_is_not_here(tmp_path):
    test = "def check(candidate):\n    assert candidate(1) == 3  #2\n\ncheck(high)  #1\n"
    project = Project(tmp_path, lib=TESTED, test_lib=test)
    trace = project.trace("AssertionError", "<module>", "check")
    (tmp_path / "test_lib.py").unlink()
    found = suspects(trace, DiskWorkspace((tmp_path,)))
    assert [one.definition.name for one in found] == ["high", "low"]


def test_an_assertion_in_a_script(tmp_path):
    script = "from lib import high\n\nassert high(1) == 3  #1\n"
    names = Project(tmp_path, lib=TESTED, script=script).names("AssertionError", "<module>")
    assert names == ["high", "low"]


def test_a_test_only_when_there_is_nothing_else(tmp_path):
    project = Project(tmp_path, test_a="def test_a():\n    assert len('x') == 2  #1\n")
    assert project.names("AssertionError", "test_a") == ["test_a"]


def test_code_of_a_module_is_no_suspect(tmp_path):
    project = Project(tmp_path, script="x = {}\nx['a']  #1\n")
    assert project.names("KeyError: 'a'", "<module>") == []
    with pytest.raises(InputError, match="None of the trace's frames"):
        find_failure(project.trace("KeyError: 'a'", "<module>"), project.workspace)


@pytest.mark.parametrize(
    ("check", "first"),
    [
        ("if x < 0:\n        raise ValueError(x)  #2", "use"),
        ("for one in x:\n        if not one:\n            raise ValueError(x)  #2", "use"),
        ("n = len(x)\n    if n > 3:\n        raise ValueError(x)  #2", "use"),
        ("assert isinstance(x, str)  #2", "use"),
        ("raise ValueError(x)  #2", "use"),
        ("n = x * 3 - 1\n    if n > 3:\n        raise ValueError(n)  #2", "check"),
        ("raise NotImplementedError  #2", "check"),
        ("try:\n        int(x)\n    except KeyError:\n        raise ValueError(x)  #2", "check"),
        ("return int(x)  #2", "check"),
    ],
)
def test_a_function_that_rejects_its_input_points_to_the_caller(tmp_path, check, first):
    lib = f"def check(x):\n    {check}\n\ndef use(x):\n    check(x)  #1\n"
    names = Project(tmp_path, lib=lib).names("ValueError: no", "use", "check")
    assert names[0] == first
    assert sorted(names) == ["check", "use"]


def test_endless_recursion_is_the_fault_of_the_function_that_returns(tmp_path):
    lib = (
        "def leaf(x):\n    return x  #3\n\n"
        "def f(x):\n    return f(leaf(x))  #2\n\n"
        "def g():\n    f(1)  #1\n"
    )
    error = "RecursionError: maximum recursion depth exceeded"
    names = Project(tmp_path, lib=lib).names(error, "g", "f", "leaf")
    assert names[0] == "leaf"
    text = (
        "Traceback (most recent call last):\n"
        f'  File "{tmp_path}/lib.py", line 8, in g\n    f(1)  #1\n'
        f'  File "{tmp_path}/lib.py", line 5, in f\n    return f(leaf(x))  #2\n'
        "  [Previous line repeated 993 more times]\n"
        f'  File "{tmp_path}/lib.py", line 2, in leaf\n    return x  #3\n{error}\n'
    )
    found = suspects(parse_traces(text)[0], DiskWorkspace((tmp_path,)))
    assert [one.definition.name for one in found] == ["f", "leaf", "g"]


def test_the_cause_comes_before_what_it_caused(tmp_path):
    lib = "def low():\n    return {}['a']  #1\n\ndef high():\n    raise ValueError from low()  #2\n"
    project = Project(tmp_path, lib=lib)
    header = f'Traceback (most recent call last):\n  File "{tmp_path}/lib.py", line'
    cause, effect = (
        f"{header} {line}, in {name}\n{end}"
        for line, name, end in ((2, "low", "KeyError: 'a'\n"), (5, "high", "ValueError\n"))
    )
    between = "\nThe above exception was the direct cause of the following exception:\n\n"
    (trace,) = parse_traces(cause + between + effect)
    assert [one.definition.name for one in suspects(trace, project.workspace)] == ["low", "high"]


def test_no_more_than_five_and_each_once(tmp_path):
    lib = "".join(f"def f{n}():\n    f{n + 1}()  #{n}\n\n" for n in range(1, 9))
    names = Project(tmp_path, lib=lib).names("KeyError", *(f"f{n}" for n in range(1, 9)))
    assert names == ["f8", "f7", "f6", "f5", "f4"]


def test_a_file_that_does_not_parse(tmp_path):
    lib = "def f(x):\n    return x[0  #1\n"
    assert Project(tmp_path, lib=lib).names("IndexError: no", "f") == ["f"]


def test_a_line_that_is_nested_too_deeply(tmp_path):
    lib = f"def f(x):\n    return {' + '.join(['x'] * 3000)}  #1\n"
    assert Project(tmp_path, lib=lib).names("TypeError: no", "f") == ["f"]

"""Rows become tasks, and what the product sees of them is apart from what judges them."""

import gzip
import json

import pytest

from scopewise.bench.classes import class_with_stub
from scopewise.bench.rewriting import renamed, shifted, with_docstring
from scopewise.bench.rows import Action, TaskSet, read_cases
from scopewise.errors import InputError

DECLARATION = "import math\n\n\ndef half(n: float) -> float:\n"
STUB = DECLARATION + '    """Half of it.\n\n    >>> half(4)\n    2.0\n    """\n'
MUTATED = {
    "id": "Some/1",
    "entry_point": "half",
    "stub": STUB,
    "declaration": DECLARATION,
    "reference_body": "    return n / 2\n",
    "buggy_body": "    return n / 0\n",
    "test": "assert half(9) == 4.5",
    "traceback": "Traceback (most recent call last):\n"
    '  File "/home/someone/test_solution.py", line 3, in <module>\n    assert half(9) == 4.5\n'
    '  File "/home/someone/solution.py", line 5, in half\n    return n / 0\n'
    "ZeroDivisionError: float division by zero\n",
}
METHOD = {
    "id": "Some/2.total",
    "entry_point": "total",
    "class_name": "Cart",
    "class_skeleton": 'class Cart:\n    """A cart."""\n\n    def add(self, n):\n'
    '        """Put it in."""\n\n    def total(self):\n        """The sum."""\n',
    "class_solution": "class Cart:\n    items = ()\n\n    def add(self, n):\n"
    "        self.items += (n,)\n\n    def total(self):\n        return sum(self.items)\n",
    "stub": 'def total(self):\n    """The sum."""\n',
    "test_class": "CartTest",
    "test_code": "import unittest\nclass CartTest(unittest.TestCase):\n"
    "    def test_total(self):\n        self.assertEqual(Cart().total(), 0)\n",
}


def write(folder, task_set, *rows):
    with gzip.open(folder / f"{task_set.value}.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def read(folder, action, task_set, row):
    write(folder, task_set, row)
    (case,) = read_cases(folder, action, task_set)
    return case


def test_fill(tmp_path):
    case = read(tmp_path, Action.FILL, TaskSet.HUMANEVALPACK, MUTATED)
    assert (case.task.text, case.task.function) == (STUB, "half")
    assert case.hidden.reference == STUB + "    return n / 2\n"


def test_fix_shows_the_bug_and_a_trace_that_fits_the_file(tmp_path):
    task = read(tmp_path, Action.FIX, TaskSet.HUMANEVALPACK, MUTATED).task
    assert task.text == STUB + "    return n / 0\n"
    assert '"/project/solution.py", line 10, in half' in task.trace
    assert task.text.splitlines()[9] == "    return n / 0"
    assert '"/project/test_solution.py", line 3' in task.trace


def test_no_fix_without_a_trace(tmp_path):
    write(tmp_path, TaskSet.HUMANEVALPACK, {**MUTATED, "traceback": "TIMEOUT 10s"})
    assert read_cases(tmp_path, Action.FIX, TaskSet.HUMANEVALPACK) == []


def test_explain_hides_name_and_docstring(tmp_path):
    case = read(tmp_path, Action.EXPLAIN, TaskSet.HUMANEVALPACK, MUTATED)
    assert case.task.text == "import math\n\n\ndef f(n: float) -> float:\n    return n / 2\n"
    assert case.hidden.tests == "half = f\nassert half(9) == 4.5"


def test_a_method_keeps_the_others_and_their_docstrings(tmp_path):
    case = read(tmp_path, Action.FILL, TaskSet.CLASSEVAL, METHOD)
    assert case.task.function == "Cart.total"
    assert (
        case.task.text
        == '''\
class Cart:
    """
    A cart.
    """
    items = ()

    def add(self, n):
        """
        Put it in.
        """
        self.items += (n,)

    def total(self):
        """
        The sum.
        """
'''
    )
    assert "loadTestsFromTestCase(CartTest)" in case.hidden.tests


def test_the_docstring_of_a_skeleton_that_does_not_parse_is_the_stubs():
    text = class_with_stub(
        "class A:\n    def m(self): return 1\n\n    def n(self):\n        return 2\n",
        "class A:\n  def",
        'def n(self):\n        """\n        Two.\n          More.\n        """',
        "A",
        "n",
    )
    assert text == (
        "class A:\n    def m(self): return 1\n\n    def n(self):\n"
        '        """\n        Two.\n          More.\n        """\n'
    )


def test_a_docstring_below_the_signature():
    documented = with_docstring(
        "import re\n\ndef f(a,\n      b):\n    return a\n", "f", '"""Doc."""'
    )
    assert documented.text == 'import re\n\ndef f(a,\n      b):\n    """Doc."""\n    return a\n'
    trace = '  File "C:\\x\\f.py", line 5\n  File "/a/f.py", line 3\n  File "/a/g.py", line 5\n'
    assert shifted(trace, "f.py", documented.first_line, documented.n_lines) == (
        '  File "/project/f.py", line 6\n  File "/project/f.py", line 3\n'
        '  File "/project/g.py", line 5\n'
    )


def test_a_neutral_name_that_is_free():
    text = "def add(x, f):\n    x.add(f)  # add\n    return add(x, 'add')\n"
    assert renamed(text, "add") == (
        "def g(x, f):\n    x.add(f)  # add\n    return g(x, 'add')\n",
        "g",
    )


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match=r"There is no humaneval\.jsonl\.gz in"):
        read_cases(tmp_path, Action.FILL, TaskSet.HUMANEVAL)
    (tmp_path / "humaneval.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(InputError, match="cannot be read"):
        read_cases(tmp_path, Action.FILL, TaskSet.HUMANEVAL)
    write(tmp_path, TaskSet.HUMANEVAL, {"id": "x"})
    with pytest.raises(InputError, match="not as expected"):
        read_cases(tmp_path, Action.FILL, TaskSet.HUMANEVAL)
    with pytest.raises(InputError, match="`fix` is not measured on humaneval, but on"):
        read_cases(tmp_path, Action.FIX, TaskSet.HUMANEVAL)

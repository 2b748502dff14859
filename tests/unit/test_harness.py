"""The program that runs candidates, in a plain process of its own."""

import ast
import subprocess
import sys
import tempfile
import textwrap
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scopewise.verify.behaviour import Behaviour, Call, Example, ExampleResult, Trial, TrialReport

PROGRAM = resources.files("scopewise.verify").joinpath("harness.py").read_text("utf-8")
ENDING = "\nout = sys.stdout.buffer\nout.write(main(sys.stdin.buffer.read()))\n"
IDENTITY = "def f(x):\n    return x\n"


def tried(trial: Trial) -> TrialReport:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program.py"
        program.write_text(PROGRAM + ENDING, "utf-8")
        done = subprocess.run(
            [sys.executable, "-I", str(program)],
            input=msgspec.json.encode(trial),
            capture_output=True,
            timeout=30,
            cwd=folder,
        )
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=TrialReport)


def trial(source: str, function: str = "f", **fields: Any) -> Trial:
    return Trial(textwrap.dedent(source), "/nowhere/shapes.py", function=function, **fields)


def examples(source: str, *given: Example, **fields: Any) -> tuple[ExampleResult, ...]:
    report = tried(trial(source, examples=given, **fields))
    assert not report.problem
    return report.examples


def example(source: str, *given: Example, **fields: Any) -> ExampleResult:
    (result,) = examples(source, *given, **fields)
    return result


def behaviours(source: str, *calls: Call, **fields: Any) -> list[Behaviour]:
    report = tried(trial(source, calls=calls, **fields))
    assert not report.problem
    return list(report.behaviours)


def values(source: str, *calls: Call, **fields: Any) -> list[Any]:
    return [behaviour.value for behaviour in behaviours(source, *calls, **fields)]


def called(*args: str) -> Call:
    return Call("f", args)


def statuses(source: str, form: Any, cases: list[tuple[str, str, bool]]) -> list[str]:
    """The cases that came out otherwise than they say."""
    given = [Example(argument, expected, form) for argument, expected, _ in cases]
    results = examples(source, *given)
    return [
        f"{case[:2]} {result.status} {result.got} {result.detail}"
        for case, result in zip(cases, results, strict=True)
        if (result.status == "passed") is not case[2]
    ]


def test_the_program_stands_alone() -> None:
    tree = ast.parse(PROGRAM, feature_version=(3, 8))
    imports = [n for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom))]
    names = {n.module if isinstance(n, ast.ImportFrom) else n.names[0].name for n in imports}
    assert {str(name).partition(".")[0] for name in names} <= sys.stdlib_module_names | {
        "__future__"
    }


def test_outputs_as_a_prompt_prints_them() -> None:
    cases = [
        ("f(1)", "1", True),
        ("f(1)", "2", False),
        ("f(None)", "", True),
        ("f('a')", "'a'", True),
        ("f('a')", '"a"', True),
        ("f('a')", "a", True),
        ("f('a')", "b", False),
        ("f('3')", "3", False),
        ("f(3)", "'3'", False),
        ("f(True)", "1", False),
        ("f(1)", "True", False),
        ("f([True])", "[1]", False),
        ("f(15)", "15.0", True),
        ("f(0.1 + 0.2)", "0.3", True),
        ("f(1 / 3)", "0.3333", True),
        ("f(1 / 3)", "0.33", False),
        ("f(0.54)", "0.5", False),
        ("f({2, 1})", "{2, 1}", True),
        ("f({'a': 1, 'b': [2.0]})", "{'b': [2], 'a': 1}", True),
        ("f((1, 2))", "[1, 2]", False),
        ("f([1, 2])", "[1,2]", True),
        ("f([1, 2])", "[1,\n 2]", True),
        ("f(-0.0)", "0.0", True),
        ("f(float('nan'))", "nan", True),
        (r"f('\\d')", r"'\d'", True),
        ("print(f('a '))", "a", True),
        ("print(f(1)); f(2)", "1\n2", True),
        ("print(f('a\\n\\nb'))", "a\n<BLANKLINE>\nb", True),
        ("for x in f([1, 2]): x", "1\n2", True),
        ("f(slice(1,  2))", "slice(1,2,None)", True),
    ]
    assert statuses(IDENTITY, "doctest", cases) == []


def test_directives() -> None:
    given = [
        Example("f([1, 2, 3])", "[1, ...]", "doctest", options=("ELLIPSIS",)),
        Example("print(f('a  b'))", "a b", "doctest", options=("NORMALIZE_WHITESPACE",)),
        Example("f([1, 2, 3])", "[1, ...]", "doctest"),
    ]
    assert [result.status for result in examples(IDENTITY, *given)] == [
        "passed",
        "passed",
        "failed",
    ]


def test_values() -> None:
    cases = [
        ("f(1)", "1", True),
        ("f(1)", "True", True),
        ("f(6)", "6.00", True),
        ("f(3.3333)", "3.33", True),
        ("f(3.3333)", "3.3", False),
        ("f('a')", "'a'", True),
        ("f('a')", "b'a'", False),
        ("f((1, 2))", "(1, 2)", True),
        ("f((1, 2))", "[1, 2]", False),
        ("f(iter([1, 2]))", "[1, 2]", True),
        ("f(x for x in [1])", "(1, 2)", False),
        ("f(__import__('itertools').count())", "[0, 1]", False),
        ("f({1, 2})", "set([2, 1])", True),
        ("f({'a': 0.1 + 0.2})", "{'a': 0.3}", True),
        ("f(5)", "f(2) + f(3)", True),
        ("f(float('inf'))", "float('inf')", True),
        ("f(1j)", "1j", True),
        ("x = f(2)\nx + 1", "3", True),
    ]
    assert statuses(IDENTITY, "value", cases) == []


def test_an_expected_exception() -> None:
    source = """
        class SizeError(ValueError):
            pass

        def f(x):
            if x == 3:
                return x
            raise SizeError("too  small") if x else KeyError("a")
    """
    cases = [
        ("f(1)", "SizeError", True),
        ("f(1)", "shapes.SizeError", True),
        ("f(1)", "ValueError", True),
        ("f(1)", "ValueError: too small", True),
        ("f(1)", "ValueError: too big", False),
        ("f(1)", "TypeError", False),
        ("f(0)", "KeyError: 'a'", True),
        ("f(0)", "KeyError: a", True),
        ("f(3)", "ValueError", False),
    ]
    assert statuses(source, "raises", cases) == []
    wrong, none = examples(
        source, Example("f(1)", "TypeError", "raises"), Example("f(3)", "TypeError", "raises")
    )
    assert (wrong.status, wrong.got) == ("error", "SizeError: too  small")
    assert (none.status, none.got) == ("failed", "3")


def test_assertions() -> None:
    source = "def f(x):\n    assert x\n    return x\n"
    given = [Example(f"assert {text}", "", "assert") for text in ("f(1)", "f(1) > 2", "f(0)")]
    assert [result.status for result in examples(source, *given)] == ["passed", "failed", "error"]


def test_an_error_comes_with_the_candidates_line() -> None:
    result = example("def f(x):\n    return 1 / x\n", Example("f(0)", "0", "doctest"))
    assert (result.status, result.got) == ("error", "ZeroDivisionError: division by zero")
    assert 'File "/nowhere/shapes.py", line 2, in f\n    return 1 / x' in result.detail
    assert "<string>" not in result.detail


@pytest.mark.parametrize(
    "source",
    ["f(unknown)", "f()", "f(1, 2)", "f(y=1)", "import no_such_module", "f(", "self.f(1)"],
)
def test_an_example_that_cannot_be_run_is_unusable(source: str) -> None:
    assert example(IDENTITY, Example(source, "1", "doctest")).status == "unusable"


@pytest.mark.parametrize(
    "body", ["return unknown", "return g()", "import no_such_module", "raise SystemExit"]
)
def test_what_the_candidate_raises_is_an_error(body: str) -> None:
    source = f"def g(x):\n    pass\n\ndef f(x):\n    {body}\n"
    assert example(source, Example("f(1)", "1", "doctest")).status == "error"


def test_a_call_that_fails_for_the_value_is_an_error() -> None:
    source = "def f(x):\n    pass\n"
    assert example(source, Example("sorted(f(1))", "[1]", "value")).status == "error"


def test_setup_is_shared_by_the_examples_of_a_session() -> None:
    source = """
        n_made = 0

        class Stack:
            def __init__(self):
                global n_made
                n_made += 1
                self.items = []

            def push(self, item):
                self.items.append(item)
                return len(self.items)
    """
    setup = "s = Stack()\n"
    given = [
        Example("s.push(5)", "1", "doctest", setup=setup),
        Example("s.push(6)", "2", "doctest", setup=setup + "s.push(5)\n"),
        Example("s.items", "[5, 6, 7]", "value", setup=setup + "s.push(5)\ns.push(6)\ns.push(7)\n"),
        Example("n_made", "0", "doctest", setup="x = n_made"),
        Example("Stack().push(1)", "1", "value"),
        Example("s.items", "[5]", "value", setup=setup + "s.push(5)\n"),
    ]
    found = examples(source, *given, function="Stack.push")
    assert [(result.status, result.got) for result in found] == [
        ("passed", "1"),
        ("passed", "2"),
        ("passed", "[5, 6, 7]"),
        ("failed", "1"),
        ("passed", "1"),
        ("passed", "[5]"),
    ]


def test_a_failing_setup_is_told_where_the_name_is_missed() -> None:
    source = "class Stack:\n    def __init__(self):\n        raise ValueError('no')\n"
    given = Example("s.items", "[]", "doctest", setup="s = Stack()\n")
    result = example(source, given, function="Stack.__init__")
    assert (result.status, result.got) == ("error", "ValueError: no")
    given = Example("s.items", "[]", "doctest", setup="s = Heap()\n")
    assert example(source, given, function="Stack.__init__").status == "unusable"


@pytest.mark.parametrize(
    ("setup", "status"),
    [
        ("s = Stack([4, 4] ['a'])\n", "unusable"),
        ("s = Stack([])\n", "passed"),
        ("s = Stack(5)\n", "error"),  # raised in the file's own code
        ("s = Stack([])\nn = s.size()\ns = n + ''\ndel s\n", "error"),  # perhaps for what it gave
    ],
)
def test_a_misprinted_setup_says_nothing_of_the_candidate(setup: str, status: str) -> None:
    source = """
        class Stack:
            def __init__(self, items):
                self.items = items[:]

            def size(self):
                return len(self.items)
    """
    given = Example("s.size()", "0", "doctest", setup=setup)
    assert example(source, given, function="Stack.size").status == status


@pytest.mark.parametrize(
    ("opened", "setup", "source", "status"),
    [
        ("path", "", "f('notes.txt')", "unusable"),
        ("'/nowhere/' + path", "", "f('notes.txt')", "unusable"),
        ("path", "path = 'notes.txt'\n", "f(path)", "unusable"),
        ("path", "text = f('notes.txt')\n", "text", "unusable"),
        ("'other.txt'", "", "f('notes.txt')", "error"),
        ("''", "", "f('notes.txt')", "error"),
    ],
)
def test_a_file_that_an_example_imagines_says_nothing_of_the_candidate(
    opened: str, setup: str, source: str, status: str
) -> None:
    candidate = f"def f(path):\n    with open({opened}) as file:\n        return file.read()\n"
    given = Example(source, "'milk'", "doctest", setup=setup)
    assert example(candidate, given).status == status


def test_a_file_that_must_not_be_there_does() -> None:
    candidate = "def f(path):\n    return open(path).read()\n"
    given = Example("f('notes.txt')", "FileNotFoundError", "raises")
    assert example(candidate, given).status == "passed"
    assert example(IDENTITY, given).status == "failed"


LOOPS = """
    def f(x):
        while x:
            try:
                for _ in range(10_000): pass
            except %s:
                pass
        return x
"""


@pytest.mark.parametrize("caught", ["ZeroDivisionError", "Exception", "BaseException"])
def test_time_is_limited_even_for_those_who_catch_everything(caught: str) -> None:
    given = [Example(f"f({x})", x, "value") for x in ("0", "1", "0")]
    found = examples(LOOPS % caught, *given, call_timeout_s=0.2)
    assert [result.status for result in found] == ["passed", "timeout", "passed"]


def test_what_is_not_reached_in_time_is_skipped() -> None:
    report = tried(
        trial(
            LOOPS % "Exception",
            examples=(Example("f(1)", "1", "doctest"),) * 3,
            calls=(called("1"),) * 2,
            call_timeout_s=0.2,
            total_timeout_s=0.3,
        )
    )
    assert [result.status for result in report.examples] == ["timeout", "timeout", "skipped"]
    assert [behaviour.outcome for behaviour in report.behaviours] == ["skipped", "skipped"]
    assert 0.2 < report.seconds < 5


def test_results_are_cut() -> None:
    printing, returning = examples(
        "def f(x):\n    print('a' * 10**7)\n    return 'b' * 10**7\n",
        Example("_ = f(1)", "1", "doctest"),
        Example("f(1)", "1", "value"),
    )
    assert len(printing.got) < 400
    assert len(returning.got) < 400


@pytest.mark.parametrize(
    ("source", "function", "kind", "problem"),
    [
        ("import no_such_module\n", "f", "import", "ModuleNotFoundError: No module named"),
        ("1 / 0\n", "f", "load", "ZeroDivisionError: division by zero"),
        ("def f(:\n", "f", "load", "SyntaxError: invalid syntax"),
        ("raise SystemExit(3)\n", "f", "load", "SystemExit: 3"),
        ("while True: pass\n", "f", "load", "Loading the module did not end in time."),
        ("def g(): pass\n", "f", "missing", "There is no f in the module."),
        ("class A: pass\n", "A.f", "missing", "There is no A.f in the module."),
    ],
)
def test_problems(source: str, function: str, kind: str, problem: str) -> None:
    report = tried(
        trial(source, function, examples=(Example("f(1)", "1", "value"),), total_timeout_s=1)
    )
    assert report.problem_kind == kind
    assert report.problem.startswith(problem)
    assert report.examples == ()
    if kind == "load" and source.startswith("1 /"):
        assert "line 1, in <module>\n    1 / 0" in report.problem_detail


def test_a_module_in_its_package(tmp_path: Path) -> None:
    package = tmp_path / "shapes"
    package.mkdir()
    (package / "__init__.py").write_text("from shapes.area import f\nNAME = 'package'\n")
    (package / "other.py").write_text("from . import area\n\ndef twice():\n    return area.f(2)\n")
    (package / "area.py").write_text("def f(x):\n    raise NotImplementedError\n")
    source = (
        "from .other import twice\n"
        "def f(x):\n"
        "    from . import NAME\n"
        "    return x, NAME, __name__, __file__, __package__\n"
    )
    path = str(package / "area.py")
    given = (
        Example("f(1)[:3]", "(1, 'package', 'shapes.area')", "value"),
        Example("twice()[0]", "2", "value"),
    )
    report = tried(Trial(source, path, "shapes.area", "f", (str(tmp_path),), given))
    assert [result.status for result in report.examples] == ["passed", "passed"]
    report = tried(Trial(source, path, "shapes.area", "f", (str(tmp_path),), calls=(called("1"),)))
    assert [part["v"] for part in report.behaviours[0].value["v"][3:]] == [path, "shapes"]


def test_a_package_itself_and_a_name_of_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("SIZE = 3\n")
    source = "from .other import SIZE\n\ndef f():\n    return SIZE\n"
    path = str(tmp_path / "__init__.py")
    given = (Example("f()", "3", "doctest"),)
    report = tried(Trial(source, path, tmp_path.name, "f", (str(tmp_path.parent),), given))
    assert [result.status for result in report.examples] == ["passed"]
    report = tried(Trial("def f():\n    return 3\n", "/x/random.py", "random", "f", (), given))
    assert [result.status for result in report.examples] == ["passed"]


def test_async_functions() -> None:
    source = """
        import asyncio

        async def f(x):
            await asyncio.sleep(0)
            return x

        async def g(n):
            for i in range(n):
                yield i
    """
    given = [
        Example("f(1)", "1", "doctest"),
        Example("f(1)", "1", "value"),
        Example("await f(1)", "1", "doctest"),
        Example("x + 1", "2", "value", setup="x = await f(1)"),
        Example("asyncio.run(f(1))", "1", "doctest"),
    ]
    assert {result.status for result in examples(source, *given)} == {"passed"}
    assert values(source, called("1"), Call("g", ("2",))) == [
        {"t": "int", "v": "1"},
        {"t": "iterator", "v": [{"t": "int", "v": "0"}, {"t": "int", "v": "1"}]},
    ]


def test_the_module_may_read_and_print_as_it_likes() -> None:
    source = """
        import sys
        print("loading")
        sys.stderr.write("warning")

        def f(x):
            sys.stdout.buffer.write(b"bytes ")
            print("text", end="")
            sys.stdout.close()
            return input() if x else x
    """
    found = behaviours(source, called("0"), called("1"))
    assert [(b.outcome, b.printed) for b in found] == [
        ("value", "bytes text"),
        ("exception", "bytes text"),
    ]
    assert found[1].value == "EOFError"


def test_encoded_values() -> None:
    source = """
        import collections, dataclasses, datetime, decimal, enum

        class Colour(enum.Enum):
            RED = 1

        @dataclasses.dataclass
        class Point:
            x: int

        class Plain:
            def __init__(self, next):
                self.next = next

        class Slotted:
            __slots__ = ("x",)
            def __init__(self):
                self.x = 1

        Pair = collections.namedtuple("Pair", "a b")

        def f(x):
            return x
    """

    def one(text: str) -> Any:
        (value,) = values(source, called(text))
        return value

    def integer(value: int) -> dict[str, str]:
        return {"t": "int", "v": str(value)}

    x = {"t": "str", "v": "x"}
    asked = {
        "None": {"t": "none", "v": None},
        "True": {"t": "bool", "v": True},
        "-3": integer(-3),
        "0.1": {"t": "float", "v": "0.1"},
        "-0.0": {"t": "float", "v": "-0.0"},
        "float('nan')": {"t": "float", "v": "nan"},
        "1j": {"t": "complex", "v": "1j"},
        "'a\\ud800'": {"t": "str", "v": "a?"},
        "b'a'": {"t": "bytes", "v": "61"},
        "[1, (2,)]": {"t": "list", "v": [integer(1), {"t": "tuple", "v": [integer(2)]}]},
        "{2: 1}": {"t": "dict", "v": [[integer(2), integer(1)]]},
        "collections.Counter('a')": {"t": "dict", "v": [[{"t": "str", "v": "a"}, integer(1)]]},
        "{2, 1}": {"t": "set", "v": [integer(1), integer(2)], "n": 2},
        "Pair(1, 2)": {"t": "tuple", "v": [integer(1), integer(2)]},
        "range(2)": {"t": "iterator", "v": [integer(0), integer(1)]},
        "(x for x in [1])": {"t": "iterator", "v": [integer(1)]},
        "Colour.RED": {"t": "enum", "v": "Colour.RED"},
        "Point(1)": {"t": "object", "name": "Point", "v": [[x, integer(1)]]},
        "Slotted()": {
            "t": "object",
            "name": "Slotted",
            "v": [[x, integer(1)]],
        },
        "len": {"t": "name", "v": "len"},
        "f": {"t": "name", "v": "f"},
        "dataclasses": {"t": "name", "v": "dataclasses"},
        "int": {"t": "name", "v": "int"},
        "decimal.Decimal('1.0')": {"t": "repr", "name": "Decimal", "v": "Decimal('1.0')"},
        "object()": {"t": "object", "name": "object", "v": []},
        "ValueError('a')": {
            "t": "object",
            "name": "ValueError",
            "v": [{"t": "tuple", "v": [{"t": "str", "v": "a"}]}],
        },
    }
    found = values(source, *map(called, asked))
    assert dict(zip(asked, found, strict=True)) == asked
    assert one("10**5000")["t"] == "int"
    cycle = "(lambda a: (a.append(a), a)[1])([])"
    assert one(cycle) == {"t": "list", "v": [{"t": "cycle"}]}
    deep = "__import__('functools').reduce(lambda a, _: [a], range(900), 0)"
    assert "cut" in str(one(deep))
    self_made = "(lambda p: (setattr(p, 'next', p), p)[1])(Plain(None))"
    assert one(self_made)["v"][0][1] == {"t": "cycle"}


def test_big_values_are_hashed_and_still_compared() -> None:
    texts = ("list(range(9**5))", "list(range(9**5))", "[*range(9**5), 0]")
    same, equal, other = values(IDENTITY, *map(called, texts))
    assert same["t"] == "hash"
    assert same == equal != other
    first, second = values(IDENTITY, called("'a' * 10**6"), called("'a' * 10**6 + 'b'"))
    assert first != second
    assert len(first["v"]) < 1200
    endless = "__import__('itertools').count()"
    (value,) = values(IDENTITY, called(endless))
    assert value["t"] in ("iterator", "hash")


def test_the_answer_stays_small() -> None:
    source = (
        "def f(x):\n    print('p' * 5000)\n    x.append('a' * 900)\n    return list(range(500))\n"
    )
    report = tried(trial(source, calls=(called("[]"),) * 600))
    assert len(msgspec.json.encode(report)) < 1_000_000


def test_arguments_are_told_when_they_change() -> None:
    source = """
        class Stack:
            def __init__(self):
                self.items = []
            def push(self, item):
                self.items.append(item)
            def peek(self, rest=None):
                return next(rest, None) if rest else None

        def f(x, y=None):
            if y:
                y.append(x)
    """
    unchanged, changed, pushed, peeked = behaviours(
        source,
        Call("f", ("1",)),
        Call("f", ("1",), (("y", "[0]"),)),
        Call("push", ("1",), receiver="Stack()"),
        Call("peek", (), (("rest", "iter([1])"),), receiver="Stack()"),
    )
    assert unchanged.arguments is None
    assert "'v': [{'t': 'int', 'v': '0'}, {'t': 'int', 'v': '1'}]" in str(changed.arguments)
    assert "items" in str(pushed.arguments)
    assert peeked.value == {"t": "int", "v": "1"}


def test_methods_of_all_kinds() -> None:
    source = """
        class A:
            @staticmethod
            def s(x): return x
            @classmethod
            def c(cls, x): return (cls.__name__, x)
            def __hidden(self, x): return x
    """
    one = {"t": "int", "v": "1"}
    assert values(
        source,
        Call("s", ("1",), receiver="A"),
        Call("c", ("1",), receiver="A"),
        Call("__hidden", ("1",), receiver="A()"),
        function="A.__hidden",
    ) == [one, {"t": "tuple", "v": [{"t": "str", "v": "A"}, one]}, one]


def test_inputs_that_cannot_be_made_are_unusable() -> None:
    found = behaviours(
        "def f(x):\n    return x\n\nclass A:\n    def __init__(self): raise SystemExit\n",
        called("unknown"),
        called("1 / 0"),
        called("("),
        Call("f", (), receiver="A()"),
        called("1"),
    )
    assert [b.outcome for b in found] == ["unusable"] * 4 + ["value"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("raise KeyError(x)", "KeyError"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("return f(x)", "RecursionError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("yield 1; raise LookupError", "LookupError"),
        ("raise type('E', (BaseException,), {'__str__': lambda self: 1 / 0})", "E"),
    ],
)
def test_exceptions_are_behaviours(body: str, name: str) -> None:
    (found,) = behaviours(f"def f(x):\n    {body}\n", called("1"))
    assert (found.outcome, found.value) == ("exception", name)


def test_objects_that_misbehave_are_encoded_all_the_same() -> None:
    source = """
        class Bad:
            __slots__ = ()
            def __repr__(self): raise ValueError
            def __eq__(self, other): raise ValueError
            __hash__ = None

        def f(x):
            return Bad()
    """
    (found,) = behaviours(source, called("1"))
    assert found.outcome == "value"
    assert example(source, Example("f(1)", "1", "value")).status == "failed"


def test_chance_is_the_same_for_every_candidate() -> None:
    source = "import random\n\ndef f(x):\n    return random.random()\n"
    first, second = values(source, called("1"), called("2"))
    assert first == second
    assert values(source, called("1")) == [first]


def test_arrays() -> None:
    pytest.importorskip("numpy")
    source = "import numpy as np\n\ndef f(x):\n    return x\n"
    cases = [
        ("f(np.array([1, 2]))", "[1, 2]", True),
        ("f(np.float64(0.5))", "0.5", True),
        ("f([np.int64(1)])", "[1]", True),
        ("f(np.array([1, 2]))", "[1, 3]", False),
    ]
    assert statuses(source, "value", cases) == []
    cases = [
        ("f(np.array([1., 2.]))", "array([ 1.,  2.])", True),
        ("f(np.float64('inf'))", "inf", True),
    ]
    assert statuses(source, "doctest", cases) == []
    (value,) = values(source, called("np.array([[1, 2]])"))
    assert value["t"] == "ndarray"
    assert value["shape"] == ["int64", 1, 2]

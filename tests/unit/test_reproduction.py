import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scopewise.cancel import CancelToken
from scopewise.errors import Cancelled, ScopewiseError
from scopewise.sandbox.protocol import Limits, Program, Run
from scopewise.scope.test_files import TestTarget
from scopewise.scope.traces.traceback import parse_traces
from scopewise.verify.reproduction import (
    Reproduction,
    ReproductionRun,
    Symptom,
    compare,
    is_same_failure,
    reproduce,
    reproduction_of,
)

from .bare_sandbox import BareSandbox

TESTS = """\
import unittest
from shop.cart import total

def test_total():
    assert total(["x"]) == 1

class TestCart(unittest.TestCase):
    def test_size(self):
        self.assertEqual(total(["x"]), 2)
"""
FILES = {
    "shop/__init__.py": "",
    "shop/cart.py": "def total(rows):\n    return sum(map(int, rows))\n",
    "shop/__main__.py": "from shop.cart import total\ntotal(['x'])\n",
    "main.py": "import sys\nfrom shop.cart import total\nprint(total(sys.argv[1:]))\n",
    "tools/report.py": "import report_rows\n",
    "src/kiosk/run.py": "raise KeyError('k')\n",
    "tests/test_cart.py": TESTS,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def trace(*frames: tuple[str, int, str], raised: str = "ValueError: no number: 'x'") -> str:
    lines = [f'  File "{path}", line {line}, in {name}\n    …\n' for path, line, name in frames]
    return "".join(["Traceback (most recent call last):\n", *lines, raised, "\n"])


def read(text: str, root: Path) -> Reproduction | None:
    """What is read off the last trace of a text; `/app` in it is the workspace."""
    text = text.replace("/app", str(root))
    return reproduction_of(parse_traces(text)[-1], text, [root])


def command(text: str, root: Path) -> str:
    """The command, with the folder to type it in when that is not the root."""
    found = read(text, root)
    if found is None:
        return ""
    folder = found.cwd.relative_to(root).as_posix()
    return found.display if folder == "." else f"{folder}: {found.display}"


INNER = ("/app/shop/cart.py", 2, "total")

# The outermost call


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ([("/app/main.py", 3, "<module>"), INNER], "python main.py"),
        ([("main.py", 3, "<module>"), ("shop/cart.py", 2, "total")], "python main.py"),
        ([("./tools/report.py", 1, "<module>")], "python tools/report.py"),
        ([("report.py", 1, "<module>")], ""),
        ([("/build/tools/report.py", 1, "<module>")], "python tools/report.py"),
        ([("/app/tests/test_cart.py", 5, "test_total"), INNER],
         "pytest tests/test_cart.py::test_total"),
        ([("/usr/lib/python3.11/unittest/case.py", 9, "run"),
          ("/app/tests/test_cart.py", 9, "test_size"), INNER],
         "pytest tests/test_cart.py::TestCart::test_size"),
        ([("/app/tests/test_cart.py", 9, "test_gone"), INNER], ""),
        ([("/app/tests/test_cart.py", 900, "test_total"), INNER], ""),
        ([("<frozen runpy>", 198, "_run_module_as_main"), ("<frozen runpy>", 88, "_run_code"),
          ("/app/shop/__main__.py", 2, "<module>"), INNER], "python -m shop"),
        ([("<frozen runpy>", 88, "_run_code"), ("/app/src/kiosk/run.py", 1, "<module>")],
         "src: python -m kiosk.run"),
        ([("<stdin>", 1, "<module>"), INNER], ""),
        ([("/usr/bin/flask", 8, "<module>"), INNER], ""),
        ([("/usr/lib/python3.11/threading.py", 9, "run"), INNER], ""),
        ([("/app/gone.py", 3, "<module>"), INNER], ""),
    ],
)  # fmt: skip
def test_outermost_call(root, frames, expected):
    assert command(trace(*frames), root) == expected


# The shell

MAIN = trace(("/app/main.py", 3, "<module>"), INNER)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("$ python main.py 1 x", "python main.py 1 x"),
        ("user@host:~/shop$ python3 main.py 'a b' x", "python main.py 'a b' x"),
        ("(venv) ~/shop % ./.venv/bin/python3.11 -u -X dev main.py --all", "python main.py --all"),
        ("❯ uv run python main.py x", "python main.py x"),
        ("PS C:\\shop> python main.py x", "python main.py x"),
        ("##[group]Run python main.py x", "python main.py x"),
        ("`python main.py x`", "python main.py x"),
        ("$ python main.py x 2>&1 | tee log.txt", "python main.py x"),
        ("$ python main.py x > out.txt", "python main.py x"),
        ("$ python main.py x && echo done", "python main.py x"),
        ("$ python main.py < rows.txt", "python main.py"),
        ("$ python main.py $(cat rows.txt)", "python main.py"),
        ("$ python main.py 'x", "python main.py"),
        ("$ python -m shop x", "python -m shop x"),
        ("$ python -m nowhere x", "python main.py"),
        ("$ python -c 'import main'", "python main.py"),
        ("$ cat rows.txt | python main.py", "python main.py"),
        ("$ pytest -q tests/test_cart.py::test_total", "pytest tests/test_cart.py::test_total"),
        ("$ python -m pytest tests/test_cart.py::TestCart::test_size -x",
         "pytest tests/test_cart.py::TestCart::test_size"),
        ("$ pytest tests", "python main.py"),
        ("I use python for that.", "python main.py"),
    ],
)  # fmt: skip
def test_command_above_a_trace(root, line, expected):
    assert command(f"Some text.\n{line}\nloading\n{MAIN}", root) == expected


def test_command_in_another_folder(root):
    text = "$ python report.py x\n" + trace(("/app/tools/report.py", 1, "<module>"))
    assert command(text, root) == "tools: python report.py x"
    found = read(text, root)
    assert found is not None
    assert found.arguments == (str(root / "tools" / "report.py"), "x")


def test_command_of_another_trace_is_not_taken(root):
    other = trace(("/app/tools/report.py", 1, "<module>"))
    assert command(f"$ python main.py x\n{other}\n{MAIN}", root) == "python main.py"
    assert command(f"$ python main.py x\n$ ls\n{MAIN}", root) == "python main.py"


# Tests

PYTEST = """\
=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       assert total(["x"]) == 1

tests/test_cart.py:5: 
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

rows = ['x']

    def total(rows):
>       return sum(map(int, rows))
E       ValueError: invalid literal for int() with base 10: 'x'

shop/cart.py:2: ValueError
=========================== short test summary info ============================
FAILED tests/test_cart.py::TestOther::test_total - ValueError: ...
FAILED tests/test_cart.py::test_total - ValueError: ...
"""  # noqa: W291


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", "pytest tests/test_cart.py::test_total"),
        (" test_total _", " TestOther.test_total _",
         "pytest tests/test_cart.py::TestOther::test_total"),
        (" test_total _", " ERROR at setup of test_total _",
         "pytest tests/test_cart.py::test_total"),
        ("test_total", "test_total[a - b::c]", "pytest 'tests/test_cart.py::test_total[a - b::c]'"),
        ("FAILED", "PASSED", "pytest tests/test_cart.py::test_total"),
        (" test_total _", " ERROR collecting tests/test_cart.py _", "pytest tests/test_cart.py"),
        ("tests/test_cart.py", "tests/test_gone.py", ""),
        ("___ test_total ___", "", "pytest tests/test_cart.py::test_total"),
    ],
)  # fmt: skip
def test_report_of_pytest(root, old, new, expected):
    assert command(PYTEST.replace(old, new), root) == expected


UNITTEST = """\
======================================================================
FAIL: test_size (tests.test_cart.TestCart.test_size)
----------------------------------------------------------------------
""" + trace(("/app/tests/test_cart.py", 9, "test_size"), raised="AssertionError: 1 != 2")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("FAIL: test_size (tests.test_cart.TestCart.test_size)",
         "python -m unittest tests.test_cart.TestCart.test_size"),
        ("ERROR: test_size (tests.test_cart.TestCart)",
         "python -m unittest tests.test_cart.TestCart.test_size"),
        ("FAIL: test_size (__main__.TestCart.test_size)",
         "python -m unittest tests.test_cart.TestCart.test_size"),
        ("FAIL: test_size (test_cart.TestCart.test_size) (n=1)\nSizes add up.",
         "python -m unittest tests.test_cart.TestCart.test_size"),
        ("ERROR: setUpClass (tests.test_cart.TestCart)",
         "python -m unittest tests.test_cart.TestCart"),
        ("ERROR: tests.test_cart (unittest.loader._FailedTest.tests.test_cart)",
         "python -m unittest tests.test_cart"),
        ("FAIL: test_gone (tests.test_gone.TestCart.test_gone)",
         "pytest tests/test_cart.py::TestCart::test_size"),
    ],
)  # fmt: skip
def test_report_of_unittest(root, header, expected):
    header_before = "FAIL: test_size (tests.test_cart.TestCart.test_size)"
    assert command(UNITTEST.replace(header_before, header), root) == expected


def test_example_in_a_docstring(root):
    text = """\
___ [doctest] shop.cart.total ___
002 >>> total(["x"])
UNEXPECTED EXCEPTION: ValueError('x')
""" + trace(("<doctest shop.cart.total[0]>", 1, "<module>"), INNER)
    assert command(text, root) == ""


@pytest.mark.parametrize("cut", range(0, 400, 23))
def test_text_that_is_cut_off_is_no_error(root, cut):
    for text in (PYTEST, UNITTEST, f"$ python main.py x\n{MAIN}"):
        for part in (text[cut:], text[:-cut]):
            for found in parse_traces(part):
                reproduction_of(found, part, [root])
                reproduction_of(found, part, [])


# Running it

LIMITS = Limits(wall_s=20.0)
MENDED = b"def total(rows):\n    return sum(int(row) for row in rows if row.isdigit())\n"
OTHER = b"def total(rows):\n    return {}[rows[0]]\n"


def rerun(found: Reproduction | None, code: bytes | None = None) -> ReproductionRun:
    assert found is not None
    changed = {found.root / "shop" / "cart.py": code} if code is not None else {}
    return reproduce(BareSandbox(), Path(sys.executable), found, found.root, changed, LIMITS)


@pytest.mark.parametrize(
    "text",
    [f"$ python main.py x\n{MAIN}", trace(("/app/tests/test_cart.py", 5, "test_total"), INNER)],
)
def test_with_and_without_an_edit(root, text):
    found = read(text, root)
    before = rerun(found)
    assert before.outcome == "same"
    (symptom,) = before.symptoms
    assert symptom == Symptom(
        "ValueError",
        "invalid literal for int() with base 10: 'x'",
        root / "shop" / "cart.py",
        2,
        "total",
    )
    same = rerun(found, b"\n" + (root / "shop" / "cart.py").read_bytes())
    assert same.outcome == "same"
    assert f"still fails with ValueError: {symptom.message} (cart.py, line 3)." in compare(
        before, same
    )
    other = rerun(found, OTHER)
    assert other.outcome == "other"
    assert compare(before, other).endswith(
        "no longer fails with ValueError: no number: 'x' (cart.py, line 2), "
        "but with KeyError: 'x' (cart.py, line 2)."
    )


def test_failure_that_is_gone(root):
    found = read(f"$ python main.py x\n{MAIN}", root)
    after = rerun(found, MENDED)
    assert after.outcome == "ok"
    assert compare(rerun(found), after) == ""


def test_unittest_again(root):
    (root / "tests" / "__init__.py").touch()
    found = read(UNITTEST.replace("AssertionError: 1 != 2", "ValueError: x"), root)
    assert rerun(found).outcome == "other"
    assert [symptom.function for symptom in rerun(found).symptoms] == ["total"]
    wrong = rerun(found, b"def total(rows): return 1\n")
    assert [symptom.text for symptom in wrong.symptoms] == [
        "AssertionError: 1 != 2 (test_cart.py, line 9)"
    ]
    assert rerun(found, b"def total(rows): return 2\n").outcome == "ok"


def test_module_again(root):
    text = "$ python -m shop\n" + trace(("<frozen runpy>", 8, "_run_code"), INNER)
    assert rerun(read(text, root)).outcome == "same"
    assert rerun(read(text, root), MENDED).outcome == "ok"


def test_skipped_test_says_nothing(root):
    tests = root / "tests" / "test_cart.py"
    tests.write_text("import pytest\n@pytest.mark.skip\ndef test_total(): ...\n")
    found = read(PYTEST, root)
    assert rerun(found).not_run == "the test was skipped"
    assert rerun(found).outcome == "not run"


class Answer:
    """A sandbox that answers with what it was given."""

    name = "answer"

    def __init__(self, answer: Run | ScopewiseError) -> None:
        self.answer = answer

    def run(self, program: Program, limits: Limits, cancel: CancelToken | None = None) -> Run:
        if isinstance(self.answer, ScopewiseError):
            raise self.answer
        return self.answer


def ran(found: Reproduction, stderr: str = "", exit_code: int = 0, **kinds: str) -> ReproductionRun:
    run = Run(exit_code, b"", stderr.encode(), 0.1, 0, kinds.get("stopped_by", ""))  # type: ignore[arg-type]
    return reproduce(Answer(run), Path("/py"), found, found.root, {}, LIMITS)


@pytest.fixture
def script(root: Path) -> Reproduction:
    found = read(MAIN, root)
    assert found is not None
    return found


def test_end_without_a_trace(script):
    assert ran(script).outcome == "ok"
    assert ran(script, "usage: main.py\nwrong\n", 2).symptoms == (Symptom("", "wrong"),)
    assert ran(script, "", -11).symptoms == (Symptom("", "exit code -11"),)
    stopped = ran(script, MAIN, stopped_by="time")
    assert (stopped.outcome, stopped.not_run) == ("not run", "it did not end in time")


def test_other_failures_that_were_there_before(script, root):
    """A program may log failures it copes with."""
    logged = trace((str(root / "tools" / "report.py"), 1, "<module>"), raised="OSError: no disk")
    wanted = MAIN.replace("/app", str(root))
    before = ran(script, logged + wanted, 1)
    assert before.outcome == "same"
    after = ran(script, logged)
    assert after.outcome == "other"
    assert compare(before, after) == ""
    assert compare(ran(script, wanted, 1), after).endswith(
        "but with OSError: no disk (report.py, line 1)."
    )
    assert "still fails" in compare(before, ran(script, wanted + logged))


def test_sandbox_that_fails_and_cancelling(script):
    broken = Answer(ScopewiseError("No sandbox."))
    run = reproduce(broken, Path("/py"), script, script.root, {}, LIMITS)
    assert run.not_run == "No sandbox"
    assert compare(run, run) == ""
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        reproduce(broken, Path("/py"), script, script.root, {}, LIMITS, cancel)


def test_tests_that_cannot_be_run(script):
    target = TestTarget(script.root / "tests" / "test_cart.py", ("test_total",))
    found = replace(script, kind="pytest", target=target)
    broken = Answer(ScopewiseError("No sandbox."))
    assert reproduce(broken, Path("/py"), found, script.root, {}, LIMITS).not_run == "No sandbox"


def test_same_failure():
    known = Symptom("KeyError", "'a'", Path("/a.py"), 3, "f")
    assert is_same_failure(known, replace(known, line=9, message="'b'"))
    assert is_same_failure(known, Symptom("KeyError"))
    assert not is_same_failure(known, replace(known, type_name="ValueError"))
    assert not is_same_failure(known, replace(known, function="g"))
    assert not is_same_failure(known, replace(known, path=Path("/b.py")))
    assert is_same_failure(Symptom("", "exit code 2"), Symptom("", "exit code 2"))
    assert not is_same_failure(Symptom("", "exit code 2"), Symptom("", "wrong"))

import subprocess
import sys
from pathlib import Path

import pytest

from scopewise.cancel import CancelToken
from scopewise.errors import Cancelled, ScopewiseError
from scopewise.sandbox.protocol import Limits, Program, Run
from scopewise.scope.test_files import TestTarget
from scopewise.verify import project_tests
from scopewise.verify.project_tests import TestReport, TestResult, compare_tests

from .bare_sandbox import BareSandbox

CART = (
    "def total(rows):\n    return sum(rows)\n\nclass Cart:\n    def size(self):\n        return 1\n"
)
LIMITS = Limits(wall_s=20.0)


class DeadSandbox:
    """Answers with what it was given."""

    name = "dead"

    def __init__(self, answer: Run | ScopewiseError) -> None:
        self.answer = answer

    def run(self, program: Program, limits: Limits, cancel: CancelToken | None = None) -> Run:
        if isinstance(self.answer, ScopewiseError):
            raise self.answer
        return self.answer


def project(root: Path, tests: str, **files: str) -> Path:
    """A project of one module and one file of tests; names of others have `__` for a slash."""
    (root / "cart.py").write_text(CART)
    (root / "test_cart.py").write_text(tests)
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def run(
    root: Path,
    *names: str,
    changed: dict[str, str] | None = None,
    watched: str = "",
    limits: Limits = LIMITS,
    interpreter: str = sys.executable,
    framework: project_tests.Framework = "pytest",
    file: str = "test_cart.py",
) -> TestReport:
    return project_tests.run_project_tests(
        BareSandbox(),
        Path(interpreter),
        root,
        {root / name: text.encode() for name, text in (changed or {}).items()},
        [TestTarget(root / file, names)],
        limits,
        watched=(root / "cart.py", watched) if watched else None,
        framework=framework,
    )


def outcomes(report: TestReport) -> dict[str, str]:
    assert report.not_run == ""
    return {result.name.partition("::")[2]: result.outcome for result in report.results}


EVERY_OUTCOME = """\
import pytest, unittest, sys
from cart import total, Cart

def test_passes(): assert total([1, 2]) == 3
def test_fails():
    print("x" * 100)
    assert total([1, 2]) == 4
def test_raises(): total(None)
@pytest.mark.skip
def test_skipped(): ...
@pytest.mark.xfail
def test_xfails(): assert 0
@pytest.mark.xfail
def test_xpasses(): ...
@pytest.fixture
def broken(): raise KeyError("k")
def test_set_up(broken): ...
@pytest.fixture
def breaks():
    yield
    raise KeyError("k")
def test_tear_down(breaks): ...
@pytest.mark.parametrize("x", [1, "::[0]"])
def test_each(x): ...
def test_exits(): sys.exit(1)
def test_odd_text(): raise KeyError("\\udc80 \u2028 \\x00 ü")

class TestCart:
    def test_size(self): assert Cart().size() == 1
class Case(unittest.TestCase):
    def test_size(self): self.assertEqual(Cart().size(), 2)
"""


def test_every_outcome(tmp_path):
    report = run(project(tmp_path, EVERY_OUTCOME))
    assert outcomes(report) == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_raises": "failed",
        "test_skipped": "skipped",
        "test_xfails": "xfailed",
        "test_xpasses": "xfailed",
        "test_set_up": "error",
        "test_tear_down": "error",
        "test_each[1]": "passed",
        "test_each[::[0]]": "passed",
        "test_exits": "failed",
        "test_odd_text": "failed",
        "TestCart::test_size": "passed",
        "Case::test_size": "failed",
    }
    assert (report.n_passed, report.n_failed) == (4, 7)
    assert report.sentence == "4 of 11 project tests pass"
    fails = next(result for result in report.failures if "test_fails" in result.name)
    assert fails.reason.startswith("assert 3 == 4")
    assert fails.message.splitlines()[0] == "test_cart.py:7: in test_fails"
    assert fails.sentence == ("The project's test `test_cart.py::test_fails` fails: assert 3 == 4.")
    assert report.seconds > 0


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["test_a"], ["test_a[1]", "test_a[2]"]),
        (["test_a[2]", "test_b"], ["test_a[2]", "test_b"]),
        (["TestB"], ["TestB::test_a", "TestB::TestC::test_c"]),
        (["TestB.TestC.test_c"], ["TestB::TestC::test_c"]),
        (["test_nothing", "test_b"], ["test_b"]),
    ],
)
def test_wanted_tests_alone(tmp_path, names, expected):
    tests = """\
import pytest
@pytest.mark.parametrize("x", [1, 2])
def test_a(x): ...
def test_b(): ...
class TestB:
    def test_a(self): ...
    class TestC:
        def test_c(self): ...
"""
    assert list(outcomes(run(project(tmp_path, tests), *names))) == expected


def test_edit_is_tried_and_the_project_left_alone(tmp_path):
    root = project(tmp_path, "from cart import total\ndef test_a(): assert total([]) == 7\n")
    changed = {"cart.py": "def total(rows): return 7\n"}
    assert outcomes(run(root)) == {"test_a": "failed"}
    assert outcomes(run(root, changed=changed)) == {"test_a": "passed"}
    assert (root / "cart.py").read_text() == CART


def test_program_sees_a_copy_of_the_project(tmp_path):
    sandbox, root = BareSandbox(), project(tmp_path, "")
    target = TestTarget(root / "test_cart.py")
    project_tests.run_project_tests(sandbox, Path(sys.executable), root, {}, [target], LIMITS)
    (program,) = sandbox.programs
    assert program.copies == (root,)
    assert program.cwd == str(root)
    assert dict(program.environment) == {}


def test_tests_that_do_not_run_the_function_do_not_count(tmp_path):
    tests = """\
import threading
from cart import total, Cart
def size(rows): return 0
def test_a(): assert total([1]) == 1
def test_b(): assert size([1]) == 0
def test_c(): Cart().size()
def test_d():
    thread = threading.Thread(target=total, args=([],))
    thread.start()
    thread.join()
"""
    root = project(tmp_path, tests)
    report = run(root, watched="total")
    assert [r.name[-1] for r in report.results if r.is_reached] == ["a", "d"]
    assert report.sentence == "2 of 2 project tests pass"
    assert run(root, watched="Cart.size").n_passed == 1
    assert run(root, "test_b", watched="total").sentence == "no project test ran the function"


@pytest.mark.parametrize(
    "options",
    [
        "-n 4 --dist loadfile",
        "--cov=cart --cov-fail-under=100",
        "-x --tb=no -q -q -s",
        "--maxfail=1 --junitxml=report.xml --no-such-option",
        "--lf -rA --import-mode=importlib",
    ],
)
def test_options_of_the_project(tmp_path, options):
    tests = "from cart import total\ndef test_a(): assert 0\ndef test_b(): print('b')\n"
    root = project(tmp_path, tests, **{"pytest.ini": f"[pytest]\naddopts = {options}\n"})
    (root / "conftest.py").write_text("import sys\nsys.path.insert(0, '.')\n")
    report = run(root)
    assert outcomes(report) == {"test_a": "failed", "test_b": "passed"}
    assert "assert 0" in report.failures[0].message


def test_options_that_can_be_used_are_used(tmp_path):
    config = "[pytest]\naddopts = -m 'not slow'\nmarkers =\n    slow: takes long\n"
    tests = "import pytest\n@pytest.mark.slow\ndef test_a(): ...\ndef test_b(hand): ...\n"
    conftest = "import pytest\n@pytest.fixture\ndef hand(): ...\n"
    root = project(tmp_path, tests, **{"pytest.ini": config, "conftest.py": conftest})
    assert outcomes(run(root)) == {"test_b": "passed"}
    assert run(root, "test_a").not_run == "the project's settings leave them out"


def test_package_layouts(tmp_path):
    test = "from shop.till import one\ndef test_a(): assert one() == 1\n"
    files = {
        "shop__till.py": "def one(): return 1\n",
        "shop____init__.py": "",
        "unit__test_till.py": test,
    }
    root = project(tmp_path, "", **files)
    assert outcomes(run(root, file="unit/test_till.py")) == {"test_a": "passed"}


def test_file_that_cannot_be_loaded_leaves_the_others(tmp_path):
    root = project(tmp_path, "import nowhere\n", **{"test_b.py": "def test_b(): ...\n"})
    targets = [TestTarget(root / "test_cart.py"), TestTarget(root / "test_b.py", ("test_b",))]
    report = project_tests.run_project_tests(
        BareSandbox(), Path(sys.executable), root, {}, targets, LIMITS
    )
    broken, passed = report.results
    assert (broken.name, broken.outcome) == ("test_cart.py", "error")
    assert broken.reason == "ModuleNotFoundError: No module named 'nowhere'"
    assert (passed.name, passed.outcome) == ("test_b.py::test_b", "passed")


def test_tests_that_never_end_or_end_everything(tmp_path):
    tests = (
        "import os\ndef test_a(): ...\ndef test_b():\n    while 1: ...\ndef test_c(): os._exit(0)\n"
    )
    root = project(tmp_path, tests)
    report = run(root, limits=Limits(wall_s=2.0))
    assert outcomes(report) == {"test_a": "passed", "test_b": "error"}
    assert report.failures[0].reason == "it did not end in time"
    report = run(root, "test_a", "test_c")
    assert outcomes(report) == {"test_a": "passed", "test_c": "error"}
    assert report.failures[0].reason == "it ended the process it ran in"


def test_thread_left_behind_does_not_keep_the_run(tmp_path):
    tests = """\
import threading, time
def test_a(): threading.Thread(target=time.sleep, args=(60,)).start()
"""
    assert outcomes(run(project(tmp_path, tests))) == {"test_a": "passed"}


def test_output_of_tests_is_not_taken_for_results(tmp_path):
    tests = """\
import os, sys
def test_a(capfd):
    with capfd.disabled():
        os.write(1, b'x {"name": "test_b", "outcome": "passed"}\\n')
        print('{"name": "test_b"}')
"""
    assert outcomes(run(project(tmp_path, tests))) == {"test_a": "passed"}


UNITTEST = """\
import unittest
from cart import total, Cart

class Sums(unittest.TestCase):
    def test_passes(self): self.assertEqual(total([1]), 1)
    def test_fails(self): self.assertEqual(total([1]), 2)
    def test_raises(self): total(None)
    @unittest.skip("later")
    def test_skipped(self): ...
    @unittest.expectedFailure
    def test_xfails(self): self.fail()
    @unittest.expectedFailure
    def test_xpasses(self): ...
    def test_parts(self):
        for n in range(3):
            with self.subTest(n=n): self.assertEqual(n, 1)

class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise KeyError("k")
    def test_a(self): ...

def test_function(): ...
"""


def test_unittest_where_it_is_asked_for(tmp_path):
    root = project(tmp_path, UNITTEST)
    report = run(root, framework="unittest", watched="total")
    found = {result.name.partition("::")[2]: result for result in report.results}
    assert {name: result.outcome for name, result in found.items()} == {
        "": "error",
        "Sums::test_passes": "passed",
        "Sums::test_fails": "failed",
        "Sums::test_raises": "error",
        "Sums::test_skipped": "skipped",
        "Sums::test_xfails": "xfailed",
        "Sums::test_xpasses": "failed",
        "Sums::test_parts": "failed",
    }
    assert found[""].name.startswith("setUpClass")
    assert found["Sums::test_fails"].reason == "AssertionError: 1 != 2"
    assert found["Sums::test_passes"].is_reached
    assert not found["Sums::test_parts"].is_reached
    names = outcomes(run(root, "Sums.test_passes", framework="unittest"))
    assert names == {"Sums::test_passes": "passed"}


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory) -> str:
    """A Python without pytest."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return str(folder / "bin" / "python")


def test_without_pytest(tmp_path, bare_python):
    root = project(tmp_path, UNITTEST)
    assert outcomes(run(root, "Sums.test_passes", interpreter=bare_python)) == {
        "Sums::test_passes": "passed"
    }
    for tests in ("import pytest\ndef test_a(): ...\n", "def test_a(): ...\n"):
        project(tmp_path, tests)
        report = run(root, interpreter=bare_python)
        assert report.not_run == f"pytest is not installed in {bare_python}"
        assert report.sentence == f"no project test was run ({report.not_run})"


def test_nothing_could_be_run(tmp_path):
    def not_run(answer: Run | ScopewiseError) -> str:
        target = TestTarget(tmp_path / "test_a.py")
        report = project_tests.run_project_tests(
            DeadSandbox(answer), Path("/py"), tmp_path, {}, [target], LIMITS
        )
        assert not report.results
        return report.not_run

    assert not_run(ScopewiseError("It is broken.")) == "It is broken"
    assert not_run(Run(None, b"", b"", 1.0, 0, "time")) == (
        "loading them was stopped: it did not end in time"
    )
    assert not_run(Run(127, b"", b"a\nno such file\n\n", 1.0, 0, "")) == (
        "they could not be started: no such file"
    )
    assert not_run(Run(1, b"\xff\n{}\n", b"", 1.0, 0, "")) == (
        "they could not be started: no reason is given"
    )


def test_conftest_that_fails(tmp_path):
    root = project(tmp_path, "def test_a(): ...\n", **{"conftest.py": "import nowhere\n"})
    assert "No module named 'nowhere'" in run(root).not_run


def test_no_target_inside_of_the_root(tmp_path):
    report = project_tests.run_project_tests(
        DeadSandbox(ScopewiseError("unused")),
        Path("/py"),
        tmp_path / "a",
        {},
        [TestTarget(tmp_path / "test_a.py")],
        LIMITS,
    )
    assert report.not_run == "no test of the project reaches the function"


def test_cancelled(tmp_path):
    cancel = CancelToken()
    cancel.cancel("Enough.")
    sandbox = DeadSandbox(Run(None, b"", b"", 0.1, 0, "cancelled"))
    target = TestTarget(tmp_path / "test_a.py")
    with pytest.raises(Cancelled, match="Enough"):
        project_tests.run_project_tests(
            sandbox, Path("/py"), tmp_path, {}, [target], LIMITS, cancel
        )


# Comparisons


def report(**outcomes: str) -> TestReport:
    """Results of the tests of one file; `file` is the file itself."""
    return TestReport(
        tuple(
            TestResult("t.py" if name == "file" else f"t.py::{name}", outcome)  # type: ignore[arg-type]
            for name, outcome in outcomes.items()
        )
    )


def names(results: tuple[TestResult, ...]) -> list[str]:
    return [result.name.partition("::")[2] for result in results]


def test_what_an_edit_did_to_the_tests():
    before = report(a="failed", b="passed", c="passed", d="failed", e="skipped")
    after = report(a="passed", b="passed", c="error", d="failed", e="failed")
    compared = compare_tests(before, after)
    assert compared.n_passed == 2
    assert names(compared.mended) == ["a"]
    assert names(compared.broken) == ["c"]
    assert names(compared.still_failing) == ["d", "e"]
    assert compared.sentence == "2 of 5 project tests pass"


def test_file_that_can_or_cannot_be_loaded_any_more():
    passed, broken = report(a="passed"), report(file="error")
    assert [result.name for result in compare_tests(passed, broken).broken] == ["t.py"]
    assert names(compare_tests(broken, passed).mended) == ["a"]
    assert compare_tests(broken, broken).broken == ()


def test_without_a_baseline():
    nothing = TestReport(not_run="pytest is not installed in /py")
    compared = compare_tests(nothing, report(a="passed", b="failed"))
    assert (compared.n_passed, compared.mended, compared.broken) == (1, (), ())
    assert names(compared.still_failing) == ["b"]
    assert compare_tests(report(a="passed"), nothing).broken == ()

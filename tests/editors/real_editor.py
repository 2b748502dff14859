"""A real editor without a screen, with a project to open and a server that gives canned answers.

The editor loads the very snippet of `docs/editors`; `scopewise` is on its PATH. What it saw is
written down by a driver in the editor's own language and checked here.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SNIPPETS = ROOT / "docs" / "editors"

STUB = '''"""Shapes."""


def area(radius):
    """The area of a circle."""
'''
BODY = "    return math.pi * radius**2\n"
TYPED = "\n\nUNIT = 1\n"
"""What the user types before asking for anything."""
BEFORE = STUB + TYPED
AFTER = BEFORE.replace('"""Shapes."""\n', '"""Shapes."""\n\nimport math\n').replace(
    'circle."""\n', f'circle."""\n{BODY}'
)
"""Two edits, an import and a body, which one undo takes back."""
EXPLANATION = "It multiplies the square of the radius by pi."
FILL = "Fill body of `area` from its docstring"
EXPLAIN = "Explain the function `area`"

Seen = dict[str, Any]


def find_editor(name: str, variable: str) -> str:
    """The editor's program; skips the test when there is none."""
    found = os.environ.get(variable) or shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed: it is not on PATH, and {variable} is not set")
    return found


def run_editor(command: list[str], folder: Path) -> Seen:
    """The driver's report."""
    report = folder / "report.json"
    project = _project(folder)
    done = subprocess.run(
        command,
        cwd=project,
        env=_environment(folder, report),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    said = done.stdout + done.stderr
    assert report.exists(), said
    seen: Seen = json.loads(report.read_text())
    assert "error" not in seen, f"{seen}\n{said}"
    return {**seen, "project": str(project)}


def _project(folder: Path) -> Path:
    project = folder / "project"
    (project / ".git").mkdir(parents=True)
    (project / "shapes.py").write_text(STUB)
    return project


def _environment(folder: Path, report: Path) -> dict[str, str]:
    """A machine with nothing of the user's and no model, where `scopewise` is installed."""
    script = folder / "answers.json"
    script.write_text(
        json.dumps([{"when": "docstring names", "text": BODY}, {"text": EXPLANATION}])
    )
    program = folder / "bin" / "scopewise"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m scopewise "$@"\n')
    program.chmod(0o755)
    kinds = ("CONFIG", "DATA", "STATE", "CACHE")
    return {
        **os.environ,
        **{f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in kinds},
        "HOME": str(folder),
        "PATH": os.pathsep.join([str(program.parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), os.environ.get("PYTHONPATH", "")]),
        "SCOPEWISE_HOME": str(folder / "home"),
        "SCOPEWISE_OFFLINE": "1",
        "SCOPEWISE_SCRIPT": str(script),
        "SCOPEWISE_REPORT": str(report),
        "SCOPEWISE_TYPED": TYPED,
    }

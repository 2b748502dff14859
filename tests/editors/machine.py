"""A machine with nothing of the user's on it, where `scopewise` is installed, and what it answers.

The server is a real process with canned answers, chosen by the name of the function they are for.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = ROOT / "docs" / "editors"

STUB = '''"""Shapes."""


def area(radius):
    """The area of a circle."""
'''
BODY = "    return math.pi * radius**2\n"
FILLED = STUB.replace('"""Shapes."""\n', '"""Shapes."""\n\nimport math\n') + BODY
"""Two edits, an import and a body."""
FILL = "Fill body of `area` from its docstring"
EXPLAIN = "Explain the function `area`"
EXPLANATION = "It multiplies the square of the radius by pi."

VERIFIABLE = '''def double(number):
    """Twice the number.

    >>> double(4)
    8
    """
'''
DOUBLED = VERIFIABLE + "    return number * 2\n"

SLOW = '''def slow(number):
    """One more than the number, in its own time."""
'''
SLOW_FILLED = SLOW + "    return number + 1\n"

TRIPLE = '''def triple(number):
    """Three times the number, in its own time.

    >>> triple(4)
    12
    """
'''
TRIPLED = TRIPLE + "    return number * 3\n"

ENDLESS = '''def endless(number):
    """One more than the number, some day."""
'''

EMOJI = '''def area(radius, unit="😀😀"):
\t"""The 😀 area of a 😀 circle."""


print("😀", area(2))
'''
EMOJI_FILLED = "import math\n\n\n" + EMOJI.replace(
    'circle."""\n', 'circle."""\n' + BODY.replace("    ", "\t")
)

_ANSWERS = (
    {"when": "(?=.*docstring)(?=.*def double)", "text": "    return number * 2\n"},
    {"when": "(?=.*docstring)(?=.*def triple)", "text": "    return number * 3\n", "delay_s": 0.5},
    {"when": "(?=.*docstring)(?=.*def slow)", "text": "    return number + 1\n", "delay_s": 0.5},
    {"when": "(?=.*docstring)(?=.*def endless)", "text": " word" * 600, "delay_s": 0.1},
    {"when": "docstring names", "text": BODY},
    {"text": EXPLANATION},
)
_SETTINGS = {
    "engine.kind": "scripted",
    # Nothing runs beside what is asked for.
    "scope.index": False,
    "verify.run_tests": "never",
    "verify.samples": 0,
    "verify.repairs": 0,
}


@dataclass(frozen=True)
class Machine:
    folder: Path
    env: dict[str, str]

    @property
    def project(self) -> Path:
        return self.folder / "project"

    @property
    def settings(self) -> dict[str, object]:
        """What the server is told at its start."""
        told: dict[str, object] = json.loads(self.env["SCOPEWISE_OPTIONS"])
        return told


def machine(folder: Path, settings: dict[str, object] | None = None, **env: str) -> Machine:
    """A new one; `settings` are added to those of a server that gives canned answers."""
    (folder / "project" / ".git").mkdir(parents=True)
    script = folder / "answers.json"
    script.write_text(json.dumps(_ANSWERS))
    options = {**_SETTINGS, "engine.script": str(script), **(settings or {})}
    return Machine(
        folder, {**_environment(folder), "SCOPEWISE_OPTIONS": json.dumps(options), **env}
    )


def _environment(folder: Path) -> dict[str, str]:
    program = folder / "bin" / "scopewise"
    program.parent.mkdir()
    # -P: what the project calls its modules is no concern of the server.
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m scopewise "$@"\n')
    program.chmod(0o755)
    kept = ("LANG", "LC_ALL", "PATH", "TMPDIR")
    base = {name: value for name, value in os.environ.items() if name in kept}
    kinds = ("CONFIG", "DATA", "STATE", "CACHE")
    return {
        **base,
        **{f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in kinds},
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PATH": os.pathsep.join([str(program.parent), base["PATH"]]),
        "PYTHONPATH": str(ROOT / "server"),
        "SCOPEWISE_HOME": str(folder / "home"),
        "SCOPEWISE_OFFLINE": "1",
    }

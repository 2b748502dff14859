"""Running a Python program of the project in the sandbox, on a private copy of the project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scopewise.sandbox.protocol import Program, Run

_MAX_LINE = 200
_STOPPED = {
    "": "it ended the process it ran in",
    "time": "it did not end in time",
    "cpu": "it used up the time it may compute",
    "memory": "it used up the memory it may have",
    "output": "it wrote too much",
    "disk": "it filled the disk it may use",
    "signal": "a signal ended it",
}


def project_program(
    interpreter: Path,
    arguments: tuple[str, ...],
    root: Path,
    changed: Mapping[Path, bytes],
    *,
    cwd: Path | None = None,
    stdin: bytes = b"",
) -> Program:
    """A Python program that sees the project with some files changed, and may write to its copy."""
    return Program(
        argv=(str(interpreter), *arguments),
        stdin=stdin,
        replaced=dict(changed),
        copies=(root,),
        cwd=str(cwd or root),
    )


def why_ended(run: Run) -> str:
    """Why a program did not come to its own end, as a clause."""
    return _STOPPED.get(run.stopped_by, f"it was stopped ({run.stopped_by})")


def last_line(output: bytes) -> str:
    """The last line of what a program wrote that is not blank, cut to a readable length."""
    lines = [line.strip() for line in output.decode("utf-8", errors="replace").splitlines()]
    return next((line[:_MAX_LINE] for line in reversed(lines) if line), "")

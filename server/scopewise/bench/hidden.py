"""Hidden tests: what decides whether a result is right, once its label is final."""

from __future__ import annotations

import secrets
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scopewise.errors import InputError
from scopewise.sandbox import find_sandbox
from scopewise.sandbox.protocol import Limits, Program, Sandbox

Result = Literal["passed", "failed", "timeout"]
Judge = Callable[["HiddenTest", str], Result]

_TIMEOUT_S = 15.0
_FILE = "candidate.py"
# Not run as `__main__`, so that neither the candidate nor the tests begin a program of their own.
_COMMAND = ("-I", "-B", "-c", f"import runpy; runpy.run_path('{_FILE}')")


@dataclass(frozen=True)
class HiddenTest:
    """What a task is judged by; it reaches no prompt, no check and no label."""

    tests: str
    """Statements to run below the produced file's text."""
    reference: str
    """The file as a right answer makes it, to see whether the tests work here."""


def judge_with(python: Path, is_bare_allowed: bool) -> Judge:
    """A judge that runs tests in the sandbox, or bare where that was allowed and is needed.

    Raises InputError when there is no sandbox and it was not allowed.
    """
    availability = find_sandbox()
    if availability.sandbox is not None:
        return _sandboxed(python, availability.sandbox)
    if is_bare_allowed:
        return _bare(python)
    raise InputError(
        f"The hidden tests run what the model wrote, and there is no sandbox for it "
        f"({availability.reason.rstrip('.')}).",
        "`--unsafe-hidden-tests` runs it without one.",
    )


def fault_of(judge: Judge, hidden: HiddenTest, given: str) -> str:
    """Why a task measures nothing here, `given` being the file as the product gets it; empty when
    it does."""
    result = judge(hidden, hidden.reference)
    if result != "passed":
        return f"the reference does not pass ({result})"
    # The file of an explanation is the right answer itself.
    if given != hidden.reference and judge(hidden, given) == "passed":
        return "it passes before anything is done"
    return ""


def _sandboxed(python: Path, sandbox: Sandbox) -> Judge:
    limits = Limits(wall_s=_TIMEOUT_S, cpu_s=_TIMEOUT_S)

    def judge(hidden: HiddenTest, text: str) -> Result:
        program, mark = _program(hidden, text)
        run = sandbox.run(Program((str(python), *_COMMAND), files={_FILE: program}), limits)
        if run.stopped_by in ("time", "cpu"):
            return "timeout"
        return _result(run.exit_code, run.stdout, mark)

    return judge


def _bare(python: Path) -> Judge:
    def judge(hidden: HiddenTest, text: str) -> Result:
        program, mark = _program(hidden, text)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, _FILE).write_bytes(program)
            try:
                run = subprocess.run(
                    [str(python), *_COMMAND],
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=_TIMEOUT_S,
                )
            except subprocess.TimeoutExpired:
                return "timeout"
        return _result(run.returncode, run.stdout, mark)

    return judge


def _program(hidden: HiddenTest, text: str) -> tuple[bytes, str]:
    """The program, and what it prints after the last test: a candidate that ends the process with
    exit code 0 has passed nothing."""
    mark = secrets.token_hex(16)
    program = f"{text}\n\n{hidden.tests}\n\nprint('\\n{mark}')\n"
    return program.encode("utf-8", errors="replace"), mark


def _result(exit_code: int | None, stdout: bytes, mark: str) -> Result:
    return "passed" if exit_code == 0 and stdout.rstrip().endswith(mark.encode()) else "failed"

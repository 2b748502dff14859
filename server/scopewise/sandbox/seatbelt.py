"""The sandbox of macOS: `sandbox-exec`. Written from its documentation and never tried."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from scopewise.cancel import CancelToken
from scopewise.sandbox.ending import outcome
from scopewise.sandbox.inside import read_report
from scopewise.sandbox.interpreter import installation, is_python
from scopewise.sandbox.order import Place, order_text, rlimits
from scopewise.sandbox.protocol import Limits, Process, Program, Run, SandboxFailed
from scopewise.sandbox.supervision import Watch

_LAUNCHER = Path(__file__).with_name("launcher.py")
_SYSTEM = ("/usr", "/bin", "/sbin", "/System", "/Library/Frameworks", "/private/var/db/dyld")
_PROFILE = """(version 1)
(deny default)
(allow process-fork process-exec sysctl-read file-read-metadata)
(allow signal (target same-sandbox))
(allow file-read* {readable} (literal "/dev/null") (literal "/dev/urandom"))
(allow file-write* (subpath {work}) (literal "/dev/null"))
"""
_N_OUTSIDE = 4096
"""The limit of processes counts all of the user's, whose number is not asked for."""


class Seatbelt:
    """Runs programs that read what they are shown and write one folder, without a network.

    There is no namespace of processes here that could be ended as a whole, so nothing is kept
    running between two programs.
    """

    name = "seatbelt"
    can_stay = False

    def run(self, program: Program, limits: Limits, cancel: CancelToken | None = None) -> Run:
        if program.copies or program.replaced:
            raise SandboxFailed("On macOS a program cannot be shown changed files.")
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as order:
            work = os.path.realpath(folder)
            order.write(order_text(program, rlimits(limits, _N_OUTSIDE), Place(work, work)))
            order.flush()
            order.seek(0)
            process, report = _launch(program, work, order.fileno())
            kill = functools.partial(_kill, process)
            watched = Watch(process, limits, kill).until_end(program.stdin, cancel)
            kill()
            return outcome(watched, read_report(report), limits)

    def start(self, program: Program, limits: Limits) -> Process:
        raise SandboxFailed("On macOS no program can be kept ready in the sandbox.")


def profile(program: Program, work: str) -> str:
    """The rules in Seatbelt's language: what is not allowed is denied."""
    readable = " ".join(f"(subpath {_quoted(path)})" for path in [*_shown(program), work])
    return _PROFILE.format(readable=readable, work=_quoted(work))


def _shown(program: Program) -> Iterable[str | Path]:
    pythons = [Path(sys.executable), Path(program.argv[0])]
    needed = [installation(python).folders for python in pythons if is_python(python)]
    folders = [*program.readable, *(folder for each in needed for folder in each)]
    return [*_SYSTEM, _LAUNCHER, *(os.path.realpath(folder) for folder in folders)]


def _quoted(path: str | Path) -> str:
    return json.dumps(str(path), ensure_ascii=False)


def _launch(program: Program, work: str, order: int) -> tuple[subprocess.Popen[bytes], int]:
    """The started program, and where its launcher reports."""
    report, report_write = os.pipe()
    python = (os.path.realpath(sys.executable), "-I", "-S", "-B")
    try:
        process = subprocess.Popen(
            [
                *("/usr/bin/sandbox-exec", "-p", profile(program, work), *python),
                *(str(_LAUNCHER), str(order), str(report_write)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            pass_fds=(order, report_write),
            env={},
            cwd=work,
            start_new_session=True,
        )
    except OSError as error:
        os.close(report)
        raise SandboxFailed(f"sandbox-exec could not be started ({error}).") from error
    finally:
        os.close(report_write)
    return process, report


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)

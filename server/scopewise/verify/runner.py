"""Runs trials in the sandbox, with the project's own Python."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import msgspec

from scopewise.cancel import CancelToken
from scopewise.errors import ScopewiseError
from scopewise.sandbox import find_sandbox
from scopewise.sandbox.fork_server import ForkServer
from scopewise.sandbox.protocol import Limits, Program, Run, Sandbox
from scopewise.scope.interpreter import project_interpreter
from scopewise.settings import VerifySettings
from scopewise.verify.behaviour import Trial, TrialReport

_ONCE = """
import runpy, sys
main = runpy.run_path("harness.py")["main"]
sys.stdout.buffer.write(main(sys.stdin.buffer.read()))
"""
"""Runs one trial where no program can stay ready."""
_MAX_SERVERS = 3
"""Programs kept ready, each for the folders of another file; each takes some 25 MB."""
_SPARE_S = 2.0
"""What a trial may take beyond its own total, for loading the module."""


class Runner:
    """Tries answers out; the program that does it stays ready in the sandbox between trials."""

    def __init__(self, settings: VerifySettings, roots: Sequence[Path]) -> None:
        self._settings = settings
        self.roots = tuple(roots)
        self._servers: dict[tuple[Path, ...], ForkServer] = {}
        self._lock = threading.Lock()

    @property
    def obstacle(self) -> str:
        """Why nothing can be executed, as a part of a sentence; empty when it can."""
        if self._settings.execute == "never":
            return "nothing was executed, as the setting `verify.execute` says"
        if not self._settings.trusted:
            return "nothing was executed, since the workspace is not trusted"
        availability = find_sandbox()
        if availability.sandbox is None:
            return f"nothing was executed, since there is no sandbox ({availability.reason})"
        return ""

    async def prepare(self) -> None:
        """Looks for obstacles; the first time a sandbox is started to see whether it can be."""
        await asyncio.to_thread(lambda: self.obstacle)

    @property
    def sandbox(self) -> Sandbox | None:
        """Where code may be run; None when there is an obstacle."""
        return None if self.obstacle else find_sandbox().sandbox

    @property
    def interpreter(self) -> Path:
        return project_interpreter(self.roots, self._settings.python)

    async def run(self, trial: Trial, cancel: CancelToken) -> TrialReport:
        """What came of a trial, its seconds included; raises Cancelled, never anything else."""
        cancel.check()
        started = time.perf_counter()
        report = await asyncio.to_thread(self._run, trial, cancel)
        cancel.check()
        return msgspec.structs.replace(report, seconds=time.perf_counter() - started)

    def close(self) -> None:
        with self._lock:
            servers, self._servers = list(self._servers.values()), {}
        for server in servers:
            server.close()

    def _run(self, trial: Trial, cancel: CancelToken) -> TrialReport:
        seconds = trial.total_timeout_s + _SPARE_S
        limits = Limits(wall_s=seconds, cpu_s=seconds)
        try:
            return _report(self._tried(trial, limits, cancel))
        except (ScopewiseError, msgspec.DecodeError) as error:
            return TrialReport(f"The sandbox did not answer ({error}).", "killed")

    def _tried(self, trial: Trial, limits: Limits, cancel: CancelToken) -> Run:
        sandbox, payload = self.sandbox, msgspec.json.encode(trial)
        assert sandbox is not None
        if sandbox.can_stay:
            return self._server(trial).call(payload, limits, cancel)
        program = Program(
            argv=(str(self.interpreter), "-I", "-B", "-c", _ONCE),
            files={"harness.py": _harness().encode()},
            stdin=payload,
            readable=_folders(trial),
        )
        return sandbox.run(program, limits, cancel)

    def _server(self, trial: Trial) -> ForkServer:
        """The program that sees the folders a trial imports from, started on its first call."""
        folders = _folders(trial)
        with self._lock:
            if folders not in self._servers:
                while len(self._servers) >= _MAX_SERVERS:
                    self._servers.pop(next(iter(self._servers))).close()
                sandbox = self.sandbox
                assert sandbox is not None
                self._servers[folders] = ForkServer(
                    sandbox, self.interpreter, _harness(), readable=folders
                )
            return self._servers[folders]


def _folders(trial: Trial) -> tuple[Path, ...]:
    return tuple(Path(folder) for folder in trial.sys_path)


def _report(run: Run) -> TrialReport:
    if run.stopped_by or run.exit_code != 0:
        return TrialReport(f"The process was stopped ({_why(run)}).", "killed")
    return msgspec.json.decode(run.stdout, type=TrialReport)


def _why(run: Run) -> str:
    if run.stopped_by in ("", "signal"):
        return "it ended itself"
    return f"its limit of {run.stopped_by}"


def _harness() -> str:
    return resources.files("scopewise.verify").joinpath("harness.py").read_text("utf-8")

"""A stand-in for the sandbox that runs what tests wrote themselves, as it is."""

import subprocess
import time

from scopewise.cancel import CancelToken
from scopewise.sandbox.protocol import Limits, Program, Run


class BareSandbox:
    """Puts the changed files in place, runs the program, and puts back what was there."""

    name = "bare"

    def __init__(self) -> None:
        self.programs: list[Program] = []

    def run(self, program: Program, limits: Limits, cancel: CancelToken | None = None) -> Run:
        self.programs.append(program)
        before = {path: path.read_bytes() for path in program.replaced}
        for path, content in program.replaced.items():
            path.write_bytes(content)
        try:
            return self._run(program, limits)
        finally:
            for path, content in before.items():
                path.write_bytes(content)

    def _run(self, program: Program, limits: Limits) -> Run:
        started = time.perf_counter()
        try:
            done = subprocess.run(
                program.argv,
                input=program.stdin,
                capture_output=True,
                cwd=program.cwd,
                # Ours take a second to load.
                env={**program.environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
                timeout=limits.wall_s,
            )
        except subprocess.TimeoutExpired as error:
            out, err = error.stdout or b"", error.stderr or b""
            return Run(None, out, err, limits.wall_s, 0, "time")
        seconds = time.perf_counter() - started
        return Run(done.returncode, done.stdout, done.stderr, seconds, 0, "")

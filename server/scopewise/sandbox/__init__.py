"""Runs untrusted code where it can do no harm.

find_sandbox()      the sandbox of this machine, or why there is none
Sandbox.run(…)      one program from start to end, within limits
ForkServer          a Python that stays inside and answers call after call
"""

from __future__ import annotations

import functools
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scopewise.sandbox.bubblewrap import Bubblewrap, bwrap_commands
from scopewise.sandbox.protocol import Availability, Limits, Program, Sandbox, SandboxError
from scopewise.sandbox.seatbelt import Seatbelt

_PROBE = Limits(wall_s=10.0)
_RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


@functools.cache
def find_sandbox() -> Availability:
    """The first sandbox in which a program really ran; asked once a process."""
    if sys.platform == "win32":
        return Availability(None, "Nothing is executed on Windows, which offers no sandbox.")
    obstacles = []
    for sandbox in _candidates():
        obstacle = _obstacle(sandbox)
        if not obstacle:
            return Availability(sandbox, "")
        obstacles.append(obstacle)
    return Availability(None, _reason(obstacles))


def _candidates() -> Iterator[Sandbox]:
    if sys.platform == "darwin":
        yield Seatbelt()
        return
    for command in bwrap_commands():
        with_overlay = Bubblewrap(command, overlay=True)
        can_overlay = not _obstacle(with_overlay, copies=True)
        yield with_overlay if can_overlay else Bubblewrap(command)


def _obstacle(sandbox: Sandbox, *, copies: bool = False) -> str:
    """Why nothing can be run in it; empty when it can."""
    with tempfile.TemporaryDirectory() as folder:
        copied = (Path(folder).resolve(),) if copies else ()
        try:
            run = sandbox.run(Program(("/bin/sh", "-c", "exit 0"), copies=copied), _PROBE)
        except SandboxError as error:
            return str(error)
    return "" if run.exit_code == 0 else f"A first program ended with {run.exit_code}."


def _reason(obstacles: list[str]) -> str:
    try:
        if _RESTRICTED.read_text("ascii").strip() == "1":
            return "This system's AppArmor does not let programs make user namespaces."
    except OSError:
        pass
    return obstacles[-1] if obstacles else "Bubblewrap is not installed."

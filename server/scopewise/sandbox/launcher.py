"""The first process inside the sandbox: it fills the folders, sets the limits, runs the program.

Only its text goes inside, for the Python the server itself runs on; hence nothing is imported but
the standard library. It reads an order (`order.py`) from one descriptor and reports to another,
one JSON object a line: `failed` with a sentence, or `started` and then how the program ended.
"""

# Every program waits for this start, and importing pathlib would take a good part of it.
# ruff: noqa: PTH103, PTH113, PTH114, PTH115, PTH118, PTH120, PTH123, PTH211

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Collection
from typing import IO, Any, NoReturn

_NOT_COPIED = {".git", ".hg", ".svn", ".tox", ".nox", "node_modules", "__pycache__"}


def main(order_fd: int, report_fd: int) -> int:
    # Python listens to this signal, and what has no listener in a first process is lost.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.set_inheritable(report_fd, False)
    with open(report_fd, "w", encoding="utf-8", buffering=1) as report:
        try:
            order = _prepare(order_fd)
        except OSError as error:
            _tell(report, failed=f"The private folders could not be filled: {error}.")
            return 1
        if order["stays"]:
            _become(order, report)
        return _run(order, report)


def _prepare(order_fd: int) -> dict[str, Any]:
    with open(order_fd, "rb") as stream:
        order: dict[str, Any] = json.loads(stream.readline())
        os.makedirs(order["work"], exist_ok=True)
        for copy in order["copies"]:
            _copy(copy["source"], copy["target"], copy["without"])
        for path, size in order["files"]:
            _write(path, stream.read(size))
    return order


def _copy(source: str, target: str, without: Collection[str]) -> None:
    """Copy a folder as far as it can be read; the size of the target's file system bounds it."""
    for folder, folders, files in os.walk(source):
        into = os.path.normpath(os.path.join(target, os.path.relpath(folder, source)))
        folders[:] = [
            name
            for name in folders
            if name not in _NOT_COPIED and os.path.join(into, name) not in without
        ]
        os.makedirs(into, exist_ok=True)
        for name in [*files, *folders]:
            if os.path.join(into, name) not in without:
                _copy_entry(os.path.join(folder, name), os.path.join(into, name))


def _copy_entry(source: str, target: str) -> None:
    import shutil  # Late, for it is rarely needed and slow to import.

    if os.path.islink(source):
        os.symlink(os.readlink(source), target)
    elif os.path.isfile(source):
        # A file the sandbox's user may not read is not there for the program either.
        with contextlib.suppress(PermissionError):
            shutil.copy(source, target)


def _write(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def _run(order: dict[str, Any], report: IO[str]) -> int:
    wake = _wake_on_child()
    child = os.fork()
    if not child:
        _become(order, report)
    status, usage = _wait(child, wake, report.fileno())
    code = -1 if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    cpu_s = usage.ru_utime + usage.ru_stime
    scale = 1 if sys.platform == "darwin" else 1024
    _tell(report, exit_code=code, signal=number, cpu_s=cpu_s, peak=usage.ru_maxrss * scale)
    return 0


def _wake_on_child() -> int:
    """A descriptor that becomes readable when a child ends."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    return read


def _wait(child: int, wake: int, report: int) -> tuple[int, resource.struct_rusage]:
    """How the program ended; orphans are buried on the way, for this is their `init`.

    Nobody reads the report any more when the server has died, and then all ends here. The kernel's
    signal for that case does not reach from one user to another.
    """
    events = select.poll()
    events.register(wake, select.POLLIN)
    events.register(report, 0)
    while True:
        pid, status, usage = os.wait4(-1, os.WNOHANG)
        if pid == child:
            return status, usage
        if not pid:
            ready = events.poll()
            if any(fd == report for fd, _ in ready):
                os._exit(1)
            os.read(wake, 4096)


def _become(order: dict[str, Any], report: IO[str]) -> NoReturn:
    """Turn into the program; the report's descriptor closes itself then."""
    argv = order["argv"]
    try:
        os.chdir(order["cwd"])
        for name, value in order["rlimits"].items():
            _set_limit(getattr(resource, name), value)
        _tell(report, started=True)
        os.execve(argv[0], argv, order["environment"])
    except (OSError, ValueError) as error:
        _tell(report, failed=f"{argv[0]} could not be started: {error}.")
    os._exit(127)


def _set_limit(which: int, value: int) -> None:
    # The soft limit for processor time sends a signal, the hard one a second later kills.
    spare = 1 if which == resource.RLIMIT_CPU else 0
    _, allowed = resource.getrlimit(which)
    hard = value + spare if allowed == resource.RLIM_INFINITY else min(value + spare, allowed)
    resource.setrlimit(which, (min(value, hard), hard))


def _tell(report: IO[str], **facts: object) -> None:
    report.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))

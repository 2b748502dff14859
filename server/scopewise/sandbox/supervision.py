"""Watches a program from outside: what it writes, how long it takes, and whether to stop it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from subprocess import Popen
from typing import IO

from scopewise.cancel import CancelToken
from scopewise.sandbox.protocol import Limits, StopReason

_CHUNK = 1 << 16
_LOOK_S = 0.1
"""How often is looked whether something that nothing else bounds has grown too large."""
_DRAIN_S = 1.0
"""How long after the end somebody may still hold the pipes."""


@dataclass(frozen=True)
class Watched:
    """What a program wrote until it ended or was stopped."""

    stdout: bytes
    stderr: bytes
    seconds: float
    stopped_by: StopReason


class Watch:
    """One program with pipes at all three ends, stopped as a whole by `kill`."""

    def __init__(
        self,
        process: Popen[bytes],
        limits: Limits,
        kill: Callable[[], None],
        excess: Callable[[], StopReason] = lambda: "",
    ) -> None:
        """`excess` is asked from time to time for a reason to stop."""
        self._process = process
        self._limits = limits
        self._kill = kill
        self._excess = excess
        self._reason: StopReason = ""
        self._lock = threading.Lock()
        self._is_over = threading.Event()

    def until_end(self, stdin: bytes, cancel: CancelToken | None) -> Watched:
        """Feed it and read it until it is gone; it is killed where a limit says so."""
        started = time.monotonic()
        stdout, stderr = bytearray(), bytearray()
        workers = [
            threading.Thread(target=self._feed, args=(stdin,), daemon=True),
            threading.Thread(target=self._read, args=(self._process.stdout, stdout), daemon=True),
            threading.Thread(target=self._read, args=(self._process.stderr, stderr), daemon=True),
            threading.Thread(target=self._reap, daemon=True),
        ]
        for worker in workers:
            worker.start()
        forget = cancel.on_cancel(lambda: self._stop("cancelled")) if cancel else None
        self._wait(started + self._limits.wall_s)
        if forget:
            forget()
        for worker in workers:
            worker.join(_DRAIN_S)
        seconds = time.monotonic() - started
        return Watched(bytes(stdout), bytes(stderr), seconds, self._reason)

    def _wait(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        while not self._is_over.wait(max(0.0, min(left, _LOOK_S))):
            left = deadline - time.monotonic()
            if reason := "time" if left <= 0 else self._excess():
                self._stop(reason)
                self._is_over.wait()

    def _stop(self, reason: StopReason) -> None:
        with self._lock:
            if self._reason or self._is_over.is_set():
                return
            self._reason = reason
        self._kill()

    def _feed(self, stdin: bytes) -> None:
        pipe = self._process.stdin
        assert pipe
        # A program need not read what it is given.
        with contextlib.suppress(OSError):
            pipe.write(stdin)
        with contextlib.suppress(OSError):
            pipe.close()

    def _read(self, pipe: IO[bytes], kept: bytearray) -> None:
        """Keep what is written up to the limit, and stop a program that writes more."""
        with pipe:
            while chunk := pipe.read(_CHUNK):
                room = self._limits.output_bytes - len(kept)
                kept += chunk[:room]
                if len(chunk) > room:
                    self._stop("output")

    def _reap(self) -> None:
        self._process.wait()
        with self._lock:
            self._is_over.set()

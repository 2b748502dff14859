"""A started sandbox, seen from outside: its processes and what they report."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from scopewise.sandbox.ending import last_line
from scopewise.sandbox.protocol import StopReason

_WORDS_BYTES = 4096
_TELL_S = 0.05
"""Bubblewrap tells the number of the first process as soon as there is one."""


class Inside:
    """Bubblewrap, and below it the first process of the namespace, whose end ends all others."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        report: int,
        info: int,
        words: IO[bytes] | None = None,
    ) -> None:
        """The descriptors are the reading ends of pipes; `words` holds the standard error."""
        assert process.stdin
        assert process.stdout
        self.process = process
        self.stdin: IO[bytes] = process.stdin
        self.stdout: IO[bytes] = process.stdout
        self.n_outside = 0
        self._report = report
        self._info = info
        self._first: int | None = None
        self._words = words
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """End everything inside without waiting for it.

        Bubblewrap itself ends after the first process, which it buries; it is killed only where
        the number of the first is not known yet, and then the first dies with its parent.
        """
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._first_process(_TELL_S) or self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        self.kill()
        self.process.wait()
        for pipe in (self.stdin, self.stdout, self._words):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        self._words = None
        self.report()

    def last_words(self) -> str:
        if self._words is None:
            return ""
        with contextlib.suppress(OSError):
            size = os.fstat(self._words.fileno()).st_size
            text = os.pread(self._words.fileno(), _WORDS_BYTES, max(0, size - _WORDS_BYTES))
            return last_line(text).decode("utf-8", "replace")
        return ""

    def report(self) -> dict[str, Any]:
        """All that the launcher told, once it has ended."""
        if self._report < 0:
            return {}
        facts = read_report(self._report)
        os.close(self._info)
        self._report = self._info = -1
        return facts

    def excess(self, folders: Sequence[Path], n_bytes: int) -> StopReason:
        """`disk` when what was written over one of these folders takes more than its share."""
        first = self._first_process() if folders else None
        if first is None:
            return ""
        return "disk" if any(_used(first, path) > n_bytes for path in folders) else ""

    def _first_process(self, wait_s: float = 0.0) -> int | None:
        """Its number out here, as soon as bubblewrap has told."""
        with self._lock:
            if self._first is None and self._info >= 0:
                self._first = _told(self._info, wait_s)
        return self._first


def _told(info: int, wait_s: float) -> int | None:
    if not select.select([info], [], [], wait_s)[0]:
        return None
    with contextlib.suppress(ValueError, KeyError):
        return int(json.loads(os.read(info, 4096))["child-pid"])
    return None


def read_report(fd: int) -> dict[str, Any]:
    """All objects of a stream of JSON lines as one; what is not whole is left out."""
    facts: dict[str, Any] = {}
    with open(fd, "rb") as stream:
        for line in stream:
            with contextlib.suppress(ValueError):
                facts.update(json.loads(line))
    return facts


def _used(pid: int, path: Path) -> int:
    try:
        figures = os.statvfs(f"/proc/{pid}/root{path}")
    except OSError:
        return 0
    return (figures.f_blocks - figures.f_bfree) * figures.f_frsize

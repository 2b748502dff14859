"""Where a name of Python code leads, by jedi, in one worker process with a deadline."""

from __future__ import annotations

import contextlib
import itertools
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

# -P: nothing is imported from the folder we happen to be started in.
_COMMAND = (sys.executable, "-P", "-m", "scopewise.scope.python.worker")
_GRACE_S = 5.0
"""How much longer an order may take whose time is up: what it learns makes the next one faster."""
_WARM_UP_TEXT = "''.join([])"


class Follow(msgspec.Struct, frozen=True):
    """An order: where do the names at these positions of this text lead?"""

    id: int
    path: str
    source: str
    root: str
    """The folder imports count from."""
    sys_path: tuple[str, ...]
    """Further folders imports count from."""
    positions: tuple[tuple[int, int], ...]
    """Line from 1, column from 0 in characters."""


class Lead(msgspec.Struct, frozen=True):
    """A definition."""

    module: str
    """As jedi calls it."""
    qualified_name: str
    """Within the module; empty for a module."""
    path: str
    """Of the file, empty for what is compiled."""
    line: int
    """From 1; 0 for what has no text."""
    column: int
    """From 0, in characters."""
    kind: str
    """`module`, `class`, `function`, `statement`, `param`, `property`, `instance`."""
    is_builtin: bool


class Answer(msgspec.Struct, frozen=True):
    """What the position of an index leads to."""

    id: int
    index: int
    leads: tuple[Lead, ...] = ()
    is_last: bool = False
    """There will be no more, and this is none."""


@dataclass(frozen=True)
class Question:
    """Names of one file to be followed."""

    path: str
    source: str
    root: str
    sys_path: tuple[str, ...]
    positions: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Followed:
    """What names lead to, as far as there was time."""

    leads: tuple[tuple[Lead, ...], ...]
    """For every position asked for; empty where nothing is known."""
    n_answered: int
    failure: str = ""
    """Why there are fewer answers than questions."""


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    answers: queue.SimpleQueue[Answer | None] = field(default_factory=queue.SimpleQueue)
    """None at the end of the process."""
    n_ended: int = 0
    """The number of the last order that is done with."""


class PythonNames:
    """jedi behind a pipe: started on first use, ended when it does not come to an end.

    Safe from any thread; one question is answered at a time.
    """

    def __init__(self, command: Sequence[str] = _COMMAND, grace_s: float = _GRACE_S) -> None:
        self._command = command
        self._grace_s = grace_s
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._worker: _Worker | None = None
        self._is_closed = False

    def follow(self, question: Question, timeout_s: float) -> Followed:
        """What the names lead to, after `timeout_s` at the latest."""
        deadline = time.monotonic() + timeout_s
        if not self._lock.acquire(timeout=max(timeout_s, 0.0)):
            return _nothing(question, "other names were still being followed")
        try:
            return self._follow(question, deadline)
        except OSError as error:
            self._end(self._worker)
            return _nothing(question, f"the process that follows names failed ({error})")
        finally:
            self._lock.release()

    def warm_up(self) -> None:
        """Start the process and let it learn the builtins, so that the first question is fast."""
        column = _WARM_UP_TEXT.index("join")
        question = Question("", _WARM_UP_TEXT, "", (), ((1, column),))
        self.follow(question, self._grace_s)

    def close(self) -> None:
        """End the process for good."""
        self._is_closed = True
        self._end(self._worker)

    @property
    def pid(self) -> int | None:
        """Of the process, None while none runs."""
        worker = self._worker
        return worker.process.pid if worker else None

    # Below

    def _follow(self, question: Question, deadline: float) -> Followed:
        if self._is_closed:
            return _nothing(question, "names are no longer followed")
        worker = self._started()
        order = _order(next(self._ids), question)
        # The pipe may be full while the process is busy with what it was asked before.
        threading.Thread(target=_send, args=(worker, order), daemon=True).start()
        leads: dict[int, tuple[Lead, ...]] = {}
        while True:
            try:
                answer = worker.answers.get(timeout=max(deadline - time.monotonic(), 0.0))
            except queue.Empty:
                self._end_later(worker, order.id)
                return _followed(question, leads, "there was no time to follow every name")
            if answer is None:
                self._end(worker)
                return _followed(question, leads, "the process that follows names ended")
            if answer.id == order.id and answer.is_last:
                return _followed(question, leads)
            if answer.id == order.id:
                leads[answer.index] = answer.leads

    def _started(self) -> _Worker:
        if self._worker is None:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._worker = _Worker(process)
            threading.Thread(target=_read, args=(self._worker,), daemon=True).start()
        return self._worker

    def _end_later(self, worker: _Worker, number: int) -> None:
        """Give an order that is too slow some time to end, then end the process."""

        def end_if_busy() -> None:
            if worker.n_ended < number:
                self._end(worker)

        timer = threading.Timer(self._grace_s, end_if_busy)
        timer.daemon = True
        timer.start()

    def _end(self, worker: _Worker | None) -> None:
        if worker is None:
            return
        if self._worker is worker:
            self._worker = None
        worker.process.kill()
        worker.process.wait()


def _order(number: int, question: Question) -> Follow:
    return Follow(
        id=number,
        path=question.path,
        source=question.source,
        root=question.root,
        sys_path=question.sys_path,
        positions=question.positions,
    )


def _send(worker: _Worker, order: Follow) -> None:
    pipe = worker.process.stdin
    assert pipe is not None
    # A process that has ended is noticed where its answers are read.
    with contextlib.suppress(OSError, ValueError):
        pipe.write(msgspec.json.encode(order) + b"\n")
        pipe.flush()


def _read(worker: _Worker) -> None:
    pipe = worker.process.stdout
    assert pipe is not None
    with contextlib.suppress(OSError, ValueError, msgspec.DecodeError):
        for line in pipe:
            answer = msgspec.json.decode(line, type=Answer)
            worker.answers.put(answer)
            worker.n_ended = max(worker.n_ended, answer.id - 1)
            if answer.is_last:
                worker.n_ended = answer.id
    worker.answers.put(None)


def _followed(
    question: Question, leads: dict[int, tuple[Lead, ...]], failure: str = ""
) -> Followed:
    found = tuple(leads.get(index, ()) for index in range(len(question.positions)))
    return Followed(found, len(leads), failure)


def _nothing(question: Question, failure: str) -> Followed:
    return _followed(question, {}, failure)

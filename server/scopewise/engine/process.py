"""The engine that runs llama.cpp in a process of its own.

A crash, an out-of-memory kill or a hang of the model costs one job, never the language server:
the job fails with a sentence, and the next one starts a new process.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from scopewise import errors
from scopewise.cancel import CancelToken
from scopewise.engine import wire
from scopewise.engine.llamacpp import ModelConfig
from scopewise.engine.protocol import Completion, EngineInfo, Event, Request
from scopewise.errors import Cancelled, EngineCrashed, EngineError, EngineUnavailable

logger = logging.getLogger(__name__)

_LINE_LIMIT = 64 * 1024 * 1024
_STOP_GRACE_S = 10.0
"""How long a stopped generation may go on before its process is ended."""
_EXIT_GRACE_S = 2.0
"""How long a process that closed its pipe may take to end."""

_CLOSED = "The engine was closed."
_IDLE = "The idle model was unloaded."

ConfigSource = Callable[[], ModelConfig]
Answer = Event | wire.Counted | Exception

# -P: nothing is imported from the folder we happen to be started in, which is somebody's project.
COMMAND = (sys.executable, "-P", "-m", "scopewise.engine.worker")


@dataclass
class _Process:
    """A running worker and the requests it owes answers to."""

    process: asyncio.subprocess.Process
    config: ModelConfig
    ready: asyncio.Future[wire.Ready]
    waiting: dict[int, asyncio.Queue[Answer]] = field(default_factory=dict)
    last_words: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    last_sign: float = 0.0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    is_ended_by_us: str = ""


class ProcessEngine:
    """llama.cpp behind a pipe, started on first use and restarted after it died."""

    def __init__(
        self,
        config: ConfigSource,
        *,
        hang_timeout_s: float = 120.0,
        idle_unload_s: float = 0.0,
        on_loading: Callable[[float], None] | None = None,
        on_loaded: Callable[[], None] | None = None,
        on_ended: Callable[[str], None] | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        """`config` is asked at every start and may raise ModelMissing.

        `on_ended` hears why the model left memory, an empty sentence when it was merely idle;
        nothing of a start that failed, which is raised, nor of `close`.
        """
        self._config = config
        self._hang_timeout_s = hang_timeout_s
        self._idle_unload_s = idle_unload_s
        self._on_loading = on_loading
        self._on_loaded = on_loaded
        self._on_ended = on_ended
        self._command = command
        self._ids = itertools.count(1)
        self._current: _Process | None = None
        self._start_lock = asyncio.Lock()
        self._repack = True
        self._idle_timer: asyncio.TimerHandle | None = None
        self._is_closed = False

    # The Engine protocol

    async def generate(self, request: Request, cancel: CancelToken) -> AsyncGenerator[Event, None]:
        cancel.check()
        worker = await self._started(cancel)
        job, answers = self._open(worker)
        loop = asyncio.get_running_loop()
        forget = cancel.on_cancel(lambda: loop.call_soon_threadsafe(self._stop, worker, job))
        try:
            await self._say(worker, wire.Generate(job, request))
            while True:
                event = await self._next(worker, answers)
                if cancel.is_cancelled and isinstance(event, Exception | Completion):
                    raise Cancelled(cancel.reason)
                if isinstance(event, Exception):
                    raise event
                assert not isinstance(event, wire.Counted)
                yield event
                if isinstance(event, Completion):
                    worker.waiting.pop(job)
                    return
        finally:
            forget()
            self._stop(worker, job)
            worker.waiting.pop(job, None)
            self._arm_idle_timer()

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        worker = await self._started(CancelToken())
        job, answers = self._open(worker)
        try:
            await self._say(worker, wire.Count(job, tuple(texts)))
            answer = await self._next(worker, answers)
        finally:
            worker.waiting.pop(job, None)
            self._arm_idle_timer()
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, wire.Counted)
        return list(answer.counts)

    async def describe(self) -> EngineInfo:
        worker = await self._started(CancelToken())
        self._arm_idle_timer()
        ready = worker.ready.result()
        return EngineInfo(worker.config.name, ready.context_tokens, ready.description)

    async def close(self) -> None:
        """End the process for good; jobs that run or wait fail."""
        self._is_closed = True
        async with self._start_lock:
            self._disarm_idle_timer()
            worker, self._current = self._current, None
        if worker is not None:
            worker.is_ended_by_us = _CLOSED
            _kill(worker)
            await asyncio.gather(*worker.tasks, return_exceptions=True)

    # For people and tests

    @property
    def pid(self) -> int | None:
        """The process id of the running worker, None while none runs."""
        return self._current.process.pid if self._current else None

    # Starting

    async def _started(self, cancel: CancelToken) -> _Process:
        self._disarm_idle_timer()
        async with self._start_lock:
            if self._is_closed:
                raise EngineCrashed(_CLOSED, "Try again.")
            if self._current is None:
                self._current = await self._start()
            worker = self._current
        try:
            await _unless_cancelled(asyncio.shield(worker.ready), cancel)
        except EngineCrashed as error:
            if worker.is_ended_by_us:
                raise
            return await self._start_again(worker, cancel, error)
        return worker

    async def _start_again(
        self, worker: _Process, cancel: CancelToken, error: EngineCrashed
    ) -> _Process:
        """A build made for another CPU crashes while it warms up; without repacking it may run."""
        if not worker.config.repack:
            raise EngineUnavailable(
                f"llama.cpp crashes on this machine: {error.message}",
                "Reinstall it with `pip install --no-binary :all: --force-reinstall "
                "llama-cpp-python`.",
            )
        if self._repack:
            logger.warning("The engine crashed while starting; trying without weight repacking.")
        self._repack = False
        return await self._started(cancel)

    async def _start(self) -> _Process:
        config = msgspec.structs.replace(self._config(), repack=self._repack)
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=_LINE_LIMIT,
                env=_environment(),
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            raise EngineUnavailable(f"The model's process cannot be started ({error}).") from error
        loop = asyncio.get_running_loop()
        worker = _Process(process, config, loop.create_future(), last_sign=loop.time())
        # A failure nobody waits for any more is not an error of its own.
        worker.ready.add_done_callback(lambda future: future.cancelled() or future.exception())
        worker.tasks = [
            asyncio.create_task(self._read_answers(worker)),
            asyncio.create_task(_read_last_words(worker)),
            asyncio.create_task(self._watch(worker)),
        ]
        await self._say(worker, wire.Load(config))
        return worker

    # Talking

    def _open(self, worker: _Process) -> tuple[int, asyncio.Queue[Answer]]:
        self._disarm_idle_timer()
        job = next(self._ids)
        answers: asyncio.Queue[Answer] = asyncio.Queue()
        worker.waiting[job] = answers
        worker.last_sign = asyncio.get_running_loop().time()
        return job, answers

    async def _say(self, worker: _Process, message: wire.ToWorker) -> None:
        assert worker.process.stdin is not None
        # A dead process is reported by the reader, which knows how it ended.
        with contextlib.suppress(ConnectionError):
            worker.process.stdin.write(wire.encode(message) + b"\n")
            await worker.process.stdin.drain()

    async def _next(self, worker: _Process, answers: asyncio.Queue[Answer]) -> Answer:
        if answers.empty() and worker is not self._current:
            return _how_it_ended(worker)
        return await answers.get()

    def _stop(self, worker: _Process, job: int) -> None:
        """Ask the worker to stop a job, and make sure that it does."""
        if job not in worker.waiting or worker is not self._current:
            return
        stdin = worker.process.stdin
        assert stdin is not None
        with contextlib.suppress(ConnectionError):
            stdin.write(wire.encode(wire.Stop(job)) + b"\n")
        loop = asyncio.get_running_loop()
        loop.call_later(_STOP_GRACE_S, self._kill_if_deaf, worker, worker.last_sign, job)

    def _kill_if_deaf(self, worker: _Process, last_sign: float, job: int) -> None:
        if job in worker.waiting and worker.last_sign == last_sign:
            worker.is_ended_by_us = "The model's process did not stop when asked and was ended."
            _kill(worker)

    # Listening

    async def _read_answers(self, worker: _Process) -> None:
        stdout = worker.process.stdout
        assert stdout is not None
        try:
            # A last line without its end is the sign of a crash, not an answer.
            while (line := await stdout.readline()).endswith(b"\n"):
                worker.last_sign = asyncio.get_running_loop().time()
                self._dispatch(worker, wire.to_server.decode(line))
        except (msgspec.DecodeError, ValueError) as error:
            worker.is_ended_by_us = f"The model's process sent something unreadable ({error})."
            _kill(worker)
        try:
            await asyncio.wait_for(worker.process.wait(), _EXIT_GRACE_S)
        except TimeoutError:
            _kill(worker)
            await worker.process.wait()
        await asyncio.sleep(0)
        self._bury(worker)

    def _dispatch(self, worker: _Process, message: wire.ToServer) -> None:
        if isinstance(message, wire.Loading):
            if self._on_loading is not None:
                self._on_loading(message.share)
        elif isinstance(message, wire.Ready):
            if not worker.ready.done():
                worker.ready.set_result(message)
                self._arm_idle_timer()
                if self._on_loaded is not None:
                    self._on_loaded()
        elif isinstance(message, wire.Failed):
            self._fail(worker, message)
        elif (answers := worker.waiting.get(message.id)) is not None:
            answers.put_nowait(message if isinstance(message, wire.Counted) else message.event)

    def _fail(self, worker: _Process, message: wire.Failed) -> None:
        error = _to_error(message)
        if message.id is None:
            if not worker.ready.done():
                worker.ready.set_exception(error)
            _kill(worker)
        elif (answers := worker.waiting.get(message.id)) is not None:
            answers.put_nowait(error)

    def _bury(self, worker: _Process) -> None:
        """The process has ended: tell everyone who waits, and forget it."""
        if self._current is worker:
            self._current = None
        error = _how_it_ended(worker)
        if self._on_ended is not None and not self._is_closed and not _failed_to_start(worker):
            self._on_ended("" if worker.is_ended_by_us == _IDLE else str(error))
        if not worker.ready.done():
            worker.ready.set_exception(error)
        for answers in worker.waiting.values():
            answers.put_nowait(error)
        for task in worker.tasks:
            if task is not asyncio.current_task():
                task.cancel()

    async def _watch(self, worker: _Process) -> None:
        """End a process that owes an answer and gives no sign of life."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(self._hang_timeout_s / 4, 5.0))
            is_busy = bool(worker.waiting) or not worker.ready.done()
            if is_busy and loop.time() - worker.last_sign > self._hang_timeout_s:
                worker.is_ended_by_us = (
                    f"The model's process gave no sign of life for {self._hang_timeout_s:g} s "
                    "and was ended."
                )
                _kill(worker)
                return

    # Idling

    def _disarm_idle_timer(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()

    def _arm_idle_timer(self) -> None:
        self._disarm_idle_timer()
        if self._idle_unload_s <= 0 or self._current is None or self._current.waiting:
            return
        loop = asyncio.get_running_loop()
        self._idle_timer = loop.call_later(self._idle_unload_s, self._unload_if_idle)

    def _unload_if_idle(self) -> None:
        worker = self._current
        if worker is not None and not worker.waiting:
            worker.is_ended_by_us = _IDLE
            self._current = None
            _kill(worker)


async def _unless_cancelled(waited: asyncio.Future[wire.Ready], cancel: CancelToken) -> None:
    """Wait for a future, but no longer than until the token is cancelled."""
    loop = asyncio.get_running_loop()
    stop = loop.create_future()
    forget = cancel.on_cancel(lambda: loop.call_soon_threadsafe(stop.cancel))
    try:
        await asyncio.wait([waited, stop], return_when=asyncio.FIRST_COMPLETED)
        cancel.check()
        await waited
    finally:
        forget()
        stop.cancel()


async def _read_last_words(worker: _Process) -> None:
    """Keep the end of what the process says on stderr, for the log after a crash."""
    stderr = worker.process.stderr
    assert stderr is not None
    while chunk := await stderr.read(4096):
        worker.last_words.extend(chunk.decode(errors="replace").splitlines())


def _kill(worker: _Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        worker.process.kill()


def _failed_to_start(worker: _Process) -> bool:
    return worker.ready.done() and worker.ready.exception() is not None


def _how_it_ended(worker: _Process) -> EngineError:
    logger.debug("last words of the engine: %s", list(worker.last_words))
    if worker.is_ended_by_us:
        return EngineCrashed(worker.is_ended_by_us, "Try again: a new one starts by itself.")
    code = worker.process.returncode
    how = f"with exit code {code}"
    if code is not None and code < 0:
        how = f"by {signal.Signals(-code).name}"
        if -code == signal.SIGKILL:
            how += ", perhaps for want of memory"
    return EngineCrashed(
        f"The model's process ended unexpectedly ({how}).", "Try again: a new one starts by itself."
    )


def _to_error(message: wire.Failed) -> errors.ScopewiseError:
    kind = getattr(errors, message.kind, errors.EngineError)
    if not (isinstance(kind, type) and issubclass(kind, errors.ScopewiseError)):
        kind = errors.EngineError
    return kind(message.message, message.remedy)


def _environment() -> dict[str, str]:
    """What the worker needs to start; keys and tokens of the server are not among it."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE")
    prefixes = (
        "LD_LIBRARY_PATH",
        "DYLD_",
        "CUDA_",
        "HIP_",
        "ROCR_",
        "VK_",
        "GGML_",
        "OMP_",
        "PYTHON",
    )
    package_root = str(Path(__file__).resolve().parents[2])
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in kept or name.startswith(prefixes)
    }
    search = [package_root, environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in search if path)
    return environment

"""The model's own process: `python -m scopewise.engine.worker`, driven over stdin and stdout.

The main thread runs the model; a second thread reads commands, so that a stop arrives while the
model computes. The process ends when its stdin closes, that is, when the server is gone.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import BinaryIO

from scopewise.engine import wire
from scopewise.engine.llamacpp import LlamaModel
from scopewise.engine.loop_guard import Shapes
from scopewise.engine.protocol import Delta, Event, Message, Request, Sampling
from scopewise.errors import ScopewiseError

logger = logging.getLogger(__name__)

BUNDLE_S = 0.12
"""Least time between two messages with text."""


class Worker:
    """One model and the commands waiting for it."""

    def __init__(self, commands: BinaryIO, answers: BinaryIO) -> None:
        self._commands = commands
        self._answers = answers
        self._write_lock = threading.Lock()
        self._waiting: queue.SimpleQueue[wire.Generate] = queue.SimpleQueue()
        self._stopped: set[int] = set()
        self._model: LlamaModel | None = None

    def run(self) -> None:
        """Load the model, then serve until stdin closes."""
        load = wire.to_worker.decode(self._commands.readline())
        assert isinstance(load, wire.Load)
        try:
            self._model = LlamaModel(load.config, self._report_loading)
            self._warm_up(self._model)
        except ScopewiseError as error:
            self._fail(None, error)
            return
        self._say(wire.Ready(self._model.context_tokens, self._model.description))
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        while True:
            self._generate(self._waiting.get())

    def _report_loading(self, share: float) -> None:
        self._say(wire.Loading(share))

    def _warm_up(self, model: LlamaModel) -> None:
        """Evaluate a few tokens, so that a build that crashes on this CPU does it here."""
        request = Request(messages=(Message("user", "1"),), max_tokens=2, sampling=Sampling())
        model.generate(request, lambda _: None)

    def _read(self) -> None:
        for line in self._commands:
            self._obey(wire.to_worker.decode(line))
        # The server is gone; the main thread may be deep in the model and cannot be waited for.
        os._exit(0)

    def _obey(self, command: wire.ToWorker) -> None:
        if isinstance(command, wire.Generate):
            self._waiting.put(command)
        elif isinstance(command, wire.Stop):
            self._stopped.add(command.id)
        elif isinstance(command, wire.Count):
            self._count(command)

    def _count(self, command: wire.Count) -> None:
        assert self._model is not None
        counts = tuple(len(self._model.tokenize(text)) for text in command.texts)
        self._say(wire.Counted(command.id, counts))

    def _generate(self, command: wire.Generate) -> None:
        assert self._model is not None
        try:
            deltas = DeltaBundler(lambda event: self._say(wire.Happened(command.id, event)))
            completion = self._model.generate(
                command.request,
                deltas.add,
                _shapes_for(command.request),
                is_stopped=lambda: command.id in self._stopped,
            )
            deltas.flush()
            self._say(wire.Happened(command.id, completion))
        except ScopewiseError as error:
            self._fail(command.id, error)
        except Exception as error:  # The next job must find a process that still serves.
            logger.exception("generation failed")
            self._fail(command.id, ScopewiseError(f"The engine failed ({error!r})."))
        finally:
            self._stopped.discard(command.id)

    def _fail(self, job: int | None, error: ScopewiseError) -> None:
        self._say(wire.Failed(job, type(error).__name__, error.message, error.remedy))

    def _say(self, message: wire.ToServer) -> None:
        with self._write_lock:
            self._answers.write(wire.encode(message) + b"\n")
            self._answers.flush()


class DeltaBundler:
    """Passes events on, the text of several tokens in one.

    Every message wakes the server, which takes a core from the model for a moment; nobody reads
    faster than eight times a second.
    """

    def __init__(self, send: Callable[[Event], None]) -> None:
        self._send = send
        self._held: dict[int, Delta] = {}
        self._sent_at = 0.0

    def add(self, event: Event) -> None:
        if not isinstance(event, Delta):
            self._send(event)
            return
        held = self._held.get(event.sample)
        text = held.text + event.text if held else event.text
        self._held[event.sample] = Delta(event.sample, text, event.n_tokens)
        if time.monotonic() - self._sent_at >= BUNDLE_S:
            self.flush()

    def flush(self) -> None:
        """Send what is held back."""
        for delta in self._held.values():
            self._send(delta)
        self._held.clear()
        self._sent_at = time.monotonic()


def _shapes_for(request: Request) -> Shapes | None:
    if request.guard != "code" or not request.code_language:
        return None
    from scopewise.syntax.shapes import statement_shapes

    language = request.code_language

    def shapes(text: str) -> Sequence[str]:
        return statement_shapes(language, request.opening + text)

    return shapes


def main() -> None:
    """Serve on the pipes this process was started with."""
    # llama.cpp may write to stdout; the pipe is kept apart from whatever it says.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    Worker(sys.stdin.buffer, answers).run()


if __name__ == "__main__":
    main()

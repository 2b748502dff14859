"""What an engine tells of itself: beginnings, ends and failures, each once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator, Callable

import pytest

from scopewise.cancel import CancelToken
from scopewise.engine.llamacpp import ModelConfig
from scopewise.engine.process import ProcessEngine
from scopewise.engine.protocol import Request, complete
from scopewise.engine.scripted import ScriptedAnswer, ScriptedEngine
from scopewise.engine.watched import WatchedEngine
from scopewise.errors import Cancelled, EngineCrashed, ModelMissing

WORKER = textwrap.dedent("""
    import json, os, sys

    def say(type, **fields):
        sys.stdout.write(json.dumps({"type": type, **fields}) + "\\n")
        sys.stdout.flush()

    sys.stdin.readline()
    say("loading", share=0.5)
    say("ready", context_tokens=99, description="")
    for line in sys.stdin:
        message = json.loads(line)
        say("counted", id=message["id"], counts=[1])
""")
BROKEN_WORKER = "import sys; sys.stdin.readline(); sys.exit(3)"


class Notes:
    """A watcher that writes everything down."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def loading(self, share: float) -> None:
        self.said.append(share)

    def reading(self) -> None:
        self.said.append("reading")

    def writing(self, n_tokens: int) -> None:
        self.said.append(n_tokens)

    def ready(self) -> None:
        self.said.append("ready")

    def unloaded(self) -> None:
        self.said.append("unloaded")

    def failed(self, sentence: str) -> None:
        self.said.append(sentence)

    def ended(self, why: str) -> None:
        self.said.append(("ended", why))

    async def until(self, is_so: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not is_so():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_a_generation() -> None:
    notes = Notes()
    engine = WatchedEngine(ScriptedEngine(["one two three"]), notes)

    await complete(engine, Request(raw="x", n_samples=2), CancelToken())

    assert notes.said == ["reading", 1, 1, 1, 1, 1, 1, "ready"]


async def test_counting_ends_in_readiness_unless_something_is_written() -> None:
    notes = Notes()
    engine = WatchedEngine(ScriptedEngine(["one two"]), notes)
    events = engine.generate(Request(raw="x"), CancelToken())
    await anext(events)

    await engine.count_tokens(["x"])
    assert notes.said == ["reading"]

    async for _ in events:
        pass
    await engine.count_tokens(["x"])
    assert notes.said == ["reading", 1, 1, "ready", "ready"]


async def test_a_failure_is_not_followed_by_readiness() -> None:
    notes = Notes()
    engine = WatchedEngine(ScriptedEngine([ScriptedAnswer("", error="It broke.")]), notes)

    with pytest.raises(EngineCrashed):
        await complete(engine, Request(raw="x"), CancelToken())

    assert notes.said == ["reading", "It broke."]


async def test_a_stopped_generation_is_no_failure() -> None:
    notes, cancel = Notes(), CancelToken()
    engine = WatchedEngine(ScriptedEngine([ScriptedAnswer("one two")]), notes)
    events = engine.generate(Request(raw="x"), cancel)
    await anext(events)

    cancel.cancel()
    with pytest.raises(Cancelled):
        await anext(events)

    assert notes.said == ["reading", "ready"]


async def test_nothing_is_said_after_the_end() -> None:
    notes = Notes()
    engine = WatchedEngine(ScriptedEngine(["one"]), notes)
    events = engine.generate(Request(raw="x"), CancelToken())
    await anext(events)
    notes.said.clear()

    await engine.close()
    async for _ in events:
        pass

    assert notes.said == []


Make = Callable[..., ProcessEngine]


@pytest.fixture
async def notes() -> Notes:
    return Notes()


@pytest.fixture
async def make(notes: Notes) -> AsyncIterator[Make]:
    """Makes engines with a worker of so much code, whose ends are noted."""
    engines = []

    def make(code: str, **kwargs: object) -> ProcessEngine:
        options: dict[str, object] = {"config": lambda: ModelConfig("/m.gguf", "fake"), **kwargs}
        engine = ProcessEngine(
            command=[sys.executable, "-c", code],
            on_loading=notes.loading,
            on_loaded=notes.ready,
            on_ended=notes.ended,
            **options,  # type: ignore[arg-type]
        )
        engines.append(engine)
        return engine

    yield make
    for engine in engines:
        await engine.close()


async def test_loading_and_leaving_when_idle(make: Make, notes: Notes) -> None:
    engine = make(WORKER, idle_unload_s=0.05)

    await engine.count_tokens(["x"])
    await notes.until(lambda: len(notes.said) == 3)

    assert notes.said == [0.5, "ready", ("ended", "")]


async def test_a_death_while_idle_is_told(make: Make, notes: Notes) -> None:
    engine = make(WORKER)
    await engine.count_tokens(["x"])
    assert engine.pid

    os.kill(engine.pid, signal.SIGKILL)
    await notes.until(lambda: len(notes.said) == 3)

    assert "ended unexpectedly (by SIGKILL" in str(notes.said[-1])


async def test_an_end_that_was_asked_for_is_not_told(make: Make, notes: Notes) -> None:
    engine = make(WORKER)
    await engine.count_tokens(["x"])

    await engine.close()
    await asyncio.sleep(0.1)

    assert notes.said == [0.5, "ready"]


async def test_missing_model_fails_without_an_end(make: Make, notes: Notes) -> None:
    def missing() -> ModelConfig:
        raise ModelMissing("It is not there.")

    engine = WatchedEngine(make(WORKER, config=missing), notes)

    with contextlib.suppress(ModelMissing):
        await engine.count_tokens(["x"])

    assert notes.said == ["It is not there."]


async def test_worker_that_cannot_start_fails_in_one_sentence(make: Make, notes: Notes) -> None:
    engine = WatchedEngine(make(BROKEN_WORKER), notes)

    with pytest.raises(Exception, match=r"llama\.cpp crashes on this machine"):
        await engine.count_tokens(["x"])

    assert "crashes on this machine" in str(notes.said[-1])
    assert "ready" not in notes.said

import asyncio
import contextlib
import json
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from scopewise import errors
from scopewise.cancel import CancelToken
from scopewise.engine.llamacpp import ModelConfig
from scopewise.engine.process import COMMAND, ProcessEngine
from scopewise.engine.protocol import Completion, Delta, Event, Prefill, Request, complete
from scopewise.errors import Cancelled, EngineCrashed, EngineError, EngineUnavailable, ModelCorrupt

# A worker that speaks the wire protocol and does what the prompt says.
WORKER = """
import json, os, sys, time

def say(type, **fields):
    sys.stdout.write(json.dumps({"type": type, **fields}) + "\\n")
    sys.stdout.flush()

def happened(id, type, **fields):
    say("happened", id=id, event={"type": type, **fields})

def fail(id, kind, message):
    say("failed", id=id, kind=kind, message=message)

def answer(id, text):
    happened(id, "prefill", n_done=1, n_total=1)
    happened(id, "delta", sample=0, text=text, n_tokens=1)
    sample = {"text": text, "stop_reason": "end", "n_tokens": 1}
    happened(id, "completion", samples=[sample], model="fake", n_prompt_tokens=1,
             n_cached_tokens=0, prefill_s=0, decode_s=0)

config = json.loads(sys.stdin.readline())["config"]
"""
READY = """
say("loading", share=0.5)
say("ready", context_tokens=99, description=json.dumps(config))
"""
SERVE = """
for line in sys.stdin:
    message = json.loads(line)
    prompt = message.get("request", {}).get("raw", "")
    if message["type"] == "count":
        say("counted", id=message["id"], counts=[len(text) for text in message["texts"]])
    elif message["type"] == "stop":
        fail(message["id"], "Cancelled", "Cancelled.")
    elif prompt == "hold":
        happened(message["id"], "delta", sample=0, text="begun", n_tokens=1)
    elif prompt == "die":
        happened(message["id"], "delta", sample=0, text="begun", n_tokens=1)
        sys.stdout.write('{"type": "happ')
        sys.stdout.flush()
        os.kill(os.getpid(), 9)
    elif prompt.startswith("exit"):
        os._exit(int(prompt[4:]))
    elif prompt == "hang":
        time.sleep(60)
    elif prompt == "close":
        os.close(1)
        time.sleep(60)
    elif prompt == "garbage":
        print("no json")
        sys.stdout.flush()
    elif prompt.startswith("fail"):
        fail(message["id"], *prompt.split(" ", 2)[1:])
    elif prompt == "environment":
        answer(message["id"], json.dumps(dict(os.environ)))
    elif prompt:
        answer(message["id"], prompt)
"""


def worker(*parts: str) -> list[str]:
    return [sys.executable, "-c", WORKER + "".join(textwrap.dedent(part) for part in parts)]


Make = Callable[..., ProcessEngine]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Makes engines with a fake worker; afterwards none of their processes may be left."""
    engines = []

    def make(*parts: str, **kwargs) -> ProcessEngine:
        command = kwargs.pop("command", None) or worker(*(parts or (READY, SERVE)))
        config = kwargs.pop("config", lambda: ModelConfig("/m.gguf", "fake"))
        engine = ProcessEngine(config, command=command, **kwargs)
        engines.append(engine)
        return engine

    before = {child.pid for child in psutil.Process().children()}
    yield make
    for engine in engines:
        await engine.close()
    assert {child.pid for child in psutil.Process().children()} <= before


async def ask(engine: ProcessEngine, prompt: str, cancel: CancelToken | None = None) -> str:
    request = Request(raw=prompt)
    return (await asyncio.wait_for(complete(engine, request, cancel or CancelToken()), 20)).text


async def test_events_and_counts(make):
    shares = []
    engine = make(on_loading=shares.append)
    assert engine.pid is None
    events = [event async for event in engine.generate(Request(raw="é 😀"), CancelToken())]
    assert events[:2] == [Prefill(1, 1), Delta(0, "é 😀", 1)]
    assert isinstance(events[2], Completion)
    assert await engine.count_tokens(["", "abc"]) == [0, 3]
    info = await engine.describe()
    assert (info.model, info.context_tokens) == ("fake", 99)
    assert json.loads(info.details)["path"] == "/m.gguf"
    assert shares == [0.5]


async def test_two_at_once_and_counting_meanwhile(make):
    engine = make()
    cancel = CancelToken()
    held = asyncio.create_task(ask(engine, "hold", cancel))
    answers = await asyncio.gather(ask(engine, "a"), ask(engine, "b"), engine.count_tokens(["ab"]))
    assert answers == ["a", "b", [2]]
    cancel.cancel("Enough.")
    with pytest.raises(Cancelled, match="Enough"):
        await held


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        ("die", r"ended unexpectedly \(by SIGKILL, perhaps for want of memory\)"),
        ("exit3", r"ended unexpectedly \(with exit code 3\)"),
        ("garbage", "sent something unreadable"),
    ],
)
async def test_crash_costs_one_job(make, prompt, message):
    engine = make()
    assert await ask(engine, "a") == "a"
    pid = engine.pid
    with pytest.raises(EngineCrashed, match=message) as error:
        await ask(engine, prompt)
    assert "a new one starts by itself" in error.value.remedy
    assert await ask(engine, "b") == "b"
    assert engine.pid != pid


async def test_crash_ends_every_job_of_that_process(make):
    engine = make()
    held = asyncio.create_task(ask(engine, "hold"))
    with pytest.raises(EngineCrashed):
        await ask(engine, "die")
    with pytest.raises(EngineCrashed):
        await held


async def test_killed_between_jobs(make):
    engine = make()
    await ask(engine, "a")
    psutil.Process(engine.pid).kill()
    with contextlib.suppress(EngineCrashed):
        await ask(engine, "b")
    assert await ask(engine, "c") == "c"


async def test_hang(make):
    engine = make(hang_timeout_s=0.2)
    with pytest.raises(EngineCrashed, match=r"no sign of life for 0\.2 s"):
        await ask(engine, "hang")
    assert await ask(engine, "a") == "a"


async def test_hang_at_start_is_not_tried_again(make):
    engine = make("time.sleep(60)", hang_timeout_s=0.2)
    with pytest.raises(EngineCrashed, match="no sign of life"):
        await ask(engine, "a")


async def test_process_that_closes_its_pipe_is_ended(make, monkeypatch):
    monkeypatch.setattr("scopewise.engine.process._EXIT_GRACE_S", 0.1)
    engine = make()
    with pytest.raises(EngineCrashed):
        await ask(engine, "close")
    assert await ask(engine, "a") == "a"


async def test_crash_at_start_is_tried_once_without_repacking(make):
    engine = make("if config['repack']: os.kill(os.getpid(), 4)", READY, SERVE)
    answers = await asyncio.gather(ask(engine, "a"), ask(engine, "b"), engine.count_tokens(["c"]))
    assert answers == ["a", "b", [1]]
    assert json.loads((await engine.describe()).details)["repack"] is False


async def test_crash_at_every_start(make):
    engine = make("os.kill(os.getpid(), 4)")
    for _ in range(2):
        with pytest.raises(EngineUnavailable, match=r"on this machine.*SIGILL") as error:
            await ask(engine, "a")
        assert "pip install" in error.value.remedy


async def test_command_that_is_not_there(make):
    engine = make(command=["/nowhere/python"])
    with pytest.raises(EngineUnavailable, match="cannot be started"):
        await ask(engine, "a")


async def test_model_that_cannot_be_found_is_asked_for_each_time(make):
    calls = []

    def config() -> ModelConfig:
        calls.append(1)
        if len(calls) == 1:
            raise errors.ModelMissing("It is not there.", "Pull it.")
        return ModelConfig("/m.gguf", "fake")

    engine = make(config=config)
    with pytest.raises(errors.ModelMissing):
        await ask(engine, "a")
    assert await ask(engine, "a") == "a"


async def test_loading_that_fails(make):
    engine = make("fail(None, 'ModelCorrupt', 'Cut short.')\ntime.sleep(60)")
    for _ in range(2):
        with pytest.raises(ModelCorrupt, match="Cut short"):
            await ask(engine, "a")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("PromptTooLong", errors.PromptTooLong),
        ("ModelCorrupt", errors.ModelCorrupt),
        ("ScopewiseError", errors.ScopewiseError),
        ("ValueError", EngineError),
        ("annotations", EngineError),
    ],
)
async def test_kinds_of_failure(make, kind, expected):
    engine = make()
    with pytest.raises(expected, match="So it is") as error:
        await ask(engine, f"fail {kind} So it is.")
    assert type(error.value) is expected
    assert await ask(engine, "a") == "a"


async def begun(engine: ProcessEngine, cancel: CancelToken) -> asyncio.Task[str]:
    """A job of which the first text has arrived."""
    has_begun = asyncio.Event()

    def on_event(event: Event) -> None:
        has_begun.set()

    task = asyncio.create_task(complete(engine, Request(raw="hold"), cancel, on_event))
    await asyncio.wait_for(has_begun.wait(), 20)
    return task


async def test_cancel(make):
    engine, cancel = make(), CancelToken()
    task = await begun(engine, cancel)
    pid = engine.pid
    await asyncio.to_thread(cancel.cancel, "The user did.")
    with pytest.raises(Cancelled, match="The user did"):
        await task
    assert await ask(engine, "a") == "a"
    assert engine.pid == pid


async def test_cancelled_before_it_begins(make):
    engine, cancel = make(), CancelToken()
    cancel.cancel("Too late.")
    with pytest.raises(Cancelled, match="Too late"):
        await ask(engine, "a", cancel)
    assert engine.pid is None


async def test_cancel_while_loading(make):
    engine, cancel = make("time.sleep(0.5)", READY, SERVE), CancelToken()
    task = asyncio.create_task(ask(engine, "a", cancel))
    await asyncio.sleep(0.1)
    cancel.cancel("Not now.")
    with pytest.raises(Cancelled, match="Not now"):
        await task
    assert await ask(engine, "b") == "b"


async def test_completion_that_comes_after_the_cancel_does_not_count(make):
    engine, cancel = make(), CancelToken()
    events = engine.generate(Request(raw="a"), cancel)
    await anext(events)
    cancel.cancel("The user did.")
    with pytest.raises(Cancelled):
        async for _ in events:
            pass


async def test_worker_that_does_not_stop_is_ended(make, monkeypatch):
    monkeypatch.setattr("scopewise.engine.process._STOP_GRACE_S", 0.1)
    engine, cancel = make(), CancelToken()
    task = asyncio.create_task(ask(engine, "hang", cancel))
    await asyncio.sleep(0.3)
    cancel.cancel("The user did.")
    with pytest.raises(Cancelled, match="The user did"):
        await task
    assert await ask(engine, "a") == "a"


async def test_leaving_the_iteration_early_stops_the_job(make):
    engine = make(
        READY,
        """
        stopped = 0
        for line in sys.stdin:
            message = json.loads(line)
            if message["type"] == "stop":
                stopped = message["id"]
            elif message["request"]["raw"] == "hold":
                happened(message["id"], "delta", sample=0, text="begun", n_tokens=1)
            else:
                answer(message["id"], f"{stopped} was stopped")
        """,
    )
    async with contextlib.aclosing(engine.generate(Request(raw="hold"), CancelToken())) as events:
        async for _ in events:
            break
    assert await ask(engine, "a") == "1 was stopped"


async def test_task_that_is_cancelled_stops_the_job(make):
    engine = make()
    task = await begun(engine, CancelToken())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await ask(engine, "a") == "a"


@pytest.mark.parametrize("use", ["generate", "count", "describe", "cancelled start"])
async def test_idle_model_is_unloaded(make, use):
    engine = make("time.sleep(0.2)", READY, SERVE, idle_unload_s=0.2)
    cancel = CancelToken()
    if use == "generate":
        await ask(engine, "a")
    elif use == "count":
        await engine.count_tokens(["a"])
    elif use == "describe":
        await engine.describe()
    else:
        asyncio.get_running_loop().call_later(0.05, cancel.cancel)
        with pytest.raises(Cancelled):
            await ask(engine, "a", cancel)
    process = psutil.Process(engine.pid)
    for _ in range(200):
        if engine.pid is None and not process.is_running():
            break
        await asyncio.sleep(0.05)
    assert engine.pid is None
    assert await ask(engine, "b") == "b"


async def test_busy_model_is_not_unloaded(make):
    engine, cancel = make(idle_unload_s=0.1), CancelToken()
    task = await begun(engine, cancel)
    await engine.count_tokens(["a"])
    await asyncio.sleep(0.4)
    assert engine.pid is not None
    cancel.cancel()
    with pytest.raises(Cancelled):
        await task


async def test_close_ends_the_process_and_its_jobs(make):
    engine = make()
    task = await begun(engine, CancelToken())
    process = psutil.Process(engine.pid)
    await engine.close()
    with pytest.raises(EngineCrashed, match="The engine was closed"):
        await task
    assert not process.is_running()
    with pytest.raises(EngineCrashed, match="The engine was closed"):
        await ask(engine, "a")
    await engine.close()


async def test_close_while_loading_starts_nothing_again(make):
    engine = make("time.sleep(60)")
    task = asyncio.create_task(ask(engine, "a"))
    await asyncio.sleep(0.2)
    await engine.close()
    with pytest.raises(EngineCrashed, match="The engine was closed"):
        await task
    assert engine.pid is None


async def test_close_in_the_moment_of_starting(make):
    engine = make()
    task = asyncio.create_task(ask(engine, "a"))
    await asyncio.sleep(0)
    await engine.close()
    with pytest.raises(EngineCrashed, match="The engine was closed"):
        await task


async def test_keys_of_the_server_stay_with_it(make, monkeypatch):
    secrets = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "HF_TOKEN", "GITHUB_TOKEN", "AWS_SECRET")
    for name in secrets:
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("GGML_DEBUG", "1")
    environment = json.loads(await ask(make(), "environment"))
    assert "secret" not in environment.values()
    assert environment["GGML_DEBUG"] == "1"
    assert "PATH" in environment


async def test_process_that_talks_on_stderr_is_no_problem(make):
    engine = make("sys.stderr.write('x' * 10**6)", READY, READY, SERVE)
    assert await ask(engine, "a") == "a"


async def test_long_texts_cross_the_pipe(make):
    text = "é😀\n" * 200_000
    assert await ask(make(), text) == text


def test_nothing_is_imported_from_the_folder_it_starts_in(tmp_path: Path) -> None:
    for module in ("msgspec", "json", "scopewise"):
        (tmp_path / f"{module}.py").write_text("open('imported', 'w').close()\n")

    subprocess.run(COMMAND, cwd=tmp_path, input=b"", capture_output=True, timeout=60)

    assert not (tmp_path / "imported").exists()

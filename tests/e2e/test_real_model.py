"""The real models, llama.cpp and all, through a real server process."""

from __future__ import annotations

import ast
import asyncio
import os
import signal
import time
from pathlib import Path

import psutil
import pytest
from conftest import Start
from editor import Document, Editor
from samples import BROKEN, FILLED, STUB, TRACE, TWO_STUBS

from scopewise.models import Status, find, inspect, store_folder
from scopewise.settings import Settings

SMALL, DEFAULT = "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"
MODEL_TIMEOUT_S = 90.0
CANCEL_S = 1.0

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

both = pytest.mark.parametrize("model", [SMALL, DEFAULT])


def settings_for(model: str) -> dict[str, object]:
    """Settings for a model of the user's store; skips the test when it is not there."""
    pytest.importorskip("llama_cpp")
    found = inspect(store_folder(Settings()), find(model))
    if found.status is not Status.READY:
        pytest.skip(f"{model} is not in {found.path.parent}: `scopewise models pull {model}`")
    return {
        "model.name": model,
        "model.store": str(found.path.parent),
        # Nobody sits in front of these tests who could be asked.
        "verify.run_tests": "always",
    }


async def begin(editor: Editor, producer: str, document: Document, doing: str) -> None:
    """Start a job and wait until its progress says `doing`."""
    n_jobs = len(editor.progress)
    await editor.run(producer, document)
    await editor.until(lambda: len(editor.progress) > n_jobs, MODEL_TIMEOUT_S)
    await editor.until_doing(doing, MODEL_TIMEOUT_S)


async def until_delivered(editor: Editor, n_edits: int = 0, n_messages: int = 0) -> None:
    """Wait for an edit, a page, or the reason for neither."""
    await editor.until(
        lambda: (
            len(editor.edits) > n_edits
            or len(editor.messages) > n_messages
            or editor.client.shown_documents
        ),
        MODEL_TIMEOUT_S,
    )


def workers(editor: Editor) -> list[psutil.Process]:
    """The engine's processes."""
    children = psutil.Process(editor.server.pid).children(recursive=True)
    return [child for child in children if "scopewise.engine.worker" in child.cmdline()]


def long_code() -> str:
    """Code that takes a while to read, in a class that fits into one explanation."""
    methods = "".join(
        f"    def step_{n}(self, value):\n        return value * {n} + self.offset\n\n"
        for n in range(80)
    )
    return f"class Steps:\n    offset = 1\n\n{methods}"


# The main job


@both
async def test_fill(start: Start, model: str) -> None:
    editor = await start(settings=settings_for(model))
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    await until_delivered(editor)

    assert document.text.startswith(STUB.replace("$0", ""))
    assert "width * height" in document.text
    ast.parse(document.text)
    assert editor.edits[0].annotation.description
    verdict, _, checks = editor.ends[0].partition(": ")
    assert verdict in ("unverified", "consistent")
    assert "parses" in checks


@both
async def test_explain(start: Start, model: str) -> None:
    editor = await start(settings=settings_for(model))
    document = editor.open(FILLED)
    document.cursor = document.text.index("area")

    await editor.run("explain", document)
    await until_delivered(editor)

    assert editor.shown, editor.messages
    text = editor.shown[0].partition("\n")[2].partition("\n---")[0].strip()
    assert "rectangle" in text
    assert text in await editor.hover(document)


@both
async def test_fix(start: Start, model: str) -> None:
    editor = await start(settings=settings_for(model))
    document = editor.open(BROKEN, name="stats.py")
    path = editor.folder / "stats.py"
    path.write_text(BROKEN)
    trace = TRACE.format(path=path).replace("$0", "")

    async with asyncio.timeout(MODEL_TIMEOUT_S):
        arguments = {"text": trace, "wait": True, "apply": True}
        outcome = await editor.command("scopewise.fixTrace", arguments)

    assert outcome["label"]["verdict"] in ("unverified", "verified"), outcome["label"]["sentence"]
    assert outcome["label"]["evidence"]["is_failure_gone"], outcome["label"]["sentence"]
    assert outcome["applied"]
    assert document.text != BROKEN
    ast.parse(document.text)


# Stopping


async def test_cancel_in_prefill(start: Start) -> None:
    editor = await start(settings=settings_for(DEFAULT))
    document = editor.open(long_code())
    await begin(editor, "explain", document, "Explaining: reading")

    await assert_cancels_at_once(editor)


async def test_cancel_in_decode(start: Start) -> None:
    editor = await start(settings=settings_for(DEFAULT))
    document = editor.open(FILLED)
    await begin(editor, "explain", document, "tokens")
    await editor.until(lambda: " tokens" in editor.progress[-1][-1].message, MODEL_TIMEOUT_S)

    await assert_cancels_at_once(editor)


async def assert_cancels_at_once(editor: Editor) -> None:
    started = time.perf_counter()
    editor.cancel_progress()
    await editor.until_ended()
    assert time.perf_counter() - started < CANCEL_S
    assert editor.ends == ["Cancelled."]
    assert editor.messages == []
    await assert_works(editor)


async def assert_works(editor: Editor) -> None:
    """The next job does what it should."""
    document = editor.open(STUB, name="next.py")
    n_edits, n_messages = len(editor.edits), len(editor.messages)
    await editor.run("fill_body", document)
    await until_delivered(editor, n_edits, n_messages)
    assert "width * height" in document.text


# Dying


async def test_engine_killed_in_the_middle_of_a_job(start: Start) -> None:
    editor = await start(settings=settings_for(SMALL))
    await begin(editor, "explain", editor.open(long_code()), "Explaining: ")
    (worker,) = workers(editor)

    worker.kill()

    said = await editor.until_said("The model's process ended unexpectedly")
    assert "SIGKILL" in said
    await assert_works(editor)


@pytest.mark.parametrize("way", ["shutdown", "stdin closed", "killed"])
async def test_engine_goes_with_the_server(start: Start, way: str) -> None:
    editor = await start(settings=settings_for(SMALL))
    await begin(editor, "explain", editor.open(long_code()), "Explaining: ")
    (worker,) = workers(editor)

    if way == "shutdown":
        await editor.stop()
    elif way == "stdin closed":
        assert editor.server.stdin
        editor.server.stdin.close()
        await asyncio.wait_for(editor.server.wait(), 10)
    else:
        os.kill(editor.server.pid, signal.SIGKILL)

    await asyncio.to_thread(psutil.wait_procs, [worker], 5)
    assert not worker.is_running()


async def test_file_that_is_cut_short(start: Start, tmp_path: Path) -> None:
    store = str(settings_for(SMALL)["model.store"])
    cut = tmp_path / "cut.gguf"
    with (Path(store) / find(SMALL).file).open("rb") as file:
        cut.write_bytes(file.read(20_000_000))
    editor = await start(settings={"model.name": str(cut)})

    await editor.run("fill_body", editor.open(STUB))
    await editor.until(lambda: editor.messages, MODEL_TIMEOUT_S)

    assert "cut.gguf" in editor.messages[0]
    assert not editor.edits


# Documents and jobs that do not stand still


async def test_document_changes_during_a_job(start: Start) -> None:
    editor = await start(settings=settings_for(SMALL))
    document = editor.open(STUB)
    await begin(editor, "fill_body", document, "Writing the body")

    editor.replace(document, "def area", "import math\n\n\ndef area")
    await until_delivered(editor)

    assert document.text.startswith("import math\n\n\n" + STUB.replace("$0", ""))
    assert "width * height" in document.text


async def test_function_changes_during_a_job(start: Start) -> None:
    editor = await start(settings=settings_for(SMALL))
    document = editor.open(STUB)
    await begin(editor, "fill_body", document, "Writing the body")

    editor.replace(document, "a rectangle", "an ellipse")
    await editor.until(lambda: editor.messages, MODEL_TIMEOUT_S)

    assert "changed while the answer was being written" in editor.messages[0]
    assert not editor.edits


async def test_two_jobs_at_once(start: Start) -> None:
    editor = await start(settings=settings_for(SMALL))
    document = editor.open(TWO_STUBS)

    await editor.run("fill_body", document)
    document.cursor = document.text.index("circumference")
    await editor.run("fill_body", document)
    await editor.until(lambda: len(editor.edits) == 2, MODEL_TIMEOUT_S)

    assert document.text.count("return") == 2
    ast.parse(document.text)

"""What the model is doing, told to clients that show it; resting it; which ones there are."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from conftest import Start
from editor import Editor, vscode
from lsprotocol import types as lsp
from own_client import OwnClient, announcing
from pygls.exceptions import JsonRpcException
from samples import BODY, FILLED, SLOWLY, STUB

SLOW: dict[str, Any] = {"text": BODY + "    # word" * 200, "delay_s": SLOWLY}
MODEL = "qwen2.5-coder-1.5b"
FILE = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
MISSING = f"The model {MODEL} is not in the store. Type `scopewise models pull {MODEL}`."


async def watched(
    start: Start, *answers: str | dict[str, Any], **kwargs: Any
) -> tuple[Editor, OwnClient]:
    """An editor whose client shows the status."""
    clients: list[OwnClient] = []
    kwargs.setdefault("capabilities", announcing("status"))
    editor = await start(
        *answers, attach=lambda editor: clients.append(OwnClient(editor)), **kwargs
    )
    return editor, clients[0]


async def test_missing_model_is_a_problem_from_the_start(start: Start) -> None:
    _, client = await watched(start)

    status = await client.until_state("problem")

    assert status == {
        "state": "problem",
        "model": MODEL,
        "message": MISSING,
        "tokensPerSecond": None,
        "share": None,
    }


async def test_damaged_model_is_a_problem(start: Start, tmp_path: Path) -> None:
    store = tmp_path / "home" / "models"
    store.mkdir(parents=True)
    (store / FILE).write_bytes(b"GGUF" + bytes(1000))

    _, client = await watched(start)

    assert "has the wrong size" in (await client.until_state("problem"))["message"]


async def test_unknown_model_is_a_problem(start: Start) -> None:
    _, client = await watched(start, settings={"model.name": "gpt"})

    assert "There is no model `gpt`." in (await client.until_state("problem"))["message"]


async def test_writing_is_told_with_its_speed(start: Start) -> None:
    editor, client = await watched(start, SLOW)
    assert (await client.until_state("unloaded"))["model"] == "scripted"

    await editor.run("fill_body", editor.open(STUB))
    await editor.until(lambda: client.statuses[-1]["tokensPerSecond"])
    await asyncio.sleep(1)
    speed = client.statuses[-1]["tokensPerSecond"]
    editor.cancel_progress()
    await client.until_state("idle")

    assert client.statuses[-1]["message"] == "The model is ready."
    assert 0.5 / SLOWLY < speed <= 1.1 / SLOWLY
    states = list(dict.fromkeys(status["state"] for status in client.statuses))
    assert states == ["unloaded", "generating", "idle"]


async def test_it_is_told_four_times_a_second_at_most(start: Start) -> None:
    answer = {**SLOW, "delay_s": 0.005}
    editor, client = await watched(start, answer, settings={"verify.samples": 0})

    await editor.run("fill_body", editor.open(STUB))
    await editor.until_ended()
    await client.until_state("idle")

    seconds = client.times[-1] - client.times[1]
    assert seconds > 0.5
    assert len(client.statuses) <= 4 * seconds + 4


async def test_nothing_is_told_while_nothing_happens(start: Start) -> None:
    editor, client = await watched(start, BODY)
    await editor.run("explain", editor.open(FILLED), wait=True)
    await client.until_state("idle")
    n_told = len(client.statuses)

    await asyncio.sleep(1)

    assert len(client.statuses) == n_told


async def test_engine_that_fails_is_a_problem_until_it_works_again(start: Start) -> None:
    failing = {"text": "", "error": "The model's process ended.", "is_kept": False}
    editor, client = await watched(start, failing, BODY)
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    status = await client.until_state("problem")
    assert status["message"] == "The model's process ended."

    await editor.run("fill_body", document)
    await client.until_state("idle")


async def test_stopped_job_is_no_problem(start: Start) -> None:
    editor, client = await watched(start, SLOW)
    await editor.run("fill_body", editor.open(STUB))
    await client.until_state("generating")

    await editor.command("scopewise.cancelAll")
    await client.until_state("idle")

    assert "problem" not in [status["state"] for status in client.statuses]


async def test_another_model_begins_anew(start: Start) -> None:
    editor, client = await watched(start)
    await client.until_state("problem")

    settings = {"scopewise": {"model": {"name": "/nowhere/model.gguf"}}}
    editor.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings))
    await editor.until(lambda: client.statuses[-1]["model"] == "/nowhere/model.gguf")

    assert "There is no file /nowhere/model.gguf." in client.statuses[-1]["message"]


@pytest.mark.parametrize("capabilities", [vscode(), announcing("results")])
async def test_others_are_not_told(start: Start, capabilities: lsp.ClientCapabilities) -> None:
    editor, client = await watched(start, BODY, capabilities=capabilities)

    await editor.run("explain", editor.open(FILLED), wait=True)

    assert (await editor.command("scopewise.status"))["state"] == "idle"
    assert client.statuses == []


async def test_status_command(start: Start) -> None:
    editor, client = await watched(start)

    assert await editor.command("scopewise.status") == await client.until_state("problem")


# Pausing


async def test_pause_stops_and_offers_nothing(start: Start) -> None:
    editor, client = await watched(start, SLOW)
    document = editor.open(STUB)
    await editor.run("fill_body", document)
    await client.until_state("generating")

    status = await editor.command("scopewise.pause", {"paused": True})

    assert status["state"] == "paused"
    assert status == await client.until_state("paused")
    assert status["message"] == "scopewise is paused: it offers nothing and runs nothing."
    assert editor.ends == ["Cancelled."]
    assert await editor.actions(document, only=[""]) == []
    assert editor.messages == []


async def test_pause_refuses_jobs(start: Start) -> None:
    editor, _ = await watched(start, BODY)
    document = editor.open(STUB)
    action = (await editor.actions(document))[0]
    argument = action["command"]["arguments"][0]
    await editor.command("scopewise.pause", {"paused": True})

    await editor.command("scopewise.run", argument)
    await editor.until_said("scopewise is paused.")
    with pytest.raises(JsonRpcException, match="paused"):
        await editor.command("scopewise.run", {**argument, "wait": True})


async def test_pause_ends(start: Start) -> None:
    editor, client = await watched(start, BODY)
    document = editor.open(STUB)
    await editor.command("scopewise.pause", {"paused": True})

    status = await editor.command("scopewise.pause", {"paused": False})

    assert status["state"] == "unloaded"
    await editor.run("fill_body", document)
    await editor.until(lambda: document.text == FILLED)
    await client.until_state("idle")


async def test_pause_withdraws_what_is_shown(start: Start) -> None:
    capabilities = announcing("results", "status")
    editor, client = await watched(start, BODY, capabilities=capabilities)
    await editor.run("fill_body", editor.open(STUB))
    await client.until_shown()

    await editor.command("scopewise.pause", {"paused": True})

    await editor.until(lambda: client.withdrawn)
    assert editor.messages == []


async def test_pause_starts_no_explanation_for_a_hover(start: Start) -> None:
    settings = {"hover.explain": "auto", "hover.delay_s": 0.05}
    editor, _ = await watched(start, "It multiplies.", settings=settings)
    document = editor.open(FILLED)
    document.cursor = document.text.index("area")
    await editor.command("scopewise.pause", {"paused": True})

    await editor.hover(document)
    await asyncio.sleep(0.3)

    assert "It multiplies." not in await editor.hover(document)
    assert editor.messages == []


async def test_pause_with_bad_arguments(start: Start) -> None:
    editor, _ = await watched(start, BODY)

    with pytest.raises(JsonRpcException, match="missing required field `paused`"):
        await editor.command("scopewise.pause")


# Models


async def test_models(start: Start, tmp_path: Path) -> None:
    editor, _ = await watched(start)

    default, small = await editor.command("scopewise.models")

    assert default == {
        "name": MODEL,
        "installed": False,
        "current": True,
        "sizeBytes": 1_117_320_768,
        "description": "default, licence Apache-2.0, 32,768 tokens of context",
    }
    assert small["name"] == "qwen2.5-coder-0.5b"
    assert not small["current"]


async def test_models_by_path_are_listed_too(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF\x03\x00\x00\x00" + bytes(64))
    editor, _ = await watched(start, settings={"model.name": str(path)})

    models = await editor.command("scopewise.models")

    assert models[-1]["name"] == str(path)
    assert models[-1]["current"]
    assert [model["current"] for model in models].count(True) == 1

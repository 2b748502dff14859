"""Jobs: answered at once, reported, cancelled, replaced, failed."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from conftest import Start
from editor import Editor, bare, emacs
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from samples import BODY, FILLED, SLOWLY, STUB, TWO_STUBS

SLOW: dict[str, Any] = {"text": BODY + "    # word" * 200, "delay_s": SLOWLY}


async def test_command_is_answered_at_once(start: Start) -> None:
    editor = await start(SLOW)

    begin = time.perf_counter()
    answer = await editor.run("fill_body", editor.open(STUB))

    assert answer is None
    assert time.perf_counter() - begin < 1
    assert not editor.edits


async def test_progress_tells_phase_and_tokens(start: Start) -> None:
    editor = await start({"text": BODY, "delay_s": 0.15})
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    await editor.until_ended()

    begin, *reports, end = editor.progress[0]
    assert begin.title == "Fill body of `area` from its docstring"
    assert begin.cancellable
    assert begin.percentage is None
    assert any("tokens" in report.message for report in reports)
    assert end.message.startswith("unverified: ")


async def test_reports_are_few(start: Start) -> None:
    editor = await start({"text": "    return width * height * 1 * 1 * 1 * 1", "delay_s": 0.005})

    await editor.run("fill_body", editor.open(STUB))
    await editor.until_ended()

    assert len(editor.progress[0]) <= 5


async def test_cancelled_by_the_progress_button(start: Start) -> None:
    editor = await start({**SLOW, "is_kept": False}, BODY, press="Apply")
    document = editor.open(STUB)
    await editor.run("fill_body", document)
    await editor.until(lambda: editor.progress and len(editor.progress[0]) > 1)

    editor.cancel_progress()
    await editor.until_ended()

    assert editor.ends == ["Cancelled."]
    assert editor.messages == []
    assert not editor.edits
    await editor.run("fill_body", document)
    await editor.until(lambda: document.text == FILLED)


async def test_cancel_all(start: Start) -> None:
    editor = await start(SLOW)
    document = editor.open(TWO_STUBS)
    await editor.run("fill_body", document)
    document.cursor = document.text.index("circumference")
    await editor.run("fill_body", document)
    await editor.until(lambda: len(editor.progress) == 2)

    await editor.command("scopewise.cancelAll")
    await editor.until_ended(2)

    assert editor.ends == ["Cancelled.", "Cancelled."]


async def test_cancelled_request_stops_its_job(start: Start) -> None:
    editor = await start(SLOW)
    document = editor.open(STUB)
    waiting = asyncio.create_task(editor.run("fill_body", document, wait=True))
    await editor.until(lambda: editor.progress)

    request = next(reversed(editor.client.protocol._request_futures))
    editor.client.cancel_request(lsp.CancelParams(request))

    with pytest.raises(JsonRpcException, match="cancel") as failure:
        await waiting
    assert failure.value.code == lsp.LSPErrorCodes.RequestCancelled.value
    await editor.until_ended()
    assert editor.ends == ["Cancelled."]


async def test_deadline_is_told(start: Start) -> None:
    editor = await start(SLOW, settings={"actions.deadline_s": 0.3})

    await editor.run("fill_body", editor.open(STUB))

    await editor.until_said("took longer than 0.3 s")


async def test_two_jobs_at_once(start: Start) -> None:
    ring = {"when": "ring", "text": "    return 2 * (width + height)", "delay_s": 0.02}
    editor = await start({**ring, "when": r"def ring\(.*circumference[^\n]*\n$"}, BODY)
    document = editor.open(TWO_STUBS)

    await editor.run("fill_body", document)
    document.cursor = document.text.index("circumference")
    await editor.run("fill_body", document)
    await editor.until(lambda: sum(edit.is_applied for edit in editor.edits) == 2)

    assert document.text == (
        'def area(width, height):\n    """The area of a rectangle."""\n'
        "    return width * height\n\n\n"
        'def ring(width, height):\n    """The circumference of a rectangle."""\n'
        "    return 2 * (width + height)\n"
    )


async def test_newer_job_replaces_the_older_in_silence(start: Start) -> None:
    editor = await start({**SLOW, "is_kept": False}, BODY)
    document = editor.open(STUB)
    await editor.run("fill_body", document)
    await editor.until_doing("Writing")

    await editor.run("fill_body", document)
    await editor.until_ended(2)
    await editor.until(lambda: editor.edits)

    assert document.text == FILLED
    assert len(editor.edits) == 1
    assert editor.messages == []


async def test_engine_error_is_shown_and_the_next_job_works(start: Start) -> None:
    failing = {"text": "", "error": "The model's process ended.", "is_kept": False}
    editor = await start(failing, BODY)
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    await editor.until_said("The model's process ended.")

    assert editor.client.messages[0].type == lsp.MessageType.Error
    await editor.run("fill_body", document)
    await editor.until(lambda: document.text == FILLED)


async def test_client_without_progress(start: Start) -> None:
    editor = await start(BODY, capabilities=bare(), press="Apply")
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    await editor.until(lambda: document.text == FILLED)

    assert editor.progress == []


async def test_waiting_command_returns_the_outcome(start: Start) -> None:
    editor = await start(BODY)
    document = editor.open(STUB)

    outcome = await editor.run("fill_body", document, wait=True)

    assert outcome["producer"] == "fill_body"
    assert outcome["label"]["verdict"] == "unverified"
    assert "parses" in " ".join(outcome["label"]["passed"])
    assert outcome["usage"]["model"] == "scripted"
    assert outcome["edits"][0]["uri"] == document.uri
    assert outcome["edits"][0]["version"] == 1
    assert "return width * height" in outcome["edits"][0]["newText"]
    assert outcome["applied"] is False
    assert not editor.edits


async def test_waiting_command_may_apply(start: Start) -> None:
    editor = await start(BODY, capabilities=emacs(), settings={"actions.confirm": "never"})
    document = editor.open(STUB)

    outcome = await editor.run("fill_body", document, wait=True, apply=True)

    assert outcome["applied"] is True
    assert document.text == FILLED


async def test_waiting_command_fails_with_a_code(start: Start) -> None:
    editor = await start({"text": "", "error": "It broke."})

    with pytest.raises(JsonRpcException, match=r"It broke\.") as failure:
        await editor.run("fill_body", editor.open(STUB), wait=True)

    assert failure.value.code == lsp.LSPErrorCodes.RequestFailed.value
    assert editor.messages == []


@pytest.mark.parametrize(
    ("command", "arguments", "sentence"),
    [
        ("scopewise.run", [], "scopewise.run: Object missing required field `producer`."),
        ("scopewise.run", ["x"], "scopewise.run: Expected `object`, got `str`."),
        ("scopewise.run", [{}, {}], "scopewise.run takes one argument, an object."),
        ("scopewise.fixTrace", [{"text": 1}], "Expected `str`, got `int` - at `$.text`."),
        ("scopewise.pullModel", [{"name": "gpt"}], "There is no model `gpt`."),
        ("scopewise.nonsense", [], "is not defined"),
    ],
)
async def test_bad_arguments(
    start: Start, command: str, arguments: list[object], sentence: str
) -> None:
    editor = await start()

    failure = await _refusal(editor, command, *arguments)

    assert sentence in failure.message
    assert failure.code == lsp.ErrorCodes.InvalidParams.value


async def test_unknown_producer(start: Start) -> None:
    editor = await start()
    document = editor.open(STUB)
    point = {"line": 0, "character": 0}
    argument = {"producer": "x", "uri": document.uri, "range": {"start": point, "end": point}}

    failure = await _refusal(editor, "scopewise.run", argument)

    assert "There is no action `x`" in failure.message
    assert failure.code == lsp.ErrorCodes.InvalidParams.value


async def _refusal(editor: Editor, command: str, *arguments: object) -> JsonRpcException:
    with pytest.raises(JsonRpcException) as failure:
        await editor.command(command, *arguments)
    return failure.value

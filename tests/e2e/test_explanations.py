"""Explanations shown while they are written, in a client that can."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest
from conftest import Start
from editor import Editor
from own_client import OwnClient, announcing
from samples import BODY, FILLED, STUB

TEXT = "It multiplies `width` by `height` and returns the area of the rectangle."
SLOW = {"text": TEXT, "delay_s": 0.06}
ENDLESS = {"text": "word " * 500, "delay_s": 0.06}


async def explaining(
    start: Start, *answers: str | dict[str, Any], **kwargs: Any
) -> tuple[Editor, OwnClient]:
    """An editor whose client shows explanations, and one being written there."""
    clients: list[OwnClient] = []
    kwargs.setdefault("capabilities", announcing("explanations"))
    editor = await start(
        *answers, attach=lambda editor: clients.append(OwnClient(editor)), **kwargs
    )
    await editor.run("explain", editor.open(FILLED))
    return editor, clients[0]


async def until_done(editor: Editor, client: OwnClient) -> list[dict[str, Any]]:
    await editor.until(lambda: client.explanations and client.explanations[-1]["isDone"])
    return client.explanations


async def test_it_grows_until_it_is_done(start: Start) -> None:
    editor, client = await explaining(start, SLOW)

    *parts, last = await until_done(editor, client)

    assert len(parts) >= 3
    assert all(
        later["markdown"].startswith(earlier["markdown"])
        for earlier, later in itertools.pairwise(parts)
    )
    assert {(part["isDone"], part["label"]) for part in parts} == {(False, None)}
    assert {part["id"] for part in parts} == {last["id"]}
    assert last["title"] == "Explain the function `area`"
    assert last["uri"] == (editor.folder / "shop.py").as_uri()
    assert last["markdown"] == TEXT
    assert last["label"]["verdict"] == "unverified"
    assert not editor.client.shown_documents
    assert editor.messages == []


async def test_it_is_sent_ten_times_a_second_at_most(start: Start) -> None:
    editor, client = await explaining(start, {"text": "word " * 300, "delay_s": 0.003})

    await until_done(editor, client)

    seconds = client.times[-1] - client.times[0]
    assert len(client.explanations) <= 10 * seconds + 2


async def test_short_answer_comes_whole(start: Start) -> None:
    editor, client = await explaining(start, "Yes.")

    assert (await until_done(editor, client))[-1]["markdown"] == "Yes."


async def test_label_says_what_is_wrong_with_it(start: Start) -> None:
    editor, client = await explaining(start, TEXT + " It logs through `audit_trail`.")

    label = (await until_done(editor, client))[-1]["label"]

    assert "It names `audit_trail`" in label["sentence"]


async def test_text_that_ran_in_circles_begins_again(start: Start) -> None:
    looping = {**ENDLESS, "text": "round and round ", "stop_reason": "loop", "is_kept": False}
    editor, client = await explaining(start, looping, SLOW)

    *parts, last = await until_done(editor, client)

    assert any(part["markdown"].startswith("round") for part in parts)
    assert any(TEXT.startswith(part["markdown"].strip()) for part in parts)
    assert last["markdown"] == TEXT


async def test_declined_text_ends_with_its_label(start: Start) -> None:
    editor, client = await explaining(start, {"text": "round and round", "stop_reason": "loop"})

    last = (await until_done(editor, client))[-1]

    assert last["label"]["verdict"] == "declined"
    assert last["label"]["sentence"] == "declined: The model repeated itself, twice."
    assert "declined" in await editor.until_said("Explain the function `area`")


async def test_declined_text_is_also_a_result(start: Start) -> None:
    """In a client that shows both."""
    capabilities = announcing("explanations", "results")
    looping = {"text": "round and round", "stop_reason": "loop"}
    editor, client = await explaining(start, looping, capabilities=capabilities)

    result = await client.until_shown()

    assert result["rejected"] == "round and round"
    assert result["languageId"] == "markdown"
    assert result["edits"] == []
    assert client.explanations[-1]["isDone"]
    assert editor.messages == []


async def test_cancelled_text_stays_as_far_as_it_came(start: Start) -> None:
    editor, client = await explaining(start, ENDLESS)
    await editor.until(lambda: len(client.explanations) > 3)

    editor.cancel_progress()
    last = (await until_done(editor, client))[-1]

    assert last["label"] is None
    assert last["markdown"].startswith("word word")
    assert editor.messages == []
    n_sent = len(client.explanations)
    await asyncio.sleep(0.3)
    assert len(client.explanations) == n_sent


async def test_failed_text_is_over(start: Start) -> None:
    editor, client = await explaining(start, ENDLESS, settings={"actions.deadline_s": 0.5})

    last = (await until_done(editor, client))[-1]

    assert last["label"] is None
    await editor.until_said("took longer than 0.5 s")


async def test_failure_before_the_first_word_is_no_explanation(start: Start) -> None:
    editor, client = await explaining(start, {"text": "", "error": "The model's process ended."})

    await editor.until_said("The model's process ended.")

    assert client.explanations == []


async def test_shutdown_in_the_middle(start: Start) -> None:
    editor, client = await explaining(start, ENDLESS)
    await editor.until(lambda: client.explanations)

    await editor.stop()

    assert editor.server.returncode == 0


async def test_hover_shows_it_afterwards(start: Start) -> None:
    editor, client = await explaining(start, TEXT)
    await until_done(editor, client)
    document = editor.open(FILLED)
    document.cursor = document.text.index("area")

    assert TEXT in await editor.hover(document)


async def test_script_that_waits_is_not_disturbed(start: Start) -> None:
    editor, client = await explaining(start, {"text": TEXT, "is_kept": False}, "Another text.")
    await until_done(editor, client)
    n_sent = len(client.explanations)

    outcome = await editor.run("explain", editor.open(STUB), wait=True)

    assert outcome["text"] == "Another text."
    assert len(client.explanations) == n_sent


async def test_code_is_not_streamed(start: Start) -> None:
    editor, client = await explaining(start, {"text": TEXT, "is_kept": False}, BODY)
    await until_done(editor, client)
    n_sent = len(client.explanations)

    await editor.run("fill_body", editor.open(STUB))
    await editor.until(lambda: editor.edits)

    assert len(client.explanations) == n_sent


@pytest.mark.parametrize("announced", ["results", "status"])
async def test_others_get_a_page(start: Start, announced: str) -> None:
    editor, client = await explaining(start, TEXT, capabilities=announcing(announced))

    await editor.until(lambda: editor.client.shown_documents)

    assert TEXT in editor.shown[0]
    assert client.explanations == []

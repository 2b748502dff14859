"""Hover: at once what is known, and with `auto` an explanation the next time."""

from __future__ import annotations

import asyncio

from conftest import Start
from editor import Document, Editor
from samples import BODY, FILLED, STUB

AUTO = {"hover.explain": "auto", "hover.delay_s": 0.05}
TEXT = "It multiplies `width` by `height` and returns the area of the rectangle."


async def test_card(start: Start) -> None:
    editor = await start()
    document = editor.open("$0" + FILLED)
    document.cursor = document.text.index("area")

    card = await editor.hover(document)

    assert "def area(width, height)" in card


async def test_nothing_to_say(start: Start) -> None:
    editor = await start()

    assert await editor.hover(editor.open("$0\n" + FILLED)) == ""


async def test_hover_that_stays_starts_an_explanation(start: Start) -> None:
    editor = await start(TEXT, settings=AUTO)
    document = editor.open(FILLED)
    document.cursor = document.text.index("area")

    assert TEXT not in await editor.hover(document)
    assert await _is_shown_in_time(editor, document)
    assert editor.progress == []
    assert editor.messages == []


async def test_nothing_is_started_by_default(start: Start) -> None:
    editor = await start(TEXT)
    document = editor.open(FILLED)
    document.cursor = document.text.index("area")

    await editor.hover(document)
    await asyncio.sleep(0.3)

    assert TEXT not in await editor.hover(document)


async def test_interactive_work_goes_first(start: Start) -> None:
    slow = {"when": "[Ee]xplain", "text": TEXT * 20, "delay_s": 0.05}
    editor = await start(slow, BODY, settings=AUTO)
    document = editor.open(STUB)
    document.cursor = document.text.index("area")
    await editor.hover(document)
    await asyncio.sleep(0.3)

    await editor.run("fill_body", document)
    await editor.until(lambda: editor.edits)

    assert document.text == FILLED
    assert editor.messages == []


async def test_failure_of_an_explanation_nobody_asked_for_is_silent(start: Start) -> None:
    editor = await start(settings=AUTO)
    document = editor.open(FILLED)
    document.cursor = document.text.index("area")

    await editor.hover(document)
    await asyncio.sleep(0.3)

    assert await editor.hover(document)
    assert editor.messages == []
    assert not editor.questions


async def _is_shown_in_time(editor: Editor, document: Document) -> bool:
    for _ in range(100):
        if TEXT in await editor.hover(document):
            return True
        await asyncio.sleep(0.1)
    return False

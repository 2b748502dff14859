"""Explain: shown beside the code, kept for the hover, returned to scripts."""

from __future__ import annotations

from conftest import Start
from editor import bare, emacs
from samples import FILLED

TEXT = "It multiplies `width` by `height` and returns the area of the rectangle."


async def test_explanation_is_shown_in_a_document(start: Start) -> None:
    editor = await start(TEXT)

    await editor.run("explain", editor.open(FILLED))
    await editor.until(lambda: editor.client.shown_documents)

    shown = editor.client.shown_documents[0]
    assert shown.uri.endswith("/Explain the function area.md".replace(" ", "%20"))
    assert shown.take_focus is False
    assert editor.shown[0].startswith(f"# Explain the function `area`\n\n{TEXT}\n\n---\n\n")
    assert "*unverified: " in editor.shown[0]


async def test_explanation_tells_what_is_wrong_with_it(start: Start) -> None:
    editor = await start(TEXT + " It logs through `audit_trail`.")

    await editor.run("explain", editor.open(FILLED))
    await editor.until(lambda: editor.client.shown_documents)

    assert "It names `audit_trail`" in editor.shown[0]


async def test_a_function_written_from_the_explanation_is_run_beside_the_original(
    start: Start,
) -> None:
    typed = FILLED.replace("width, height", "width: int, height: int")
    right = {"when": "an explanation of", "text": "    return height * width\n", "is_kept": False}
    wrong = {"when": "an explanation of", "text": "    return height + width\n", "is_kept": False}
    editor = await start(right, wrong, TEXT)

    await editor.run("explain", editor.open(typed), wait=True)
    again = await editor.run("explain", editor.open(typed, name="again.py"), wait=True)

    assert editor.ends[0].startswith(
        "consistent: a function written from it alone does the same on "
    )
    assert "does something else: `area(" in again["label"]["sentence"]


async def test_explanation_is_a_message_where_documents_cannot_be_shown(start: Start) -> None:
    editor = await start(TEXT, capabilities=emacs())

    await editor.run("explain", editor.open(FILLED))

    assert TEXT in await editor.until_said("Explain the function `area`")


async def test_hover_shows_the_explanation_afterwards(start: Start) -> None:
    editor = await start(TEXT)
    document = editor.open(FILLED)
    document.cursor = document.text.index("area")
    assert TEXT not in await editor.hover(document)

    await editor.run("explain", document, wait=True)

    assert TEXT in await editor.hover(document)


async def test_waiting_command_returns_the_explanation(start: Start) -> None:
    editor = await start(TEXT, capabilities=bare())

    outcome = await editor.run("explain", editor.open(FILLED), wait=True)

    assert outcome["text"] == TEXT
    assert outcome["edits"] == []
    assert editor.messages == []


async def test_pages_are_gone_with_the_server(start: Start) -> None:
    editor = await start(TEXT)
    await editor.run("explain", editor.open(FILLED))
    await editor.until(lambda: editor.client.shown_documents)
    assert len(editor.shown) == 1
    uri = editor.client.shown_documents[0].uri

    await editor.stop()

    folder = editor.folder.parent / "cache" / "scopewise" / "explanations"
    assert list(folder.glob("*")) == [], uri

"""Settings from the client: where they come from, and what is said about wrong ones."""

from __future__ import annotations

from typing import Any

from conftest import Start
from editor import Editor, bare, emacs
from lsprotocol import types as lsp
from samples import BODY, FILLED, STUB


def change(editor: Editor, settings: Any) -> None:
    params = lsp.DidChangeConfigurationParams(settings)
    editor.client.workspace_did_change_configuration(params)


async def test_wrong_settings_are_complained_about(start: Start) -> None:
    options = {"engine": {"threads": "many"}, "modle": {"name": "x"}}
    editor = await start(settings=options)

    await editor.until(lambda: len(editor.messages) == 2)

    assert "Setting `engine.threads`" in editor.messages[0]
    assert editor.messages[1] == "There is no setting `modle`; did you mean `model`?"
    assert {message.type for message in editor.client.messages} == {lsp.MessageType.Warning}


async def test_complaints_are_made_once(start: Start) -> None:
    editor = await start(BODY, capabilities=bare(), press="Apply")

    for _ in range(3):
        change(editor, {"scopewise": {"hover": {"explain": "never"}}})
    await editor.hover(editor.open(STUB))

    assert len(editor.messages) == 1


async def test_changed_settings_count(start: Start) -> None:
    editor = await start(BODY, capabilities=emacs())
    document = editor.open(STUB)

    change(editor, {"scopewise": {"actions": {"confirm": "never"}}})
    await editor.run("fill_body", document)
    await editor.until(lambda: document.text == FILLED)

    assert not editor.questions


async def test_empty_change_keeps_initial_settings(start: Start) -> None:
    """eglot sends one at every start."""
    editor = await start(BODY, capabilities=bare(), press="Apply")
    document = editor.open(STUB)

    change(editor, {})
    await editor.run("fill_body", document)

    await editor.until(lambda: document.text == FILLED)


async def test_settings_are_asked_for_when_none_came(start: Start) -> None:
    editor = await start(configuration={"hover": {"explain": "sometimes"}})

    await editor.until_said("Setting `hover.explain`")


async def test_settings_are_asked_for_when_a_change_names_none(start: Start) -> None:
    editor = await start(BODY, capabilities=emacs())
    editor.configuration = {"actions": {"confirm": "never"}}
    document = editor.open(STUB)

    change(editor, None)
    await editor.run("fill_body", document)
    await editor.until(lambda: document.text == FILLED)

    assert not editor.questions


async def test_client_without_configuration_is_not_asked(start: Start) -> None:
    editor = await start(BODY, capabilities=bare(), press="Apply")
    document = editor.open(STUB)

    change(editor, None)
    await editor.run("fill_body", document)

    await editor.until(lambda: document.text == FILLED)

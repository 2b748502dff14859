"""Editors without a preview of their own: a page beside the question, a message alone, nothing."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SERVER
from editor import Editor, bare, emacs, path_of, vscode
from lsprotocol import types as lsp
from own_client import announcing
from samples import STUB
from tests.cloud.messages_server import MessagesServer

from .desk import FILLED, QUIET, ask_claude, entries, environment

Open = Callable[..., Awaitable[Editor]]
ASK = lsp.WINDOW_SHOW_MESSAGE_REQUEST
BUTTONS = ["Send once", "Send in this session", "Do not send"]


@pytest.fixture
async def start(tmp_path: Path, claude: MessagesServer) -> AsyncIterator[Open]:
    folder = tmp_path / "project"
    folder.mkdir()
    editors: list[Editor] = []

    async def start(
        capabilities: lsp.ClientCapabilities,
        settings: dict[str, Any] | None = None,
        env: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> Editor:
        editor = Editor(folder, capabilities, **kwargs)
        editors.append(editor)
        options = {**QUIET, "cloud.base_url": claude.url, **(settings or {})}
        await editor.start(SERVER, environment(tmp_path, **(env or {})), options)
        return editor

    yield start
    for editor in editors:
        await editor.stop()


def pages(editor: Editor) -> list[Path]:
    return [path_of(shown.uri) for shown in editor.client.shown_documents]


async def test_a_page_and_a_question(start: Open, claude: MessagesServer, tmp_path: Path) -> None:
    editor = await start(vscode())
    document = editor.open("# ä 🦔\n" + STUB)

    await ask_claude(editor, document)
    await editor.until(lambda: editor.questions)
    await asyncio.sleep(0.2)

    assert claude.n_connections == 0
    assert not (tmp_path / "home" / "cloud" / "ledger.sqlite").exists()
    (question,) = editor.questions
    assert [action.title for action in question.actions or []] == BUTTONS
    assert question.message.startswith("Fill body of `area`: send ")
    assert question.message.endswith("no secret was found in it.")
    (page,) = pages(editor)
    shown = page.read_bytes()
    assert stat.S_IMODE(page.stat().st_mode) == 0o400
    assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700

    editor.press = "Send once"
    await editor.until(lambda: FILLED in document.text)
    (request,) = claude.requests
    assert b"```json\n" + request.body + b"\n```" in shown


async def test_a_message_that_says_where_the_page_is(
    start: Open, claude: MessagesServer, tmp_path: Path
) -> None:
    editor = await start(emacs(), press="Send once")
    document = editor.open(STUB)

    await ask_claude(editor, document)
    await editor.until(lambda: document.text == FILLED)

    (question,) = editor.questions
    assert not editor.client.shown_documents
    where = question.message.partition("Every byte of it is in ")[2]
    page = tmp_path / where.removesuffix(".")
    assert claude.requests[0].body in page.read_bytes()


async def test_a_page_the_editor_does_not_open_after_all(
    start: Open, claude: MessagesServer
) -> None:
    editor = await start(vscode(), press="Do not send")
    features = editor.client.protocol.fm.features
    features[lsp.WINDOW_SHOW_DOCUMENT] = lambda params: lsp.ShowDocumentResult(False)

    await ask_claude(editor, editor.open(STUB))
    await editor.until_ended()

    assert "Every byte of it is in /" in editor.questions[0].message


@pytest.mark.parametrize("capabilities", [bare, vscode])
async def test_who_cannot_ask_cannot_send(
    start: Open, claude: MessagesServer, capabilities: Callable[[], lsp.ClientCapabilities]
) -> None:
    editor = await start(capabilities(), refuses=[ASK])
    document = editor.open(STUB)

    await ask_claude(editor, document)

    message = await editor.until_said("cannot ask whether it may be sent, so nothing was sent")
    assert "`--cloud`" in message
    assert claude.n_connections == 0
    assert document.text == STUB.replace("$0", "")


@pytest.mark.parametrize("press", ["Do not send", "", "Send", "send once"])
async def test_no_and_closed_and_anything_else(
    start: Open, claude: MessagesServer, tmp_path: Path, press: str
) -> None:
    editor = await start(bare(), press=press)

    await ask_claude(editor, editor.open(STUB))
    await editor.until(lambda: editor.questions)
    await editor.command("scopewise.status")
    await asyncio.sleep(0.2)

    assert claude.n_connections == 0
    assert editor.messages == []
    assert entries(tmp_path / "home") == []


async def test_in_this_session_and_this_folder(
    start: Open, claude: MessagesServer, tmp_path: Path
) -> None:
    editor = await start(vscode(), press="Send in this session")
    other = tmp_path / "elsewhere"
    other.mkdir()
    folder = lsp.WorkspaceFolder(other.as_uri(), "elsewhere")
    event = lsp.WorkspaceFoldersChangeEvent(added=[folder], removed=[])
    editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event))
    for number in (1, 2):
        await ask_claude(editor, editor.open(STUB, f"shop{number}.py"))
        await editor.until_ended(number)
    assert len(editor.questions) == 1

    await ask_claude(editor, editor.open(STUB, "../elsewhere/shop.py"))
    await editor.until_ended(3)

    assert len(editor.questions) == 2
    assert [entry.workspace for entry in entries(tmp_path / "home")] == [
        str(other),
        str(tmp_path / "project"),
        str(tmp_path / "project"),
    ]


async def test_nobody_agrees_for_the_next_session(start: Open, claude: MessagesServer) -> None:
    editor = await start(vscode(), press="Send in this session")
    await ask_claude(editor, editor.open(STUB))
    await editor.until_ended()

    editor = await start(vscode(), press="Do not send")
    await ask_claude(editor, editor.open(STUB))
    await editor.until_ended()

    assert len(editor.questions) == 1
    assert len(claude.requests) == 1


async def test_a_page_that_cannot_be_written(
    start: Open, claude: MessagesServer, tmp_path: Path
) -> None:
    """What cannot be seen is not sent."""
    (tmp_path / "cache").write_text("in the way")
    editor = await start(vscode(), press="Send once")

    await ask_claude(editor, editor.open(STUB))

    await editor.until_said("What would be sent cannot be shown")
    assert not editor.questions
    assert claude.n_connections == 0


async def test_without_a_key(start: Open, claude: MessagesServer) -> None:
    env = {"ANTHROPIC_API_KEY": "", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    editor = await start(vscode(), env=env, press="Send once")

    await ask_claude(editor, editor.open(STUB))

    message = await editor.until_said("There is no API key")
    assert "Set ANTHROPIC_API_KEY" in message
    assert not editor.questions
    assert claude.n_connections == 0


async def test_a_preview_of_its_own_needs_no_page(start: Open, claude: MessagesServer) -> None:
    """And one that announces it and then does not know it cannot send."""
    editor = await start(announcing("cloudPreview"), press="Send once")

    await ask_claude(editor, editor.open(STUB))

    await editor.until_said("could not show what would be sent")
    assert not editor.questions
    assert not editor.client.shown_documents
    assert claude.n_connections == 0


async def test_cancelled_while_the_question_stands(
    start: Open, claude: MessagesServer, tmp_path: Path
) -> None:
    editor = await start(vscode())
    await ask_claude(editor, editor.open(STUB))
    await editor.until(lambda: editor.questions)

    editor.cancel_progress()
    await editor.until_ended()
    editor.press = "Send once"
    await asyncio.sleep(0.3)

    assert editor.ends == ["Cancelled."]
    assert claude.n_connections == 0
    assert entries(tmp_path / "home") == []

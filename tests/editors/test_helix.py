"""Helix, from its source: there is no package to run, so a client stands in for it.

It announces what Helix 25 announces (helix_capabilities.json), starts the server as its snippet
says, and knows no request but those Helix answers. Helix waits for `codeAction/resolve` with the
whole editor, so there must be none; for everything else it waits in the background.
"""

from __future__ import annotations

import asyncio
import json
import time
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from editor import Editor, argument_of
from lsprotocol import types as lsp
from machine import (
    ENDLESS,
    FILL,
    FILLED,
    SNIPPETS,
    STUB,
    machine,
)
from pygls.protocol import default_converter

pytestmark = pytest.mark.editors

HERE = Path(__file__).resolve().parent
ANSWERED = {
    lsp.CLIENT_REGISTER_CAPABILITY,
    lsp.CLIENT_UNREGISTER_CAPABILITY,
    lsp.WINDOW_SHOW_DOCUMENT,
    lsp.WINDOW_WORK_DONE_PROGRESS_CREATE,
    lsp.WORKSPACE_APPLY_EDIT,
    lsp.WORKSPACE_CONFIGURATION,
    lsp.WORKSPACE_WORKSPACE_FOLDERS,
}
HEEDED = {
    lsp.PROGRESS,
    lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
    lsp.WINDOW_LOG_MESSAGE,
    lsp.WINDOW_SHOW_MESSAGE,
}
AT_ONCE_S = 1.0
"""For an answer that takes milliseconds, on a machine with other things to do."""


class Helix(Editor):
    """Remembers the methods of everything the server says."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.said: set[str] = set()
        protocol = self.client.protocol
        handle = protocol.handle_message

        def listen(message: Any) -> None:
            self.said.add(getattr(message, "method", ""))
            handle(message)

        protocol.handle_message = listen  # type: ignore[method-assign]


def snippet() -> dict[str, Any]:
    text = (SNIPPETS / "helix.toml").read_text(encoding="utf-8")
    server: dict[str, Any] = tomllib.loads(text)["language-server"]["scopewise"]
    return server


@pytest.fixture
def settings() -> dict[str, Any]:
    """Those of the snippet."""
    told: dict[str, Any] = snippet()["config"]
    return told


@pytest_asyncio.fixture
async def helix(tmp_path: Path, settings: dict[str, Any]) -> AsyncIterator[Helix]:
    made = machine(tmp_path, settings)
    recorded = json.loads((HERE / "helix_capabilities.json").read_text(encoding="utf-8"))
    announced = default_converter().structure(recorded, lsp.ClientCapabilities)
    editor = Helix(made.project, announced, refuses=[lsp.WINDOW_SHOW_MESSAGE_REQUEST])
    program = made.folder / "bin" / snippet()["command"]
    await editor.start([str(program), *snippet()["args"]], made.env, made.settings)
    yield editor
    await editor.stop()


async def test_nothing_is_asked_that_helix_does_not_answer(helix: Helix) -> None:
    document = helix.open(STUB.replace("area(", "$0area("))

    await helix.run("fill_body", document)
    await helix.until(lambda: document.text == FILLED)
    await helix.run("explain", document)
    await helix.until(lambda: helix.shown)
    await helix.until_ended(2)

    assert helix.said - {""} <= ANSWERED | HEEDED
    assert lsp.WORKSPACE_APPLY_EDIT in helix.said
    assert "unverified: " in await helix.until_said(FILL.split(" from")[0])


async def test_there_is_nothing_to_resolve(helix: Helix) -> None:
    document = helix.open(STUB.replace("area(", "$0area("))
    provider = helix.server_capabilities.code_action_provider
    assert isinstance(provider, lsp.CodeActionOptions)

    actions = await helix.actions(document)

    assert provider.resolve_provider is False
    assert actions[0]["title"] == FILL
    assert all(action["command"] for action in actions)
    assert not any("edit" in action or "data" in action for action in actions)


async def test_the_editor_never_waits_for_the_model(helix: Helix) -> None:
    document = helix.open(ENDLESS.replace("endless(", "$0endless("))
    action = (await helix.actions(document))[0]
    times: list[float] = []

    async def timed(request: Any) -> Any:
        begin = time.perf_counter()
        answer = await request
        times.append(time.perf_counter() - begin)
        return answer

    assert await timed(helix.command("scopewise.run", argument_of(action))) is None
    await helix.until(lambda: helix.progress)
    for _ in range(5):
        assert await timed(helix.actions(document))
        assert await timed(helix.hover(document))
        helix.replace(document, "some day", "some fine day")
        helix.replace(document, "some fine day", "some day")
    assert max(times) < AT_ONCE_S
    assert not helix.ends, "the job is over, so this shows nothing"

    await timed(helix.command("scopewise.cancelAll"))
    await helix.until_ended()
    assert max(times) < AT_ONCE_S


async def test_bytes_are_agreed_on(helix: Helix) -> None:
    assert helix.server_capabilities.position_encoding == lsp.PositionEncodingKind.Utf8


@pytest.mark.parametrize("settings", [{}])
async def test_without_the_setting_of_the_snippet_a_sentence_says_what_to_do(
    helix: Helix,
) -> None:
    document = helix.open(STUB.replace("area(", "$0area("))

    await helix.run("fill_body", document)
    said = await helix.until_said("cannot ask whether to apply it")

    assert "`actions.confirm` at `never`" in said
    assert document.text == STUB
    await asyncio.sleep(0.1)
    assert not helix.edits


def test_the_snippet_starts_our_program() -> None:
    assert snippet()["command"] == "scopewise"
    assert snippet()["args"] == ["serve"]

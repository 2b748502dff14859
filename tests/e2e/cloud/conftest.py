"""One server process for all tests of a file, and a new Claude for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from conftest import SERVER
from editor import Editor
from own_client import announcing
from tests.cloud.messages_server import MessagesServer, answer

from .desk import QUIET, WHOLE, CloudClient, Desk, entries, environment, forget

Shared = tuple[Editor, CloudClient, Path]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shared]:
    folder = tmp_path_factory.mktemp("cloud")
    (folder / "project").mkdir()
    clients: list[CloudClient] = []
    editor = Editor(
        folder / "project",
        announcing("cloudPreview"),
        attach=lambda editor: clients.append(CloudClient(editor)),
    )
    await editor.start(SERVER, environment(folder), QUIET)
    yield editor, clients[0], folder / "home"
    await editor.stop()


@pytest.fixture
def claude() -> Iterator[MessagesServer]:
    with MessagesServer(answer(WHOLE)) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def desk(shared: Shared, claude: MessagesServer) -> Desk:
    editor, client, home = shared
    await editor.command("scopewise.cancelAll")
    await asyncio.sleep(0.05)
    forget(editor)
    client.previews.clear()
    client.n_withdrawn = 0
    client.answer = {"choice": "once"}
    made = Desk(editor, client, home, claude, len(entries(home)))
    made.settings()
    return made

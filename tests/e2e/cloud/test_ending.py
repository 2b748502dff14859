"""A request that is interrupted: the ledger stays right and the document as it is."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from conftest import SERVER
from editor import Editor
from own_client import WAIT, announcing
from samples import STUB
from tests.cloud.messages_server import HOLD, MessagesServer, answer, begin, delta, stream

from .desk import FILLED, QUIET, WHOLE, CloudClient, ask_claude, entries, environment

Open = Callable[..., Awaitable[Editor]]
UNTOUCHED = STUB.replace("$0", "")


@pytest.fixture
async def start(tmp_path: Path, claude: MessagesServer) -> AsyncIterator[Open]:
    """Starts an editor whose user agrees to everything, unless there is another answer."""
    editors: list[Editor] = []
    (tmp_path / "project").mkdir()

    async def start(answer: object = None, before: list[str] | None = None) -> Editor:
        reply = {"choice": "once"} if answer is None else answer
        editor = Editor(
            tmp_path / "project",
            announcing("cloudPreview"),
            attach=lambda editor: editors.append(editor) or CloudClient(editor, reply),
        )
        settings = {**QUIET, "cloud.base_url": claude.url}
        await editor.start([*(before or []), *SERVER], environment(tmp_path), settings)
        return editor

    yield start
    for editor in editors:
        if editor.server.returncode is None:
            await editor.stop()


def states(home: Path) -> list[str]:
    """As they are in the file, the oldest first; looking through the ledger mends it."""
    with tempfile.TemporaryDirectory() as folder:
        # SQLite opens nothing by way of /proc.
        for file in (home / "cloud").glob("ledger.sqlite*"):
            shutil.copy(file, folder)
        return _states(Path(folder) / "ledger.sqlite")


def _states(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return [state for (state,) in db.execute("SELECT state FROM sends ORDER BY id")]


async def sending(editor: Editor, claude: MessagesServer) -> None:
    """Ask, and wait until half an answer is on its way."""
    claude.replies = [stream(*begin(), delta("half"), HOLD), answer(WHOLE)]
    await ask_claude(editor, editor.open(STUB))
    await asyncio.to_thread(claude.wait_for_request)


async def test_a_server_that_is_killed(start: Open, claude: MessagesServer, tmp_path: Path) -> None:
    editor = await start()
    await sending(editor, claude)
    home = tmp_path / "home"
    assert states(home) == ["pending"]

    editor.server.send_signal(signal.SIGKILL)
    await editor.server.wait()

    assert await asyncio.to_thread(claude.requests[0].hung_up.wait, 1)
    assert not editor.edits
    assert states(home) == ["pending"]
    # The next server closes what this one cannot, and goes on.
    editor = await start()
    document = editor.open(STUB)
    for _ in range(100):
        if states(home) == ["interrupted"]:
            break
        await asyncio.sleep(0.05)
    assert states(home) == ["interrupted"]
    await ask_claude(editor, document)
    await editor.until(lambda: document.text == FILLED)
    done, interrupted = entries(home)
    assert (done.state, interrupted.state) == ("done", "interrupted")
    assert interrupted.cost_usd is None
    assert interrupted.counted_usd == interrupted.worst_usd > 0
    assert done.counted_usd == done.cost_usd
    assert len(claude.requests) == 2


async def test_the_command_line_closes_it_too(
    start: Open, claude: MessagesServer, tmp_path: Path
) -> None:
    editor = await start()
    await sending(editor, claude)
    editor.server.send_signal(signal.SIGKILL)
    await editor.server.wait()

    command = [*SERVER[:-1], "cloud", "log", "--json"]
    log = await asyncio.to_thread(
        subprocess.run, command, env=environment(tmp_path), capture_output=True, check=True
    )

    (row,) = json.loads(log.stdout)["sends"]
    assert row["state"] == "interrupted"
    assert row["counted_usd"] == row["worst_usd"]


async def test_killed_while_the_preview_is_open(
    start: Open, claude: MessagesServer, tmp_path: Path
) -> None:
    editor = await start(WAIT)
    await ask_claude(editor, editor.open(STUB))
    await asyncio.sleep(0.5)

    editor.server.send_signal(signal.SIGKILL)
    await editor.server.wait()

    assert claude.n_connections == 0
    assert entries(tmp_path / "home") == []


async def test_an_editor_that_leaves(start: Open, claude: MessagesServer, tmp_path: Path) -> None:
    editor = await start()
    await sending(editor, claude)

    await editor.stop()

    assert editor.server.returncode == 0
    assert claude.requests[0].hung_up.is_set()
    assert states(tmp_path / "home") == ["cancelled"]
    assert entries(tmp_path / "home")[0].cost_usd is None


async def test_an_editor_that_is_gone(start: Open, claude: MessagesServer, tmp_path: Path) -> None:
    editor = await start()
    await sending(editor, claude)

    assert editor.server.stdin
    editor.server.stdin.close()
    await asyncio.wait_for(editor.server.wait(), 5)

    assert await asyncio.to_thread(claude.requests[0].hung_up.wait, 1)
    (row,) = entries(tmp_path / "home")
    assert row.state in ("cancelled", "interrupted")
    assert row.counted_usd == row.worst_usd


# A disk that is full


@pytest.fixture
def small_disk(tmp_path: Path) -> list[str]:
    """What begins a command whose SCOPEWISE_HOME is a disk of 256 KiB, or a skip."""
    home = tmp_path / "home"
    home.mkdir()
    mount = f'mount -t tmpfs -o size=256k none "{home}"'
    for way in ([], ["--user", "--map-root-user"]) if shutil.which("unshare") else ():
        command = ["unshare", *way, "--mount", "sh", "-c"]
        if not subprocess.run([*command, mount], capture_output=True).returncode:
            return [*command, f'{mount} && exec "$@"', "sh"]
    return pytest.skip("no small disk can be mounted here")


def seen_by(editor: Editor, home: Path) -> Path:
    """The folder as the server sees it, which has mounts of its own."""
    return Path(f"/proc/{editor.server.pid}/root{home}")


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 1024)
    return filler


async def test_a_disk_that_is_full(
    start: Open, claude: MessagesServer, tmp_path: Path, small_disk: list[str]
) -> None:
    editor = await start(before=small_disk)
    home = seen_by(editor, tmp_path / "home")
    filler = fill(home)
    document = editor.open(STUB)

    await ask_claude(editor, document)

    message = await editor.until_said(
        "The request was not sent, for the disk of the ledger is full"
    )
    assert message.endswith("Make room there.")
    assert claude.n_connections == 0
    assert document.text == UNTOUCHED
    filler.unlink()
    await ask_claude(editor, document)
    await editor.until(lambda: document.text == FILLED)
    assert states(home) == ["done"]


async def test_a_disk_that_fills_while_the_answer_comes(
    start: Open, claude: MessagesServer, tmp_path: Path, small_disk: list[str]
) -> None:
    """Neither the answer nor the row is lost."""
    editor = await start(before=small_disk)
    home = seen_by(editor, tmp_path / "home")
    claude.replies = [answer(WHOLE, between=[1.0]), answer(WHOLE)]
    document = editor.open(STUB)
    await ask_claude(editor, document)
    await asyncio.to_thread(claude.wait_for_request)

    filler = fill(home)
    await editor.until(lambda: document.text == FILLED)

    filler.unlink()
    assert states(home) == ["pending"]
    await ask_claude(editor, editor.open(STUB, "other.py"))
    await editor.until(lambda: len(editor.edits) == 2)
    assert states(home) == ["done", "done"]

"""An editor whose user is shown what would leave, and what they answer."""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import PACKAGE
from editor import Document, Editor
from lsprotocol import types as lsp
from own_client import WAIT, plain
from samples import BODY, STUB
from tests.cloud.messages_server import MessagesServer

from scopewise.cloud.ledger import Entry, Ledger

ASK_CLOUD = "scopewise/askCloud"
KEY = "sk-ant-api03-" + "not-a-key-" * 4
QUIET = {"scope.index": False, "verify.run_tests": "never", "actions.confirm": "never"}
"""Nothing runs beside what is asked for, and nobody is asked but about the cloud."""


FILLED = STUB.replace("$0", "") + BODY
WHOLE = f"```python\n{FILLED}```"


class CloudClient:
    """Takes `scopewise/askCloud`; attach it before the server starts."""

    def __init__(self, editor: Editor, answer: object = WAIT) -> None:
        self.answer = answer
        """To every preview; WAIT leaves it open, an exception is raised."""
        self.previews: list[dict[str, Any]] = []
        self.n_withdrawn = 0
        """Previews the server took away again."""
        self._editor = editor
        self._open: list[asyncio.Future[object]] = []
        editor.client.protocol.fm.features[ASK_CLOUD] = self._ask

    @property
    def payloads(self) -> list[bytes]:
        """The bytes the user was shown."""
        return [preview["payload"].encode() for preview in self.previews]

    def choose(self, choice: object) -> None:
        """Answer the last preview."""
        self._open[-1].set_result({"choice": choice})

    async def until_shown(self, n_previews: int = 1) -> dict[str, Any]:
        await self._editor.until(lambda: len(self.previews) >= n_previews)
        return self.previews[-1]

    async def _ask(self, params: Any) -> object:
        self.previews.append(plain(params))
        self._open.append(asyncio.get_running_loop().create_future())
        self._editor.noticed()
        if self.answer is not WAIT:
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer
        try:
            return await self._open[-1]
        except asyncio.CancelledError:
            self.n_withdrawn += 1
            self._editor.noticed()
            raise


async def ask_claude(
    editor: Editor, document: Document, task: str = "fill", **extra: object
) -> Any:
    """Have Claude do a task at the cursor, as a key binding would."""
    point = editor.position(document, document.cursor)
    place = {"line": point.line, "character": point.character}
    argument = {
        "producer": f"ask_cloud.{task}",
        "uri": document.uri,
        "version": document.version,
        "range": {"start": place, "end": place},
        **extra,
    }
    return await editor.command("scopewise.run", argument)


def give_key(editor: Editor, key: str) -> None:
    """Hand the key over, as an editor does that keeps it."""
    editor.client.protocol.notify("scopewise/apiKey", {"key": key})


def change_settings(editor: Editor, settings: dict[str, object]) -> None:
    params = lsp.DidChangeConfigurationParams({"scopewise": settings})
    editor.client.workspace_did_change_configuration(params)


def forget(editor: Editor) -> None:
    """Begin anew with an editor that has been used."""
    for seen in (
        editor.client.messages,
        editor.client.progress_reports,
        editor.client.shown_documents,
        editor.edits,
        editor.questions,
    ):
        seen.clear()
    with contextlib.suppress(KeyError):
        for document in list(editor._documents.values()):
            editor.close(document)


def ledger_of(home: Path) -> Ledger:
    return Ledger(home / "cloud" / "ledger.sqlite")


def entries(home: Path) -> list[Entry]:
    """The rows of a ledger, the newest first."""
    return ledger_of(home).entries()


@dataclass
class Desk:
    """One server process with its editor, and who answers in Claude's place."""

    editor: Editor
    client: CloudClient
    home: Path
    claude: MessagesServer
    n_before: int
    """Rows of the ledger that are not of this test."""

    def open(self, text: str = STUB, name: str = "shop.py") -> Document:
        return self.editor.open(text, name)

    async def ask(self, document: Document, task: str = "fill") -> None:
        """Ask, and wait until the job has ended."""
        await ask_claude(self.editor, document, task)
        await self.editor.until_ended()

    async def settle(self) -> None:
        """Wait until the server has done what the last message asked for."""
        await self.editor.command("scopewise.status")
        await asyncio.sleep(0.1)

    def settings(self, **cloud: object) -> None:
        change_settings(self.editor, {"cloud": {"base_url": self.claude.url, **cloud}})

    @property
    def bodies(self) -> list[bytes]:
        return [received.body for received in self.claude.requests]

    @property
    def ledger(self) -> Any:
        """The rows of this test, the newest first."""
        rows = entries(self.home)
        return rows[: len(rows) - self.n_before]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A machine without a model or anything of the user's, but with a key."""
    return {
        **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
        "PYTHONPATH": os.pathsep.join([str(PACKAGE), os.environ.get("PYTHONPATH", "")]),
        "SCOPEWISE_HOME": str(folder / "home"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "SCOPEWISE_OFFLINE": "1",
        "ANTHROPIC_API_KEY": KEY,
        **more,
    }

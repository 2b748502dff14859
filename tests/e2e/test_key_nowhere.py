"""The API key is in the server's memory and in the header of a request, and nowhere else.

Except for one place nobody can clear: the kernel keeps the environment a process was started with,
so that /proc/PID/environ of the server itself, which its user alone may read, shows the variable
that they set. A key that the editor hands over, or the keyring holds, is not even there.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import signal
import sqlite3
import sys
import time
import urllib.parse
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from conftest import SERVER
from editor import Document, Editor
from own_client import announcing
from samples import STUB
from tests.cloud.messages_server import HOLD, MessagesServer, answer, begin, delta, failure, stream

from .cloud.desk import (
    QUIET,
    WHOLE,
    CloudClient,
    ask_claude,
    change_settings,
    environment,
    give_key,
)

KEY = "sk-ant-api03-" + "Qz7-key_of-nobody-" * 3 + "AA"
DENIED = failure(401, "authentication_error", f"invalid x-api-key: {KEY}")
PROGRAM = (
    "```python\ndef look() -> str:\n    import os\n    found = repr(dict(os.environ))\n"
    "    for name in os.listdir('/proc'):\n"
    "        for file in ('environ', 'cmdline'):\n"
    "            try:\n"
    "                with open(f'/proc/{name}/{file}') as opened:\n"
    "                    found += opened.read()\n"
    "            except OSError:\n"
    "                pass\n"
    "    return 'seen' if 'nobody' in found else 'hidden'\n```"
)
LOOK = '''def look() -> str:
    """Whether the key of this server can be seen from in here.$0

    >>> look()
    'hidden'
    """
'''


def forms(key: str) -> set[bytes]:
    """The key as it could be written down."""
    data = key.encode()
    return {
        data,
        data[8:40],
        data[::-1],
        data.hex().encode(),
        data.hex().upper().encode(),
        json.dumps(key)[1:-1].replace("-", "\\u002d").encode(),
        urllib.parse.quote(key, safe="").replace("-", "%2D").encode(),
        key.encode("utf-16-le"),
        *(base64.b64encode(b"\0" * n + data)[4 if n else 0 : -4] for n in range(3)),
        *(base64.urlsafe_b64encode(b"\0" * n + data)[4 if n else 0 : -4] for n in range(3)),
    }


def holds(data: bytes, key: str) -> bool:
    return any(form in data for form in forms(key))


def files_with(folder: Path, key: str) -> list[str]:
    """The files below a folder that hold the key, also by their names."""
    return [
        str(file)
        for file in folder.rglob("*")
        if holds(os.fsencode(file), key) or (file.is_file() and holds(file.read_bytes(), key))
    ]


@dataclass
class Processes:
    """What the server's processes show to the user's other programs, looked at all the time."""

    root: int
    key: str
    commands: set[str] = field(default_factory=set)
    """How its children were started."""
    leaks: list[str] = field(default_factory=list)

    async def watch(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(0.02)

    def look(self) -> None:
        with contextlib.suppress(psutil.Error):
            server = psutil.Process(self.root)
            own = self._read(server.pid, "cmdline")
            self._check(server.pid, "cmdline", own)
            for child in server.children(recursive=True):
                command = self._read(child.pid, "cmdline")
                self._check(child.pid, "cmdline", command)
                # Until it has begun a program of its own, a child is the server once more.
                if command != own or time.time() - child.create_time() > 1:
                    self.commands.add(command.replace(b"\0", b" ").decode())
                    self._check(child.pid, "environ", self._read(child.pid, "environ"))

    def _read(self, pid: int, what: str) -> bytes:
        try:
            return Path(f"/proc/{pid}/{what}").read_bytes()
        except OSError:
            return b""

    def _check(self, pid: int, what: str, data: bytes) -> None:
        if holds(data, self.key):
            self.leaks.append(f"{what} of {pid}")


@dataclass
class Verbose:
    """A server that says as much as it can, and everything it leaves behind."""

    editor: Editor
    folder: Path
    claude: MessagesServer
    processes: Processes
    errors: Path

    def open(self, text: str, name: str) -> Document:
        return self.editor.open(text, name)

    async def ask(self, document: Document, number: int) -> None:
        await ask_claude(self.editor, document)
        await self.editor.until_ended(number)

    def leaks(self) -> list[str]:
        return [*files_with(self.folder, KEY), *self.processes.leaks]


@pytest.fixture(params=["environment", "editor"])
def source(request: pytest.FixtureRequest) -> str:
    """Where the server has the key from."""
    return str(request.param)


@pytest.fixture
async def verbose(tmp_path: Path, source: str) -> AsyncIterator[Verbose]:
    project = tmp_path / "project"
    project.mkdir()
    errors = tmp_path / "stderr.txt"
    loud = {
        "ANTHROPIC_LOG": "debug",
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONFAULTHANDLER": "1",
        "PYTHONDEVMODE": "1",
        "PYTHONPATH": os.pathsep.join([str(_everything_logged(tmp_path)), _path()]),
        "TMPDIR": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "ANTHROPIC_API_KEY": KEY if source == "environment" else "",
        "ANTHROPIC_AUTH_TOKEN": KEY if source == "environment" else "",
    }
    trace = ["--trace", str(tmp_path / "trace.jsonl"), "--trace-prompts"]
    # The shell keeps stderr, which the client would throw away.
    server = [*SERVER[:-1], "--verbose", "serve", *trace]
    command = ["sh", "-c", 'exec "$@" 2>>"$0"', str(errors), *server]
    with MessagesServer(answer(WHOLE)) as claude:
        editor = Editor(
            project,
            announcing("cloudPreview"),
            attach=lambda editor: CloudClient(editor, {"choice": "once"}),
        )
        settings = {**QUIET, "scope.index": True, "cloud.base_url": claude.url}
        settings["cloud.keep_payloads"] = True
        await editor.start(command, environment(tmp_path, **loud), settings)
        if source == "editor":
            give_key(editor, KEY)
        processes = Processes(editor.server.pid, KEY)
        watching = asyncio.create_task(processes.watch())
        yield Verbose(editor, tmp_path, claude, processes, errors)
        watching.cancel()
        if editor.server.returncode is None:
            await editor.stop()


def _path() -> str:
    return environment(Path())["PYTHONPATH"]


def _everything_logged(folder: Path) -> Path:
    """A folder whose `sitecustomize` turns every logger on, also those that are held down."""
    path = folder / "site"
    path.mkdir()
    (path / "sitecustomize.py").write_text(
        "import logging\n"
        "logging.basicConfig(level=1)\n"
        "logging.Logger.setLevel = lambda self, level: None\n"
        "logging.Logger.isEnabledFor = lambda self, level: True\n"
        "logging.Logger.getEffectiveLevel = lambda self: 1\n"
    )
    return path


async def test_success_refusal_and_failure(verbose: Verbose) -> None:
    verbose.claude.replies = [answer(WHOLE), DENIED, answer(PROGRAM)]

    await verbose.ask(verbose.open(STUB, "one.py"), 1)
    await verbose.ask(verbose.open(STUB, "two.py"), 2)
    look = verbose.open(LOOK, "three.py")
    await verbose.ask(look, 3)
    await verbose.editor.until(lambda: "os.listdir" in look.text)

    await every_process(verbose)
    # The key was used, the log was loud, the processes were there and looked at.
    headers = [received.header("x-api-key") for received in verbose.claude.requests]
    assert headers == [KEY] * 3
    said = verbose.errors.read_text()
    assert "DEBUG" in said
    for program in ("bwrap", "scopewise.scope.python", "tag_index", "scopewise.engine.worker"):
        assert any(program in command for command in verbose.processes.commands), program
    assert "was not accepted" in " ".join(verbose.editor.messages)
    assert (verbose.folder / "trace.jsonl").stat().st_size
    with contextlib.closing(sqlite3.connect(_ledger(verbose))) as db:
        assert len(db.execute("SELECT payload FROM sends").fetchall()) == 3
    # What ran in the sandbox looked for it, and its example passed.
    assert "verified: 1 of 1 example" in (verbose.editor.edits[-1].annotation.description or "")
    assert verbose.leaks() == []
    assert not holds(json.dumps(verbose.editor.messages).encode(), KEY)


async def every_process(verbose: Verbose) -> None:
    """Have the server start whatever it starts: the analysis of imports, and the local model."""
    editor = verbose.editor
    (editor.folder / "other.py").write_text("def parse_row(row):\n    return int(row)\n")
    document = verbose.open(
        "from other import parse_row\n\n\ndef $0f():\n    parse_row(1)\n", "u.py"
    )
    await editor.hover(document)
    model = verbose.folder / "model.gguf"
    model.write_bytes(b"GGUF" + bytes(4000))
    n_ended = len(editor.ends)
    change_settings(editor, {"model.name": str(model)})
    await editor.run("fill_body", verbose.open(STUB, "four.py"))
    await editor.until_ended(n_ended + 1)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
async def test_a_crash(verbose: Verbose, number: signal.Signals) -> None:
    verbose.claude.replies = [stream(*begin(), delta("x"), HOLD)]
    await ask_claude(verbose.editor, verbose.open(STUB, "one.py"))
    await asyncio.to_thread(verbose.claude.wait_for_request)

    verbose.editor.server.send_signal(number)
    await verbose.editor.server.wait()

    assert "Fatal Python error" in verbose.errors.read_text()
    assert "claude" in verbose.errors.read_text()
    assert verbose.leaks() == []


async def test_a_key_that_is_handed_over_wrongly(verbose: Verbose) -> None:
    """Whatever a client makes of the notification, and whatever fails in its handler."""
    protocol = verbose.editor.client.protocol
    for params in ([KEY], KEY, {"key": [KEY]}, {"key": {"of": KEY}}, {"secret": KEY}, None):
        protocol.notify("scopewise/apiKey", params)
    give_key(verbose.editor, f"{KEY} and more")
    for message in ({"method": "scopewise/apiKey"}, {"id": 77, "method": "scopewise/apiKey"}):
        protocol._send_data({"jsonrpc": "2.0", **message, "params": {"key": KEY, "jsonrpc": 1}})
    # Not even JSON.
    body = b'{"jsonrpc": "2.0", "method": "scopewise/apiKey", "params": {"key": "%s"' % KEY.encode()
    assert verbose.editor.server.stdin
    verbose.editor.server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    await verbose.editor.command("scopewise.status")
    await asyncio.sleep(0.3)

    assert "apiKey" in verbose.errors.read_text() or "key" in verbose.errors.read_text()
    assert verbose.leaks() == []
    assert not holds(json.dumps(verbose.editor.messages).encode(), KEY)


def _ledger(verbose: Verbose) -> Path:
    return verbose.folder / "home" / "cloud" / "ledger.sqlite"


# The search can fail


def test_a_file_with_the_key_is_found(tmp_path: Path) -> None:
    assert files_with(tmp_path, KEY) == []
    for number, form in enumerate(forms(KEY)):
        (tmp_path / f"{number}.log").write_bytes(b"before " + form + b" after")
    (tmp_path / KEY).mkdir()
    assert len(files_with(tmp_path, KEY)) == len(forms(KEY)) + 1
    for before in range(3):
        hidden = base64.b64encode(b"x" * before + KEY.encode() + b"after")
        assert holds(hidden, KEY)


@pytest.mark.parametrize("where", ["environ", "cmdline"])
async def test_a_process_with_the_key_is_found(where: str) -> None:
    code = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()', *sys.argv[1:]])"
    )
    arguments = [KEY] if where == "cmdline" else []
    env = {"K": KEY} if where == "environ" else {}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments, env=env, stdin=asyncio.subprocess.PIPE
    )
    processes = Processes(process.pid, KEY)
    for _ in range(100):
        processes.look()
        if processes.commands and processes.leaks:
            break
        await asyncio.sleep(0.05)
    assert any(leak.startswith(where) for leak in processes.leaks)
    await process.communicate(b"\n")


async def test_the_search_of_the_sandbox_would_find_it(verbose: Verbose, source: str) -> None:
    """The program that looks for the key does find a word that is there."""
    if source == "editor":
        pytest.skip("the same for both")
    verbose.claude.replies = [answer(PROGRAM.replace("'nobody'", "'PATH'"))]
    document = verbose.open(LOOK, "three.py")

    await verbose.ask(document, 1)

    assert "declined" in await verbose.editor.until_said("look()")

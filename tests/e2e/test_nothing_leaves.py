"""Nothing leaves: the tests of local actions where every packet that tries to is seen.

They run a second time, in a network namespace of their own; `alone.py` says how. With
SCOPEWISE_EVERYTHING_ALONE in the environment that is all tests of this folder, which takes minutes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from conftest import SERVER, Start
from editor import Editor, vscode
from lsprotocol import types as lsp
from samples import BROKEN, STUB, TRACE

from .cloud.desk import QUIET, ask_claude, environment

HERE = Path(__file__).parent
ALONE = HERE / "alone.py"
PYTEST = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"]
ALL = bool(os.environ.get("SCOPEWISE_EVERYTHING_ALONE"))
LOCAL = [
    "test_explain.py",
    "test_fix_traceback.py",
    "test_hover.py",
    "test_models.py",
]
"""A part of the tests that shows each of the local actions."""


@pytest.fixture(scope="module")
def unshare() -> list[str]:
    """What begins a command with a network of its own, or a skip."""
    ways = ([], ["--user", "--map-root-user"])
    check = "ip link set lo up && ip route add local 0.0.0.0/0 dev lo && mount -t tmpfs none /mnt"
    for way in ways if shutil.which("unshare") and shutil.which("ip") else ():
        command = ["unshare", *way, "--net", "--mount"]
        if not subprocess.run([*command, "sh", "-c", check], capture_output=True).returncode:
            return command
    return pytest.skip("no network namespace can be had here, so nothing is shown")


def alone(
    unshare: list[str], tmp_path: Path, *command: str, timeout_s: float = 60, **env: str
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """A command where no network is, and what tried to leave."""
    report = tmp_path / "left.json"
    done = subprocess.run(
        [*unshare, sys.executable, str(ALONE), str(report), *command],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        env={**os.environ, **env},
    )
    return done, json.loads(report.read_text())


# It would be seen


TRIES = {
    "tcp": ("s.create_connection(('192.0.2.1', 443), 1)", "TCP to 192.0.2.1 port 443"),
    "udp": ("s.socket(2, 2).sendto(b'x', ('192.0.2.1', 9))", "UDP to 192.0.2.1 port 9"),
    "a child's": (
        "import subprocess as p; p.run([sys.executable, '-I', '-c', 'import socket as s;"
        's.create_connection(("192.0.2.1", 443), 1)\'])',
        "TCP to 192.0.2.1 port 443",
    ),
}


@pytest.mark.parametrize("case", TRIES)
def test_an_attempt_to_leave_is_seen(unshare: list[str], tmp_path: Path, case: str) -> None:
    code, seen = TRIES[case]
    _, left = alone(
        unshare, tmp_path, sys.executable, "-I", "-c", f"import socket as s, sys; {code}"
    )
    assert seen in left


def test_a_question_to_a_name_server_is_seen(unshare: list[str], tmp_path: Path) -> None:
    code = "import socket; socket.getaddrinfo('api.anthropic.com', 443)"
    _, left = alone(unshare, tmp_path, sys.executable, "-I", "-c", code)
    assert any(what.endswith("port 53") for what in left)


def test_this_machine_is_no_leak(unshare: list[str], tmp_path: Path) -> None:
    code = (
        "import socket as s; a = s.create_server(('127.0.0.1', 0)); "
        "s.create_connection(a.getsockname()).send(b'x'); s.getaddrinfo('localhost', 1)"
    )
    done, left = alone(unshare, tmp_path, sys.executable, "-c", code)
    assert (done.returncode, left) == (0, [])


@pytest.fixture
def stub(tmp_path: Path) -> str:
    path = tmp_path / "shop.py"
    path.write_text(STUB.replace("$0", ""))
    return f"{path}:1"


def command_line(tmp_path: Path, *arguments: str) -> list[str]:
    settings = ["--set", "cloud.base_url=https://192.0.2.1", "--set", "verify.run_tests=never"]
    return [*SERVER[:-1], "fill", *arguments, "--root", str(tmp_path), *settings]


def test_what_the_user_agreed_to_does_leave(unshare: list[str], tmp_path: Path, stub: str) -> None:
    """The same program, once it may."""
    command = command_line(tmp_path, stub, "--cloud", "--yes")
    done, left = alone(unshare, tmp_path, *command, **environment(tmp_path))
    assert "192.0.2.1 cannot be reached" in done.stderr
    assert "TCP to 192.0.2.1 port 443" in left


# It is not


@pytest.mark.parametrize("arguments", [[], ["--cloud"], ["--cloud", "--dry-run"]])
def test_what_the_user_did_not_agree_to_does_not(
    unshare: list[str], tmp_path: Path, stub: str, arguments: list[str]
) -> None:
    command = command_line(tmp_path, stub, *arguments)
    env = environment(tmp_path)
    del env["SCOPEWISE_OFFLINE"]
    done, left = alone(unshare, tmp_path, *command, **env)
    assert done.returncode == (0 if "--dry-run" in arguments else 2 if arguments else 3)
    assert left == []


@pytest.mark.timeout(1800)
def test_local_actions(unshare: list[str], tmp_path: Path) -> None:
    """And those of the cloud that the user declines."""
    if ALL:
        # Beside the recorder times say nothing.
        left_out = ("test_nothing_leaves.py", "test_latency.py")
        tests = [str(HERE), *(f"--ignore={HERE / name}" for name in left_out)]
    else:
        declined = HERE / "cloud" / "test_asking.py::test_anything_but_yes_is_no"
        this = f"{__file__}::test_an_evening_without_a_model"
        tests = [*(str(HERE / name) for name in LOCAL), str(declined), this]
    done, left = alone(unshare, tmp_path, *PYTEST, *tests, timeout_s=1500)
    assert done.returncode == 0, done.stdout[-4000:]
    assert left == []
    assert " passed" in done.stdout


@pytest.fixture
async def online(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a server that was not told to stay away from the network."""
    (tmp_path / "project").mkdir()
    editors: list[Editor] = []

    async def start(**kwargs: str) -> Editor:
        editor = Editor(tmp_path / "project", vscode(), **kwargs)
        editors.append(editor)
        env = environment(tmp_path)
        del env["SCOPEWISE_OFFLINE"]
        # The address is Anthropic's own.
        await editor.start(SERVER, env, {**QUIET, "scope.index": True})
        return editor

    yield start
    for editor in editors:
        await editor.stop()


async def test_an_evening_without_a_model(online: Start) -> None:
    """Everything a user can do without agreeing to anything; also run alone by the test above."""
    editor = await online(press="")
    path = editor.folder / "stats.py"
    path.write_text(BROKEN)
    document = editor.open(STUB)
    log = editor.open(TRACE.format(path=path), "run.log", "plaintext")
    document.cursor = document.text.index("area")
    await editor.hover(document)
    n_jobs = 0
    for place, producer in (
        (document, "fill_body"),
        (document, "explain"),
        (log, "fix_traceback"),
    ):
        n_jobs += 1
        await editor.run(producer, place)
        await editor.until_ended(n_jobs)
    for place, task in ((document, "fill"), (document, "explain"), (log, "fix")):
        n_jobs += 1
        await ask_claude(editor, place, task)
        await editor.until_ended(n_jobs)
    for name in ("status", "models"):
        await editor.command(f"scopewise.{name}")
    # Three times about a model to be pulled, three times about the cloud.
    asked = [question.message for question in editor.questions]
    assert sum("at api.anthropic.com?" in question for question in asked) == 3
    assert not editor.edits
    assert lsp.MessageType.Error not in [message.type for message in editor.client.messages]

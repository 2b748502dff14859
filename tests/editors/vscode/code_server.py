"""VS Code in a browser without a screen, with the extension and a server that gives canned answers.

What `install.py` installed is used; the tests skip where it is not there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from installation import EXTENSION, ROOT, folder, node_environment

HERE = Path(__file__).resolve().parent
VSIX = EXTENSION / "dist" / "scopewise.vsix"
CHROMIUM = "chromium"
START_S = 60.0

SHAPES = '''"""Shapes."""


def area(width, height):
    """The area of a rectangle."""


def ring(width, height):
    """The circumference of a rectangle."""


def double(number):
    """Twice a number."""
    return number * 2
'''
STATS = """def mean(numbers):
    return sum(numbers) / len(numbers)


mean([])
"""
TRACE = """Traceback (most recent call last):
  File "{path}", line 5, in <module>
    mean([])
  File "{path}", line 2, in mean
    return sum(numbers) / len(numbers)
ZeroDivisionError: division by zero
"""
MENDED = """def mean(numbers):
    if not numbers:
        return 0.0
    return sum(numbers) / len(numbers)
"""
# An emoji, a tab and CRLF before the cursor: each counts differently in bytes, UTF-16 and columns.
# A space, which addresses are encoded for.
ODD_NAME = "odd name.py"
ODD = 'FACE = "🙂"\t; def_ = 1\r\n\r\n\r\ndef odd(width):\r\n\t"""Twice the width 🙂."""\r\n'

EXPLANATION = (
    "It doubles a number.\n\n- It takes `number` and gives it back twice as large.\n"
    "- It fails for what cannot be multiplied.\n\n```python\nassert double(2) == 4\n```\n"
)
ANSWERS: list[dict[str, Any]] = [
    # The first answer for `area` is slow, to be cancelled; the others differ, to be tried again.
    {
        "when": r"function `area`",
        "text": "    return height * width\n",
        "delay_s": 1.5,
        "is_kept": False,
    },
    {"when": r"function `area`", "text": "    return height * width\n", "is_kept": False},
    {"when": r"function `area`", "text": "    return width * height\n"},
    {"when": r"function `ring`", "text": "    return 2 * (width + height)\n", "delay_s": 0.3},
    {"when": r"function `odd`", "text": "\treturn 2 * width\n"},
    {"when": r"function `circumference`", "text": "    return 2 * math.pi * radius\n"},
    {"when": r"function `declined`", "text": "    return unknown_name(number)\n"},
    {"when": r"ZeroDivisionError", "text": f"{MENDED}```\n"},
    {"when": "", "text": EXPLANATION, "delay_s": 0.1},
]
SETTINGS: dict[str, Any] = {
    "scopewise.engine.kind": "scripted",
    "scopewise.verify.samples": 0,
    "scopewise.verify.repairs": 0,
    "scopewise.verify.run_tests": "never",
    "chat.disableAIFeatures": True,
    "editor.lightbulb.enabled": "on",
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "files.simpleDialog.enable": True,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "window.commandCenter": False,
    "workbench.enableExperiments": False,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.welcomePage.walkthroughs.openOnInstall": False,
}


@dataclass
class Profile:
    """A machine with nothing of the user's: folders, settings, a project and the helper."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=lambda: ANSWERS)
    finds_server: bool = True
    """Whether any Python finds the server of this repository."""

    def __post_init__(self) -> None:
        self.project = self.folder / "project"
        self.data = self.folder / "data"
        self.extensions = self.folder / "extensions"
        self.report = self.folder / "report.json"
        # What lies in the folder when the editor starts for the first time counts as installed.
        shutil.copytree(HERE / "helper", self.extensions / "scopewise-tests.helper-0.0.1")
        self._write_project()
        self._write_settings()

    @property
    def environment(self) -> dict[str, str]:
        kinds = ("CONFIG", "DATA", "STATE", "CACHE")
        node = node_environment(folder())
        own = [str(ROOT / "server")] if self.finds_server else []
        return {
            **node,
            **{f"XDG_{kind}_HOME": str(self.folder / kind.lower()) for kind in kinds},
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join(own),
            "PIP_NO_INDEX": "1",
            "EXTENSIONS_GALLERY": json.dumps({"serviceUrl": ""}),
            "SCOPEWISE_HOME": str(self.folder / "home"),
            "SCOPEWISE_OFFLINE": "1",
            "SCOPEWISE_REPORT": str(self.report),
            "SCOPEWISE_PROJECT": str(self.project),
            "SCOPEWISE_SETTINGS": str(self.data / "User" / "settings.json"),
            "PLAYWRIGHT": str(folder() / "node_modules" / "playwright-core" / "index.mjs"),
            "CHROMIUM": shutil.which(CHROMIUM) or "",
        }

    def _write_project(self) -> None:
        (self.project / ".git").mkdir(parents=True)
        stats = self.project / "stats.py"
        texts = {"shapes.py": SHAPES, "stats.py": STATS, "trace.txt": TRACE.format(path=stats)}
        for name, text in texts.items():
            (self.project / name).write_text(text)
        (self.project / ODD_NAME).write_bytes(ODD.encode())
        declined = 'def declined(number):\n    """Something that cannot be done."""\n'
        (self.project / "declined.py").write_text(declined)

    def _write_settings(self) -> None:
        script = self.folder / "answers.json"
        script.write_text(json.dumps(self.answers))
        python = {"scopewise.server.python": sys.executable, "scopewise.engine.script": str(script)}
        settings = json.dumps({**SETTINGS, **python, **self.settings}, indent=1)
        # Settings of the machine, and the user's own.
        for place in ("User", "Machine"):
            path = self.data / place / "settings.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(settings)


def require() -> Path:
    """The folder of code-server; skips where something is not installed."""
    place = folder() / "node_modules" / "code-server"
    install = "python tests/editors/vscode/install.py"
    if not place.exists():
        pytest.skip(f"code-server is not in {folder()}: run `{install}`")
    if not shutil.which(CHROMIUM):
        pytest.skip(f"Chromium is not on PATH: run `{install}`")
    if not VSIX.exists():
        pytest.skip(f"{VSIX.relative_to(ROOT)} is not built: run `{install}`")
    return place


@contextlib.contextmanager
def editor(profile: Profile, *options: str) -> Iterator[str]:
    """The address of a code-server with the extension installed."""
    place = require()
    entry = place / "out" / "node" / "entry.js"
    where = ["--user-data-dir", str(profile.data), "--extensions-dir", str(profile.extensions)]
    install = ["node", str(entry), *where, "--install-extension", str(VSIX)]
    subprocess.run(install, env=profile.environment, check=True, capture_output=True, timeout=120)
    port = _free_port()
    command = [
        *("node", str(entry), *where, "--auth", "none", "--bind-addr", f"127.0.0.1:{port}"),
        *("--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"),
        *("--app-name", "test", *options),
    ]
    with _running(command, profile, port):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def host(profile: Profile, *options: str) -> Iterator[str]:
    """The address of VS Code's own server, which runs tests inside the extension host."""
    entry = require() / "lib" / "vscode" / "out" / "server-main.js"
    port = _free_port()
    command = [
        *("node", str(entry), "--host", "127.0.0.1", "--port", str(port)),
        *("--without-connection-token", "--accept-server-license-terms"),
        *("--enable-smoke-test-driver", "--telemetry-level", "off"),
        *(
            "--user-data-dir",
            str(profile.data),
            "--server-data-dir",
            str(profile.folder / "server"),
        ),
        *("--extensions-dir", str(profile.extensions), *options),
    ]
    with _running(command, profile, port):
        yield f"http://127.0.0.1:{port}"


def drive(profile: Profile, driver: str, address: str, *args: str, timeout_s: float) -> Any:
    """Runs a script that plays the user; its report."""
    command = ["node", str(HERE / driver), address, *args]
    done = subprocess.run(
        command,
        env=profile.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    said = f"{done.stdout}{done.stderr}\n{_tail(profile.folder / 'log.txt')}"
    assert profile.report.exists(), said
    report = json.loads(profile.report.read_text())
    return {**report, "said": said, "exit": done.returncode}


def pictures() -> Path:
    """Where screenshots go: out of the repository, unless somebody wants them elsewhere."""
    named = os.environ.get("SCOPEWISE_SCREENSHOTS")
    place = Path(named) if named else folder() / "screenshots"
    place.mkdir(parents=True, exist_ok=True)
    return place


@contextlib.contextmanager
def _running(command: list[str], profile: Profile, port: int) -> Iterator[None]:
    with (profile.folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=profile.folder,
            env=profile.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_for(port, process)
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "The editor's server ended."
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError("The editor's server does not answer.")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _tail(path: Path) -> str:
    return path.read_text(errors="replace")[-2000:] if path.exists() else ""

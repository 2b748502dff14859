"""A real server process for each test, and a small editor at the other end of its pipes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from editor import Editor, vscode

SERVER = [sys.executable, "-m", "scopewise", "serve"]
PACKAGE = Path(__file__).resolve().parents[2] / "server"

Start = Callable[..., Awaitable[Editor]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A machine without a model, a network or anything of the user's."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(PACKAGE), os.environ.get("PYTHONPATH", "")]),
        "SCOPEWISE_HOME": str(tmp_path / "home"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "SCOPEWISE_OFFLINE": "1",
    }


@pytest.fixture
async def start(tmp_path: Path, environment: dict[str, str]) -> AsyncIterator[Start]:
    """Starts an editor with its server.

    `answers` are what the model will say: texts, or the fields of a ScriptedAnswer.
    Without any there is no model.
    """
    folder = tmp_path / "project"
    folder.mkdir()
    editors: list[Editor] = []

    async def start(
        *answers: str | dict[str, Any], settings: object = None, **kwargs: Any
    ) -> Editor:
        options = settings
        if answers:
            script = tmp_path / "answers.json"
            script.write_text(json.dumps([_answer(answer) for answer in answers]))
            engine = {"engine.kind": "scripted", "engine.script": str(script)}
            # Tests that do not mean to be asked about running the project's code are not.
            quiet = {"verify.run_tests": "never"}
            options = {**engine, **quiet, **(settings if isinstance(settings, dict) else {})}
        kwargs.setdefault("capabilities", vscode())
        editor = Editor(folder, **kwargs)
        editors.append(editor)
        await editor.start(SERVER, environment, options)
        return editor

    yield start
    for editor in editors:
        await editor.stop()


def _answer(answer: str | dict[str, Any]) -> dict[str, Any]:
    return {"text": answer} if isinstance(answer, str) else answer

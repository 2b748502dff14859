"""No model, or a damaged one: said in a sentence, with a button that fetches it."""

from __future__ import annotations

from pathlib import Path

from conftest import Start
from editor import emacs
from lsprotocol import types as lsp
from samples import STUB

MODEL = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"


async def test_missing_model_is_offered(start: Start) -> None:
    editor = await start()

    await editor.run("fill_body", editor.open(STUB))
    await editor.until(lambda: editor.questions)

    question = editor.questions[0]
    assert question.message == (
        "The model qwen2.5-coder-1.5b is not in the store. "
        "Type `scopewise models pull qwen2.5-coder-1.5b`."
    )
    assert [action.title for action in question.actions or []] == ["Pull it now (1.1 GB)"]


async def test_pull_that_fails_says_why(start: Start) -> None:
    editor = await start(press="Pull it now (1.1 GB)")

    await editor.run("fill_body", editor.open(STUB))

    await editor.until_said("SCOPEWISE_OFFLINE is set")
    assert [job[0].title for job in editor.progress] == [
        "Fill body of `area` from its docstring",
        "Pull the model qwen2.5-coder-1.5b",
    ]


async def test_editor_that_cannot_ask_is_told(start: Start) -> None:
    editor = await start(capabilities=emacs(), refuses=["window/showMessageRequest"])

    await editor.run("fill_body", editor.open(STUB))

    await editor.until_said("Type `scopewise models pull qwen2.5-coder-1.5b`.")


async def test_model_cut_short(start: Start, tmp_path: Path) -> None:
    store = tmp_path / "home" / "models"
    store.mkdir(parents=True)
    (store / MODEL).write_bytes(b"GGUF" + bytes(1000))
    editor = await start(press="Not now")

    await editor.run("fill_body", editor.open(STUB))
    await editor.until(lambda: editor.questions)

    assert "has the wrong size: 1,117,320,768 bytes expected, 1,004 found." in (
        editor.questions[0].message
    )


async def test_model_by_path_has_no_button(start: Start) -> None:
    editor = await start(settings={"model.name": "/nowhere/model.gguf"})

    await editor.run("fill_body", editor.open(STUB))

    await editor.until_said("There is no file /nowhere/model.gguf.")
    assert editor.client.messages[0].type == lsp.MessageType.Error
    assert not editor.questions


async def test_pull_command(start: Start) -> None:
    editor = await start()

    assert await editor.command("scopewise.pullModel", {"name": "qwen2.5-coder-0.5b"}) is None

    await editor.until_said("SCOPEWISE_OFFLINE is set, so qwen2.5-coder-0.5b is not fetched")

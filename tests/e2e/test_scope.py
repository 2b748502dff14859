"""Where scope analysis shows: the hover, titles of actions, the cloud's action, the command."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from conftest import Start
from editor import Document, Editor, neovim
from samples import STUB

PATIENT = {"scope.deadline_s": 10.0}
"""A hover then waits for the whole analysis, however busy the machine is."""

OTHER = "def parse_row(row):\n    return int(row)\n"
TILL = '''from other import parse_row


def refund(row):
    """Give back what `parse_row` says.$0"""


def pay(row):
    return parse_row(row)
'''
BAD = "    return 1 +\n"


def project(tmp_path: Path) -> Path:
    (tmp_path / "project" / "other.py").write_text(OTHER)
    (tmp_path / "project" / "till.py").write_text(TILL.replace("$0", ""))
    return tmp_path / "project" / "till.py"


async def known(editor: Editor, document: Document) -> list[dict[str, Any]]:
    """The actions at the cursor, once the analysis of the function above it is there."""
    cursor = document.cursor
    document.cursor = document.text.rindex("def ", 0, cursor) + len("def ")
    assert "local model" in await editor.hover(document)
    document.cursor = cursor
    return await editor.actions(document)


def titles(actions: list[dict[str, Any]]) -> list[str]:
    return [action["title"] for action in actions]


async def test_hover_shows_the_scope_card(start: Start, tmp_path: Path) -> None:
    project(tmp_path)
    editor = await start(settings=PATIENT)
    document = editor.open(TILL, name="till.py")
    document.cursor = document.text.index("pay")

    card = await editor.hover(document)

    assert "def pay(row)" in card
    assert "- **Needs** `parse_row` from other files of the project" in card
    assert "Probably too much for the local model to change it: uses `parse_row`" in card


async def test_hover_does_not_wait_longer_than_the_deadline(start: Start, tmp_path: Path) -> None:
    project(tmp_path)
    editor = await start(settings={"scope.deadline_s": 0.001})
    document = editor.open(TILL, name="till.py")
    document.cursor = document.text.index("pay")

    assert is_unfinished(await editor.hover(document))
    async with asyncio.timeout(20):
        while is_unfinished(card := await editor.hover(document)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert "**Needs** `parse_row`" in card


def is_unfinished(card: str) -> bool:
    return "still being found out" in card or "for want of time" in card


async def test_callers_in_other_files_are_counted(start: Start, tmp_path: Path) -> None:
    project(tmp_path)
    for n in range(3):
        user = tmp_path / "project" / f"user{n}.py"
        user.write_text("from till import pay\n\nprint(pay('1') + 1)\n")
    editor = await start(settings=PATIENT)
    text = TILL.replace("return parse_row(row)", "return int(row)")
    document = editor.open(text, name="till.py")
    document.cursor = document.text.index("pay")

    async with asyncio.timeout(30):
        while "three" not in (card := await editor.hover(document)):
            # A hover over another version asks anew, now that the index may be there.
            editor.replace(document, "\n\n\ndef pay", "\n\n\n\ndef pay")
            document.cursor = document.text.index("pay")
            await asyncio.sleep(0.5)

    assert "file" in card


async def test_first_offer_waits_for_nothing(start: Start, tmp_path: Path) -> None:
    project(tmp_path)
    editor = await start()

    actions = await editor.actions(editor.open(TILL, name="till.py"))

    assert titles(actions) == [
        "Fill body of `refund` from its docstring",
        "Explain the function `refund`",
    ]


async def test_cloud_is_offered_last_with_its_reason(start: Start, tmp_path: Path) -> None:
    project(tmp_path)
    editor = await start(settings=PATIENT)

    actions = await known(editor, editor.open(TILL, name="till.py"))

    cloud = actions[-1]
    assert cloud["title"].startswith("Ask Claude: fill body (")
    assert "parse_row" in cloud["title"]
    assert "disabled" not in cloud
    assert cloud["kind"] == "scopewise.askCloud.fill"
    assert cloud["command"]["arguments"][0]["producer"] == "ask_cloud.fill"
    assert "isPreferred" not in cloud
    assert actions[0]["command"]["arguments"][0]["producer"] == "fill_body"


async def test_cursor_that_rests_is_enough(start: Start, tmp_path: Path) -> None:
    project(tmp_path)
    editor = await start()
    document = editor.open(TILL, name="till.py")

    async with asyncio.timeout(30):
        while not any("Claude" in title for title in titles(await editor.actions(document))):  # noqa: ASYNC110
            await asyncio.sleep(0.6)


async def test_cloud_is_not_mentioned_to_people_who_do_not_want_it(
    start: Start, tmp_path: Path
) -> None:
    project(tmp_path)
    editor = await start(settings={**PATIENT, "cloud.mode": "never"})

    actions = await known(editor, editor.open(TILL, name="till.py"))

    assert not any("Claude" in title for title in titles(actions))


async def test_client_that_shows_no_reasons_gets_no_disabled_action(start: Start) -> None:
    settings = {**PATIENT, "verify.repairs": 0, "verify.samples": 0}
    editor = await start(BAD, BAD, capabilities=neovim(), settings=settings)
    document = editor.open(STUB)
    for n in (1, 2):
        await editor.run("fill_body", document)
        await editor.until_ended(n)

    offered = titles(await known(editor, document))

    assert any("Explain" in title for title in offered)
    assert not any("Fill body of" in title for title in offered)


async def test_fill_that_was_declined_twice_is_off_until_the_text_changes(start: Start) -> None:
    settings = {**PATIENT, "verify.repairs": 0, "verify.samples": 0}
    editor = await start(BAD, BAD, settings=settings)
    document = editor.open(STUB)
    for n in (1, 2):
        await editor.run("fill_body", document)
        await editor.until_ended(n)

    actions = await known(editor, document)

    (fill,) = [a for a in actions if a["kind"] == "refactor.rewrite.fillBody"]
    assert fill["disabled"]["reason"] == (
        "The last two answers were declined by the checks. Say more in the documentation."
    )
    editor.replace(document, "The area of", "Width times height: the area of")
    assert await editor.offered(document, only=["refactor"]) == ["fill_body"]


def scope(path: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scopewise", "scope", path, *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


async def test_command(start: Start, tmp_path: Path) -> None:
    path = project(tmp_path)

    done = scope(f"{path}:9")

    assert done.returncode == 0, done.stderr
    assert "`parse_row` from other files of the project" in " ".join(done.stdout.split())
    assert "other.parse_row" in done.stdout


async def test_command_as_json(start: Start, tmp_path: Path) -> None:
    path = project(tmp_path)

    done = scope(f"{path}:5", "--json", "--task", "explain")

    answer = json.loads(done.stdout)
    assert answer["task"] == "explain"
    assert answer["decision"]["advice"] == "local"
    assert answer["report"]["target"] == "refund"
    assert answer["report"]["is_stub"] is True
    assert answer["report"]["level"] == "self_contained"
    assert answer["report"]["prediction"]["level"] == "project_runnable"
    assert answer["report"]["n_calling_files"] == 0


async def test_command_where_there_is_nothing(start: Start, tmp_path: Path) -> None:
    path = project(tmp_path)

    done = scope(f"{path}:1")

    assert done.returncode == 2
    assert "no function, class or stack trace" in done.stderr

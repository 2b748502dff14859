"""What would be sent to Claude is shown first and sent only on a yes, in Neovim and in Emacs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from emacs import Emacs
from machine import EXPLAIN
from neovim import Neovim
from real_editor import AskingEditor
from tests.cloud.messages_server import MessagesServer, answer

pytestmark = pytest.mark.editors

KEY = "sk-ant-api03-" + "not-a-key-" * 4
OTHER = "def parse_row(row):\n    return int(row)\n"
TILL = '''from other import parse_row


def refund(row):
    """Give back what `parse_row` says."""


def pay(row):
    return parse_row(row)
'''
REFUND = TILL.replace('says."""\n', 'says."""\n    return parse_row(row)\n')
ANSWER = REFUND[REFUND.index("def refund") : REFUND.index("\n\n\ndef pay")]
BUTTONS = ["Send once", "Send in this session", "Do not send"]


@pytest.fixture
def claude() -> Iterator[MessagesServer]:
    with MessagesServer(answer(f"```python\n{ANSWER}\n```")) as server:
        yield server


@pytest.fixture(params=["neovim", "emacs"])
def editor(
    request: pytest.FixtureRequest, claude: MessagesServer, new_machine: Callable[..., object]
) -> AskingEditor:
    """With a key, and nobody but this server to send anything to."""
    machine = new_machine({"cloud.base_url": claude.url}, ANTHROPIC_API_KEY=KEY)
    started: AskingEditor = request.getfixturevalue(f"new_{request.param}")(machine)
    return started


def test_nothing_is_sent_before_a_yes_nor_after_a_no(
    editor: AskingEditor, claude: MessagesServer
) -> None:
    (editor.machine.project / "other.py").write_text(OTHER)
    editor.write_and_visit("till.py", TILL, at="refund")
    title = editor.until("the offer", lambda: _offer(editor))

    editor.act(title)
    question = editor.question()
    page = _preview(editor, question.text)
    editor.choose("Do not send")
    editor.act(EXPLAIN.replace("area", "refund"))
    editor.until("the job after it", editor.explanation)

    assert question.buttons == BUTTONS
    assert f" at {claude.url.removeprefix('http://')}? " in question.text
    assert claude.n_connections == 0
    assert editor.text() == TILL

    editor.act(title)
    editor.question()
    editor.choose("Send once")
    editor.until("the answer", lambda: editor.question().buttons == ["Apply", "Discard"])
    editor.choose("Apply")
    editor.confirm()
    editor.until_text(REFUND)

    (sent,) = claude.requests
    assert sent.body.decode() in page


def _offer(editor: AskingEditor) -> str:
    """The title of Claude's action; scope analysis begins where the cursor rests after a menu."""
    titles = editor.menu()
    editor.leave()
    time.sleep(0.5)
    return next((title for title in titles if "Claude" in title), "")


def _preview(editor: AskingEditor, question: str) -> str:
    """Every byte, beside the code where the editor can show it, else in a file."""
    if isinstance(editor, Neovim):
        return str(editor.until("the preview", editor.explanation))
    assert isinstance(editor, Emacs)
    path = question.split("Every byte of it is in ")[1].split(".md.")[0] + ".md"
    return Path(path).read_text()

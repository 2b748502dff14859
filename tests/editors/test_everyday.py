"""What everybody does, in Neovim and in Emacs: look, ask, agree, undo, change one's mind."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from emacs import Emacs
from machine import (
    DOUBLED,
    EMOJI,
    EMOJI_FILLED,
    ENDLESS,
    EXPLAIN,
    EXPLANATION,
    FILL,
    FILLED,
    STUB,
    VERIFIABLE,
    Machine,
)
from neovim import Neovim
from real_editor import AskingEditor

pytestmark = pytest.mark.editors

LAST = "\n\nLAST = 0\n"
TYPED = "UNIT = 1\n"


def test_hover(editor: AskingEditor) -> None:
    editor.write_and_visit("hover.py", STUB, at="area")

    assert "its body can be filled" in editor.hover()


def test_menu(editor: AskingEditor) -> None:
    editor.write_and_visit("menu.py", STUB, at="area")

    titles = editor.menu()
    editor.leave()

    assert titles == [FILL, EXPLAIN]


def test_fill_asks_and_one_undo_takes_it_back(editor: AskingEditor) -> None:
    editor.write_and_visit("fill.py", STUB + LAST, at="LAST")
    editor.type(TYPED)
    before = editor.text()
    editor.go_to("area")

    editor.act(FILL)
    question = editor.question()
    assert editor.text() == before
    editor.choose("Apply")
    editor.confirm()
    editor.until_text(FILLED + LAST.replace("LAST", TYPED + "LAST"))
    editor.undo()
    editor.until_text(before)

    assert "Fill body of `area`: unverified: " in question.text
    assert question.buttons == ["Apply", "Discard"]


def test_discarded_fill_changes_nothing(editor: AskingEditor) -> None:
    editor.write_and_visit("discard.py", STUB, at="area")

    editor.act(FILL)
    editor.question()
    editor.choose("Discard")

    editor.act(EXPLAIN)
    editor.until("the job after it", editor.explanation)
    assert editor.text() == STUB


def test_verified_fill_is_applied_unasked_and_told(editor: AskingEditor) -> None:
    editor.write_and_visit("verified.py", VERIFIABLE, at="double")

    editor.act("Fill body of `double` from its docstring")
    editor.confirm()
    editor.until_text(DOUBLED)
    said = editor.said("verified: ")
    editor.undo()
    editor.until_text(VERIFIABLE)

    assert "Fill body of `double`: verified: 1 of 1 example passes" in said


def test_explanation_is_shown_and_stays_in_the_hover(editor: AskingEditor) -> None:
    editor.write_and_visit("explain.py", STUB, at="area")

    editor.act(EXPLAIN)
    shown = editor.until("the explanation", editor.explanation)

    assert EXPLAIN in shown
    assert EXPLANATION in shown
    assert EXPLANATION in editor.hover()
    assert editor.text() == STUB


def test_cancelled_job_changes_nothing_and_the_next_one_works(editor: AskingEditor) -> None:
    text = f"{ENDLESS}\n\n{VERIFIABLE}"
    editor.write_and_visit("cancel.py", text, at="endless")
    editor.act("Fill body of `endless` from its docstring")

    editor.cancel()
    editor.go_to("double")
    editor.act("Fill body of `double` from its docstring")
    editor.confirm()

    editor.until_text(f"{ENDLESS}\n\n{DOUBLED}")


def test_emoji_and_tabs_before_the_edit(editor: AskingEditor) -> None:
    editor.write_and_visit("emoji.py", EMOJI, at='circle."""')

    editor.act(FILL)
    editor.question()
    editor.choose("Apply")
    editor.confirm()
    editor.until_text(EMOJI_FILLED)
    editor.undo()

    editor.until_text(EMOJI)


def test_emoji_before_the_cursor(editor: AskingEditor) -> None:
    editor.write_and_visit("cursor.py", EMOJI, at="area(2)")

    assert "area(radius" in editor.hover()


def test_windows_line_ends_are_kept(editor: AskingEditor) -> None:
    before, after = (text.replace("\n", "\r\n") for text in (EMOJI, EMOJI_FILLED))
    path = editor.write_and_visit("windows.py", before, at='circle."""')

    editor.act(FILL)
    editor.question()
    editor.choose("Apply")
    editor.confirm()
    editor.until_text(after)
    editor.save()

    assert path.read_bytes() == after.encode()


def test_neovim_agrees_on_bytes(neovim: Neovim) -> None:
    neovim.write_and_visit("bytes.py", STUB, at="area")

    assert neovim.encoding == "utf-8"


def test_neovim_is_told_how_a_job_is_going(neovim: Neovim) -> None:
    neovim.write_and_visit("progress.py", VERIFIABLE, at="double")

    neovim.act("Fill body of `double` from its docstring")
    neovim.until_text(DOUBLED)
    begin, *_, end = neovim.progress

    assert begin["kind"] == "begin"
    assert begin["title"] == "Fill body of `double` from its docstring"
    assert begin["cancellable"]
    assert end["kind"] == "end"
    assert end["message"].startswith("verified: ")


def test_neovim_is_told_that_a_job_was_cancelled(neovim: Neovim) -> None:
    neovim.write_and_visit("cancelled.py", ENDLESS, at="endless")
    neovim.act("Fill body of `endless` from its docstring")
    neovim.until("tokens", lambda: "tokens" in str(neovim.progress))

    neovim.cancel()
    neovim.until("the end", lambda: neovim.progress[-1]["kind"] == "end")

    assert neovim.progress[-1]["message"] == "Cancelled."
    assert neovim.text() == ENDLESS


def test_emacs_has_no_progress_to_show(emacs: Emacs) -> None:
    emacs.write_and_visit("silent.py", VERIFIABLE, at="double")

    emacs.act("Fill body of `double` from its docstring")
    emacs.confirm()
    emacs.until_text(DOUBLED)

    assert emacs.requests() == {"workspace/applyEdit"}


def test_neovim_that_shows_no_documents_and_takes_no_edits(
    new_machine: Callable[..., Machine], new_neovim: Callable[[Machine], Neovim]
) -> None:
    lacks = {
        "window": {"showDocument": {"support": False}, "workDoneProgress": False},
        "workspace": {"applyEdit": False},
    }
    neovim = new_neovim(new_machine(SCOPEWISE_CAPABILITIES=json.dumps(lacks)))
    neovim.write_and_visit("less.py", STUB, at="area")

    neovim.act(FILL)
    shown = neovim.said("math.pi * radius**2")
    neovim.act(EXPLAIN)
    neovim.said(EXPLANATION)

    assert "unverified: " in shown
    assert neovim.text() == STUB
    assert neovim.explanation() == ""
    assert neovim.progress == []

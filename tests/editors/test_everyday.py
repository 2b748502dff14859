"""What everybody does, in Neovim and in Emacs: look, ask, agree, undo."""

from __future__ import annotations

import pytest
from machine import (
    BODY,
    DOUBLED,
    EXPLAIN,
    EXPLANATION,
    FILL,
    FILLED,
    STUB,
    VERIFIABLE,
)
from real_editor import RealEditor

pytestmark = pytest.mark.editors


def test_hover(editor: RealEditor) -> None:
    editor.write_and_visit("hover.py", STUB, at="area")

    assert "its body can be filled" in editor.hover()


def test_menu(editor: RealEditor) -> None:
    editor.write_and_visit("menu.py", STUB, at="area")

    titles = editor.menu()
    editor.leave()

    assert titles == [FILL, EXPLAIN]


def test_fill_asks_and_one_undo_takes_it_back(editor: RealEditor) -> None:
    editor.write_and_visit("fill.py", STUB, at='"""Shapes')
    editor.type("UNIT = 1\n")
    before = editor.text()
    editor.go_to("area")

    editor.act(FILL)
    question = editor.question()
    assert editor.text() == before
    editor.choose("Apply")
    editor.confirm()
    editor.until_text(FILLED.replace('"""Shapes', 'UNIT = 1\n"""Shapes'))
    editor.undo()
    editor.until_text(before)

    assert "Fill body of `area`: unverified: " in question.text
    assert question.buttons == ["Apply", "Discard"]

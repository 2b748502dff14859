"""What becomes of an answer when its file is not what it was, in Neovim and in Emacs."""

from __future__ import annotations

import pytest
from emacs import Emacs
from machine import SLOW, SLOW_FILLED, STUB
from neovim import Neovim
from real_editor import RealEditor

pytestmark = pytest.mark.editors

FILL_SLOW = "Fill body of `slow` from its docstring"
OTHER = "\n\nLAST = 0\n"


def test_typed_elsewhere(editor: RealEditor) -> None:
    """The edit lands where the function is by then."""
    editor.write_and_visit("elsewhere.py", "FIRST = 0\n\n\n" + SLOW, at="slow")
    editor.act(FILL_SLOW)
    editor.go_to("FIRST")
    editor.type("ZERO = 0\n\n")

    editor.question()
    editor.choose("Apply")
    editor.confirm()

    editor.until_text("ZERO = 0\n\nFIRST = 0\n\n\n" + SLOW_FILLED)


def test_typed_in_the_function(editor: RealEditor) -> None:
    """What the user wrote is left alone, and a sentence says why."""
    editor.write_and_visit("inside.py", SLOW, at="slow")
    editor.act(FILL_SLOW)
    editor.go_to("One more")
    editor.type("Certainly ")

    editor.question()
    editor.choose("Apply")
    editor.said("`slow` in inside.py changed while the answer was being written")

    assert editor.text() == SLOW.replace("One more", "Certainly One more")


def test_closed(editor: RealEditor) -> None:
    """The edit goes into the file, which the editor opens for it, unsaved."""
    path = editor.write_and_visit("closed.py", SLOW, at="slow")
    editor.act(FILL_SLOW)
    editor.close_document()

    editor.question()
    editor.choose("Apply")
    editor.confirm()
    editor.said("Edit successful" if editor.name == "Emacs" else "Workspace edit")
    editor.visit(path)

    editor.until_text(SLOW_FILLED)
    assert path.read_text() == SLOW


def test_renamed(editor: RealEditor) -> None:
    """Nothing is written to the old name, and a sentence says why."""
    old = editor.write_and_visit("before.py", SLOW, at="slow")
    editor.act(FILL_SLOW)
    editor.rename(old.with_name("after.py"))

    editor.question()
    editor.choose("Apply")
    if editor.name=="Emacs":
        editor.confirm()
        import time
        time.sleep(3)
        print(editor.messages())
        print(editor.lisp("(mapcar (lambda (b) (cons (buffer-name b) (with-current-buffer b (probe-text)))) (cl-remove-if-not #'buffer-file-name (buffer-list)))"))
    editor.said("before.py was closed while the answer was being written")

    assert editor.text() == SLOW
    assert not old.exists()


def test_two_editors_in_one_folder(neovim: Neovim, emacs: Emacs) -> None:
    """Two servers with a job each, and neither is in the other's way."""
    neovim.write_and_visit("left.py", SLOW, at="slow")
    theirs = neovim.machine.project / "right.py"
    theirs.write_text(SLOW)
    emacs.visit(theirs)
    emacs.go_to("slow")
    neovim.act(FILL_SLOW)
    emacs.act(FILL_SLOW)

    for editor in (neovim, emacs):
        editor.question()
        editor.choose("Apply")
        editor.confirm()
        editor.until_text(SLOW_FILLED)

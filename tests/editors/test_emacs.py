"""Emacs and its eglot with the snippet of docs/editors/emacs.el for their whole configuration."""

from __future__ import annotations

from pathlib import Path

from real_editor import (
    AFTER,
    BEFORE,
    EXPLAIN,
    EXPLANATION,
    FILL,
    HERE,
    SNIPPETS,
    find_editor,
    run_editor,
)


def test_all_of_it(tmp_path: Path) -> None:
    emacs = find_editor("emacs", "SCOPEWISE_EMACS")
    snippet, driver = str(SNIPPETS / "emacs.el"), str(HERE / "drive.el")

    seen, said = run_editor([emacs, "-q", "--batch", "-l", snippet, "-l", driver], tmp_path)

    print(seen, said)
    assert Path(seen["root"]) == tmp_path / "project"
    assert "its body can be filled" in seen["hover"]
    assert FILL in seen["menus"][0]
    [[question, buttons]] = seen["questions"]
    assert "unverified: " in question
    assert buttons == ["Apply", "Discard"]
    assert seen["filled"] == AFTER
    assert seen["undone"] == BEFORE
    assert EXPLAIN in seen["menus"][1]
    assert EXPLANATION in said
    assert EXPLANATION in seen["hover_explained"]

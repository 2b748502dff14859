"""Neovim with the snippet of docs/editors/neovim.lua for its whole configuration."""

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
    nvim = find_editor("nvim", "SCOPEWISE_NVIM")
    snippet, driver = str(SNIPPETS / "neovim.lua"), HERE / "drive.lua"
    command = [nvim, "--headless", "-i", "NONE", "-n", "-u", snippet, "-c", f"luafile {driver}"]

    seen, _ = run_editor(command, tmp_path)

    assert seen["root"] == str(tmp_path / "project")
    assert seen["encoding"] == "utf-8"
    assert "its body can be filled" in seen["hover"]
    assert FILL in seen["menus"][0]
    [[question, buttons]] = seen["questions"]
    assert "unverified: " in question
    assert buttons == ["Apply", "Discard"]
    assert seen["filled"] == AFTER
    assert seen["undone"] == BEFORE
    assert EXPLAIN in seen["menus"][1]
    assert EXPLANATION in seen["page"]
    assert EXPLANATION in seen["hover_explained"]

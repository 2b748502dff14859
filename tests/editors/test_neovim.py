"""Neovim with the snippet of docs/editors/neovim.lua for its whole configuration."""

from __future__ import annotations

import pytest
from real_editor import (
    AFTER,
    BEFORE,
    EXPLAIN,
    EXPLANATION,
    FILL,
    HERE,
    SNIPPETS,
    Seen,
    find_editor,
    run_editor,
)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    snippet, driver = SNIPPETS / "neovim.lua", HERE / "drive.lua"
    nvim = [find_editor("nvim", "SCOPEWISE_NVIM"), "--headless", "-n", "-i", "NONE"]
    folder = tmp_path_factory.mktemp("neovim")
    return run_editor([*nvim, "-u", str(snippet), "-c", f"luafile {driver}"], folder)


def test_snippet_starts_the_server(seen: Seen) -> None:
    assert seen["root"] == seen["project"]
    assert seen["encoding"] == "utf-8"
    assert "its body can be filled" in seen["hover"]


def test_fill_asks_and_one_undo_takes_it_back(seen: Seen) -> None:
    [[question, buttons]] = seen["questions"]
    assert FILL in seen["menus"][0]
    assert "unverified: " in question
    assert buttons == ["Apply", "Discard"]
    assert seen["filled"] == AFTER
    assert seen["undone"] == BEFORE


def test_explanation_is_shown_beside_the_code_and_by_the_hover(seen: Seen) -> None:
    assert EXPLAIN in seen["menus"][1]
    assert EXPLANATION in seen["page"]
    assert EXPLANATION in seen["hover_explained"]

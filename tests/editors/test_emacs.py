"""Emacs and its eglot with the snippet of docs/editors/emacs.el for their whole configuration."""

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
    snippet, driver = str(SNIPPETS / "emacs.el"), str(HERE / "drive.el")
    emacs = find_editor("emacs", "SCOPEWISE_EMACS")
    folder = tmp_path_factory.mktemp("emacs")
    return run_editor([emacs, "-q", "--batch", "-l", snippet, "-l", driver], folder)


def test_snippet_starts_the_server(seen: Seen) -> None:
    assert seen["root"] == f"{seen['project']}/"
    assert "its body can be filled" in seen["hover"]


def test_fill_asks_and_one_undo_takes_it_back(seen: Seen) -> None:
    [[question, buttons]] = seen["questions"]
    assert FILL in seen["menus"][0]
    assert "unverified: " in question
    assert buttons == ["Apply", "Discard"]
    assert len(seen["confirmations"]) == 1, "eglot's own question"
    assert seen["filled"] == AFTER
    assert seen["undone"] == BEFORE


def test_explanation_is_a_message(seen: Seen) -> None:
    assert EXPLANATION in "\n".join(seen["messages"])


def test_explanation_is_of_the_function_and_stays_in_the_hover(seen: Seen) -> None:
    assert EXPLAIN in seen["menus"][1]
    assert EXPLANATION in seen["hover_explained"]

"""Vim and ALE, which take no edits from a server and answer none of its questions."""

from __future__ import annotations

import pytest
from machine import (
    DOUBLED,
    ENDLESS,
    EXPLAIN,
    EXPLANATION,
    FILL,
    STUB,
    VERIFIABLE,
)
from vim import Vim

pytestmark = pytest.mark.editors


def test_hover(vim: Vim) -> None:
    vim.write_and_visit("hover.py", STUB, at="area")

    assert "its body can be filled" in vim.hover()


def test_menu(vim: Vim) -> None:
    vim.write_and_visit("menu.py", STUB, at="area")

    titles = vim.menu()
    vim.leave()

    assert titles == [FILL, EXPLAIN]


def test_explanation_is_shown_and_stays_in_the_hover(vim: Vim) -> None:
    vim.write_and_visit("explain.py", STUB, at="area")

    vim.act(EXPLAIN)
    vim.said(EXPLANATION)

    assert EXPLAIN in vim.explanation()
    vim.clear()
    assert EXPLANATION in vim.hover()


def test_fill_is_shown_with_its_label_to_be_copied(vim: Vim) -> None:
    vim.write_and_visit("fill.py", STUB, at="area")

    vim.act(FILL)
    vim.said("return math.pi * radius**2")

    assert "Fill body of `area`" in vim.explanation()
    assert "unverified: " in vim.explanation()
    assert vim.text() == STUB


def test_verified_fill_says_so(vim: Vim) -> None:
    vim.write_and_visit("verified.py", VERIFIABLE, at="double")

    vim.act("Fill body of `double` from its docstring")
    vim.said("return number * 2")

    assert "verified: 1 of 1 example passes" in vim.explanation()
    assert vim.text() != DOUBLED


def test_cancelled_job_shows_nothing_and_the_next_one_works(vim: Vim) -> None:
    vim.write_and_visit("cancel.py", f"{ENDLESS}\n\n{VERIFIABLE}", at="endless")
    vim.act("Fill body of `endless` from its docstring")

    vim.cancel()
    vim.go_to("double")
    vim.act("Fill body of `double` from its docstring")

    vim.said("return number * 2")
    assert "endless" not in vim.explanation()

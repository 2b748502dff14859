"""The README shows the very snippets the editors of the tests are configured with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from machine import ROOT, SNIPPETS


@pytest.mark.parametrize("snippet", sorted(SNIPPETS.iterdir()), ids=lambda path: path.name)
def test_the_readme_shows_it(snippet: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert f"\n{snippet.read_text(encoding='utf-8').strip()}\n```" in readme
    assert f"docs/editors/{snippet.name}" in readme


def test_sublime_starts_our_program() -> None:
    """The one snippet nothing runs."""
    read = json.loads((SNIPPETS / "sublime.json").read_text(encoding="utf-8"))
    client = read["clients"]["scopewise"]

    assert client["enabled"] is True
    assert client["command"] == ["scopewise", "serve"]

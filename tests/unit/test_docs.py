"""The documentation is what the code says, and what the tests run."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopewise.cli.settings import settings_page

ROOT = Path(__file__).parents[2]


def test_the_settings_reference_is_up_to_date() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == settings_page(), (
        "write it anew: scopewise settings --markdown > docs/settings.md"
    )


@pytest.mark.parametrize("snippet", ["neovim.lua", "emacs.el", "helix.toml"])
def test_the_readme_shows_the_snippets_that_the_tests_run(snippet: str) -> None:
    code = (ROOT / "docs" / "editors" / snippet).read_text(encoding="utf-8").strip()
    assert code in (ROOT / "README.md").read_text(encoding="utf-8")

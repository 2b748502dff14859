"""The settings reference in the documentation is what the code says."""

from __future__ import annotations

from pathlib import Path

from scopewise.cli.settings import settings_page

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(), (
        "write it anew: scopewise settings --markdown > docs/settings.md"
    )

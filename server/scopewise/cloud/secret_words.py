"""The words of `secret_words.toml`."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources


@functools.cache
def words(table: str) -> frozenset[str]:
    """The words of one table, such as `passwords` or `stand_ins`."""
    return frozenset(_tables()[table].split())


@functools.cache
def _tables() -> dict[str, str]:
    file = resources.files("scopewise.cloud").joinpath("secret_words.toml")
    return tomllib.loads(file.read_text("utf-8"))

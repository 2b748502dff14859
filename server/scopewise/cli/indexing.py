"""The index of a project's names, brought up to date before a command that wants it."""

from __future__ import annotations

from pathlib import Path

from scopewise.scope.tag_index import Budget, TagIndex
from scopewise.settings import ScopeSettings

_INDEX_S = 20.0
"""What the index of a project may take; the next run goes on from there."""


def built_index(roots: tuple[Path, ...], settings: ScopeSettings) -> TagIndex | None:
    """The index, as far as there was time for it; None where the settings want none."""
    if not settings.index:
        return None
    index = TagIndex(roots, budget=Budget(seconds=_INDEX_S))
    index.build_now()
    return index

"""Levels found in existing code, compared with those people gave it.

Where a plain reading of the code by `ast` shows that a level is not the widest of what the code
names, which is what levels are defined to be, the case carries that reason and counts in the raw
accuracy only.
"""

from __future__ import annotations

import enum
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from scopewise.bench.scope_reading import Code, read_code
from scopewise.bench.scope_rows import ScopeRow
from scopewise.scope.report import Level


class LevelReason(enum.StrEnum):
    NARROWER = "the code names something the level leaves out"
    WIDER = "the code names nothing that the level asks for"
    NONE = ""


@dataclass(frozen=True)
class LevelCase:
    """A function with the level people gave it and the one found."""

    id: str
    label: str
    found: str
    reason: LevelReason = LevelReason.NONE
    evidence: str = ""
    """The name that the level leaves out."""

    @property
    def is_right(self) -> bool:
        return self.label == self.found


def judge(row: ScopeRow, found: Level) -> LevelCase:
    """The level found beside the label, and what speaks against the label where they differ."""
    if found.label == row.label:
        return LevelCase(row.id, row.label, found.label)
    named = _named(read_code(row.text, row.name, row.line), row)
    label = Level[row.label.upper()]
    if found > label and named.get(found):
        return LevelCase(row.id, row.label, found.label, LevelReason.NARROWER, named[found][0])
    if found < label and not named.get(label):
        return LevelCase(row.id, row.label, found.label, LevelReason.WIDER)
    return LevelCase(row.id, row.label, found.label)


def accuracy(cases: Sequence[LevelCase], *, is_raw: bool) -> float:
    """The share of right levels, of all cases or of those whose label stands to reason."""
    counted = [case for case in cases if is_raw or case.reason is LevelReason.NONE]
    return sum(case.is_right for case in counted) / len(counted) if counted else 1.0


def confusion(cases: Iterable[LevelCase]) -> Counter[tuple[str, str]]:
    """How often each label met each level found."""
    return Counter((case.label, case.found) for case in cases)


# Below


def _named(code: Code, row: ScopeRow) -> dict[Level, list[str]]:
    """The names that running the code needs, by the level that each asks for."""
    run = code.outer_names | code.inner_names
    named: dict[Level, list[str]] = {}
    for name in sorted(run & code.imported_names.keys()):
        level = _level_of_import(code.imported_names[name], _package(row))
        named.setdefault(level, []).append(name)
    own = {row.name, code.owner}
    bound = run & code.module_names - code.local_names - own - code.imported_names.keys()
    named[Level.FILE_RUNNABLE] = sorted(bound)
    named[Level.CLASS_RUNNABLE] = sorted(
        attribute
        for attribute, holders in code.holders.items()
        if code.receiver and code.receiver in holders
    )
    return named


def _level_of_import(dotted: str, package: str) -> Level:
    top = dotted.partition(".")[0]
    if not top or top == package:
        return Level.PROJECT_RUNNABLE
    is_standard = top in sys.stdlib_module_names
    return Level.SLIB_RUNNABLE if is_standard else Level.PLIB_RUNNABLE


def _package(row: ScopeRow) -> str:
    parts = PurePosixPath(row.path).with_suffix("").parts
    return parts[1] if parts[0] in ("src", "lib") and len(parts) > 1 else parts[0]

"""Whether a task can be left to the small model: one table of rules, one pure function."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from scopewise.scope.report import ScopeReport
from scopewise.settings import Settings


class Advice(enum.Enum):
    LOCAL = "local"
    LOCAL_WITH_CARE = "local_with_care"
    OFFER_CLOUD = "offer_cloud"


class Task(enum.Enum):
    EXPLAIN = "explain"
    FILL = "fill"
    FIX = "fix"


@dataclass(frozen=True)
class Reason:
    rule: str
    """The name of the rule in the table."""
    sentence: str
    """A clause for people: "uses `self._lock`, shared between threads (line 41)"."""


@dataclass(frozen=True)
class Experience:
    """What verification found for this very target before."""

    n_declined: int = 0
    """Results declined one after another, the last one included."""


@dataclass(frozen=True)
class Decision:
    advice: Advice
    reasons: tuple[Reason, ...]
    """The weightiest first; never empty."""


def decide(
    report: ScopeReport, task: Task, experience: Experience, settings: Settings
) -> Decision:
    """What to do with a task on what `report` describes."""
    raise NotImplementedError

"""When to stop, when to write more answers, and when to have one mended: one pure function.

Answers are cheap to check and dear to write, so the loop begins with one batch, a greedy answer
and sampled ones to compare it with, and spends more only where they failed a check or disagree.
Where all failed, fresh answers come before repairs, and where those that passed do a different
thing each, no more are asked for: `docs/quality.md` has both measured.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopewise.verify.label import is_agreed

_SOME_EXAMPLES = 2
"""With so many examples passed it takes two sound answers, with fewer three."""
_BATCH = 4
"""Answers written at once; they share one prefill and the memory's bandwidth."""


@dataclass(frozen=True)
class Standing:
    """How a task stands after the answers written so far."""

    n_fresh: int
    """Answers written, the greedy one included, mended ones not."""
    n_failed: int
    """Of all answers, those that did the wrong thing when they were run."""
    n_sound: int
    """Of all answers, those that failed none."""
    n_evidence: int
    """Examples and tests the first sound answer passed."""
    agreement: float | None
    """The share of sound answers that behave like the chosen one; None before they were
    compared."""
    is_scattered: bool
    """Whether they fall into so many groups that a majority is not to be had."""
    n_repairs: int
    can_compare: bool
    """Whether answers can be run here and there are inputs to run them on."""
    can_mend: bool
    """Whether an answer failed in a way that was not handed back yet."""
    is_spent: bool
    """Whether the budget of tokens or of seconds is used up."""


@dataclass(frozen=True)
class Limits:
    """What the settings allow for one task."""

    n_samples: int
    """Fresh answers besides the first."""
    n_repairs: int


@dataclass(frozen=True)
class Write:
    """Write so many fresh answers."""

    count: int


@dataclass(frozen=True)
class Mend:
    """Hand the finding against the best failed answer back to the model."""


@dataclass(frozen=True)
class Enough:
    """Choose among what there is."""


Step = Write | Mend | Enough


def next_step(standing: Standing, limits: Limits) -> Step:
    """What to do next for a task."""
    if standing.n_fresh == 0:
        return Write(min(_BATCH, 1 + limits.n_samples) if standing.can_compare else 1)
    if standing.is_spent:
        return Enough()
    if standing.n_sound == 0:
        return _after_failures(standing, limits)
    return _after_success(standing, limits)


def _after_failures(standing: Standing, limits: Limits) -> Step:
    n_left = _n_left(standing, limits)
    if n_left:
        return Write(min(_BATCH, n_left))
    may_mend = standing.can_mend and standing.n_repairs < limits.n_repairs
    return Mend() if may_mend else Enough()


def _after_success(standing: Standing, limits: Limits) -> Step:
    n_left = _n_left(standing, limits)
    if not n_left or not standing.can_compare or standing.is_scattered:
        return Enough()
    n_missing = _n_wanted(standing) - standing.n_sound
    if n_missing > 0:
        return Write(min(_BATCH if standing.n_failed else n_missing, n_left))
    agreement = standing.agreement
    if agreement is not None and not is_agreed(agreement, standing.n_evidence > 0):
        return Write(min(_BATCH, n_left))
    return Enough()


def _n_wanted(standing: Standing) -> int:
    """Sound answers to compare; one more where others failed, for then the task is a hard one."""
    n_examples = standing.n_evidence
    wanted = 2 if n_examples >= _SOME_EXAMPLES else 3
    return min(wanted + bool(standing.n_failed), 3)


def _n_left(standing: Standing, limits: Limits) -> int:
    return max(limits.n_samples - (standing.n_fresh - 1), 0)

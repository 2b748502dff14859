"""What is known of a value besides its annotation."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from scopewise.verify.inputs.domain import Limits, numbers
from scopewise.verify.inputs.target import Constructor

MAX_DEPTH = 4
"""How deep values are nested in each other."""
_LARGE = 100
_NEAR = 12


@dataclass(frozen=True)
class Hints:
    """What is known of a value besides its annotation."""

    seen: tuple[object, ...] = ()
    limits: Limits = field(default_factory=Limits)
    text: str = ""
    """The docstring's words on it."""
    is_item: bool = False
    """Whether it stands inside another value; a number by itself is more often a count."""
    classes: tuple[Constructor, ...] = ()
    depth: int = 0

    def inside(self, seen: Iterable[object]) -> Hints:
        """The hints for what a value holds."""
        return replace(self, seen=tuple(seen), is_item=True, depth=self.depth + 1)

    def only(self, kind: type | tuple[type, ...]) -> list[Any]:
        return [value for value in self.seen if isinstance(value, kind)]


def bounds(hints: Hints, spread: int) -> tuple[float, float]:
    """The range to draw numbers from: near what was seen, within what is allowed."""
    limits = hints.limits
    seen = [n for value in hints.seen for n in numbers(value) if math.isfinite(n)]
    if seen:
        low, high = _near(seen, spread)
        low = min(low, -max(map(abs, seen))) if limits.has_negative else low
    else:
        low = -20.0 if limits.has_negative else 0.0
        high = _NEAR if limits.high is None else min(limits.high, _LARGE)
    if limits.low is not None:
        # Many texts state a wide range; what they say of small numbers is worth trying.
        low = limits.low if limits.low >= 0 else max(low, limits.low)
    high = high if limits.high is None else min(high, limits.high)
    return low, max(low, high)


def _near(seen: list[float], spread: int) -> tuple[float, float]:
    return min(*seen, 0.0), max(seen) + max(spread, max(map(abs, seen)) / 2)

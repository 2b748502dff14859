"""What a hire costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hire:
    """One bike, taken out and brought back; both times in minutes since midnight."""

    bike: str
    taken_at: int
    returned_at: int
    is_member: bool = False

    @property
    def minutes(self) -> int:
        return self.returned_at - self.taken_at


@dataclass(frozen=True)
class Tariff:
    """Prices in cents."""

    per_hour: int
    daily_limit: int


def price(hire: Hire, tariff: Tariff) -> int:
    """Return what a hire costs, in cents.

    `hire.minutes` are rounded up to whole hours, and each hour costs `tariff.per_hour`.
    A price above `tariff.daily_limit` is lowered to that limit.
    Members pay half of the price, rounded down.

    >>> price(Hire("red", 540, 600), Tariff(per_hour=300, daily_limit=1500))
    300
    >>> price(Hire("red", 540, 601), Tariff(per_hour=300, daily_limit=1500))
    600
    >>> price(Hire("red", 540, 1140), Tariff(per_hour=300, daily_limit=1500))
    1500
    >>> price(Hire("red", 540, 601, is_member=True), Tariff(per_hour=25, daily_limit=1500))
    25
    """
    ...

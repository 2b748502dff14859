"""What a hire costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hire:
    """One bike, taken out at a time in minutes since midnight, and for how many minutes."""

    bike: str
    taken_at: int
    minutes: int
    is_member: bool = False

    @property
    def returned_at(self) -> int:
        return self.taken_at + self.minutes


@dataclass(frozen=True)
class Tariff:
    """Prices in cents."""

    per_hour: int
    daily_limit: int


def price(hire: Hire, tariff: Tariff) -> int:
    """Return what a hire costs, in cents.

    The minutes are rounded up to whole hours, and each hour costs `tariff.per_hour`.
    A price above `tariff.daily_limit` is lowered to that limit.
    Members pay half of the price, rounded down.

    >>> price(Hire("red", taken_at=540, minutes=60), Tariff(300, 1500))
    300
    >>> price(Hire("red", taken_at=540, minutes=61), Tariff(300, 1500))
    600
    >>> price(Hire("red", taken_at=540, minutes=600), Tariff(300, 1500))
    1500
    >>> price(Hire("red", taken_at=540, minutes=60, is_member=True), Tariff(300, 1500))
    150
    """
    ...

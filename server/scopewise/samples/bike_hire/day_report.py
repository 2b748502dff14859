"""Prints a report on one day of a bike hire shop, from what its till recorded."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tariff import Hire, Tariff, price

TARIFF = Tariff(per_hour=300, daily_limit=1500)


def read_hire(record: dict[str, Any]) -> Hire:
    """The hire in a record of the till, where `member` stands only when it is true."""
    return Hire(
        bike=record["bike"],
        taken_at=minutes_of(record["taken"]),
        minutes=record["minutes"],
        is_member=record["member"],
    )


def minutes_of(clock: str) -> int:
    """The minutes since midnight of a time such as 09:30."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def most_out_at_once(hires: list[Hire]) -> int:
    """How many bikes were out at the busiest moment."""
    moments = []
    for hire in hires:
        moments.append((hire.taken_at, 1))
        moments.append((hire.returned_at, -1))
    n_out = busiest = 0
    for _, change in sorted(moments):
        n_out += change
        busiest = max(busiest, n_out)
    return busiest


def main() -> None:
    records = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    hires = [read_hire(json.loads(record)) for record in records]
    takings = sum(price(hire, TARIFF) for hire in hires)
    print(f"{len(hires)} hires, at most {most_out_at_once(hires)} bikes out at once")
    print(f"takings: {takings / 100:.2f}")


if __name__ == "__main__":
    main()

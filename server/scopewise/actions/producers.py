"""The table of producers: every action there is, in the order a menu shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scopewise.actions import explain, fill_body, fix_traceback
from scopewise.actions.outcome import Job, Offer, Outcome, Place
from scopewise.errors import InputError


@dataclass(frozen=True)
class Producer:
    """One kind of action."""

    id: str
    kind: str
    """The code action kind it is offered as."""
    offer: Callable[[Place], Offer | None]
    """Whether it applies: reads syntax only, for it is asked on every cursor move."""
    run: Callable[[Job, Place], Awaitable[Outcome]]
    """Does the work; raises InputError when it does not apply after all."""


PRODUCERS = (
    Producer(fill_body.ID, "refactor.rewrite.fillBody", fill_body.offer, fill_body.run),
    Producer(fix_traceback.ID, "quickfix.stackTrace", fix_traceback.offer, fix_traceback.run),
    Producer(explain.ID, "scopewise.explain", explain.offer, explain.run),
)


def producer(producer_id: str) -> Producer:
    """The producer of that id; raises InputError."""
    for row in PRODUCERS:
        if row.id == producer_id:
            return row
    known = ", ".join(row.id for row in PRODUCERS)
    raise InputError(f"There is no action `{producer_id}`; there are {known}.")

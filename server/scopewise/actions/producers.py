"""The table of producers: every action there is, in the order a menu shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from scopewise.actions import ask_cloud, explain, fill_body, fix_traceback
from scopewise.actions.advice import advised
from scopewise.actions.outcome import Job, Offer, Outcome, Place
from scopewise.errors import InputError
from scopewise.scope.escalation import Task
from scopewise.settings import Settings


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
    Producer(
        fill_body.ID,
        "refactor.rewrite.fillBody",
        advised(fill_body.offer, Task.FILL),
        fill_body.run,
    ),
    Producer(
        fix_traceback.ID,
        "quickfix.stackTrace",
        advised(fix_traceback.offer, Task.FIX),
        fix_traceback.run,
    ),
    Producer(explain.ID, "scopewise.explain", explain.offer, explain.run),
    Producer(ask_cloud.ID, "scopewise.askCloud", ask_cloud.offer, ask_cloud.run),
)


def producers_for(settings: Settings) -> Sequence[Producer]:
    """The rows that settings leave; the cloud is not mentioned to people who do not want it."""
    if settings.cloud.mode == "never":
        return [row for row in PRODUCERS if row.id != ask_cloud.ID]
    return PRODUCERS


def producer(producer_id: str) -> Producer:
    """The producer of that id; raises InputError."""
    for row in PRODUCERS:
        if row.id == producer_id:
            return row
    known = ", ".join(row.id for row in PRODUCERS)
    raise InputError(f"There is no action `{producer_id}`; there are {known}.")

"""The table of producers: every action there is, in the order a menu shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

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
    accepts: Callable[[Place], Offer | None] | None = None
    """What it does at a place when it is asked for outright; None for what it offers."""
    asks_first: bool = False
    """Whether it waits for the user before its work begins, and needs no local model."""

    def accept(self, place: Place) -> Offer | None:
        """What it would do at a place, offered or not."""
        return (self.accepts or self.offer)(place)


_TASKS = {fill_body.ID: Task.FILL, fix_traceback.ID: Task.FIX, explain.ID: Task.EXPLAIN}

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
    *(
        Producer(
            ask_cloud.producer_id(task),
            f"scopewise.askCloud.{task.value}",
            partial(ask_cloud.offer, task),
            partial(ask_cloud.run, task),
            partial(ask_cloud.accept, task),
            asks_first=True,
        )
        for task in (Task.FILL, Task.FIX, Task.EXPLAIN)
    ),
)


def producers_for(settings: Settings) -> Sequence[Producer]:
    """The rows that settings leave; the cloud is not mentioned to people who do not want it."""
    if settings.cloud.mode == "never":
        return [row for row in PRODUCERS if not row.asks_first]
    return PRODUCERS


def cloud_row(producer_id: str, settings: Settings) -> Producer | None:
    """The producer that has Claude do what a local one does; None without the cloud."""
    task = _TASKS.get(producer_id)
    if task is None or settings.cloud.mode == "never":
        return None
    return producer(ask_cloud.producer_id(task))


def producer(producer_id: str) -> Producer:
    """The producer of that id; raises InputError."""
    for row in PRODUCERS:
        if row.id == producer_id:
            return row
    known = ", ".join(row.id for row in PRODUCERS)
    raise InputError(f"There is no action `{producer_id}`; there are {known}.")

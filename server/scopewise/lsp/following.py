"""What a user wants instead of the result they were shown."""

from __future__ import annotations

from dataclasses import replace

from scopewise.actions.outcome import Outcome
from scopewise.actions.producers import cloud_row, producer
from scopewise.actions.session import Task
from scopewise.lsp.assessing import with_decisions
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.places import as_now
from scopewise.lsp.results import Choice
from scopewise.verify.label import Verdict

_DOUBTFUL = frozenset({Verdict.DECLINED, Verdict.UNVERIFIED})


def cloud_title(ls: ScopewiseServer, task: Task, outcome: Outcome) -> str | None:
    """The title of the action that asks the cloud, where it may be offered for this result.

    Where checks did not confirm the result that is always, else where scope analysis advises it.
    """
    row = cloud_row(task.producer, ls.session.settings)
    if row is None:
        return None
    place = with_decisions(ls, task.place)
    offer = row.accept(place) if outcome.label.verdict in _DOUBTFUL else row.offer(place)
    return offer.title if offer and not offer.disabled else None


def next_task(ls: ScopewiseServer, task: Task, choice: Choice) -> Task | None:
    """What the user's choice begins; raises StaleDocument when its place is gone."""
    row = cloud_row(task.producer, ls.session.settings)
    if choice is Choice.CLOUD and row is not None:
        return Task(row.id, with_decisions(ls, as_now(ls, task)))
    if choice is not Choice.AGAIN:
        return None
    # What is sent to the cloud is what the user sees and agrees to: no seed is slipped in there.
    n_more = 0 if producer(task.producer).asks_first else 1
    return replace(task, place=as_now(ls, task), attempt=task.attempt + n_more)

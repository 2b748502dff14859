"""Hovers: the card, what scope analysis adds to it in time, and explanations nobody asked for yet.

A hover that stays starts an explanation, the next one shows it: no client lets a server change a
hover that is on the screen.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from scopewise.actions.hover import HoverCard, hover
from scopewise.actions.outcome import Place
from scopewise.actions.scope_card import PENDING, scope_card, task_for
from scopewise.actions.session import Task
from scopewise.engine.scheduler import Priority
from scopewise.errors import ScopewiseError
from scopewise.lsp.jobs import Job
from scopewise.lsp.language_server import ScopewiseServer

logger = logging.getLogger(__name__)


async def card_at(ls: ScopewiseServer, place: Place) -> HoverCard | None:
    """What is known about the name at a place, at once or within the deadline of scope analysis."""
    try:
        card = hover(place, ls.files, ls.session.explanations)
        return replace(card, scope=await _scope(ls, card.target)) if card else None
    except Exception:  # Editors ask all the time: a failure must not pop up at every move.
        logger.exception("A hover failed.")
        return None


async def _scope(ls: ScopewiseServer, target: Place) -> str:
    assessor = ls.session.assessor
    found = await assessor.assess(target, ls.files, ls.session.settings.scope.deadline_s)
    if found is None:
        return PENDING
    task = task_for(found.report)
    return scope_card(found.report, task, assessor.decision(found, task))


def stayed(ls: ScopewiseServer, card: HoverCard | None) -> None:
    """Start the explanation a card lacks, unless the user moves on within the delay."""
    moved_on(ls)
    settings = ls.session.settings.hover
    if card is None or card.explain is None or settings.explain != "auto":
        return
    later = asyncio.get_running_loop().call_later
    ls.pending_hover = later(settings.delay_s, _start, ls, card.explain)


def moved_on(ls: ScopewiseServer) -> None:
    """Forget the hover: another one came, the cursor moved, or the text changed."""
    if ls.pending_hover is not None:
        ls.pending_hover.cancel()
        ls.pending_hover = None


def _start(ls: ScopewiseServer, place: Place) -> None:
    # Work somebody asked for must not be replaced, nor slowed down, by a guess.
    title = f"hover {place.snapshot.uri} {place.range}"
    if ls.jobs.is_busy or ls.jobs.is_running(title):
        return
    ls.jobs.start(title, lambda job: _explain(ls, job, place), is_quiet=True)


async def _explain(ls: ScopewiseServer, job: Job, place: Place) -> None:
    try:
        await ls.session.run(Task("explain", place, Priority.HOVER), ls.files, job.cancel)
    except ScopewiseError as failure:
        logger.info("No explanation for a hover: %s", failure)
    except Exception:
        logger.exception("An explanation for a hover failed.")

"""Explanations nobody asked for yet: a hover that stays starts one, the next hover shows it.

Only the next hover, because no client lets a server change a hover that is on the screen.
"""

from __future__ import annotations

import asyncio
import logging

from scopewise.actions.hover import HoverCard, hover
from scopewise.actions.outcome import Place
from scopewise.actions.session import Task
from scopewise.engine.scheduler import Priority
from scopewise.errors import ScopewiseError
from scopewise.lsp.jobs import Job
from scopewise.lsp.language_server import ScopewiseServer

logger = logging.getLogger(__name__)


def card_at(ls: ScopewiseServer, place: Place) -> HoverCard | None:
    """What is known at once about the name at a place."""
    try:
        return hover(place, ls.files, ls.session.explanations)
    except Exception:  # Editors ask all the time: a failure must not pop up at every move.
        logger.exception("A hover failed.")
        return None


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

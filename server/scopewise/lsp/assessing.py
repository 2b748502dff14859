"""Scope analysis ahead of the next question: begun where the cursor rests."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from scopewise.actions.outcome import Place
from scopewise.lsp.language_server import ScopewiseServer

logger = logging.getLogger(__name__)

_REST_S = 0.3


def with_decisions(ls: ScopewiseServer, place: Place) -> Place:
    """The place with the decisions known for it; nothing is found out here."""
    try:
        return replace(place, decisions=ls.session.assessor.known(place))
    except Exception:  # Actions are offered without it too.
        logger.exception("What is known of a place could not be looked up.")
        return place


def rested(ls: ScopewiseServer, place: Place) -> None:
    """Begin an analysis, unless the cursor moves on within a moment."""
    moved_on(ls)
    later = asyncio.get_running_loop().call_later
    ls.pending_assessment = later(_REST_S, _begin, ls, place)


def moved_on(ls: ScopewiseServer) -> None:
    if ls.pending_assessment is not None:
        ls.pending_assessment.cancel()
        ls.pending_assessment = None


def _begin(ls: ScopewiseServer, place: Place) -> None:
    ls.pending_assessment = None
    ls.session.assessor.prepare(place, ls.files)

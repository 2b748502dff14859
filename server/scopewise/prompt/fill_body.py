"""The prompt that asks for the body of a documented function."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Request, Sampling
from scopewise.prompt.opening import code_request, completion_task, opening, surrounding_code
from scopewise.syntax.slot import BodySlot

_BARE = re.compile(r"\W*(TODO|FIXME|XXX)?\W*", re.IGNORECASE)
"""A wish that says nothing but that something is wished for."""


def fill_request(
    slot: BodySlot, pieces: Sequence[Piece], max_tokens: int, sampling: Sampling, n_samples: int
) -> Request:
    """The request whose answers are the body alone.

    Signature and documentation stand in the opening of the assistant's turn, so that the model goes
    on from there instead of writing them out again; they stand in the task as well, since a small
    model heeds what it was asked more than what it seems to have begun.
    """
    begun = opening(slot.parsed, slot.definition, slot.shown, slot.unit)
    task = _task(slot, pieces, begun[0])
    return code_request(slot.parsed.language, task, begun, max_tokens, sampling, n_samples)


def _task(slot: BodySlot, pieces: Sequence[Piece], begun: str) -> str:
    wishes = [f"Note: {_wish(wish)}" for wish in slot.wishes if not _BARE.fullmatch(wish)]
    return "\n\n".join(
        [
            *surrounding_code(slot.parsed.language, pieces),
            completion_task(slot.parsed, slot.definition, begun),
            *wishes,
        ]
    )


def _wish(comment: str) -> str:
    return comment.lstrip("#/* ").removesuffix("*/").rstrip()

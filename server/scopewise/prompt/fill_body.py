"""The prompt that asks for the body of a documented function."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Message, Request, Sampling
from scopewise.prompt.opening import closing, opening, system
from scopewise.syntax.languages import Language
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
    language = slot.parsed.language
    begun, end_pattern = opening(slot.parsed, slot.definition, slot.shown, slot.unit)
    return Request(
        messages=(
            system(language.name),
            Message("user", _task(slot, pieces, begun)),
        ),
        opening=begun,
        max_tokens=max_tokens,
        stop_pattern=end_pattern,
        sampling=sampling,
        n_samples=n_samples,
        guard="code",
        code_language=language.id,
    )


def _task(slot: BodySlot, pieces: Sequence[Piece], begun: str) -> str:
    fence = slot.parsed.language.fence
    parts = []
    if pieces:
        code = "\n\n".join(piece.code for piece in pieces)
        parts.append(f"The file has this code:\n```{fence}\n{code}\n```")
    parts.append(
        f"Complete the function `{slot.definition.name}`. Answer with the whole function, correct "
        f"for every case its {documentation(slot.parsed.language)} names.\n"
        f"{begun}{closing(slot.parsed, slot.definition)}```"
    )
    parts += [f"Note: {_wish(wish)}" for wish in slot.wishes if not _BARE.fullmatch(wish)]
    return "\n\n".join(parts)


def documentation(language: Language) -> str:
    """What programmers of a language call the documentation of a function."""
    return "docstring" if language.doc_placement == "inside" else "doc comment"


def _wish(comment: str) -> str:
    return comment.lstrip("#/* ").removesuffix("*/").rstrip()

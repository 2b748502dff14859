"""The prompt that asks for the body of a documented function."""

from __future__ import annotations

from collections.abc import Sequence

from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Message, Request, Sampling
from scopewise.prompt.opening import opening, system
from scopewise.syntax.slot import BodySlot


def fill_request(
    slot: BodySlot, pieces: Sequence[Piece], max_tokens: int, sampling: Sampling
) -> Request:
    """The request whose answer is the body alone.

    Signature and docstring stand in the opening of the assistant's turn, so that the model goes on
    from there instead of writing them out again.
    """
    language = slot.parsed.language
    begun, end_pattern = opening(slot.parsed, slot.definition, slot.shown, slot.unit)
    return Request(
        messages=(
            system(language.name),
            Message("user", _task(slot, pieces)),
        ),
        opening=begun,
        max_tokens=max_tokens,
        stop_pattern=end_pattern,
        sampling=sampling,
        guard="code",
        code_language=language.id,
    )


def _task(slot: BodySlot, pieces: Sequence[Piece]) -> str:
    fence = slot.parsed.language.fence
    parts = []
    if pieces:
        code = "\n\n".join(piece.code for piece in pieces)
        parts.append(f"The file has this code:\n```{fence}\n{code}\n```")
    parts.append(
        f"Write the function `{slot.definition.name}` exactly as its docstring says, including the "
        "edge cases it names. Answer with the code only."
    )
    parts += [f"Note: {wish.lstrip('# ')}" for wish in slot.wishes]
    return "\n\n".join(parts)

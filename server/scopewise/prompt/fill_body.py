"""The prompt that asks for the body of a documented function."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Message, Request, Sampling
from scopewise.syntax.indent import reindent
from scopewise.syntax.slot import BodySlot

_SYSTEM = "You are an expert {language} programmer. You write correct, complete, simple code."
_UNIT = "    "


def fill_request(
    slot: BodySlot, pieces: Sequence[Piece], max_tokens: int, sampling: Sampling
) -> Request:
    """The request whose answer is the body alone.

    Signature and docstring stand in the opening of the assistant's turn, so that the model goes on
    from there instead of writing them out again.
    """
    language = slot.parsed.language
    opening, depth = _opening(slot)
    return Request(
        messages=(
            Message("system", _SYSTEM.format(language=language.name)),
            Message("user", _task(slot, pieces)),
        ),
        opening=f"```{language.fence}\n{opening}\n",
        max_tokens=max_tokens,
        stop_pattern=end_of_block(_UNIT * depth),
        sampling=sampling,
        guard="code",
        code_language=language.id,
    )


def end_of_block(indent: str) -> str:
    """A pattern that matches where a line begins that is indented less than a block."""
    return rf"\n(?!{re.escape(indent)})(?=[ \t]*\S)"


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


def _opening(slot: BodySlot) -> tuple[str, int]:
    """The code the answer continues, and how many levels deep its body is."""
    language = slot.parsed.language
    is_method = slot.definition.parent == "class"
    shown = reindent(
        language, slot.shown, base=_UNIT if is_method else "", from_unit=slot.unit, to_unit=_UNIT
    )
    if not is_method:
        return shown, 1
    owner = slot.definition.qualified_name.split(".")[-2]
    return f"class {owner}:\n{shown}", 2

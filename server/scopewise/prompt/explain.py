"""The prompt that asks for an explanation."""

from __future__ import annotations

from collections.abc import Sequence

from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Message, Request, Sampling
from scopewise.syntax.languages import Language

_SYSTEM = (
    "You explain {language} code to a programmer who reads it for the first time. "
    "You say only what the code shows, name things as the code names them, and are brief."
)
_TASK = (
    "Explain {what}. Begin with one sentence that says what it does as a whole. "
    "Then, as a short Markdown list, say how it does it, what it takes and returns, "
    "and which edge cases, errors or side effects a caller should know. Do not repeat the code."
)


def explain_request(
    language: Language | None,
    what: str,
    code: str,
    pieces: Sequence[Piece],
    max_tokens: int,
    sampling: Sampling,
) -> Request:
    """The request whose answer is the explanation in Markdown; `what` names the code."""
    fence = language.fence if language else ""
    parts = []
    if pieces:
        context = "\n\n".join(piece.code for piece in pieces)
        parts.append(f"For context, around it stands:\n```{fence}\n{context}\n```")
    parts.append(f"```{fence}\n{code}\n```")
    parts.append(_TASK.format(what=what))
    return Request(
        messages=(
            Message("system", _SYSTEM.format(language=language.name if language else "source")),
            Message("user", "\n\n".join(parts)),
        ),
        max_tokens=max_tokens,
        sampling=sampling,
        guard="prose",
    )

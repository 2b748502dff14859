"""The prompt that asks for an explanation."""

from __future__ import annotations

from collections.abc import Sequence

from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Message, Request, Sampling
from scopewise.syntax.languages import Language

_SYSTEM = (
    "You explain {language} code to a programmer who reads it for the first time. "
    "You say only what the code shows, name things as the code names them, and are {manner}."
)
_BRIEF = (
    "Explain {what}. Begin with one sentence that says what it does as a whole. "
    "Then, as a short Markdown list, say how it does it, what it takes and returns, "
    "and which edge cases, errors or side effects a caller should know. Do not repeat the code."
)
_EXACT = (
    "Explain {what} so exactly that it could be written again from what you say. "
    "Begin with one sentence that says what it does as a whole. "
    "Then go through it step by step in a short Markdown list: every condition, constant, order "
    "and special case as the code has it, and what is returned or changed in each. "
    "End with errors and side effects a caller should know, if there are any. "
    "Leave out what it does not do. Do not repeat the code."
)


def explain_request(
    language: Language | None,
    what: str,
    code: str,
    pieces: Sequence[Piece],
    max_tokens: int,
    sampling: Sampling,
    *,
    is_exact: bool,
) -> Request:
    """The request whose answer is the explanation in Markdown; `what` names the code.

    An exact one is about as long as the code, so it is for code that is short.
    """
    fence = language.fence if language else ""
    parts = []
    if pieces:
        context = "\n\n".join(piece.code for piece in pieces)
        parts.append(f"For context, around it stands:\n```{fence}\n{context}\n```")
    parts.append(f"```{fence}\n{code}\n```")
    parts.append((_EXACT if is_exact else _BRIEF).format(what=what))
    name, manner = language.name if language else "source", "exact" if is_exact else "brief"
    return Request(
        messages=(
            Message("system", _SYSTEM.format(language=name, manner=manner)),
            Message("user", "\n\n".join(parts)),
        ),
        max_tokens=max_tokens,
        sampling=sampling,
        guard="prose",
    )

"""The prompt that asks for a function to be written from an explanation of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Request, Sampling
from scopewise.prompt.opening import code_request, opening, shown_until, surrounding_code
from scopewise.syntax.indent import indent_unit
from scopewise.syntax.tree import Definition, ParsedDocument

_TASK = (
    "Here is an explanation of the {language} function `{name}`:\n\n{explanation}\n\n"
    "Write the function so that it does exactly what the explanation says. "
    "Answer with the code only."
)
_CODE_BLOCK = re.compile(r"^[ \t]*```.*?(?:^[ \t]*```[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)


def rebuild_request(
    parsed: ParsedDocument,
    definition: Definition,
    explanation: str,
    pieces: Sequence[Piece],
    max_tokens: int,
) -> Request:
    """The request whose answer is the body of the function, by its explanation alone.

    It sees the signature and what stands around the function, not its documentation.
    """
    language = parsed.language
    task = rebuild_task(language.name, definition.name, explanation)
    parts = [*surrounding_code(language, pieces), task]
    unit = indent_unit(parsed.snapshot.text, language.indent)
    shown = shown_until(parsed, definition, definition.signature.end)
    begun = opening(parsed, definition, shown, unit)
    return code_request(language, "\n\n".join(parts), begun, max_tokens, Sampling(), 1)


def rebuild_task(language_name: str, name: str, explanation: str) -> str:
    """What is asked; `explanation` without the code in it, which could be copied back."""
    return _TASK.format(language=language_name, name=name, explanation=prose(explanation))


def prose(explanation: str) -> str:
    """An explanation without its code blocks."""
    return _CODE_BLOCK.sub("", explanation).strip()

"""The opening of the assistant's turn: code the model goes on from instead of writing it again."""

from __future__ import annotations

import re

from scopewise.engine.protocol import Message
from scopewise.syntax.indent import reindent
from scopewise.syntax.tree import Definition, ParsedDocument

UNIT = "    "
"""One level of indentation in prompts, whatever the file uses: small models know it best."""


def opening(
    parsed: ParsedDocument, definition: Definition, shown: str, unit: str
) -> tuple[str, str]:
    """The fenced beginning of a definition, and the pattern that matches where its body ends.

    `shown` is what stands above the body, indented in `unit`s; a method gets its class around it.
    """
    language = parsed.language
    is_method = definition.parent == "class"
    base = UNIT if is_method else ""
    code = reindent(language, shown, base=base, from_unit=unit, to_unit=UNIT)
    if is_method:
        code = f"class {definition.qualified_name.split('.')[-2]}:\n{code}"
    return f"```{language.fence}\n{code}\n", end_of_block(base + UNIT)


def end_of_block(indent: str) -> str:
    """A pattern that matches where a line begins that is indented less than a block."""
    return rf"\n(?!{re.escape(indent)})(?=[ \t]*\S)"


def system(language_name: str) -> Message:
    """The message every request for code begins with."""
    return Message(
        "system",
        f"You are an expert {language_name} programmer. You write correct, complete, simple code.",
    )

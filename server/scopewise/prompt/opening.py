"""The opening of the assistant's turn: code the model goes on from instead of writing it again."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Message, Request, Sampling
from scopewise.syntax.indent import reindent
from scopewise.syntax.languages import Language
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_UNIT = "    "
"""One level of indentation in prompts, whatever the file uses: small models know it best. Where a
language's own formatter sets tabs it is a tab."""

_BOUND_TO_NAME = re.compile(r"=>\s*$|=[^=>]*\bfunction\b")
"""A signature of a function that is the value of a statement."""


def opening(
    parsed: ParsedDocument, definition: Definition, shown: str, unit: str
) -> tuple[str, str]:
    """The fenced beginning of a definition, and the pattern that matches where its body ends.

    `shown` is what stands above the body, indented in `unit`s; a method gets its class around it.
    """
    language = parsed.language
    step = _step(language)
    base = step if definition.parent == "class" else ""
    code = reindent(language, shown, base=base, from_unit=unit, to_unit=step)
    if base:
        code = f"{_class_line(parsed, definition)}\n{code}"
    ends = (
        end_of_block(base + step)
        if language.block == "indent"
        else end_of_braces(base, bool(_BOUND_TO_NAME.search(parsed.text(definition.signature))))
    )
    return f"```{language.fence}\n{code}\n", ends


def shown_until(parsed: ParsedDocument, definition: Definition, end: int) -> str:
    """What stands of a definition up to the byte `end`, from the beginning of its first line."""
    lines = parsed.snapshot.lines
    start = lines.line_range(lines.line_of(definition.range.start)).start
    return parsed.text(ByteRange(start, end)).replace("\r\n", "\n").rstrip()


def first_step(parsed: ParsedDocument, definition: Definition) -> str:
    """What stands behind an opening to have the model say in comments what it is about to write.

    Dearer than to go on with code, and better where that has failed: a chain of thought (arXiv
    2201.11903) that is a part of the answer, so that answers remain bodies.
    """
    indent = _step(parsed.language) * (2 if definition.parent == "class" else 1)
    return f"{indent}{parsed.language.line_comment} Step 1:"


def planned_answer(parsed: ParsedDocument, definition: Definition, answer: str) -> str:
    """The whole of an answer that goes on from `first_step`; its comments no longer number the
    steps."""
    comment = re.escape(parsed.language.line_comment)
    numbered = rf"^([ \t]*{comment}[ \t]*)Step[ \t]+\d+[ \t]*[:.][ \t]*(?=\S)"
    whole = first_step(parsed, definition) + answer
    return re.sub(numbered, r"\1", whole, flags=re.MULTILINE)


def closing(parsed: ParsedDocument, definition: Definition) -> str:
    """The lines that close what an opening has begun, were there no body."""
    if parsed.language.block == "indent":
        return ""
    if definition.parent != "class":
        return "}\n"
    return _step(parsed.language) + "}\n}\n"


def code_request(
    language: Language,
    task: str,
    begun: tuple[str, str],
    max_tokens: int,
    sampling: Sampling,
    n_samples: int,
) -> Request:
    """The request whose answers go on from what `opening` has begun."""
    return Request(
        messages=(system(language.name), Message("user", task)),
        opening=begun[0],
        max_tokens=max_tokens,
        stop_pattern=begun[1],
        sampling=sampling,
        n_samples=n_samples,
        guard="code",
        code_language=language.id,
    )


def planned_request(request: Request, parsed: ParsedDocument, definition: Definition) -> Request:
    """The request whose answers go on from `first_step` as well."""
    begun = request.opening + first_step(parsed, definition)
    return msgspec.structs.replace(request, opening=begun)


def surrounding_code(language: Language, pieces: Sequence[Piece]) -> list[str]:
    """The part of a task that shows the code around; none where there is none."""
    if not pieces:
        return []
    code = "\n\n".join(piece.code for piece in pieces)
    return [f"The file has this code:\n```{language.fence}\n{code}\n```"]


def completion_task(parsed: ParsedDocument, definition: Definition, begun: str) -> str:
    """The part of a task that asks for a function to be written from its documentation."""
    return (
        f"Complete the function `{definition.name}`. Answer with the whole function, correct "
        f"for every case its {documentation(parsed.language)} names.\n"
        f"{begun}{closing(parsed, definition)}```"
    )


def documentation(language: Language) -> str:
    """What programmers of a language call the documentation of a function."""
    return "docstring" if language.doc_placement == "inside" else "doc comment"


def _step(language: Language) -> str:
    """One level of indentation in the prompts of a language."""
    return "\t" if language.indent == "\t" else _UNIT


def _class_line(parsed: ParsedDocument, definition: Definition) -> str:
    owner = parsed.owner(definition)
    if owner is None or parsed.language.block == "indent":
        return f"class {definition.qualified_name.split('.')[-2]}:"
    return " ".join(parsed.text(owner.signature).split()) + " {"


def end_of_braces(indent: str, is_statement: bool) -> str:
    """A pattern that matches where the line of a closing brace begins, or that of a fence.

    Other lines may stand left of the braces' inside: labels, directives, text in strings. A
    semicolon after the brace ends a value inside the function, unless the function is one itself.
    """
    semicolon = ";?" if is_statement else ""
    return rf"(?:\A|\n)(?={re.escape(indent)}\}}{semicolon}[ \t]*\n)|\n(?=[ \t]*```)"


def end_of_block(indent: str) -> str:
    """A pattern that matches where a line begins that is indented less than a block."""
    return rf"\n(?!{re.escape(indent)})(?=[ \t]*\S)"


def system(language_name: str) -> Message:
    """The message every request for code begins with."""
    return Message(
        "system",
        f"You are an expert {language_name} programmer. You write correct, complete, simple code.",
    )

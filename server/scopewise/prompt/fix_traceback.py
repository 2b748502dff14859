"""The prompt that asks for a function to be mended, given the stack trace it failed with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Request, Sampling
from scopewise.prompt.opening import (
    code_request,
    completion_task,
    opening,
    shown_until,
    surrounding_code,
)
from scopewise.scope.traces.localise import Failure
from scopewise.scope.traces.stack import Frame, Trace
from scopewise.syntax.indent import indent_unit
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_MAX_FRAMES = 8
_MAX_MESSAGE = 800
_MARK = "# <--"

_RELATIONS = {
    "cause": "That was the direct cause of:",
    "context": "While that was handled, another exception occurred:",
    None: "",
}


def fix_request(
    failure: Failure,
    pieces: Sequence[Piece],
    max_tokens: int,
    sampling: Sampling,
    n_samples: int,
) -> Request:
    """The request whose answers are bodies of the mended function."""
    language, task = failure.parsed.language, _task(failure, pieces)
    return code_request(language, task, _opening(failure), max_tokens, sampling, n_samples)


def anew_request(
    failure: Failure,
    pieces: Sequence[Piece],
    held: Sequence[str],
    max_tokens: int,
    sampling: Sampling,
    n_samples: int,
) -> Request:
    """The request whose answers are bodies written from the documentation alone.

    A small model that has seen a faulty body tends to give it back; `held` is what the trace says
    must hold.
    """
    begun = _opening(failure)
    language, task = failure.parsed.language, _anew(failure, pieces, held, begun[0])
    return code_request(language, task, begun, max_tokens, sampling, n_samples)


def without_marks(answer: str) -> str:
    """The answer without comments that echo the mark on the failing line."""
    return re.sub(rf"[ \t]*{_MARK}[^\n]*", "", answer)


def _opening(failure: Failure) -> tuple[str, str]:
    parsed, definition = failure.parsed, failure.definition
    unit = indent_unit(parsed.snapshot.text, parsed.language.indent)
    return opening(parsed, definition, _above_body(parsed, definition), unit)


def _anew(failure: Failure, pieces: Sequence[Piece], held: Sequence[str], begun: str) -> str:
    language = failure.parsed.language
    parts = surrounding_code(language, pieces)
    parts.append(completion_task(failure.parsed, failure.definition, begun))
    if held:
        parts.append(f"This must hold:\n```{language.fence}\n" + "\n".join(held) + "\n```")
    return "\n\n".join(parts)


def _task(failure: Failure, pieces: Sequence[Piece]) -> str:
    fence = failure.parsed.language.fence
    parts = surrounding_code(failure.parsed.language, pieces)
    parts.append(f"This function has a bug:\n```{fence}\n{marked_code(failure)}\n```")
    parts.append("It failed like this:\n```\n" + "\n".join(told(failure.trace)) + "\n```")
    if failure.note:
        parts.append(failure.note)
    parts.append(
        f"Write `{failure.definition.name}` again with the bug mended. Find the cause and change "
        "only what is wrong; do not just hide the error. Answer with the code only."
    )
    return "\n\n".join(parts)


def marked_code(failure: Failure) -> str:
    """The function's text, dedented, with the failing line pointed at."""
    import textwrap

    parsed = failure.parsed
    lines = parsed.snapshot.lines
    first = lines.line_of(failure.definition.range.start)
    start = lines.line_range(first).start
    shown = textwrap.dedent(parsed.text(ByteRange(start, failure.definition.range.end)))
    code = shown.splitlines()
    if failure.line is not None and 0 <= failure.line - first < len(code):
        exception = failure.trace.exception
        what = exception.type_name if exception else "the error"
        code[failure.line - first] += f"  {_MARK} {what} is raised here"
    return "\n".join(code)


def _above_body(parsed: ParsedDocument, definition: Definition) -> str:
    end = definition.doc.end if definition.doc else definition.body.start
    return shown_until(parsed, definition, end)


def told(trace: Trace) -> Iterator[str]:
    """The trace in a few lines: the earliest exception first, each with its innermost frames."""
    if trace.cause is not None:
        yield from told(trace.cause)
        yield _RELATIONS[trace.relation]
    for frame in trace.frames[-_MAX_FRAMES:]:
        yield from _frame_lines(frame)
    if trace.exception is not None:
        message = trace.exception.text[:_MAX_MESSAGE]
        yield f"{trace.exception.type_name}: {message}".rstrip(": ")
    for member in trace.members:
        yield from ("  " + line for line in told(member))


def _frame_lines(frame: Frame) -> Iterator[str]:
    name = frame.path.replace("\\", "/").rpartition("/")[2]
    yield f"{name}, line {frame.line}" + (f", in {frame.function}" if frame.function else "")
    if frame.code:
        yield "    " + frame.code.strip()

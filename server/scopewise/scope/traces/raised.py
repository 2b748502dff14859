"""The lines of a trace that are not frames: where it begins, what was raised, what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from scopewise.scope.traces.lines import Lines
from scopewise.scope.traces.stack import ExceptionInfo, Relation

HEADER = re.compile(
    r"\s*(?:Exception Group )?Traceback \(most recent call last\):"
    r"|(?:Current thread|Thread) 0x[0-9a-f]+ .{0,100}\(most recent call (?P<first>first)\):"
)
GROUP_HEADER = re.compile(r"\s*\+ (?P<header>Exception Group Traceback \(most recent call last\):)")
RAISABLE = re.compile(r"[\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Iteration|Group)(?::|\s*$)")
"""An exception named as exceptions are, so no other output looks like it."""

_MAX_MESSAGE_LINES = 30
_MAX_LINES_TO_RELATION = 20
_LOOK_BACK_BYTES = 400

_EXCEPTION = re.compile(
    r"\s*(?P<type>[^\W\d][\w.]*(?:<locals>[\w.]*)*)(?::(?:\s+(?P<message>.*))?)?\s*$"
)
_LEVEL = re.compile(r"(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b")
_RELATION = re.compile(
    r"The above exception was the (?P<cause>direct cause) of the following exception"
    r"|During handling of the above exception, another exception occurred"
)
_RELATION_BYTES = re.compile(_RELATION.pattern.encode())
# What comes right behind a trace and is not part of its message: a log record with a time
# or a level, a ruler, a prompt, the quotes or the fence round the trace, the next report.
_NOT_MESSAGE = re.compile(
    r"\W?\d{4}-\d\d-\d\d|\W?\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d{1,2} \d\d:"
    rf"|\W?{_LEVEL.pattern}"
    r"|\s*([-=*_#])\1{4}|[$%#>] |>>> |\S+@\S+[:~ ]|\"\"\"|'''|```|##\[|</pre>"
    r"|Exception (?:in|ignored) |Fatal Python error: "
)


def exception_of(text: str) -> ExceptionInfo | None:
    """What a line says was raised: "ValueError: too long", or the type alone."""
    match = _EXCEPTION.match(text)
    if match is None or _LEVEL.match(text.lstrip()):
        return None
    if match["message"] is None and not re.search(r"[.A-Z]", match["type"]):
        return None
    return ExceptionInfo(match["type"], (match["message"] or "").rstrip())


def relation_in(text: str) -> Relation | None:
    """How the trace above a line led to the one below it, if the line says so."""
    match = _RELATION.search(text)
    if match is None:
        return None
    return "cause" if match["cause"] else "context"


def relation_before(source: bytes, start: int) -> Relation | None:
    """The relation of a trace that begins at an offset to what stands above it."""
    before = source[max(0, start - _LOOK_BACK_BYTES) : start]
    matches = list(_RELATION_BYTES.finditer(before))
    if not matches or before.count(b"\n", matches[-1].end()) > 2:
        return None
    return "cause" if matches[-1]["cause"] else "context"


def take_relation(lines: Lines) -> Relation | None:
    """The relation to the trace ahead, which comes next then."""
    for n_ahead in range(_MAX_LINES_TO_RELATION):
        line = lines.peek(n_ahead)
        if line is None or _begins_trace(line.text):
            return None
        if relation := relation_in(line.text):
            lines.skip(n_ahead + 1)
            _skip_blank(lines)
            return relation
    return None


def _begins_trace(text: str) -> bool:
    is_headed = HEADER.match(text) or GROUP_HEADER.match(text)
    return bool(is_headed) or text.lstrip().startswith('File "')


def _skip_blank(lines: Lines) -> None:
    while (line := lines.peek()) is not None and not line.text.strip():
        lines.take()


def take_exception(lines: Lines) -> ExceptionInfo | None:
    """The exception that comes next, with the lines that carry its message on."""
    line, after = lines.peek(), lines.peek(1)
    if line and after and not line.text.strip() and RAISABLE.match(after.text):
        # Some consoles put a blank line behind every frame.
        lines.take()
        line = after
    exception = exception_of(line.text) if line else None
    if exception is None:
        return None
    lines.take()
    further = list(_further_lines(lines, exception.message))
    n_message = _n_message_lines(exception.message, further)
    message = "\n".join([exception.message, *further[:n_message]])
    return replace(exception, message=message, notes=tuple(further[n_message:]))


def _further_lines(lines: Lines, previous: str) -> Iterator[str]:
    for _ in range(_MAX_MESSAGE_LINES):
        line = lines.peek()
        if line is None or not _is_further(line.text, previous, is_log=lines.is_log):
            return
        lines.take()
        previous = line.text
        yield line.text.rstrip()


def _is_further(text: str, previous: str, *, is_log: bool) -> bool:
    if not text.strip() or _NOT_MESSAGE.match(text):
        return False
    if HEADER.match(text) or GROUP_HEADER.match(text) or relation_in(text):
        return False
    return not is_log or text[0].isspace() or previous.rstrip().endswith(":")


def _n_message_lines(message: str, further: list[str]) -> int:
    """How many of the lines carry the message on; those after them are taken for notes."""
    previous = message
    for n, text in enumerate(further):
        if not text[0].isspace() and previous[-1:] not in (":", ",", "(", "[", "{", ""):
            return n
        previous = text
    return len(further)

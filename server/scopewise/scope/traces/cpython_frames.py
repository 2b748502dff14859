"""Frames as CPython prints them: the place, the source below it, the marks below that."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace

from scopewise.scope.traces.lines import Lines, TraceLine
from scopewise.scope.traces.raised import HEADER, RAISABLE, exception_of, relation_in
from scopewise.scope.traces.stack import Frame
from scopewise.text import ByteRange

_MAX_CODE_LINES = 10
_MAX_FOREIGN_LINES = 3

_FRAME = re.compile(
    r'\s*File "(?P<path>.+?)", line (?P<line>\d{1,9})(?:,? in (?P<function>.+?))?\s*$'
)
_REPEATED = re.compile(r"\s*\[Previous line repeated (\d{1,9}) more times?\]")
_CARETS = re.compile(r"\s*(?P<carets>[~^][~^ ]*)$")


def frame_of(line: TraceLine) -> Frame | None:
    """The frame a line names, without its code."""
    match = _FRAME.match(line.text)
    if match is None:
        return None
    place = ByteRange(line.start, line.end)
    return Frame(match["path"], int(match["line"]), match["function"] or "", range=place)


def take_frames(lines: Lines) -> list[Frame]:
    """The frames that come next, in the order they are printed in."""
    frames: list[Frame] = []
    while (line := lines.peek()) is not None:
        if frame := frame_of(line):
            frames.append(_take_frame(lines, line, frame))
            continue
        if frames and (repeated := _REPEATED.match(line.text)):
            frames[-1] = replace(frames[-1], n_repeats=int(repeated[1]))
        elif not _is_noise(lines):
            break
        lines.take()
    return frames


def _is_noise(lines: Lines) -> bool:
    """Whether a line only interrupts a trace: another frame follows before anything else."""
    for n_ahead in range(_MAX_FOREIGN_LINES + 1):
        line = lines.peek(n_ahead)
        if line is None or HEADER.match(line.text) or RAISABLE.match(line.text):
            return False
        if n_ahead and _FRAME.match(line.text):
            return True
    return False


def _take_frame(lines: Lines, head: TraceLine, frame: Frame) -> Frame:
    lines.take()
    indent = _indent(head.text)
    body: list[str] = []
    while (line := lines.peek()) is not None and _is_code(line.text, indent, body, frame):
        body.append(line.text)
        lines.take()
    code, carets = _code_and_carets(body)
    return replace(
        frame,
        code=code,
        carets=carets if indent else None,
        range=ByteRange(frame.range.start, lines.end),
    )


def _is_code(text: str, indent: int, body: list[str], frame: Frame) -> bool:
    if not text.strip() or _FRAME.match(text) or _REPEATED.match(text):
        return False
    if indent:
        return _indent(text) > indent
    return _is_code_without_indent(text, body, frame)


def _is_code_without_indent(text: str, body: list[str], frame: Frame) -> bool:
    """A guess for traces that lost the blanks at the start of every line."""
    if _CARETS.match(text):
        return True
    if RAISABLE.match(text) or HEADER.match(text) or relation_in(text):
        return False
    if not body:
        return not frame.path.startswith("<frozen")
    return exception_of(text) is None and len(body) < _MAX_CODE_LINES


def _indent(text: str) -> int:
    expanded = text.expandtabs()
    return len(expanded) - len(expanded.lstrip())


def _code_and_carets(body: list[str]) -> tuple[str, tuple[int, int] | None]:
    code = [text for text in body if not _CARETS.match(text)]
    dedented = textwrap.dedent("\n".join(code))
    marks = _CARETS.match(body[1]) if len(body) > 1 else None
    if marks is None or not code:
        return dedented, None
    n_removed = len(code[0]) - len(dedented.partition("\n")[0])
    start = max(0, marks.start("carets") - n_removed)
    return dedented, (start, start + len(marks["carets"].rstrip()))

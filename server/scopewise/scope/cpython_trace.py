"""Traces as CPython prints them: plain, chained, in groups, of syntax errors, of crashes."""

from __future__ import annotations

import bisect
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scopewise.scope.stack import ExceptionInfo, Frame, Relation, Trace
from scopewise.scope.trace_lines import (
    Lines,
    TraceLine,
    line_end,
    line_start,
    lines_from,
    open_lines,
)
from scopewise.text import ByteRange

MARKER = re.compile(rb"\(most recent call (?:last|first)\)|, line [\d\x1b]")
"""Every trace has one of these on its first line or, cut off, on the first that is left."""

_MAX_MESSAGE_LINES = 30
_MAX_LINES_TO_RELATION = 20
_MAX_CODE_LINES = 10
_MAX_GROUP_DEPTH = 30
_N_FOREIGN_LINES = 3
_LOOK_BACK_BYTES = 400

_HEADER = re.compile(
    r"\s*(?:Exception Group )?Traceback \(most recent call last\):"
    r"|(?:Current thread|Thread) 0x[0-9a-f]+ .{0,100}\(most recent call (?P<first>first)\):"
)
_HEADER_IN_LINE = re.compile(
    r"(?P<indent> {0,2})\+ Exception Group Traceback \(most recent call last\)"
    r"|(?:Exception Group )?Traceback \(most recent call last\)"
    r"|(?:Current thread|Thread) 0x[0-9a-f]+ .{0,100}\(most recent call first\)"
)
_GROUP_HEADER = re.compile(r"\s*\+ (Exception Group Traceback \(most recent call last\):)")
_FRAME = re.compile(
    r'\s*File "(?P<path>.+?)", line (?P<line>\d{1,9})(?:,? in (?P<function>.+?))?\s*$'
)
_REPEATED = re.compile(r"\s*\[Previous line repeated (\d{1,9}) more times?\]")
_CARETS = re.compile(r"\s*(?P<carets>[~^][~^ ]*)$")
_EXCEPTION = re.compile(
    r"\s*(?P<type>[^\W\d][\w.]*(?:<locals>[\w.]*)*)(?::(?:\s+(?P<message>.*))?)?\s*$"
)
_RAISABLE = re.compile(
    r"[\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Iteration|Group)(?::|\s*$)"
)
_LEVEL = re.compile(r"(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b")
_RELATION = re.compile(
    r"The above exception was the (?P<cause>direct cause) of the following exception"
    r"|During handling of the above exception, another exception occurred"
)
_RELATION_BYTES = re.compile(_RELATION.pattern.encode())
_FATAL = re.compile(rb"Fatal Python error: ([^\r\n]*)")
# What comes right behind a trace and is not part of its message: a log record with a time
# or a level, a ruler, a prompt, the quotes or the fence round the trace, the next report.
_NOT_MESSAGE = re.compile(
    r"\W?\d{4}-\d\d-\d\d|\W?\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d{1,2} \d\d:"
    r"|\W?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b"
    r"|\s*([-=*_#])\1{4}|[$%#>] |>>> |\S+@\S+[:~ ]|\"\"\"|'''|```|##\[|</pre>|\", \""
    r"|Exception (?:in|ignored) |Fatal Python error: "
)
_MARGIN = re.compile(r"\s*\|(?: (?P<text>.*)|\s*)$")
_SEPARATOR = re.compile(r"\s*\+(?P<open>-\+)?-{4,}(?: (?P<number>\d{1,6}|\.\.\.) -+)?\s*$")


def iter_traces(source: bytes, start: int, end: int) -> Iterator[Trace]:
    """The traces that begin between two offsets, in order, each read to its own end."""
    while marker := MARKER.search(source, start, end):
        begin = line_start(source, marker.start())
        trace = _trace_at(source, begin, marker.start() - begin)
        start = line_end(source, marker.end())
        if trace is not None:
            yield trace
            start = max(start, trace.range.end)


def frame_of(line: TraceLine) -> Frame | None:
    """The frame a line names in CPython's way, without its code."""
    match = _FRAME.match(line.text)
    return _frame_from(match, line) if match else None


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


def _trace_at(source: bytes, start: int, offset: int) -> Trace | None:
    first = next(lines_from(source, start), None)
    lead = _lead(first.text) if first else None
    if lead is None:
        return None
    lines = open_lines(lines_from(source, start), lead)
    trace = _chain(lines, _relation_before(source, start))
    if trace is None or not trace.has_frames:
        return None
    trace = _with_fatal_error(source, trace, start)
    end = start + len(source[start : line_end(source, trace.range.end)].rstrip(b"\r"))
    return replace(trace, range=ByteRange(start, end))


def _lead(text: str) -> str | None:
    """What stands on the first line of a trace before the trace."""
    if header := _HEADER_IN_LINE.search(text):
        return text[: header.start()]
    before, found, _ = text.partition('", line ')
    start = before.rfind('File "')
    if not found or start < 0:
        return None
    n_indent = min(2, start - len(text[:start].rstrip(" ")))
    return text[: start - n_indent]


def _relation_before(source: bytes, start: int) -> Relation | None:
    """The relation to an exception whose own trace is cut off or could not be read."""
    before = source[max(0, start - _LOOK_BACK_BYTES) : start]
    matches = list(_RELATION_BYTES.finditer(before))
    if not matches or before.count(b"\n", matches[-1].end()) > 2:
        return None
    return "cause" if matches[-1]["cause"] else "context"


def _with_fatal_error(source: bytes, trace: Trace, start: int) -> Trace:
    """The trace with the error that made faulthandler print the current thread."""
    if trace.exception is not None or not source.startswith(b"Current thread", start):
        return trace
    errors = _FATAL.findall(source, max(0, start - _LOOK_BACK_BYTES), start)
    if not errors:
        return trace
    message = errors[-1].decode("utf-8", errors="replace")
    return replace(trace, exception=ExceptionInfo("Fatal Python error", message))


def _chain(lines: Lines, relation: Relation | None = None) -> Trace | None:
    """The last exception of a chain, with those before it as its causes."""
    trace = _single(lines)
    if trace is None:
        return None
    trace = replace(trace, relation=relation)
    while relation := _take_relation(lines):
        later = _single(lines)
        if later is None:
            break
        both = ByteRange(trace.range.start, later.range.end)
        trace = replace(later, cause=trace, relation=relation, range=both)
    return trace


def _take_relation(lines: Lines) -> Relation | None:
    for n_ahead in range(_MAX_LINES_TO_RELATION):
        line = lines.peek(n_ahead)
        if line is None or _begins_trace(line.text):
            return None
        if relation := relation_in(line.text):
            lines.skip(n_ahead + 1)
            _skip_blank(lines)
            return relation
    return None


def _skip_blank(lines: Lines) -> None:
    while (line := lines.peek()) is not None and not line.text.strip():
        lines.take()


def _begins_trace(text: str) -> bool:
    return bool(_HEADER.match(text) or _GROUP_HEADER.match(text) or _FRAME.match(text))


def _single(lines: Lines) -> Trace | None:
    first = lines.peek()
    if first is None:
        return None
    if _GROUP_HEADER.match(first.text):
        return _group(lines)
    return _plain(lines, first)


def _plain(lines: Lines, first: TraceLine) -> Trace | None:
    header = _HEADER.match(first.text)
    if header:
        lines.take()
    frames = _frames(lines)
    exception = _exception(lines)
    if not header and exception is None and len(frames) < 2:
        # Prose may well mention one place in this form.
        return None
    if header and header["first"]:
        frames.reverse()
    return Trace(tuple(frames), exception, ByteRange(first.start, lines.end))


def _frames(lines: Lines) -> list[Frame]:
    frames: list[Frame] = []
    while (line := lines.peek()) is not None:
        if frame := frame_of(line):
            frames.append(_frame(lines, frame))
        elif frames and (repeated := _REPEATED.match(line.text)):
            frames[-1] = replace(frames[-1], n_repeats=int(repeated[1]))
            lines.take()
        elif _is_noise(lines):
            lines.take()
        else:
            break
    return frames


def _is_noise(lines: Lines) -> bool:
    """Whether a line only interrupts a trace: another frame follows before anything else."""
    for n_ahead in range(_N_FOREIGN_LINES + 1):
        line = lines.peek(n_ahead)
        if line is None or _HEADER.match(line.text) or exception_of(line.text):
            return False
        if n_ahead and _FRAME.match(line.text):
            return True
    return False


def _frame_from(match: re.Match[str], line: TraceLine) -> Frame:
    return Frame(
        match["path"],
        int(match["line"]),
        match["function"] or "",
        range=ByteRange(line.start, line.end),
    )


def _frame(lines: Lines, frame: Frame) -> Frame:
    head = lines.take()
    indent = _indent(head.text) if head else 0
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
    if _RAISABLE.match(text) or _HEADER.match(text) or relation_in(text):
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


def _exception(lines: Lines) -> ExceptionInfo | None:
    line, after = lines.peek(), lines.peek(1)
    if line and after and not line.text.strip() and _RAISABLE.match(after.text):
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
    if _HEADER.match(text) or _GROUP_HEADER.match(text) or relation_in(text):
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


@dataclass
class _Node:
    """One member of a group while its lines are gathered."""

    lines: list[TraceLine] = field(default_factory=list)
    members: list[_Node] = field(default_factory=list)


def _group(lines: Lines) -> Trace | None:
    """The group whose lines come next, margins removed, with all its members."""
    header = lines.take()
    match = _GROUP_HEADER.match(header.text) if header else None
    if header is None or match is None:
        return None
    root = _Node([replace(header, text=match[1])])
    path = [root]
    while (line := lines.peek()) is not None:
        if separator := _SEPARATOR.match(line.text):
            path = _path_after(path, separator)
        elif margin := _MARGIN.match(line.text):
            path[-1].lines.append(replace(line, text=margin["text"] or ""))
        elif not _is_between_members(lines):
            break
        lines.take()
    trace = _trace_of(root)
    return replace(trace, range=ByteRange(header.start, lines.end)) if trace else None


def _is_between_members(lines: Lines) -> bool:
    line, after = lines.peek(), lines.peek(1)
    if line is None or after is None or not line.text.strip():
        return False
    return bool(_SEPARATOR.match(after.text) or _MARGIN.match(after.text))


def _path_after(path: list[_Node], separator: re.Match[str]) -> list[_Node]:
    """Where the next lines belong, from the group down to the innermost member.

    The numbers tell, so it does not take the indentation, which is easily lost.
    """
    if not separator["open"]:
        path = path[:-1] or path
        if separator["number"] is None:
            return path
        while len(path) > 1 and not _takes(path[-1], separator["number"]):
            path = path[:-1]
    elif len(path) > _MAX_GROUP_DEPTH:
        path = path[:-1]
    member = _Node()
    path[-1].members.append(member)
    return [*path, member]


def _takes(group: _Node, number: str) -> bool:
    return not number.isdecimal() or len(group.members) == int(number) - 1


def _trace_of(node: _Node) -> Trace | None:
    trace = _chain(Lines(node.lines))
    if trace is None and not node.members:
        return None
    members = [member for node in node.members if (member := _trace_of(node))]
    if trace is None:
        trace = Trace((), None, members[0].range) if members else None
    return _with_members(trace, members) if trace else None


def _with_members(trace: Trace, members: list[Trace]) -> Trace:
    """The chain, each member put into the exception whose lines stand before its own."""
    parts = [trace]
    while parts[0].cause is not None:
        parts.insert(0, parts[0].cause)
    ends = [part.range.end for part in parts]
    owners = [max(0, bisect.bisect(ends, member.range.start) - 1) for member in members]
    cause: Trace | None = None
    for n, part in enumerate(parts):
        own = tuple(member for member, owner in zip(members, owners, strict=True) if owner == n)
        end = max([part.range.end, *(member.range.end for member in own)])
        whole = ByteRange(part.range.start, end)
        cause = trace = replace(part, cause=cause, members=own, range=whole)
    return trace

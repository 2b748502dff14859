"""Traces as CPython prints them: plain, chained, in groups, of syntax errors, of crashes."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scopewise.scope.traces.cpython_frames import take_frames
from scopewise.scope.traces.lines import (
    Lines,
    TraceLine,
    line_end,
    line_start,
    lines_from,
    open_lines,
)
from scopewise.scope.traces.raised import (
    GROUP_HEADER,
    HEADER,
    relation_before,
    take_exception,
    take_relation,
)
from scopewise.scope.traces.stack import ExceptionInfo, Frame, Relation, Trace
from scopewise.text import ByteRange

MARKER = re.compile(rb"\(most recent call (?:last|first)\)|, line [\d\x1b]")
"""Every trace has one of these on its first line or, cut off, on the first that is left."""

_MAX_GROUP_DEPTH = 30
_LOOK_BACK_BYTES = 400

_HEADER_IN_LINE = re.compile(
    r" {0,2}\+ Exception Group Traceback \(most recent call last\)"
    r"|(?:Exception Group )?Traceback \(most recent call last\)"
    r"|(?:Current thread|Thread) 0x[0-9a-f]+ .{0,100}\(most recent call first\)"
)
_FATAL = re.compile(rb"Fatal Python error: ([^\r\n\\#]*)")
_MARGIN = re.compile(r"\s*\|(?: (?P<text>.*)|\s*)$")
_SEPARATOR = re.compile(r"\s*\+(?P<open>-\+)?-{4,}(?: (?P<number>\d{1,6}|\.\.\.) -+)?\s*$")


def iter_traces(source: bytes, start: int, end: int) -> Iterator[Trace]:
    """The traces that begin between two offsets, in order, each read to its own end."""
    while marker := MARKER.search(source, start, end):
        begin = line_start(source, marker.start())
        trace = _trace_at(source, begin)
        start = line_end(source, marker.end())
        if trace is not None:
            yield trace
            start = max(start, trace.range.end)


def _trace_at(source: bytes, start: int) -> Trace | None:
    first = next(lines_from(source, start), None)
    lead = _lead(first.text) if first else None
    if lead is None:
        return None
    lines = open_lines(lines_from(source, start), lead)
    trace = _chain(lines, relation_before(source, start))
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


def _with_fatal_error(source: bytes, trace: Trace, start: int) -> Trace:
    """The trace with the error that made faulthandler print the current thread."""
    header = source.find(b"Current thread 0x", start, line_end(source, start))
    if trace.exception is not None or header < 0:
        return trace
    errors = _FATAL.findall(source, max(0, start - _LOOK_BACK_BYTES), header)
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
    while relation := take_relation(lines):
        later = _single(lines)
        if later is None:
            break
        both = ByteRange(trace.range.start, later.range.end)
        trace = replace(later, cause=trace, relation=relation, range=both)
    return trace


def _single(lines: Lines) -> Trace | None:
    first = lines.peek()
    if first is None:
        return None
    if GROUP_HEADER.match(first.text):
        return _group(lines)
    return _plain(lines, first)


def _plain(lines: Lines, first: TraceLine) -> Trace | None:
    header = HEADER.match(first.text)
    if header:
        lines.take()
    frames = take_frames(lines)
    exception = take_exception(lines)
    if not header and exception is None and not _is_convincing(frames, first):
        return None
    if header and header["first"]:
        frames.reverse()
    return Trace(tuple(frames), exception, ByteRange(first.start, lines.end))


def _is_convincing(frames: list[Frame], first: TraceLine) -> bool:
    """Whether frames alone make a trace: prose may well mention one place in this form."""
    return len(frames) > 1 or bool(frames and frames[0].code and first.text.startswith(" "))


@dataclass
class _Node:
    """One member of a group while its lines are gathered."""

    lines: list[TraceLine] = field(default_factory=list)
    members: list[_Node] = field(default_factory=list)


def _group(lines: Lines) -> Trace | None:
    """The group whose lines come next, margins removed, with all its members."""
    header = lines.take()
    match = GROUP_HEADER.match(header.text) if header else None
    if header is None or match is None:
        return None
    root = _Node([replace(header, text=match["header"])])
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
        inside = [part, *own, *([cause] if cause else [])]
        cause = trace = replace(part, cause=cause, members=own, range=_around(inside))
    return trace


def _around(traces: list[Trace]) -> ByteRange:
    starts = [trace.range.start for trace in traces]
    return ByteRange(min(starts), max(trace.range.end for trace in traces))

"""Every stack trace in a text, and the one at the cursor: logs, terminals, pasted reports."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from scopewise.scope.traces import cpython_trace, pytest_trace
from scopewise.scope.traces.lines import line_end, line_start
from scopewise.scope.traces.raised import relation_before
from scopewise.scope.traces.stack import (
    ExceptionInfo,
    Frame,
    Relation,
    Trace,
    by_interest,
    root_cause,
)
from scopewise.text import ByteRange

__all__ = [
    "ExceptionInfo",
    "Frame",
    "Relation",
    "Trace",
    "by_interest",
    "is_near",
    "parse_traces",
    "root_cause",
    "trace_at",
]

_NEAR_BYTES = 4 * 1024
_REACH_BYTES = 256 * 1024

_HEADER = b"Traceback (most recent call last)"
_NEAR_MARKS = (b"most recent call ", b", line ", pytest_trace.MARKER)


def parse_traces(text: str | bytes) -> list[Trace]:
    """The traces of a text in order; byte ranges count in its UTF-8 form.

    Any text will do, and a trace that is cut off gives what is left of it.
    """
    source = _source(text)
    reports = list(pytest_trace.iter_traces(source, 0, len(source)))
    ends = [report.range.end for report in reports]
    traces = cpython_trace.iter_traces(source, 0, len(source))
    # A test's report may quote another trace in its message; it is one report all the same.
    others = [trace for trace in traces if not _is_quoted(trace, reports, ends)]
    return sorted([*reports, *others], key=lambda trace: trace.range)


def trace_at(text: str | bytes, range: ByteRange) -> Trace | None:  # noqa: A002
    """The trace that the lines of a selection, or of the cursor, have a part in.

    It is asked for on every cursor move, so only the surroundings are read. UTF-8 bytes, such
    as a snapshot's `source`, save encoding a long text again.
    """
    source = _source(text)
    lines = _whole_lines(source, range)
    if not is_near(source, lines):
        return None
    traces = _traces_near(source, lines)
    return next((trace for trace in traces if trace.range.overlaps(lines)), None)


def is_near(text: str | bytes, range: ByteRange) -> bool:  # noqa: A002
    """Whether anything close to a range looks like a trace, at the cost of a few searches."""
    source = _source(text)
    start, end = max(0, range.start - _NEAR_BYTES), range.end + _NEAR_BYTES
    return any(source.find(mark, start, end) >= 0 for mark in _NEAR_MARKS)


def _is_quoted(trace: Trace, reports: list[Trace], ends: list[int]) -> bool:
    n = bisect.bisect_right(ends, trace.range.start)
    return n < len(reports) and reports[n].range.overlaps(trace.range)


def _source(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", errors="replace")


def _whole_lines(source: bytes, range: ByteRange) -> ByteRange:  # noqa: A002
    start = line_start(source, min(max(range.start, 0), len(source)))
    return ByteRange(start, line_end(source, max(range.end, start)) + 1)


def _traces_near(source: bytes, lines: ByteRange) -> Iterator[Trace]:
    yield from pytest_trace.traces_near(source, lines)
    yield from cpython_trace.iter_traces(source, _first_line(source, lines.start), lines.end)


def _first_line(source: bytes, offset: int) -> int:
    """The start of a line from which on reading finds every trace that reaches an offset."""
    limit = max(0, offset - _REACH_BYTES)
    header = line_end(source, offset)
    while (header := source.rfind(_HEADER, limit, header)) >= 0:
        if not _continues_a_trace(source, header):
            return line_start(source, header)
    return line_start(source, limit)


def _continues_a_trace(source: bytes, header: int) -> bool:
    """Whether a header stands inside of a trace: in a chain, or as a member of a group."""
    begin = line_start(source, header)
    above = source[line_start(source, max(0, begin - 1)) : begin]
    return b"+----" in above or b"+-+--" in above or bool(relation_before(source, begin))

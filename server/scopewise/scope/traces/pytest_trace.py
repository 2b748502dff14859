"""Failures as pytest reports them, in its long, short and line styles.

The report of one failure stands between two rulers. It shows a frame either as
"path:line: in function" with the line of code below, or as a piece of the source, the
failing line marked by ">", with "path:line: " below. Lines with "E" tell the exception.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from scopewise.scope.traces.cpython_frames import frame_of
from scopewise.scope.traces.lines import (
    TraceLine,
    line_end,
    line_start,
    lines_from,
    stripper,
    without_lead,
)
from scopewise.scope.traces.raised import exception_of, relation_in
from scopewise.scope.traces.stack import ExceptionInfo, Frame, Relation, Trace
from scopewise.text import ByteRange

MARKER = b"E   "
"""Every report has a line that begins with it."""

_MAX_BLOCK_BYTES = 32 * 1024
_REACH_BYTES = 16 * 1024
_MAX_FOREIGN_LINES = 50
_MAX_COLOUR_BYTES = 20
_COLOUR = re.compile(rb"\x1b\[[\d;]*m$")
_RULER_BYTES = re.compile(rb"(?<![=_-])([=_-])\1{2,} [^\n]{1,400}? \1{3,}")
_RULER = re.compile(r"([=_-])\1{2,} .* \1{3,}\s*$")
_ERROR = re.compile(r"E(?: {3}(?P<text>.*)|\s*)$")
_PLACE = r"(?P<path>(?:[A-Za-z]:)?[^\s:][^:]*\.pyx?):(?P<line>\d{1,9}):"
_SHORT = re.compile(_PLACE + r" in (?P<function>\S.*?)\s*$")
_LONG = re.compile(_PLACE + r"(?: (?P<raised>[\w.]+(?:: .*)?)?)?\s*$")
_DEFINITION = re.compile(r"[> ]\s+(?:async )?def (?P<name>\w+)")
_FAILING = re.compile(r">\s+(?P<code>\S.*?)\s*$")

_Strip = Callable[[str], str | None]


def iter_traces(source: bytes, start: int, end: int) -> Iterator[Trace]:
    """The failures reported about here, in order; a report may begin before `start`."""
    n_read = 0
    while (marker := _next_marker(source, start, end)) is not None:
        start = line_end(source, marker)
        if strip := _strip_at(source, marker):
            block = _block(source, marker, strip, n_read)
            yield from _traces_in(source, block, strip)
            start = n_read = max(start, block.end)


def traces_near(source: bytes, place: ByteRange) -> Iterator[Trace]:
    """The failures that the closest exceptions above and below a place belong to."""
    above = _last_marker(source, max(0, place.start - _REACH_BYTES), place.end)
    below = _next_marker(source, place.end, place.end + _REACH_BYTES)
    for marker in (above, below):
        if marker is not None:
            yield from iter_traces(source, marker, marker + len(MARKER))


def _next_marker(source: bytes, start: int, end: int) -> int | None:
    while (marker := source.find(MARKER, start, end)) >= 0:
        if _is_marker(source, marker):
            return marker
        start = marker + len(MARKER)
    return None


def _last_marker(source: bytes, start: int, end: int) -> int | None:
    while (marker := source.rfind(MARKER, start, end)) >= 0:
        if _is_marker(source, marker):
            return marker
        end = marker
    return None


def _is_marker(source: bytes, marker: int) -> bool:
    """Columns of a table are set apart by blanks as well: "NAME   SIZE"."""
    before = source[max(0, marker - _MAX_COLOUR_BYTES) : marker]
    return not before[-1:].isalnum() or _COLOUR.search(before) is not None


def _strip_at(source: bytes, marker: int) -> _Strip | None:
    """What takes a log's prefix off, judged by a line of the exception."""
    line = next(lines_from(source, line_start(source, marker)))
    lead, found, _ = line.text.partition(MARKER.decode())
    if not found or (lead and not lead[-1].isspace()):
        return None
    return stripper(lead) or (None if lead else str)


def _block(source: bytes, marker: int, strip: _Strip, n_read: int) -> ByteRange:
    """The bytes from the ruler above to the ruler below, as far as they are not read yet."""
    first = line_start(source, max(n_read, marker - _MAX_BLOCK_BYTES))
    last = min(len(source), marker + _MAX_BLOCK_BYTES)
    above = list(_rulers(source, first, line_start(source, marker), strip))
    below = next(_rulers(source, line_end(source, marker), last, strip), last)
    return ByteRange(above[-1] if above else first, below)


def _rulers(source: bytes, start: int, end: int, strip: _Strip) -> Iterator[int]:
    for match in _RULER_BYTES.finditer(source, start, end):
        begin = line_start(source, match.start())
        line = next(lines_from(source, begin))
        if _RULER.match(strip(line.text) or ""):
            yield begin


def _traces_in(source: bytes, block: ByteRange, strip: _Strip) -> Iterator[Trace]:
    lines = lines_from(source, block.start, block.end)
    previous: Trace | None = None
    for draft in _drafts(without_lead(lines, strip, _MAX_FOREIGN_LINES)):
        if draft.relation is None:
            yield from _whole(previous)
            previous = draft.to_trace()
        else:
            previous = _chained(previous, draft.to_trace())
    yield from _whole(previous)


def _whole(trace: Trace | None) -> Iterator[Trace]:
    if trace is not None and trace.has_frames:
        yield trace


def _chained(cause: Trace | None, trace: Trace) -> Trace:
    if cause is None:
        return trace
    return replace(trace, cause=cause, range=ByteRange(cause.range.start, trace.range.end))


@dataclass
class _Draft:
    """The report of one exception while it is read."""

    start: int
    end: int
    relation: Relation | None = None
    frames: list[Frame] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    raised: str = ""
    """The exception as named behind the last place; nothing of the report follows it."""
    function: str = ""
    code: str = ""
    is_short: bool = False
    """The line before named a frame in the short style, so its code comes next."""

    def ends_before(self, text: str) -> bool:
        return bool((self.raised and _begins(text)) or (self.errors and _SHORT.match(text)))

    def read(self, line: TraceLine) -> None:
        is_code, self.is_short = self.is_short, False
        if match := _ERROR.match(line.text):
            self._read_error(line, match["text"] or "")
        elif match := _SHORT.match(line.text):
            self._add_frame(line, match, match["function"])
            self.is_short = True
        elif match := _LONG.match(line.text):
            self._add_frame(line, match, self.function, self.code)
            self.function, self.code, self.raised = "", "", match["raised"] or ""
        elif not self._read_source(line.text, is_code=is_code):
            return
        self.end = line.end

    def _read_error(self, line: TraceLine, text: str) -> None:
        self.errors.append(text)
        if frame := frame_of(replace(line, text=text)):
            self.frames.append(frame)

    def _add_frame(
        self, line: TraceLine, match: re.Match[str], function: str, code: str = ""
    ) -> None:
        place = ByteRange(line.start, line.end)
        self.frames.append(Frame(match["path"], int(match["line"]), function, code, range=place))

    def _read_source(self, text: str, *, is_code: bool) -> bool:
        failing, definition = _FAILING.match(text), _DEFINITION.match(text)
        if definition:
            # Functions defined further down are inside the one that is shown.
            self.function = self.function or definition["name"]
        if failing:
            self.code = failing["code"]
        elif is_code and self.frames and text.strip():
            self.frames[-1] = replace(self.frames[-1], code=text.strip())
        return bool(failing or definition or is_code)

    def to_trace(self) -> Trace:
        exception = _exception(self.errors, self.raised)
        place = ByteRange(self.start, self.end)
        return Trace(tuple(self.frames), exception, place, relation=self.relation)


def _drafts(lines: Iterable[TraceLine]) -> Iterator[_Draft]:
    draft: _Draft | None = None
    for line in lines:
        relation = relation_in(line.text)
        if draft is not None and (relation or draft.ends_before(line.text)):
            yield draft
            draft = None
        if draft is None and (relation or _begins(line.text)):
            draft = _Draft(line.start, line.end, relation)
        if draft is not None:
            draft.read(line)
    if draft is not None:
        yield draft


def _begins(text: str) -> bool:
    is_heading = text.startswith("___") and _RULER.match(text)
    return bool(is_heading or any(p.match(text) for p in (_ERROR, _SHORT, _LONG, _FAILING)))


def _exception(errors: list[str], raised: str) -> ExceptionInfo | None:
    lines = textwrap.dedent("\n".join(errors)).split("\n")
    named = _named(lines)
    known = exception_of(raised)
    if named is not None:
        return named
    if known is None and not lines[0].startswith("assert "):
        return None
    # A rewritten assertion shows its operands and leaves the type to the line with the place.
    message = "\n".join(lines).strip() or (known.message if known else "")
    return ExceptionInfo(known.type_name if known else "AssertionError", message)


def _named(lines: list[str]) -> ExceptionInfo | None:
    """The exception that the lines name, which a syntax error does below its place."""
    n_first = 0
    if lines[0].lstrip().startswith('File "'):
        n_first = next((n for n, text in enumerate(lines) if exception_of(text)), 0)
    exception = exception_of(lines[n_first])
    if exception is None:
        return None
    message = "\n".join([exception.message, *lines[n_first + 1 :]])
    return replace(exception, message=message.rstrip())

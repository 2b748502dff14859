"""Positions: lines and columns on the outside, byte offsets inside.

LSP counts columns in UTF-8, UTF-16 or UTF-32 code units, as negotiated, and lines from 0.
tree-sitter counts UTF-8 bytes. All conversion happens in this file.
"""

from __future__ import annotations

import bisect
import enum
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

_LINE_END = re.compile(rb"\r\n|\n|\r")


class Encoding(enum.Enum):
    """The unit a column is counted in (LSP 3.17, `PositionEncodingKind`)."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


@dataclass(frozen=True, order=True)
class Position:
    """A line and a column, both from 0, the column in units of some `Encoding`."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class ByteRange:
    """Half-open: `start` up to but not including `end`, in bytes."""

    start: int
    end: int

    @property
    def is_empty(self) -> bool:
        return self.start == self.end

    def contains(self, other: ByteRange) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: ByteRange) -> bool:
        return self.start < other.end and other.start < self.end

    def shifted(self, n_bytes: int) -> ByteRange:
        return ByteRange(self.start + n_bytes, self.end + n_bytes)


@dataclass(frozen=True, order=True)
class ByteEdit:
    """Replace `range` of a text by `text`."""

    range: ByteRange
    text: str


class LineIndex:
    """Converts between byte offsets of one text and positions in any encoding.

    Out-of-range positions are clamped to the line and to the text, as the specification asks.
    """

    def __init__(self, source: bytes) -> None:
        self._source = source

    @cached_property
    def _starts(self) -> list[int]:
        # Bytes, unlike text, are split at CR and LF alone; several times as fast as a pattern.
        source = self._source
        starts = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
        return starts if source.endswith((b"\n", b"\r")) or not source else starts[:-1]

    @property
    def n_lines(self) -> int:
        return len(self._starts)

    def line_range(self, line: int) -> ByteRange:
        """The bytes of a line without its line ending."""
        if line >= self.n_lines:
            return ByteRange(len(self._source), len(self._source))
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < self.n_lines else len(self._source)
        return ByteRange(start, start + len(self._source[start:end].rstrip(b"\r\n")))

    def line_of(self, offset: int) -> int:
        """The line, from 0, that holds a byte offset."""
        return bisect.bisect_right(self._starts, offset) - 1

    def to_position(self, offset: int, encoding: Encoding) -> Position:
        offset = min(max(offset, 0), len(self._source))
        line = self.line_of(offset)
        offset = min(offset, self.line_range(line).end)
        before = self._source[self._starts[line] : offset]
        return Position(line, _n_units(before, encoding))

    def to_offset(self, position: Position, encoding: Encoding) -> int:
        line_range = self.line_range(max(position.line, 0))
        line = self._source[line_range.start : line_range.end]
        return line_range.start + _n_bytes(line, max(position.column, 0), encoding)


def line_around(source: bytes, offset: int) -> ByteRange:
    """The bytes of the line that holds an offset, without its line ending.

    For a single line of a new text this is many times faster than a table of all lines.
    """
    # Between the two bytes of a line ending one is still on the line it ends.
    offset -= source[offset - 1 : offset + 1] == b"\r\n"
    start = max(source.rfind(b"\n", 0, offset), source.rfind(b"\r", 0, offset)) + 1
    ends = (source.find(b"\n", start), source.find(b"\r", start))
    return ByteRange(start, min((end for end in ends if end >= 0), default=len(source)))


def _n_units(before: bytes, encoding: Encoding) -> int:
    if encoding is Encoding.UTF8 or before.isascii():
        return len(before)
    text = before.decode("utf-8", errors="replace")
    if encoding is Encoding.UTF32:
        return len(text)
    return len(text.encode("utf-16-le")) // 2


def _n_bytes(line: bytes, n_units: int, encoding: Encoding) -> int:
    if line.isascii():
        return min(n_units, len(line))
    if encoding is Encoding.UTF8:
        return _floor_to_character(line, n_units)
    units = 0
    n_bytes = 0
    for character in line.decode("utf-8", errors="replace"):
        width = 2 if encoding is Encoding.UTF16 and ord(character) > 0xFFFF else 1
        if units + width > n_units:
            break
        units += width
        n_bytes += len(character.encode("utf-8"))
    return n_bytes


def _floor_to_character(line: bytes, n_bytes: int) -> int:
    n_bytes = min(n_bytes, len(line))
    while n_bytes < len(line) and line[n_bytes] & 0xC0 == 0x80:
        n_bytes -= 1
    return n_bytes


def apply_edits(source: bytes, edits: tuple[ByteEdit, ...] | list[ByteEdit]) -> bytes:
    """The text after non-overlapping edits, whose ranges all refer to the text before.

    Of several insertions at one place the first comes first.
    """
    parts, position = [], 0
    for edit in sorted(edits, key=lambda edit: edit.range):
        parts += [source[position : edit.range.start], edit.text.encode("utf-8", errors="replace")]
        position = edit.range.end
    return b"".join([*parts, source[position:]])


def line_ending(source: bytes) -> str:
    """The line ending a text uses, judged by its first; "\\n" when it has none."""
    match = _LINE_END.search(source)
    return match.group().decode() if match else "\n"

"""The lines of a trace as a program printed them, without what a log put round them.

Terminals add colours, loggers a prefix on every line, quoting an indentation, and some
pipelines write a whole trace into one line. All of that is undone here, line by line,
and every line remembers the bytes it came from.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

_MAX_LINE_BYTES = 256 * 1024
_MAX_LEAD_CHARACTERS = 200
_MAX_FOREIGN_LINES = 50
_HTML_WINDOW_BYTES = 2000

_ANSI = re.compile(r"\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
# The digits of a time; those of a name stay the same, as in "web-1" and "gunicorn[991]".
_DIGITS = re.compile(r"(?<!\d)(?<![a-z])(?<![A-Za-z][-_\[])\d+")
_WORD = re.compile(r"\w")
# A trace inside a JSON or Python string has "\n", one that went through syslog "#012".
_ESCAPED = (
    re.compile(rb"\(most recent call (?:last|first)\):(?P<newline>(?:\\r)?\\n|#012)"),
    re.compile(rb", line \d+(?:, in [^\\#]{1,200})?(?P<newline>(?:\\r)?\\n|#012)"),
)
_HASH_NEWLINE = re.compile(rb"#012")
_TOKEN = re.compile(rb"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)|[\"']", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPE_VALUES = {"t": "\t", "r": "", "b": "", "f": ""}


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line as it was printed, and the bytes of the text it came from."""

    text: str
    start: int
    end: int
    """Without the line ending."""


class Lines:
    """Lines to be taken one by one, with a view of those ahead."""

    def __init__(self, lines: Iterable[TraceLine], *, is_log: bool = False) -> None:
        self.is_log = is_log
        """Every line carried a log's prefix, so unrelated records may follow at once."""
        self.end = 0
        """Where the line taken last ended."""
        self._source = iter(lines)
        self._ahead: list[TraceLine] = []

    def peek(self, n_ahead: int = 0) -> TraceLine | None:
        missing = n_ahead + 1 - len(self._ahead)
        if missing > 0:
            self._ahead.extend(itertools.islice(self._source, missing))
        return self._ahead[n_ahead] if n_ahead < len(self._ahead) else None

    def take(self) -> TraceLine | None:
        line = self.peek()
        if line is not None:
            self.end = line.end
            del self._ahead[0]
        return line

    def skip(self, n_lines: int) -> None:
        for _ in range(n_lines):
            self.take()


def open_lines(lines: Iterable[TraceLine], lead: str) -> Lines:
    """The lines without `lead`, which stands before what matters on the first of them.

    The digits of a time may differ from line to line. Where only the first line has
    the lead ("ERROR:root:Traceback …"), the others are left as they are.
    """
    source = iter(lines)
    begin = list(itertools.islice(source, 2))
    strip = stripper(lead)
    rest = itertools.chain(begin[1:], source)
    first = [replace(line, text=line.text[len(lead) :]) for line in begin[:1]]
    if strip is None or not begin[1:] or strip(begin[1].text) is None:
        return Lines(itertools.chain(first, rest))
    is_log = bool(_WORD.search(lead))
    stripped = without_lead(rest, strip, n_foreign=_MAX_FOREIGN_LINES if is_log else 0)
    return Lines(itertools.chain(first, stripped), is_log=is_log)


def without_lead(
    lines: Iterable[TraceLine], strip: Callable[[str], str | None], n_foreign: int
) -> Iterator[TraceLine]:
    """The lines that have the lead, up to the first run of more than `n_foreign` others.

    In the log of several processes the lines of one are told from the others' by the lead.
    """
    n_skipped = 0
    for line in lines:
        text = strip(line.text)
        n_skipped = n_skipped + 1 if text is None else 0
        if text is not None:
            yield replace(line, text=text)
        elif n_skipped > n_foreign:
            return


def stripper(lead: str) -> Callable[[str], str | None] | None:
    """A function that takes the lead off a line, answering None for a line without it."""
    if not lead or len(lead) > _MAX_LEAD_CHARACTERS:
        return None
    bare = lead.rstrip()
    if not _DIGITS.search(lead):
        return lambda text: _without_literal(text, lead, bare)
    pattern = re.compile(f"{_shape(bare)}(?:{re.escape(lead[len(bare) :])}|$)")
    return lambda text: text[match.end() :] if (match := pattern.match(text)) else None


def _without_literal(text: str, lead: str, bare: str) -> str | None:
    if text.startswith(lead):
        return text[len(lead) :]
    # Editors and mailers cut blanks at the end of a line, and with them a part of the lead.
    return "" if text.rstrip() == bare else None


def _shape(lead: str) -> str:
    return r"\d+".join(re.escape(part) for part in _DIGITS.split(lead))


def lines_from(source: bytes, start: int, end: int | None = None) -> Iterator[TraceLine]:
    """The lines of a UTF-8 text from the offset of a line's first byte."""
    end = len(source) if end is None else end
    is_html = b"File &quot;" in source[start : start + _HTML_WINDOW_BYTES]
    first = _raw_line(source, start, end)
    if escaped := _ESCAPED[0].search(first) or _ESCAPED[1].search(first):
        yield from _unfolded(first, start, escaped)
        return
    while start < end:
        raw = _raw_line(source, start, end)
        yield TraceLine(_clean(raw, is_html=is_html), start, start + len(raw))
        start = line_end(source, start) + 1


def line_start(source: bytes, offset: int) -> int:
    return source.rfind(b"\n", 0, offset) + 1


def line_end(source: bytes, offset: int) -> int:
    """Where the line ends, in front of the line feed."""
    end = source.find(b"\n", offset)
    return len(source) if end < 0 else end


def _raw_line(source: bytes, start: int, end: int) -> bytes:
    end = min(line_end(source, start), end, start + _MAX_LINE_BYTES)
    return source[start:end].rstrip(b"\r")


def _clean(raw: bytes, *, is_html: bool) -> str:
    text = raw.decode("utf-8", errors="replace")
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    return html.unescape(text) if is_html else text


def _unfolded(raw: bytes, start: int, escaped: re.Match[bytes]) -> Iterator[TraceLine]:
    """The lines of a trace that was written into one line."""
    if escaped["newline"] == b"#012":
        # What stands before the trace stays on its first line, as with every other prefix.
        newlines = _HASH_NEWLINE.finditer(raw, escaped.start())
        bounds = _bounds_at(raw, [newline.span() for newline in newlines])
        unescape = _as_it_is
    else:
        bounds = _bounds_at(raw, list(_newlines(raw, escaped.start())))
        unescape = _unescaped
    for begin, end in bounds:
        text = _clean(raw[begin:end], is_html=False)
        yield TraceLine(_ANSI.sub("", unescape(text)), start + begin, start + end)


def _newlines(raw: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Where the string's line feeds are, and what follows its closing quote."""
    # The paths of a trace are in quotes, which are escaped where the string has the same ones.
    quote = b'"' if b'File \\"' in raw else b"'"
    for token in _TOKEN.finditer(raw, offset):
        if token.group() == rb"\n":
            yield token.span()
        elif token.group() == quote:
            yield token.start(), len(raw)
            return


def _bounds_at(raw: bytes, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(raw)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < len(raw)]


def _unescaped(text: str) -> str:
    text = _ESCAPE.sub(lambda match: _escape_value(match[1]), text)
    # JSON writes an emoji as two surrogates, which only UTF-16 can put together.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _as_it_is(text: str) -> str:
    return text


def _escape_value(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return _ESCAPE_VALUES.get(escape, escape)

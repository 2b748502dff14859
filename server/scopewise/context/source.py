"""Which lines of which files a piece of a prompt was taken from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scopewise.document import DocumentSnapshot
from scopewise.text import ByteRange


@dataclass(frozen=True)
class Source:
    """The lines of a file that a piece of a prompt was taken from."""

    uri: str
    path: Path | None
    """None for a document that is no file."""
    first_line: int
    """From 1."""
    last_line: int
    """From 1, inclusive."""

    def name(self, root: Path | None) -> str:
        """The file for people, as seen from `root`."""
        return name_in(root, self.path) if self.path else self.uri


def places(sources: Iterable[Source], root: Path | None) -> str:
    """The files and lines of sources, for people and for the model; `root` as in `Source.name`."""
    files: dict[str, list[str]] = {}
    for source in sources:
        first, last = source.first_line, source.last_line
        lines = str(first) if first == last else f"{first} to {last}"
        files.setdefault(source.name(root), []).append(lines)
    return "; ".join(f"{name}, {_lines_word(lines)}" for name, lines in files.items())


def _lines_word(lines: list[str]) -> str:
    is_one = len(lines) == 1 and lines[0].isdigit()
    *rest, last = lines
    return f"line{'' if is_one else 's'} {' and '.join([*filter(None, [', '.join(rest)]), last])}"


def name_in(root: Path | None, path: Path) -> str:
    """A file for people, as seen from a folder; its bare name where it is elsewhere."""
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.name


def sources_of(snapshot: DocumentSnapshot, ranges: Iterable[ByteRange]) -> tuple[Source, ...]:
    """The lines of some ranges, in order; stretches that touch are one."""
    stretches: list[list[int]] = []
    for first, last in sorted(_lines(snapshot, span) for span in ranges):
        if stretches and first <= stretches[-1][1] + 1:
            stretches[-1][1] = max(stretches[-1][1], last)
        else:
            stretches.append([first, last])
    return tuple(Source(snapshot.uri, snapshot.path, *stretch) for stretch in stretches)


def _lines(snapshot: DocumentSnapshot, span: ByteRange) -> tuple[int, int]:
    """The first and the last line of a range, from 1, blanks at its ends left out."""
    text = snapshot.source[span.start : span.end]
    start = span.start + len(text) - len(text.lstrip())
    end = max(span.start + len(text.rstrip()), start + 1)
    lines = snapshot.lines
    return lines.line_of(start) + 1, lines.line_of(end - 1) + 1

"""The files around a document, read from disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scopewise.document import DocumentSnapshot, uri_of
from scopewise.syntax.tree import ParsedDocument, parse

_MAX_BYTES = 4_000_000


def innermost_root(path: Path | None, roots: Iterable[Path]) -> Path | None:
    """The innermost of the folders of a workspace that a file lies in."""
    around = [root for root in roots if path and path.is_relative_to(root)]
    return max(around, key=lambda root: len(root.parts), default=None)


class DiskWorkspace:
    """Reads from disk and remembers parses by modification time."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self._roots = tuple(root.resolve() for root in roots)
        self._parses: dict[Path, tuple[int, ParsedDocument | None]] = {}

    @property
    def roots(self) -> tuple[Path, ...]:
        return self._roots

    def read(self, path: Path) -> DocumentSnapshot | None:
        try:
            if path.stat().st_size > _MAX_BYTES:
                return None
            # Line endings must reach the edit as they are in the file.
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        return DocumentSnapshot(uri_of(path), text)

    def parsed(self, path: Path) -> ParsedDocument | None:
        try:
            modified = path.stat().st_mtime_ns
        except OSError:
            return None
        known = self._parses.get(path)
        if known is not None and known[0] == modified:
            return known[1]
        snapshot = self.read(path)
        parsed = parse(snapshot) if snapshot is not None else None
        self._parses[path] = (modified, parsed)
        return parsed

"""One version of one document, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlparse

from scopewise.text import LineIndex


@dataclass(frozen=True)
class DocumentSnapshot:
    """The text of a document at one version; jobs work on this, never on live text."""

    uri: str
    """As the client spells it."""
    text: str
    language: str = ""
    """The LSP language id, such as "python"; empty when unknown."""
    version: int | None = None
    """The client's version number; None for a file read from disk."""

    @cached_property
    def source(self) -> bytes:
        """The text in UTF-8; lone surrogates, which UTF-8 cannot hold, become "?"."""
        return self.text.encode("utf-8", errors="replace")

    @cached_property
    def lines(self) -> LineIndex:
        return LineIndex(self.source)

    @property
    def path(self) -> Path | None:
        """The file's path, None for a document that is not a file (an untitled buffer)."""
        return path_of(self.uri)

    @property
    def name(self) -> str:
        """A short name for messages."""
        return Path(unquote(urlparse(self.uri).path)).name or self.uri


def path_of(uri: str) -> Path | None:
    """The path behind a `file:` URI."""
    parts = urlparse(uri)
    if parts.scheme != "file":
        return None
    path = unquote(parts.path)
    is_windows_drive = len(path) > 2 and path[0] == "/" and path[2] == ":"
    return Path(path[1:] if is_windows_drive else path)


def uri_of(path: Path) -> str:
    """The `file:` URI of a path."""
    return path.resolve().as_uri()

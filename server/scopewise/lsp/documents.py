"""Open documents as the editor has them, and the files around them.

pygls keeps texts too, but it takes form feeds and other separators for line ends, which the
specification does not, and its text drifts from the editor's. So the texts are kept here, where
lines are those of `text.py`.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp

from scopewise.actions.workspace import DiskWorkspace
from scopewise.document import DocumentSnapshot, path_of
from scopewise.lsp import from_lsp
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.text import Encoding

logger = logging.getLogger(__name__)


@dataclass
class _Open:
    snapshot: DocumentSnapshot
    parsed: ParsedDocument | None = None
    """Of this version or, until somebody asks, of an earlier one."""


class Documents:
    """The open documents, each at its present version."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._uris: dict[Path, str] = {}

    def open(self, document: lsp.TextDocumentItem) -> None:
        """Take a document over from the editor; opening one again replaces it."""
        snapshot = DocumentSnapshot(
            document.uri, document.text, str(document.language_id), document.version
        )
        self._open[document.uri] = _Open(snapshot)
        if snapshot.path is not None:
            self._uris[snapshot.path.resolve()] = document.uri

    def change(
        self,
        document: lsp.VersionedTextDocumentIdentifier,
        changes: Sequence[lsp.TextDocumentContentChangeEvent],
        unit: Encoding,
    ) -> None:
        known = self._open.get(document.uri)
        if known is None:
            logger.warning("A document changed that was never opened.")
            return
        known.snapshot = from_lsp.changed(known.snapshot, document.version, changes, unit)

    def close(self, uri: str) -> None:
        if self._open.pop(uri, None) is not None:
            self._uris = {path: kept for path, kept in self._uris.items() if kept != uri}

    def snapshot(self, uri: str) -> DocumentSnapshot | None:
        """The document at its present version, None when it is not open."""
        known = self._open.get(uri)
        return known.snapshot if known else None

    def parsed(self, uri: str) -> ParsedDocument | None:
        """The same, parsed; only what changed since the last time is parsed again."""
        known = self._open.get(uri)
        if known is None:
            return None
        if known.parsed is None or known.parsed.snapshot is not known.snapshot:
            known.parsed = parse(known.snapshot, known.parsed)
        return known.parsed

    def uri_at(self, path: Path) -> str | None:
        """The open document of a file, as the client spells it."""
        return self._uris.get(path.resolve())

    @property
    def uris(self) -> tuple[str, ...]:
        """The open documents."""
        return tuple(self._open)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of the open files."""
        return tuple(sorted({path.parent for path in self._uris}))


class EditorWorkspace:
    """Open documents as the editor has them, everything else as it lies on disk."""

    def __init__(self, documents: Documents, folders: Callable[[], Sequence[Path]]) -> None:
        """`folders` are those the editor has open at the time."""
        self._documents = documents
        self._folders = folders
        self._disk = DiskWorkspace(())

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders open in the editor, else those of the open files."""
        folders = tuple(folder.resolve() for folder in self._folders())
        return folders or self._documents.folders

    def read(self, path: Path) -> DocumentSnapshot | None:
        uri = self._documents.uri_at(path)
        return self._documents.snapshot(uri) if uri else self._disk.read(path)

    def parsed(self, path: Path) -> ParsedDocument | None:
        uri = self._documents.uri_at(path)
        return self._documents.parsed(uri) if uri else self._disk.parsed(path)

    def document(self, uri: str) -> tuple[DocumentSnapshot, ParsedDocument | None] | None:
        """A document by its URI, open or on disk; None when there is none."""
        snapshot = self._documents.snapshot(uri)
        if snapshot is not None:
            return snapshot, self._documents.parsed(uri)
        path = path_of(uri)
        snapshot = self._disk.read(path) if path else None
        if snapshot is None:
            return None
        snapshot = dataclasses.replace(snapshot, uri=uri)
        return snapshot, parse(snapshot)

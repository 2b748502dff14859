"""The protocol's values as the core has them."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types as lsp

from scopewise.document import DocumentSnapshot
from scopewise.text import ByteEdit, ByteRange, Encoding, Position, apply_edits


def encoding(kind: lsp.PositionEncodingKind | str | None) -> Encoding:
    """The unit columns are counted in, UTF-16 when nothing was agreed on."""
    return Encoding(lsp.PositionEncodingKind(kind).value) if kind else Encoding.UTF16


def offset(snapshot: DocumentSnapshot, position: lsp.Position, unit: Encoding) -> int:
    """A position as a byte offset, moved into the document when it lies outside."""
    return snapshot.lines.to_offset(Position(position.line, position.character), unit)


def byte_range(snapshot: DocumentSnapshot, span: lsp.Range, unit: Encoding) -> ByteRange:
    """A range in bytes; one that is the wrong way round is turned."""
    start, end = offset(snapshot, span.start, unit), offset(snapshot, span.end, unit)
    return ByteRange(min(start, end), max(start, end))


def changed(
    snapshot: DocumentSnapshot,
    version: int,
    changes: Sequence[lsp.TextDocumentContentChangeEvent],
    unit: Encoding,
) -> DocumentSnapshot:
    """The document after the changes, each of which counts from the text the one before left."""
    for change in changes:
        text = change.text
        if isinstance(change, lsp.TextDocumentContentChangePartial):
            edit = ByteEdit(byte_range(snapshot, change.range, unit), _clean(change.text))
            text = apply_edits(snapshot.source, [edit]).decode("utf-8")
        snapshot = DocumentSnapshot(snapshot.uri, text, snapshot.language, version)
    return snapshot


def _clean(text: str) -> str:
    """Without lone surrogates, which JSON can hold and UTF-8 cannot."""
    return text.encode("utf-8", errors="replace").decode("utf-8")

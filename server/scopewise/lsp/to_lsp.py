"""The core's values as the protocol has them."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from scopewise.document import DocumentSnapshot
from scopewise.errors import Cancelled, InputError, ScopewiseError, StaleDocument
from scopewise.lsp.capabilities import Client
from scopewise.text import ByteEdit, ByteRange, Encoding

_ANNOTATION = "scopewise"

_ERRORS = (
    (Cancelled, lsp.LSPErrorCodes.RequestCancelled, lsp.MessageType.Info),
    (InputError, lsp.ErrorCodes.InvalidParams, lsp.MessageType.Warning),
    (StaleDocument, lsp.LSPErrorCodes.ContentModified, lsp.MessageType.Warning),
    (ScopewiseError, lsp.LSPErrorCodes.RequestFailed, lsp.MessageType.Error),
)
"""Our kinds of error, the code each has in an answer and how loud its message is."""


def error(failure: ScopewiseError) -> JsonRpcException:
    """What a request that fails this way is answered with."""
    code = next(code for kind, code, _ in _ERRORS if isinstance(failure, kind))
    return JsonRpcException(str(failure), code=code.value)


def message_type(failure: ScopewiseError) -> lsp.MessageType:
    return next(loudness for kind, _, loudness in _ERRORS if isinstance(failure, kind))


def position(snapshot: DocumentSnapshot, byte_offset: int, unit: Encoding) -> lsp.Position:
    found = snapshot.lines.to_position(byte_offset, unit)
    return lsp.Position(found.line, found.column)


def span(snapshot: DocumentSnapshot, byte_range: ByteRange, unit: Encoding) -> lsp.Range:
    return lsp.Range(
        position(snapshot, byte_range.start, unit), position(snapshot, byte_range.end, unit)
    )


def text_edits(
    snapshot: DocumentSnapshot, edits: Sequence[ByteEdit], unit: Encoding
) -> list[lsp.TextEdit]:
    return [lsp.TextEdit(span(snapshot, edit.range, unit), edit.text) for edit in edits]


def workspace_edit(
    client: Client,
    snapshot: DocumentSnapshot,
    edits: Sequence[lsp.TextEdit],
    annotation: lsp.ChangeAnnotation,
) -> lsp.WorkspaceEdit:
    """Edits of one document, with its version and the annotation where the client takes them."""
    if not client.takes_versioned_edits:
        return lsp.WorkspaceEdit(changes={snapshot.uri: list(edits)})
    document = lsp.OptionalVersionedTextDocumentIdentifier(snapshot.uri, snapshot.version)
    if not client.takes_annotations:
        return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(document, list(edits))])
    annotated = [lsp.AnnotatedTextEdit(_ANNOTATION, edit.range, edit.new_text) for edit in edits]
    return lsp.WorkspaceEdit(
        document_changes=[lsp.TextDocumentEdit(document, annotated)],
        change_annotations={_ANNOTATION: annotation},
    )

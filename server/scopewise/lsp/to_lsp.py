"""The core's values as the protocol has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from scopewise.actions.outcome import Outcome
from scopewise.document import DocumentSnapshot
from scopewise.errors import Cancelled, InputError, ScopewiseError, StaleDocument
from scopewise.lsp.capabilities import Client
from scopewise.text import ByteEdit, ByteRange, Encoding
from scopewise.verify.label import Label

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


def outcome(
    result: Outcome, snapshot: DocumentSnapshot | None, edits: Sequence[lsp.TextEdit]
) -> dict[str, Any]:
    """The answer to a command that waited: the outcome as plain JSON."""
    return {
        "producer": result.producer,
        "title": result.title,
        "label": _label(result.label),
        "edits": [_edit(snapshot, edit) for edit in edits] if snapshot is not None else [],
        "text": result.markdown,
        "usage": asdict(result.usage),
    }


def _label(label: Label) -> dict[str, Any]:
    return {
        "verdict": label.verdict.value,
        "sentence": label.sentence,
        "passed": list(label.passed),
        "findings": [asdict(finding) for finding in label.findings],
    }


def _edit(snapshot: DocumentSnapshot, edit: lsp.TextEdit) -> dict[str, Any]:
    return {
        "uri": snapshot.uri,
        "version": snapshot.version,
        "range": {"start": _plain(edit.range.start), "end": _plain(edit.range.end)},
        "newText": edit.new_text,
    }


def _plain(found: lsp.Position) -> dict[str, int]:
    return {"line": found.line, "character": found.character}

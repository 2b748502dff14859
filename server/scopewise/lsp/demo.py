"""A small editor that drives the real server, for `scopewise demo`.

It starts `scopewise serve` as a process, speaks LSP to it over stdin and stdout, announces what
VS Code announces, and says yes when the server asks whether to apply or to run something.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cattrs import Converter
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from scopewise import __version__
from scopewise.document import DocumentSnapshot, path_of, uri_of
from scopewise.errors import ScopewiseError
from scopewise.lsp import from_lsp
from scopewise.text import ByteEdit, Encoding, apply_edits

_ANSWER_S = 30.0
"""For whatever the server answers at once."""
_JOB_S = 330.0
"""For a job; the server itself stops one after `actions.deadline_s`, 300 s unless set."""
_LEAVE_S = 10.0


class DemoFailed(ScopewiseError):
    """The server did not do its part."""


@dataclass(frozen=True)
class Delivered:
    """What the editor's user got from one code action."""

    title: str
    """The action as the menu shows it."""
    is_tagged: bool = False
    """Whether the menu marks it as written by a model."""
    label: str = ""
    """The sentence that says what was checked."""
    seconds: float = 0.0
    """From asking for the action to having its result."""
    path: Path | None = None
    """The changed document, None when there was no edit."""
    before: str = ""
    after: str = ""
    markdown: str = ""
    """The text the server showed, empty for an edit."""
    refusal: str = ""
    """Why there is neither; empty when there is one."""
    was_asked: bool = False
    """Whether the user had to confirm the edit."""


class DemoEditor:
    """One folder, its open files, and a server; use it as an async context manager."""

    def __init__(
        self, folder: Path, settings: Mapping[str, Any], watch: Callable[[str], None]
    ) -> None:
        """`watch` hears what the progress notifications say, as they come."""
        self._folder = folder
        self._settings = settings
        self._watch = watch
        self._documents: dict[str, DocumentSnapshot] = {}
        self._results: asyncio.Queue[_Result] = asyncio.Queue()
        self._label = ""
        self._client = _client(self)

    async def __aenter__(self) -> DemoEditor:
        await self._client.start_io(sys.executable, "-P", "-m", "scopewise", "serve")
        folder = lsp.WorkspaceFolder(uri_of(self._folder), self._folder.name)
        params = lsp.InitializeParams(
            capabilities=_like_vscode(),
            process_id=os.getpid(),
            client_info=lsp.ClientInfo("scopewise demo", __version__),
            workspace_folders=[folder],
            initialization_options=dict(self._settings),
        )
        async with _in_time(_ANSWER_S, "The server did not start"):
            await self._client.initialize_async(params)
        self._client.initialized(lsp.InitializedParams())
        return self

    async def __aexit__(self, *_: object) -> None:
        # A server that does not leave when asked ends when its stdin does.
        with contextlib.suppress(TimeoutError, RuntimeError):
            async with asyncio.timeout(_LEAVE_S):
                await self._client.shutdown_async(None)
                self._client.exit(None)
                await self._client.stop()  # type: ignore[no-untyped-call]

    def open(self, path: Path) -> None:
        """Open a file, as a tab would."""
        language = "python" if path.suffix == ".py" else "log"
        snapshot = DocumentSnapshot(uri_of(path), path.read_text(encoding="utf-8"), language, 1)
        self._documents[snapshot.uri] = snapshot
        item = lsp.TextDocumentItem(snapshot.uri, language, 1, snapshot.text)
        self._client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    async def choose(self, kind: str, path: Path, text: str) -> Delivered:
        """What comes of the code action of a kind at the first occurrence of a text."""
        self._label, self._results = "", asyncio.Queue()
        start = time.monotonic()
        delivered = Delivered(kind)
        try:
            action = await self._offered(kind, self._documents[uri_of(path)], text)
            is_tagged = lsp.CodeActionTag.LlmGenerated in (action.tags or ())
            delivered = Delivered(action.title, is_tagged)
            result = await self._result(action)
        except DemoFailed as failure:
            result = {"refusal": str(failure)}
        seconds = time.monotonic() - start
        return replace(delivered, seconds=seconds, label=self._label, **result)

    async def _result(self, action: lsp.CodeAction) -> _Result:
        assert action.command is not None
        command = lsp.ExecuteCommandParams(action.command.command, action.command.arguments)
        async with _in_time(_JOB_S, f"The job of “{action.title}” did not end"):
            await self._client.workspace_execute_command_async(command)
            return await self._results.get()

    async def _offered(self, kind: str, snapshot: DocumentSnapshot, text: str) -> lsp.CodeAction:
        before = snapshot.text.partition(text)[0]
        point = lsp.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)
        trigger = lsp.CodeActionTriggerKind.Invoked
        params = lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(snapshot.uri),
            lsp.Range(point, point),
            lsp.CodeActionContext([], only=[kind], trigger_kind=trigger),
        )
        async with _in_time(_ANSWER_S, "The server did not answer"):
            actions = await self._client.text_document_code_action_async(params)
        for action in actions or ():
            if isinstance(action, lsp.CodeAction) and action.command is not None:
                return action
        raise DemoFailed(f"The server offered no `{kind}` in {snapshot.name}.")

    # What the server sends

    def on_progress(self, params: lsp.ProgressParams) -> None:
        value = params.value if isinstance(params.value, dict) else vars(params.value)
        if value.get("kind") == "end":
            # The last word of a job is the label of its result.
            self._label = value.get("message") or ""
        elif value.get("message"):
            self._watch(value["message"])

    def on_message(self, params: lsp.ShowMessageParams) -> None:
        """Warnings and errors say that a job came to nothing; the rest is politeness."""
        if params.type in (lsp.MessageType.Warning, lsp.MessageType.Error):
            self._results.put_nowait({"refusal": params.message})

    def on_question(self, params: lsp.ShowMessageRequestParams) -> lsp.MessageActionItem | None:
        buttons = {button.title: button for button in params.actions or ()}
        wanted = buttons.get("Apply") or buttons.get("Run")
        if wanted is None:
            self._results.put_nowait({"refusal": params.message})
        return wanted

    def on_page(self, params: lsp.ShowDocumentParams) -> lsp.ShowDocumentResult:
        path = path_of(params.uri)
        if path is not None and path.suffix == ".md":
            self._results.put_nowait({"markdown": path.read_text(encoding="utf-8")})
        return lsp.ShowDocumentResult(success=path is not None)

    def on_edit(self, params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
        """Apply the edit of one document, in the editor and on disk."""
        changes = params.edit.document_changes or ()
        for change in changes:
            if isinstance(change, lsp.TextDocumentEdit):
                return self._change(change, params.edit.change_annotations or {})
        return lsp.ApplyWorkspaceEditResult(False, "There is nothing in it to apply.")

    def _change(
        self, change: lsp.TextDocumentEdit, annotations: Mapping[str, lsp.ChangeAnnotation]
    ) -> lsp.ApplyWorkspaceEditResult:
        before = self._documents.get(change.text_document.uri)
        if before is None or before.version != change.text_document.version:
            return lsp.ApplyWorkspaceEditResult(False, "The document changed.")
        after = _edited(before, change)
        self._save(after)
        was_asked = any(note.needs_confirmation for note in annotations.values())
        result = {"before": before.text, "after": after.text, "was_asked": was_asked}
        self._results.put_nowait({"path": after.path, **result})
        return lsp.ApplyWorkspaceEditResult(True)

    def _save(self, snapshot: DocumentSnapshot) -> None:
        assert snapshot.path is not None
        assert snapshot.version is not None
        self._documents[snapshot.uri] = snapshot
        snapshot.path.write_text(snapshot.text, encoding="utf-8")
        identifier = lsp.VersionedTextDocumentIdentifier(snapshot.version, snapshot.uri)
        whole = lsp.TextDocumentContentChangeWholeDocument(snapshot.text)
        params = lsp.DidChangeTextDocumentParams(identifier, [whole])
        self._client.text_document_did_change(params)

    def on_server_exit(self, code: int | None, last_words: str) -> None:
        why = f"The server ended (exit code {code}). {last_words}".strip()
        self._results.put_nowait({"refusal": why})


_Result = dict[str, Any]
"""The fields of a Delivered that only its end decides."""


class _Client(LanguageClient):
    """pygls's client, which tells the editor when the server is gone."""

    on_exit: Callable[[int | None, str], None] = staticmethod(lambda *_: None)

    async def server_exit(self, server: asyncio.subprocess.Process) -> None:
        words = await server.stderr.read() if server.stderr else b""
        self.on_exit(server.returncode, words.decode(errors="replace")[-2000:])


def _client(editor: DemoEditor) -> _Client:
    client = _Client("scopewise-demo", __version__, converter_factory=_converter)
    client.on_exit = editor.on_server_exit
    for method, handler in (
        (lsp.PROGRESS, editor.on_progress),
        (lsp.WINDOW_SHOW_MESSAGE, editor.on_message),
        (lsp.WINDOW_SHOW_MESSAGE_REQUEST, editor.on_question),
        (lsp.WINDOW_SHOW_DOCUMENT, editor.on_page),
        (lsp.WORKSPACE_APPLY_EDIT, editor.on_edit),
        (lsp.WINDOW_WORK_DONE_PROGRESS_CREATE, lambda params: None),
    ):
        # pygls writes attributes onto handlers, which methods do not take.
        client.feature(method)(functools.partial(handler))
    return client


def _converter() -> Converter:
    """lsprotocol's converter, which takes a code action that has a command for a bare command."""
    converter: Converter = default_converter()  # type: ignore[no-untyped-call]

    def structure(value: Any, _: object) -> lsp.Command | lsp.CodeAction:
        if isinstance(value.get("command"), str):
            return converter.structure(value, lsp.Command)
        return converter.structure(value, lsp.CodeAction)

    converter.register_structure_hook(lsp.Command | lsp.CodeAction, structure)
    return converter


def _like_vscode() -> lsp.ClientCapabilities:
    """What VS Code announces, as far as the server asks."""
    return lsp.ClientCapabilities(
        general=lsp.GeneralClientCapabilities(
            position_encodings=[lsp.PositionEncodingKind.Utf16],
            regular_expressions=lsp.RegularExpressionsClientCapabilities("ECMAScript", "ES2020"),
        ),
        text_document=lsp.TextDocumentClientCapabilities(
            code_action=lsp.CodeActionClientCapabilities(
                code_action_literal_support=lsp.ClientCodeActionLiteralOptions(
                    lsp.ClientCodeActionKindOptions([lsp.CodeActionKind.QuickFix])
                ),
                tag_support=lsp.CodeActionTagOptions([lsp.CodeActionTag.LlmGenerated]),
            ),
        ),
        window=lsp.WindowClientCapabilities(
            work_done_progress=True,
            show_document=lsp.ShowDocumentClientCapabilities(support=True),
        ),
        workspace=lsp.WorkspaceClientCapabilities(
            apply_edit=True,
            workspace_edit=lsp.WorkspaceEditClientCapabilities(
                document_changes=True,
                change_annotation_support=lsp.ChangeAnnotationsSupportOptions(groups_on_label=True),
            ),
        ),
    )


def _edited(snapshot: DocumentSnapshot, change: lsp.TextDocumentEdit) -> DocumentSnapshot:
    """The next version of a document."""
    assert snapshot.version is not None
    edits = [
        ByteEdit(from_lsp.byte_range(snapshot, edit.range, Encoding.UTF16), edit.new_text)
        for edit in change.edits
        if isinstance(edit, lsp.TextEdit | lsp.AnnotatedTextEdit)
    ]
    text = apply_edits(snapshot.source, edits).decode("utf-8")
    return replace(snapshot, text=text, version=snapshot.version + 1)


@contextlib.asynccontextmanager
async def _in_time(seconds: float, what: str) -> AsyncIterator[None]:
    """Raises DemoFailed when the block takes longer, or the server refuses or ends."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise DemoFailed(f"{what} within {seconds:g} s.") from None
    except (RuntimeError, JsonRpcException) as error:
        raise DemoFailed(f"{what}: {error}.") from error

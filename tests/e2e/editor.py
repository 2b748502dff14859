"""A small editor for tests: it keeps documents, applies edits, presses buttons, and remembers."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest_lsp
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcMethodNotFound
from pygls.protocol import default_converter
from pytest_lsp.client import LanguageClient, register_lsp_features
from pytest_lsp.protocol import LanguageClientProtocol

TIMEOUT_S = 20.0


def vscode() -> lsp.ClientCapabilities:
    """VS Code with vscode-languageclient 10, which knows the LLM tag."""
    capabilities = pytest_lsp.client_capabilities("visual_studio_code@v1.65.2")
    assert capabilities.text_document
    assert capabilities.text_document.code_action
    tags = lsp.CodeActionTagOptions([lsp.CodeActionTag.LlmGenerated])
    capabilities.text_document.code_action.tag_support = tags
    return capabilities


def neovim() -> lsp.ClientCapabilities:
    return pytest_lsp.client_capabilities("neovim@v0.11.0")


def emacs() -> lsp.ClientCapabilities:
    """eglot: versioned edits and progress, no annotations, tags or documents to show."""
    return pytest_lsp.client_capabilities("emacs@v29.1")


def bare() -> lsp.ClientCapabilities:
    """A client that announces nothing it does not need for an edit."""
    return lsp.ClientCapabilities(workspace=lsp.WorkspaceClientCapabilities(apply_edit=True))


@dataclass
class Document:
    """An open document, as the editor has it."""

    uri: str
    text: str
    cursor: int
    """In characters; where `$0` stood."""
    version: int = 1


@dataclass
class Edit:
    """A workspace edit the server sent."""

    params: lsp.ApplyWorkspaceEditParams
    is_applied: bool

    @property
    def changes(self) -> list[lsp.TextDocumentEdit]:
        changes = self.params.edit.document_changes or []
        return [change for change in changes if isinstance(change, lsp.TextDocumentEdit)]

    @property
    def annotation(self) -> lsp.ChangeAnnotation:
        annotations = self.params.edit.change_annotations
        assert annotations
        return next(iter(annotations.values()))


class _Protocol(LanguageClientProtocol):
    """Keeps answers as they came: lsprotocol reads a code action with a command as a command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.raw: dict[Any, Any] = {}

    def structure_message(self, data: dict[str, Any]) -> Any:
        if "jsonrpc" in data and "result" in data:
            self.raw[data["id"]] = copy.deepcopy(data["result"])
        return super().structure_message(data)


@dataclass
class Editor:
    folder: Path
    capabilities: lsp.ClientCapabilities
    press: str | None = None
    """The button to press when asked; None to let the question stand."""
    accepts_previews: bool = True
    refuses: list[str] = field(default_factory=list)
    """Methods to refuse as unknown."""
    attach: Callable[[Editor], object] = lambda _: None
    """Called before the server starts, to listen for messages of our own."""
    before_edit: Callable[[], None] = lambda: None
    """Called when an edit arrives, before its version is looked at."""
    configuration: object = None
    """What `workspace/configuration` is answered."""
    questions: list[lsp.ShowMessageRequestParams] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    registrations: list[lsp.Registration] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = LanguageClient(converter_factory=default_converter, protocol_cls=_Protocol)
        self._documents: dict[str, Document] = {}
        self._encoding = "utf-16"
        self._ids = iter(range(1, 1_000_000))
        self._news = asyncio.Event()
        self._add_features()
        self.attach(self)

    # Starting and stopping

    async def start(self, command: list[str], env: dict[str, str], options: object) -> None:
        await self.client.start_io(*command, env=env)
        root = lsp.WorkspaceFolder(self.folder.as_uri(), self.folder.name)
        params = lsp.InitializeParams(
            capabilities=self.capabilities,
            workspace_folders=[root],
            initialization_options=options,
        )
        result = await self.client.initialize_session(params)
        self.server_capabilities = result.capabilities
        self._encoding = lsp.PositionEncodingKind(result.capabilities.position_encoding).value

    async def stop(self) -> None:
        """Leave as editors do; the server must end by itself."""
        self.press = self.press or ""
        if self.server.returncode is None:
            await asyncio.wait_for(self.client.shutdown_session(), TIMEOUT_S)
        await self.client.stop()  # type: ignore[no-untyped-call]

    @property
    def server(self) -> asyncio.subprocess.Process:
        process = self.client._server
        assert process is not None
        return process

    # Documents

    def open(self, text: str, name: str = "shop.py", language: str = "python") -> Document:
        """Open a document; `$0` marks the cursor. A name without a dot makes it untitled."""
        cursor = max(text.find("$0"), 0)
        text = text.replace("$0", "")
        uri = (self.folder / name).as_uri() if "." in name else f"untitled:{name}"
        document = Document(uri, text, cursor)
        self._documents[uri] = document
        item = lsp.TextDocumentItem(uri, language, document.version, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return document

    def replace(self, document: Document, old: str, new: str) -> None:
        """Type: replace the first `old` by `new` and tell the server."""
        start = document.text.index(old)
        self._change(document, start, start + len(old), new)
        self._tell(document, start, start + len(old), new)

    def close(self, document: Document) -> None:
        del self._documents[document.uri]
        identifier = lsp.TextDocumentIdentifier(document.uri)
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(identifier))

    def position(self, document: Document, index: int) -> lsp.Position:
        before = document.text[:index].replace("\r\n", "\n").replace("\r", "\n")
        return lsp.Position(before.count("\n"), self._width(before.rpartition("\n")[2]))

    def range(self, document: Document, start: int, end: int) -> lsp.Range:
        return lsp.Range(self.position(document, start), self.position(document, end))

    # Asking

    async def request(self, method: str, params: object) -> Any:
        """The answer as raw JSON."""
        number = next(self._ids)
        protocol = self.client.protocol
        assert isinstance(protocol, _Protocol)
        await protocol.send_request_async(method, params, msg_id=number)  # type: ignore[no-untyped-call]
        return protocol.raw.pop(number)

    async def actions(
        self,
        document: Document,
        only: list[str] | None = None,
        trigger: lsp.CodeActionTriggerKind | None = None,
    ) -> list[dict[str, Any]]:
        """The code actions at the cursor, as raw JSON."""
        context = lsp.CodeActionContext([], only=only, trigger_kind=trigger)
        point = self.range(document, document.cursor, document.cursor)
        identifier = lsp.TextDocumentIdentifier(document.uri)
        params = lsp.CodeActionParams(identifier, point, context)
        return await self.request(lsp.TEXT_DOCUMENT_CODE_ACTION, params) or []

    async def offered(self, document: Document, **kwargs: Any) -> list[str]:
        """The producers on offer at the cursor."""
        actions = await self.actions(document, **kwargs)
        return [argument_of(action)["producer"] for action in actions]

    async def run(self, producer: str, document: Document, **extra: object) -> Any:
        """Choose an action at the cursor; the answer is that of its command."""
        for action in await self.actions(document, only=[""]):
            argument = argument_of(action)
            if argument["producer"] == producer:
                return await self.command("scopewise.run", {**argument, **extra})
        raise AssertionError(f"{producer} is not on offer")

    async def command(self, name: str, *arguments: object) -> Any:
        params = lsp.ExecuteCommandParams(name, list(arguments))
        return await self.request(lsp.WORKSPACE_EXECUTE_COMMAND, params)

    async def hover(self, document: Document) -> str:
        identifier = lsp.TextDocumentIdentifier(document.uri)
        params = lsp.HoverParams(identifier, self.position(document, document.cursor))
        answer = await self.request(lsp.TEXT_DOCUMENT_HOVER, params)
        return answer["contents"]["value"] if answer else ""

    def cancel_last_request(self) -> None:
        """Say that the last request that was not answered yet is not wanted any more."""
        protocol = self.client.protocol
        numbers = [number for number in protocol._request_futures if isinstance(number, int)]
        self.client.cancel_request(lsp.CancelParams(numbers[-1]))

    # Watching

    async def until(self, is_so: Callable[[], object], timeout_s: float = TIMEOUT_S) -> None:
        """Wait until something is so, looking whenever the server has said something."""
        async with asyncio.timeout(timeout_s):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    def noticed(self) -> None:
        """The server has said something."""
        self._news.set()

    async def until_said(self, text: str) -> str:
        """Wait for a message with some text in it."""
        await self.until(lambda: any(text in message for message in self.messages))
        return next(message for message in self.messages if text in message)

    async def until_doing(self, what: str, timeout_s: float = TIMEOUT_S) -> None:
        """Wait until the progress of the last job says `what`."""
        await self.until(
            lambda: any(what in (r.message or "") for r in (self.progress or [[]])[-1]), timeout_s
        )

    async def until_ended(self, n_jobs: int = 1) -> None:
        """Wait for the end of that many progress notifications."""
        await self.until(lambda: len(self.ends) >= n_jobs)

    @property
    def messages(self) -> list[str]:
        return [message.message for message in self.client.messages]

    @property
    def shown(self) -> list[str]:
        """The texts of the documents the server opened."""
        return [path_of(shown.uri).read_text() for shown in self.client.shown_documents]

    @property
    def progress(self) -> list[list[Any]]:
        """What was reported, one list of begin, reports and end for each job."""
        return [reports for reports in self.client.progress_reports.values() if reports]

    @property
    def ends(self) -> list[str]:
        reports = [report for job in self.progress for report in job]
        return [r.message or "" for r in reports if isinstance(r, lsp.WorkDoneProgressEnd)]

    def cancel_progress(self) -> None:
        """Press the button of the last progress notification."""
        token = list(self.client.progress_reports)[-1]
        params = lsp.WorkDoneProgressCancelParams(token)
        self.client.window_work_done_progress_cancel(params)

    # What the server asks for

    def _add_features(self) -> None:
        register_lsp_features(self.client)
        features = self.client.protocol.fm.features
        for method in list(features):
            features[method] = self._noticing(features[method])
        features[lsp.WORKSPACE_APPLY_EDIT] = self._noticing(self._apply_edit)
        features[lsp.WINDOW_SHOW_MESSAGE_REQUEST] = self._show_message_request
        features[lsp.CLIENT_REGISTER_CAPABILITY] = self._noticing(self._register)
        features[lsp.WORKSPACE_CONFIGURATION] = lambda params: [self.configuration]

    def _register(self, params: lsp.RegistrationParams) -> None:
        self.registrations += params.registrations

    def _noticing(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        def handle(params: Any) -> Any:
            try:
                return handler(params)
            finally:
                self._news.set()

        return handle

    async def _show_message_request(
        self, params: lsp.ShowMessageRequestParams
    ) -> lsp.MessageActionItem | None:
        if lsp.WINDOW_SHOW_MESSAGE_REQUEST in self.refuses:
            raise JsonRpcMethodNotFound
        self.questions.append(params)
        self._news.set()
        while self.press is None:  # noqa: ASYNC110 (pressing is a plain assignment)
            await asyncio.sleep(0.01)
        buttons = {action.title: action for action in params.actions or []}
        return buttons.get(self.press)

    def _apply_edit(self, params: lsp.ApplyWorkspaceEditParams) -> lsp.ApplyWorkspaceEditResult:
        self.before_edit()
        edit = Edit(params, False)
        self.edits.append(edit)
        edits = [(c.text_document.uri, c.text_document.version, c.edits) for c in edit.changes]
        for uri, plain in (params.edit.changes or {}).items():
            edits.append((uri, None, plain))
        for uri, version, _ in edits:
            known = self._documents.get(uri)
            if version is not None and (known is None or known.version != version):
                return lsp.ApplyWorkspaceEditResult(False)
        annotations = params.edit.change_annotations or {}
        if any(a.needs_confirmation for a in annotations.values()) and not self.accepts_previews:
            return lsp.ApplyWorkspaceEditResult(False)
        for uri, _, text_edits in edits:
            self._apply(uri, list(text_edits))
        edit.is_applied = True
        return lsp.ApplyWorkspaceEditResult(True)

    def _apply(self, uri: str, edits: list[Any]) -> None:
        document = self._documents.get(uri)
        if document is None:
            document = Document(uri, path_of(uri).read_bytes().decode(), 0)
            self._documents[uri] = document
        found = [
            (self._index(document, e.range.start), self._index(document, e.range.end), e.new_text)
            for e in edits
        ]
        for start, end, text in sorted(found, reverse=True):
            self._change(document, start, end, text)
            self._tell(document, start, end, text)

    def text_of(self, uri: str) -> str:
        return self._documents[uri].text

    # Below

    def _change(self, document: Document, start: int, end: int, text: str) -> None:
        self._old = dataclasses.replace(document)
        document.text = document.text[:start] + text + document.text[end:]
        document.version += 1

    def _tell(self, document: Document, start: int, end: int, text: str) -> None:
        span = self.range(self._old, start, end)
        identifier = lsp.VersionedTextDocumentIdentifier(document.version, document.uri)
        change = lsp.TextDocumentContentChangePartial(span, text)
        params = lsp.DidChangeTextDocumentParams(identifier, [change])
        self.client.text_document_did_change(params)

    def _index(self, document: Document, position: lsp.Position) -> int:
        ends = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", document.text))]
        index = ends[position.line]
        while self._width(document.text[ends[position.line] : index]) < position.character:
            index += 1
        return index

    def _width(self, text: str) -> int:
        if self._encoding == "utf-32":
            return len(text)
        if self._encoding == "utf-8":
            return len(text.encode())
        return len(text.encode("utf-16-le")) // 2


def argument_of(action: dict[str, Any]) -> dict[str, Any]:
    """The argument of an action's command; a bare command is an action too."""
    command = action["command"]
    arguments = command["arguments"] if isinstance(command, dict) else action["arguments"]
    assert isinstance(arguments[0], dict)
    return arguments[0]


def path_of(uri: str) -> Path:
    return Path(unquote(uri.removeprefix("file://")))

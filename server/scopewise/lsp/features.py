"""Every handler, named after its LSP method, and `register`, which lists them all."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

from scopewise.actions.fix_traceback import ID as FIX_TRACEBACK
from scopewise.actions.fix_traceback import trace_place
from scopewise.actions.outcome import Place
from scopewise.actions.producers import producer, producers_for
from scopewise.actions.session import Task
from scopewise.errors import Cancelled, InputError, ScopewiseError
from scopewise.lsp import (
    assessing,
    configuration,
    from_lsp,
    hovering,
    lifetime,
    local_model,
    to_lsp,
    watching,
)
from scopewise.lsp.capabilities import client_of
from scopewise.lsp.commands import (
    API_KEY,
    CANCEL_ALL,
    FIX_TRACE,
    MODELS,
    PAUSE,
    PULL_MODEL,
    RUN,
    STATUS,
    FixTraceArguments,
    PauseArguments,
    PullArguments,
    RunArguments,
    read_arguments,
)
from scopewise.lsp.jobs import AT_SHUTDOWN
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.messages import tell_failure
from scopewise.lsp.offers import KINDS, code_actions
from scopewise.lsp.places import place_of
from scopewise.lsp.pulling import start_pull
from scopewise.lsp.running import start, start_and_wait
from scopewise.models import find

logger = logging.getLogger(__name__)


def register(ls: ScopewiseServer) -> None:
    """Tell pygls about every handler."""
    ls.feature(lsp.INITIALIZE)(initialize)
    ls.feature(lsp.INITIALIZED)(initialized)
    ls.feature(lsp.SHUTDOWN)(shutdown)
    ls.feature(lsp.TEXT_DOCUMENT_DID_OPEN)(did_open)
    ls.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    ls.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    ls.feature(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change_configuration)
    ls.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_watched_files)
    ls.feature(lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(did_change_workspace_folders)
    ls.feature(lsp.WINDOW_WORK_DONE_PROGRESS_CANCEL)(work_done_progress_cancel)
    ls.feature(lsp.TEXT_DOCUMENT_HOVER)(hover)
    options = lsp.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=False)
    ls.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options)(code_action)
    ls.feature(API_KEY)(api_key)
    ls.command(RUN)(run)
    ls.command(FIX_TRACE)(fix_trace)
    ls.command(CANCEL_ALL)(cancel_all)
    ls.command(PULL_MODEL)(pull_model)
    ls.command(STATUS)(status)
    ls.command(PAUSE)(pause)
    ls.command(MODELS)(models)


# Beginning and end


def initialize(ls: ScopewiseServer, params: lsp.InitializeParams) -> None:
    ls.client = client_of(params)
    configuration.begin(ls, params.initialization_options)
    lifetime.watch(ls, params.process_id)


async def initialized(ls: ScopewiseServer, params: lsp.InitializedParams) -> None:
    await configuration.listen(ls)
    local_model.look(ls)
    watching.begin(ls)
    ls.spawn(asyncio.to_thread(ls.session.cloud.tidy, ls.session.settings.cloud))


async def shutdown(ls: ScopewiseServer, params: None) -> None:
    await ls.close()


async def did_change_configuration(
    ls: ScopewiseServer, params: lsp.DidChangeConfigurationParams
) -> None:
    before = ls.session.settings
    await configuration.change(ls, params.settings)
    local_model.settings_changed(ls, before)
    watching.follow_settings(ls)


# Documents


def did_open(ls: ScopewiseServer, params: lsp.DidOpenTextDocumentParams) -> None:
    ls.documents.open(params.text_document)
    watching.document_changed(ls, params.text_document.uri)


def did_change(ls: ScopewiseServer, params: lsp.DidChangeTextDocumentParams) -> None:
    hovering.moved_on(ls)
    assessing.moved_on(ls)
    ls.documents.change(params.text_document, params.content_changes, ls.encoding)
    watching.document_changed(ls, params.text_document.uri)


def did_close(ls: ScopewiseServer, params: lsp.DidCloseTextDocumentParams) -> None:
    hovering.moved_on(ls)
    ls.documents.close(params.text_document.uri)
    watching.document_closed(ls, params.text_document.uri)


def did_change_watched_files(ls: ScopewiseServer, params: lsp.DidChangeWatchedFilesParams) -> None:
    watching.files_changed(ls, list(params.changes))


def did_change_workspace_folders(
    ls: ScopewiseServer, params: lsp.DidChangeWorkspaceFoldersParams
) -> None:
    watching.folders_changed(ls)


# What is asked at every move: answered from syntax, at once


def code_action(
    ls: ScopewiseServer, params: lsp.CodeActionParams
) -> list[lsp.CodeAction | lsp.Command] | None:
    hovering.moved_on(ls)
    place = _place(ls, params.text_document.uri, params.range)
    if place is None or ls.session.is_paused:
        return None
    assessing.rested(ls, place)
    producers = producers_for(ls.session.settings)
    return code_actions(ls.client, assessing.with_decisions(ls, place), params, producers)


async def hover(ls: ScopewiseServer, params: lsp.HoverParams) -> lsp.Hover | None:
    point = lsp.Range(params.position, params.position)
    place = _place(ls, params.text_document.uri, point)
    card = await hovering.card_at(ls, place) if place else None
    hovering.stayed(ls, card)
    if place is None or card is None:
        return None
    is_markdown = ls.client.renders_markdown
    kind = lsp.MarkupKind.Markdown if is_markdown else lsp.MarkupKind.PlainText
    span = to_lsp.span(place.snapshot, card.range, ls.encoding)
    return lsp.Hover(lsp.MarkupContent(kind, card.markdown), span)


# Commands


async def run(ls: ScopewiseServer, *arguments: Any) -> dict[str, Any] | None:
    given = read_arguments(RUN, arguments, RunArguments)
    try:
        producer(given.producer)
    except InputError as failure:
        raise JsonRpcInvalidParams(f"{RUN}: {failure}") from failure
    try:
        place = place_of(ls, given)
    except ScopewiseError as failure:
        if given.wait:
            raise to_lsp.error(failure) from failure
        tell_failure(ls, failure)
        return None
    return await _start(ls, Task(given.producer, place), given)


async def fix_trace(ls: ScopewiseServer, *arguments: Any) -> dict[str, Any] | None:
    given = read_arguments(FIX_TRACE, arguments, FixTraceArguments)
    return await _start(ls, Task(FIX_TRACEBACK, trace_place(given.text)), given)


def api_key(ls: ScopewiseServer, params: Any) -> None:
    """Keep the key the client hands over, in memory; an empty one forgets it."""
    key = getattr(params, "key", None)
    try:
        ls.session.cloud.keys.hand_over(key if isinstance(key, str) else "")
    except InputError as failure:
        tell_failure(ls, failure)


def cancel_all(ls: ScopewiseServer, *arguments: Any) -> None:
    ls.jobs.cancel_all()


def pull_model(ls: ScopewiseServer, *arguments: Any) -> None:
    given = read_arguments(PULL_MODEL, arguments, PullArguments)
    try:
        start_pull(ls, find(given.name or ls.session.settings.model.name))
    except InputError as failure:
        raise JsonRpcInvalidParams(f"{PULL_MODEL}: {failure}") from failure


def status(ls: ScopewiseServer, *arguments: Any) -> dict[str, Any]:
    local_model.look(ls)
    return ls.status.now.to_json()


async def pause(ls: ScopewiseServer, *arguments: Any) -> dict[str, Any]:
    given = read_arguments(PAUSE, arguments, PauseArguments)
    await local_model.pause(ls, given.paused)
    return ls.status.now.to_json()


def models(ls: ScopewiseServer, *arguments: Any) -> list[dict[str, Any]]:
    return local_model.listed(ls.session.settings)


def work_done_progress_cancel(
    ls: ScopewiseServer, params: lsp.WorkDoneProgressCancelParams
) -> None:
    ls.jobs.cancel_progress(params.token)


# Below


def _place(ls: ScopewiseServer, uri: str, span: lsp.Range) -> Place | None:
    """A range of an open document; None when it is not open."""
    snapshot = ls.documents.snapshot(uri)
    if snapshot is None:
        return None
    return Place(
        snapshot, ls.documents.parsed(uri), from_lsp.byte_range(snapshot, span, ls.encoding)
    )


async def _start(
    ls: ScopewiseServer, task: Task, given: RunArguments | FixTraceArguments
) -> dict[str, Any] | None:
    """Start a job, and wait for it only if the client wants to."""
    if not given.wait:
        start(ls, task)
        return None
    try:
        return await start_and_wait(ls, task, applies=given.apply, request=ls.protocol.msg_id)
    except asyncio.CancelledError:
        # pygls never answers a request whose command ends this way.
        raise to_lsp.error(Cancelled(AT_SHUTDOWN)) from None

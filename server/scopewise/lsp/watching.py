"""Following the workspace: the tag index, from the start of the server to its end.

Open documents are taken over when typing pauses; other files when the client says that they
changed, or when a look around finds it.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from scopewise.document import path_of
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.scope.tag_index import TagIndex
from scopewise.syntax.languages import language_extensions

logger = logging.getLogger(__name__)

_PAUSE_S = 0.5
"""Without a keystroke, before the tags of a document are read again."""
_LOOK_AROUND_S = 120.0
"""Between two looks at all files, where the client does not tell what changes."""
_LOOK_AGAIN_S = 1800.0
"""The same where it does: a deleted folder may be told as one event, or none."""


def begin(ls: ScopewiseServer) -> None:
    """After the start: index the folders, and ask to be told of changes."""
    follow_settings(ls)
    if ls.client.watches_files:
        ls.spawn(_register(ls))


def follow_settings(ls: ScopewiseServer) -> None:
    """Start the index, or stop it, as the settings are now."""
    is_wanted = ls.session.settings.scope.index and bool(ls.folders)
    if is_wanted and ls.session.assessor.index is None:
        _open(ls)
    elif not is_wanted:
        _close(ls)


def folders_changed(ls: ScopewiseServer) -> None:
    """Index the folders that are open now."""
    _close(ls)
    follow_settings(ls)


def document_changed(ls: ScopewiseServer, uri: str) -> None:
    """Take a document's text over, as soon as typing pauses."""
    if waiting := ls.pending_tags.pop(uri, None):
        waiting.cancel()
    if ls.session.assessor.index is not None:
        later = asyncio.get_running_loop().call_later
        ls.pending_tags[uri] = later(_PAUSE_S, partial(_take_over, ls, uri))


def document_closed(ls: ScopewiseServer, uri: str) -> None:
    """What lies on disk counts again."""
    if waiting := ls.pending_tags.pop(uri, None):
        waiting.cancel()
    index, path = ls.session.assessor.index, path_of(uri)
    if index is not None and path is not None:
        index.release(path.resolve())


def files_changed(ls: ScopewiseServer, changes: list[lsp.FileEvent]) -> None:
    """Look at the files that changed, appeared or are gone."""
    index = ls.session.assessor.index
    for change in changes if index is not None else ():
        path = path_of(change.uri)
        if path is not None and index is not None:
            # The file may be gone, but its folder may be a link.
            index.update(path.parent.resolve() / path.name)


def _open(ls: ScopewiseServer) -> None:
    every_s = _LOOK_AGAIN_S if ls.client.watches_files else _LOOK_AROUND_S
    ls.session.assessor.index = TagIndex(ls.folders, every_s=every_s)
    ls.session.assessor.index.start()
    for uri in ls.documents.uris:
        document_changed(ls, uri)


def _close(ls: ScopewiseServer) -> None:
    index, ls.session.assessor.index = ls.session.assessor.index, None
    if index is not None:
        index.close()


def _take_over(ls: ScopewiseServer, uri: str) -> None:
    ls.pending_tags.pop(uri, None)
    index, parsed = ls.session.assessor.index, ls.documents.parsed(uri)
    if index is not None and parsed is not None and parsed.snapshot.path is not None:
        index.hold(parsed.snapshot.path.resolve(), parsed)


async def _register(ls: ScopewiseServer) -> None:
    suffixes = ",".join(sorted(extension.lstrip(".") for extension in language_extensions()))
    patterns = [f"**/*.{{{suffixes}}}", "**/.gitignore"]
    options = lsp.DidChangeWatchedFilesRegistrationOptions(
        [lsp.FileSystemWatcher(pattern) for pattern in patterns]
    )
    method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = lsp.Registration("scopewise-files", method, options)
    try:
        await ls.client_register_capability_async(lsp.RegistrationParams([registration]))
    except JsonRpcException as error:
        logger.info("The client does not tell of changed files: %s", error)

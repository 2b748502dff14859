"""The server object: what the handlers share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from pygls.exceptions import FeatureRequestError, JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer

from scopewise import __version__
from scopewise.actions.session import Session
from scopewise.cloud.keys import Keys
from scopewise.document import path_of
from scopewise.lsp import from_lsp, status
from scopewise.lsp.capabilities import Client
from scopewise.lsp.documents import Documents, EditorWorkspace
from scopewise.lsp.jobs import Jobs
from scopewise.lsp.messages import tell_internal_error
from scopewise.lsp.pages import Pages
from scopewise.lsp.progress import Progress
from scopewise.lsp.protocol import Protocol
from scopewise.lsp.status import Shown, Status
from scopewise.settings import Settings
from scopewise.text import Encoding

logger = logging.getLogger(__name__)


class ScopewiseServer(LanguageServer):
    """One editor's server."""

    def __init__(self, settings: Settings | None = None, keys: Keys | None = None) -> None:
        """`settings` hold until the client sends its own, which go on top of them; `keys` is where
        a key for the cloud may be found."""
        # One thread reads stdin; nothing else is given to the pool.
        super().__init__("scopewise", __version__, protocol_cls=Protocol, max_workers=1)
        self.client = Client()
        self.documents = Documents()
        self.files = EditorWorkspace(self.documents, self._folders)
        self.pages = Pages()
        self.jobs = Jobs(self._new_progress)
        self.status = Status(self._tell_status)
        self.base_settings = settings or Settings()
        self.has_initial_settings = False
        self.complaints: list[str] = []
        """About settings, each once, as they come up."""
        self.n_shown_complaints = 0
        self.may_run_project: bool | None = None
        """What the user said for the whole session about running code of the project."""
        self.pending_hover: asyncio.TimerHandle | None = None
        self.pending_assessment: asyncio.TimerHandle | None = None
        self.pending_tags: dict[str, asyncio.TimerHandle] = {}
        """Changed documents whose tags are taken over when typing pauses."""
        self.session = Session(
            self.base_settings,
            on_loading=self.jobs.report_loading,
            watcher=self.status,
            keys=keys,
        )
        self._background: set[asyncio.Task[None]] = set()
        assert isinstance(self.protocol, Protocol)
        self.protocol.on_cancel_request = self.jobs.cancel_request

    @property
    def encoding(self) -> Encoding:
        """The unit of columns, as agreed with the client."""
        return from_lsp.encoding(self.workspace.position_encoding)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something short on the side; its failure is logged."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._forget)

    async def close(self) -> None:
        """Stop the jobs, end the engine's process and remove what was written."""
        for timer in self.pending_tags.values():
            timer.cancel()
        for task in list(self._background):
            if task is not asyncio.current_task():
                task.cancel()
        self.status.close()
        await self.jobs.close()
        await self.session.close()
        self.pages.remove()

    def report_server_error(
        self, error: Exception, source: type[PyglsError] | type[JsonRpcException]
    ) -> None:
        """Log what went wrong outside of any request, and say so; a request has its answer."""
        if source is not FeatureRequestError:
            tell_internal_error(self, error)

    def _tell_status(self, shown: Shown) -> None:
        if self.client.shows_status:
            self.protocol.notify(status.METHOD, shown.to_json())

    def _new_progress(self, title: str, is_shown: bool) -> Progress:
        return Progress(self, title, is_shown and self.client.shows_progress)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders open in the editor; none when it has single files open only."""
        return tuple(self._folders())

    def _folders(self) -> Sequence[Path]:
        uris = [folder.uri for folder in self.workspace.folders.values()]
        if not uris and self.workspace.root_uri:
            uris = [self.workspace.root_uri]
        return [path for uri in uris if (path := path_of(uri)) is not None]

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A task on the side failed.", exc_info=error)

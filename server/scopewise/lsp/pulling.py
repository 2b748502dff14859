"""Fetching a model for a user who has none: offered, watched, stopped."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable

from lsprotocol import types as lsp

from scopewise.errors import Cancelled, InputError, ModelError, ScopewiseError
from scopewise.lsp.jobs import Job
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.local_model import look
from scopewise.lsp.messages import CannotAsk, ask, tell, tell_failure, tell_internal_error
from scopewise.models import ModelSpec, PullProgress, ResolvedModel, find, pull, store_folder

logger = logging.getLogger(__name__)


async def offer_to_pull(ls: ScopewiseServer, failure: ModelError) -> None:
    """Say that the model is missing or damaged, with a button that fetches it."""
    spec = _configured(ls)
    if spec is None or spec.is_outside_store or ls.jobs.is_running(_title(spec)):
        tell_failure(ls, failure)
        return
    button = f"Pull it now ({_size(spec.size)})" if spec.size else "Pull it now"
    try:
        answer = await ask(ls, lsp.MessageType.Error, str(failure), button)
    except CannotAsk:
        tell_failure(ls, failure)
        return
    if answer == button:
        start_pull(ls, spec)


def start_pull(ls: ScopewiseServer, spec: ModelSpec) -> None:
    """Fetch a model as a job of its own, unless that is going on already."""
    if not ls.jobs.is_running(_title(spec)):
        ls.jobs.start(_title(spec), lambda job: _pull(ls, job, spec))


async def _pull(ls: ScopewiseServer, job: Job, spec: ModelSpec) -> None:
    loop = asyncio.get_running_loop()
    words = _Words()

    def report(progress: PullProgress) -> None:
        if progress.message:
            logger.info("%s", progress.message)
        loop.call_soon_threadsafe(job.progress.say, words.of(progress))

    folder = store_folder(ls.session.settings)
    try:
        await _in_thread(lambda: pull(spec, folder, job.cancel, report))
    except Cancelled as failure:
        await job.progress.end(failure.message)
    except ScopewiseError as failure:
        await job.progress.end(failure.message)
        tell_failure(ls, failure)
    except Exception as error:
        await job.progress.end("Failed.")
        tell_internal_error(ls, error)
    else:
        look(ls)
        message = f"The model {spec.name} is in the store; run the action again."
        await job.progress.end(message)
        tell(ls, message)


class _Words:
    """Says how far a pull is and how fast it goes."""

    def __init__(self) -> None:
        self._since = time.monotonic()
        self._from_bytes: int | None = None

    def of(self, progress: PullProgress) -> str:
        if progress.message or progress.phase == "waiting":
            return progress.message
        done = _size(progress.done_bytes)
        if progress.total_bytes:
            done = f"{done} of {_size(progress.total_bytes)}"
        return f"Checking: {done}" if progress.phase == "verifying" else done + self._rate(progress)

    def _rate(self, progress: PullProgress) -> str:
        if self._from_bytes is None:
            self._since, self._from_bytes = time.monotonic(), progress.done_bytes
        seconds = time.monotonic() - self._since
        if seconds < 1:
            return ""
        return f", {_size(int((progress.done_bytes - self._from_bytes) / seconds))}/s"


def _in_thread(work: Callable[[], ResolvedModel]) -> asyncio.Future[ResolvedModel]:
    """What `work` returns; nobody waits for its thread at the end of the server."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[ResolvedModel] = loop.create_future()

    def settle(result: ResolvedModel | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        elif result is not None:
            future.set_result(result)

    def run() -> None:
        result: ResolvedModel | None = None
        failure: BaseException | None = None
        try:
            result = work()
        except BaseException as error:
            failure = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="pull", daemon=True).start()
    return future


def _configured(ls: ScopewiseServer) -> ModelSpec | None:
    try:
        return find(ls.session.settings.model.name)
    except InputError:
        return None


def _title(spec: ModelSpec) -> str:
    return f"Pull the model {spec.name}"


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:,.0f} MB"

"""Models from Hugging Face; the only file that imports huggingface_hub.

`hf_hub_download` is not used: since version 2 it throws a broken download away, and it shows its
own progress. The library still does names, credentials, mirrors, redirects and the session.
"""

from __future__ import annotations

import dataclasses
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import scopewise
from scopewise.cancel import CancelToken
from scopewise.errors import PullFailed
from scopewise.models.catalogue import HubFile, ModelSpec
from scopewise.models.part import PartFile

if TYPE_CHECKING:
    from huggingface_hub import HfFileMetadata

T = TypeVar("T")

_SHA256 = re.compile(r"[0-9a-f]{64}")
_POLL_S = 0.1


@dataclass(frozen=True)
class HuggingFace:
    hub: HubFile
    endpoint: str | None = None
    """None for the library's own, which the user may have pointed at a mirror."""
    look_up_timeout_s: float = 6.0
    """For everything before the first byte, name resolution included."""
    read_timeout_s: float = 10.0
    n_attempts: int = 3
    """In a row without a single byte; a broken connection goes on where it stopped."""
    pause_s: float = 1.0

    name = "Hugging Face"
    spare_bytes = 0

    def look_up(self, spec: ModelSpec, cancel: CancelToken) -> ModelSpec:
        with _translated():
            _load_library()
        found = _within(self.look_up_timeout_s, cancel, self._metadata)
        if found.commit_hash is None or found.size is None:
            raise PullFailed("The answer did not come from Hugging Face.")
        sha256 = found.etag if _SHA256.fullmatch(found.etag or "") else None
        if _differ(spec.size, found.size) or _differ(spec.sha256, sha256):
            raise PullFailed(f"Hugging Face now has another file under the name {self.hub.file}.")
        return dataclasses.replace(spec, size=found.size, sha256=spec.sha256 or sha256)

    def fetch(self, spec: ModelSpec, part: PartFile, cancel: CancelToken) -> None:
        n_failures = 0
        while part.size < (spec.size or 0):
            before = part.size
            try:
                self._append_rest(part, cancel)
            except PullFailed:
                n_failures = 1 if part.size > before else n_failures + 1
                if n_failures == self.n_attempts:
                    raise
                _pause(self.pause_s, cancel)

    def _append_rest(self, part: PartFile, cancel: CancelToken) -> None:
        for chunk in self._chunks(part.size):
            cancel.check()
            part.append(chunk)

    def _metadata(self) -> HfFileMetadata:
        from huggingface_hub import get_hf_file_metadata

        with _translated():
            return get_hf_file_metadata(
                self._url(), timeout=self.look_up_timeout_s, headers=_headers()
            )

    def _chunks(self, offset: int) -> Iterator[bytes]:
        """The file's bytes from an offset on, in the sizes the network delivers them."""
        from huggingface_hub import get_session, hf_raise_for_status

        headers = {**_headers(), "Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        timeout_s = self.read_timeout_s
        with (
            _translated(),
            get_session().stream("GET", self._url(), headers=headers, timeout=timeout_s) as answer,
        ):
            hf_raise_for_status(answer)
            # A server may ignore the range and begin at the beginning, with status 200.
            n_unwanted = 0 if answer.status_code == HTTPStatus.PARTIAL_CONTENT else offset
            for chunk in answer.iter_bytes():
                if n_unwanted < len(chunk):
                    yield chunk[n_unwanted:]
                n_unwanted = max(n_unwanted - len(chunk), 0)

    def _url(self) -> str:
        from huggingface_hub import hf_hub_url

        return hf_hub_url(self.hub.repo, self.hub.file, endpoint=self.endpoint)


def _load_library() -> None:
    # The library reads its switches when it is imported, and warns through a handler of its own.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import huggingface_hub

    logging.getLogger(huggingface_hub.__name__).setLevel(logging.CRITICAL)


def _headers() -> dict[str, str]:
    # Documented, but imported lazily there in a way that mypy does not count as exported.
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    return build_hf_headers(library_name="scopewise", library_version=scopewise.__version__)


@contextmanager
def _translated() -> Iterator[None]:
    """Turns whatever the library raises into a PullFailed of one sentence.

    It has used httpx, then httpx2, so the transport's exceptions cannot be named here.
    """
    try:
        yield
    except (PullFailed, GeneratorExit):
        raise
    except Exception as error:
        raise PullFailed(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    response = getattr(error, "response", None)
    if response is not None:
        return f"Hugging Face answered with status {response.status_code}."
    if type(error).__name__ == "OfflineModeIsEnabled":
        return "Hugging Face is switched off by HF_HUB_OFFLINE."
    reason = " ".join(str(error).split()) or type(error).__name__
    return f"Hugging Face could not be reached ({reason})."


def _differ(expected: object, found: object) -> bool:
    return expected is not None and found is not None and expected != found


def _within(timeout_s: float, cancel: CancelToken, function: Callable[[], T]) -> T:
    """What `function` returns, or PullFailed when it takes too long.

    A thread, because no timeout of the library covers the time name resolution takes.
    """
    future: Future[T] = Future()

    def work() -> None:
        try:
            future.set_result(function())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, name="hugging-face", daemon=True).start()
    deadline = time.monotonic() + timeout_s
    while not wait([future], timeout=_POLL_S).done:
        cancel.check()
        if time.monotonic() > deadline:
            raise PullFailed(f"Hugging Face did not answer within {timeout_s:g} s.")
    return future.result()


def _pause(seconds: float, cancel: CancelToken) -> None:
    stopped = threading.Event()
    forget = cancel.on_cancel(stopped.set)
    stopped.wait(seconds)
    forget()
    cancel.check()

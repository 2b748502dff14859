"""One token that stops a job, whoever asked for it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

from scopewise.errors import Cancelled


class CancelToken:
    """A flag that is set once, from any thread, and then tells everyone who listens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason: str | None = None
        self._listeners: dict[object, Callable[[], object]] = {}

    @property
    def is_cancelled(self) -> bool:
        return self._reason is not None

    @property
    def reason(self) -> str:
        """Why the work was stopped, empty while it was not."""
        return self._reason or ""

    def cancel(self, reason: str = "Cancelled.") -> None:
        """Set the flag and call the listeners; a second call does nothing."""
        with self._lock:
            if self._reason is not None:
                return
            self._reason = reason
            listeners = list(self._listeners.values())
            self._listeners.clear()
        for listener in listeners:
            listener()

    def on_cancel(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` on cancellation, at once if it has happened; returns how to unsubscribe.

        The listener runs in the thread that cancels.
        """
        key = object()
        with self._lock:
            if self._reason is None:
                self._listeners[key] = listener
                return functools.partial(self._forget, key)
        listener()
        return _nothing

    def check(self) -> None:
        """Raise Cancelled if the flag is set."""
        if self._reason is not None:
            raise Cancelled(self._reason)

    def _forget(self, key: object) -> None:
        with self._lock:
            self._listeners.pop(key, None)


def _nothing() -> None:
    pass

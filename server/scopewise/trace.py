"""Where the time goes: one JSON line per span, in a file, for people who ask for it.

Prompts and answers are written only with a second switch; source text and keys never are.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from scopewise.errors import InputError


class Tracer(Protocol):
    """Something that can measure a span; `text` is written only when prompts are wanted."""

    def span(self, name: str, **fields: Any) -> Any: ...

    def text(self, name: str, text: str) -> None: ...


class NoTracer:
    """Measures nothing."""

    @contextmanager
    def span(self, name: str, **fields: Any) -> Iterator[dict[str, Any]]:
        yield dict(fields)

    def text(self, name: str, text: str) -> None:
        pass


class FileTracer:
    """Appends `{"span", "start", "seconds", …}` lines to a file; safe from any thread."""

    def __init__(self, path: Path, with_prompts: bool = False) -> None:
        """Open the file; raises InputError when it cannot be written."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise InputError(f"The trace file {path} cannot be written ({error}).") from error
        self._lock = threading.Lock()
        self._with_prompts = with_prompts

    @contextmanager
    def span(self, name: str, **fields: Any) -> Iterator[dict[str, Any]]:
        """Measure the block; what the block puts into the yielded dict is written too."""
        record: dict[str, Any] = dict(fields)
        wall, start = time.time(), time.perf_counter()
        try:
            yield record
        finally:
            seconds = time.perf_counter() - start
            self._write({"span": name, "start": wall, "seconds": round(seconds, 6), **record})

    def text(self, name: str, text: str) -> None:
        if self._with_prompts:
            self._write({"text": name, "start": time.time(), "value": text})

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def _write(self, record: dict[str, Any]) -> None:
        with self._lock:
            if not self._file.closed:
                self._file.write(json.dumps(record, default=str) + "\n")
                self._file.flush()

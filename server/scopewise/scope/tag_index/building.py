"""One round over a root: what is new or changed is read, what is gone is forgotten."""

from __future__ import annotations

import itertools
import logging
import time
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from scopewise.document import DocumentSnapshot
from scopewise.scope.tag_index.places import Row, rows_of
from scopewise.scope.tag_index.store import FileTags, Store
from scopewise.scope.tag_index.walk import SourceFile, source_file, source_files
from scopewise.syntax.tree import parse

logger = logging.getLogger(__name__)

_BATCH_S = 0.25
_BATCH_FILES = 100
_MAX_FILES = 200_000
"""Of a root; what lies beyond them is not indexed."""


@dataclass(frozen=True)
class Budget:
    """Where a round ends although there is more to read; the next goes on from there."""

    n_files: int = 20_000
    seconds: float = 120.0


@dataclass(frozen=True)
class Built:
    """What a round did."""

    n_read: int
    is_done: bool
    """Nothing was left for another round."""


class Ending(IntEnum):
    """How a round in a process of its own ended: its exit code."""

    DONE = 0
    UNFINISHED = 10
    """The budget is spent; another round goes on."""
    OTHERS = 11
    """Another server is at work on the same root."""
    DAMAGED = 12
    FAILED = 13
    """The store cannot be written: the disk is full or read-only."""


def build(store: Store, budget: Budget) -> Built:
    """Bring a store up to date with its root, as far as the budget goes; raises sqlite3.Error."""
    known = store.known()
    batch = _Batch(store)
    end = time.monotonic() + budget.seconds
    n_read = n_seen = 0
    for file in itertools.islice(source_files(store.root), _MAX_FILES):
        n_seen += 1
        if known.pop(file.path, None) == (file.n_bytes, file.mtime_ns):
            continue
        if n_read >= budget.n_files or time.monotonic() > end:
            batch.flush()
            return Built(n_read, False)
        batch.add(read_file(store.root, file))
        n_read += 1
    batch.flush()
    store.forget(known)
    store.set_complete(n_seen < _MAX_FILES)
    return Built(n_read, True)


def refresh(store: Store, path: str) -> None:
    """Bring one file, by its path from the root, up to date; raises sqlite3.Error."""
    file = source_file(store.root, path)
    if file is None:
        store.forget_below(path)
    else:
        store.put([read_file(store.root, file)])


def read_file(root: Path, file: SourceFile) -> FileTags:
    """What a file defines and uses; nothing when it is no text, or cannot be understood."""
    try:
        return FileTags(file, *_rows(root / file.path))
    except (OSError, UnicodeDecodeError):
        return FileTags(file, "")
    except Exception as error:  # One file must not keep all others out of the index.
        logger.info("A file could not be indexed (%s).", type(error).__name__)
        return FileTags(file, "")


def _rows(path: Path) -> tuple[str, tuple[Row, ...]]:
    source = path.read_bytes()
    if b"\0" in source:
        return "", ()
    parsed = parse(DocumentSnapshot(path.as_uri(), source.decode("utf-8")))
    return (parsed.language.id, rows_of(parsed)) if parsed else ("", ())


class _Batch:
    """Files on their way into a store, in transactions short enough for others to get in."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files: list[FileTags] = []
        self._begin = time.monotonic()

    def add(self, file: FileTags) -> None:
        self._files.append(file)
        if len(self._files) >= _BATCH_FILES or time.monotonic() - self._begin > _BATCH_S:
            self.flush()

    def flush(self) -> None:
        if self._files:
            self._store.put(self._files)
        self._files = []
        self._begin = time.monotonic()

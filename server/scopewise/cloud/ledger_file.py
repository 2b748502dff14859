"""The file of the ledger: how it is opened and made, and what went wrong with it in a sentence."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from scopewise.errors import ScopewiseError

_WAIT_S = 5.0
"""For another process that is writing at this moment."""
_VERSION = 1
_SOME_ROOM = 1 << 16
_FULL = (errno.ENOSPC, errno.EDQUOT)
_TABLE = """
CREATE TABLE sends (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    begun_at TEXT NOT NULL,
    ended_at TEXT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed', 'cancelled', 'interrupted')),
    workspace TEXT NOT NULL,
    model TEXT NOT NULL,
    host TEXT NOT NULL,
    task TEXT NOT NULL,
    decision TEXT NOT NULL,
    reasons TEXT NOT NULL,
    payload_sha256 TEXT NOT NULL,
    payload_bytes INTEGER NOT NULL,
    payload BLOB,
    estimate_nusd INTEGER NOT NULL,
    worst_nusd INTEGER NOT NULL,
    cost_nusd INTEGER,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cache_write_tokens INTEGER,
    cache_read_tokens INTEGER,
    error TEXT NOT NULL DEFAULT '',
    process INTEGER NOT NULL,
    process_started REAL NOT NULL
)
"""


class LedgerFailed(ScopewiseError):
    """The ledger cannot be read or written, so nothing may be sent."""


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The database, for queries; raises sqlite3.Error, OSError."""
    with contextlib.closing(_opened(path)) as db:
        yield db


@contextlib.contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A transaction no other process writes beside; on the disk when the block has ended.

    Raises sqlite3.Error, OSError; what the block raises undoes it.
    """
    with contextlib.closing(_opened(path)) as db:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            _roll_back(db)
            raise


def failed(what: str, path: Path, error: sqlite3.Error | OSError) -> LedgerFailed:
    """The error as a sentence that begins with `what`, and what to do about it."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or isinstance(error, TimeoutError):
        return LedgerFailed(f"{what} the ledger is in use.", "Try again in a moment.")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return LedgerFailed(
            f"{what} the ledger is damaged: {path}.",
            "Move the file away to begin a new one; what was spent this month then counts no more.",
        )
    if name.startswith("SQLITE_FULL") or getattr(error, "errno", 0) in _FULL or _is_full(path):
        return LedgerFailed(f"{what} the disk of the ledger is full: {path}.", "Make room there.")
    return LedgerFailed(
        f"{what} the ledger cannot be written or read ({error}): {path}.",
        "Look at the folder's rights and at the room on its disk.",
    )


def _is_full(path: Path) -> bool:
    """Whether there is no room left; SQLite reports some full disks as a failure to write."""
    try:
        return shutil.disk_usage(path.parent).free < _SOME_ROOM
    except OSError:
        return False


def _opened(path: Path) -> sqlite3.Connection:
    """The database, made if it is not there yet; raises sqlite3.Error, OSError."""
    if not path.exists():
        _make(path)
    db = _connected(path)
    try:
        db.row_factory = sqlite3.Row
        # What is committed is on the disk before the first byte is sent.
        db.execute("PRAGMA synchronous = FULL")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != _VERSION:
            newer = "it was written by a newer scopewise"
            raise sqlite3.DatabaseError(newer if version > _VERSION else "it is no ledger")
    except BaseException:
        db.close()
        raise
    return db


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)


def _make(path: Path) -> None:
    """Put an empty ledger in its place, whole at once.

    Where two processes switch a new database to WAL, one of them is told at once that it is locked,
    however long it would wait; so it is made elsewhere, by one process at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beginning = path.with_suffix(".new")
    with FileLock(path.with_suffix(".lock"), timeout=_WAIT_S, mode=0o600):
        if path.exists():
            return
        # What is left of an earlier try must go: its log would be replayed into the new database.
        for left in path.parent.glob(f"{beginning.name}*"):
            left.unlink()
        # SQLite gives the files beside the database the same rights.
        os.close(os.open(beginning, os.O_CREAT | os.O_RDWR, 0o600))
        with contextlib.closing(_connected(beginning)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(_TABLE)
            db.execute(f"PRAGMA user_version = {_VERSION}")
        beginning.replace(path)


def _roll_back(db: sqlite3.Connection) -> None:
    # SQLite has done so itself after some errors; closing the connection does it after all others.
    with contextlib.suppress(sqlite3.Error):
        db.execute("ROLLBACK")

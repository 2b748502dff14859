"""One SQLite file with the tags of one root.

Readers and the one writer of the moment do not wait for each other (WAL). The file is a cache:
one that is damaged, foreign or of another version is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scopewise import __version__
from scopewise.scope.tag_index.places import Row, TagPlace
from scopewise.scope.tag_index.walk import SourceFile
from scopewise.syntax.languages import language_names, query_text
from scopewise.text import ByteRange

_APPLICATION = 0x73775449
"""Marks the file as ours."""
_VERSION = 1
_WAIT_S = 5.0
"""How long a write may wait for another process's; ours take a fraction of a second."""

_SCHEMA = """
CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    n_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    language TEXT NOT NULL
);
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE tag (
    name INTEGER NOT NULL,
    file INTEGER NOT NULL,
    kind TEXT NOT NULL,
    is_definition INTEGER NOT NULL,
    line INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL
);
CREATE INDEX tag_by_name ON tag (name);
CREATE INDEX tag_by_file ON tag (file);
"""


@dataclass(frozen=True)
class FileTags:
    """A file as it was read, and what it defines and uses."""

    file: SourceFile
    language: str
    """Empty for a file that is not text after all; it is kept so that it is not read again."""
    rows: tuple[Row, ...] = ()


class Store:
    """The tags of one root; for one thread at a time, which a lock sees to.

    Every method may raise sqlite3.Error.
    """

    def __init__(self, path: Path, root: Path) -> None:
        """Open the file, made anew if it is not a good one; raises sqlite3.Error, OSError."""
        self.root = root
        self._lock = threading.Lock()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = _opened(path, root)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # Reading

    def known(self) -> dict[str, tuple[int, int]]:
        """Size and time of every file, by path."""
        rows = self._all("SELECT path, n_bytes, mtime_ns FROM file")
        return {path: (n_bytes, mtime_ns) for path, n_bytes, mtime_ns in rows}

    def places(self, name: str, *, is_definition: bool) -> list[TagPlace]:
        """Where a name is defined, or used, sorted by file and place."""
        rows = self._all(
            "SELECT path, kind, line, start, stop FROM tag JOIN file ON file.id = tag.file "
            "WHERE tag.name = (SELECT id FROM name WHERE text = ?) AND is_definition = ? "
            "ORDER BY path, start",
            (name, is_definition),
        )
        return [
            TagPlace(self.root / path, name, kind, line, ByteRange(start, stop))
            for path, kind, line, start, stop in rows
        ]

    def n_files(self) -> int:
        return int(self._all("SELECT count(*) FROM file")[0][0])

    @property
    def is_complete(self) -> bool:
        return self._all("SELECT value FROM fact WHERE key = 'is_complete'") == [("1",)]

    # Writing

    def put(self, files: Iterable[FileTags]) -> None:
        """Take files over, all or none."""
        with self._transaction() as db:
            for tags in files:
                _put(db, tags)

    def forget(self, paths: Iterable[str]) -> None:
        with self._transaction() as db:
            for path in paths:
                _forget(db, path)

    def forget_below(self, folder: str) -> None:
        """Forget a path, and everything in it if it was a folder."""
        # "0" is the character after "/": all paths that begin with the folder lie between.
        found = self._all(
            "SELECT path FROM file WHERE path = ? OR (path > ? AND path < ?)",
            (folder, f"{folder}/", f"{folder}0"),
        )
        self.forget(path for (path,) in found)

    def set_complete(self, is_complete: bool) -> None:
        with self._transaction() as db:
            _set_fact(db, "is_complete", "1" if is_complete else "0")

    # Below

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def is_damaged(error: sqlite3.Error) -> bool:
    """Whether the file itself is bad, rather than locked or the disk full."""
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def remove_store(path: Path) -> None:
    """Delete a file with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _opened(path: Path, root: Path) -> sqlite3.Connection:
    try:
        return _connected(path, root)
    except _NotOurs:
        remove_store(path)
    except sqlite3.Error as error:
        if not is_damaged(error):
            raise
        remove_store(path)
    return _connected(path, root)


class _NotOurs(Exception):
    """Another program's file, or one of another version."""


def _connected(path: Path, root: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        _make_or_check(db, root)
    except BaseException:
        db.close()
        raise
    return db


def _make_or_check(db: sqlite3.Connection, root: Path) -> None:
    # Two servers may open the same new file at once: the second finds it made.
    facts = {("root", str(root)), ("made_by", _made_by())}
    db.execute("BEGIN IMMEDIATE")
    try:
        if not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
            db.execute(f"PRAGMA user_version = {_VERSION}")
            for key, value in facts:
                _set_fact(db, key, value)
        is_ours = db.execute("PRAGMA application_id").fetchone() == (_APPLICATION,)
        is_same = db.execute("PRAGMA user_version").fetchone() == (_VERSION,)
        if not (
            is_ours and is_same and _facts(db) >= {("root", str(root)), ("made_by", _made_by())}
        ):
            raise _NotOurs
    finally:
        db.execute("COMMIT")


@cache
def _made_by() -> str:
    """A digest of what tags follow from: other queries find others."""
    queries = "\0".join(query_text(name, "tags") for name in language_names())
    return hashlib.sha256(f"{__version__}\0{queries}".encode()).hexdigest()


def _facts(db: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(db.execute("SELECT key, value FROM fact"))


def _set_fact(db: sqlite3.Connection, key: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, value))


def _put(db: sqlite3.Connection, tags: FileTags) -> None:
    file = tags.file
    _forget(db, file.path)
    number = db.execute(
        "INSERT INTO file (path, n_bytes, mtime_ns, language) VALUES (?, ?, ?, ?)",
        (file.path, file.n_bytes, file.mtime_ns, tags.language),
    ).lastrowid
    names = dict.fromkeys(row.name for row in tags.rows)
    db.executemany("INSERT OR IGNORE INTO name (text) VALUES (?)", [(name,) for name in names])
    db.executemany(
        "INSERT INTO tag VALUES ((SELECT id FROM name WHERE text = ?), ?, ?, ?, ?, ?, ?)",
        [
            (row.name, number, row.kind, row.is_definition, row.line, row.span.start, row.span.end)
            for row in tags.rows
        ],
    )


def _forget(db: sqlite3.Connection, path: str) -> None:
    db.execute("DELETE FROM tag WHERE file = (SELECT id FROM file WHERE path = ?)", (path,))
    db.execute("DELETE FROM file WHERE path = ?", (path,))

"""The rows that say what existing code depends on, and their files as a project of one file."""

from __future__ import annotations

import enum
import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from scopewise.document import DocumentSnapshot, uri_of
from scopewise.errors import InputError
from scopewise.syntax.tree import Definition, ParsedDocument, parse

R = TypeVar("R", bound=msgspec.Struct)


class ScopeSet(enum.StrEnum):
    DEVEVAL = "deveval"
    CODEREVAL = "codereval"


KINDS = ("intra_class", "intra_file", "cross_file")
"""What names a function of DevEval depends on, the narrowest first."""


@dataclass(frozen=True)
class ScopeRow:
    """A function of a project, and what people found it to depend on."""

    id: str
    path: str
    """Of its file, relative to the project."""
    text: str
    """Of the whole file."""
    name: str
    line: int
    """Of its first line after decorators, from 1; of a decorator where that is not told."""
    label: str
    """The level, in the words of the set."""
    names: frozenset[tuple[str, str]] = frozenset()
    """Kind and dotted name of what it uses, where the set says so."""


@dataclass(frozen=True)
class PlacedRow:
    """A row whose file lies on disk, with nothing else beside it."""

    row: ScopeRow
    root: Path
    parsed: ParsedDocument
    definition: Definition


def read_rows(folder: Path, task_set: ScopeSet) -> list[ScopeRow]:
    """The rows of a set that come with their file; raises InputError."""
    return _deveval(folder) if task_set is ScopeSet.DEVEVAL else _codereval(folder)


@contextmanager
def placed(row: ScopeRow) -> Iterator[PlacedRow | None]:
    """The row in a project of its own, for as long as the block lasts; None when the function is
    not where the row says."""
    with tempfile.TemporaryDirectory(prefix="scopewise-") as folder:
        root = Path(folder).resolve()
        path = root / row.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(row.text, encoding="utf-8")
        parsed = parse(DocumentSnapshot(uri_of(path), row.text))
        definition = _definition(parsed, row) if parsed else None
        if parsed is None or definition is None:
            yield None
        else:
            yield PlacedRow(row, root, parsed, definition)


def _definition(parsed: ParsedDocument, row: ScopeRow) -> Definition | None:
    lines = parsed.snapshot.lines
    for definition in parsed.definitions:
        first = lines.line_of(definition.range.start) + 1
        last = lines.line_of(definition.signature.start) + 1
        if definition.name == row.name and first <= row.line <= last:
            return definition
    return None


class _Dependency(msgspec.Struct):
    intra_class: list[str]
    intra_file: list[str]
    cross_file: list[str]


class _Source(msgspec.Struct):
    path: str
    lineno: int = 0


class _DevEval(msgspec.Struct):
    id: str
    entry_point: str
    scope_level: str
    dependency: _Dependency
    file_key: str
    signature_position: tuple[int, int]
    source: _Source


class _CoderEval(msgspec.Struct):
    id: str
    entry_point: str
    scope_level: str
    source: _Source | None = None
    file_key: str | None = None


def _deveval(folder: Path) -> list[ScopeRow]:
    files = _files(folder / "deveval_source_files.json.gz")
    rows = _rows(folder / "deveval_with_source.jsonl.gz", _DevEval)
    return [
        ScopeRow(
            id=row.id,
            path=row.source.path,
            text=files[row.file_key],
            name=row.entry_point,
            line=row.signature_position[0],
            label=row.scope_level,
            names=frozenset(
                (kind, name) for kind in KINDS for name in getattr(row.dependency, kind)
            ),
        )
        for row in rows
        if row.file_key in files
    ]


def _codereval(folder: Path) -> list[ScopeRow]:
    files = _files(folder / "codereval_source_files.json.gz")
    rows = _rows(folder / "codereval_python.jsonl.gz", _CoderEval)
    return [
        ScopeRow(
            id=row.id,
            path=row.source.path,
            text=files[row.file_key],
            name=row.entry_point,
            line=row.source.lineno,
            label=row.scope_level,
        )
        for row in rows
        if row.source is not None and row.file_key in files
    ]


def _rows(path: Path, row: type[R]) -> list[R]:
    lines = [line for line in _text(path).split(b"\n") if line.strip()]
    return [_decoded(path, line, row) for line in lines]


def _files(path: Path) -> dict[str, str]:
    files: dict[str, str] = _decoded(path, _text(path), dict[str, str])
    return files


def _decoded(path: Path, text: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise InputError(f"{path.name} is not as expected ({error}).") from error


def _text(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read()
    except FileNotFoundError as error:
        raise InputError(f"There is no {path.name} in {path.parent}.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read ({error}).") from error

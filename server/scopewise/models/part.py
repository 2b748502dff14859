"""The unfinished file of a pull: what is already there, and how to add to it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from scopewise.errors import ModelCorrupt
from scopewise.models import gguf
from scopewise.models.catalogue import ModelSpec
from scopewise.models.store import read_json, work_folder, write_json


@dataclass(frozen=True)
class Mark:
    """A part that is in completely, and the byte after its last."""

    name: str
    end: int


@dataclass(frozen=True)
class PartNote:
    """The sidecar beside the unfinished file."""

    name: str
    sha256: str
    """Of the whole model; bytes are only added to bytes of the same model."""
    marks: list[Mark] = field(default_factory=list)


class PartFile:
    """A `.part` file open for appending; `size` and `marks` say what is there.

    Bytes survive a killed process. `marks` are written after the bytes they vouch for, so a part
    that is half in is not marked.
    """

    def __init__(self, path: Path, spec: ModelSpec, watch: Callable[[int], None]) -> None:
        """Opens what an earlier pull of the same model left, or starts afresh.

        `watch` gets the number of bytes that are in, and may raise to stop.
        """
        self.path = path
        self.scratch = work_folder(path.parent, spec)
        """A folder a source may make; whoever holds the lock deletes it."""
        self._spec = spec
        self._watch = watch
        self._note_path = path.with_name(f"{path.name}.json")
        self.marks = self._usable_marks()
        self._file = path.open("ab")
        self.size = self._file.tell()
        self._announced = self.size
        self._save()

    def __enter__(self) -> PartFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def append(self, chunk: bytes) -> None:
        """Add bytes; raises ModelCorrupt as soon as they cannot belong to the model."""
        if self.size == 0 and not gguf.MAGIC.startswith(chunk[: len(gguf.MAGIC)]):
            raise ModelCorrupt(f"What came is not a GGUF model: {gguf.complaint(chunk)}.")
        if self._spec.size is not None and self.size + len(chunk) > self._spec.size:
            raise ModelCorrupt(f"More than the expected {self._spec.size:,} bytes came.")
        self._file.write(chunk)
        self.size += len(chunk)
        self._announce(self.size)

    def preview(self, n_bytes: int) -> None:
        """Tell the watcher of bytes that are on their way but not in yet."""
        self._announce(self.size + n_bytes)

    def mark(self, name: str) -> None:
        """Note that all bytes so far, the last of them from part `name`, are in."""
        self.flush()
        self.marks.append(Mark(name, self.size))
        self._save()

    def n_marked(self, names: Sequence[str]) -> int:
        """How many of the first `names` are in completely."""
        pairs = zip(self.marks, names, strict=False)
        return len(list(itertools.takewhile(lambda pair: pair[0].name == pair[1], pairs)))

    def rewind(self, n_marks: int) -> None:
        """Cut the file after its first `n_marks` parts; a part that is half in goes."""
        end = self.marks[n_marks - 1].end if n_marks else 0
        if self.size == end and len(self.marks) == n_marks:
            return
        del self.marks[n_marks:]
        self._save()
        self._file.truncate(end)
        self.size = self._announced = end

    def flush(self) -> None:
        """Make the bytes survive a power cut."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; one that is still empty is deleted."""
        self._file.close()
        if self.size == 0:
            self._delete()

    def discard(self) -> None:
        """Delete the file and its sidecar."""
        self._file.close()
        self._delete()

    def forget(self) -> None:
        """Delete the sidecar alone, once the file has become the model."""
        self._note_path.unlink(missing_ok=True)

    def _delete(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note_path.unlink(missing_ok=True)

    def _announce(self, n_bytes: int) -> None:
        # A compressed part was announced before its bytes come in: do not run backwards.
        self._announced = max(self._announced, n_bytes)
        self._watch(self._announced)

    def _usable_marks(self) -> list[Mark]:
        note = read_json(self._note_path, PartNote)
        size = self.path.stat().st_size if self.path.exists() else 0
        is_ours = note is not None and note.sha256 != "" and note.sha256 == self._spec.sha256
        if note is None or not is_ours or size > (self._spec.size or size):
            self.path.unlink(missing_ok=True)
            return []
        ends = [mark.end for mark in note.marks]
        is_sound = ends == sorted(set(ends)) and min(ends, default=1) > 0
        return [mark for mark in note.marks if mark.end <= size] if is_sound else []

    def _save(self) -> None:
        write_json(self._note_path, PartNote(self._spec.name, self._spec.sha256 or "", self.marks))

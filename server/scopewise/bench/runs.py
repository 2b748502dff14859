"""What came of one task in one mode, and the file of JSON lines that keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from scopewise.actions.outcome import Usage
from scopewise.bench.hidden import Result
from scopewise.verify.label import Evidence, Finding

ERROR = "error"
"""The verdict of an attempt that came to no outcome, such as one past its deadline."""


class Group(msgspec.Struct, frozen=True, order=True):
    """What belongs into one row of a table."""

    action: str
    task_set: str
    mode: str
    model: str

    @property
    def file_name(self) -> str:
        parts = (self.action, self.task_set, self.mode, self.model)
        return "-".join(_slug(part) for part in parts) + ".jsonl"


class Attempt(msgspec.Struct, frozen=True):
    """What the product made of a task; final before any hidden test runs."""

    verdict: str
    """The label's, or `error`."""
    sentence: str
    findings: tuple[Finding, ...] = ()
    evidence: Evidence = Evidence()
    usage: Usage = Usage()
    text: str = ""
    """The file after the change; for an explanation, with what was rebuilt from it. Empty when
    there is none: a declined answer changes nothing."""
    rejected: str = ""
    explanation: str = ""
    unknown_names: tuple[str, ...] = ()
    """Names in back-ticks that the explained code does not have."""


class Run(msgspec.Struct, frozen=True):
    """One line of the file."""

    group: Group
    task: str
    repeat: int
    attempt: Attempt
    hidden: Result | None
    """None when there was nothing to test."""
    fault: str = ""
    """Why the task measures nothing here; the tables leave it out then."""
    n_examples: int = 0
    """Examples that can be read in the docstring."""
    wall_s: float = 0.0
    """As it passed in this run; short where answers came out of the recording."""
    is_replayed: bool = False
    """Whether every answer came out of the recording."""

    @property
    def is_solved(self) -> bool:
        return self.hidden == "passed"

    @property
    def seconds(self) -> float:
        """From the request to the final label: the model's seconds as first measured, and those
        of execution."""
        usage = self.attempt.usage
        return usage.prefill_s + usage.decode_s + usage.execution_s


class RunLog:
    """The runs of one group that are done."""

    def __init__(self, folder: Path, group: Group) -> None:
        self.group = group
        self._path = folder / group.file_name
        self._runs = {(run.task, run.repeat): run for run in read_runs([self._path])}

    @property
    def runs(self) -> list[Run]:
        return list(self._runs.values())

    def has(self, task: str, repeat: int) -> bool:
        return (task, repeat) in self._runs

    def add(self, run: Run) -> None:
        self._runs[run.task, run.repeat] = run
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(run) + b"\n")


def read_runs(paths: Iterable[Path]) -> Iterator[Run]:
    """The runs in files, in order; a line cut short by a kill is left out."""
    for path in paths:
        if not path.is_file():
            continue
        for line in path.read_bytes().splitlines():
            try:
                yield msgspec.json.decode(line, type=Run)
            except msgspec.DecodeError:
                continue


def run_files(folder: Path) -> list[Path]:
    """The files of runs in a folder; recordings are not among them."""
    return sorted(path for path in folder.glob("*.jsonl") if not path.name.startswith(_RECORDINGS))


def recording_file(folder: Path, model: str) -> Path:
    """Where a model's answers are remembered, for all modes together."""
    return folder / f"{_RECORDINGS}{_slug(model)}.jsonl"


_RECORDINGS = "recordings-"


def _slug(text: str) -> str:
    return re.sub(r"[^\w.]+", "_", text)

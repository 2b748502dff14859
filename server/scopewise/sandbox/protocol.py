"""What a sandbox is asked to run, within which limits, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, Protocol

from scopewise.cancel import CancelToken
from scopewise.errors import ScopewiseError

StopReason = Literal["", "time", "cpu", "memory", "output", "disk", "cancelled", "signal"]


class SandboxError(ScopewiseError):
    """Something could not be run where it can do no harm, so it was not run."""


class SandboxUnavailable(SandboxError):
    """This machine offers no sandbox."""


class SandboxFailed(SandboxError):
    """The sandbox could not be set up for this program, or it broke before the program began."""


@dataclass(frozen=True)
class Limits:
    """What a program may use before it is stopped."""

    wall_s: float = 10.0
    cpu_s: float = 10.0
    """Of each process; the kernel counts whole seconds, so it is rounded up."""
    memory_bytes: int = 1 << 30
    """Address space of each process."""
    n_processes: int = 32
    """Threads count as processes."""
    n_files: int = 256
    """Open at once, in each process."""
    output_bytes: int = 1 << 20
    """Of standard output and of standard error, each."""
    disk_bytes: int = 64 << 20
    """Of the private folder, and of any one file."""


@dataclass(frozen=True)
class Program:
    """A command, and all it can see."""

    argv: tuple[str, ...]
    """The first is an absolute path; the folders a Python there needs are shown to it."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Written into the private work folder before the start, by relative path."""
    stdin: bytes = b""
    readable: tuple[Path, ...] = ()
    """Files and folders of the host, read-only, at the same path."""
    replaced: Mapping[Path, bytes] = field(default_factory=dict)
    """Files inside `readable` or `copies` that are shown with other content."""
    copies: tuple[Path, ...] = ()
    """Folders of the host shown as a private copy that may be written."""
    cwd: str = ""
    """Empty for the work folder."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """All there is, besides PATH, HOME, LANG and TMPDIR, which it may replace."""


@dataclass(frozen=True)
class Run:
    """How a program ended, and what it wrote."""

    exit_code: int | None
    """None when it was stopped."""
    stdout: bytes
    stderr: bytes
    seconds: float
    peak_memory_bytes: int
    """Of its largest process; 0 when it was stopped from outside."""
    stopped_by: StopReason
    """`memory` and `disk` also where the last words say that an allocation or a write failed."""
    signal: int = 0


class Process(Protocol):
    """A long-lived program inside, with pipes to it."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    n_outside: int
    """Processes outside the sandbox that RLIMIT_NPROC counts as well."""

    @property
    def is_running(self) -> bool: ...

    def kill(self) -> None:
        """End it and all it started, without waiting; from any thread."""

    def close(self) -> None:
        """End it, wait until it is gone, and give back the pipes."""

    def last_words(self) -> str:
        """The last line it wrote to standard error."""


class Sandbox(Protocol):
    """Runs programs that may be hostile."""

    name: str
    can_stay: bool
    """Whether `start` is there."""

    def run(self, program: Program, limits: Limits, cancel: CancelToken | None = None) -> Run:
        """What came of a program, when it and all it started have ended; raises SandboxError."""

    def start(self, program: Program, limits: Limits) -> Process:
        """A program that stays; of the limits only `disk_bytes` and `n_files` bind it.

        It ends at the latest when the thread that started it does.
        """


@dataclass(frozen=True)
class Availability:
    """The sandbox of this machine, or why there is none."""

    sandbox: Sandbox | None
    reason: str
    """One sentence for the user when there is none."""

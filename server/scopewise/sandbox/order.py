"""What the launcher inside is told, on a descriptor of its own."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from scopewise.sandbox.protocol import Limits, Program, SandboxFailed


@dataclass(frozen=True)
class Copy:
    """A folder to be copied inside."""

    source: str
    target: str
    without: tuple[str, ...]
    """Paths below the target that have something of their own mounted."""


@dataclass(frozen=True)
class Place:
    """The writable folders inside."""

    work: str
    home: str


def order_text(
    program: Program,
    rlimits: Mapping[str, int],
    place: Place,
    copies: Sequence[Copy] = (),
    written: Mapping[Path, bytes] | None = None,
    *,
    stays: bool = False,
) -> bytes:
    """A line of JSON, and behind it the contents of the files it names."""
    files = {f"{place.work}/{_inside(name)}": data for name, data in program.files.items()}
    files.update({str(path): data for path, data in (written or {}).items()})
    order = {
        "argv": program.argv,
        "work": place.work,
        "cwd": program.cwd or place.work,
        "environment": _environment(program, place),
        "rlimits": rlimits,
        "copies": [asdict(copy) for copy in copies],
        "files": [(path, len(data)) for path, data in files.items()],
        "stays": stays,
    }
    return json.dumps(order).encode() + b"\n" + b"".join(files.values())


def rlimits(limits: Limits, n_outside: int) -> dict[str, int]:
    """The kernel's limits of each process, by the names they have in `resource`."""
    return {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": limits.disk_bytes,
        "RLIMIT_NOFILE": limits.n_files,
        "RLIMIT_CPU": math.ceil(limits.cpu_s),
        "RLIMIT_AS": limits.memory_bytes,
        # The launcher itself is one.
        "RLIMIT_NPROC": n_outside + limits.n_processes + 1,
    }


def lasting_rlimits(limits: Limits) -> dict[str, int]:
    """Those of a program that stays and sets the others itself for what it starts."""
    return {name: rlimits(limits, 0)[name] for name in ("RLIMIT_CORE", "RLIMIT_NOFILE")}


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise SandboxFailed(f"{name!r} is not a path inside the work folder.")
    return str(path)


def _environment(program: Program, place: Place) -> dict[str, str]:
    return {
        "PATH": f"{Path(program.argv[0]).parent}:/usr/bin:/bin",
        "HOME": place.home,
        "LANG": "C.UTF-8",
        "TMPDIR": place.home,
        **program.environment,
    }

"""How many processes outside the sandbox its limit of processes counts as well."""

from __future__ import annotations

import platform
import re
from pathlib import Path

_COUNTED_PER_NAMESPACE = (5, 14)
"""Since this version of Linux a user namespace counts its own processes only."""


def n_outside(uid: int) -> int:
    """Threads of a user, where the kernel does not keep those in a user namespace apart."""
    if _kernel() >= _COUNTED_PER_NAMESPACE:
        return 0
    return sum(_n_threads(folder, uid) for folder in Path("/proc").glob("[0-9]*"))


def _kernel() -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])


def _n_threads(folder: Path, uid: int) -> int:
    try:
        if folder.stat().st_uid != uid:
            return 0
        return sum(1 for _ in (folder / "task").iterdir())
    except OSError:
        return 0

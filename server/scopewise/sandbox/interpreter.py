"""Which folders a Python needs to start, found without running it."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Installation:
    """What must be visible for an interpreter to find itself and its libraries."""

    folders: tuple[Path, ...]
    links: tuple[tuple[Path, str], ...] = ()
    """Symbolic links outside these folders that lead to it, each with its target."""


@functools.cache
def installation(interpreter: Path) -> Installation:
    """The virtual environment, the installation it was made from, and the links between.

    The interpreter may belong to the project that is not trusted, hence it is not asked.
    """
    prefix = interpreter.parent.parent
    home = _home(prefix / "pyvenv.cfg")
    target = Path(os.path.realpath(interpreter)).parent.parent
    bases = [home.parent, Path(os.path.realpath(home)).parent] if home else []
    own = [prefix] if home else []
    folders = tuple(dict.fromkeys([*own, *bases, target]))
    return Installation(folders, tuple(_links(interpreter, folders)))


def is_python(executable: Path) -> bool:
    return executable.name.startswith(("python", "pypy"))


def _home(config: Path) -> Path | None:
    """The folder of the Python that a virtual environment was made from."""
    try:
        lines = config.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    settings = (line.partition("=") for line in lines)
    found = [value.strip() for key, _, value in settings if key.strip().lower() == "home"]
    return Path(found[0]) if found and Path(found[0]).is_absolute() else None


def _links(path: Path, folders: tuple[Path, ...]) -> list[tuple[Path, str]]:
    links = []
    for _ in range(40):
        if not path.is_symlink():
            break
        target = path.readlink()
        if not any(path.is_relative_to(folder) for folder in folders):
            links.append((path, str(target)))
        path = Path(os.path.normpath(path.parent / target))
    return links

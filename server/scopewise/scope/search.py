"""Walks the files of a workspace, and finds a function by its name among them, in bounded time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from scopewise.scope.lookup import Files, Found
from scopewise.syntax.languages import language_for_path

_MAX_FILES = 400
_MAX_FOLDERS = 2000
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "build", "dist"})


def find_function(name: str, files: Files) -> Found | None:
    """The function or method of that name, when the first files hold exactly one."""
    found = []
    for path in source_files(files.roots):
        if not mentions(path, name):
            continue
        parsed = files.parsed(path)
        for definition in parsed.definitions if parsed else ():
            if definition.name == name and definition.kind == "function":
                assert parsed is not None
                found.append((parsed, definition))
    return found[0] if len(found) == 1 else None


def source_files(
    roots: tuple[Path, ...], is_wanted: Callable[[str], bool] = bool
) -> Iterator[Path]:
    """Files in a language we parse, nearest to the roots first, at most `_MAX_FILES`.

    Those whose name is not wanted are passed over and do not count.
    """
    n_files = n_folders = 0
    folders = deque(roots)
    while folders and n_folders < _MAX_FOLDERS:
        n_folders += 1
        folder = folders.popleft()
        for entry in _entries(folder):
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name not in _SKIPPED:
                    folders.append(Path(entry.path))
            elif is_wanted(entry.name) and language_for_path(Path(entry.path)) is not None:
                n_files += 1
                if n_files > _MAX_FILES:
                    return
                yield Path(entry.path)


def mentions(path: Path, name: str) -> bool:
    """Whether a name stands anywhere in a file, be it as a part of another."""
    try:
        return name.encode() in path.read_bytes()
    except OSError:
        return False


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return []

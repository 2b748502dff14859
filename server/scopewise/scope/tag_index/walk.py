"""The files of a folder that count: source code in a language we parse, and not ignored by git."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from scopewise.syntax.languages import language_extensions

MAX_BYTES = 1_000_000
"""Larger files are generated, or data."""
_SKIPPED = frozenset({
    ".git", ".hg", ".svn", ".jj", ".bzr", ".tox", ".nox", ".venv", ".mypy_cache", ".ruff_cache",
    ".pytest_cache", "__pycache__", "__pypackages__", "node_modules", "bower_components",
    "site-packages",
})  # fmt: skip
_IGNORE_FILE = ".gitignore"


@dataclass(frozen=True)
class SourceFile:
    """A file that counts, and what shows that it changed."""

    path: str
    """From the root, with slashes."""
    n_bytes: int
    mtime_ns: int


@dataclass(frozen=True)
class _Ignores:
    """The patterns of one ignore file, and the folder they count from."""

    folder: str
    """From the top of the repository, ending in a slash; empty for the top itself."""
    spec: GitIgnoreSpec

    def verdict(self, path: str) -> bool | None:
        """Whether a path (from the top, folders with a slash at the end) is ignored; None when
        these patterns do not say."""
        return self.spec.check_file(path[len(self.folder) :]).include


class Ignored:
    """Git's answer for a tree of folders, read as one goes down."""

    def __init__(self, root: Path) -> None:
        """`root` may lie inside a repository: the ignore files above it count too."""
        self._top = _top_of(root)
        self._prefix = _slashed(root.relative_to(self._top).as_posix())
        self._at_top = list(_read(self._top / ".git" / "info" / "exclude", ""))
        for folder in _folders_to(self._prefix):
            self._at_top += _read(self._top / folder / _IGNORE_FILE, folder)

    def at_root(self) -> tuple[_Ignores, ...]:
        return tuple(self._at_top)

    def below(self, around: tuple[_Ignores, ...], folder: str) -> tuple[_Ignores, ...]:
        """The patterns that hold in a folder (from the root), given those of the one above."""
        path = f"{self._prefix}{folder}/"
        return (*around, *_read(self._top / path / _IGNORE_FILE, path))

    def hides(self, around: Sequence[_Ignores], path: str) -> bool:
        """Whether patterns hide a path from the root; the innermost that says anything decides."""
        for ignores in reversed(around):
            verdict = ignores.verdict(f"{self._prefix}{path}")
            if verdict is not None:
                return verdict
        return False


def source_files(root: Path) -> Iterator[SourceFile]:
    """Every file that counts, in a steady order; what cannot be read is passed over.

    Links are not followed: they lead out of the root, in circles, or to what is found anyway.
    """
    ignored = Ignored(root)
    waiting = [("", ignored.at_root())]
    while waiting:
        folder, ignores = waiting.pop()
        inside = []
        for entry in _entries(root / folder):
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if is_entered(entry) and not ignored.hides(ignores, f"{path}/"):
                    inside.append((path, ignored.below(ignores, path)))
            elif is_source(path) and not ignored.hides(ignores, path):
                yield from _file(entry, path)
        waiting += reversed(inside)


def source_file(root: Path, path: str) -> SourceFile | None:
    """One file by its path from the root; None when it is not there or does not count."""
    if not is_source(path):
        return None
    ignored = Ignored(root)
    ignores = ignored.at_root()
    *folders, _ = PurePosixPath(path).parts
    at = ""
    for name in folders:
        at = f"{at}/{name}" if at else name
        if not _is_entered(name, root / at) or ignored.hides(ignores, f"{at}/"):
            return None
        ignores = ignored.below(ignores, at)
    return None if ignored.hides(ignores, path) else _file_at(root, path)


def is_source(path: str) -> bool:
    """Whether a file is in a language we parse, judged by its name."""
    return PurePosixPath(path).suffix in language_extensions() and _is_utf8(path)


def decides_what_counts(path: Path) -> bool:
    return path.name == _IGNORE_FILE


def is_entered(entry: os.DirEntry[str]) -> bool:
    return _is_entered(entry.name, Path(entry.path))


def _is_entered(name: str, folder: Path) -> bool:
    if name in _SKIPPED or not _is_utf8(name) or folder.is_symlink():
        return False
    return not (folder / "pyvenv.cfg").is_file()


def _file(entry: os.DirEntry[str], path: str) -> Iterable[SourceFile]:
    try:
        if not entry.is_file(follow_symlinks=False):
            return ()
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return ()
    if status.st_size > MAX_BYTES:
        return ()
    return (SourceFile(path, status.st_size, status.st_mtime_ns),)


def _file_at(root: Path, path: str) -> SourceFile | None:
    try:
        entry = root / path
        if entry.is_symlink() or not entry.is_file():
            return None
        status = entry.stat()
    except OSError:
        return None
    if status.st_size > MAX_BYTES:
        return None
    return SourceFile(path, status.st_size, status.st_mtime_ns)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _read(path: Path, folder: str) -> Iterator[_Ignores]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    # Patterns people mistype must not cost the rest of the file.
    good = [line for line in lines if _is_pattern(line)]
    if good:
        yield _Ignores(folder, GitIgnoreSpec.from_lines(good))


def _is_pattern(line: str) -> bool:
    if not line.strip() or line.startswith("#"):
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _top_of(root: Path) -> Path:
    """The top of the repository a folder lies in, else the folder itself."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return folder
    return root


def _folders_to(prefix: str) -> Iterator[str]:
    """The top and each folder on the way to the root, the root included."""
    yield ""
    parts = prefix.split("/")[:-1]
    for n in range(len(parts)):
        yield "/".join(parts[: n + 1]) + "/"


def _slashed(path: str) -> str:
    return "" if path == "." else f"{path}/"


def _is_utf8(name: str) -> bool:
    """Names of other encodings come as lone surrogates, which SQLite cannot hold."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True

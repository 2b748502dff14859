"""Files that are never sent."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import pathspec

from scopewise.errors import InputError

_IGNORE_FILES = (".gitignore", ".scopewiseignore")


@dataclass(frozen=True)
class _Rules:
    """The patterns of one ignore file, and where they count from."""

    origin: str
    spec: pathspec.GitIgnoreSpec
    is_readable: bool = True


class Exclusion:
    """Which files may be sent; made anew for each payload, since it reads an ignore file once."""

    def __init__(self, roots: Iterable[str | Path], user_patterns: Sequence[str] = ()) -> None:
        self._roots = tuple(sorted({Path(root).resolve() for root in roots}, reverse=True))
        self._secret_files = pathspec.GitIgnoreSpec.from_lines(_secret_files())
        self._user = pathspec.GitIgnoreSpec.from_lines(_checked(user_patterns))
        self._rules: dict[Path, tuple[_Rules, ...]] = {}
        self._folders: dict[Path, str] = {}

    def reason(self, path: str | Path) -> str:
        """Why the file must not be sent, in one sentence; empty when it may be."""
        # Without the `..`, which would make a path look as if it led through a link.
        named = Path(os.path.abspath(path))  # noqa: PTH100
        try:
            real = named.resolve()
        except (OSError, RuntimeError):
            return "Its path cannot be followed."
        if self._root_of(real) is None:
            is_link = self._root_of(named) is not None
            return f"It is {'a link to a file ' if is_link else ''}outside the workspace."
        # A link inside the workspace may be named for what it is, and so may its target.
        return self._reason(real) or self._reason(_with_real_folder(named))

    def _root_of(self, path: Path) -> Path | None:
        return next((root for root in self._roots if path.is_relative_to(root)), None)

    def _reason(self, path: Path) -> str:
        root = self._root_of(path)
        if root is None:
            return ""
        return self._folder_reason(path.parent, root) or self._own_reason(path, root, "")

    def _folder_reason(self, folder: Path, root: Path) -> str:
        """Why everything in a folder is excluded, whatever is said of what is in it."""
        if folder == root or not folder.is_relative_to(root):
            return ""
        if folder not in self._folders:
            self._folders[folder] = self._folder_reason(folder.parent, root) or self._own_reason(
                folder, root, "/"
            )
        return self._folders[folder]

    def _own_reason(self, path: Path, root: Path, slash: str) -> str:
        relative = path.relative_to(root).as_posix() + slash
        if _pattern_for(self._secret_files, relative.lower()):
            return f"Files like `{path.name}` hold secrets."
        if pattern := _pattern_for(self._user, relative):
            return f"The setting `cloud.exclude` names it (`{pattern}`)."
        return self._ignored(path, slash)

    def _ignored(self, path: Path, slash: str) -> str:
        """What the ignore files say: of each kind the deepest one with an opinion decides."""
        for kind in range(len(_IGNORE_FILES)):
            for folder in _up_to(path.parent, self._top(path)):
                rules = self._rules_of(folder)[kind]
                if not rules.is_readable:
                    return f"`{rules.origin}` cannot be read, so it is not known what it excludes."
                result = rules.spec.check_file(path.relative_to(folder).as_posix() + slash)
                if result.include:
                    return f"`{rules.origin}` names it (`{_text(rules.spec, result.index)}`)."
                if result.include is not None:
                    break
        return ""

    def _top(self, path: Path) -> Path:
        """The folder whose ignore files are the first to count: git's, when the root is inside."""
        root = self._root_of(path)
        assert root is not None
        folders = (root, *root.parents)
        return next((folder for folder in folders if (folder / ".git").exists()), root)

    def _rules_of(self, folder: Path) -> tuple[_Rules, ...]:
        if folder not in self._rules:
            self._rules[folder] = tuple(_read(folder, name) for name in _IGNORE_FILES)
        return self._rules[folder]


def _secret_files() -> list[str]:
    file = resources.files("scopewise.cloud").joinpath("secret_files.txt")
    return file.read_text("utf-8").splitlines()


def _up_to(folder: Path, top: Path) -> Iterator[Path]:
    while True:
        yield folder
        if folder in (top, folder.parent):
            return
        folder = folder.parent


def _with_real_folder(path: Path) -> Path:
    """The path under its own name, in the folder as it really is."""
    return path.parent.resolve() / path.name


def _read(folder: Path, name: str) -> _Rules:
    files = [folder / name]
    if name == ".gitignore":
        files.insert(0, folder / ".git" / "info" / "exclude")
    lines: list[str] = []
    for file in files:
        try:
            lines += file.read_text("utf-8", errors="replace").removeprefix("\ufeff").splitlines()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            continue
        except OSError:
            return _Rules(str(file), pathspec.GitIgnoreSpec.from_lines([]), is_readable=False)
    return _Rules(str(folder / name), pathspec.GitIgnoreSpec.from_lines(_valid(lines)))


def _valid(lines: Iterable[str]) -> Iterator[str]:
    """The lines that are patterns; git passes over the others, too."""
    for line in lines:
        try:
            pathspec.GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        yield line


def _checked(patterns: Sequence[str]) -> Sequence[str]:
    for pattern in patterns:
        try:
            pathspec.GitIgnoreSpec.from_lines([pattern])
        except ValueError:
            raise InputError(
                f"`{pattern}` is not a pattern.", "Correct it in the setting `cloud.exclude`."
            ) from None
    return patterns


def _pattern_for(spec: pathspec.GitIgnoreSpec, path: str) -> str:
    result = spec.check_file(path)
    return _text(spec, result.index) if result.include else ""


def _text(spec: pathspec.GitIgnoreSpec, index: int | None) -> str:
    return "" if index is None else str(list(spec.patterns)[index].pattern)

"""What the name of a Python module says: whose module it is, and what a file is called."""

from __future__ import annotations

import builtins
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scopewise.scope.report import Origin

SOURCE_FOLDERS = ("", "src")
"""Where imports count from, below a root of the workspace."""

BUILTINS = {**vars(builtins), "__file__": "", "__path__": []}


@dataclass(frozen=True)
class Modules:
    """Modules as seen from one file of a workspace."""

    roots: tuple[Path, ...]
    path: Path | None
    """The file."""

    def origin(self, module: str) -> Origin:
        """Whose module a name means; the name may be relative."""
        top = module.partition(".")[0]
        if not top or self._is_ours(top):
            return Origin.PROJECT
        if top in sys.stdlib_module_names:
            return Origin.STANDARD_LIBRARY
        return Origin.PROJECT if self._is_beside(top) else Origin.THIRD_PARTY

    def is_project(self, module: str) -> bool:
        return self.origin(module) is Origin.PROJECT

    def absolute(self, module: str) -> str:
        """The name of a module without leading dots, as far as that can be told."""
        n_dots = len(module) - len(module.lstrip("."))
        if not n_dots:
            return module
        package = self.package.split(".")
        around = package[: max(len(package) - n_dots + 1, 0)]
        return ".".join(part for part in [*around, module[n_dots:]] if part)

    def name_of(self, path: Path) -> str:
        """The dotted name of the module a file holds."""
        parts = self._parts(path)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def name(self) -> str:
        """The dotted name of this file's module; empty for text without a file."""
        return self.name_of(self.path) if self.path else ""

    @cached_property
    def package(self) -> str:
        """What relative imports of this file count from."""
        if self.path is None:
            return ""
        return ".".join(self._parts(self.path)[:-1])

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """The folders that imports of this file count from, the likeliest first."""
        package = (_package_folder(self.path),) if self.path else ()
        roots = [root / folder for root in self.roots for folder in SOURCE_FOLDERS]
        deepest_first = sorted(roots, key=lambda folder: -len(folder.parts))
        known = [folder for folder in (*package, *deepest_first) if folder is not None]
        return tuple(dict.fromkeys(known))

    # Below

    def _parts(self, path: Path) -> tuple[str, ...]:
        package = _package_folder(path)
        for folder in ((package,) if package else ()) + self.folders:
            if path.is_relative_to(folder):
                return path.relative_to(folder).with_suffix("").parts
        return (path.stem,)

    def _is_ours(self, top: str) -> bool:
        around = [
            self.path.relative_to(folder).parts[0].removesuffix(".py")
            for folder in self.folders
            if self.path is not None and self.path.is_relative_to(folder)
        ]
        return top in around or any(_is_module(folder, top) for folder in self.folders)

    def _is_beside(self, top: str) -> bool:
        """A script finds the modules of its own folder."""
        return self.path is not None and _is_module(self.path.parent, top)


def _package_folder(path: Path) -> Path | None:
    """The folder that holds the outermost package around a file; None outside of packages."""
    folder = path.parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder if folder != path.parent else None


def _is_module(folder: Path, name: str) -> bool:
    return (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()

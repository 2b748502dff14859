"""Where an imported name is defined, in the files of the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from scopewise.scope.imports import ImportedName, imported_names, module_file
from scopewise.syntax.tree import Definition, ParsedDocument


class Files(Protocol):
    """Where files of the workspace come from."""

    @property
    def roots(self) -> tuple[Path, ...]: ...

    def parsed(self, path: Path) -> ParsedDocument | None: ...


Found = tuple[ParsedDocument, Definition]


def imported_definition(parsed: ParsedDocument, name: str, files: Files) -> Found | None:
    """The definition a name leads to when the file imports it from another of the workspace."""
    for imported in imported_names(parsed):
        if imported.bound == name:
            found = definition_behind(parsed, imported, files)
            if found is not None:
                return found
    return None


def definition_behind(parsed: ParsedDocument, imported: ImportedName, files: Files) -> Found | None:
    """The definition one imported name stands for."""
    if not imported.attribute:
        return None
    path = module_file(imported.module, parsed.snapshot.path, files.roots)
    there = files.parsed(path) if path else None
    definition = there.find(imported.attribute) if there else None
    if there is None or definition is None:
        return None
    return there, definition

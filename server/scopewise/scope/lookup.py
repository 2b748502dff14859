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
        if imported.bound in (name, "*"):
            wanted = name if imported.bound == "*" else imported.attribute
            found = _definition_in(imported.module, wanted, parsed, files)
            if found is not None:
                return found
    return None


def definition_behind(parsed: ParsedDocument, imported: ImportedName, files: Files) -> Found | None:
    """The definition one imported name stands for."""
    return _definition_in(imported.module, imported.attribute, parsed, files)


def _definition_in(
    module: str, attribute: str, importer: ParsedDocument, files: Files
) -> Found | None:
    path = module_file(module, importer.snapshot.path, files.roots) if attribute else None
    there = files.parsed(path) if path else None
    definition = there.find(attribute) if there else None
    if there is None or definition is None:
        return None
    return there, definition

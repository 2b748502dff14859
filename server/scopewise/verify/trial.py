"""How a document is run: the module it is, and the folders it imports from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify.behaviour import Trial

_NOWHERE = "candidate.py"


def trial_of(
    parsed: ParsedDocument, definition: Definition, code: str, roots: Sequence[Path]
) -> Trial:
    """The trial of a text of the document, to fill in with examples or calls."""
    path = parsed.snapshot.path
    if path is None:
        return Trial(code, _NOWHERE, function=definition.qualified_name)
    module, base = module_of(path)
    folders = [base, *(root / part for root in roots for part in ("", "src"))]
    return Trial(
        source=code,
        path=str(path),
        module=module,
        function=definition.qualified_name,
        sys_path=tuple(dict.fromkeys(str(folder) for folder in folders if folder.is_dir())),
    )


def module_of(path: Path) -> tuple[str, Path]:
    """A file's dotted module name, and the folder to import it from: the nearest one above that is
    not a package."""
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder.name.isidentifier():
        parts.append(folder.name)
        folder = folder.parent
    return ".".join(reversed(parts)) or folder.name, folder

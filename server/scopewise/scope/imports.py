"""Imports of a file: what they bind, where a new one goes, and which one a name asks for."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tree_sitter

from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteEdit, ByteRange, line_ending


@dataclass(frozen=True)
class ImportedName:
    """One name an import statement binds."""

    bound: str
    """The name as the file uses it."""
    module: str
    """The module, with leading dots when it is relative."""
    attribute: str
    """The name inside the module; empty when the module itself is bound."""
    range: ByteRange
    """The whole statement."""
    is_top_level: bool


def imported_names(parsed: ParsedDocument) -> list[ImportedName]:
    """Every name bound by an import, in order of appearance; star imports bind "*"."""
    cursor = tree_sitter.QueryCursor(parsed.language.imports)
    names = []
    for _, captures in cursor.matches(parsed.root):
        if "import.module" in captures:
            names.append(_imported_name(parsed, captures))
    return sorted(names, key=lambda name: name.range)


def _imported_name(
    parsed: ParsedDocument, captures: dict[str, list[tree_sitter.Node]]
) -> ImportedName:
    def text(capture: str) -> str:
        nodes = captures.get(capture)
        return parsed.text(ByteRange(nodes[0].start_byte, nodes[0].end_byte)) if nodes else ""

    statement = captures["import"][0]
    module, attribute = text("import.module"), text("import.name")
    bound = text("import.alias") or attribute or module.split(".")[0]  # "*" binds as itself
    parent = statement.parent
    return ImportedName(
        bound=bound,
        module=module,
        attribute=attribute,
        range=ByteRange(statement.start_byte, statement.end_byte),
        is_top_level=parent is not None and parent.parent is None,
    )


def import_block(parsed: ParsedDocument) -> str:
    """The top-level import statements of a file, one below the other."""
    statements = _top_level_imports(parsed)
    return "\n".join(parsed.text(ByteRange(n.start_byte, n.end_byte)) for n in statements)


def add_imports(parsed: ParsedDocument, statements: Iterable[str]) -> ByteEdit | None:
    """The edit that puts import statements where the file's imports stand; None for none.

    They go below the last top-level import, else below the module's docstring and first comments.
    """
    present = set(import_block(parsed).split("\n"))
    wanted = [statement for statement in dict.fromkeys(statements) if statement not in present]
    if not wanted:
        return None
    eol = line_ending(parsed.source)
    block = eol.join(wanted)
    existing = _top_level_imports(parsed)
    if existing:
        end = _line_end(parsed, existing[-1].end_byte)
        return ByteEdit(ByteRange(end, end), eol + block)
    end = _preamble_end(parsed)
    if end == 0:
        return ByteEdit(ByteRange(0, 0), block + eol * _n_blank_lines_after(parsed, 0))
    at = _line_end(parsed, end)
    return ByteEdit(ByteRange(at, at), eol * 2 + block + ("" if at < len(parsed.source) else eol))


def _top_level_imports(parsed: ParsedDocument) -> list[tree_sitter.Node]:
    """The imports before the first definition: one far below may depend on what stands above it."""
    cursor = tree_sitter.QueryCursor(parsed.language.imports)
    found = {
        node.id: node
        for _, captures in cursor.matches(parsed.root)
        for node in captures.get("import", [])
    }
    statements = []
    for child in parsed.root.named_children:
        if child.id in found:
            statements.append(child)
        elif child.type in parsed.language.definitions or child.type in parsed.language.wrappers:
            break
    return statements


def _preamble_end(parsed: ParsedDocument) -> int:
    """The end of the comments and the docstring a module begins with; 0 when there are none."""
    end = 0
    for child in parsed.root.named_children:
        is_comment = child.type == parsed.language.comment
        inner = child.named_children
        is_docstring = len(inner) == 1 and inner[0].type == parsed.language.string
        if not (is_comment or is_docstring):
            break
        if is_comment and _is_attached(parsed, child):
            break
        end = child.end_byte
    return end


def _is_attached(parsed: ParsedDocument, comment: tree_sitter.Node) -> bool:
    """A comment right above a definition belongs to it."""
    following = comment.next_named_sibling
    if following is None or following.type == parsed.language.comment:
        return following is not None and _is_attached(parsed, following)
    is_code = following.type in parsed.language.definitions | parsed.language.wrappers
    return is_code and following.start_point.row == comment.end_point.row + 1


def _n_blank_lines_after(parsed: ParsedDocument, offset: int) -> int:
    rest = parsed.source[offset:].lstrip(b"\r\n")
    has_blank = rest != parsed.source[offset:]
    return 2 if has_blank else 3


def _line_end(parsed: ParsedDocument, offset: int) -> int:
    lines = parsed.snapshot.lines
    return lines.line_range(lines.line_of(offset)).end


# Which import a name asks for

_EXPORTERS = (
    "collections", "itertools", "functools", "typing", "dataclasses", "datetime", "decimal",
    "fractions", "enum", "pathlib", "math", "abc", "contextlib", "operator", "string", "heapq",
    "bisect", "statistics", "copy", "random", "textwrap", "collections.abc",
)  # fmt: skip
"""Modules whose exports people use by bare name; the first that has a name wins."""


def missing_import(name: str, code: str) -> str | None:
    """The statement that defines a standard-library name the way `code` uses it, if one does."""
    attributes = re.findall(rf"(?<![\w.]){re.escape(name)}\.(\w+)", code)
    if _is_public_module(name) and attributes and _has_all(_module(name), attributes):
        return f"import {name}"
    for exporter in _EXPORTERS:
        module = _module(exporter)
        if name in _exports(exporter) and _has_all(getattr(module, name, None), attributes):
            return f"from {exporter} import {name}"
    return None


def _is_public_module(name: str) -> bool:
    return name in sys.stdlib_module_names and not name.startswith("_") and name != "this"


@cache
def _module(name: str) -> object:
    return importlib.import_module(name)


@cache
def _exports(name: str) -> frozenset[str]:
    module = _module(name)
    declared = getattr(module, "__all__", None)
    return frozenset(declared or [n for n in dir(module) if not n.startswith("_")])


def _has_all(holder: object, attributes: list[str]) -> bool:
    return all(hasattr(holder, attribute) for attribute in attributes)


def module_file(module: str, importer: Path | None, roots: Iterable[Path]) -> Path | None:
    """The file of the workspace a module name means, seen from the file that imports it."""
    for base, parts in _module_places(module, importer, roots):
        place = base.joinpath(*parts)
        for candidate in (place.with_name(f"{place.name}.py"), place / "__init__.py"):
            if place.name and candidate.is_file():
                return candidate
    return None


def _module_places(
    module: str, importer: Path | None, roots: Iterable[Path]
) -> Iterator[tuple[Path, list[str]]]:
    n_dots = len(module) - len(module.lstrip("."))
    parts = [part for part in module.lstrip(".").split(".") if part]
    if n_dots:
        if importer is not None and len(importer.parents) >= n_dots:
            yield importer.parents[n_dots - 1], parts
        return
    if importer is not None:
        yield importer.parent, parts
    for root in roots:
        yield root, parts
        yield root / "src", parts

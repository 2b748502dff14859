"""Imports of a file: what they bind, where a new one goes, and which one a name asks for."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tree_sitter

from scopewise.syntax.scopes import Reference, free_references
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteEdit, ByteRange, line_ending

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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
    bound = text("import.alias") or attribute or _bound_by(parsed, module)  # "*" binds as itself
    parent = statement.parent
    return ImportedName(
        bound=bound,
        module=module,
        attribute=attribute,
        range=ByteRange(statement.start_byte, statement.end_byte),
        is_top_level=parent is not None and parent.parent is None,
    )


def _bound_by(parsed: ParsedDocument, module: str) -> str:
    """The name a whole module is bound to: `a` of `a.b` in Python, `b` of "a/b" or `a::b`."""
    if parsed.language.block == "indent":
        return module.split(".")[0]
    return re.split(r"/|::", module)[-1]


def import_block(parsed: ParsedDocument) -> str:
    """The top-level import statements of a file, one below the other."""
    return "\n".join(import_statements(parsed))


def import_statements(parsed: ParsedDocument) -> tuple[str, ...]:
    """The top-level import statements of a file, in order."""
    return tuple(parsed.text(_statement(parsed, node)) for node in _top_level_imports(parsed))


def _statement(parsed: ParsedDocument, node: tree_sitter.Node) -> ByteRange:
    """The bytes of a statement, without the line break that grammars count to a directive."""
    text = parsed.source[node.start_byte : node.end_byte]
    return ByteRange(node.start_byte, node.start_byte + len(text.rstrip()))


def add_imports(parsed: ParsedDocument, statements: Iterable[str]) -> ByteEdit | None:
    """The edit that puts import statements where the file's imports stand; None for none.

    They go below the last top-level import, else below what a file begins with: the module's
    docstring, the first comments, the clause that names the package.
    """
    present = set(import_block(parsed).split("\n"))
    wanted = [statement for statement in dict.fromkeys(statements) if statement not in present]
    if not wanted:
        return None
    eol = line_ending(parsed.source)
    block = eol.join(wanted)
    existing = _top_level_imports(parsed)
    if existing:
        last = _statement(parsed, _last_on_line(existing[-1]))
        at = _line_end(parsed, last.end)
        return ByteEdit(ByteRange(at, at), eol + block)
    end = _preamble_end(parsed)
    if end is None:
        at = len(_BYTE_ORDER_MARK) if parsed.source.startswith(_BYTE_ORDER_MARK) else 0
        return ByteEdit(ByteRange(at, at), block + eol + _gap(parsed, at, eol))
    at = _line_end(parsed, end)
    if at == len(parsed.source):
        return ByteEdit(ByteRange(at, at), eol * 2 + block + eol)
    n_break = 2 if parsed.source.startswith(b"\r\n", at) else 1
    gap = _gap(parsed, at + n_break, eol)
    return ByteEdit(ByteRange(at, at), eol * 2 + block + gap)


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
        elif parsed.holds_definition(child):
            break
    return statements


def _preamble_end(parsed: ParsedDocument) -> int | None:
    """The end of the comments and the docstring a module begins with; None without any."""
    end = None
    children = parsed.root.named_children
    packages = [child for child in children if child.type in parsed.language.preamble]
    if packages:
        return _statement(parsed, packages[-1]).end
    for child in children:
        inner = child.named_children
        if child.type in parsed.language.comments:
            if _is_attached(parsed, child) and not _must_stay_first(parsed, child):
                break
        elif len(inner) != 1 or inner[0].type not in parsed.language.strings:
            break
        end = parsed.span(child).end
    return end


def _is_attached(parsed: ParsedDocument, comment: tree_sitter.Node) -> bool:
    """A comment right above code, or above more comments that are, belongs to it."""
    above, below = comment, comment.next_named_sibling
    while below is not None and below.start_point.row <= above.end_point.row + 1:
        if below.type not in parsed.language.comments:
            return True
        above, below = below, below.next_named_sibling
    return False


def _must_stay_first(parsed: ParsedDocument, comment: tree_sitter.Node) -> bool:
    """The line that names the interpreter, and the one that names the file's encoding."""
    text = parsed.text(parsed.span(comment))
    return comment.start_point.row < 2 and bool(re.match(r"#!|#.*coding[:=]", text))


def _gap(parsed: ParsedDocument, offset: int, eol: str) -> str:
    """The blank lines a language wants below imports, unless the text at `offset` begins with
    one."""
    rest = parsed.source[offset:]
    n_lines = 2 if parsed.language.block == "indent" else 1
    return "" if not rest or rest[:1] in b"\r\n" else eol * n_lines


def _last_on_line(node: tree_sitter.Node) -> tree_sitter.Node:
    """The last statement or comment on the line a statement ends on."""
    following = node.next_named_sibling
    while following is not None and following.start_point.row == node.end_point.row:
        node, following = following, following.next_named_sibling
    return node


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
_AMBIGUOUS = frozenset({
    "Context", "Error", "compress", "concat", "contains", "count", "fill", "index", "member",
    "merge", "neg", "nonmember", "pos", "property", "replace", "sub", "time", "truth", "unique",
    "verify",
})  # fmt: skip
"""Exports whose bare names mean something else more often than not."""
_CONSTANTS = frozenset({"inf", "nan", "pi"})
_NOT_LOADED = frozenset({"antigravity", "idlelib", "this", "turtledemo"})
"""Modules that do something when they are imported."""


def missing_import(name: str, code: str) -> str | None:
    """The statement that defines a standard-library name the way `code` uses it, if one does."""
    uses = re.findall(rf"(?<![\w.]){re.escape(name)}((?:\.\w+)+)", code)
    paths = [use[1:].split(".") for use in uses]
    if paths and (modules := _modules_used(name, paths)):
        return f"import {', '.join(modules)}"
    attributes = [path[0] for path in paths]
    for exporter in _EXPORTERS:
        value = getattr(_module(exporter), name, None)
        if name in _exports(exporter) and _has_all(value, attributes):
            is_meant = bool(attributes) or _is_meant(name, code)
            return f"from {exporter} import {name}" if is_meant else None
    return None


def _is_meant(name: str, code: str) -> bool:
    """Whether code uses a name as an export: lower-case names also stand for variables."""
    if name in _AMBIGUOUS:
        return False
    called = rf"(?<![\w.]){name}\s*\(|@{name}\b|isinstance\([^()]*\b{name}\b"
    return not name.islower() or name in _CONSTANTS or bool(re.search(called, code))


def _modules_used(name: str, paths: list[list[str]]) -> list[str]:
    """The module of that name, or those below it that the dotted uses need; empty for none."""
    if name not in sys.stdlib_module_names or name.startswith("_") or name in _NOT_LOADED:
        return []
    modules = {_deepest_module(name, path) for path in paths}
    if "" in modules:
        return []
    # Importing `a.b` binds `a` too.
    return sorted(m for m in modules if not any(other.startswith(f"{m}.") for other in modules))


def _deepest_module(name: str, path: list[str]) -> str:
    """The longest part of a dotted name that is a module; empty if what follows is not in it."""
    module, *rest = name, *path
    while rest and _is_module_below(module, rest[0]):
        module = f"{module}.{rest.pop(0)}"
    holder = _module(module)
    return module if holder is not None and _has_all(holder, rest[:1]) else ""


def _is_module_below(package: str, name: str) -> bool:
    if not hasattr(_module(package), "__path__"):
        return False
    return importlib.util.find_spec(f"{package}.{name}") is not None


@cache
def _module(name: str) -> object | None:
    try:
        return importlib.import_module(name)
    except ImportError:  # Some are there on one system only.
        return None


@cache
def _exports(name: str) -> frozenset[str]:
    module = _module(name)
    declared = getattr(module, "__all__", None)
    return frozenset(declared or [n for n in dir(module) if not n.startswith("_")])


def _has_all(holder: object, attributes: list[str]) -> bool:
    return all(hasattr(holder, attribute) for attribute in attributes)


def standard_imports(parsed: ParsedDocument, span: ByteRange) -> tuple[str, ...]:
    """The statements that bring the names of the standard library which the text in `span` uses and
    the file does not bind."""
    wanted = parsed.language.standard_imports
    unbound = (r for r in free_references(parsed, span) if r.definition is None)
    used = {r.name: wanted[r.name] for r in unbound if _is_exported(parsed, r)}
    present = "\n".join(import_statements(parsed))
    missing = (statement for statement in used.values() if not _is_covered(statement, present))
    return tuple(dict.fromkeys(missing))


def _is_exported(parsed: ParsedDocument, reference: Reference) -> bool:
    """Whether an unbound name is used as the standard library's: packages stand before a dot."""
    statement = parsed.language.standard_imports.get(reference.name)
    if statement is None:
        return False
    is_package = statement.endswith(f'{reference.name}"')
    return not is_package or parsed.source.startswith(b".", reference.span.end)


def _is_covered(statement: str, present: str) -> bool:
    """Whether the imports of a file have a statement, or all names of its module."""
    module = re.split(r"\.\w+;$|::\w+;$", statement)[0]
    return statement in present or any(f"{module}{every}" in present for every in (".*", "::*"))


def module_file(module: str, importer: Path | None, roots: Iterable[Path]) -> Path | None:
    """The file of the workspace a module name means, seen from the file that imports it."""
    if "/" in module:
        return _file_at(module, importer) if importer and module.startswith(".") else None
    for base, parts in _module_places(module, importer, roots):
        place = base.joinpath(*parts)
        candidates = [place.with_name(f"{parts[-1]}.py")] if parts else []
        for candidate in (*candidates, place / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None


_SUFFIXES = (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs")


def _file_at(module: str, importer: Path) -> Path | None:
    """The file a relative path means: suffixes may be left out, or be those of compiled files."""
    place = importer.parent / module
    suffixes = (importer.suffix, *_SUFFIXES)
    named = [place, *(place.parent / f"{place.name}{suffix}" for suffix in suffixes)]
    compiled = [place.with_suffix(suffix) for suffix in suffixes if place.suffix in _SUFFIXES]
    indexes = [place / f"index{suffix}" for suffix in suffixes]
    return next((path for path in (*named, *compiled, *indexes) if path.is_file()), None)


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

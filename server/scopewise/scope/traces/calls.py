"""The functions a piece of code calls, as far as files of the workspace define them.

Code of a stack trace may be cut off in the middle of a statement, so calls are read from text,
and only what leads to a definition counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scopewise.scope.imports import imported_names, module_file
from scopewise.scope.lookup import Files, Found
from scopewise.syntax.tree import Definition, ParsedDocument

_CALL = re.compile(r"(\.?[^\W\d][\w.]*)\s*\(")
_NAME = re.compile(r"(?<![\w.])[^\W\d][\w.]*")
_MAX_HOPS = 4
"""Imports of imports that are followed: packages pass names on in `__init__.py`."""
_OF_BUILTINS = frozenset(
    name for kind in (str, bytes, list, tuple, dict, set, int, float) for name in dir(kind)
)


@dataclass(frozen=True)
class Site:
    """A place names are looked up from."""

    parsed: ParsedDocument
    definition: Definition | None = None
    """The function around the place."""

    @property
    def text(self) -> str:
        return self.parsed.text(self.definition.range) if self.definition else ""


def called_names(code: str) -> list[str]:
    """The names called, each once, in order: "f", "module.f"; ".f" for one of any other value."""
    return list(dict.fromkeys(_CALL.findall(code)))


def mentioned_names(code: str) -> list[str]:
    """All names with what they are asked for, each once, in order."""
    return list(dict.fromkeys(_NAME.findall(code)))


def called_functions(code: str, site: Site, files: Files) -> list[Found]:
    """The functions of the workspace that code calls, constructors last."""
    found = [f for name in called_names(code) if (f := function_named(name, site, files))]
    return sorted(found, key=lambda f: f[1].name == "__init__")


def function_named(name: str, site: Site, files: Files) -> Found | None:
    """The function, the method or, for a class, the constructor that a name stands for."""
    found = _meant(name, site, files) or _only_method(name, site, files)
    if found is not None and found[1].kind == "class":
        return _member(found, "__init__")
    return found


def _meant(name: str, site: Site, files: Files) -> Found | None:
    head, *rest = name.split(".")
    if not head:
        return None
    if rest and head in ("self", "cls"):
        return _own_method(rest, site)
    if rest and (found := _method_of_variable(head, rest, site, files)):
        return found
    return _qualified([head, *rest], site.parsed, files, _MAX_HOPS)


def _qualified(names: list[str], parsed: ParsedDocument, files: Files, n_hops: int) -> Found | None:
    """What a dotted name means in a file: defined there, or imported."""
    definition = parsed.find(".".join(names))
    if definition is not None:
        return parsed, definition
    for imported in imported_names(parsed) if n_hops else ():
        if imported.attribute and imported.bound in (names[0], "*"):
            first = names[0] if imported.bound == "*" else imported.attribute
            wanted = [first, *names[1:]]
            places = [(imported.module, wanted)]
            places.append((_joined(imported.module, first), wanted[1:]))
        elif not imported.attribute and imported.bound == names[0]:
            places = _module_and_rest(imported.module, names)
        else:
            continue
        for module, inside in places:
            if inside and (found := _in_module(module, inside, parsed, files, n_hops - 1)):
                return found
    return None


def _joined(module: str, name: str) -> str:
    return module + name if module.endswith(".") else f"{module}.{name}"


def _module_and_rest(module: str, names: list[str]) -> list[tuple[str, list[str]]]:
    """Where `import a.b` may lead for `a.b.f`, or `import a.b as m` for `m.f`."""
    path = module.split(".")
    if names[: len(path)] == path:
        return [(module, names[len(path) :])]
    return [(module, names[1:])]


def _in_module(
    module: str, names: list[str], parsed: ParsedDocument, files: Files, n_hops: int
) -> Found | None:
    path = module_file(module, parsed.snapshot.path, files.roots)
    there = files.parsed(path) if path else None
    return _qualified(names, there, files, n_hops) if there else None


def _own_method(names: list[str], site: Site) -> Found | None:
    definition = site.definition
    if definition is None or len(names) != 1:
        return None
    owner, _, _ = definition.qualified_name.rpartition(".")
    found = site.parsed.find(f"{owner}.{names[0]}") if owner else None
    return (site.parsed, found) if found else None


def _method_of_variable(head: str, rest: list[str], site: Site, files: Files) -> Found | None:
    """A method of what a variable was made by: `cart = Cart()`."""
    made = re.search(rf"(?<![\w.]){re.escape(head)}\s*=\s*([^\W\d][\w.]*)\s*\(", site.text)
    kind = _qualified(made[1].split("."), site.parsed, files, _MAX_HOPS) if made else None
    if kind is None or kind[1].kind != "class" or len(rest) != 1:
        return None
    return _member(kind, rest[0])


def _member(kind: Found, name: str) -> Found | None:
    parsed, definition = kind
    found = parsed.find(f"{definition.qualified_name}.{name}")
    return (parsed, found) if found else None


def _only_method(name: str, site: Site, files: Files) -> Found | None:
    """The one method of that name in the file and in those it imports from.

    What is also a method of Python's own types would be a guess.
    """
    _, dot, method = name.rpartition(".")
    if not dot or method in _OF_BUILTINS:
        return None
    found = [
        (parsed, definition)
        for parsed in _files_around(site.parsed, files)
        for definition in parsed.definitions
        if definition.name == method and definition.parent == "class"
    ]
    return found[0] if len(found) == 1 else None


def _files_around(parsed: ParsedDocument, files: Files) -> Iterator[ParsedDocument]:
    yield parsed
    here = parsed.snapshot.path
    modules = dict.fromkeys(name.module for name in imported_names(parsed))
    paths = dict.fromkeys(module_file(module, here, files.roots) for module in modules)
    for path in paths:
        there = files.parsed(path) if path and path != here else None
        if there is not None:
            yield there

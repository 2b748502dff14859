"""Names of a workspace and the definitions they lead to, as far as imports and an index tell."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scopewise.context.cutting import statement_around
from scopewise.scope.imports import ImportedName, imported_names, module_file
from scopewise.scope.lookup import Files
from scopewise.scope.tag_index import TagIndex, TagPlace
from scopewise.syntax.languages import language_for_path
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_MAX_HOPS = 4
"""Imports of imports that are followed: packages pass names on in `__init__.py`."""
_MAX_SIBLINGS = 200
_MAX_BYTES = 500_000
_MAX_PLACES = 4
_FAMILIES = (
    frozenset({"javascript", "typescript", "tsx"}),
    frozenset({"c", "cpp"}),
)
"""Languages that use each other's definitions."""
_IMPORTING = frozenset({"python", *_FAMILIES[0]})
"""Languages whose imports say which file a name comes from."""
OF_BUILTINS = frozenset(
    name for kind in (str, bytes, list, tuple, dict, set, int, float) for name in dir(kind)
)
"""Methods of Python's own types: a method of the project by that name would be a guess."""
_WORD = re.compile(r"[^\W\d]\w*")
_ASSIGNED = re.compile(
    rb"(?m)^(?:(?:export|const|let|var|default|type)\s+)*([^\W\d]\w*)\s*(?::[^=\n]+)?=(?!=)"
)


@dataclass(frozen=True)
class Meaning:
    """What a name stands for: a function, a class, or else what a statement binds it to."""

    parsed: ParsedDocument
    definition: Definition | None
    statement: ByteRange

    @property
    def kind(self) -> str:
        """`function`, `class` or `statement`."""
        return self.definition.kind if self.definition else "statement"


class Project:
    """The files around one definition; each is read once, and its own as the wish has it."""

    def __init__(
        self,
        parsed: ParsedDocument,
        definition: Definition,
        files: Files,
        index: TagIndex | None,
    ) -> None:
        self.target = parsed
        self.definition = definition
        self.index = index
        self._files = files
        self._parses: dict[Path, ParsedDocument | None] = {}
        self._imports: dict[int, list[ImportedName]] = {}
        self._real: dict[Path, Path] = {}
        self._modules: dict[tuple[str, Path | None], Path | None] = {}
        self._meanings: dict[tuple[int, tuple[str, ...]], list[Meaning]] = {}
        self._bases: dict[Path, list[Path]] = {}
        self._tops: dict[int, _Names] = {}
        self._beside: dict[Path, list[tuple[Path, bytes]]] = {}

    # Files

    @cached_property
    def roots(self) -> tuple[Path, ...]:
        return self._files.roots

    def parsed(self, path: Path) -> ParsedDocument | None:
        """The document at a path; None where there is none, or none that can be read."""
        if self.is_own_file(path):
            return self.target
        real = self.real(path)
        if real not in self._parses:
            self._parses[real] = self._files.parsed(path)
        return self._parses[real]

    def is_own_file(self, path: Path) -> bool:
        """Whether it is the file of the definition."""
        own = self.target.snapshot.path
        return own is not None and self.real(path) == self.real(own)

    def real(self, path: Path) -> Path:
        """A path without links in it."""
        if path not in self._real:
            try:
                self._real[path] = path.resolve()
            except (OSError, RuntimeError, ValueError):
                self._real[path] = path
        return self._real[path]

    def without(self, parsed: ParsedDocument) -> ByteRange | None:
        """What of a document is shown elsewhere: the definition that all is about."""
        return self.definition.range if parsed is self.target else None

    @cached_property
    def is_all_indexed(self) -> bool:
        """Whether what the index does not know is not there."""
        return self.index is not None and self.index.state.is_complete

    def imports_tell(self, parsed: ParsedDocument) -> bool:
        """Whether the imports of a file's language say which file a name comes from."""
        return parsed.language.id in _IMPORTING

    def is_related(self, path: Path, parsed: ParsedDocument) -> bool:
        """Whether code of one language can use that of the other."""
        language = language_for_path(path)
        return language is not None and family(language.id) == family(parsed.language.id)

    def siblings(self, parsed: ParsedDocument, name: str) -> Iterator[Path]:
        """The files of the same folder that mention a name."""
        here = parsed.snapshot.path
        if here is None or not name:
            return
        if here.parent not in self._beside:
            self._beside[here.parent] = list(_texts(here.parent))
        for path, text in self._beside[here.parent]:
            is_other = name.encode() in text and self.real(path) != self.real(here)
            if is_other and self.is_related(path, parsed):
                yield path

    # Names

    def imports(self, parsed: ParsedDocument) -> list[ImportedName]:
        key = id(parsed)
        if key not in self._imports:
            self._imports[key] = imported_names(parsed)
        return self._imports[key]

    def module(self, name: str, importer: ParsedDocument) -> Path | None:
        """The file of the workspace a module name means."""
        here = importer.snapshot.path
        key = (name, here.parent if here else None)
        if key not in self._modules:
            self._modules[key] = module_file(name, here, self._import_roots(here))
        return self._modules[key]

    def words_of_imports(self, parsed: ParsedDocument) -> set[str]:
        """All words in the import statements of a file."""
        texts = {parsed.text(imported.range) for imported in self.imports(parsed)}
        return {word for text in texts for word in _WORD.findall(text)}

    def meanings(self, names: Sequence[str], parsed: ParsedDocument) -> list[Meaning]:
        """What a dotted name stands for at the top of a file; in some languages, a type and the
        blocks that add to it."""
        key = id(parsed), tuple(names)
        if key not in self._meanings:
            found = self._here(names, parsed) or self._imported(names, parsed, _MAX_HOPS)
            if not found and parsed.language.id != "python":
                found = self._elsewhere(names, parsed)
            self._meanings[key] = found
        return self._meanings[key]

    def meaning(self, names: Sequence[str], parsed: ParsedDocument) -> Meaning | None:
        return next(iter(self.meanings(names, parsed)), None)

    def members(self, owner: Meaning, name: str, n_left: int = 2) -> list[Meaning]:
        """A member of a class, also one it has from a class it is made from."""
        if owner.definition is None:
            return []
        found = self._here((*owner.definition.qualified_name.split("."), name), owner.parsed)
        if found or not n_left:
            return found
        header = owner.parsed.text(owner.definition.header)
        for base in _WORD.findall(header):
            above = self.meaning((base,), owner.parsed) if base != owner.definition.name else None
            if above is not None and above.kind == "class":
                found = self.members(above, name, n_left - 1)
                if found:
                    return found
        return []

    def only_member(self, name: str, parsed: ParsedDocument) -> Meaning | None:
        """The one method of that name, in the file or else in the index."""
        methods = [d for d in parsed.definitions if d.name == name and is_method(parsed, d)]
        if methods:
            return _defined(parsed, methods[0]) if len(methods) == 1 else None
        places = [p for p in self._places(name, parsed) if p.kind in ("method", "function")]
        found = self._at(places[0]) if len(places) == 1 else None
        if found is None or found.definition is None:
            return None
        return found if is_method(found.parsed, found.definition) else None

    def n_other_definitions(self, name: str, parsed: ParsedDocument) -> int:
        """In how many other files of the language a name is defined."""
        here = parsed.snapshot.path
        places = self._places(name, parsed)
        return len({p.path for p in places if here is None or self.real(p.path) != self.real(here)})

    # Below

    def _import_roots(self, importer: Path | None) -> tuple[Path, ...]:
        """The folders that names of modules may count from: packages need not lie at the root."""
        folders = [
            folder
            for path in (importer, self.target.snapshot.path)
            for folder in self._folders_around(path.parent if path else None)
        ]
        return tuple(dict.fromkeys((*self.roots, *folders)))

    def _folders_around(self, folder: Path | None) -> list[Path]:
        """A folder and those around it up to the root, without those that are packages."""
        if folder is None or not any(folder.is_relative_to(root) for root in self.roots):
            return []
        if folder not in self._bases:
            above = self._folders_around(folder.parent) if folder.parent != folder else []
            is_package = (folder / "__init__.py").is_file()
            self._bases[folder] = above if is_package else [folder, *above]
        return self._bases[folder]

    def _here(self, names: Sequence[str], parsed: ParsedDocument) -> list[Meaning]:
        wanted = ".".join(names)
        found = self._names(parsed).defined.get(wanted, [])
        if not found and len(names) == 1 and parsed.language.block == "braces":
            # Inside a namespace, or a module.
            found = [d for d in parsed.definitions if d.name == wanted and d.kind == "class"]
        if found and parsed.language.id == "python":
            found = found[-1:]  # The last one wins at run time.
        if found:
            return [_defined(parsed, d) for d in found[:_MAX_PLACES]]
        statement = self._names(parsed).assignment(wanted) if len(names) == 1 else None
        return [Meaning(parsed, None, statement)] if statement else []

    def _names(self, parsed: ParsedDocument) -> _Names:
        return self._tops.setdefault(id(parsed), _Names(parsed))

    def _imported(self, names: Sequence[str], parsed: ParsedDocument, n_hops: int) -> list[Meaning]:
        if parsed.language.id not in _IMPORTING or not n_hops:
            return []
        for imported in self.imports(parsed):
            for module, inside in _places_of(imported, names):
                path = self.module(module, parsed) if inside else None
                there = self.parsed(path) if path else None
                if there is None or there is parsed:
                    continue
                found = self._here(inside, there) or self._imported(inside, there, n_hops - 1)
                if found:
                    return found
        return []

    def _elsewhere(self, names: Sequence[str], parsed: ParsedDocument) -> list[Meaning]:
        """By the index, or else in the files beside it, of a language whose imports do not say."""
        places = self._places(names[-1], parsed)
        paths = self._likeliest(list(dict.fromkeys(p.path for p in places)), parsed)
        found = [m for p in places if p.path in paths and (m := self._at(p))]
        if found or self.is_all_indexed:
            return found[:_MAX_PLACES]
        for path in self.siblings(parsed, names[-1]):
            there = self.parsed(path)
            here = self._here(names[-1:], there) if there else []
            if here:
                return here
        return []

    def _places(self, name: str, parsed: ParsedDocument) -> list[TagPlace]:
        if self.index is None or not name:
            return []
        return [p for p in self.index.definitions(name) if self.is_related(p.path, parsed)]

    def _likeliest(self, paths: list[Path], parsed: ParsedDocument) -> list[Path]:
        """Of several files the ones in the same folder, or that the imports name."""
        here = parsed.snapshot.path
        paths = [path for path in paths if here is None or path != here]
        beside = [path for path in paths if here is not None and path.parent == here.parent]
        named = [path for path in paths if path.stem in self.words_of_imports(parsed)]
        return (named or beside or paths)[:1] if len(paths) > 1 else paths

    def _at(self, place: TagPlace) -> Meaning | None:
        """What an entry of the index means in the file as it is now."""
        there = self.parsed(place.path)
        if there is None:
            return None
        for definition in there.definitions:
            if definition.name_range == place.span and definition.name == place.name:
                return _defined(there, definition)
        if there.text(place.span) != place.name:
            return next(iter(self._here((place.name,), there)), None)
        return Meaning(there, None, statement_around(there, place.span.start))


def family(language_id: str) -> frozenset[str]:
    """The languages that use each other's definitions."""
    own = frozenset({language_id})
    return next((languages for languages in _FAMILIES if language_id in languages), own)


def is_method(parsed: ParsedDocument, definition: Definition) -> bool:
    """Whether a function belongs to a class, also where it stands outside of its text."""
    if definition.kind != "function":
        return False
    if definition.parent == "class":
        return True
    header = parsed.text(definition.signature)
    before = header.partition(definition.name)[0]
    return before.startswith("func (") or before.rstrip().endswith("::")


def _texts(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The files of a folder in a language we parse; only to see whether a name occurs in them."""
    try:
        entries = sorted((e for e in os.scandir(folder) if e.is_file()), key=lambda e: e.name)
    except OSError:
        return
    sources = (Path(entry.path) for entry in entries)
    known = (path for path in sources if language_for_path(path) is not None)
    for path in itertools.islice(known, _MAX_SIBLINGS):
        with contextlib.suppress(OSError), path.open("rb") as file:
            yield path, file.read(_MAX_BYTES)


def _defined(parsed: ParsedDocument, definition: Definition) -> Meaning:
    return Meaning(parsed, definition, definition.range)


@dataclass(frozen=True)
class _Names:
    """The names at the top of a file."""

    parsed: ParsedDocument

    @cached_property
    def defined(self) -> dict[str, list[Definition]]:
        """By qualified name."""
        found: dict[str, list[Definition]] = {}
        for definition in self.parsed.definitions:
            found.setdefault(definition.qualified_name, []).append(definition)
        return found

    @cached_property
    def _assigned(self) -> dict[str, int]:
        """Where names seem to be given their values, the first time."""
        found: dict[str, int] = {}
        for match in _ASSIGNED.finditer(self.parsed.source):
            found.setdefault(match[1].decode("utf-8", errors="replace"), match.start(1))
        return found

    def assignment(self, name: str) -> ByteRange | None:
        """The statement that gives a name its value."""
        at = self._assigned.get(name)
        node = self.parsed.root.descendant_for_byte_range(at, at + 1) if at is not None else None
        if at is None or node is None or "identifier" not in node.type:
            return None
        return statement_around(self.parsed, at)


def _places_of(imported: ImportedName, names: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The modules a dotted name may lead to by an import, and what it is called in there."""
    if imported.attribute and imported.bound in (names[0], "*"):
        first = names[0] if imported.bound == "*" else imported.attribute
        yield imported.module, [first, *names[1:]]
        joint = "" if imported.module.endswith((".", "/")) else "."
        yield f"{imported.module}{joint}{first}", list(names[1:])
    elif not imported.attribute and "/" in imported.module and imported.bound == names[0]:
        # A whole module, or its default export, which mostly has the same name in there.
        yield imported.module, list(names[1:])
        yield imported.module, list(names)
    elif not imported.attribute and imported.bound == names[0]:
        path = imported.module.split(".")
        if list(names[: len(path)]) == path:
            yield imported.module, list(names[len(path) :])
        yield imported.module, list(names[1:])

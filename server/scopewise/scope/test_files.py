"""Which of the project's tests reach a function, told by names and imports alone.

This is a guess in both directions: a test may reach a function through other code and not be
found, and a found one may not call the function. Only a run tells.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from scopewise.scope.imports import ImportedName, imported_names, module_file
from scopewise.scope.lookup import Files
from scopewise.scope.search import find_function, mentions, source_files
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_MAX_TESTS = 40
_MAX_REEXPORTS = 4
_PATTERNS = ("test_*.py", "*_test.py")
_DUNDER = re.compile(r"__\w+__")
_SET_UP = re.compile(r"(?:set_?up|async_?set_?up)(?:_?(?:class|module|method|function))?", re.I)


@dataclass(frozen=True)
class TestTarget:
    """Tests of one file."""

    __test__ = False  # pytest takes every class called Test for one of tests.

    path: Path
    names: tuple[str, ...] = ()
    """Qualified: `TestCart.test_total`. A class stands for its tests; no name at all for all
    tests of the file."""


def is_test_file(name: str) -> bool:
    """Whether pytest looks for tests in a file of that name."""
    return any(fnmatch(name, pattern) for pattern in _PATTERNS)


def tests_reaching(
    parsed: ParsedDocument, definition: Definition, files: Files
) -> tuple[TestTarget, ...]:
    """The tests that seem to call a function or class, those that name it themselves first.

    Of these the ones in the file called after the module come before the others.
    """
    subject = _Subject.of(parsed, definition)
    if subject is None:
        return ()
    found = [test for there in _candidates(subject, files) for test in _tests(there, subject)]
    found.sort(key=lambda test: test.rank)
    return _by_file(found[:_MAX_TESTS])


@dataclass(frozen=True)
class _Subject:
    """What tests can name: nothing inside a function is seen from without."""

    path: Path
    top: str
    """The name the module has it by: the function's, or that of the method's class."""
    member: str
    """The method's name; empty for a function, a class, and methods that operators call."""
    qualified_name: str

    @classmethod
    def of(cls, parsed: ParsedDocument, definition: Definition) -> _Subject | None:
        if parsed.snapshot.path is None:
            return None
        outer = _outermost_function(parsed, definition)
        top, *members = outer.qualified_name.split(".")
        member = members[-1] if members and not _DUNDER.fullmatch(members[-1]) else ""
        return cls(parsed.snapshot.path.resolve(), top, member, outer.qualified_name)

    @property
    def spoken_name(self) -> str:
        return self.member or self.top


def _outermost_function(parsed: ParsedDocument, definition: Definition) -> Definition:
    around = [d for d in parsed.definitions if d.range.contains(definition.range)]
    return next((d for d in around if d.kind == "function"), definition)


@dataclass(frozen=True)
class _TestFile:
    """A file of tests that can reach the subject, and what it calls the subject."""

    parsed: ParsedDocument
    path: Path
    aliases: frozenset[str]


@dataclass(frozen=True)
class _Test:
    path: Path
    name: str
    rank: int


def _candidates(subject: _Subject, files: Files) -> Iterator[_TestFile]:
    is_unique: bool | None = None
    for path in source_files(files.roots, is_test_file):
        if not mentions(path, subject.spoken_name):
            continue
        parsed = files.parsed(path)
        if parsed is None:
            continue
        aliases = _aliases(parsed, subject, files)
        if not aliases and _offsets(parsed, subject.top):
            # No import leads here: a fixture hands it over, or the import is made in a helper.
            is_unique = _is_unique(subject, files) if is_unique is None else is_unique
            aliases = {subject.top} if is_unique else set()
        if aliases:
            yield _TestFile(parsed, path, frozenset(aliases))


def _aliases(parsed: ParsedDocument, subject: _Subject, files: Files) -> set[str]:
    """The names a file has the subject by; the subject's own where it has the module."""
    if parsed.snapshot.path is not None and parsed.snapshot.path.resolve() == subject.path:
        return {subject.top}
    aliases = set()
    for imported in imported_names(parsed):
        if _brings_module(imported, parsed, subject, files):
            aliases.add(subject.top)
        elif imported.attribute in (subject.top, "*") and _leads_to(
            imported, parsed, subject, files
        ):
            aliases.add(subject.top if imported.bound == "*" else imported.bound)
    return aliases


def _brings_module(
    imported: ImportedName, importer: ParsedDocument, subject: _Subject, files: Files
) -> bool:
    """`import shop.cart`, `from shop import cart`, and `import shop`, which may load the others."""
    module = imported.module
    if imported.attribute == "*":
        return False
    if imported.attribute:
        module = f"{module}{'' if module.endswith('.') else '.'}{imported.attribute}"
    path = _module_path(module, importer, files)
    if path is None:
        return False
    is_package_around = path.name == "__init__.py" and subject.path.is_relative_to(path.parent)
    return path == subject.path or (is_package_around and not imported.attribute)


def _leads_to(
    imported: ImportedName,
    importer: ParsedDocument,
    subject: _Subject,
    files: Files,
    n_left: int = _MAX_REEXPORTS,
) -> bool:
    """Whether an import of a name ends at the subject, be it through other modules."""
    path = _module_path(imported.module, importer, files)
    if path == subject.path:
        return True
    there = files.parsed(path) if path is not None and n_left else None
    if there is None or there.find(subject.top) is not None:
        return False
    return any(
        _leads_to(further, there, subject, files, n_left - 1)
        for further in imported_names(there)
        if further.bound in (subject.top, "*") and further.attribute in (subject.top, "*")
    )


def _module_path(module: str, importer: ParsedDocument, files: Files) -> Path | None:
    path = module_file(module, importer.snapshot.path, files.roots)
    return path.resolve() if path else None


def _is_unique(subject: _Subject, files: Files) -> bool:
    found = find_function(subject.spoken_name, files)
    if found is None or found[0].snapshot.path is None:
        return False
    is_same_name = found[1].qualified_name == subject.qualified_name
    return is_same_name and found[0].snapshot.path.resolve() == subject.path


def _tests(there: _TestFile, subject: _Subject) -> Iterator[_Test]:
    """The tests of a file that name the subject, or use something of the file that does."""
    direct = {subject.member} if subject.member else set(there.aliases)
    helpers = _helpers_naming(there.parsed, direct)
    indirect = {helper.name for helper in helpers}
    scopes = [_scope(helper) for helper in helpers if _runs_by_itself(helper, there.parsed)]
    stem = subject.path.stem
    is_named_after = there.path.stem in (f"test_{stem}", f"{stem}_test")
    for definition in there.parsed.definitions:
        if not _is_test(definition):
            continue
        if _names_any(there.parsed, definition.range, direct):
            yield _Test(there.path, definition.qualified_name, 0 if is_named_after else 1)
        elif any(definition.qualified_name.startswith(scope) for scope in scopes) or _names_any(
            there.parsed, definition.range, indirect
        ):
            yield _Test(there.path, definition.qualified_name, 2 if is_named_after else 3)


def _helpers_naming(parsed: ParsedDocument, names: Iterable[str]) -> list[Definition]:
    """Definitions besides tests that name one of these, or a helper that does."""
    known = set(names)
    found: list[Definition] = []
    waiting = [d for d in parsed.definitions if _is_helper(d)]
    while new := [d for d in waiting if _names_any(parsed, d.range, known)]:
        found += new
        known |= {helper.name for helper in new}
        waiting = [d for d in waiting if d not in new]
    return found


def _is_test(definition: Definition) -> bool:
    is_inside = definition.parent == "function"
    return definition.kind == "function" and definition.name.startswith("test") and not is_inside


def _is_helper(definition: Definition) -> bool:
    """A fixture, a function or a class that tests use; a class of tests is none."""
    if definition.kind == "class":
        return "Test" not in definition.name
    return definition.parent != "function" and not definition.name.startswith("test")


def _runs_by_itself(helper: Definition, parsed: ParsedDocument) -> bool:
    """Whether it runs before every test around it: `setUp`, or a fixture said to."""
    return bool(_SET_UP.fullmatch(helper.name)) or "autouse=True" in parsed.text(helper.header)


def _scope(helper: Definition) -> str:
    """What the names of the tests begin with that are set up by it."""
    return helper.qualified_name[: -len(helper.name)]


def _names_any(parsed: ParsedDocument, place: ByteRange, names: Iterable[str]) -> bool:
    for name in names:
        offsets = _offsets(parsed, name)
        n = bisect.bisect_left(offsets, place.start)
        if n < len(offsets) and offsets[n] < place.end:
            return True
    return False


def _offsets(parsed: ParsedDocument, name: str) -> list[int]:
    """Where a name stands as a whole token, comments left out.

    The text of a string that is nothing but the name counts: names are patched and looked up so.
    """
    word = re.compile(rb"(?<!\w)" + re.escape(name.encode()) + rb"(?!\w)")
    spans = [match.span() for match in word.finditer(parsed.source)]
    return [start for start, end in spans if _is_token(parsed, start, end)]


def _is_token(parsed: ParsedDocument, start: int, end: int) -> bool:
    node = parsed.root.descendant_for_byte_range(start, end)
    return node is not None and (node.start_byte, node.end_byte) == (start, end)


def _by_file(tests: Iterable[_Test]) -> tuple[TestTarget, ...]:
    names: dict[Path, list[str]] = {}
    for test in tests:
        names.setdefault(test.path, []).append(test.name)
    return tuple(TestTarget(path, tuple(dict.fromkeys(own))) for path, own in names.items())

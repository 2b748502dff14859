"""Who calls a definition: found by name, believed when the code there can mean it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import tree_sitter

from scopewise.context.candidate import Candidate
from scopewise.context.cutting import (
    MANY_LINES,
    around,
    n_lines,
    statement,
    statement_around,
    whole,
)
from scopewise.context.project import Project, is_method
from scopewise.scope.search import mentions, source_files
from scopewise.scope.signature import read_signature
from scopewise.scope.traces.localise import spots
from scopewise.scope.traces.stack import Trace, by_interest
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_MAX_FILES = 14
_MAX_TEST_FILES = 5
_MAX_OF_OWN_FILE = 3
_MAX_OF_A_FILE = 2
_OF_BUILTINS = frozenset(
    name for kind in (str, bytes, list, tuple, dict, set, int, float) for name in dir(kind)
)
_SELF = frozenset({"self", "cls", "this", "Self", "super"})
_TEST_PATH = re.compile(
    r"(?:^|/)(?:tests?|__tests__|spec|specs)/|(?:^|/)test_[^/]*$|(?:^|/)conftest\.py$"
    r"|(?:[_.](?:test|tests|spec)|Tests?|Spec)\.\w+$"
)
_BEFORE = re.compile(
    r"((?:[^\W\d]\w*\s*(?:\(\s*\))?\s*(?:\?\.|\.|->|::)\s*)+|(?:\?\.|\.|->|::)\s*)$"
)
_CALLED = re.compile(rb"\s*(?:\?\.)?\s*(?:(?:::)?<[^;{}()]{0,80}>)?\s*\(")
_NOT_USES = ("_declaration", "_definition", "_item", "_spec", "_signature", "_elem", "_declarator")
_UNNAMED = re.compile(r"__\w+__")


@dataclass(frozen=True)
class Call:
    """A place that uses the definition."""

    parsed: ParsedDocument
    offset: int
    is_call: bool
    """False where the definition is handed over as a value."""

    @property
    def function(self) -> Definition | None:
        """The function around it that is not inside of another, unless that one is long."""
        at = ByteRange(self.offset, self.offset)
        inside = [d for d in self.parsed.definitions_around(at) if d.kind == "function"]
        inside = [d for d in inside if d.range.contains(at)]
        if not inside:
            return None
        is_short = n_lines(self.parsed, inside[-1]) <= MANY_LINES
        return inside[-1] if is_short else inside[0]


@dataclass(frozen=True)
class Callers:
    """The functions that call the definition a project is asked about."""

    project: Project

    @cached_property
    def of_code(self) -> Iterator[Candidate]:
        """The nearest first, tests left out."""
        return self._candidates(self._paths(is_test=False), "caller")

    @cached_property
    def of_tests(self) -> list[Candidate]:
        """Tests, the nearest first."""
        return list(self._candidates(self._paths(is_test=True), "test"))

    def on_stack(self, trace: Trace) -> Iterator[Candidate]:
        """The functions of a trace outside of tests, the innermost first."""
        for part in by_interest(trace):
            for spot in reversed(spots(part, self.project)):
                is_code = spot.definition is not None and spot.line is not None
                if is_code and not spot.is_test and spot.line is not None:
                    at = spot.parsed.snapshot.lines.line_range(spot.line).end
                    calls = [Call(spot.parsed, at, True)]
                    yield from self._shown(calls, "caller")

    # Below: which files

    def _paths(self, *, is_test: bool) -> list[Path]:
        paths = self._known() if self.project.index else self._seen(is_test=is_test)
        here = self.project.target.snapshot.path
        chosen = [
            path
            for path in dict.fromkeys(paths)
            if (path != here and self.is_test(path) is is_test)
            and self.project.is_related(path, self.project.target)
        ]
        limit = _MAX_TEST_FILES if is_test else _MAX_FILES
        chosen = sorted(chosen, key=lambda path: self._rank(path))[:limit]
        if here is None:
            return [Path(), *chosen] if not is_test else chosen
        # Tests may stand beside what they test.
        return [here, *sorted(chosen, key=self._distance)]

    def _known(self) -> list[Path]:
        """By the index."""
        index = self.project.index
        if index is None:
            return []
        return [place.path for name in self._names for place in index.references(name)]

    def _seen(self, *, is_test: bool) -> Iterator[Path]:
        """Without an index: what lies beside the file, and where tests use to be."""
        for name in self._names:
            yield from self.project.siblings(self.project.target, name)
            if is_test:
                for path in source_files(self.project.roots, self._is_test_name):
                    if mentions(path, name):
                        yield path

    @cached_property
    def _importing(self) -> frozenset[Path]:
        """The files that import the definition, or its module, by name."""
        index, path = self.project.index, self.project.target.snapshot.path
        if index is None or path is None:
            return frozenset()
        names = {self._outermost, path.stem, path.parent.name}
        places = [place for name in sorted(names) for place in index.references(name)]
        return frozenset(place.path for place in places if place.kind == "import")

    def _rank(self, path: Path) -> tuple[bool, bool, int, str]:
        stem = self.project.target.snapshot.path.stem if self.project.target.snapshot.path else ""
        is_named_after = path.stem.casefold() in (f"test_{stem}".casefold(), f"{stem}_test")
        return not is_named_after, path not in self._importing, *self._distance(path)

    def _distance(self, path: Path) -> tuple[int, str]:
        """How many folders lie between a file and the definition's."""
        here = self.project.target.snapshot.path
        if here is None:
            return 0, str(path)
        ours, theirs = here.parent.parts, path.parent.parts
        same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(ours, theirs, strict=False))
        return len(ours) + len(theirs) - 2 * len(list(same)), str(path)

    def is_test(self, path: Path) -> bool:
        """Whether a file holds tests, by its name and its folders below the root."""
        return self._is_test_name(self._below_root(path))

    def _is_test_name(self, name: str) -> bool:
        return _TEST_PATH.search(name) is not None

    def _below_root(self, path: Path) -> str:
        for root in self.project.roots:
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return path.name

    # Below: which places in a file

    def _candidates(self, paths: Iterable[Path], kind: str) -> Iterator[Candidate]:
        here = self.project.target.snapshot.path
        for path in paths:
            is_own = path in (here, Path())
            parsed = self.project.target if is_own else self.project.parsed(path)
            if parsed is None:
                continue
            limit = _MAX_OF_OWN_FILE if is_own else _MAX_OF_A_FILE
            calls = [c for c in self._calls(parsed) if self._is_in_test(c) is (kind == "test")]
            yield from itertools.islice(self._shown(calls, kind), limit)

    def _is_in_test(self, call: Call) -> bool:
        """Tests may stand in the very file they test, in a module of their own."""
        path = call.parsed.snapshot.path
        if path is not None and self.is_test(path):
            return True
        at = ByteRange(call.offset, call.offset)
        return any(
            d.kind == "class" and d.name in ("tests", "test")
            for d in call.parsed.definitions_around(at)
        )

    def _shown(self, calls: Sequence[Call], kind: str) -> Iterator[Candidate]:
        """The functions of a file around some calls, each once."""
        by_function: dict[ByteRange, tuple[Definition | None, list[Call]]] = {}
        for call in calls:
            function = call.function
            span = function.range if function else statement_around(call.parsed, call.offset)
            by_function.setdefault(span, (function, []))[1].append(call)
        for span, (function, inside) in by_function.items():
            if not self._is_own(inside[0].parsed, span):
                yield _candidate(self.project, kind, function, span, inside)

    def _is_own(self, parsed: ParsedDocument, span: ByteRange) -> bool:
        without = self.project.without(parsed)
        return without is not None and without.contains(span)

    def _calls(self, parsed: ParsedDocument) -> list[Call]:
        """The uses in a file; those that hand the definition over only where it is not called."""
        found = [call for name in self._names_in(parsed) for call in self._named(parsed, name)]
        found = sorted(found, key=lambda call: call.offset)
        return [call for call in found if call.is_call] or found

    def _names_in(self, parsed: ParsedDocument) -> list[str]:
        """What a file calls the definition: its name, and those it is imported by."""
        names = list(self._names)
        for imported in self.project.imports(parsed):
            is_renamed = imported.attribute in names and imported.bound not in (*names, "*")
            if is_renamed and imported.bound:
                names.append(imported.bound)
        return names

    def _named(self, parsed: ParsedDocument, name: str) -> Iterator[Call]:
        source = parsed.source
        for match in re.finditer(rb"(?<!\w)" + re.escape(name.encode()) + rb"(?!\w)", source):
            leaf = parsed.root.descendant_for_byte_range(*match.span())
            if leaf is None or not self._is_use(parsed, leaf, match.span()):
                continue
            is_call = _is_called(parsed, leaf) or self._is_property
            if is_call or self._counts_uncalled:
                call = Call(parsed, match.start(), is_call)
                if self._can_mean_it(call, _chain(parsed, match.start()), name):
                    yield call

    def _is_use(
        self, parsed: ParsedDocument, leaf: tree_sitter.Node, span: tuple[int, int]
    ) -> bool:
        if (leaf.start_byte, leaf.end_byte) != span or not _is_identifier(leaf):
            return False
        above = leaf.parent
        if above is not None and above.type.endswith(_NOT_USES) and _names_it(above, leaf):
            return False
        at = ByteRange(*span)
        return not any(imported.range.contains(at) for imported in self.project.imports(parsed))

    # Below: whether a place can mean the definition

    def _can_mean_it(self, call: Call, chain: list[str], name: str) -> bool:
        if self._is_member:
            return self._can_mean_member(call, chain)
        own = self.project
        if call.parsed is own.target:
            return not chain or chain[-1] in (*_SELF, *self._scopes)
        if call.parsed.language.id == "python" or (self._is_module and own.imports(call.parsed)):
            return own.is_target(own.meaning((*chain, name), call.parsed)) or (
                bool(chain) and own.is_target(own.meaning((chain[-1], name), call.parsed))
            )
        return self._is_likely(call.parsed)

    def _can_mean_member(self, call: Call, chain: list[str]) -> bool:
        own, owner = self.project, self._owner_name
        is_here = call.parsed is own.target
        if not chain:
            # Some languages leave the object out within the class.
            return is_here and call.parsed.language.block == "braces"
        if chain[-1] in _SELF:
            return self._is_called_by_kin(call)
        if chain[-1] == owner:
            return True
        word = re.compile(rb"(?<!\w)" + re.escape(owner.encode()) + rb"(?!\w)")
        if owner and (is_here or word.search(call.parsed.source)):
            return True
        return self._is_unique

    def _is_called_by_kin(self, call: Call) -> bool:
        """Whether it is a method of the class itself, or of one made from it, that calls."""
        at = ByteRange(call.offset, call.offset)
        around = [d for d in call.parsed.definitions_around(at) if d.kind == "class"]
        headers = [call.parsed.text(d.header) for d in around[:1]]
        return any(re.search(rf"(?<!\w){re.escape(self._owner_name)}(?!\w)", h) for h in headers)

    def _is_likely(self, parsed: ParsedDocument) -> bool:
        """In a language whose imports do not lead to files."""
        own, here, there = self.project, self.project.target.snapshot.path, parsed.snapshot.path
        if here is None or there is None:
            return False
        if any(d.name == self._names[0] and not d.parent for d in parsed.definitions):
            return False
        is_near = here.parent == there.parent
        imported = " ".join(parsed.text(imp.range) for imp in own.imports(parsed))
        is_named = re.search(
            rf"(?<!\w)(?:{re.escape(here.stem)}|{re.escape(here.parent.name)})(?!\w)", imported
        )
        return is_near or bool(is_named) or own.n_other_definitions(self._names[0], parsed) == 0

    # Below: what is known of the definition

    @cached_property
    def _is_member(self) -> bool:
        is_constructor = self._names[:1] != [self.project.definition.name]
        owner = self._owner
        is_of_namespace = owner is not None and _is_namespace(self.project.target, owner)
        return (
            is_method(self.project.target, self.project.definition)
            and not is_constructor
            and not is_of_namespace
        )

    @cached_property
    def _is_module(self) -> bool:
        return self.project.target.language.id in ("javascript", "typescript", "tsx")

    @cached_property
    def _is_property(self) -> bool:
        definition = self.project.definition
        if definition.kind != "function":
            return True
        decorators = read_signature(self.project.target, definition).decorators
        return any(name.rpartition(".")[2].endswith("property") for name in decorators)

    @property
    def _counts_uncalled(self) -> bool:
        return not self._is_member

    @cached_property
    def _is_unique(self) -> bool:
        name = self._names[0]
        is_builtin = name in _OF_BUILTINS
        others = self.project.n_other_definitions(name, self.project.target)
        own = [d for d in self.project.target.definitions if d.name == name]
        return not is_builtin and not others and len({d.qualified_name for d in own}) == 1

    @cached_property
    def _owner(self) -> Definition | None:
        owner = self.project.target.owner(self.project.definition)
        return owner if owner is not None and owner.kind == "class" else None

    @cached_property
    def _owner_name(self) -> str:
        """The class a method belongs to, also where it stands outside of its text."""
        if self._owner is not None:
            return self._owner.name
        header = self.project.target.text(self.project.definition.signature)
        before = header.partition(self.project.definition.name)[0]
        words = re.findall(r"[^\W\d]\w*", before)
        return words[-1] if words else ""

    @cached_property
    def _scopes(self) -> tuple[str, ...]:
        """The names of what is around the definition."""
        return tuple(self.project.definition.qualified_name.split(".")[:-1])

    @cached_property
    def _outermost(self) -> str:
        return self.project.definition.qualified_name.split(".")[0]

    @cached_property
    def _names(self) -> list[str]:
        """What calls say: of a constructor the name of its class, of an operator nothing."""
        name = self.project.definition.name
        if name in ("__init__", "__new__", "__post_init__", "constructor"):
            return [self._owner_name] if self._owner_name else []
        is_inside_function = self.project.definition.parent == "function"
        return [] if _UNNAMED.fullmatch(name) or is_inside_function else [name]


def _candidate(
    project: Project, kind: str, function: Definition | None, span: ByteRange, calls: list[Call]
) -> Candidate:
    parsed = calls[0].parsed
    without = project.without(parsed)
    if function is None:
        name = f"{kind} at the top of `{parsed.snapshot.name}`"
        return Candidate(name, parsed, (partial(statement, parsed, span, without),))
    offsets = tuple(call.offset for call in calls)
    near = partial(around, parsed, function, offsets, without)
    nearest = partial(around, parsed, function, offsets[:1], without)
    forms = [partial(whole, parsed, function, without), near, nearest]
    forms = forms[1:] if n_lines(parsed, function) > MANY_LINES else forms
    return Candidate(f"{kind} `{function.qualified_name}`", parsed, tuple(forms))


def _chain(parsed: ParsedDocument, offset: int) -> list[str]:
    """What stands before a name with dots between; an empty name for any other value."""
    before = parsed.source[max(0, offset - 200) : offset].decode("utf-8", errors="replace")
    match = _BEFORE.search(before)
    if match is None:
        return []
    return re.findall(r"[^\W\d]\w*", match[0]) or [""]


def _is_identifier(leaf: tree_sitter.Node) -> bool:
    return "identifier" in leaf.type or leaf.type == "word"


def _is_called(parsed: ParsedDocument, leaf: tree_sitter.Node) -> bool:
    above = leaf.parent
    if above is not None and (above.type == "command_name" or above.type.startswith("jsx_")):
        return True
    return _CALLED.match(parsed.source, leaf.end_byte) is not None


def _names_it(above: tree_sitter.Node, leaf: tree_sitter.Node) -> bool:
    """Whether a node defines or declares the name, rather than holding a use of it."""
    fields = [above.child_by_field_name(field) for field in ("name", "declarator")]
    return any(node is not None and node.id == leaf.id for node in fields)


def _is_namespace(parsed: ParsedDocument, owner: Definition) -> bool:
    return bool(
        re.match(
            r"\s*(?:export\s+)?(?:pub\s+)?(?:mod|namespace|module)\b", parsed.text(owner.signature)
        )
    )

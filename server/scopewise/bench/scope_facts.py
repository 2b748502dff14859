"""Names found in existing code, compared with the names people listed for it.

Every disagreement becomes a case. Where a plain reading of the code by `ast`, which shares nothing
with the analysis, shows that the list is wrong or cannot be followed from one file, the case
carries that reason and counts in the raw figures only.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from scopewise.bench.scope_reading import Code, read_code
from scopewise.bench.scope_rows import KINDS, PlacedRow, ScopeRow
from scopewise.scope.report import Binding, Origin

_KIND_OF = {
    Origin.CLASS_MEMBER: "intra_class",
    Origin.FILE: "intra_file",
    Origin.ENCLOSING: "intra_file",
    Origin.PROJECT: "cross_file",
}
_LEVELS = ("standalone", *KINDS)

Name = tuple[str, str]
"""Kind and dotted name."""


class Reason(enum.StrEnum):
    """Why a disagreement may not be held against the analysis."""

    NOT_WRITTEN = "the listed name is not written in the code"
    TYPE_ELSEWHERE = "an attribute of a value whose class is in a file that the data lacks"
    NO_DEFINITION = "the listed name is no definition: an attribute of what a function returns"
    OTHER_KIND = "the listed name is not of the kind it is listed as"
    UNLISTED = "a name that the code uses and binds so is not listed"
    UNLISTED_ANNOTATION = "a name that only an annotation uses is not listed"
    UNLISTED_INNER = "a name that only an inner function or comprehension uses is not listed"
    NONE = ""


@dataclass(frozen=True)
class Case:
    """One name on which data and analysis disagree."""

    id: str
    is_missed: bool
    """Listed and not found; otherwise found and not listed."""
    kind: str
    name: str
    reason: Reason


@dataclass(frozen=True)
class Comparison:
    """A row, the names both agree on, and the others."""

    row: ScopeRow
    agreed: tuple[Name, ...]
    cases: tuple[Case, ...]
    found_level: str
    """In the words of the set."""
    excused_level: str
    """What the label would be after the cases with a reason."""


def compare(placed: PlacedRow, bindings: Sequence[Binding]) -> Comparison:
    """How what was found differs from what is listed."""
    row = placed.row
    judge = _Judge(read_code(row.text, row.name, row.line), _module(placed), row.names)
    found = {name for name in _found(row, bindings) if not judge.is_own_class(name)}
    agreed = {name for name in row.names if _is_among(name, found)}
    missed = sorted(row.names - agreed)
    extra = sorted(
        name for name in found if not _is_among(name, row.names) and not judge.is_holder(name)
    )
    cases = (
        *(Case(row.id, True, *name, judge.why_missed(name)) for name in missed),
        *(Case(row.id, False, *name, judge.why_extra(name)) for name in extra),
    )
    return Comparison(row, tuple(sorted(agreed)), cases, _level(found), _excused(row, cases))


@dataclass(frozen=True)
class Figures:
    """Recall and precision, of one kind of names or of all."""

    n_agreed: int
    n_missed: int
    n_extra: int

    @property
    def recall(self) -> float:
        return _share(self.n_agreed, self.n_agreed + self.n_missed)

    @property
    def precision(self) -> float:
        return _share(self.n_agreed, self.n_agreed + self.n_extra)


def figures(comparisons: Iterable[Comparison], kind: str = "", *, is_raw: bool) -> Figures:
    """The figures of a kind, of all kinds when empty; the raw ones count every case."""
    counts: Counter[str] = Counter()
    for comparison in comparisons:
        counts["agreed"] += sum(1 for name in comparison.agreed if kind in ("", name[0]))
        for case in comparison.cases:
            if kind in ("", case.kind) and (is_raw or case.reason is Reason.NONE):
                counts["missed" if case.is_missed else "extra"] += 1
    return Figures(counts["agreed"], counts["missed"], counts["extra"])


def level_accuracy(comparisons: Sequence[Comparison], *, is_raw: bool) -> float:
    """How often the level is the one the set says, or ought to say."""
    right = sum(c.found_level == (c.row.label if is_raw else c.excused_level) for c in comparisons)
    return _share(right, len(comparisons))


# Below


@dataclass(frozen=True)
class _Judge:
    """Looks for what speaks against the list."""

    code: Code
    module: str
    listed: frozenset[Name]

    def is_own_class(self, name: Name) -> bool:
        """The class around the function: the set never lists it."""
        return bool(self.code.owner) and name[1] == f"{self.module}.{self.code.owner}"

    def is_holder(self, name: Name) -> bool:
        """What a listed name is reached through: its module, its class."""
        return any(other.startswith(f"{name[1]}.") for _, other in self.listed)

    def why_missed(self, name: Name) -> Reason:
        kind, dotted = name
        parts = dotted.split(".")
        code, last = self.code, parts[-1]
        if last not in code.names and last not in code.holders:
            return Reason.NOT_WRITTEN
        is_here = dotted.startswith(f"{self.module}.")
        if kind != "cross_file" and not is_here:
            return Reason.OTHER_KIND
        if kind == "intra_class" and parts[-2] != code.owner:
            return Reason.OTHER_KIND
        if is_here and parts[-2] in code.functions:
            return Reason.NO_DEFINITION
        if kind == "cross_file" and self._is_of_value(last):
            return Reason.TYPE_ELSEWHERE
        return Reason.NONE

    def why_extra(self, name: Name) -> Reason:
        kind, dotted = name
        last = dotted.rpartition(".")[2]
        if kind == "intra_class":
            return Reason.UNLISTED if self._is_member(last) else Reason.NONE
        if kind == "intra_file":
            is_bound = last in self.code.module_names and dotted == f"{self.module}.{last}"
            return self._use_of(last) if is_bound else Reason.NONE
        return self._imported_use(last)

    def _is_of_value(self, attribute: str) -> bool:
        """Whether it is taken of values alone, not of the object itself or what is imported."""
        holders = self.code.holders.get(attribute, set())
        local = self.code.local_names - {self.code.receiver}
        return attribute not in self.code.names and holders <= local | {""}

    def _is_member(self, attribute: str) -> bool:
        members = self.code.classes.get(self.code.owner, set())
        is_own = self.code.receiver in self.code.holders.get(attribute, set())
        return is_own and (attribute in members or "__getattr__" in members)

    def _use_of(self, name: str) -> Reason:
        if name in self.code.outer_names:
            return Reason.UNLISTED
        if name in self.code.inner_names:
            return Reason.UNLISTED_INNER
        return Reason.UNLISTED_ANNOTATION if name in self.code.names else Reason.NONE

    def _imported_use(self, last: str) -> Reason:
        """The use of a name imported from the project, or of an attribute of one."""
        for bound, dotted in self.code.imported_names.items():
            is_ours = dotted.startswith(".") or dotted.split(".")[0] == self.module.split(".")[0]
            is_it = dotted.rpartition(".")[2] == last or bound in self.code.holders.get(last, ())
            if is_ours and is_it and self._use_of(bound) is not Reason.NONE:
                return self._use_of(bound)
        return Reason.NONE


def _found(row: ScopeRow, bindings: Sequence[Binding]) -> set[Name]:
    """What the signature and the body use; the set says nothing of decorators."""
    return {
        (_KIND_OF[binding.origin], binding.definition or binding.name)
        for binding in bindings
        if binding.origin in _KIND_OF and binding.line >= row.line
    }


def _is_among(name: Name, others: Iterable[Name]) -> bool:
    """Whether a name is among others; from one file it cannot be told in which file of a package,
    or in which base class elsewhere, a name is defined."""
    kind, dotted = name
    last = dotted.rpartition(".")[2]
    return any(
        name == other or (kind == other[0] == "cross_file" and last == other[1].rpartition(".")[2])
        for other in others
    )


def _excused(row: ScopeRow, cases: Iterable[Case]) -> str:
    names = set(row.names)
    for case in cases:
        if case.reason is not Reason.NONE:
            name = (case.kind, case.name)
            names = names - {name} if case.is_missed else names | {name}
    return _level(names)


def _level(names: Iterable[Name]) -> str:
    return _LEVELS[max((KINDS.index(kind) + 1 for kind, _ in names), default=0)]


def _module(placed: PlacedRow) -> str:
    """The name of the row's module, as the set spells it."""
    parts = PurePosixPath(placed.row.path).with_suffix("").parts
    parts = parts[1:] if parts[0] in ("src", "lib") else parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0

"""Where names of Python code lead beyond what their file tells, put into our terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol

from scopewise.scope.bindings import Found, Target, span_of
from scopewise.scope.interpreter import project_interpreter
from scopewise.scope.python.classes import PythonClass
from scopewise.scope.python.names import Followed, Lead, Question
from scopewise.scope.python.places import PythonFile
from scopewise.scope.report import Origin
from scopewise.syntax.tree import Definition
from scopewise.text import ByteRange, Encoding, Position

_MAX_NAMES = 80
_PACKAGES = frozenset({"site-packages", "dist-packages"})


class NameService(Protocol):
    """Whoever knows where names lead."""

    def follow(self, question: Question, timeout_s: float) -> Followed: ...


@dataclass(frozen=True)
class Placed:
    """Uses with where they lead."""

    found: tuple[Found, ...]
    missing: tuple[str, ...]


def place_open(
    file: PythonFile,
    target: Target,
    uses: Sequence[Found],
    names: NameService | None,
    sys_path: tuple[str, ...],
    timeout_s: float,
) -> Placed:
    """The uses with where they lead; those that lead nowhere are left as they are."""
    asked = _one_each(uses)[:_MAX_NAMES]
    if not asked:
        return Placed(tuple(uses), ())
    if names is None:
        return Placed(tuple(uses), ("attributes of values were not followed",))
    answer = names.follow(_question(file, asked, sys_path), timeout_s)
    placing = _Placing(file, target)
    better = {
        use.name: found
        for use, leads in zip(asked, answer.leads, strict=True)
        if (found := placing.placed(use, leads))
    }
    placed = [like for use in uses for like in _alike(better.get(use.name, [use]), use)]
    return Placed(tuple(placed), _missing(answer, len(asked), len(_one_each(uses))))


def _one_each(uses: Iterable[Found]) -> list[Found]:
    first: dict[str, Found] = {}
    for use in sorted(uses, key=lambda use: use.span.start):
        first.setdefault(use.name, use)
    return list(first.values())


def _alike(found: Iterable[Found], use: Found) -> Iterator[Found]:
    """What was found for one use of a name, for another use of it."""
    for better in found:
        yield replace(better, span=use.span, is_written=use.is_written, level=use.level)


def _missing(answer: Followed, n_asked: int, n_names: int) -> tuple[str, ...]:
    n_missing = n_names - answer.n_answered
    if n_missing <= 0:
        return ()
    why = answer.failure or f"only {n_asked} names are followed"
    return (f"where {n_missing} of {n_names} attributes lead: {why}",)


def _question(file: PythonFile, asked: list[Found], sys_path: tuple[str, ...]) -> Question:
    snapshot = file.parsed.snapshot
    positions = []
    for use in asked:
        at = snapshot.lines.to_position(use.span.start, Encoding.UTF32)
        positions.append((at.line + 1, at.column))
    roots = file.modules.roots
    return Question(
        path=str(snapshot.path or ""),
        source=snapshot.text,
        root=str(roots[0]) if roots else "",
        sys_path=(*map(str, file.modules.folders), *(sys_path or installed_packages(roots))),
        positions=tuple(positions),
    )


@cache
def installed_packages(roots: tuple[Path, ...]) -> tuple[str, ...]:
    """Where the packages of the project's Python lie; it is not started to find out."""
    base = project_interpreter(roots).parent.parent
    places = (*base.glob("lib*/python3*/site-packages"), base / "Lib" / "site-packages")
    return tuple(str(place) for place in places if place.is_dir())


@dataclass(frozen=True)
class _Placing:
    """Puts leads from one target into our terms."""

    file: PythonFile
    target: Target

    def placed(self, use: Found, leads: Sequence[Lead]) -> list[Found]:
        """A use with where it leads; a value may be of several types."""
        found = (self._place(use, lead) for lead in leads)
        return [*dict.fromkeys(place for place in found if place is not None)]

    # Below

    def _place(self, use: Found, lead: Lead) -> Found | None:
        if lead.kind == "param" or (lead.kind == "instance" and not lead.path):
            return None
        path = Path(lead.path) if lead.path else None
        if path is None and not lead.module:
            return None
        if path is not None and path == self.file.parsed.snapshot.path:
            return self._in_file(use, lead)
        origin = self._origin(lead, path)
        if use.origin is Origin.PROJECT and origin is not Origin.PROJECT:
            # A file of the project hands on what it has from elsewhere.
            return None
        if origin is Origin.PROJECT and path is not None:
            parts = (self.file.modules.name_of(path), lead.qualified_name)
        else:
            parts = (lead.module, lead.qualified_name)
        return replace(use, origin=origin, definition=".".join(part for part in parts if part))

    def _origin(self, lead: Lead, path: Path | None) -> Origin:
        if lead.is_builtin:
            return Origin.BUILTIN
        if path is None:
            return self.file.modules.origin(lead.module)
        if _PACKAGES.isdisjoint(path.parts):
            is_ours = any(path.is_relative_to(root) for root in self.file.modules.roots)
            return Origin.PROJECT if is_ours else Origin.STANDARD_LIBRARY
        return Origin.STANDARD_LIBRARY if _is_typeshed(path) else Origin.THIRD_PARTY

    def _in_file(self, use: Found, lead: Lead) -> Found | None:
        parsed = self.file.parsed
        lines = parsed.snapshot.lines
        start = lines.to_offset(Position(lead.line - 1, lead.column), Encoding.UTF32)
        if span_of(self.target).contains(ByteRange(start, start)) and not self._is_target(start):
            return None
        holder = self._holder(start, lead.qualified_name)
        origin = Origin.CLASS_MEMBER if self._is_own(holder) else Origin.FILE
        return replace(use, origin=origin, definition=self.file.dotted(lead.qualified_name))

    def _holder(self, start: int, name: str) -> PythonClass | None:
        around = self.file.classes.around(ByteRange(start, start))
        return around if around is not None and name.startswith(f"{around.name}.") else None

    def _is_target(self, start: int) -> bool:
        return isinstance(self.target, Definition) and self.target.name_range.start == start

    def _is_own(self, holder: PythonClass | None) -> bool:
        own = self.file.classes.around(span_of(self.target))
        return own is not None and holder is not None and holder in self.file.family(own)


def _is_typeshed(path: Path) -> bool:
    """The stubs of the standard library are part of jedi."""
    parts = path.parts
    return "typeshed" in parts and "stdlib" in parts

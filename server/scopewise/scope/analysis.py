"""What a piece of code depends on: the one entry to the analysis of scope."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

from scopewise.scope.bindings import Found, TagIndex, Target, bindings_by_queries, merged, span_of
from scopewise.scope.hazards import hazards
from scopewise.scope.levels import level_of
from scopewise.scope.prediction import predict
from scopewise.scope.python.bindings import python_bindings
from scopewise.scope.python.following import NameService, place_open
from scopewise.scope.python.modules import Modules
from scopewise.scope.python.places import PythonFile
from scopewise.scope.report import Binding, Origin, ScopeReport
from scopewise.scope.size import size_of
from scopewise.scope.specification import specification
from scopewise.syntax.tree import Definition, ParsedDocument

DEADLINE_S = 1.0
_SHARE_TO_FOLLOW = 0.9


@dataclass(frozen=True)
class Context:
    """What an analysis may ask besides the file itself."""

    roots: tuple[Path, ...] = ()
    """The folders of the workspace."""
    names: NameService | None = None
    """Follows names of Python; None to do without."""
    index: TagIndex | None = None
    """The definitions of the workspace; None to do without."""
    sys_path: tuple[str, ...] = ()
    """Folders of installed packages; empty for those of the project's Python."""
    deadline_s: float = DEADLINE_S
    """After which the report says what is missing."""


def analyze(context: Context, parsed: ParsedDocument, target: Target) -> ScopeReport:
    """What is known of a definition or a selection; broken code gives what can be read of it."""
    bindings, missing = bindings_of(context, parsed, target)
    span = span_of(target)
    report = ScopeReport(
        target=_name(parsed, target),
        kind=target.kind if isinstance(target, Definition) else "selection",
        language=parsed.language.id,
        line=parsed.snapshot.lines.line_of(_start(target)) + 1,
        bindings=bindings,
        level=level_of(bindings),
        size=size_of(parsed, span),
        missing=missing,
    )
    if isinstance(target, Definition):
        return _of_definition(context, parsed, target, report)
    return replace(report, hazards=hazards(parsed, target, bindings))


def bindings_of(
    context: Context, parsed: ParsedDocument, target: Target
) -> tuple[tuple[Binding, ...], tuple[str, ...]]:
    """The bindings of a target, and what could not be found out."""
    if parsed.language.id != "python":
        return bindings_by_queries(parsed, target, context.index), ()
    started = time.monotonic()
    file = PythonFile(parsed, Modules(context.roots, parsed.snapshot.path))
    read = python_bindings(file, target)
    # What is left to do with the answers takes time too.
    left_s = context.deadline_s * _SHARE_TO_FOLLOW - (time.monotonic() - started)
    placed = place_open(file, target, read.open, context.names, context.sys_path, left_s)
    found = merged(parsed, filter(_is_worth_telling, [*read.found, *placed.found]))
    return found, placed.missing


def _is_worth_telling(use: Found) -> bool:
    """An attribute of a value that is a builtin's, or nobody's, tells nothing."""
    is_attribute = "." in use.name
    return not (is_attribute and use.origin in (Origin.BUILTIN, Origin.UNRESOLVED))


def _of_definition(
    context: Context, parsed: ParsedDocument, definition: Definition, report: ScopeReport
) -> ScopeReport:
    """The report with what only a definition has."""
    modules = Modules(context.roots, parsed.snapshot.path)
    is_project = modules.is_project if parsed.language.id == "python" else None
    n_calling_files = _n_calling_files(context, parsed, definition)
    return replace(
        report,
        specification=specification(parsed, definition),
        is_stub=definition.is_stub,
        prediction=predict(parsed, definition, is_project) if definition.is_stub else None,
        hazards=hazards(parsed, definition, report.bindings, n_calling_files),
        n_calling_files=n_calling_files,
    )


def _n_calling_files(
    context: Context, parsed: ParsedDocument, definition: Definition
) -> int | None:
    path = parsed.snapshot.path
    if context.index is None or path is None:
        return None
    return context.index.calling_files(definition.name, definition.kind, path)


def _name(parsed: ParsedDocument, target: Target) -> str:
    if isinstance(target, Definition):
        return target.qualified_name
    lines = parsed.snapshot.lines
    first, last = (
        lines.line_of(target.start) + 1,
        lines.line_of(max(target.end - 1, target.start)) + 1,
    )
    return f"lines {first} to {last}" if last > first else f"line {first}"


def _start(target: Target) -> int:
    return target.name_range.start if isinstance(target, Definition) else target.start

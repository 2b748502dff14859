"""`scopewise bench scope`: how far the analysis of scope can be believed, and how fast it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import typer
from rich.table import Table

from scopewise.bench.scope_facts import Comparison, compare, figures, level_accuracy
from scopewise.bench.scope_levels import LevelCase, accuracy, confusion, judge
from scopewise.bench.scope_prediction import (
    PredictionFigures,
    predicted_rows,
    prediction_figures,
)
from scopewise.bench.scope_rows import KINDS, PlacedRow, ScopeSet, placed, read_rows
from scopewise.bench.scope_speed import measure_moves, measure_speed, percentile
from scopewise.cli import output
from scopewise.cli.actions import AsJson
from scopewise.cli.quality import Data
from scopewise.errors import InputError
from scopewise.scope.analysis import Context, analyze
from scopewise.scope.python.names import PythonNames
from scopewise.scope.report import Level, ScopeReport

T = TypeVar("T")

_PATIENCE_S = 20.0
"""Facts are measured without regard to time."""

Cases = Annotated[
    Path | None,
    typer.Option("--cases", help="A file for every disagreement with its reason, as JSON lines."),
]
Stubs = Annotated[
    bool, typer.Option("--stubs", help="Measure what is predicted of the functions as stubs.")
]
Speed = Annotated[
    Path | None,
    typer.Option("--speed", help="Measure the time instead, on the functions of this package."),
]


def scope(
    data: Data = Path(),
    task_set: Annotated[ScopeSet, typer.Option("--set", help="The set of functions.")] = (
        ScopeSet.DEVEVAL
    ),
    cases: Cases = None,
    stubs: Stubs = False,
    speed: Speed = None,
    as_json: AsJson = False,
) -> None:
    """How often names and levels are found, or predicted, as people found them; how fast."""
    with output.failing():
        if speed is not None:
            _report(_speed(speed), _times, as_json)
        elif stubs:
            figures_of_stubs = prediction_figures(predicted_rows(data, task_set))
            _report(figures_of_stubs, _stub_table, as_json)
        elif task_set is ScopeSet.DEVEVAL:
            _facts(data, cases, as_json)
        else:
            _levels(data, cases, as_json)


def _report(value: Any, table: Callable[[Any], Table], as_json: bool) -> None:
    if as_json:
        output.print_json(value)
    else:
        output.stdout().print(table(value))


# Names


def _facts(data: Path, cases: Path | None, as_json: bool) -> None:
    comparisons = _over_rows(
        data, ScopeSet.DEVEVAL, lambda row, report: compare(row, report.bindings)
    )
    _write(cases, [asdict(case) for comparison in comparisons for case in comparison.cases])
    _report(_fact_figures(comparisons), _fact_table, as_json)


def _fact_figures(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    result: dict[str, Any] = {"functions": len(comparisons)}
    for is_raw, name in ((True, "raw"), (False, "without_cases_with_a_reason")):
        kinds = {kind or "all": figures(comparisons, kind, is_raw=is_raw) for kind in (*KINDS, "")}
        result[name] = {
            **{
                kind: {**asdict(one), "recall": one.recall, "precision": one.precision}
                for kind, one in kinds.items()
            },
            "level_accuracy": level_accuracy(comparisons, is_raw=is_raw),
        }
    result["cases"] = _counted(
        (f"{'missed' if case.is_missed else 'extra'}: {case.reason.value or 'no reason'}")
        for comparison in comparisons
        for case in comparison.cases
    )
    return result


def _fact_table(result: dict[str, Any]) -> Table:
    table = Table("names", "recall", "precision", "level right", title="DevEval")
    for name in ("raw", "without_cases_with_a_reason"):
        for kind in (*KINDS, "all"):
            one = result[name][kind]
            level = f"{result[name]['level_accuracy']:.3f}" if kind == "all" else ""
            label = f"{kind}, {name.replace('_', ' ')}"
            table.add_row(label, f"{one['recall']:.3f}", f"{one['precision']:.3f}", level)
    for reason, n_cases in result["cases"].items():
        table.add_row(reason, str(n_cases), "", "")
    return table


# Levels


def _levels(data: Path, cases: Path | None, as_json: bool) -> None:
    judged = _over_rows(data, ScopeSet.CODEREVAL, lambda row, report: judge(row.row, report.level))
    _write(cases, [asdict(case) for case in judged if not case.is_right])
    _report(_level_figures(judged), _level_table, as_json)


def _level_figures(judged: Sequence[LevelCase]) -> dict[str, Any]:
    pairs = confusion(judged)
    return {
        "functions": len(judged),
        "accuracy": accuracy(judged, is_raw=True),
        "accuracy_without_cases_with_a_reason": accuracy(judged, is_raw=False),
        "cases": _counted(case.reason.value or "no reason" for case in judged if not case.is_right),
        "confusion": [[pairs[label.label, found.label] for found in Level] for label in Level],
    }


def _level_table(result: dict[str, Any]) -> Table:
    right = f"{result['accuracy']:.3f} right"
    reasoned = f"{result['accuracy_without_cases_with_a_reason']:.3f} where the label stands"
    columns = (level.label.removesuffix("_runnable") for level in Level)
    table = Table("label \\ found", *columns, title=f"CoderEval: {right}, {reasoned}")
    for level, counts in zip(Level, result["confusion"], strict=True):
        table.add_row(level.label, *map(str, counts))
    for reason, n_cases in result["cases"].items():
        table.add_row(reason, str(n_cases))
    return table


# Stubs


def _stub_table(parts: Sequence[PredictionFigures]) -> Table:
    table = Table("says whether more is needed", *(part.rows for part in parts))
    for title, name in (
        ("the prediction", "right"),
        ("always yes", "always_yes"),
        ("always no", "always_no"),
        ("yes for methods", "is_method"),
        ("yes where it is yes", "found"),
        ("no where it is no", "spared"),
        ("level right", "level"),
        ("predicted names that are used", "names_right"),
        ("used names that are predicted", "names_found"),
    ):
        table.add_row(title, *(str(getattr(part, name)) for part in parts))
    return table


# Time


def _speed(package: Path) -> dict[str, Any]:
    if not package.is_dir():
        raise InputError(f"{package} is not a folder.")
    moves = measure_moves(package)
    timings = measure_speed(package.resolve(), n_files=20, deadline_s=Context().deadline_s)
    kinds = {
        "offers": moves.offers,
        "edits": moves.edits,
        "cold": timings.cold,
        "first": timings.first,
        "warm": timings.warm,
    }
    return {
        "lines": moves.n_lines,
        "incomplete": timings.n_incomplete,
        **{
            name: {
                "n": len(times),
                "median_ms": percentile(times, 0.5),
                "p95_ms": percentile(times, 0.95),
                "p99_ms": percentile(times, 0.99),
                "max_ms": max(times, default=0.0),
            }
            for name, times in kinds.items()
        },
    }


def _times(result: dict[str, Any]) -> Table:
    table = Table("what", "n", "median", "p95", "p99", "longest")
    for name in ("offers", "edits", "cold", "first", "warm"):
        one = result[name]
        times = (f"{one[key]:.1f} ms" for key in ("median_ms", "p95_ms", "p99_ms", "max_ms"))
        table.add_row(name, str(one["n"]), *times)
    table.add_row("stopped by the deadline", str(result["incomplete"]), "", "", "", "")
    return table


# Below


def _over_rows(
    data: Path, task_set: ScopeSet, look: Callable[[PlacedRow, ScopeReport], T]
) -> list[T]:
    """What is to be said of each row's report."""
    rows = read_rows(data, task_set)
    names = PythonNames()
    found: list[T] = []
    try:
        with output.stderr().status("Analysing") as status:
            for number, row in enumerate(rows, 1):
                status.update(f"Analysing {number} of {len(rows)}")
                with placed(row) as there:
                    if there is not None:
                        context = Context((there.root,), names, deadline_s=_PATIENCE_S)
                        found.append(look(there, analyze(context, there.parsed, there.definition)))
    finally:
        names.close()
    return found


def _counted(reasons: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for reason in sorted(reasons):
        counts[reason] = counts.get(reason, 0) + 1
    return counts


def _write(path: Path | None, cases: Sequence[dict[str, Any]]) -> None:
    if path is not None:
        lines = [msgspec.json.encode(case) + b"\n" for case in cases]
        try:
            path.write_bytes(b"".join(lines))
        except OSError as error:
            raise InputError(f"{path} cannot be written ({error}).") from error

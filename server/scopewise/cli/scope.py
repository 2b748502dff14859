"""`scopewise scope`: what code depends on, and whether the local model can be left to it."""

from __future__ import annotations

import asyncio
import enum
from typing import Annotated, Any

import msgspec
import typer
from rich.markdown import Markdown
from rich.table import Table

from scopewise.actions.assessment import Assessment, Assessor
from scopewise.actions.outcome import Place
from scopewise.actions.scope_card import scope_card, task_for
from scopewise.actions.workspace import DiskWorkspace
from scopewise.cli import output
from scopewise.cli.actions import AsJson, At, Root, Set, place_at, settings_from, workspace_for
from scopewise.cli.indexing import built_index
from scopewise.errors import InputError
from scopewise.scope.escalation import Decision, Task
from scopewise.scope.report import Binding, Level
from scopewise.settings import Settings

_PATIENCE_S = 10.0


class TaskName(enum.StrEnum):
    FILL = "fill"
    FIX = "fix"
    EXPLAIN = "explain"


def scope(
    at: At,
    task: Annotated[
        TaskName | None,
        typer.Option("--task", help="What is wanted: by default `fill` of a stub, else `fix`."),
    ] = None,
    root: Root = "",
    changes: Set = None,
    as_json: AsJson = False,
) -> None:
    """Show what the function or class at a line depends on, and the decision about a task."""
    with output.failing():
        place = place_at(at)
        settings = settings_from("", changes)
        assessor = Assessor(lambda: settings)
        try:
            found = _assessed(assessor, place, workspace_for(root, place), settings)
            wanted = Task(task.value) if task else task_for(found.report)
            decision = assessor.decision(found, wanted)
        finally:
            assessor.close()
        if as_json:
            output.print_json(scope_json(found, wanted, decision))
        else:
            _show(found, wanted, decision)


def _assessed(
    assessor: Assessor, place: Place, workspace: DiskWorkspace, settings: Settings
) -> Assessment:
    with output.stderr().status("Indexing", spinner="dots") as status:
        assessor.index = built_index(workspace.roots, settings.scope)
        status.update("Analysing")
        found = asyncio.run(assessor.assess(place, workspace, _PATIENCE_S))
    if found is None:
        raise InputError(
            "There is no function, class or stack trace of this project here.",
            "Name a line inside of one, as in `shop.py:12`.",
        )
    return found


def scope_json(found: Assessment, task: Task, decision: Decision) -> dict[str, Any]:
    """The report and the decision for programs."""
    return {
        "report": _with_labels(msgspec.to_builtins(found.report)),
        "outlook": msgspec.to_builtins(found.outlook, enc_hook=str),
        "task": task.value,
        "decision": msgspec.to_builtins(decision),
    }


def _with_labels(value: Any) -> Any:
    """Levels by their names rather than their ranks."""
    if isinstance(value, list):
        return [_with_labels(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {key: _with_labels(item) for key, item in value.items()}
    if isinstance(named.get("level"), int):
        named["level"] = Level(named["level"]).label
    return named


def _show(found: Assessment, task: Task, decision: Decision) -> None:
    console = output.stdout()
    report = found.report
    card = scope_card(report, task, decision)
    head = f"{report.kind} `{report.target}`, line {report.line}: {report.level.label}"
    text = f"{head}\n\n{card}"
    console.print(Markdown(text) if console.is_terminal else text, highlight=False)
    bindings = [*report.bindings, *(report.prediction.bindings if report.prediction else ())]
    if bindings:
        console.print()
        console.print(_table(bindings))
    for reason in decision.reasons[1:]:
        output.print_line(f"also: {reason.sentence} ({reason.rule})")


def _table(bindings: list[Binding]) -> Table:
    table = Table("name", "origin", "line", "leads to", box=None)
    for binding in bindings:
        table.add_row(binding.name, binding.origin.value, str(binding.line), binding.definition)
    return table

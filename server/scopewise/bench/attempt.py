"""One task done by the product, exactly as an editor would have it done."""

from __future__ import annotations

import hashlib
from pathlib import Path

from scopewise.actions.change import apply_change
from scopewise.actions.fix_traceback import trace_place
from scopewise.actions.outcome import Outcome, Place
from scopewise.actions.session import Session, Task
from scopewise.actions.workspace import DiskWorkspace
from scopewise.bench.runs import Attempt
from scopewise.bench.tasks import BenchTask
from scopewise.cancel import CancelToken
from scopewise.document import DocumentSnapshot, path_of, uri_of
from scopewise.errors import InputError
from scopewise.syntax.tree import parse
from scopewise.text import ByteRange


async def attempt(session: Session, task: BenchTask, folder: Path) -> Attempt:
    """What came of a task; raises ScopewiseError."""
    workspace = workspace_of(task, folder)
    outcome = await outcome_of(session, task, workspace)
    return attempt_of(outcome, _text_after(outcome, workspace))


async def outcome_of(session: Session, task: BenchTask, workspace: DiskWorkspace) -> Outcome:
    """The outcome of a task's action."""
    place = place_of(task, workspace)
    return await session.run(Task(task.producer, place), workspace, CancelToken())


def attempt_of(outcome: Outcome, text: str) -> Attempt:
    """The attempt an outcome amounts to, with the text it led to."""
    label = outcome.label
    return Attempt(
        verdict=label.verdict.value,
        sentence=label.sentence,
        findings=label.findings,
        evidence=label.evidence,
        usage=outcome.usage,
        text=text,
        rejected=outcome.rejected,
    )


def workspace_of(task: BenchTask, folder: Path) -> DiskWorkspace:
    """The task's file in a folder of its own below `folder`, the same one in every run.

    A folder that changed would change what a failing run prints, and so the prompts of repairs,
    which could then not be found in a recording.
    """
    digest = hashlib.sha256(f"{task.producer}\n{task.id}".encode()).hexdigest()
    root = folder / digest[:12]
    root.mkdir(parents=True, exist_ok=True)
    (root / task.file).write_bytes(task.text.encode("utf-8"))
    return DiskWorkspace((root,))


def place_of(task: BenchTask, workspace: DiskWorkspace) -> Place:
    """Where the action is asked; raises InputError when the function is not in the file."""
    if task.trace:
        return trace_place(task.trace)
    uri = uri_of(workspace.roots[0] / task.file)
    snapshot = DocumentSnapshot(uri, task.text, "python", 1)
    parsed = parse(snapshot)
    definition = parsed.find(task.function) if parsed else None
    if definition is None:
        raise InputError(f"There is no function `{task.function}` in the task's file.")
    start = definition.name_range.start
    return Place(snapshot, parsed, ByteRange(start, start))


def _text_after(outcome: Outcome, workspace: DiskWorkspace) -> str:
    """The file after the change; empty when there is none."""
    if outcome.change is None:
        return ""
    path = path_of(outcome.change.uri)
    parsed = workspace.parsed(path) if path else None
    return apply_change(outcome.change, parsed) if parsed else ""

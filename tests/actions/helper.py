"""One helper for all actions: a text with a cursor in it, a canned answer, the text after."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scopewise.actions.change import apply_change
from scopewise.actions.outcome import Outcome, Place
from scopewise.actions.session import Session, Task
from scopewise.actions.workspace import DiskWorkspace
from scopewise.cancel import CancelToken
from scopewise.document import DocumentSnapshot, path_of
from scopewise.engine.scripted import ScriptedAnswer, ScriptedEngine
from scopewise.syntax.tree import parse
from scopewise.text import ByteRange

NOWHERE = "file:///project/main.py"


@dataclass(frozen=True)
class Ran:
    """What an action did to a text."""

    outcome: Outcome
    engine: ScriptedEngine
    after: str
    """The text after the change; the text itself when there is none."""

    @property
    def prompt(self) -> str:
        request = self.engine.requests[0]
        return "\n".join(m.content for m in request.messages) + "\n" + request.opening


def place_in(text: str, uri: str = NOWHERE, language: str = "python") -> Place:
    """The place `$0` marks, or the selection between two of them."""
    start, *rest = text.split("$0")
    selected = rest[0] if len(rest) == 2 else ""
    snapshot = DocumentSnapshot(uri, start + "".join(rest), language, version=1)
    n_start = len(start.encode())
    return Place(snapshot, parse(snapshot), ByteRange(n_start, n_start + len(selected.encode())))


def run(
    producer: str,
    place: Place,
    answers: Sequence[str | ScriptedAnswer],
    root: Path | None = None,
) -> Ran:
    """Run one action with a scripted engine; files are read below `root`."""
    engine = ScriptedEngine(answers)
    workspace = DiskWorkspace((root,) if root else ())
    outcome = asyncio.run(
        Session(engine=engine).run(Task(producer, place), workspace, CancelToken())
    )
    after = place.snapshot.text
    if outcome.change is not None:
        path = path_of(outcome.change.uri)
        target = workspace.parsed(path) if root and path else place.parsed
        assert target is not None
        after = apply_change(outcome.change, target)
    return Ran(outcome, engine, after)

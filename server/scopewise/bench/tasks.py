"""One task of a measurement: what the product gets to see of it, and nothing else.

The tests that decide about the result are a `HiddenTest`, which never meets a session.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopewise.document import DocumentSnapshot
from scopewise.syntax.tree import Definition, ParsedDocument, parse


@dataclass(frozen=True)
class BenchTask:
    """One file of a project, and what is asked about it."""

    id: str
    producer: str
    file: str
    """The file's name."""
    text: str
    function: str
    """Qualified name of the function the task is about."""
    trace: str = ""
    """The stack trace handed over, for a fix."""


def definition_of(task: BenchTask) -> tuple[ParsedDocument, Definition] | None:
    """The function a task is about; None when the file has none of that name."""
    parsed = parse(DocumentSnapshot(f"file:///{task.file}", task.text, "python"))
    definition = parsed.find(task.function) if parsed else None
    return (parsed, definition) if parsed and definition else None

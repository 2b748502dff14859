"""What a stack trace says, whichever tool printed it; nothing here was checked against a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from scopewise.text import ByteRange

Relation = Literal["cause", "context"]


@dataclass(frozen=True)
class Frame:
    """One call of a trace, as printed."""

    path: str
    line: int
    """From 1."""
    function: str = ""
    """Empty where none is printed, as for the place of a syntax error."""
    code: str = ""
    """The source lines printed below, without their common indentation."""
    carets: tuple[int, int] | None = None
    """From which column up to which `^` and `~` mark the first line of `code`."""
    n_repeats: int = 0
    """How often the call was left out, by "[Previous line repeated 996 more times]"."""
    range: ByteRange = field(default=ByteRange(0, 0), kw_only=True)
    """Of its own lines in the text."""


@dataclass(frozen=True)
class ExceptionInfo:
    """The last lines of a trace: what was raised."""

    type_name: str
    """As printed, with the module if there is one: "json.decoder.JSONDecodeError"."""
    message: str = ""
    notes: tuple[str, ...] = ()
    """Notes look like further lines of the message, so which a line is remains a guess."""

    @property
    def text(self) -> str:
        """Message and notes, as they stood in the trace."""
        return "\n".join((self.message, *self.notes))


@dataclass(frozen=True)
class Trace:
    """One exception with its frames, what led to it, and what it holds when it is a group."""

    frames: tuple[Frame, ...]
    """The innermost call last."""
    exception: ExceptionInfo | None
    """None where the text ends too early."""
    range: ByteRange
    """In the text, whole lines, with the causes and the members."""
    cause: Trace | None = None
    relation: Relation | None = None
    """How `cause` led here; without a cause when the text begins too late to show it."""
    members: tuple[Trace, ...] = ()

    @property
    def has_frames(self) -> bool:
        return any(part.frames for part in by_interest(self))


def root_cause(trace: Trace) -> Trace:
    """The part of a trace whose innermost frame is the place to look at first."""
    return next(by_interest(trace))


def by_interest(trace: Trace) -> Iterator[Trace]:
    """The root cause, then the other parts of a trace in the order to look at them.

    An exception raised "from" another one reports it, so the other one is looked at first.
    One raised while another was handled is a fault of its own, so the other one comes last.
    A group reports its members; the one wrapped in most groups is taken first.
    """
    for run in reversed(_runs(trace)):
        for part in run:
            for member in sorted(part.members, key=_depth, reverse=True):
                yield from by_interest(member)
            yield part


def _runs(trace: Trace) -> list[list[Trace]]:
    """The chain, oldest first, cut wherever something new went wrong during handling."""
    chain = [trace]
    while chain[-1].cause is not None:
        chain.append(chain[-1].cause)
    runs: list[list[Trace]] = []
    for part in reversed(chain):
        if not runs or part.relation == "context":
            runs.append([])
        runs[-1].append(part)
    return runs


def _depth(trace: Trace) -> int:
    """How many groups lie in one another here."""
    depth = 0
    part: Trace | None = trace
    while part is not None:
        depth = max(depth, *(1 + _depth(member) for member in part.members), 0)
        part = part.cause
    return depth

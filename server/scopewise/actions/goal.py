"""What an action that writes code tells the loop in `actions/refine.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scopewise.actions.change import Change
from scopewise.engine.protocol import Request, Sampling
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify.behaviour import Example
from scopewise.verify.label import Finding, Label

Requests = Callable[[Sampling, int], Request]
"""The request for so many answers."""


@dataclass(frozen=True)
class Draft:
    """One answer, made into a change of the document and checked without running it."""

    text: str
    """What the model wrote."""
    label: Label
    """Of the static checks."""
    change: Change | None = None
    code: str = ""
    """The document's text after the change."""
    fingerprint: str = ""
    """Equal for answers that differ in their formatting alone; empty when it cannot be told."""
    size: int = 0
    """The smaller is preferred among answers that behave alike."""


@dataclass(frozen=True)
class Proof:
    """What the project itself says of an answer: its tests, or the command that failed."""

    findings: tuple[Finding, ...] = ()
    n_tests: int = 0
    """Tests that ran and passed."""
    is_failure_gone: bool = False
    obstacle: str = ""
    """Why something could not be run; empty when nothing is missing."""
    seconds: float = 0.0


async def no_proof(draft: Draft) -> Proof:
    """For actions that have nothing of the project to run."""
    return Proof()


@dataclass(frozen=True)
class Approach:
    """One way of asking for what a goal wants."""

    request: Requests
    draft: Callable[[str], Draft]
    """An answer as a change, checked statically; slow, for a thread."""
    is_last_resort: bool = False
    """Whether it is for goals whose every answer has failed, not just for those whose first ones
    were not enough."""


@dataclass(frozen=True)
class Goal:
    """What an action wants written, and how an answer becomes a draft."""

    doing: str
    """For the progress notification, such as "Writing the body"."""
    parsed: ParsedDocument
    definition: Definition
    """The function to be written."""
    request: Requests
    draft: Callable[[str], Draft]
    """An answer as a change, checked statically; slow, for a thread."""
    examples: tuple[Example, ...] = ()
    """What every answer must satisfy."""
    prove: Callable[[Draft], Awaitable[Proof]] = no_proof
    otherwise: Approach | None = None
    """Another way of asking, for when the first answers were not enough."""

    @property
    def first(self) -> Approach:
        """The way of asking that is taken first."""
        return Approach(self.request, self.draft)

    def approach(self, *, is_first: bool, has_failed: bool) -> Approach:
        """How to ask for fresh answers, given whether every answer so far has failed."""
        other = self.otherwise
        if is_first or other is None or (other.is_last_resort and not has_failed):
            return self.first
        return other

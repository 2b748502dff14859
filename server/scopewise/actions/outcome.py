"""What an action was asked, what it needs to do its work, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from scopewise.actions.change import Change
from scopewise.cancel import CancelToken
from scopewise.cloud.access import CloudAccess, MaySend, nobody_to_ask
from scopewise.document import DocumentSnapshot
from scopewise.engine.protocol import Completion, Engine
from scopewise.scope.escalation import Decision, Task
from scopewise.scope.tag_index import TagIndex
from scopewise.settings import Settings, VerifySettings
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange
from scopewise.trace import NoTracer, Tracer
from scopewise.verify.label import Label
from scopewise.verify.runner import Runner


class Workspace(Protocol):
    """The files around a document, open ones as the editor has them."""

    @property
    def roots(self) -> tuple[Path, ...]: ...

    def read(self, path: Path) -> DocumentSnapshot | None:
        """The document at a path, None when there is none or it is not text."""
        ...

    def parsed(self, path: Path) -> ParsedDocument | None:
        """The same, parsed; None also when there is no grammar for it."""
        ...


@dataclass(frozen=True)
class Place:
    """Where an action is asked: a range of a document."""

    snapshot: DocumentSnapshot
    parsed: ParsedDocument | None
    """None for documents without a grammar, such as logs."""
    range: ByteRange
    decisions: Mapping[Task, Decision] = field(default_factory=dict, compare=False)
    """What is known already of whether tasks here can be left to the local model."""


@dataclass(frozen=True)
class Offer:
    """That an action applies at a place."""

    title: str
    target: str
    """Names what a job works on, within its document: a newer job for the same target replaces
    the older."""
    disabled: str = ""
    """Why it cannot be done although it applies; empty when it can."""


@dataclass(frozen=True)
class Phase:
    """What a job is doing, for the progress notification."""

    message: str
    n_tokens: int = 0
    """Tokens of the answer so far."""
    text: str = ""
    """New text of an answer that is shown while it is written."""


def _no_runner() -> Runner:
    return Runner(VerifySettings(execute="never"), ())


async def no_consent(question: str) -> bool:
    """The answer of someone who cannot be asked."""
    return False


@dataclass(frozen=True)
class Job:
    """What an action works with; everything it may touch is here."""

    engine: Engine
    settings: Settings
    workspace: Workspace
    cancel: CancelToken
    report: Callable[[Phase], None] = lambda _: None
    runner: Runner = field(default_factory=_no_runner)
    """Tries answers out in the sandbox."""
    consent: Callable[[str], Awaitable[bool]] = no_consent
    """Asks the user whether something of the project may be run."""
    cloud: CloudAccess = field(default_factory=CloudAccess)
    may_send: MaySend = nobody_to_ask
    """Shows the user what would be sent and asks whether it may be."""
    index: TagIndex | None = None
    """The names the workspace defines and uses, where they are indexed."""
    tracer: Tracer = field(default_factory=NoTracer)
    attempt: int = 0
    """How often the user asked for something else than what this task gave."""


@dataclass(frozen=True)
class Usage:
    """What an outcome cost."""

    model: str = ""
    n_prompt_tokens: int = 0
    n_cached_tokens: int = 0
    n_answer_tokens: int = 0
    prefill_s: float = 0.0
    decode_s: float = 0.0
    execution_s: float = 0.0
    """Seconds spent running answers."""
    n_samples: int = 0
    """Answers written."""
    stop_reason: str = ""

    def plus(self, completion: Completion) -> Usage:
        """With one more completion counted in."""
        spent = Usage(
            model=completion.model,
            n_prompt_tokens=completion.n_prompt_tokens,
            n_cached_tokens=completion.n_cached_tokens,
            n_answer_tokens=completion.n_answer_tokens,
            prefill_s=completion.prefill_s,
            decode_s=completion.decode_s,
            n_samples=len(completion.samples),
            stop_reason=completion.stop_reason.value,
        )
        return self.and_also(spent)

    def and_also(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(
            model=other.model or self.model,
            n_prompt_tokens=self.n_prompt_tokens + other.n_prompt_tokens,
            n_cached_tokens=self.n_cached_tokens + other.n_cached_tokens,
            n_answer_tokens=self.n_answer_tokens + other.n_answer_tokens,
            prefill_s=self.prefill_s + other.prefill_s,
            decode_s=self.decode_s + other.decode_s,
            execution_s=self.execution_s + other.execution_s,
            n_samples=self.n_samples + other.n_samples,
            stop_reason=other.stop_reason or self.stop_reason,
        )


@dataclass(frozen=True)
class Outcome:
    """What came of a job: a change or a text, and the label it carries."""

    producer: str
    title: str
    """What was done, such as "Fill body of `area`"."""
    label: Label
    uri: str
    """The document the result is about."""
    change: Change | None = None
    markdown: str = ""
    """An explanation, or a note about the change."""
    usage: Usage = field(default_factory=Usage)
    rejected: str = ""
    """The code of a declined answer, for people who want to see it; never inserted."""

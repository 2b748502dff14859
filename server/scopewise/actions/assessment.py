"""What the code at a place depends on, found out in the background and kept for its version.

Offers are asked on every cursor move and only look up what is known; hovers wait a moment.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from scopewise.actions.outcome import Place, Workspace
from scopewise.document import DocumentSnapshot
from scopewise.scope.analysis import Context, analyze
from scopewise.scope.escalation import Decision, Experience, Task, decide
from scopewise.scope.python.names import PythonNames
from scopewise.scope.report import ScopeReport
from scopewise.scope.tag_index import TagIndex
from scopewise.scope.traces.localise import suspects
from scopewise.scope.traces.outlook import Outlook, outlook
from scopewise.scope.traces.stack import Trace
from scopewise.scope.traces.traceback import trace_at
from scopewise.settings import Settings
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

logger = logging.getLogger(__name__)

_PATIENCE_S = 3.0
"""What an analysis nobody waits for may take."""
_RETRY_S = 5.0
"""Until an analysis that left something open is worth doing again."""
_MAX_DOCUMENTS = 50

NO_TIME = "where its imported names lead, for want of time"


@dataclass(frozen=True)
class Subject:
    """What is assessed: a definition, or the trace that names it."""

    span: ByteRange
    """Of the definition or the trace, in the document of the place."""
    text: str
    is_trace: bool


@dataclass(frozen=True)
class Assessment:
    """What was found out about a subject."""

    subject: Subject
    report: ScopeReport
    """Of a trace: about the function most likely to hold its cause."""
    outlook: Outlook | None = None
    """Of a trace."""
    made: float = field(default_factory=time.monotonic, compare=False)
    """On the monotonic clock."""

    @property
    def is_settled(self) -> bool:
        return self.report.is_complete or time.monotonic() - self.made < _RETRY_S


@dataclass
class _Document:
    """What is known of one version of a document."""

    snapshot: DocumentSnapshot
    assessments: dict[ByteRange, Assessment] = field(default_factory=dict)


class Assessor:
    """Analyses of code, and decisions about it; close it at the end."""

    def __init__(self, settings: Callable[[], Settings], names: PythonNames | None = None) -> None:
        """`settings` are asked for at every decision; `names` follows those of Python."""
        self.index: TagIndex | None = None
        self._settings = settings
        self._names = names or PythonNames()
        self._pool = ThreadPoolExecutor(2, "scope")
        self._lock = threading.Lock()
        self._documents: OrderedDict[str, _Document] = OrderedDict()
        self._running: dict[tuple[DocumentSnapshot, ByteRange], Future[Assessment | None]] = {}
        self._n_declined: dict[str, int] = {}
        self._is_closed = False

    # Looking up: at once

    def known(self, place: Place) -> Mapping[Task, Decision]:
        """The decisions that follow from what is known of this version; empty for nothing."""
        document = self._document(place.snapshot)
        subject = _subject(place) if document else None
        assessment = document.assessments.get(subject.span) if document and subject else None
        if assessment is None:
            return {}
        return {task: self.decision(assessment, task) for task in _tasks(assessment)}

    def decision(self, assessment: Assessment, task: Task) -> Decision:
        """The decision about a task, given how it went before."""
        n_declined = self._n_declined.get(_key(task, assessment.subject.text), 0)
        experience = Experience(n_declined, assessment.outlook)
        return decide(assessment.report, task, experience, self._settings())

    # Finding out: in threads

    def prepare(self, place: Place, workspace: Workspace) -> None:
        """Begin what `known` may be asked for soon."""
        self._begin(place, workspace)

    async def assess(
        self, place: Place, workspace: Workspace, timeout_s: float
    ) -> Assessment | None:
        """What is found out about a place, or what syntax alone says when time is up.

        None when there is nothing to assess, or not even that was to be had.
        """
        subject = _subject(place)
        future = self._begin(place, workspace)
        if subject is None or future is None:
            return None
        assessment = await _within(future, timeout_s)
        if assessment is None and not subject.is_trace and not self._is_closed:
            quick = self._pool.submit(self._from_syntax, place, subject, workspace)
            assessment = await _within(quick, timeout_s)
        return assessment

    def _begin(self, place: Place, workspace: Workspace) -> Future[Assessment | None] | None:
        subject = _subject(place)
        if subject is None or self._is_closed:
            return None
        document = self._document(place.snapshot)
        kept = document.assessments.get(subject.span) if document else None
        if kept is not None and kept.is_settled:
            done: Future[Assessment | None] = Future()
            done.set_result(kept)
            return done
        key = (place.snapshot, subject.span)
        running = self._running.get(key)
        if running is None:
            running = self._pool.submit(self._analyse, place, subject, workspace)
            self._running[key] = running
            running.add_done_callback(lambda _: self._running.pop(key, None))
        return running

    def _analyse(self, place: Place, subject: Subject, workspace: Workspace) -> Assessment | None:
        """The assessment, kept for `known`; None when there is no code to analyse."""
        context = Context(
            roots=workspace.roots, names=self._names, index=self.index, deadline_s=_PATIENCE_S
        )
        assessment = _assessment(context, place, subject, workspace)
        if assessment is not None:
            self._keep(place.snapshot, assessment)
        return assessment

    def _from_syntax(
        self, place: Place, subject: Subject, workspace: Workspace
    ) -> Assessment | None:
        found = _assessment(Context(roots=workspace.roots), place, subject, workspace)
        missing = (NO_TIME,)
        return replace(found, report=replace(found.report, missing=missing)) if found else None

    # Experience

    def learn(self, place: Place, task: Task, *, is_declined: bool) -> None:
        """Remember how a task went: that results were declined counts in later decisions."""
        subject = _subject(place)
        if subject is None:
            return
        key = _key(task, subject.text)
        if is_declined:
            self._n_declined[key] = self._n_declined.get(key, 0) + 1
        else:
            self._n_declined.pop(key, None)

    def forget_experience(self) -> None:
        """Another model may do better."""
        self._n_declined.clear()

    def close(self) -> None:
        self._is_closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._names.close()
        if self.index is not None:
            self.index.close()

    # Below

    def _document(self, snapshot: DocumentSnapshot) -> _Document | None:
        with self._lock:
            document = self._documents.get(snapshot.uri)
        return document if document and document.snapshot is snapshot else None

    def _keep(self, snapshot: DocumentSnapshot, assessment: Assessment) -> None:
        with self._lock:
            document = self._documents.pop(snapshot.uri, None)
            if document is None or document.snapshot is not snapshot:
                document = _Document(snapshot)
            document.assessments[assessment.subject.span] = assessment
            self._documents[snapshot.uri] = document
            if len(self._documents) > _MAX_DOCUMENTS:
                self._documents.popitem(last=False)


def _tasks(assessment: Assessment) -> tuple[Task, ...]:
    """What can be asked of a subject."""
    if assessment.subject.is_trace:
        return (Task.FIX,)
    return (Task.FILL, Task.EXPLAIN) if assessment.report.is_stub else (Task.EXPLAIN,)


def _subject(place: Place) -> Subject | None:
    """The definition at a place, else the stack trace."""
    definition = place.parsed.definition_at(place.range) if place.parsed else None
    if place.parsed is not None and definition is not None:
        text = place.parsed.text(definition.range)
        return Subject(definition.range, text, False)
    trace = trace_at(place.snapshot.source, place.range)
    if trace is None or not trace.has_frames:
        return None
    text = place.snapshot.source[trace.range.start : trace.range.end].decode(errors="replace")
    return Subject(trace.range, text, True)


def _assessment(
    context: Context, place: Place, subject: Subject, workspace: Workspace
) -> Assessment | None:
    """What can be found out; None when that is nothing."""
    try:
        trace = trace_at(place.snapshot.source, place.range) if subject.is_trace else None
        code = _suspect(trace, workspace) if trace else _definition(place)
        if code is None:
            return None
        seen = outlook(trace, workspace) if trace else None
        return Assessment(subject, analyze(context, *code), seen)
    except Exception:  # It only adds to what is shown: nothing else may fail with it.
        logger.exception("An analysis of scope failed.")
        return None


def _definition(place: Place) -> tuple[ParsedDocument, Definition] | None:
    definition = place.parsed.definition_at(place.range) if place.parsed else None
    return (place.parsed, definition) if place.parsed and definition else None


def _suspect(trace: Trace, workspace: Workspace) -> tuple[ParsedDocument, Definition] | None:
    """The function most likely to hold the cause of a trace."""
    failures = suspects(trace, workspace)
    return (failures[0].parsed, failures[0].definition) if failures else None


async def _within(future: Future[Assessment | None], timeout_s: float) -> Assessment | None:
    """The result, None when it is not there in time; the work goes on."""
    waited = asyncio.shield(asyncio.wrap_future(future))
    try:
        return await asyncio.wait_for(waited, timeout_s)
    except TimeoutError:
        return None


def _key(task: Task, text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()
    return f"{task.value} {digest}"

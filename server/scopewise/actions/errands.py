"""What the local actions do, as an errand for Claude: the same target, the same checks, another
prompt with more of the code around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from scopewise.actions import explain, fill_body, fix_traceback
from scopewise.actions.generation import generate
from scopewise.actions.goal import Draft, Goal
from scopewise.actions.outcome import Job, Outcome, Place, Usage
from scopewise.actions.refine import outcome_of, refine
from scopewise.cloud.redaction import Redaction, Restored
from scopewise.context.part import Part
from scopewise.context.source import sources_of
from scopewise.context.surroundings import Piece
from scopewise.context.widened import Wish
from scopewise.document import DocumentSnapshot
from scopewise.engine.protocol import Request, Sampling
from scopewise.errors import InputError
from scopewise.prompt.cloud import cloud_request, explain_parts, fill_parts, fix_parts
from scopewise.scope.escalation import Task
from scopewise.syntax.languages import Language
from scopewise.verify.explanation import check_explanation
from scopewise.verify.extract import holds_function, whole_answer
from scopewise.verify.label import Finding, Label, Verdict

Finish = Callable[[Job, Request, Redaction], Awaitable[Outcome]]


@dataclass(frozen=True)
class Errand:
    """One task for Claude."""

    task: Task
    title: str
    document: DocumentSnapshot
    """What is asked about is in it; it is sent only if it may be."""
    wish: Wish | None
    """What the code around is looked for; None where there is no definition."""
    parts: Callable[[Sequence[Piece], Path | None], tuple[Part, ...]]
    language: Language | None
    finish: Finish
    """The checked outcome of a request, whose answers may hold placeholders."""

    def request(self, rendered: Sequence[str], stem: str) -> Request:
        """The request made of the parts as they are sent."""
        is_code = self.task is not Task.EXPLAIN
        return cloud_request(self.language, rendered, stem, is_code=is_code)


_LOCAL = {Task.FILL: fill_body, Task.FIX: fix_traceback, Task.EXPLAIN: explain}


def target_at(task: Task, place: Place) -> str:
    """What the local action of the task works on at a place, empty where it does not apply."""
    offered = _LOCAL[task].offer(place)
    return offered.target if offered else ""


async def errand_for(job: Job, place: Place, task: Task) -> Errand:
    """The errand for a task at a place; raises InputError."""
    if task is Task.FILL:
        return _fill(job, place)
    if task is Task.FIX:
        return await _fix(job, place)
    return _explain(place)


def _fill(job: Job, place: Place) -> Errand:
    slot = fill_body.slot_at(place)
    if slot is None:
        raise InputError("There is no documented stub here.")
    title = fill_body.fill_title(slot)

    async def finish(job: Job, request: Request, redaction: Redaction) -> Outcome:
        goal = _paid(fill_body.fill_goal(job, slot, partial(_again, request)), redaction)
        return outcome_of(fill_body.ID, title, goal, await refine(job, goal))

    return Errand(
        Task.FILL,
        title,
        slot.parsed.snapshot,
        Wish(slot.parsed, slot.definition),
        partial(fill_parts, slot),
        slot.parsed.language,
        finish,
    )


async def _fix(job: Job, place: Place) -> Errand:
    clue = (await fix_traceback.clues_at(job, place))[0]
    # The test's own text may be in a file that is never sent; where it is not, it is found again.
    clue = await fix_traceback.with_notes(job, clue, quotes_test=False)
    failure, title = clue.failure, fix_traceback.fix_title(clue)

    async def finish(job: Job, request: Request, redaction: Redaction) -> Outcome:
        asked = fix_traceback.fix_goal(job, clue, place, partial(_again, request))
        goal = _paid(asked, redaction)
        return fix_traceback.fix_outcome(fix_traceback.ID, title, goal, await refine(job, goal))

    return Errand(
        Task.FIX,
        title,
        failure.parsed.snapshot,
        Wish(failure.parsed, failure.definition, failure.trace),
        partial(fix_parts, failure),
        failure.parsed.language,
        finish,
    )


def _explain(place: Place) -> Errand:
    subject = explain.subject_at(place)
    if subject is None:
        raise InputError("There is no code here to explain.")
    language = place.parsed.language if place.parsed else None
    span = subject.definition.range if subject.definition else place.range
    sources = sources_of(place.snapshot, [span])
    fence = language.fence if language else ""
    code = Part(subject.code(), "The code:", fence, "the code to be explained", sources)

    async def finish(job: Job, request: Request, redaction: Redaction) -> Outcome:
        completion = await generate(job, request, "Explaining", show_text=True)
        restored = redaction.restore(completion.text)
        known = "\n".join([code.text, subject.what, *(m.content for m in request.messages)])
        label = check_explanation(restored.text, known, completion.stop_reason, language)
        if objections := _objections(restored):
            label = Label(Verdict.DECLINED, label.passed, objections)
        outcome = explain.explained(place, subject, restored.text, label)
        return replace(outcome, usage=Usage().plus(completion))

    wish = None
    if place.parsed and subject.definition and subject.definition.kind == "function":
        wish = Wish(place.parsed, subject.definition)
    title = f"Explain {subject.what}"
    parts = partial(explain_parts, language, subject.what, code)
    return Errand(Task.EXPLAIN, title, place.snapshot, wish, parts, language, finish)


def _again(request: Request, sampling: Sampling, n_samples: int) -> Request:
    """The same bytes, for so many answers: nothing else was agreed to."""
    return msgspec.structs.replace(request, n_samples=n_samples)


def _paid(goal: Goal, redaction: Redaction) -> Goal:
    """The goal, for answers that are a whole function and may hold placeholders."""

    def draft(answer: str) -> Draft:
        restored = redaction.restore(answer)
        asked = goal.parsed.language, restored.text, goal.definition.name
        made = goal.draft(whole_answer(*asked))
        objections = _objections(restored)
        if not holds_function(*asked):
            # What it holds instead would be taken for the body.
            missing = f"The answer does not hold the function `{goal.definition.name}`."
            objections += (Finding("asked for", missing),)
        if not objections:
            return made
        label = Label(Verdict.DECLINED, made.label.passed, objections)
        return replace(made, label=label)

    return replace(goal, doing=f"{goal.doing} (Claude)", draft=draft)


def _objections(restored: Restored) -> tuple[Finding, ...]:
    """What is held against an answer whose placeholders are not all ours, or not where they can
    be put back."""
    unknown = [
        f"The answer holds `{name}`, which stands for nothing that was sent."
        for name in restored.unknown
    ]
    return tuple(Finding("placeholders", text) for text in (*unknown, *restored.findings))

"""Fix from stack trace: the function to change among those that could hold the cause, and how."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import msgspec

from scopewise.actions.candidate import drafted, fingerprint, rewrite_change
from scopewise.actions.goal import Approach, Draft, Goal, Requests
from scopewise.actions.outcome import Job, Offer, Outcome, Phase, Place
from scopewise.actions.proof import ProjectProof
from scopewise.actions.refine import Refined, outcome_of, refine
from scopewise.context.surroundings import surroundings
from scopewise.document import DocumentSnapshot
from scopewise.errors import InputError
from scopewise.prompt.fix_traceback import anew_request, fix_request, without_marks
from scopewise.scope.traces.failing_values import FailingExample, failing_calls, failing_examples
from scopewise.scope.traces.localise import Failure, find_failure, suspects
from scopewise.scope.traces.stack import Trace
from scopewise.scope.traces.traceback import trace_at
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange
from scopewise.verify.behaviour import Example
from scopewise.verify.findings import example_findings
from scopewise.verify.hiding import hides_failure
from scopewise.verify.label import Finding, Verdict
from scopewise.verify.minimal import edit_size
from scopewise.verify.reproduction_command import reproduction_of
from scopewise.verify.specification import examples
from scopewise.verify.trial import trial_of

ID = "fix_traceback"
_MAX_SUSPECTS = 2
"""Functions that are tried in turn; each costs as much as the first."""


def offer(place: Place) -> Offer | None:
    """Offered where the selection or the line lies in a stack trace, in a document of any kind."""
    trace = trace_at(place.snapshot.source, place.range)
    if trace is None or not trace.has_frames:
        return None
    what = f"`{trace.exception.type_name}`" if trace.exception else "the failure"
    return Offer(f"Fix {what} from this stack trace", f"trace {trace.range.start}")


def trace_place(text: str) -> Place:
    """A place made of a trace handed over as text."""
    snapshot = DocumentSnapshot("scopewise:trace", text)
    return Place(snapshot, None, ByteRange(0, len(snapshot.source)))


async def run(job: Job, place: Place) -> Outcome:
    """The outcome whose change mends a function a trace leads to."""
    outcomes = []
    for clue in await clues_at(job, place):
        clue = await with_notes(job, clue)
        goal = await _goal(job, clue, place)
        outcomes.append(fix_outcome(ID, fix_title(clue), goal, await refine(job, goal)))
        if outcomes[-1].label.verdict is not Verdict.DECLINED:
            break
    return _with_all_usage(outcomes)


@dataclass(frozen=True)
class Clue:
    """A suspect, and what the trace says it must do."""

    failure: Failure
    asserted: tuple[FailingExample, ...]
    calls: tuple[str, ...]

    @property
    def exception_type(self) -> str:
        exception = self.failure.trace.exception
        return exception.type_name if exception else ""


async def clues_at(job: Job, place: Place) -> Sequence[Clue]:
    """The suspects of the trace at a place, the likeliest first; raises InputError."""
    trace = trace_at(place.snapshot.source, place.range)
    if trace is None:
        raise InputError("There is no stack trace here.", "Select one, or put the cursor into it.")
    job.report(Phase("Finding the function to change"))
    return [await asyncio.to_thread(_clue, failure, job) for failure in _failures(job, trace)]


def fix_goal(job: Job, clue: Clue, place: Place, request: Requests) -> Goal:
    """What is wanted of a function that is to be mended, whoever does it."""
    failure = clue.failure
    parsed, definition = failure.parsed, failure.definition
    again = reproduction_of(failure.trace, place.snapshot.text, job.workspace.roots)
    return Goal(
        doing=f"Mending `{definition.name}`",
        parsed=parsed,
        definition=definition,
        request=request,
        draft=partial(_draft, clue),
        examples=(*_from_trace(clue), *examples(parsed, definition)),
        prove=ProjectProof(job, parsed, definition, again).prove,
    )


def fix_title(clue: Clue) -> str:
    return f"Fix `{clue.failure.definition.qualified_name}`"


def fix_outcome(producer: str, title: str, goal: Goal, refined: Refined) -> Outcome:
    outcome = outcome_of(producer, title, goal, refined)
    name = goal.definition.qualified_name
    return replace(outcome, markdown=f"Changed `{name}` in {goal.parsed.snapshot.name}.")


def _failures(job: Job, trace: Trace) -> Sequence[Failure]:
    """The suspects to try; raises InputError when there are none."""
    return suspects(trace, job.workspace)[:_MAX_SUSPECTS] or [find_failure(trace, job.workspace)]


def _clue(failure: Failure, job: Job) -> Clue:
    known = failure.trace, failure.parsed, failure.definition, job.workspace
    return Clue(failure, failing_examples(*known), failing_calls(*known))


async def with_notes(job: Job, clue: Clue, *, quotes_test: bool = True) -> Clue:
    """The clue with what the failing test says, unless it must not be quoted, and with what the
    function gives today."""
    notes = clue.failure.note if quotes_test else "", await _given_today(job, clue)
    return replace(clue, failure=replace(clue.failure, note="\n\n".join(filter(None, notes))))


async def _goal(job: Job, clue: Clue, place: Place) -> Goal:
    """The goal for the local model; a documented function it cannot mend it may write anew."""
    failure, actions = clue.failure, job.settings.actions
    pieces = await surroundings(
        failure.parsed,
        failure.definition,
        job.workspace,
        job.engine.count_tokens,
        actions.context_budget_tokens,
    )
    mending = partial(fix_request, failure, pieces, actions.max_answer_tokens)
    goal = fix_goal(job, clue, place, mending)
    if failure.definition.doc is None:
        return goal
    held = [known.assertion for known in clue.asserted]
    anew = partial(anew_request, failure, pieces, held, actions.max_answer_tokens)
    return replace(goal, otherwise=Approach(anew, goal.draft, is_last_resort=True))


async def _given_today(job: Job, clue: Clue) -> str:
    """What the function gives today for the examples it must satisfy."""
    parsed, definition = clue.failure.parsed, clue.failure.definition
    shown = (*map(_as_value, clue.asserted), *examples(parsed, definition))
    if not shown or job.runner.obstacle:
        return ""
    trial = trial_of(parsed, definition, parsed.snapshot.text, job.workspace.roots)
    report = await job.runner.run(msgspec.structs.replace(trial, examples=shown), job.cancel)
    findings = example_findings(shown, report.examples)
    said = " ".join(finding.message for finding in findings)
    return f"When it is run: {said}" if said else ""


def _as_value(known: FailingExample) -> Example:
    """The failed assertion as a call and the value it must give, where it is such a one."""
    test = ast.parse(known.assertion).body[0]
    if isinstance(test, ast.Assert) and isinstance(test.test, ast.Compare):
        compared = test.test
        if isinstance(compared.ops[0], ast.Eq) and len(compared.ops) == 1:
            sides = ast.unparse(compared.left), ast.unparse(compared.comparators[0])
            return Example(source=sides[0], expected=sides[1], form="value")
    return Example(source=known.assertion, expected="", form="assert")


def _from_trace(clue: Clue) -> tuple[Example, ...]:
    """What the trace itself says must hold: the assertion that failed, or that a call must not
    raise again."""
    held = [
        Example(source=known.assertion, expected="", form="assert", shown=known.assertion)
        for known in clue.asserted
    ]
    if not held and clue.exception_type != "AssertionError":
        held = [Example(source=call, expected="", form="assert", shown=call) for call in clue.calls]
    return tuple(held)


def _draft(clue: Clue, answer: str) -> Draft:
    parsed, definition = clue.failure.parsed, clue.failure.definition
    change = rewrite_change(parsed, definition, without_marks(answer))
    draft = drafted(parsed, definition, answer, change, partial(_objection, clue))
    return replace(draft, size=edit_size(parsed.snapshot.text, draft.code))


def _objection(clue: Clue, after: ParsedDocument, new: Definition) -> Finding | None:
    """What is held against a rewrite that fails no other static check."""
    parsed, definition = clue.failure.parsed, clue.failure.definition
    rewritten = fingerprint(after, new)
    if rewritten and rewritten == fingerprint(parsed, definition):
        return Finding("changes something", "The model gave the function back unchanged.")
    return hides_failure(
        parsed,
        definition,
        after,
        new,
        clue.exception_type,
        clue.asserted,
        clue.calls,
        clue.failure.line,
    )


def _with_all_usage(outcomes: Sequence[Outcome]) -> Outcome:
    """The outcome that was not declined, else the first, with what all of them cost."""
    best = outcomes[-1] if outcomes[-1].label.verdict is not Verdict.DECLINED else outcomes[0]
    usage = outcomes[0].usage
    for other in outcomes[1:]:
        usage = usage.and_also(other.usage)
    return replace(best, usage=usage)

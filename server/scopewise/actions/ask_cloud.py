"""Ask Claude: a task too large for the local model, sent once the user has seen the bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from scopewise.actions.deadline import deadline
from scopewise.actions.errands import Errand, errand_for, target_at
from scopewise.actions.outcome import Job, Offer, Outcome, Phase, Place
from scopewise.actions.workspace import innermost_root
from scopewise.cancel import CancelToken
from scopewise.cloud.access import Choice
from scopewise.cloud.exclusion import Exclusion
from scopewise.cloud.proposal import Inquiry, Proposal
from scopewise.context.widened import Widened, widened
from scopewise.engine.claude_request import estimated_tokens
from scopewise.errors import Cancelled, InputError
from scopewise.scope.escalation import Advice, Decision, Task

ID = "ask_cloud"
NOT_SENT = "Nothing was sent."

_DOING = {Task.FILL: "fill body", Task.FIX: "fix from stack trace", Task.EXPLAIN: "explain"}
T = TypeVar("T")


def producer_id(task: Task) -> str:
    """The id of the producer that has Claude do a task."""
    return f"{ID}.{task.value}"


def offer(task: Task, place: Place) -> Offer | None:
    """Offered, after an analysis, where the decision is for the cloud."""
    return accept(task, place) if _is_advised(place.decisions.get(task)) else None


def accept(task: Task, place: Place) -> Offer | None:
    """What is asked for where somebody wants it, whatever was decided."""
    target, decision = target_at(task, place), place.decisions.get(task)
    if not target:
        return None
    reason = f" ({decision.reasons[0].sentence})" if decision and _is_advised(decision) else ""
    return Offer(f"Ask Claude: {_DOING[task]}{reason}", f"cloud {target}")


async def run(task: Task, job: Job, place: Place) -> Outcome:
    """The checked outcome of one request to Claude, which the user saw and agreed to.

    Raises Cancelled when they did not, CloudError, LimitReached, LedgerFailed or InputError.
    """
    job.report(Phase("Gathering what would be sent"))
    errand = await errand_for(job, place, task)
    proposal = await _proposal(job, errand, place)
    await _agreed(job, proposal)
    settings = job.settings
    verify = replace(settings.verify, samples=settings.cloud.samples - 1, repairs=0)
    paid = replace(
        job,
        engine=job.cloud.engine(proposal, settings.cloud),
        settings=replace(settings, verify=verify),
    )
    with deadline(job.cancel, settings.actions.deadline_s):
        outcome = await errand.finish(paid, proposal.request, proposal.redaction)
    return replace(outcome, producer=producer_id(task), title=f"{outcome.title} (Claude)")


async def _proposal(job: Job, errand: Errand, place: Place) -> Proposal:
    """What would be sent; raises InputError where the document itself must stay here."""
    exclusion = Exclusion(job.workspace.roots, job.settings.cloud.exclude)
    path, decision = errand.document.path, place.decisions.get(errand.task)
    # A trace may stand in another file than the function it leads to.
    for document in (errand.document, place.snapshot):
        reason = exclusion.reason(document.path) if document.path else ""
        if reason:
            raise InputError(f"{document.name} is never sent. {reason}", NOT_SENT)
    around = await asyncio.to_thread(_around, job, errand, exclusion)
    root = _root(job, path)
    inquiry = Inquiry(
        title=errand.title,
        task=errand.task.value,
        decision=decision.advice.value if decision else "",
        reasons=tuple(reason.sentence for reason in decision.reasons) if decision else (),
        root=root,
        parts=errand.parts(around.pieces, root),
        request=errand.request,
        left_out=around.left_out,
    )
    return await job.cloud.propose(inquiry, job.settings.cloud)


def _around(job: Job, errand: Errand, exclusion: Exclusion) -> Widened:
    if errand.wish is None:
        return Widened((), ())
    budget = job.settings.cloud.context_budget_tokens
    return widened(
        errand.wish, job.workspace, job.index, exclusion.reason, budget, estimated_tokens
    )


async def _agreed(job: Job, proposal: Proposal) -> None:
    """Return when the user agrees; raises Cancelled when they do not."""
    if job.cloud.is_agreed(proposal):
        return
    job.report(Phase("Waiting for your answer: nothing has been sent"))
    choice = await _unless_cancelled(job.may_send(proposal), job.cancel)
    if choice is Choice.NO:
        raise Cancelled(NOT_SENT)
    if choice is Choice.SESSION:
        job.cloud.agree(proposal)


async def _unless_cancelled(answer: Awaitable[T], cancel: CancelToken) -> T:
    """The answer to a question; raises Cancelled when the job is stopped first."""
    waiting = asyncio.ensure_future(answer)
    loop = asyncio.get_running_loop()
    forget = cancel.on_cancel(lambda: loop.call_soon_threadsafe(waiting.cancel))
    try:
        return await waiting
    except asyncio.CancelledError:
        cancel.check()
        raise
    finally:
        forget()


def _root(job: Job, path: Path | None) -> Path | None:
    """The innermost folder of the workspace a file lies in, else the first."""
    roots = job.workspace.roots
    return innermost_root(path and path.resolve(), roots) or next(iter(roots), None)


def _is_advised(decision: Decision | None) -> bool:
    return decision is not None and decision.advice is Advice.OFFER_CLOUD

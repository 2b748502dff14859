"""An action as a job: found again, run, and delivered or handed back."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from scopewise.actions.ask_cloud import NOT_SENT
from scopewise.actions.outcome import Outcome, Phase
from scopewise.actions.producers import producer
from scopewise.actions.report import outcome_report
from scopewise.actions.session import Task
from scopewise.engine.scheduler import PREEMPTED, REPLACED
from scopewise.errors import Cancelled, ModelCorrupt, ModelMissing, ScopewiseError
from scopewise.lsp import to_lsp
from scopewise.lsp.asking_cloud import may_send
from scopewise.lsp.consent import may_run
from scopewise.lsp.delivery import deliver
from scopewise.lsp.explaining import Explanation
from scopewise.lsp.following import cloud_title, next_task
from scopewise.lsp.jobs import AT_SHUTDOWN, BY_USER, Job
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.messages import tell_failure, tell_internal_error
from scopewise.lsp.placing import target
from scopewise.lsp.pulling import offer_to_pull
from scopewise.lsp.results import Choice

_SILENT = frozenset({NOT_SENT, BY_USER, AT_SHUTDOWN, REPLACED, PREEMPTED})
"""Reasons for the end of a job that nobody needs to be told."""


def start(ls: ScopewiseServer, task: Task) -> None:
    """Begin a task as a job that nobody waits for."""
    ls.jobs.start(_title(task), lambda job: run_and_deliver(ls, job, task))


def start_and_wait(
    ls: ScopewiseServer, task: Task, *, applies: bool, request: str | int | None
) -> asyncio.Task[dict[str, Any]]:
    """Begin a task as a job whose outcome, as JSON, somebody waits for with that request."""
    return ls.jobs.start(
        _title(task),
        lambda job: run_and_report(ls, job, task, applies=applies),
        request=request,
    )


async def run_and_deliver(ls: ScopewiseServer, job: Job, task: Task) -> None:
    """Run a task to the end the user sees; never fails."""
    try:
        with Explanation(ls, job, task.place.snapshot.uri) as explanation:
            outcome = await _run(ls, job, task, explanation)
            choice = await deliver(ls, job, outcome, explanation, cloud_title(ls, task, outcome))
        following = next_task(ls, task, choice)
        if following is not None:
            start(ls, following)
    except Cancelled as failure:
        await job.progress.end(failure.message)
        if failure.message not in _SILENT:
            tell_failure(ls, failure)
    except (ModelMissing, ModelCorrupt) as failure:
        await job.progress.end(failure.message)
        await offer_to_pull(ls, failure)
    except ScopewiseError as failure:
        await job.progress.end(failure.message)
        tell_failure(ls, failure)
    except Exception as error:
        await job.progress.end("Failed.")
        tell_internal_error(ls, error)


async def run_and_report(
    ls: ScopewiseServer, job: Job, task: Task, *, applies: bool
) -> dict[str, Any]:
    """The outcome of a task as JSON, for a script that waits; raises JsonRpcException."""
    try:
        with Explanation(ls, job, task.place.snapshot.uri) as explanation:
            outcome = await _run(ls, job, task, explanation if applies else None)
            document = target(ls, outcome.change) if outcome.change else None
            report = outcome_report(outcome, document, ls.encoding)
            if not applies:
                return {**report, "applied": False}
            choice = await deliver(ls, job, outcome, explanation, cloud_title(ls, task, outcome))
        following = next_task(ls, task, choice)
        if following is None:
            return {**report, "applied": choice is Choice.APPLY}
    except ScopewiseError as failure:
        await job.progress.end(failure.message)
        raise to_lsp.error(failure) from failure
    return await start_and_wait(ls, following, applies=True, request=job.request)


async def _run(
    ls: ScopewiseServer, job: Job, task: Task, explanation: Explanation | None
) -> Outcome:
    def report(phase: Phase) -> None:
        job.progress.phase(phase)
        if explanation is not None:
            explanation.phase(phase)

    outcome = await ls.session.run(
        task,
        ls.files,
        job.cancel,
        report,
        consent=partial(may_run, ls),
        may_send=partial(may_send, ls, job.cancel),
    )
    await job.progress.end(outcome.label.sentence)
    return outcome


def _title(task: Task) -> str:
    offer = producer(task.producer).accept(task.place)
    return offer.title if offer else task.producer

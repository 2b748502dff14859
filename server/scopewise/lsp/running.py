"""An action as a job: found again, run, and delivered or handed back."""

from __future__ import annotations

from functools import partial
from typing import Any

from scopewise.actions.outcome import Outcome, Place
from scopewise.actions.producers import producer
from scopewise.actions.report import outcome_report
from scopewise.actions.session import Task
from scopewise.engine.scheduler import PREEMPTED, REPLACED
from scopewise.errors import (
    Cancelled,
    InputError,
    ModelCorrupt,
    ModelMissing,
    ScopewiseError,
    StaleDocument,
)
from scopewise.lsp import from_lsp, to_lsp
from scopewise.lsp.commands import RunArguments
from scopewise.lsp.consent import may_run
from scopewise.lsp.delivery import deliver, target
from scopewise.lsp.jobs import AT_SHUTDOWN, BY_USER, Job
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.messages import tell_failure, tell_internal_error
from scopewise.lsp.pulling import offer_to_pull
from scopewise.text import ByteRange

_SILENT = frozenset({BY_USER, AT_SHUTDOWN, REPLACED, PREEMPTED})
"""Reasons for the end of a job that nobody needs to be told."""


def place_of(ls: ScopewiseServer, arguments: RunArguments) -> Place:
    """Where a command applies, in the document as it is now; raises InputError, StaleDocument."""
    found = ls.files.document(arguments.uri)
    if found is None:
        raise InputError(f"{arguments.uri} is neither open nor a readable file.")
    snapshot, parsed = found
    span = from_lsp.byte_range(snapshot, arguments.range.to_lsp(), ls.encoding)
    place = Place(snapshot, parsed, span)
    if not arguments.target or arguments.version == snapshot.version:
        return place
    return _followed(place, arguments)


async def run_and_deliver(ls: ScopewiseServer, job: Job, task: Task) -> None:
    """Run a task to the end the user sees; never fails."""
    try:
        outcome = await _run(ls, job, task)
        await deliver(ls, outcome, job.cancel)
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
        outcome = await _run(ls, job, task)
        document = target(ls, outcome.change) if outcome.change else None
        report = outcome_report(outcome, document, ls.encoding)
        return {**report, "applied": applies and await deliver(ls, outcome, job.cancel)}
    except ScopewiseError as failure:
        await job.progress.end(failure.message)
        raise to_lsp.error(failure) from failure


async def _run(ls: ScopewiseServer, job: Job, task: Task) -> Outcome:
    consent = partial(may_run, ls)
    outcome = await ls.session.run(task, ls.files, job.cancel, job.progress.phase, consent)
    await job.progress.end(outcome.label.sentence)
    return outcome


def _followed(place: Place, arguments: RunArguments) -> Place:
    """The place, moved to where its target stands in a version newer than the command's."""
    row = producer(arguments.producer)
    definitions = place.parsed.definitions if place.parsed else ()
    names = [definition.name_range.start for definition in definitions]
    elsewhere = (Place(place.snapshot, place.parsed, ByteRange(at, at)) for at in names)
    for candidate in (place, *elsewhere):
        offer = row.offer(candidate)
        if offer is not None and offer.target == arguments.target:
            return candidate
    raise StaleDocument(
        f"{place.snapshot.name} changed, and what the action was meant for is not there any more.",
        "Run the action again.",
    )

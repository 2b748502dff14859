"""A result before the user's eyes, in a client that shows it whole and asks what to do with it."""

from __future__ import annotations

import enum
from typing import Any

import msgspec
from pygls.exceptions import JsonRpcException

from scopewise.actions import ask_cloud, explain
from scopewise.actions.outcome import Outcome
from scopewise.document import DocumentSnapshot
from scopewise.lsp.client_requests import request
from scopewise.lsp.jobs import Job
from scopewise.lsp.labels import label_json
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.placing import Placed
from scopewise.scope.escalation import Task

METHOD = "scopewise/showResult"

_WRITES_TEXT = frozenset({explain.ID, ask_cloud.producer_id(Task.EXPLAIN)})


class Choice(enum.StrEnum):
    """What the user wants done with a result."""

    APPLY = "apply"
    DISCARD = "discard"
    AGAIN = "again"
    """The same task once more, for something else."""
    CLOUD = "cloud"
    """The same place, by the larger model."""


class CannotShow(Exception):
    """The client refused the result, or answered something that is no choice."""


class _Answer(msgspec.Struct):
    choice: Choice


async def show(
    ls: ScopewiseServer, job: Job, outcome: Outcome, placed: Placed | None, cloud: str | None
) -> Choice:
    """The user's choice, however long it takes; raises CannotShow, and Cancelled.

    `placed` is the change where there is one; `cloud` the title of the action that asks the cloud
    where it is offered.
    """
    params = {
        "id": job.progress.token,
        "title": outcome.title,
        "producer": outcome.producer,
        "label": label_json(outcome.label),
        "rejected": outcome.rejected,
        "note": outcome.markdown if placed else "",
        "needsConfirmation": placed is not None,
        "canRetry": True,
        "cloud": cloud,
        **_document(ls, outcome, placed),
    }
    try:
        answer = await request(ls, METHOD, params, job.cancel)
        choice = msgspec.convert(answer, _Answer | None)
    except (JsonRpcException, msgspec.ValidationError) as error:
        raise CannotShow from error
    return _possible(choice.choice if choice else Choice.DISCARD, params)


def _document(ls: ScopewiseServer, outcome: Outcome, placed: Placed | None) -> dict[str, Any]:
    """Where the result belongs: the version the edits are for, and the language it is in."""
    found = (placed.snapshot, placed.parsed) if placed else ls.files.document(outcome.uri)
    snapshot, parsed = found or (DocumentSnapshot(outcome.uri, ""), None)
    language = snapshot.language or (parsed.language.id if parsed else "")
    return {
        "uri": snapshot.uri,
        "version": snapshot.version,
        "languageId": "markdown" if outcome.producer in _WRITES_TEXT else language,
        "edits": placed.edits if placed else [],
    }


def _possible(choice: Choice, params: dict[str, Any]) -> Choice:
    """The choice; raises CannotShow for one that was not on offer."""
    if choice is Choice.APPLY and not params["edits"]:
        raise CannotShow
    if choice is Choice.CLOUD and params["cloud"] is None:
        raise CannotShow
    return choice

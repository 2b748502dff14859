"""Whether a change may be applied: shown whole, previewed by the editor, asked, or not needed."""

from __future__ import annotations

import enum

from lsprotocol import types as lsp

from scopewise.actions.change import Change
from scopewise.actions.outcome import Outcome
from scopewise.errors import InputError
from scopewise.lsp import results
from scopewise.lsp.jobs import Job
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.messages import CannotAsk, ask, warn
from scopewise.lsp.placing import place
from scopewise.lsp.results import CannotShow, Choice
from scopewise.verify.label import Label

_APPLY, _DISCARD = "Apply", "Discard"


class Consent(enum.Enum):
    """How the user comes to agree to a change."""

    NOT_NEEDED = enum.auto()
    GIVEN = enum.auto()
    BY_PREVIEW = enum.auto()
    """The editor asks when it gets the edit."""


async def consent_to(
    ls: ScopewiseServer, job: Job, outcome: Outcome, change: Change, cloud: str | None
) -> tuple[Consent, Choice]:
    """How the user agrees to a change, and what they chose.

    Raises StaleDocument, Cancelled, and InputError where the editor has no way to ask.
    """
    if not _is_confirmed(ls, outcome.label):
        return Consent.NOT_NEEDED, Choice.APPLY
    if ls.client.shows_results:
        return Consent.GIVEN, await _chosen(ls, job, outcome, change, cloud)
    if ls.client.previews_edits:
        return Consent.BY_PREVIEW, Choice.APPLY
    return Consent.GIVEN, Choice.APPLY if await _is_wanted(ls, outcome) else Choice.DISCARD


def _is_confirmed(ls: ScopewiseServer, label: Label) -> bool:
    """Whether the settings have the user asked about a result with this label."""
    confirm = ls.session.settings.actions.confirm
    return confirm == "always" or (confirm == "unverified" and label.needs_confirmation)


async def _chosen(
    ls: ScopewiseServer, job: Job, outcome: Outcome, change: Change, cloud: str | None
) -> Choice:
    try:
        return await results.show(ls, job, outcome, place(ls, change), cloud)
    except CannotShow:
        warn(
            ls,
            f"{outcome.title}: {outcome.label.sentence}. The editor could not show the result, so "
            "it was not applied.",
        )
        return Choice.DISCARD


async def _is_wanted(ls: ScopewiseServer, outcome: Outcome) -> bool:
    """What the user says when asked by a message."""
    needs_care = outcome.label.needs_confirmation
    kind = lsp.MessageType.Warning if needs_care else lsp.MessageType.Info
    question = f"{outcome.title}: {outcome.label.sentence}"
    try:
        answer = await ask(ls, kind, question, _APPLY, _DISCARD)
    except CannotAsk:
        raise InputError(
            f"{question}. This editor cannot ask whether to apply it, so it was not applied.",
            "With the setting `actions.confirm` at `never`, such results are applied unasked.",
        ) from None
    return answer == _APPLY

"""An outcome on its way to the user: an edit of a document, a text, or the reason for neither.

Edits are placed in the document as it is at that moment, and placed again after every time the
user or the client took to answer. Whoever gets an edit has seen its label: in a client that shows
results, in the editor's own preview, in our question, or in a message afterwards.
"""

from __future__ import annotations

import asyncio

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from scopewise.actions.change import Change, place_change
from scopewise.actions.outcome import Outcome
from scopewise.document import DocumentSnapshot
from scopewise.errors import InputError
from scopewise.lsp import pages, results, to_lsp
from scopewise.lsp.consenting import Consent, consent_to
from scopewise.lsp.explaining import Explanation
from scopewise.lsp.jobs import Job
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.messages import CannotAsk, ask, tell, warn
from scopewise.lsp.placing import Placed, place, target
from scopewise.lsp.results import CannotShow, Choice
from scopewise.verify.label import Verdict


async def deliver(
    ls: ScopewiseServer, job: Job, outcome: Outcome, explanation: Explanation, cloud: str | None
) -> Choice:
    """What became of the outcome: APPLY when it was applied or shown, DISCARD when not, or what
    the user wants instead.

    Raises StaleDocument, InputError, and Cancelled for a job stopped while the user was asked.
    """
    job.is_with_user = True
    if outcome.label.verdict is Verdict.DECLINED:
        explanation.decline(outcome)
        return await _decline(ls, job, outcome, cloud)
    if outcome.change is not None:
        return await _change(ls, job, outcome, outcome.change, cloud)
    await explanation.show(outcome)
    return Choice.APPLY


async def _decline(ls: ScopewiseServer, job: Job, outcome: Outcome, cloud: str | None) -> Choice:
    """Show an answer that is not inserted, and why."""
    if ls.client.shows_results:
        try:
            return await results.show(ls, job, outcome, None, cloud)
        except CannotShow:
            pass
    said = f"{outcome.title}: {outcome.label.sentence}"
    # A question is in the way of who has no key to answer it with.
    may_ask = cloud is not None and ls.session.cloud.keys.is_at_hand
    try:
        answer = await ask(ls, lsp.MessageType.Warning, said, cloud or "") if may_ask else None
    except CannotAsk:
        answer = None
    if answer is None:
        warn(ls, said)
    return Choice.CLOUD if answer else Choice.DISCARD


async def _change(
    ls: ScopewiseServer, job: Job, outcome: Outcome, change: Change, cloud: str | None
) -> Choice:
    if not ls.client.takes_edits:
        await _show_instead(ls, outcome, change)
        return Choice.DISCARD
    consent, choice = await consent_to(ls, job, outcome, change, cloud)
    if choice is not Choice.APPLY:
        return choice
    job.cancel.check()
    is_applied = await _apply(ls, outcome, change, consent)
    return Choice.APPLY if is_applied else Choice.DISCARD


async def _apply(ls: ScopewiseServer, outcome: Outcome, change: Change, consent: Consent) -> bool:
    is_previewed = consent is Consent.BY_PREVIEW
    annotation = lsp.ChangeAnnotation(outcome.title, is_previewed, outcome.label.sentence)
    was_open = ls.documents.snapshot(change.uri) is not None
    placed = await _try_twice(ls, outcome.title, change, annotation)
    if placed is None:
        if not is_previewed:
            warn(ls, f"{outcome.title}: the editor did not apply the edit.")
        return False
    if not was_open:
        await _show_edit(ls, placed)
    if consent is Consent.NOT_NEEDED:
        tell(ls, f"{outcome.title}: {outcome.label.sentence}")
    return True


async def _try_twice(
    ls: ScopewiseServer, label: str, change: Change, annotation: lsp.ChangeAnnotation
) -> Placed | None:
    """The edits as they were applied; a client that was a version ahead is asked once more."""
    for is_last in (False, True):
        placed = place(ls, change)
        edit = to_lsp.workspace_edit(ls.client, placed.snapshot, placed.edits, annotation)
        params = lsp.ApplyWorkspaceEditParams(edit, label)
        try:
            result = await ls.workspace_apply_edit_async(params)
        except JsonRpcException as error:
            # eglot refuses an edit of an older version so, half a second before it tells the newer.
            if not is_last and await _is_overtaken(ls, placed.snapshot):
                continue
            raise InputError(f"The editor did not apply the edit ({error.message}).") from error
        if result.applied:
            return placed
        if result.failure_reason:
            warn(ls, f"{label}: the editor did not apply the edit ({result.failure_reason}).")
        now = ls.documents.snapshot(change.uri)
        if now is None or now.version == placed.snapshot.version:
            return None
    return None


async def _is_overtaken(ls: ScopewiseServer, placed: DocumentSnapshot) -> bool:
    """Whether the client tells a newer version soon; eglot waits until the user types no more."""
    for _ in range(100):
        now = ls.documents.snapshot(placed.uri)
        if now is None or now.version != placed.version:
            return now is not None
        await asyncio.sleep(0.05)
    return False


async def _show_edit(ls: ScopewiseServer, placed: Placed) -> None:
    """Open a document that was changed while it was closed, at the change."""
    if not ls.client.shows_documents or not placed.edits:
        return
    params = lsp.ShowDocumentParams(
        placed.snapshot.uri, external=False, take_focus=False, selection=placed.edits[0].range
    )
    try:
        await ls.window_show_document_async(params)
    except JsonRpcException:
        return


async def _show_instead(ls: ScopewiseServer, outcome: Outcome, change: Change) -> None:
    """Show the new code to the user of an editor that takes no edits from a server."""
    parsed = target(ls, change)
    code = "\n".join(edit.text for edit in place_change(change, parsed))
    text = f"{outcome.label.sentence}\n\n```{parsed.language.fence}\n{code}\n```"
    await pages.show(ls, ls.client, ls.pages, outcome.title, text)

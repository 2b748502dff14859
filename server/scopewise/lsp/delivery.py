"""An outcome on its way to the user: an edit of a document, a text, or the reason for neither.

Edits are placed in the document as it is at that moment, and placed again after every time the
user or the client took to answer. Whoever gets an edit has seen its label: in the editor's own
preview, in our question, or in a message afterwards.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from scopewise.actions.change import Change, place_change
from scopewise.actions.outcome import Outcome
from scopewise.cancel import CancelToken
from scopewise.document import DocumentSnapshot
from scopewise.errors import InputError, StaleDocument
from scopewise.lsp import pages, to_lsp
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.messages import CannotAsk, ask, tell, warn
from scopewise.syntax.tree import ParsedDocument
from scopewise.verify.label import Verdict

_APPLY, _DISCARD = "Apply", "Discard"


async def deliver(ls: ScopewiseServer, outcome: Outcome, cancel: CancelToken) -> bool:
    """Whether the outcome was applied or shown.

    Raises StaleDocument, InputError, and Cancelled for a job stopped while the user was asked.
    """
    if outcome.label.verdict is Verdict.DECLINED:
        warn(ls, f"{outcome.title}: {outcome.label.sentence}")
        return False
    if outcome.change is not None:
        return await _apply(ls, outcome, outcome.change, cancel)
    text = f"{outcome.markdown}\n\n---\n\n*{_tell(outcome)}*"
    await pages.show(ls, ls.client, ls.pages, outcome.title, text)
    return True


def target(ls: ScopewiseServer, change: Change) -> ParsedDocument:
    """The document a change goes to, as it is now; raises StaleDocument."""
    found = ls.files.document(change.uri)
    if found is None or found[1] is None:
        name = DocumentSnapshot(change.uri, "").name
        raise StaleDocument(
            f"{name} was closed while the answer was being written, and there is no such file, "
            "so nothing was applied.",
            "Open it and run the action again.",
        )
    return found[1]


@dataclass(frozen=True)
class _Placed:
    """A change in one version of its document."""

    snapshot: DocumentSnapshot
    edits: list[lsp.TextEdit]


def _tell(outcome: Outcome) -> str:
    """What was checked of a text, and what was found although it is shown."""
    return " ".join([outcome.label.sentence, *(f.message for f in outcome.label.findings)])


async def _apply(
    ls: ScopewiseServer, outcome: Outcome, change: Change, cancel: CancelToken
) -> bool:
    if not ls.client.takes_edits:
        await _show_instead(ls, outcome, change)
        return False
    asks = outcome.label.needs_confirmation and _confirms(ls)
    is_previewed = asks and ls.client.previews_edits
    if asks and not is_previewed and not await _is_wanted(ls, outcome):
        return False
    cancel.check()
    annotation = lsp.ChangeAnnotation(outcome.title, is_previewed, outcome.label.sentence)
    was_open = ls.documents.snapshot(change.uri) is not None
    placed = await _try_twice(ls, outcome.title, change, annotation)
    if placed is None:
        if not is_previewed:
            warn(ls, f"{outcome.title}: the editor did not apply the edit.")
        return False
    if not was_open:
        await _show_edit(ls, placed)
    if not asks:
        tell(ls, f"{outcome.title}: {outcome.label.sentence}")
    return True


async def _try_twice(
    ls: ScopewiseServer, label: str, change: Change, annotation: lsp.ChangeAnnotation
) -> _Placed | None:
    """The edits as they were applied; a client that was a version ahead is asked once more."""
    for is_last in (False, True):
        placed = _place(ls, change)
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
    """Whether the client tells a newer version within a second."""
    for _ in range(20):
        now = ls.documents.snapshot(placed.uri)
        if now is None or now.version != placed.version:
            return now is not None
        await asyncio.sleep(0.05)
    return False


def _place(ls: ScopewiseServer, change: Change) -> _Placed:
    parsed = target(ls, change)
    edits = place_change(change, parsed)
    return _Placed(parsed.snapshot, to_lsp.text_edits(parsed.snapshot, edits, ls.encoding))


def _confirms(ls: ScopewiseServer) -> bool:
    return ls.session.settings.actions.confirm == "unverified"


async def _is_wanted(ls: ScopewiseServer, outcome: Outcome) -> bool:
    """What the user says to a result that is not verified."""
    question = f"{outcome.title}: {outcome.label.sentence}"
    try:
        answer = await ask(ls, lsp.MessageType.Warning, question, _APPLY, _DISCARD)
    except CannotAsk:
        raise InputError(
            f"{question}. This editor cannot ask whether to apply it, so it was not applied.",
            "With the setting `actions.confirm` at `never`, such results are applied unasked.",
        ) from None
    return answer == _APPLY


async def _show_edit(ls: ScopewiseServer, placed: _Placed) -> None:
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

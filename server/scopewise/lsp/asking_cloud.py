"""The user's word on what would leave this machine: shown first, whole, and then asked for."""

from __future__ import annotations

import asyncio
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from scopewise.cancel import CancelToken
from scopewise.cloud import preview
from scopewise.cloud.access import Choice
from scopewise.cloud.prices import usd
from scopewise.cloud.proposal import Proposal
from scopewise.errors import InputError
from scopewise.lsp.client_requests import request
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.messages import CannotAsk, ask
from scopewise.lsp.pages import opened

ASK_CLOUD = "scopewise/askCloud"
_BUTTONS = {"Send once": Choice.ONCE, "Send in this session": Choice.SESSION}
_NO = "Do not send"
_IN_TERMINAL = "In a terminal, `scopewise fill`, `fix` and `explain` ask with `--cloud`."


async def may_send(ls: ScopewiseServer, cancel: CancelToken, proposal: Proposal) -> Choice:
    """What the user says; raises Cancelled, and InputError where they cannot be asked."""
    if ls.client.previews_cloud:
        return await _ask_our_client(ls, cancel, proposal)
    where = await _show(ls, proposal)
    question = preview.question(proposal)
    try:
        answer = await ask(
            ls, lsp.MessageType.Warning, f"{question} {where}".strip(), *_BUTTONS, _NO
        )
    except CannotAsk:
        raise InputError(
            "This editor cannot ask whether it may be sent, so nothing was sent.", _IN_TERMINAL
        ) from None
    return _BUTTONS.get(answer, Choice.NO)


async def _ask_our_client(ls: ScopewiseServer, cancel: CancelToken, proposal: Proposal) -> Choice:
    try:
        answer = await request(ls, ASK_CLOUD, _params(proposal), cancel)
    except JsonRpcException as error:
        raise InputError(
            f"The editor could not show what would be sent ({error.message}), so nothing was sent."
        ) from error
    choice = answer.get("choice") if isinstance(answer, dict) else None
    return next((known for known in Choice if known.value == choice), Choice.NO)


def _params(proposal: Proposal) -> dict[str, Any]:
    inquiry = proposal.inquiry
    sources = [
        {
            "uri": source.uri,
            "firstLine": source.first_line,
            "lastLine": source.last_line,
            "what": part.what,
        }
        for part in inquiry.parts
        for source in part.sources
    ]
    return {
        "title": inquiry.title,
        "reasons": list(inquiry.reasons),
        "model": proposal.config.model,
        "host": proposal.host,
        "question": preview.question(proposal),
        "payload": proposal.payload.decode(),
        "markdown": preview.page(proposal),
        "sources": sources,
        "redacted": preview.taken_out(proposal),
        "omitted": [{"path": name, "reason": why} for name, why in preview.left_out(proposal)],
        "tokens": proposal.n_tokens,
        "costLow": usd(proposal.cost.low_usd),
        "costHigh": usd(proposal.cost.high_usd, up=True),
        "nRequests": proposal.n_requests,
    }


async def _show(ls: ScopewiseServer, proposal: Proposal) -> str:
    """Open the preview, a read-only file; where that is not possible, a sentence says where it is.

    Raises InputError when it could not be written: what cannot be seen is not sent.
    """
    title = f"What would be sent to {proposal.host}"
    page = f"# {title}\n\n{preview.page(proposal)}\n"
    try:
        path = await asyncio.to_thread(ls.pages.write, title, page, read_only=True)
    except OSError as error:
        raise InputError(
            f"What would be sent cannot be shown ({error.strerror}), so nothing was sent.",
            "Make room on the disk and ask again.",
        ) from error
    if await opened(ls, ls.client, path):
        return ""
    return f"Every byte of it is in {path}."

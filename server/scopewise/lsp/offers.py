"""`textDocument/codeAction`: what applies here, from syntax alone."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from lsprotocol import types as lsp

from scopewise.actions.outcome import Offer, Place
from scopewise.actions.producers import PRODUCERS, Producer
from scopewise.lsp.capabilities import Client
from scopewise.lsp.commands import RUN

logger = logging.getLogger(__name__)

KINDS = tuple(row.kind for row in PRODUCERS)
_ON_DEMAND = frozenset({"explain"})
"""Producers that apply nearly everywhere: a light bulb on every line would say nothing. Those that
ask first are no reason for one either.

They are left out of requests the editor makes by itself (`triggerKind` Automatic), unless `only`
names their kind.
"""


def code_actions(
    client: Client,
    place: Place,
    params: lsp.CodeActionParams,
    producers: Sequence[Producer] = PRODUCERS,
) -> list[lsp.CodeAction | lsp.Command]:
    """The actions for a range, in the order of the table."""
    offers = _offers(place, params.context, producers)
    actions = [_action(client, row, offer, place, params) for row, offer in offers]
    return [action for action in actions if action is not None]


def is_asked_for(row: Producer, context: lsp.CodeActionContext) -> bool:
    """Whether a request wants actions of this kind: a kind in `only` stands for those below it."""
    if context.only:
        return any(_covers(str(getattr(kind, "value", kind)), row.kind) for kind in context.only)
    is_automatic = context.trigger_kind == lsp.CodeActionTriggerKind.Automatic
    return not (is_automatic and (row.asks_first or row.id in _ON_DEMAND))


def _covers(kind: str, other: str) -> bool:
    return kind in ("", other) or other.startswith(f"{kind}.")


def _offers(
    place: Place, context: lsp.CodeActionContext, producers: Sequence[Producer]
) -> Iterator[tuple[Producer, Offer]]:
    for row in producers:
        if not is_asked_for(row, context):
            continue
        try:
            offer = row.offer(place)
        except Exception:  # One feature's mistake must not take the others' actions away.
            logger.exception("%s failed to say whether it applies.", row.id)
            continue
        if offer is not None:
            yield row, offer


def _action(
    client: Client, row: Producer, offer: Offer, place: Place, params: lsp.CodeActionParams
) -> lsp.CodeAction | lsp.Command | None:
    if offer.disabled:
        if not (client.shows_disabled_actions and client.takes_code_actions):
            return None
        reason = lsp.CodeActionDisabled(offer.disabled)
        return lsp.CodeAction(offer.title, kind=row.kind, disabled=reason)
    command = lsp.Command(offer.title, RUN, arguments=[_argument(row, offer, place, params)])
    if not client.takes_code_actions:
        return command
    tags = [lsp.CodeActionTag.LlmGenerated] if client.takes_llm_tag else None
    return lsp.CodeAction(offer.title, kind=row.kind, command=command, tags=tags)


def _argument(
    row: Producer, offer: Offer, place: Place, params: lsp.CodeActionParams
) -> dict[str, Any]:
    start, end = params.range.start, params.range.end
    return {
        "producer": row.id,
        "uri": params.text_document.uri,
        "version": place.snapshot.version,
        "range": {
            "start": {"line": start.line, "character": start.character},
            "end": {"line": end.line, "character": end.character},
        },
        "target": offer.target,
    }

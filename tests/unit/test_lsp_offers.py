"""Code actions from a table of producers made for the purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lsprotocol import types as lsp

from scopewise.actions.outcome import Job, Offer, Outcome, Place
from scopewise.actions.producers import Producer
from scopewise.document import DocumentSnapshot
from scopewise.lsp.capabilities import Client
from scopewise.lsp.offers import code_actions
from scopewise.text import ByteRange

CLIENT = Client(takes_code_actions=True)
SNAPSHOT = DocumentSnapshot("file:///shop.py", "x = 1\n", "python", 7)
PLACE = Place(SNAPSHOT, None, ByteRange(0, 0))


def row(offer: Callable[[Place], Offer | None], producer_id: str = "mend") -> Producer:
    async def run(job: Job, place: Place) -> Outcome:
        raise AssertionError("offers run nothing")

    return Producer(producer_id, f"quickfix.{producer_id}", offer, run)


def offered(client: Client, *producers: Producer) -> list[lsp.CodeAction | lsp.Command]:
    point = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    identifier = lsp.TextDocumentIdentifier(SNAPSHOT.uri)
    params = lsp.CodeActionParams(identifier, point, lsp.CodeActionContext([]))
    return code_actions(client, PLACE, params, producers)


MEND = row(lambda _: Offer("Mend it", "line 1"))
DISABLED = row(lambda _: Offer("Mend it", "line 1", disabled="It is not broken."))


def test_argument_rebuilds_the_place() -> None:
    (action,) = offered(CLIENT, MEND)

    assert isinstance(action, lsp.CodeAction)
    assert action.command
    assert action.command.arguments == [
        {
            "producer": "mend",
            "uri": "file:///shop.py",
            "version": 7,
            "range": {
                "start": {"line": 0, "character": 0},
                "end": {"line": 0, "character": 0},
            },
            "target": "line 1",
        }
    ]
    assert action.is_preferred is None
    assert action.edit is None


@pytest.mark.parametrize("takes_llm_tag", [True, False])
def test_tag(takes_llm_tag: bool) -> None:
    (action,) = offered(Client(takes_code_actions=True, takes_llm_tag=takes_llm_tag), MEND)

    assert isinstance(action, lsp.CodeAction)
    assert action.tags == ([lsp.CodeActionTag.LlmGenerated] if takes_llm_tag else None)


def test_disabled_action_carries_its_reason() -> None:
    client = Client(takes_code_actions=True, shows_disabled_actions=True)

    (action,) = offered(client, DISABLED)

    assert isinstance(action, lsp.CodeAction)
    assert action.disabled == lsp.CodeActionDisabled("It is not broken.")
    assert action.command is None


def test_disabled_action_is_left_out_where_it_cannot_be_shown() -> None:
    assert offered(CLIENT, DISABLED) == []


def test_one_failing_producer_leaves_the_others() -> None:
    def fail(place: Place) -> Offer | None:
        raise ZeroDivisionError

    assert [action.title for action in offered(CLIENT, row(fail), MEND)] == ["Mend it"]


def test_bare_commands() -> None:
    (action,) = offered(Client(), MEND)

    assert isinstance(action, lsp.Command)
    assert action.command == "scopewise.run"

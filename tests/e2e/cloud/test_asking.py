"""Asking Claude from a real server process, with the real SDK, over real HTTP to this machine."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from editor import Document
from own_client import WAIT
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from samples import BROKEN, MENDED, STUB, TRACE
from tests.cloud.messages_server import HOLD, MessagesServer, Received, answer, begin, delta, stream

from .desk import FILLED, WHOLE, Desk, ask_claude, change_settings, entries

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = '''def double(number):
    """Twice the number.$0

    >>> double(4)
    8
    """
'''
DOUBLED = "```python\ndef double(number):\n    return number * 2\n```"


# It works


async def test_fill(desk: Desk) -> None:
    document = desk.open()

    await desk.ask(document)
    await desk.editor.until(lambda: document.text == FILLED)

    assert desk.bodies == desk.client.payloads
    edit = desk.editor.edits[0]
    assert edit.annotation.label == "Fill body of `area` (Claude)"
    assert (edit.annotation.description or "").startswith("unverified: ")
    (row,) = desk.ledger
    assert (row.state, row.task, row.workspace) == ("done", "fill", str(desk.editor.folder))
    assert row.cost_usd > 0
    assert row.reasons


async def test_the_answer_is_checked_like_any_other(desk: Desk) -> None:
    desk.claude.replies = [answer(DOUBLED)]
    document = desk.open(EXAMPLES)

    await desk.ask(document)
    await desk.editor.until(lambda: "number * 2" in document.text)

    assert "verified: 1 of 1 example passes" in (desk.editor.edits[0].annotation.description or "")


async def test_a_wrong_answer_is_declined(desk: Desk) -> None:
    desk.claude.replies = [answer(DOUBLED.replace("2", "3"))]
    document = desk.open(EXAMPLES)

    await desk.ask(document)
    message = await desk.editor.until_said("declined")

    assert "Fill body of `double` (Claude)" in message
    assert document.text == EXAMPLES.replace("$0", "")
    assert not desk.editor.edits
    # A repair would be another paid request, which nobody agreed to.
    assert len(desk.claude.requests) == 1
    assert desk.ledger[0].state == "done"


async def test_fix(desk: Desk) -> None:
    desk.claude.replies = [answer(f"```python\n{MENDED}```")]
    path = desk.editor.folder / "stats.py"
    path.write_text(BROKEN)
    shop = desk.open(BROKEN, path.name)
    trace = desk.open(TRACE.format(path=path), "run.log")

    await desk.ask(trace, "fix")
    await desk.editor.until(lambda: "if not numbers" in shop.text)

    assert desk.editor.edits[0].annotation.label == "Fix `mean` (Claude)"
    assert desk.bodies == desk.client.payloads
    assert b"ZeroDivisionError" in desk.bodies[0]
    assert desk.ledger[0].task == "fix"


async def test_explain(desk: Desk) -> None:
    text = "It multiplies `width` by `height`, which is the area of a rectangle."
    desk.claude.replies = [answer(text)]
    document = desk.open()

    await desk.ask(document, "explain")
    await desk.editor.until(lambda: desk.editor.shown)

    assert text in desk.editor.shown[0]
    assert "Claude" in desk.editor.shown[0]
    assert document.text == STUB.replace("$0", "")
    assert desk.bodies == desk.client.payloads


async def test_the_outcome_for_a_script(desk: Desk) -> None:
    document = desk.open()

    outcome = await ask_claude(desk.editor, document, wait=True, apply=True)

    assert outcome["producer"] == "ask_cloud.fill"
    assert outcome["applied"] is True
    assert document.text == FILLED


# What is offered


OTHER = "def parse_row(row):\n    return int(row)\n"
TILL = '''from other import parse_row


def refund(row):
    """Give back what `parse_row` says.$0"""


def pay(row):
    return parse_row(row)
'''


def till(desk: Desk) -> Document:
    """A stub that needs another file."""
    for name, text in {"other.py": OTHER, "till.py": TILL.replace("$0", "")}.items():
        (desk.editor.folder / name).write_text(text)
    return desk.open(TILL, "till.py")


async def offered(desk: Desk, document: Document) -> list[dict[str, Any]]:
    """The cloud's actions, once the analysis behind them is done."""
    for _ in range(20):
        actions = await desk.editor.actions(document, only=[""])
        if found := [action for action in actions if "Claude" in action["title"]]:
            return found
        # It begins where the cursor rests.
        await asyncio.sleep(0.5)
    return []


async def test_the_action_says_why(desk: Desk) -> None:
    document = till(desk)

    (action,) = await offered(desk, document)

    reason = "probably needs `parse_row`, from other files of the project"
    assert action["title"] == f"Ask Claude: fill body ({reason})"
    assert action["kind"] == "scopewise.askCloud.fill"
    assert not action.get("isPreferred")
    assert "fill_body" in await desk.editor.offered(document)
    await desk.editor.command("scopewise.run", action["command"]["arguments"][0])
    await desk.editor.until_ended()
    assert desk.client.previews[0]["reasons"][0] == reason == desk.ledger[0].reasons[0]
    assert desk.ledger[0].decision == "offer_cloud"
    assert desk.bodies == desk.client.payloads
    # More than the local model is told.
    assert OTHER.encode().splitlines()[0] in desk.bodies[0]


async def test_where_the_local_model_will_do_it_is_not_offered(desk: Desk) -> None:
    document = desk.open('def area(width: int) -> int:\n    """The area.$0"""\n')
    await desk.editor.actions(document)
    await asyncio.sleep(1)

    actions = await desk.editor.actions(document, only=[""])

    assert [action["title"] for action in actions if "Claude" in action["title"]] == []


async def test_without_the_cloud_there_is_no_such_action(desk: Desk) -> None:
    document = till(desk)
    assert await offered(desk, document)
    desk.settings(mode="never")
    await desk.settle()

    actions = await desk.editor.actions(document, only=[""])
    await ask_claude(desk.editor, document)

    assert not [action for action in actions if "Claude" in action["title"]]
    await desk.editor.until_said("The setting `cloud.mode` is `never`")
    assert desk.claude.n_connections == 0
    assert desk.client.previews == []


# The preview


async def test_the_preview_says_everything(desk: Desk) -> None:
    document = desk.open()

    await desk.ask(document)

    (preview,) = desk.client.previews
    body = json.loads(desk.bodies[0])
    assert preview["payload"].encode() == desk.bodies[0]
    assert preview == {
        "title": "Fill body of `area`",
        "reasons": preview["reasons"],
        "model": body["model"],
        "host": desk.claude.url.removeprefix("http://"),
        "question": preview["question"],
        "payload": preview["payload"],
        "markdown": preview["markdown"],
        "sources": [
            {
                "uri": document.uri,
                "firstLine": 1,
                "lastLine": 2,
                "what": "the function to be written",
            }
        ],
        "redacted": [],
        "omitted": [],
        "tokens": preview["tokens"],
        "costLow": preview["costLow"],
        "costHigh": preview["costHigh"],
        "nRequests": 1,
    }
    assert preview["payload"] in preview["markdown"]
    assert f"send {len(desk.bodies[0])} bytes from 1 file to {body['model']}" in preview["question"]
    assert preview["costLow"] in preview["question"]
    assert preview["costHigh"] in preview["question"]


async def test_nothing_is_sent_while_the_preview_is_open(desk: Desk) -> None:
    desk.client.answer = WAIT
    document = desk.open()

    await ask_claude(desk.editor, document)
    await desk.client.until_shown()
    await asyncio.sleep(0.3)

    assert desk.claude.n_connections == 0
    assert desk.ledger == []
    desk.client.choose("once")
    await desk.editor.until(lambda: document.text == FILLED)
    assert desk.bodies == desk.client.payloads


@pytest.mark.parametrize(
    "reply",
    [
        {"choice": "no"},
        None,
        {},
        {"choice": None},
        {"choice": "ONCE"},
        {"choice": ["once"]},
        "once",
        ["once"],
        7,
        True,
    ],
)
async def test_anything_but_yes_is_no(desk: Desk, reply: object) -> None:
    desk.client.answer = reply
    document = desk.open()

    await desk.ask(document)
    await desk.settle()

    assert desk.claude.n_connections == 0
    assert desk.ledger == []
    # They know what they said.
    assert desk.editor.messages == []
    assert desk.editor.ends == ["Nothing was sent."]
    assert document.text == STUB.replace("$0", "")


async def test_a_client_that_cannot_show_it_after_all(desk: Desk) -> None:
    desk.client.answer = JsonRpcMethodNotFound()
    document = desk.open()

    await desk.ask(document)

    await desk.editor.until_said("could not show what would be sent")
    assert desk.claude.n_connections == 0


async def test_a_script_hears_that_it_was_declined(desk: Desk) -> None:
    desk.client.answer = {"choice": "no"}

    with pytest.raises(JsonRpcException, match="Nothing was sent"):
        await ask_claude(desk.editor, desk.open(), wait=True, apply=True)

    assert desk.claude.n_connections == 0


async def test_once_is_once(desk: Desk) -> None:
    for number in (1, 2):
        document = desk.open(name=f"shop{number}.py")
        await ask_claude(desk.editor, document)
        await desk.editor.until_ended(number)

    assert len(desk.client.previews) == 2
    assert desk.bodies == desk.client.payloads


async def test_for_the_session(desk: Desk) -> None:
    desk.client.answer = {"choice": "session"}
    for number in (1, 2):
        document = desk.open(name=f"shop{number}.py")
        await ask_claude(desk.editor, document)
        await desk.editor.until_ended(number)
    assert len(desk.client.previews) == 1
    assert len(desk.bodies) == len(desk.ledger) == 2

    # Another address is another question.
    with MessagesServer(answer(WHOLE)) as other:
        desk.settings(base_url=other.url)
        desk.client.answer = {"choice": "no"}
        await ask_claude(desk.editor, desk.open(name="shop3.py"))
        await desk.editor.until_ended(3)
        assert len(desk.client.previews) == 2
        assert other.n_connections == 0


AWKWARD = {
    "characters": '# ä 漢 🦔 \u2028 \\ "x" 𝕏\ndef area(width, height):\n'
    '    """The area of 🦔 a «rectangle».$0"""\n    # 漢 🦔\n',
    "line ends": STUB.replace("\n", "\r\n") + "\r\n\r\nx = '🦔'\r\n",
    "half of CRLF": STUB + "\n\nx = 'a\rb'\n",
    "tabs": "class A:\n\t" + STUB.replace("\n    ", "\n\t\t"),
    "fences": STUB + '\n\nX = """\n```\n~~~\n"""\n',
    "mark": "\ufeff" + STUB,
}


@pytest.mark.parametrize("task", ["fill", "explain"])
@pytest.mark.parametrize("case", AWKWARD)
async def test_what_was_shown_is_what_is_sent(desk: Desk, case: str, task: str) -> None:
    document = desk.open(AWKWARD[case])

    await desk.ask(document, task)

    assert desk.bodies == desk.client.payloads
    (row,) = desk.ledger
    assert row.payload_bytes == len(desk.bodies[0])
    assert desk.client.previews[0]["payload"] in desk.client.previews[0]["markdown"]


# The document changes meanwhile


async def test_what_was_shown_is_sent_although_the_document_changed(desk: Desk) -> None:
    desk.client.answer = WAIT
    document = desk.open()
    await ask_claude(desk.editor, document)
    await desk.client.until_shown()

    desk.editor.replace(document, "def area", "RATE = 2\n\n\ndef area")
    desk.client.choose("once")
    await desk.editor.until(lambda: desk.editor.edits)

    assert desk.bodies == desk.client.payloads
    assert b"RATE" not in desk.bodies[0]
    assert document.text == "RATE = 2\n\n\n" + FILLED


async def test_a_change_of_the_function_itself_is_not_overwritten(desk: Desk) -> None:
    desk.client.answer = WAIT
    document = desk.open()
    await ask_claude(desk.editor, document)
    await desk.client.until_shown()

    desk.editor.replace(document, "(width, height)", "(width, height, depth)")
    text = document.text
    desk.client.choose("once")
    await desk.editor.until_said("changed")

    assert desk.bodies == desk.client.payloads
    assert b"depth" not in desk.bodies[0]
    assert document.text == text


async def test_a_document_closed_while_the_preview_is_open(desk: Desk) -> None:
    desk.client.answer = WAIT
    document = desk.open()
    await ask_claude(desk.editor, document)
    await desk.client.until_shown()

    desk.editor.close(document)
    desk.client.choose("once")
    await desk.editor.until_said("closed")

    assert desk.bodies == desk.client.payloads
    assert not desk.editor.edits


# Stopping


async def test_cancelled_while_the_preview_is_open(desk: Desk) -> None:
    desk.client.answer = WAIT
    document = desk.open()
    await ask_claude(desk.editor, document)
    await desk.client.until_shown()

    desk.editor.cancel_progress()
    await desk.editor.until(lambda: desk.client.n_withdrawn)
    await desk.editor.until_ended()

    assert desk.editor.ends == ["Cancelled."]
    assert desk.claude.n_connections == 0
    assert desk.ledger == []


async def received(desk: Desk) -> Received:
    """The request, as soon as it has come."""
    return await asyncio.to_thread(desk.claude.wait_for_request)


@pytest.mark.parametrize("drip", [[HOLD], [*[delta("word ")] * 3, HOLD], [delta("a"), 0.05] * 200])
async def test_cancelled_while_it_is_written(desk: Desk, drip: list[Any]) -> None:
    desk.claude.replies = [stream(*begin(), *drip)]
    document = desk.open()
    await ask_claude(desk.editor, document)
    request = await received(desk)

    desk.editor.cancel_progress()

    assert await asyncio.to_thread(request.hung_up.wait, 1), "the connection stays open"
    await desk.editor.until_ended()
    assert desk.editor.ends == ["Cancelled."]
    assert document.text == STUB.replace("$0", "")
    (row,) = desk.ledger
    assert (row.state, row.cost_usd) == ("cancelled", None)
    assert row.counted_usd == row.worst_usd
    assert len(desk.claude.requests) == 1


async def test_the_next_request_after_a_cancelled_one(desk: Desk) -> None:
    desk.claude.replies = [stream(*begin(), HOLD), answer(WHOLE)]
    document = desk.open()
    await ask_claude(desk.editor, document)
    await received(desk)
    desk.editor.cancel_progress()
    await desk.editor.until_ended()

    await ask_claude(desk.editor, document)
    await desk.editor.until(lambda: document.text == FILLED)

    assert [row.state for row in desk.ledger] == ["done", "cancelled"]


async def test_cancel_all(desk: Desk) -> None:
    desk.claude.replies = [stream(*begin(), HOLD)]
    await ask_claude(desk.editor, desk.open())
    request = await received(desk)

    await desk.editor.command("scopewise.cancelAll")

    assert await asyncio.to_thread(request.hung_up.wait, 1)


async def test_a_deadline(desk: Desk) -> None:
    change_settings(
        desk.editor, {"cloud": {"base_url": desk.claude.url}, "actions": {"deadline_s": 0.5}}
    )
    desk.claude.replies = [stream(*begin(), *[delta("x "), 0.05] * 200)]

    await desk.ask(desk.open())

    await desk.editor.until_said("took longer than 0.5 s")
    assert desk.ledger[0].state == "cancelled"
    assert await asyncio.to_thread(desk.claude.requests[0].hung_up.wait, 1)


# Limits


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"request_limit_usd": 0.001}, "one request may cost $0.001"),
        ({"request_limit_usd": 0}, "one request may cost $0.00"),
        ({"month_limit_usd": 0.0001}, "of this month's $0.0001 are spent or reserved"),
        ({"model": "brand-new"}, "Nobody told scopewise what `brand-new` costs"),
        ({"samples": 50}, "one request may cost"),
        ({"max_tokens": 2_000_000}, "one request may cost"),
    ],
)
async def test_a_limit_refuses_before_it_asks(
    desk: Desk, settings: dict[str, object], words: str
) -> None:
    desk.settings(**settings)

    await desk.ask(desk.open())

    await desk.editor.until_said(words)
    assert desk.client.previews == []
    assert desk.claude.n_connections == 0
    assert desk.ledger == []


async def test_what_was_spent_counts_against_the_month(desk: Desk) -> None:
    spent = sum(entry.counted_usd for entry in entries(desk.home))
    await desk.ask(desk.open())
    (row,) = desk.ledger
    desk.settings(month_limit_usd=spent + row.cost_usd + row.worst_usd / 2)

    await ask_claude(desk.editor, desk.open(name="other.py"))
    await desk.editor.until_said("of this month's")

    assert len(desk.claude.requests) == 1


async def test_a_price_of_the_users_own(desk: Desk) -> None:
    desk.settings(model="brand-new", prices=[{"model": "brand-new", "input": 1, "output": 1}])
    document = desk.open()

    await desk.ask(document)
    await desk.editor.until(lambda: document.text == FILLED)

    assert "the setting `cloud.prices`" in desk.client.previews[0]["markdown"]
    assert json.loads(desk.bodies[0])["model"] == "brand-new"
    assert desk.ledger[0].cost_usd == pytest.approx((21 + 42 + 1.25 * 300 + 4000) / 1e6)


@pytest.mark.parametrize(
    "base_url", ["http://example.org", "https://me:pw@example.org", "no address", ""]
)
async def test_an_address_code_is_not_sent_to(desk: Desk, base_url: str) -> None:
    desk.settings(base_url=base_url)

    await desk.ask(desk.open())

    assert "pw" not in await desk.editor.until_said("cloud.base_url")
    assert desk.client.previews == []


# Several answers


async def test_three_answers_are_three_requests_of_the_same_bytes(desk: Desk) -> None:
    other = "```python\ndef double(number):\n    return number + number\n```"
    desk.settings(samples=3)
    desk.claude.replies = [answer(DOUBLED), answer(other), answer(DOUBLED)]
    document = desk.open(EXAMPLES)

    await desk.ask(document)
    await desk.editor.until(lambda: desk.editor.edits)

    (preview,) = desk.client.previews
    assert preview["nRequests"] == 3
    assert "up to 3 times" in preview["question"]
    assert set(desk.bodies) == set(desk.client.payloads)
    assert 2 <= len(desk.bodies) <= 3
    n_answers = sum(row.usage.output_tokens for row in desk.ledger) / 42
    assert n_answers == len(desk.bodies)
    assert all(row.state == "done" for row in desk.ledger)
    assert sum(row.worst_usd for row in desk.ledger) <= float(preview["costHigh"][1:])


async def test_answers_that_all_fail_are_not_followed_by_more(desk: Desk) -> None:
    desk.settings(samples=3)
    desk.claude.replies = [answer(DOUBLED.replace("2", "3"))]

    await desk.ask(desk.open(EXAMPLES))
    await desk.editor.until_said("declined")

    assert len(desk.bodies) <= 3
    assert set(desk.bodies) == set(desk.client.payloads)

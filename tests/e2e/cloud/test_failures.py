"""Whatever goes wrong on the way to Claude: a sentence, nothing changed, nothing paid twice."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from samples import STUB
from tests.cloud.messages_server import (
    HANG_UP,
    HOLD,
    RESET,
    MessagesServer,
    answer,
    begin,
    delta,
    event,
    failure,
    stream,
)

from .desk import FILLED, WHOLE, Desk, give_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOON = {"retry-after-ms": "5"}
CREDIT = "Your credit balance is too low to access the API."
FREE, OPEN, PAID, DONE = "free", "open", "paid", "done"
"""What the ledger counts: nothing, the worst case, or what the answer said it used, be it an error
or an answer."""

CASES: dict[str, tuple[list[Any], str, str, int]] = {
    "a wrong key": (
        failure(401, "authentication_error", "invalid x-api-key"),
        "The API key was not accepted",
        FREE,
        1,
    ),
    "no permission": (failure(403, "permission_error"), "is not allowed to ask", FREE, 1),
    "no such model": (failure(404, "not_found_error"), "knows no model `claude", FREE, 1),
    "no such page": (failure(404, body=b"<html>"), "is not the Messages API (status 404)", FREE, 1),
    "too large": (failure(413, "request_too_large"), "The request is larger than", FREE, 1),
    "a long wait": (
        failure(429, "rate_limit_error", headers={"retry-after": "90"}),
        "Try again in 2 minutes.",
        FREE,
        1,
    ),
    "a rate limit": (
        failure(429, "rate_limit_error", headers=SOON),
        "allows no further request at the moment. Try again in 1 second.",
        FREE,
        3,
    ),
    "overloaded": (failure(529, "overloaded_error", headers=SOON), "is overloaded", FREE, 3),
    "no credit": (failure(400, "invalid_request_error", CREDIT), "has no credit", FREE, 1),
    "invalid": (
        failure(400, "invalid_request_error", "max_tokens: 9 > 8"),
        "was not accepted by 127.0.0.1",
        FREE,
        1,
    ),
    "elsewhere": (
        failure(307, headers={"location": "http://127.0.0.1:1/"}, body=b""),
        "points to another address",
        FREE,
        1,
    ),
    "a gateway that gave up": (failure(502, body=b"<html>"), "failed while it answered", OPEN, 1),
    "hung up at once": ([HANG_UP], "broke before the answer was complete", OPEN, 1),
    "reset": ([RESET], "broke before the answer was complete", OPEN, 1),
    "hung up in the middle": (
        stream(*begin(), delta("half"), HANG_UP, ends=False),
        "broke before the answer was complete",
        OPEN,
        1,
    ),
    "no end": (answer("half", stop_reason=None), "broke before", OPEN, 1),
    "an error in the middle": (
        stream(*begin(), delta("half"), event("error", {"error": {"type": "overloaded_error"}})),
        "is overloaded",
        OPEN,
        1,
    ),
    "silence": (stream(*begin(), delta("x"), HOLD), "Nothing was heard from", OPEN, 1),
    "a hotel": (failure(200, body=b"<html>Sign in"), "does not speak the Messages API", OPEN, 1),
    "no JSON": (
        stream(*begin(), b"event: content_block_delta\ndata: {oops\n\n"),
        "does not speak the Messages API",
        OPEN,
        1,
    ),
    "no message": (
        stream(event("message_start", {})),
        "does not speak the Messages API",
        OPEN,
        1,
    ),
    "a refusal": (
        answer("I", stop_reason="refusal", stop_details={"type": "refusal", "category": "cyber"}),
        "Claude declined to answer: it touches on computer security.",
        PAID,
        1,
    ),
    "only thoughts": (answer(stop_reason="max_tokens"), "tokens to think, and wrote", PAID, 1),
    "cut off": (
        answer(WHOLE[:-20], stop_reason="max_tokens"),
        "The answer was not finished after 42 tokens.",
        DONE,
        1,
    ),
    "nothing": (answer(), "declined", DONE, 1),
    "words": (answer("I would rather not."), "declined", DONE, 1),
    "another function": (answer(WHOLE.replace("area", "size")), "not hold the function", DONE, 1),
    "no code": (answer("```python\ndef area(width, height:\n```"), "declined", DONE, 1),
}


@pytest.mark.parametrize("case", CASES)
async def test_one_sentence_and_nothing_else(desk: Desk, case: str) -> None:
    reply, words, bill, n_requests = CASES[case]
    desk.claude.replies = [reply]
    if case == "silence":
        desk.settings(timeout_s=0.3)
    document = desk.open()

    await desk.ask(document)

    message = await desk.editor.until_said(words)
    assert desk.editor.messages == [message]
    assert "\n" not in message
    assert message.endswith(".")
    assert document.text == STUB.replace("$0", "")
    assert not desk.editor.edits
    assert desk.bodies == desk.client.payloads * n_requests
    (row,) = desk.ledger
    assert row.state == ("done" if bill == DONE else "failed")
    if bill == FREE:
        assert (row.cost_usd, row.counted_usd) == (0, 0)
    elif bill == OPEN:
        assert (row.cost_usd, row.counted_usd) == (None, row.worst_usd)
        assert row.worst_usd > 0
    else:
        assert row.usage is not None
        assert row.usage.output_tokens == 42
        assert 0 < row.cost_usd < row.worst_usd


async def test_the_sentences_tell_the_cases_apart() -> None:
    """But for those that are one case to the user: the answer broke off, or was no answer."""
    words = [words for _, words, _, _ in CASES.values()]
    assert len(set(words)) >= 18


async def test_after_a_failure_the_next_one_works(desk: Desk) -> None:
    desk.claude.replies = [failure(529, "overloaded_error", headers=SOON)] * 3 + [answer(WHOLE)]
    document = desk.open()
    await desk.ask(document)
    await desk.editor.until_said("overloaded")

    await desk.ask(document)
    await desk.editor.until(lambda: document.text == FILLED)

    assert [row.state for row in desk.ledger] == ["done", "failed"]


async def test_an_answer_in_the_second_try(desk: Desk) -> None:
    desk.claude.replies = [failure(529, "overloaded_error", headers=SOON), answer(WHOLE)]
    document = desk.open()

    await desk.ask(document)
    await desk.editor.until(lambda: document.text == FILLED)

    assert desk.bodies == desk.client.payloads * 2
    (row,) = desk.ledger
    assert (row.state, row.usage.output_tokens) == ("done", 42)


async def test_a_slow_drip_is_an_answer(desk: Desk) -> None:
    desk.settings(timeout_s=1)
    desk.claude.replies = [
        [part for step in answer(WHOLE) for part in (step[:9], 0.05, step[9:])]  # type: ignore[index]
    ]
    document = desk.open()

    await desk.ask(document)

    await desk.editor.until(lambda: document.text == FILLED)


async def test_nobody_listens(desk: Desk) -> None:
    with MessagesServer([HANG_UP]) as gone:
        pass
    desk.settings(base_url=gone.url)

    await desk.ask(desk.open())

    await desk.editor.until_said("cannot be reached. Check your network")
    (row,) = desk.ledger
    assert (row.state, row.cost_usd) == ("failed", 0)


async def test_a_certificate_nobody_trusts(desk: Desk, tmp_path: Path) -> None:
    with MessagesServer(answer(WHOLE), tls=_self_signed(tmp_path)) as server:
        desk.settings(base_url=server.url)

        await desk.ask(desk.open())

        message = await desk.editor.until_said("is not trusted")
        assert "SSL_CERT_FILE" in message
        assert server.requests == []
    (row,) = desk.ledger
    assert (row.state, row.cost_usd) == ("failed", 0)


async def test_no_encryption_in_common(desk: Desk) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 Here is a mail server.\r\n")
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    desk.settings(base_url=f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")

    await desk.ask(desk.open())

    await desk.editor.until_said("No encrypted connection")
    server.close()


async def test_a_key_of_the_editors_goes_first(desk: Desk) -> None:
    other = "sk-ant-api03-" + "another-key-" * 4
    give_key(desk.editor, other)
    await desk.ask(desk.open())
    give_key(desk.editor, "")
    await desk.ask(desk.open(name="other.py"))
    await asyncio.to_thread(desk.claude.wait_for_request, 1)

    first, second = (received.header("x-api-key") for received in desk.claude.requests)

    assert first == other
    assert second is not None
    assert second.startswith("sk-ant-api03-not-a-key")


async def test_a_key_that_cannot_be_one(desk: Desk) -> None:
    give_key(desk.editor, "two words")

    message = await desk.editor.until_said("The key holds a space")

    assert "two words" not in message


def _self_signed(folder: Path) -> ssl.SSLContext:
    pem = folder / "certificate.pem"
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    new = ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "1", *name]
    try:
        subprocess.run(
            [*new, "-keyout", pem, "-out", folder / "only.pem"], check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    with pem.open("a") as file:
        file.write((folder / "only.pem").read_text())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context

"""The real SDK, over real HTTP, against a server on loopback that behaves and misbehaves."""

import ast
import asyncio
import contextlib
import datetime
import email.utils
import functools
import inspect
import ipaddress
import json
import socket
import ssl
import subprocess
import sys
import textwrap
import threading
import time
import traceback
from pathlib import Path

import pytest

import scopewise
from scopewise.cancel import CancelToken
from scopewise.engine import claude
from scopewise.engine.claude import (
    HEADERS,
    ClaudeConfig,
    ClaudeEngine,
    CloudUsage,
    Meter,
    body_of,
    estimated_prompt_tokens,
    estimated_tokens,
    payload_of,
)
from scopewise.engine.claude_errors import Failure, error_of
from scopewise.engine.protocol import Delta, Message, Prefill, Request, StopReason, complete
from scopewise.errors import (
    BadAnswer,
    Cancelled,
    CloudError,
    EngineUnavailable,
    InputError,
    NetworkDown,
    NoAccess,
    NoAnswer,
    NoCredit,
    NoKey,
    NoRoom,
    NotAsShown,
    Overloaded,
    RateLimited,
    Refused,
    Rejected,
    TlsFailure,
    TooLong,
    WrongKey,
)

from .messages_server import (
    HANG_UP,
    HOLD,
    MODEL,
    RESET,
    MessagesServer,
    answer,
    begin,
    delta,
    event,
    failure,
    stream,
)

KEY = "sk-ant-" + "not-a-key-" * 4
REQUEST = Request((Message("system", "Write Python."), Message("user", "Fill the body of `area`.")))
SOON = {"retry-after-ms": "10"}
OUR_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch):
    for name in OUR_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def approved(url, request=REQUEST, *, meter=None, key=KEY, **options):
    engine = ClaudeEngine(ClaudeConfig(MODEL, url, **options), lambda: key)
    return engine.approved(payload_of(request, engine.config), meter)


async def ask(url, request=REQUEST, *, cancel=None, on_event=None, **options):
    engine = approved(url, request, **options)
    return await complete(engine, request, cancel or CancelToken(), on_event)


async def ask_in_vain(*replies, **options):
    """The error, what the meter says, and the server that caused it."""
    meter = Meter()
    with MessagesServer(*replies) as server:
        with pytest.raises(CloudError) as caught:
            await ask(server.url, meter=meter, **options)
        return caught.value, meter, server


# An answer


async def test_an_answer_streams_and_says_what_it_used():
    events, meter = [], Meter()
    with MessagesServer(answer("return ", "width * ", "height")) as server:
        completion = await ask(server.url, on_event=events.append, meter=meter)
    assert completion.text == "return width * height"
    assert completion.stop_reason is StopReason.END
    assert (completion.model, completion.n_prompt_tokens) == (MODEL, 4321)
    assert (completion.n_cached_tokens, completion.n_answer_tokens) == (4000, 42)
    assert completion.usage == CloudUsage(21, 42, 300, 4000)
    assert events[0] == Prefill(4321, 4321)
    texts = [event.text for event in events if isinstance(event, Delta)]
    assert texts == ["return ", "width * ", "height", ""]
    assert meter == Meter(completion.usage, n_sent=1, n_open=0)


async def test_text_is_shown_as_it_comes():
    seen = {}
    with MessagesServer(answer("one", "two", between=[0.3])) as server:
        await ask(server.url, on_event=lambda event: seen.setdefault(str(event)[:40], time.time()))
    one, two = (next(at for what, at in seen.items() if text in what) for text in ("one", "two"))
    assert two - one > 0.2


async def test_a_compressed_answer():
    with MessagesServer(answer("äöü ", "🦔", gzip=True)) as server:
        assert (await ask(server.url)).text == "äöü 🦔"
        assert "gzip" in server.requests[0].header("accept-encoding")


async def test_events_of_other_kinds_are_passed_over():
    thinking = [
        event("content_block_start", {"index": 0, "content_block": {"type": "thinking"}}),
        event(
            "content_block_delta",
            {"index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm."}},
        ),
        event("content_block_delta", {"index": 0, "delta": {"type": "later", "text": "no"}}),
        event("a_later_kind", {"text": "no"}),
        event("ping", {}),
        b": a comment\n\n",
    ]
    with MessagesServer(answer("yes", between=thinking)) as server:
        assert (await ask(server.url)).text == "yes"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("end_turn", StopReason.END),
        ("stop_sequence", StopReason.STOP),
        ("max_tokens", StopReason.LENGTH),
        ("model_context_window_exceeded", StopReason.LENGTH),
        ("a_later_reason", StopReason.LENGTH),
    ],
)
async def test_stop_reasons(theirs, ours):
    with MessagesServer(answer("x", stop_reason=theirs)) as server:
        assert (await ask(server.url)).stop_reason is ours


async def test_stops_the_provider_is_not_told_of():
    request = Request(REQUEST.messages, stop=("\n\n", "END"), stop_pattern=r"\nclass ")
    with MessagesServer(answer("a\nb\ncla", "ss C:\n")) as server:
        completion = await ask(server.url, request)
        assert (completion.text, completion.stop_reason) == ("a\nb", StopReason.STOP)
        assert server.requests[0].json["stop_sequences"] == ["END"]
        server.replies = [answer("a\n", "\nb")]
        assert (await ask(server.url, request)).text == "a"
    # The pattern says where a text ends that goes on from the opening, which is not sent.
    request = Request(REQUEST.messages, opening="```python\ndef f():\n", stop_pattern=r"\n(?! )")
    with MessagesServer(answer("```python\ndef f():\n    return 1\n```")) as server:
        assert (await ask(server.url, request)).text.endswith("return 1\n```")
        assert b"def f" not in server.requests[0].body


async def test_several_answers_are_several_requests_of_the_same_bytes():
    request = Request(REQUEST.messages, n_samples=3)
    meter = Meter()
    with MessagesServer(answer("a"), answer("b"), answer("c")) as server:
        completion = await ask(server.url, request, meter=meter)
        bodies = {received.body for received in server.requests}
    assert [sample.text for sample in completion.samples] == ["a", "b", "c"]
    assert bodies == {payload_of(request, ClaudeConfig(MODEL))}
    assert completion.usage == meter.usage == CloudUsage(63, 126, 900, 12000)
    assert meter.n_sent == 3


async def test_answers_that_are_paid_for_are_kept_when_a_later_one_fails():
    request = Request(REQUEST.messages, n_samples=3)
    meter = Meter()
    with MessagesServer(answer("a"), failure(400, "invalid_request_error")) as server:
        completion = await ask(server.url, request, meter=meter)
    assert [sample.text for sample in completion.samples] == ["a"]
    assert (len(server.requests), meter.is_exact) == (2, True)


# The bytes


AWKWARD = Request(
    (
        Message("system", "Rules"),
        Message("user", 'A "quote", a \\ and a\ttab,\r\nü 漢 🦔 \u2028 \x00 \x7f </script>'),
        Message("assistant", "```python\nreturn 1\n```"),
        Message("user", "That is wrong."),
    ),
    stop=("<|end|>",),
)


@pytest.mark.parametrize("request_", [REQUEST, AWKWARD], ids=["plain", "awkward"])
@pytest.mark.parametrize(("caches_task", "effort"), [(False, ""), (True, "low")])
async def test_what_was_shown_is_what_is_sent(request_, caches_task, effort):
    config = ClaudeConfig(MODEL, caches_task=caches_task, effort=effort)
    shown = payload_of(request_, config)
    with MessagesServer(answer("x")) as server:
        await ask(server.url, request_, caches_task=caches_task, effort=effort)
    assert [received.body for received in server.requests] == [shown]
    assert json.loads(shown) == body_of(request_, config)


def test_the_body():
    config = ClaudeConfig("m", max_tokens=7, caches_task=True, effort="low")
    assert body_of(AWKWARD, config) == {
        "max_tokens": 7,
        "messages": [
            {"role": "user", "content": [text_block(AWKWARD.messages[1].content)]},
            {"role": "assistant", "content": [text_block("```python\nreturn 1\n```")]},
            {
                "role": "user",
                "content": [
                    text_block("That is wrong.") | {"cache_control": {"type": "ephemeral"}}
                ],
            },
        ],
        "model": "m",
        "output_config": {"effort": "low"},
        "stop_sequences": ["<|end|>"],
        "stream": True,
        "system": [text_block("Rules") | {"cache_control": {"type": "ephemeral"}}],
    }


def text_block(text):
    return {"type": "text", "text": text}


@pytest.mark.parametrize(
    "messages",
    [
        (),
        (Message("system", "s"),),
        (Message("user", " \n"),),
        (Message("assistant", "a"), Message("user", "u")),
        (Message("user", "u"), Message("assistant", "a")),
        (Message("user", "u"), Message("system", "s"), Message("user", "u")),
    ],
)
def test_what_no_conversation_is_made_of(messages):
    with pytest.raises(InputError):
        body_of(Request(messages), ClaudeConfig(MODEL))
    with pytest.raises(InputError):
        body_of(Request(REQUEST.messages, raw="<|im_start|>"), ClaudeConfig(MODEL))


def test_half_a_character_is_no_text():
    with pytest.raises(InputError, match="half a character"):
        payload_of(Request((Message("user", "\ud83e"),)), ClaudeConfig(MODEL))


async def test_nothing_is_sent_that_was_not_shown():
    with MessagesServer(answer("x")) as server:
        engine = ClaudeEngine(ClaudeConfig(MODEL, server.url), lambda: pytest.fail("not needed"))
        shown = payload_of(REQUEST, engine.config)
        for expected in (None, b"", shown + b" ", shown.replace(b"area", b"aria")):
            with pytest.raises(NotAsShown):
                async for _ in engine.generate(REQUEST, CancelToken(), expected=expected):
                    pass
    assert server.n_connections == 0


@pytest.mark.parametrize(
    "change",
    [
        {"max_tokens": 1},
        {"system": [text_block("Other rules.")]},
        {"metadata": {"user_id": "me"}},
        {"extra_body": {"more": "source"}},
    ],
)
async def test_the_bytes_are_compared_once_more_before_they_leave(monkeypatch, change):
    """As if the SDK, or our own code, put something else into the body."""
    meter = Meter()
    with MessagesServer(answer("x")) as server:
        monkeypatch.setattr(claude, "body_of", lambda *given: body_of(*given) | change)
        with pytest.raises(NotAsShown):
            await ask(server.url, meter=meter)
    assert (server.n_connections, meter) == (0, Meter())


@pytest.mark.parametrize("change", [{"extra_query": {"q": "source"}}])
async def test_the_address_is_compared_before_it_is_used(monkeypatch, change):
    with MessagesServer(answer("x")) as server:
        monkeypatch.setattr(claude, "body_of", lambda *given: body_of(*given) | change)
        with pytest.raises(NotAsShown):
            await ask(server.url)
    assert server.n_connections == 0


async def test_a_gateway_with_a_path():
    with MessagesServer(answer("x")) as server:
        await ask(f"{server.url}/proxy/claude/")
        await ask(f"{server.url}/proxy/claude")
    assert [received.path for received in server.requests] == ["/proxy/claude/v1/messages"] * 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status):
    with MessagesServer(answer("x")) as other:
        place = {"location": f"{other.url}/v1/messages"}
        error, meter, server = await ask_in_vain(failure(status, headers=place, body=b""))
        assert (other.n_connections, len(server.requests)) == (0, 1)
    assert isinstance(error, BadAnswer)
    assert "points to another address" in error.message
    assert meter.is_exact


async def test_nothing_comes_from_the_environment(monkeypatch, tmp_path):
    profile = tmp_path / "configs" / "default.json"
    profile.parent.mkdir()
    profile.write_text(json.dumps({"base_url": "http://127.0.0.1:1", "workspace_id": "w"}))
    environment = {
        "ANTHROPIC_API_KEY": "sk-ant-other",
        "ANTHROPIC_AUTH_TOKEN": "other-token",
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:1",
        "ANTHROPIC_CUSTOM_HEADERS": "X-Api-Key: sk-ant-third\nAuthorization: Bearer b\nX-Leak: 1",
        "ANTHROPIC_PROFILE": "default",
        "ANTHROPIC_CONFIG_DIR": str(tmp_path),
        "OTEL_TRACES_EXPORTER": "console",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with MessagesServer(answer("x")) as server:
        await ask(server.url)
    received = server.requests[0]
    assert {name for name, _ in received.headers} == set(HEADERS)
    assert received.header("x-api-key") == KEY
    assert received.header("host") == server.url.removeprefix("http://")


# Errors


CASES = {
    "prefill": (
        failure(400, "invalid_request_error", "This model does not support assistant prefill."),
        Rejected,
        "prefill",
    ),
    "invalid": (
        failure(400, "invalid_request_error", "max_tokens: 500000 > 128000"),
        Rejected,
        "500000 > 128000",
    ),
    "too long": (
        failure(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
        TooLong,
        "larger",
    ),
    "too many bytes": (failure(413, "request_too_large"), TooLong, "larger"),
    "a wrong key": (failure(401, "authentication_error", "invalid x-api-key"), WrongKey, "key"),
    "no credit": (failure(402, "billing_error"), NoCredit, "credit"),
    "no credit, in words": (
        failure(400, "invalid_request_error", "Your credit balance is too low to access the API."),
        NoCredit,
        "credit",
    ),
    "an own limit": (
        failure(400, "invalid_request_error", "You have reached your specified API usage limits."),
        NoCredit,
        "limit",
    ),
    "a spend limit": (
        failure(429, "rate_limit_error", code="enforced_spend_limit_reached", headers=SOON),
        NoCredit,
        "limit",
    ),
    "no permission": (failure(403, "permission_error", "Not you."), NoAccess, "not allowed"),
    "no such model": (failure(404, "not_found_error", "model: x"), NoAccess, "no model"),
    "no such page": (failure(404, body=b"<html>Not found</html>"), BadAnswer, "Messages API"),
    "a rate limit": (failure(429, "rate_limit_error", headers=SOON), RateLimited, "further"),
    "a failure": (failure(500, "api_error", headers=SOON), BadAnswer, "failed"),
    "overloaded": (failure(529, "overloaded_error", headers=SOON), Overloaded, "overloaded"),
    "unavailable": (failure(503, body=b"", headers=SOON), Overloaded, "overloaded"),
    "a time-out": (failure(504, "timeout_error"), NoAnswer, "too long"),
    "a bad gateway": (failure(502, body=b"<html>Bad gateway</html>"), BadAnswer, "failed"),
    "a teapot": (failure(418, body=b"\xff\xfe"), BadAnswer, "status 418"),
    "no JSON": (failure(400, body=b'{"error": '), Rejected, "not accepted"),
    "odd JSON": (failure(401, body=b'{"error": {"message": 5, "type": [1]}}'), WrongKey, "key"),
}
TRIED_AGAIN = {"a rate limit", "a spend limit", "a failure", "overloaded", "unavailable"}
UNKNOWN_BILL = {"a time-out", "a bad gateway"}


@pytest.mark.parametrize("case", CASES)
async def test_what_an_error_means(case):
    reply, kind, words = CASES[case]
    error, meter, server = await ask_in_vain(reply)
    assert type(error) is kind
    assert words in error.message
    assert error.remedy
    assert len(server.requests) == meter.n_sent == (3 if case in TRIED_AGAIN else 1)
    assert len({received.body for received in server.requests}) == 1
    assert meter.is_exact is (case not in UNKNOWN_BILL)
    assert meter.usage == CloudUsage()


@pytest.mark.parametrize("case", CASES)
async def test_a_sentence_is_a_sentence(case):
    reply, _, _ = CASES[case]
    error, _, _ = await ask_in_vain(reply, max_retries=0)
    for sentence in (error.message, error.remedy):
        assert "\n" not in sentence
        assert sentence[0].isupper() or sentence.startswith("127.0.0.1:")
    assert error.remedy.endswith(".")


def test_what_the_provider_says_is_cut_short_and_kept_in_one_line():
    error = error_of(Failure(400, words="a\nb " * 1000), MODEL, "host")
    assert len(error.message) < 320
    assert "\n" not in error.message


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (failure(429, "rate_limit_error", headers=SOON), RateLimited),
        (failure(500, "api_error", headers=SOON), BadAnswer),
        (failure(529, "overloaded_error", headers=SOON), Overloaded),
    ],
)
async def test_a_second_try_sends_the_same_bytes(reply, kind):
    meter = Meter()
    with MessagesServer(reply, reply, answer("at last")) as server:
        assert (await ask(server.url, meter=meter)).text == "at last"
    shown = payload_of(REQUEST, ClaudeConfig(MODEL))
    assert [received.body for received in server.requests] == [shown] * 3
    assert {name for name, _ in server.requests[2].headers} == set(HEADERS)
    assert meter == Meter(CloudUsage(21, 42, 300, 4000), n_sent=3, n_open=0)
    with MessagesServer(reply, answer("never")) as server:
        with pytest.raises(kind):
            await ask(server.url, max_retries=0)
        assert len(server.requests) == 1


async def test_the_wait_the_provider_asks_for_is_kept():
    reply = failure(429, "rate_limit_error", headers={"retry-after": "1"})
    with MessagesServer(reply, answer("x")) as server:
        await ask(server.url)
    first, second = server.requests
    assert 1.0 <= second.at - first.at < 3


def in_an_hour():
    return email.utils.format_datetime(
        datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1), usegmt=True
    )


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry-after": "90"}, 90),
        ({"retry-after-ms": "90000"}, 90),
        ({"retry-after": "86400"}, 86400),
        ({"retry-after": "date"}, 3600),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
async def test_nobody_waits_longer_than_they_want(headers, wait_s):
    headers = {name: value.replace("date", in_an_hour()) for name, value in headers.items()}
    start = time.monotonic()
    error, _, server = await ask_in_vain(failure(429, "rate_limit_error", headers=headers))
    assert isinstance(error, RateLimited)
    assert error.wait_s == pytest.approx(wait_s, abs=5)
    assert len(server.requests) == 1
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("wait_s", "words"),
    [(0.2, "1 second."), (42, "42 seconds."), (90, "2 minutes."), (86400, "24 hours.")],
)
def test_a_wait_in_words(wait_s, words):
    error = error_of(Failure(429, "rate_limit_error", wait_s=wait_s), MODEL, "host")
    assert error.remedy == f"Try again in {words}"


@pytest.mark.parametrize("end", [HANG_UP, RESET])
async def test_a_connection_that_breaks_before_the_answer_is_not_paid_for_twice(end):
    error, meter, server = await ask_in_vain([end])
    assert isinstance(error, NetworkDown)
    assert "broke" in error.message
    assert "worst case" in error.remedy
    assert len(server.requests) == 1
    assert (meter.n_sent, meter.n_open) == (1, 1)


@pytest.mark.parametrize(
    "reply",
    [
        stream(*begin(), delta("half"), HANG_UP, ends=False),
        stream(*begin(), delta("half"), RESET, ends=False),
        stream(*begin(), delta("half")),
        answer("half", stop_reason=None),
    ],
    ids=["closed", "reset", "ended", "no reason"],
)
async def test_a_connection_that_breaks_in_the_middle(reply):
    error, meter, server = await ask_in_vain(reply)
    assert isinstance(error, NetworkDown)
    assert "before the answer was complete" in error.message
    assert (meter.n_sent, meter.n_open, len(server.requests)) == (1, 1, 1)
    assert meter.usage.prompt_tokens == 4321


async def test_a_connection_that_breaks_after_the_last_word_takes_nothing_away():
    reply = answer("whole")
    with MessagesServer([*reply[:-2], HANG_UP]) as server:
        assert (await ask(server.url)).text == "whole"


NOT_THE_API = {
    "an empty stream": stream(),
    "an empty page": failure(200, body=b""),
    "a page": failure(200, body=b"<html><body>Sign in to the hotel's network</body></html>"),
    "no JSON": stream(*begin(), b"event: content_block_delta\ndata: {oops\n\n"),
    "no UTF-8": stream(*begin(), b"event: content_block_delta\ndata: \xff\xfe\n\n"),
    "no message": stream(event("message_start", {})),
    "a number": stream(b"event: message_start\ndata: 7\n\n"),
    "null": stream(*begin(), event("content_block_delta", {"index": 0, "delta": None})),
    "no names": stream(*(step.partition(b"\n")[2] for step in begin() if isinstance(step, bytes))),
    "no gzip": [
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\n"
        b"content-length: 9\r\n\r\nevent: hi"
    ],
}


@pytest.mark.parametrize("case", NOT_THE_API)
async def test_what_is_not_the_api(case):
    error, meter, server = await ask_in_vain(NOT_THE_API[case])
    assert isinstance(error, BadAnswer)
    assert "cloud.base_url" in error.remedy
    assert (meter.n_open, len(server.requests)) == (1, 1)


async def test_a_server_that_speaks_no_http():
    error, meter, _ = await ask_in_vain([b"SSH-2.0-OpenSSH_9.6\r\n", HANG_UP])
    assert isinstance(error, NetworkDown)
    assert meter.n_open == 1


async def test_an_answer_without_end():
    error, _, _ = await ask_in_vain(
        stream(*begin(), *[delta("spam " * 20_000)] * 40, HOLD), max_tokens=1000
    )
    assert isinstance(error, BadAnswer)


@pytest.mark.parametrize(
    ("kind", "ours"),
    [
        ("overloaded_error", Overloaded),
        ("rate_limit_error", RateLimited),
        ("api_error", BadAnswer),
        ("timeout_error", NoAnswer),
        ("something_new", BadAnswer),
    ],
)
async def test_an_error_in_the_middle(kind, ours):
    reply = stream(*begin(), delta("half"), event("error", {"error": {"type": kind}}))
    error, meter, server = await ask_in_vain(reply)
    assert type(error) is ours
    assert (meter.n_open, len(server.requests)) == (1, 1)
    error, _, _ = await ask_in_vain(stream(*begin(), b"event: error\ndata: oops\n\n"))
    assert isinstance(error, BadAnswer)
    assert "failed" in error.message


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"type": "refusal", "category": "cyber", "explanation": "No."}, "computer security"),
        ({"type": "refusal", "category": "brand_new"}, "rules forbid"),
        (None, "rules forbid"),
    ],
)
async def test_a_refusal_is_an_error_and_is_billed(details, words):
    error, meter, _ = await ask_in_vain(
        answer("I", stop_reason="refusal", stop_details=details, output_tokens=3)
    )
    assert isinstance(error, Refused)
    assert words in error.message
    assert meter == Meter(CloudUsage(21, 3, 300, 4000), n_sent=1, n_open=0)


async def test_a_model_that_thinks_until_nothing_is_left():
    error, meter, _ = await ask_in_vain(answer(stop_reason="max_tokens", output_tokens=8192))
    assert isinstance(error, NoRoom)
    assert "8192 tokens" in error.message
    assert meter == Meter(CloudUsage(21, 8192, 300, 4000), n_sent=1, n_open=0)


async def test_without_the_sdk(monkeypatch):
    monkeypatch.setitem(sys.modules, "anthropic", None)
    with pytest.raises(EngineUnavailable, match="not installed"):
        await asyncio.wait_for(ask("http://127.0.0.1:1"), 5)


async def test_nobody_waits_for_events_that_never_come(monkeypatch):
    """As if even telling what went wrong went wrong."""
    monkeypatch.setattr(claude, "_ours", lambda *_: 1 / 0)
    with MessagesServer([HANG_UP]) as server, pytest.raises(BadAnswer):
        await asyncio.wait_for(ask(server.url), 5)


async def test_usage_that_is_no_usage():
    usage = {"input_tokens": "many", "cache_read_input_tokens": None, "output_tokens": -4}
    with MessagesServer(answer("x", usage=usage)) as server:
        assert (await ask(server.url)).usage == CloudUsage(output_tokens=42)


# Time and the network


async def test_a_slow_drip_is_an_answer():
    slowly = [step for byte in answer("drip") for step in (byte[:5], 0.02, byte[5:])]
    with MessagesServer(slowly) as server:
        assert (await ask(server.url, read_timeout_s=1)).text == "drip"


async def test_silence_ends_and_is_not_paid_for_twice():
    error, meter, server = await ask_in_vain([HOLD], read_timeout_s=0.3)
    assert isinstance(error, NoAnswer)
    assert "0.3 seconds" in error.message
    assert (len(server.requests), meter.n_open) == (1, 1)
    assert server.requests[0].hung_up.wait(0.5)


async def test_silence_in_the_middle():
    error, meter, server = await ask_in_vain(stream(*begin(), delta("x"), HOLD), read_timeout_s=0.3)
    assert isinstance(error, NoAnswer)
    assert (len(server.requests), meter.n_open) == (1, 1)


async def test_pings_are_signs_of_life():
    pings = [0.2, event("ping", {})] * 4
    with MessagesServer(answer("x", between=pings)) as server:
        assert (await ask(server.url, read_timeout_s=0.5)).text == "x"


async def test_nobody_listens():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        meter = Meter()
        with pytest.raises(NetworkDown, match="cannot be reached"):
            await ask(f"http://127.0.0.1:{port}", meter=meter, max_retries=1)
    assert meter == Meter()


async def test_nobody_shakes_hands():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        meter = Meter()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NetworkDown, match="cannot be reached"):
            await ask(url, meter=meter, max_retries=0, connect_timeout_s=0.3)
    assert meter == Meter()


@functools.cache
def certificate(name, folder):
    """A certificate for a name or an address that signs itself, with its key, in one file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    try:
        alternative = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + private)
    return path


def tls(path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def test_a_certificate_that_is_not_trusted(tmp_path):
    meter = Meter()
    with MessagesServer(answer("x"), tls=tls(certificate("127.0.0.1", tmp_path))) as server:
        with pytest.raises(TlsFailure, match=r"not trusted .*self-signed") as caught:
            await ask(server.url, meter=meter, max_retries=0)
        assert server.requests == []
    assert "SSL_CERT_FILE" in caught.value.remedy
    assert meter == Meter()


async def test_a_certificate_the_user_trusts(tmp_path, monkeypatch):
    path = certificate("127.0.0.1", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with MessagesServer(answer("x"), tls=tls(path)) as server:
        assert (await ask(server.url)).text == "x"


async def test_a_certificate_for_another_name(tmp_path, monkeypatch):
    path = certificate("elsewhere.example", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with MessagesServer(answer("x"), tls=tls(path)) as server:
        with pytest.raises(TlsFailure, match=r"not valid for '127\.0\.0\.1'"):
            await ask(server.url, max_retries=0)
        assert server.requests == []


async def test_a_server_without_encryption():
    def greet():
        connection, _ = plain.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(4096)

    with socket.create_server(("127.0.0.1", 0)) as plain:
        threading.Thread(target=greet, daemon=True).start()
        url = f"https://127.0.0.1:{plain.getsockname()[1]}"
        with pytest.raises(TlsFailure, match="No encrypted"):
            await ask(url, max_retries=0)


async def test_the_proxy_of_the_user_is_used_and_not_for_this_machine(monkeypatch):
    with MessagesServer(answer("by proxy")) as proxy, MessagesServer(answer("direct")) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert (await ask(server.url)).text == "direct"
        assert proxy.n_connections == 0
        assert (await ask("http://gateway.invalid")).text == "by proxy"
        assert proxy.requests[0].path == "http://gateway.invalid/v1/messages"


async def test_a_proxy_that_lets_nothing_through(monkeypatch):
    meter = Meter()
    with MessagesServer(failure(403, body=b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(NetworkDown, match="proxy"):
            await ask("https://gateway.invalid", meter=meter, max_retries=0)
    assert proxy.requests[0].method == "CONNECT"
    assert KEY not in str(proxy.requests)
    assert meter == Meter()


# Cancelling


async def cancelled(server, **options):
    """When a generation that the server has heard of was cancelled, and how long it went on."""
    cancel = CancelToken()
    job = asyncio.create_task(ask(server.url, cancel=cancel, **options))
    await asyncio.to_thread(server.wait_for_request)
    start = time.monotonic()
    threading.Thread(target=cancel.cancel, args=["Stopped by the user."]).start()
    with pytest.raises(Cancelled, match="Stopped by the user"):
        await job
    return start, time.monotonic() - start


async def test_cancelled_before_it_began():
    cancel = CancelToken()
    cancel.cancel("No.")
    with MessagesServer(answer("x")) as server, pytest.raises(Cancelled):
        await ask(server.url, cancel=cancel)
    assert server.n_connections == 0


@pytest.mark.parametrize(
    "reply",
    [
        [HOLD],
        [b"HTTP/1.1 200 OK\r\n", HOLD],
        stream(*begin(), HOLD),
        stream(*begin(), *[step for _ in range(500) for step in (delta("x"), 0.02)]),
    ],
    ids=["before the first byte", "in the head", "before the text", "in the text"],
)
async def test_cancelling_hangs_up_at_once(reply):
    meter = Meter()
    with MessagesServer(reply) as server:
        begun, took_s = await cancelled(server, meter=meter)
        received = server.requests[0]
        assert received.hung_up.wait(0.5)
        assert received.hung_up_at - begun < 0.5
        assert took_s < 0.5
        assert not received.is_answered
        await asyncio.sleep(0.1)
        assert len(server.requests) == 1
    assert (meter.n_sent, meter.n_open) == (1, 1)


async def test_cancelling_while_waiting_to_try_again():
    reply = failure(429, "rate_limit_error", headers={"retry-after": "2"})
    meter = Meter()
    with MessagesServer(reply, answer("x")) as server:
        _, took_s = await cancelled(server, meter=meter)
        assert took_s < 0.5
        assert server.requests[0].hung_up.wait(0.5)
        await asyncio.sleep(2.3)
        assert len(server.requests) == 1
    assert (meter.n_sent, meter.is_exact) == (1, True)


async def test_cancelling_while_the_key_is_looked_for():
    gate, cancel = threading.Event(), CancelToken()
    with MessagesServer(answer("x")) as server:
        engine = ClaudeEngine(
            ClaudeConfig(MODEL, server.url), lambda: "" if gate.wait(10) else "never"
        )
        job = engine.approved(payload_of(REQUEST, engine.config))
        task = asyncio.create_task(complete(job, REQUEST, cancel))
        await asyncio.sleep(0.1)
        cancel.cancel()
        with pytest.raises(Cancelled):
            await asyncio.wait_for(task, 0.5)
        gate.set()
    assert server.n_connections == 0


async def test_leaving_early_hangs_up():
    with MessagesServer(stream(*begin(), delta("x"), HOLD)) as server:
        events = approved(server.url).generate(REQUEST, CancelToken())
        async with contextlib.aclosing(events):
            async for event_ in events:
                if isinstance(event_, Delta):
                    break
        assert server.requests[0].hung_up.wait(0.5)


async def test_a_task_that_is_cancelled_hangs_up():
    with MessagesServer([HOLD]) as server:
        job = asyncio.create_task(ask(server.url))
        await asyncio.to_thread(server.wait_for_request)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        assert server.requests[0].hung_up.wait(0.5)


async def test_several_generations_at_once():
    slowly = functools.partial(answer, between=[0.2])
    with MessagesServer(slowly("a")) as server:
        start = time.monotonic()
        meters = [Meter() for _ in range(5)]
        answers = await asyncio.gather(*(ask(server.url, meter=meter) for meter in meters))
        assert time.monotonic() - start < 5
    assert {completion.text for completion in answers} == {"a"}
    assert {meter.usage.output_tokens for meter in meters} == {42}


# The key


async def test_no_key():
    with MessagesServer(answer("x")) as server:
        with pytest.raises(NoKey, match="no API key"):
            await ask(server.url, key="")
        for key in ("sk-ant-\n", "sk ant", "schlüssel"):
            with pytest.raises(WrongKey):
                await ask(server.url, key=key)
    assert server.n_connections == 0


async def test_the_key_is_asked_for_when_it_is_used_and_not_in_the_event_loop():
    asked = []

    def key():
        asked.append(threading.current_thread())
        return f"sk-ant-{len(asked)}"

    with MessagesServer(answer("x")) as server:
        engine = ClaudeEngine(ClaudeConfig(MODEL, server.url), key)
        for _ in range(2):
            job = engine.approved(payload_of(REQUEST, engine.config))
            await complete(job, REQUEST, CancelToken())
    keys = [received.header("x-api-key") for received in server.requests]
    assert keys == ["sk-ant-1", "sk-ant-2"]
    assert threading.main_thread() not in asked


async def test_an_error_of_the_keys_keeper_is_passed_on():
    def key():
        raise InputError("The keyring is on fire.")

    engine = ClaudeEngine(ClaudeConfig(MODEL, "http://127.0.0.1:1"), key)
    with pytest.raises(InputError, match="on fire"):
        await complete(engine.approved(payload_of(REQUEST, engine.config)), REQUEST, CancelToken())


LOUD = """
import asyncio, logging, sys, traceback
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
import anthropic, httpx2
from scopewise.cancel import CancelToken
from scopewise.engine.claude import ClaudeConfig, ClaudeEngine, Meter, payload_of
from scopewise.engine.protocol import Message, Request, complete

logging.getLogger("anthropic").setLevel(logging.DEBUG)
request = Request((Message("user", "the-secret-source"),))

async def main(key):
    for url in sys.argv[1:]:
        engine = ClaudeEngine(ClaudeConfig("m", url, max_retries=1), lambda: key)
        meter = Meter()
        job = engine.approved(payload_of(request, engine.config), meter)
        print(repr(engine.config), repr(engine), repr(meter))
        try:
            print(await complete(job, request, CancelToken()))
        except Exception as error:
            traceback.print_exception(error)
            traceback.print_exception(error, file=sys.stdout)
            print(repr(error), error.__cause__, error.__context__)

asyncio.run(main(sys.stdin.read().strip()), debug=True)
"""


def test_neither_key_nor_source_is_said_aloud():
    words = f"invalid x-api-key: {KEY}"
    replies = [
        failure(400, "invalid_request_error", words),
        failure(401, "authentication_error", words),
        failure(529, "overloaded_error", words, headers=SOON),
        [HANG_UP],
        failure(200, body=words.encode()),
        stream(*begin(), event("error", {"error": {"type": "api_error", "message": words}})),
        answer("fine"),
    ]
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(MessagesServer(reply)) for reply in replies]
        program = subprocess.run(
            [sys.executable, "-c", LOUD, *(server.url for server in servers)],
            input=KEY,
            capture_output=True,
            text=True,
            timeout=60,
            env={"ANTHROPIC_LOG": "debug", "PYTHONPATH": str(Path(scopewise.__file__).parents[1])},
        )
        assert all(server.requests for server in servers), program.stderr
    said = program.stdout + program.stderr
    assert program.returncode == 0, said
    assert "CloudCompletion" in said
    assert "Rejected" in said
    assert KEY not in said
    assert "the-secret-source" not in said


async def test_an_error_does_not_drag_the_key_along():
    error, _, _ = await ask_in_vain(failure(401, "authentication_error", f"no: {KEY}"))
    assert error.__cause__ is error.__context__ is None
    summary = traceback.TracebackException.from_exception(error, capture_locals=True).stack
    ours = [frame for frame in summary if frame.filename == claude.__file__]
    assert "job" in ours[-1].locals
    assert KEY not in str([frame.locals for frame in ours])


# The estimate


async def test_tokens_are_estimated_without_a_connection(monkeypatch):
    def never(*_, **__):
        raise AssertionError("a connection")

    monkeypatch.setattr(socket, "socket", never)
    engine = ClaudeEngine(ClaudeConfig(MODEL), never)
    texts = ["", " ", "def f(x): return x + 1", "漢字"]
    assert await engine.count_tokens(texts) == [estimated_tokens(text) for text in texts]
    assert (await engine.describe()).model == MODEL
    assert (await engine.describe()).details == "api.anthropic.com"


# Characters for a token as published: prose and code as people measured them with the provider's
# own counter after the tokenizer changed with Opus 4.7 (3.60 for English; code 1.2 to 1.3 times
# what it was, which was about 3.4).
PUBLISHED = [
    ("English", lambda: textwrap.fill(inspect.cleandoc(email.__doc__ or "") + LOREM, 100), 3.6),
    ("Python", lambda: inspect.getsource(textwrap) + inspect.getsource(json.decoder), 2.7),
]
LOREM = """
The settings come from the client or from the command line, never from the repository that happens
to be open. Broken source code is normal input: analysis returns findings about it and never fails.
What the scope analysis says before a task is begun is overruled by what verification finds after.
"""


@pytest.mark.parametrize(("name", "sample", "ratio"), PUBLISHED)
def test_the_estimate_is_too_high_rather_than_too_low(name, sample, ratio):
    text = sample()
    published = len(text) / ratio
    assert published <= estimated_tokens(text) <= 1.8 * published


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("漢字仮名交じり文", 8, 24),
        ("Съешь ещё этих мягких булок", 11, 27),
        ("550e8400-e29b-41d4-a716-446655440000", 20, 36),
        ("🦔🦔", 2, 8),
        ("0" * 300, 100, 300),
        ("a" * 512, 150, 512),
        (" " * 4096, 16, 2048),
        ("{[(<>)]};" * 10, 45, 90),
        ("", 0, 0),
    ],
)
def test_the_estimate_of_odd_text(text, least, most):
    assert least <= estimated_tokens(text) <= most <= len(text.encode())


def test_the_estimate_of_a_prompt_covers_a_published_count():
    """14 tokens, in the provider's documentation of its counter."""
    request = Request((Message("system", "You are a scientist"), Message("user", "Hello, Claude")))
    assert 14 <= estimated_prompt_tokens(body_of(request, ClaudeConfig(MODEL))) <= 42


# The import


def test_the_sdk_is_imported_when_it_is_used_and_in_one_file():
    code = "import sys, scopewise.engine.claude; print('anthropic' in sys.modules)"
    program = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert program.stdout.strip() == "False", program.stderr
    package = Path(scopewise.__file__).parent
    importers = {path.name for path in package.rglob("*.py") if "anthropic" in imported(path)}
    assert importers == {"claude.py"}


def imported(path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names

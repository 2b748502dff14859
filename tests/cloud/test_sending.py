"""Paid requests: in the ledger before the first byte leaves, and closed with what they cost."""

import asyncio
import dataclasses
import errno
import sqlite3

import msgspec
import pytest

from scopewise.cancel import CancelToken
from scopewise.cloud import ledger
from scopewise.cloud.access import Choice, CloudAccess, nobody_to_ask
from scopewise.cloud.keys import Key, Keys
from scopewise.cloud.ledger import Ledger, State
from scopewise.cloud.ledger_file import LedgerFailed
from scopewise.cloud.limits import LimitReached, limits_of
from scopewise.cloud.prices import CostRange, Usage, cost_range
from scopewise.cloud.sending import PaidEngine
from scopewise.engine.protocol import Completion, Delta, Message, complete
from scopewise.errors import (
    BadAnswer,
    Cancelled,
    NetworkDown,
    NoKey,
    NotAsShown,
    RateLimited,
    Refused,
    WrongKey,
)
from scopewise.settings import CloudSettings

from .inquiries import inquiry, proposal
from .messages_server import (
    HANG_UP,
    HOLD,
    MessagesServer,
    answer,
    begin,
    delta,
    failure,
    stream,
)

KEY = "sk-ant-" + "not-a-key-" * 4
USED = Usage(21, 42, 300, 4000)


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("SCOPEWISE_HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


def paid(server, book=None, key=KEY, **settings):
    settings = CloudSettings(base_url=server.url, **settings)
    made = proposal(settings=settings)
    return PaidEngine(made, book or Ledger(), limits_of(settings), lambda: key)


async def ask(engine, *, cancel=None, n_samples=1, on_event=None):
    request = msgspec.structs.replace(engine.proposal.request, n_samples=n_samples)
    return await complete(engine, request, cancel or CancelToken(), on_event)


def only():
    (entry,) = Ledger().entries()
    return entry


async def test_a_row_of_an_answer():
    seen = []
    with MessagesServer(answer("```python\n", "x\n```")) as server:
        engine = paid(server)
        completion = await ask(engine, on_event=lambda event: seen.append((event, only().state)))
    assert isinstance(completion, Completion)
    assert next(state for event, state in seen if isinstance(event, Delta)) is State.PENDING
    assert [received.body for received in server.requests] == [engine.proposal.payload]
    entry, made = only(), engine.proposal
    assert (entry.state, entry.usage, entry.error) == (State.DONE, USED, "")
    rates = made.price.rates
    exact = 21 * rates.input + 42 * rates.output + 300 * rates.cache_write + 4000 * rates.cache_read
    assert entry.cost_usd == pytest.approx(exact / 1e6)
    assert entry.worst_usd == pytest.approx(made.cost.high_usd)
    assert entry.estimate_usd == pytest.approx(made.cost.low_usd)
    assert (entry.workspace, entry.host) == (made.workspace, made.host)
    assert (entry.task, entry.decision, entry.reasons) == (
        "fill",
        "offer_cloud",
        made.inquiry.reasons,
    )
    assert entry.payload_bytes == len(made.payload)


async def test_several_answers_are_one_row_with_what_all_of_them_cost():
    with MessagesServer(answer("x")) as server:
        engine = paid(server, samples=3)
        await ask(engine, n_samples=2)
    entry = only()
    assert entry.usage == Usage(42, 84, 600, 8000)
    made = engine.proposal
    worst = cost_range(made.price, made.n_tokens, made.config.max_tokens, 2).high_usd
    assert entry.worst_usd == pytest.approx(worst)
    assert {received.body for received in server.requests} == {made.payload}


ENDS = {
    "a wrong key": (failure(401, "authentication_error"), WrongKey, 0.0, 1),
    "a rate limit": (
        failure(429, "rate_limit_error", headers={"retry-after": "90"}),
        RateLimited,
        0.0,
        1,
    ),
    "tries": (failure(500, "api_error", headers={"retry-after-ms": "5"}), BadAnswer, 0.0, 3),
    "a refusal": (answer("I", stop_reason="refusal", output_tokens=3), Refused, "billed", 1),
    "hung up": ([HANG_UP], NetworkDown, None, 1),
    "in the middle": (stream(*begin(), delta("x"), HANG_UP, ends=False), NetworkDown, None, 1),
    "no API": (failure(200, body=b"<html>"), BadAnswer, None, 1),
}


@pytest.mark.parametrize("case", ENDS)
async def test_a_row_of_a_failure(case):
    reply, kind, cost, n_requests = ENDS[case]
    with MessagesServer(reply) as server:
        engine = paid(server)
        with pytest.raises(kind):
            await ask(engine)
    entry = only()
    assert (entry.state, entry.error) == (State.FAILED, kind.__name__)
    assert len(server.requests) == n_requests
    if cost is None:
        assert (entry.cost_usd, entry.usage) == (None, None)
        assert entry.counted_usd == pytest.approx(engine.proposal.cost.high_usd)
    elif cost == "billed":
        assert entry.usage == Usage(21, 3, 300, 4000)
        assert entry.cost_usd > 0
    else:
        assert (entry.cost_usd, entry.usage) == (0.0, Usage())


async def test_a_row_of_an_address_nobody_listens_at():
    with MessagesServer([HANG_UP]) as server:
        pass
    with pytest.raises(NetworkDown):
        await ask(paid(server))
    assert (only().state, only().cost_usd) == (State.FAILED, 0.0)


async def test_a_row_of_a_cancelled_answer():
    cancel = CancelToken()
    with MessagesServer(stream(*begin(), delta("x"), HOLD)) as server:
        asking = asyncio.ensure_future(ask(paid(server), cancel=cancel))
        received = await asyncio.to_thread(server.wait_for_request)
        cancel.cancel("Cancelled.")
        with pytest.raises(Cancelled):
            await asking
        assert await asyncio.to_thread(received.hung_up.wait, 1)
    assert (only().state, only().cost_usd) == (State.CANCELLED, None)


async def test_a_row_of_a_task_that_is_torn_down():
    with MessagesServer(stream(*begin(), delta("x"), HOLD)) as server:
        asking = asyncio.ensure_future(ask(paid(server)))
        received = await asyncio.to_thread(server.wait_for_request)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asyncio.to_thread(received.hung_up.wait, 1)
    assert (only().state, only().cost_usd) == (State.CANCELLED, None)


async def test_cancelled_before_anything_left_costs_nothing():
    cancel = CancelToken()
    cancel.cancel("Cancelled.")
    with MessagesServer(answer("x")) as server, pytest.raises(Cancelled):
        await ask(paid(server), cancel=cancel)
    assert server.n_connections == 0
    assert [entry.counted_usd for entry in Ledger().entries()] in ([], [0.0])


async def test_without_a_key_nothing_is_sent():
    with MessagesServer(answer("x")) as server, pytest.raises(NoKey):
        await ask(paid(server, key=""))
    assert server.n_connections == 0
    assert (only().state, only().cost_usd) == (State.FAILED, 0.0)


async def test_another_request_than_the_one_that_was_shown():
    with MessagesServer(answer("x")) as server:
        engine = paid(server)
        other = msgspec.structs.replace(
            engine.proposal.request, messages=(Message("user", "something else"),)
        )
        with pytest.raises(NotAsShown):
            await complete(engine, other, CancelToken())
    assert server.n_connections == 0
    assert only().cost_usd == 0.0


async def test_what_was_spent_since_it_was_shown_counts():
    """Two editors ask at the same time: the limit of the month is held when the row is written."""
    with MessagesServer(answer("x")) as server:
        engine = paid(server)
        once = engine.proposal.cost.high_usd
        engine = dataclasses.replace(
            engine, limits=dataclasses.replace(engine.limits, month_usd=1.5 * once)
        )
        held = engine.ledger.reserve(engine._order(1), engine.limits)
        with pytest.raises(LimitReached, match="spent or reserved"):
            await ask(engine)
        assert server.n_connections == 0
        held.nothing_billed()
        held.close(State.CANCELLED)
        await ask(engine)
    assert [entry.state for entry in Ledger().entries()] == [State.DONE, State.CANCELLED]


async def test_no_row_no_request(tmp_path):
    (tmp_path / "cloud").write_text("in the way")
    with MessagesServer(answer("x")) as server, pytest.raises(LedgerFailed):
        await ask(paid(server))
    assert server.n_connections == 0


async def test_payloads_are_kept_if_wanted():
    with MessagesServer(answer("x")) as server:
        engine = paid(server, Ledger(keep_payloads=True))
        await ask(engine)
    assert Ledger().payload(only().id) == engine.proposal.payload


async def test_the_price_the_user_gave_is_what_is_counted():
    price = {"model": "brand-new", "input": 1000, "output": 1000}
    settings = msgspec.convert({"model": "brand-new", "prices": [price]}, CloudSettings)
    with MessagesServer(answer("x")) as server:
        limits = {"request_limit_usd": 100, "month_limit_usd": 100}
        await ask(paid(server, model="brand-new", prices=settings.prices, **limits))
    assert only().cost_usd == pytest.approx((21 + 42 + 1.25 * 300 + 4000) / 1000)


# What a session knows


def access(**keys):
    return CloudAccess(Keys(**keys))


async def test_whatever_is_in_the_way_is_said_before_the_user_is_asked(tmp_path, monkeypatch):
    settings = CloudSettings()
    monkeypatch.setattr("scopewise.cloud.keys._keyring", lambda: _EmptyRing())
    with pytest.raises(NoKey, match="keyring: it holds none"):
        await access().propose(inquiry(), settings)
    known = access(environment=Key(KEY))
    with pytest.raises(LimitReached):
        await known.propose(inquiry(), CloudSettings(month_limit_usd=0.001))
    (tmp_path / "cloud").mkdir()
    (tmp_path / "cloud" / "ledger.sqlite").write_bytes(b"rubbish" * 500)
    with pytest.raises(LedgerFailed, match="damaged"):
        await known.propose(inquiry(), settings)


class _EmptyRing:
    name = "none"

    def get_password(self, service, account):
        return None


async def test_a_dry_run_needs_no_key():
    dry = access()
    dry.is_dry = True
    assert (await dry.propose(inquiry(), CloudSettings())).payload


async def test_what_the_user_agreed_to_for_the_session(tmp_path):
    known = access(environment=Key(KEY))
    made = await known.propose(inquiry(), CloudSettings())
    assert not known.is_agreed(made)
    known.agree(made)
    assert known.is_agreed(await known.propose(inquiry(task="fix"), CloudSettings()))
    for other in (
        await known.propose(inquiry(root=tmp_path), CloudSettings()),
        await known.propose(inquiry(root=None), CloudSettings()),
        await known.propose(inquiry(), CloudSettings(base_url="http://127.0.0.1:1")),
        await known.propose(inquiry(), CloudSettings(model="claude-opus-4-5")),
    ):
        assert not known.is_agreed(other)
    assert not access(environment=Key(KEY)).is_agreed(made)


async def test_nobody_says_no():
    assert await nobody_to_ask(proposal()) is Choice.NO


def test_rows_of_processes_that_died_are_closed_at_the_start():
    held = Ledger().reserve(_order(), limits_of(CloudSettings()))
    with sqlite3.connect(Ledger().path) as db:
        db.execute("UPDATE sends SET process = 4194304")
    access().tidy(CloudSettings(mode="never"))
    assert _states() == [(held.id, "pending")]
    access().tidy(CloudSettings())
    assert _states() == [(held.id, "interrupted")]
    assert only().counted_usd == pytest.approx(0.2)


def _states():
    """As they are in the file: to look through the ledger closes such rows as well."""
    with sqlite3.connect(Ledger().path) as db:
        return db.execute("SELECT id, state FROM sends").fetchall()


async def test_a_row_that_could_not_be_closed_is_closed_with_the_next(monkeypatch):
    """As when the disk fills while the answer comes."""
    known = access(environment=Key(KEY))
    writing = ledger.writing
    with MessagesServer(answer("x", between=[0.2])) as server:
        settings = CloudSettings(base_url=server.url)
        made = await known.propose(inquiry(), settings)
        asking = asyncio.ensure_future(ask(known.engine(made, settings)))
        await asyncio.to_thread(server.wait_for_request)
        monkeypatch.setattr(ledger, "writing", _full)
        assert (await asking).text == "x"
        assert _states() == [(1, "pending")]
        monkeypatch.setattr(ledger, "writing", writing)
        assert known.engine(made, settings).ledger.this_month().open_usd == 0
    assert (only().state, only().usage) == (State.DONE, USED)


def _full(path):
    raise OSError(errno.ENOSPC, "No space left on device")


def _order():
    made = proposal()
    with_cost = PaidEngine(made, Ledger(), limits_of(CloudSettings()), str)._order(1)
    return dataclasses.replace(with_cost, cost=CostRange(0.1, 0.2))

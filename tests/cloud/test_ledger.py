"""The ledger, with real processes that are killed and real disks that are full."""

import asyncio
import contextlib
import datetime
import hashlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from scopewise.cancel import CancelToken
from scopewise.cloud import ledger_file
from scopewise.cloud.endpoint import host_of
from scopewise.cloud.ledger import Ledger, Order, Send, State, Totals, ledger_path, month_of
from scopewise.cloud.ledger_file import LedgerFailed
from scopewise.cloud.limits import LimitReached, Limits
from scopewise.cloud.prices import CostRange, Usage, cost, find_price
from scopewise.engine.claude import CloudUsage
from scopewise.errors import Cancelled, InputError

LIMITS = Limits(request_usd=1, month_usd=10)
PAYLOAD = b'{"model":"claude-sonnet-5-5","max_tokens":8192}'


def order(worst_usd=0.25, payload=PAYLOAD, workspace="/home/me/shop"):
    return Order(
        workspace=workspace,
        model="claude-sonnet-5-5",
        host="api.anthropic.com",
        task="fill body",
        decision="offer_cloud",
        reasons=("uses `_cache` shared between threads", "no examples"),
        payload=payload,
        cost=CostRange(worst_usd / 10, worst_usd),
    )


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "cloud" / "ledger.sqlite")


def only(ledger):
    (entry,) = ledger.entries()
    return entry


def failing(send, error, note):
    """A request of which something is noted before it fails."""
    with contextlib.suppress(type(error)), send:
        note(send)
        raise error


def started(tmp_path, code, *arguments, before=()):
    """A process that runs code with a ledger and an order at hand."""
    opening = f"""
        import os, sys, time
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from test_ledger import LIMITS, Ledger, LedgerFailed, LimitReached, Limits, order
        ledger = Ledger(Path({str(tmp_path / "cloud" / "ledger.sqlite")!r}))
    """
    text = textwrap.dedent(opening) + textwrap.dedent(code)
    return subprocess.Popen(
        [*before, sys.executable, "-c", text, *arguments], stdout=subprocess.PIPE, text=True
    )


# A send


def test_a_row_is_there_before_anything_is_sent(ledger):
    before = datetime.datetime.now(datetime.UTC)
    send = ledger.reserve(order(), LIMITS)
    entry = only(ledger)
    assert entry.id == send.id
    assert entry.state is State.PENDING
    assert before <= entry.begun_at <= datetime.datetime.now(datetime.UTC)
    assert entry.ended_at is None
    assert (entry.workspace, entry.model, entry.host) == (
        "/home/me/shop",
        "claude-sonnet-5-5",
        "api.anthropic.com",
    )
    assert (entry.task, entry.decision) == ("fill body", "offer_cloud")
    assert entry.reasons == ("uses `_cache` shared between threads", "no examples")
    assert entry.payload_sha256 == hashlib.sha256(PAYLOAD).hexdigest()
    assert entry.payload_bytes == len(PAYLOAD)
    assert (entry.estimate_usd, entry.worst_usd, entry.counted_usd) == (0.025, 0.25, 0.25)
    assert entry.cost_usd is None
    assert entry.usage is None


def test_another_process_sees_it_at_once(ledger, tmp_path):
    ledger.reserve(order(), LIMITS)
    reader = started(tmp_path, "print(ledger.entries()[0].state)")
    assert reader.communicate(timeout=30)[0] == "pending\n"


def test_done(ledger):
    with ledger.reserve(order(), LIMITS) as send:
        send.used(Usage(900, 120, 30, 4), 0.0031)
    entry = only(ledger)
    assert entry.state is State.DONE
    assert entry.usage == Usage(900, 120, 30, 4)
    assert (entry.cost_usd, entry.counted_usd) == (0.0031, 0.0031)
    assert entry.ended_at >= entry.begun_at
    assert entry.error == ""


@pytest.mark.parametrize(
    ("error", "state", "name"),
    [
        (Cancelled("The user stopped it."), State.CANCELLED, ""),
        (asyncio.CancelledError(), State.CANCELLED, ""),
        (KeyboardInterrupt(), State.CANCELLED, ""),
        (GeneratorExit(), State.CANCELLED, ""),
        (ConnectionError("with what the provider said"), State.FAILED, "ConnectionError"),
        (SystemExit(1), State.FAILED, "SystemExit"),
    ],
)
def test_whatever_ends_it_closes_the_row(ledger, error, state, name):
    with pytest.raises(type(error)), ledger.reserve(order(), LIMITS):
        raise error
    entry = only(ledger)
    assert (entry.state, entry.error) == (state, name)
    # Nobody heard what was billed, so the worst case counts.
    assert entry.cost_usd is None
    assert entry.counted_usd == 0.25


def test_a_stopped_request_costs_what_was_heard_of_it(ledger):
    failing(
        ledger.reserve(order(), LIMITS), Cancelled("x"), lambda send: send.used(Usage(9), 0.002)
    )
    assert only(ledger).counted_usd == 0.002


def test_a_refused_request_costs_nothing(ledger):
    failing(ledger.reserve(order(), LIMITS), ConnectionError(), Send.nothing_billed)
    assert only(ledger).state is State.FAILED
    assert only(ledger).counted_usd == 0


def test_only_the_first_end_counts(ledger):
    send = ledger.reserve(order(), LIMITS)
    send.close(State.CANCELLED)
    with send:
        send.used(Usage(1, 1), 0.1)
    assert only(ledger).state is State.CANCELLED


def test_a_cost_that_is_no_number_counts_as_unknown(ledger):
    with ledger.reserve(order(), LIMITS) as send:
        send.used(Usage(1), float("nan"))
    assert only(ledger).cost_usd is None
    assert only(ledger).counted_usd == 0.25


def test_usage_as_the_engine_tells_it(ledger):
    told = CloudUsage(900, 120, 30, 4)
    with ledger.reserve(order(), LIMITS) as send:
        send.used(told, cost(told, find_price("claude-sonnet-5-5")))
    assert only(ledger).usage == Usage(900, 120, 30, 4)
    assert only(ledger).cost_usd == pytest.approx((900 * 2 + 1200 + 75 + 0.4) / 1e6)


def test_a_folder_whose_name_is_no_unicode(ledger):
    ledger.reserve(order(workspace=os.fsdecode(b"/home/me/sh\xf6p")), LIMITS)
    assert only(ledger).workspace == r"/home/me/sh\udcf6p"


def test_payloads_are_kept_only_if_wanted(ledger):
    kept = Ledger(ledger.path, keep_payloads=True)
    first = ledger.reserve(order(), LIMITS).id
    second = kept.reserve(order(payload=b"\x00\xff exact"), LIMITS).id
    assert [entry.has_payload for entry in ledger.entries()] == [True, False]
    assert ledger.payload(first) is None
    assert ledger.payload(second) == b"\x00\xff exact"
    assert ledger.payload(99) is None
    others = b"".join(path.read_bytes() for path in ledger.path.parent.iterdir())
    assert PAYLOAD not in others


async def test_sending_in_the_event_loop(ledger):
    async with ledger.sending(order(), LIMITS) as send:
        assert only(ledger).state is State.PENDING
        send.used(Usage(1), 0.001)
    assert only(ledger).state is State.DONE
    with pytest.raises(LimitReached):
        async with ledger.sending(order(worst_usd=2), LIMITS):
            pytest.fail("nothing may be sent")


async def test_a_task_cancelled_while_sending(ledger):
    is_open = asyncio.Event()

    async def job():
        async with ledger.sending(order(), LIMITS):
            is_open.set()
            await asyncio.sleep(60)

    task = asyncio.ensure_future(job())
    await is_open.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert only(ledger).state is State.CANCELLED


async def test_a_task_cancelled_while_reserving_sends_nothing_and_costs_nothing(ledger):
    ledger.reserve(order(), LIMITS).close(State.DONE)

    async def job():
        async with ledger.sending(order(), LIMITS):
            pytest.fail("nothing may be sent")

    with contextlib.closing(sqlite3.connect(ledger.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        task = asyncio.ensure_future(job())
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        other.execute("COMMIT")
    for _ in range(100):
        await asyncio.sleep(0.05)
        newest = (await asyncio.to_thread(ledger.entries))[0]
        if newest.id == 2 and newest.state is not State.PENDING:
            break
    assert (newest.id, newest.state, newest.counted_usd) == (2, State.CANCELLED, 0)


def test_a_cancelled_token_reads_as_cancelled(ledger):
    token = CancelToken()
    token.cancel("Stopped by the user.")
    with pytest.raises(Cancelled), ledger.reserve(order(), LIMITS):
        token.check()
    assert only(ledger).state is State.CANCELLED


# Limits


def test_what_is_open_counts_with_its_worst_case(ledger):
    limits = Limits(1, 1)
    for _ in range(4):
        ledger.reserve(order(), limits)
    with pytest.raises(LimitReached) as caught:
        ledger.reserve(order(worst_usd=0.0001), limits)
    assert "$1.00 of this month's $1.00 are spent or reserved" in caught.value.message
    assert len(ledger.entries()) == 4


def test_what_was_cheaper_than_feared_gives_room_back(ledger):
    limits = Limits(1, 0.5)
    for _ in range(10):
        with ledger.reserve(order(), limits) as send:
            send.used(Usage(100), 0.01)
    assert ledger.this_month().cost_usd == 0.1


def test_sums_have_no_remainder(ledger):
    limits = Limits(1, 0.3)
    for _ in range(3):
        ledger.reserve(order(worst_usd=0.1), limits)
    assert ledger.this_month().counted_usd == 0.3


def test_nothing_is_written_for_a_request_beyond_its_limit(ledger):
    with pytest.raises(LimitReached):
        ledger.reserve(order(worst_usd=1.01), LIMITS)
    assert not ledger.path.exists()


def test_the_limit_is_of_a_calendar_month_in_utc(tmp_path):
    east = datetime.timezone(datetime.timedelta(hours=9))
    moments = iter(
        [
            datetime.datetime(2026, 12, 1, 8, 58, tzinfo=east),  # still November in UTC
            datetime.datetime(2026, 11, 30, 23, 59, 59, tzinfo=datetime.UTC),
            datetime.datetime(2026, 12, 1, 9, 0, tzinfo=east),
        ]
    )
    ledger = Ledger(tmp_path / "ledger.sqlite", now=lambda: next(moments))
    limits = Limits(1, 0.25)
    ledger.reserve(order(), limits)
    with pytest.raises(LimitReached):
        ledger.reserve(order(), limits)
    ledger.reserve(order(), limits)
    months = [month_of(entry.begun_at) for entry in Ledger(ledger.path).entries()]
    assert months == ["2026-12", "2026-11"]


def test_totals(ledger):
    with ledger.reserve(order(), LIMITS) as send:
        send.used(Usage(100, 10, 1, 2), 0.1)
    with ledger.reserve(order(), LIMITS) as send:
        send.used(Usage(200, 20, 3, 4), 0.2)
    ledger.reserve(order(worst_usd=0.7), LIMITS)
    assert ledger.totals() == Totals(3, 3 * len(PAYLOAD), Usage(300, 30, 4, 6), 0.3, 0.7)
    assert ledger.totals().counted_usd == 1
    assert ledger.totals("1999-01").n_sends == 0
    assert [entry.id for entry in ledger.entries(limit=2)] == [3, 2]


def test_threads_do_not_spend_the_same_dollar(ledger):
    limits = Limits(1, 2.0)
    outcomes = []

    def reserve():
        try:
            outcomes.append(ledger.reserve(order(), limits).id)
        except LimitReached:
            outcomes.append(None)

    threads = [threading.Thread(target=reserve) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcome is not None for outcome in outcomes) == 8
    assert ledger.this_month().counted_usd == 2.0


def test_servers_do_not_spend_the_same_dollar(ledger, tmp_path):
    """Six at once, from the very first row: the file itself is made by one of them."""
    code = """
        while not os.path.exists(sys.argv[1]):
            time.sleep(0.001)
        n = 0
        for _ in range(5):
            try:
                ledger.reserve(order(), Limits(1, 2.0)).close("done")
                n += 1
            except LimitReached:
                pass
        print(n)
    """
    go = tmp_path / "go"
    servers = [started(tmp_path, code, str(go)) for _ in range(6)]
    time.sleep(2)
    go.touch()
    counts = [int(server.communicate(timeout=90)[0]) for server in servers]
    assert sum(counts) == 8
    assert ledger.this_month().counted_usd == 2.0


# A process that dies


SENDING = """
    with ledger.reserve(order(), LIMITS) as send:
        print(send.id, flush=True)
        time.sleep(60)
"""


def test_a_killed_process_leaves_an_interrupted_row(ledger, tmp_path):
    server = started(tmp_path, SENDING)
    assert server.stdout.readline() == "1\n"
    assert only(ledger).state is State.PENDING
    server.kill()
    server.wait(timeout=20)
    entry = only(ledger)
    assert entry.state is State.INTERRUPTED
    assert entry.ended_at is not None
    assert entry.counted_usd == 0.25
    with pytest.raises(LimitReached):
        ledger.reserve(order(), Limits(1, 0.4))
    assert ledger.close_dead() == 0


def test_a_zombie_is_dead(ledger, tmp_path):
    server = started(tmp_path, SENDING)
    server.stdout.readline()
    server.kill()
    # Not waited for, so its number is not free yet.
    while psutil.Process(server.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert only(ledger).state is State.INTERRUPTED
    server.wait(timeout=20)


def test_ctrl_c_leaves_a_cancelled_row(ledger, tmp_path):
    server = started(tmp_path, SENDING)
    server.stdout.readline()
    server.send_signal(signal.SIGINT)
    server.wait(timeout=20)
    assert only(ledger).state is State.CANCELLED


def test_the_number_of_a_dead_process_comes_again(ledger):
    """A row with this process's number that began before this process did."""
    ledger.reserve(order(), LIMITS)
    change(ledger, "UPDATE sends SET process_started = process_started - 3600")
    assert only(ledger).state is State.INTERRUPTED


def test_a_row_taken_for_dead_is_closed_rightly_by_its_own_process(ledger):
    send = ledger.reserve(order(), LIMITS)
    change(ledger, "UPDATE sends SET process = 4194304")
    assert ledger.close_dead() == 1
    with send:
        send.used(Usage(10, 20), 0.003)
    assert (only(ledger).state, only(ledger).counted_usd) == (State.DONE, 0.003)


def test_killed_at_any_moment_nothing_sent_is_missing(ledger, tmp_path):
    """What a process wrote into `sent` it had reserved before, however it was killed."""
    code = """
        sent = open(sys.argv[1], "a")
        while True:
            with ledger.reserve(order(worst_usd=0.001), Limits(1, 1e6)) as send:
                sent.write(f"{send.id}\\n"); sent.flush()
                send.used(__import__("scopewise.cloud.prices").cloud.prices.Usage(1), 0.0001)
    """
    sent = tmp_path / "sent"
    chance = random.Random(5)
    for _ in range(6):
        sent.touch()
        n_before = len(sent.read_text().splitlines())
        server = started(tmp_path, code, str(sent))
        while len(sent.read_text().splitlines()) <= n_before:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.2)
        server.kill()
        server.wait(timeout=20)
    ids = [int(line) for line in sent.read_text().splitlines() if line]
    rows = {entry.id: entry for entry in ledger.entries()}
    assert len(ids) == len(set(ids)) > 12
    assert set(ids) <= set(rows)
    assert {row.state for row in rows.values()} <= {State.DONE, State.INTERRUPTED}
    # At most one row a kill is open, and at most one of those was reserved and not yet sent.
    assert sum(row.state is State.INTERRUPTED for row in rows.values()) <= 6
    assert len(rows) - len(ids) <= 6


def change(ledger, query):
    with contextlib.closing(sqlite3.connect(ledger.path, isolation_level=None)) as db:
        assert db.execute(query).rowcount == 1


# A disk that is full


@pytest.fixture
def limited_pages(monkeypatch):
    """SQLite may let a database grow no further than some pages, as if the disk ended there."""
    pages = {"n": 0}
    connected = ledger_file._connected

    def limited(path):
        db = connected(path)
        if pages["n"]:
            db.execute(f"PRAGMA max_page_count = {pages['n']}")
        return db

    monkeypatch.setattr(ledger_file, "_connected", limited)
    return pages


def fill(ledger, limits):
    for n in range(500):
        try:
            ledger.reserve(order(0.0001, workspace="w" * 1500), limits).close(State.DONE)
        except LedgerFailed as error:
            return n, error
    return pytest.fail("the disk never was full")


def test_when_the_row_cannot_be_written_nothing_is_sent(ledger, limited_pages):
    limited_pages["n"] = 12
    n_rows, error = fill(ledger, LIMITS)
    assert error.message == (
        f"The request was not sent, for the disk of the ledger is full: {ledger.path}."
    )
    assert error.remedy == "Make room there."
    limited_pages["n"] = 0
    assert len(ledger.entries()) == n_rows
    assert {entry.state for entry in ledger.entries()} == {State.DONE}
    ledger.reserve(order(), LIMITS)


def broken_commits(monkeypatch):
    """Writing fails as on a full disk; returns what mends it."""

    @contextlib.contextmanager
    def full(path):
        raise sqlite3.OperationalError("database or disk is full")
        yield

    from scopewise.cloud import ledger as module

    right = module.writing
    monkeypatch.setattr(module, "writing", full)
    return lambda: monkeypatch.setattr(module, "writing", right)


def test_a_disk_that_fills_during_a_send_loses_neither_answer_nor_row(ledger, monkeypatch, caplog):
    with ledger.reserve(order(), LIMITS) as send:
        send.used(Usage(10, 20), 0.003)
        mend = broken_commits(monkeypatch)
    assert "could not be closed yet" in caplog.text
    assert only(ledger).state is State.PENDING
    assert only(ledger).counted_usd == 0.25
    mend()
    # The next thing that is written settles it, and only once.
    second = ledger.reserve(order(), LIMITS)
    states = {entry.id: (entry.state, entry.counted_usd) for entry in ledger.entries()}
    assert "was gone" not in caplog.text
    assert states == {1: (State.DONE, 0.003), second.id: (State.PENDING, 0.25)}


def own_mounts():
    """What begins a command that may mount disks nobody else sees, or a skip."""
    ways = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])
    for way in ways if shutil.which("unshare") else ():
        if not subprocess.run(
            [*way, "mount", "-t", "tmpfs", "x", "/mnt"], capture_output=True
        ).returncode:
            return way
    return pytest.skip("no small disk can be mounted here")


def test_a_real_disk_that_is_full(ledger, tmp_path):
    code = """
        import contextlib, subprocess
        folder = ledger.path.parent
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "x", folder], check=True)
        first = ledger.reserve(order(), LIMITS)
        filler = folder / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        n = 1
        try:
            while True:
                ledger.reserve(order(0.001), LIMITS).close("done")
                n += 1
        except LedgerFailed as error:
            print(error.message.partition(":")[0])
        first.nothing_billed()
        first.close("done")
        filler.unlink()
        ledger.reserve(order(), LIMITS).close("done")
        print(n + 1 - len(ledger.entries()), {str(entry.state) for entry in ledger.entries()})
        subprocess.run(["umount", folder], check=True)
        print("nothing is held open")
    """
    server = started(tmp_path, code, before=own_mounts())
    assert server.communicate(timeout=60)[0].splitlines() == [
        "The request was not sent, for the disk of the ledger is full",
        "0 {'done'}",
        "nothing is held open",
    ]


def test_a_quota_on_files(ledger, tmp_path):
    """Any user can be out of room: a limit on the size of files fails the same writes."""
    code = """
        import resource
        send = ledger.reserve(order(), LIMITS)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
        n = 1
        try:
            while True:
                ledger.reserve(order(0.001), LIMITS)
                n += 1
        except LedgerFailed as error:
            print(n)
            print(error)
        send.nothing_billed()
        send.close("done")
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        print(len(ledger.entries()))
    """
    n_rows, error, n_seen = started(tmp_path, code).communicate(timeout=60)[0].splitlines()
    assert error.startswith("The request was not sent, for the ")
    assert n_seen == n_rows
    entries = ledger.entries()
    assert len(entries) == int(n_rows)
    assert entries[-1].state is State.DONE
    assert {entry.state for entry in entries[:-1]} == {State.INTERRUPTED}
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


# The file


def test_nobody_else_can_read_it(ledger):
    umask = os.umask(0o022)
    try:
        ledger.reserve(order(), LIMITS)
        with contextlib.closing(sqlite3.connect(ledger.path)) as db:
            db.execute("SELECT * FROM sends").fetchall()
            for path in ledger.path.parent.iterdir():
                assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
            assert stat.S_IMODE(ledger.path.parent.stat().st_mode) == 0o700
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        os.umask(umask)


def test_looking_makes_no_file(ledger):
    assert ledger.entries() == []
    assert ledger.this_month().n_sends == 0
    assert ledger.payload(1) is None
    assert ledger.close_dead() == 0
    assert not ledger.path.parent.exists()


def test_a_damaged_ledger_is_not_begun_anew(ledger):
    """Its spending would be forgotten, and with it the limit."""
    ledger.path.parent.mkdir()
    ledger.path.write_bytes(b"no database at all" * 100)
    for use in (lambda: ledger.reserve(order(), LIMITS), ledger.entries):
        with pytest.raises(LedgerFailed) as caught:
            use()
        assert "the ledger is damaged" in caught.value.message
        assert "Move the file away" in caught.value.remedy
    assert ledger.path.read_bytes().startswith(b"no database")


def test_a_ledger_of_a_newer_scopewise_is_left_alone(ledger):
    ledger.reserve(order(), LIMITS)
    change_version = "PRAGMA user_version = 2"
    with contextlib.closing(sqlite3.connect(ledger.path)) as db:
        db.execute(change_version)
    with pytest.raises(LedgerFailed, match="newer scopewise"):
        ledger.reserve(order(), LIMITS)


def test_a_busy_ledger_refuses_in_the_end(ledger, monkeypatch):
    ledger.reserve(order(), LIMITS)
    monkeypatch.setattr(ledger_file, "_WAIT_S", 0.1)
    with contextlib.closing(sqlite3.connect(ledger.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerFailed) as caught:
            ledger.reserve(order(), LIMITS)
    assert str(caught.value) == (
        "The request was not sent, for the ledger is in use. Try again in a moment."
    )


def test_a_file_that_is_no_ledger(ledger):
    ledger.path.parent.mkdir()
    ledger.path.touch()
    with pytest.raises(LedgerFailed, match="it is no ledger"):
        ledger.reserve(order(), LIMITS)


def test_a_beginning_that_was_interrupted(ledger):
    folder = ledger.path.parent
    folder.mkdir()
    beginning = ledger.path.with_suffix(".new")
    with contextlib.closing(sqlite3.connect(beginning, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE sends (of_another_kind)")
        left = {path: path.read_bytes() for path in folder.iterdir()}
    assert len(left) == 3
    for path, content in left.items():
        path.write_bytes(content)
    ledger.reserve(order(), LIMITS)
    assert only(ledger).state is State.PENDING


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LedgerFailed, match="The request was not sent"):
        Ledger(tmp_path / "file" / "ledger.sqlite").reserve(order(), LIMITS)


def test_a_ledger_deleted_while_sending(ledger, caplog):
    with ledger.reserve(order(), LIMITS):
        for path in ledger.path.parent.iterdir():
            path.unlink()
    assert "was gone from the ledger" in caplog.text
    other = ledger.reserve(order(), LIMITS)
    assert only(ledger).id == other.id


def test_where_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("SCOPEWISE_HOME", str(tmp_path))
    assert ledger_path() == tmp_path / "cloud" / "ledger.sqlite"
    monkeypatch.delenv("SCOPEWISE_HOME")
    assert ledger_path().parts[-3:] == ("scopewise", "cloud", "ledger.sqlite")


# The address


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://api.anthropic.com", "api.anthropic.com"),
        ("https://gateway.example:8443/anthropic/", "gateway.example:8443"),
        ("http://127.0.0.1:4000", "127.0.0.1:4000"),
        ("http://localhost:4000/v1", "localhost:4000"),
        ("http://[::1]:4000", "::1:4000"),
    ],
)
def test_the_host_of_an_address(base_url, host):
    assert host_of(base_url) == host


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.anthropic.com",
        "ftp://api.anthropic.com",
        "https://",
        "https://me:hush@gateway.example",
        "https://hush@gateway.example",
        "https://gateway.example/?token=hush",
        "https://gateway.example/#hush",
        "https://gateway.example:port",
        "https://[::1",
        "http://gateway.example",
        "http://127.example.com",
        "http://localhost.example.com",
    ],
)
def test_what_is_no_address_to_send_code_to(base_url):
    with pytest.raises(InputError) as caught:
        host_of(base_url)
    assert "hush" not in str(caught.value)

"""`scopewise cloud`, without and with a terminal's worth of what people see."""

import contextlib
import json
import os
import subprocess
import sys
import time

import keyring
import pytest
from keyring.backend import KeyringBackend
from typer.testing import CliRunner

from scopewise.cli import app
from scopewise.cloud.keys import Key, Keys
from scopewise.cloud.ledger import Ledger, Order, State
from scopewise.cloud.limits import Limits
from scopewise.cloud.prices import CostRange, Usage

TEXT = "sk-ant-" + "not-a-key-" * 4
LIMITS = Limits(1, 10)


class MemoryKeyring(KeyringBackend):
    priority = 1
    name = "the memory keyring"
    kept = ""

    def get_password(self, service, username):
        return self.kept or None

    def set_password(self, service, username, password):
        self.kept = password

    def delete_password(self, service, username):
        self.kept = ""


@pytest.fixture(autouse=True)
def ring(monkeypatch, tmp_path):
    ring = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    monkeypatch.setenv("SCOPEWISE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    return ring


def run(*arguments, stdin="", keys=None):
    return CliRunner().invoke(app, ["cloud", *arguments], input=stdin, obj=keys)


def order(**changes):
    values = {
        "workspace": "/home/me/shop",
        "model": "claude-sonnet-5-5",
        "host": "api.anthropic.com",
        "task": "fill body",
        "decision": "offer_cloud",
        "reasons": ("uses [red]`_cache`[/red]", "no examples"),
        "payload": b"{}" * 1000,
        "cost": CostRange(0.02, 0.107),
    }
    return Order(**{**values, **changes})


def send(ledger=None, **changes):
    with (ledger or Ledger()).reserve(order(**changes), LIMITS) as open_row:
        open_row.used(Usage(900, 120, 50, 50), 0.0123)


def test_an_empty_log():
    result = run("log")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing was sent.\n")
    assert json.loads(run("log", "--json").stdout)["sends"] == []


def test_the_log_says_all_there_is_to_say():
    send()
    Ledger().reserve(order(), LIMITS).close(State.CANCELLED)
    lines = [line.split() for line in run("log").stdout.splitlines()]
    assert lines[0] == ["Id", "Sent", "(UTC)", "What", "Size", "Tokens", "Cost", "State"]
    day = time.strftime("%Y-%m-%d", time.gmtime())
    assert lines[1][0] == "2"
    assert lines[1][-6:] == ["2.0", "kB", "?", "≤", "$0.107", "cancelled"]
    assert lines[5][:2] == ["1", day]
    assert lines[5][-7:] == ["2.0", "kB", "1000", "+", "120", "$0.0123", "done"]
    text = run("log").stdout
    assert "fill body, claude-sonnet-5-5 at api.anthropic.com" in text
    assert "/home/me/shop" in text
    assert "offer_cloud: uses [red]`_cache`[/red]; no examples" in text
    assert text.splitlines()[-1] == (
        "2 requests, 4.0 kB, 1000 + 120 tokens, $0.0123, and up to $0.107 whose cost is not known."
    )


def test_the_log_for_programs():
    send()
    found = json.loads(run("log", "--json").stdout)
    (row,) = found["sends"]
    assert row["state"] == "done"
    assert row["reasons"] == ["uses [red]`_cache`[/red]", "no examples"]
    assert len(row["payload_sha256"]) == 64
    assert row["payload_bytes"] == 2000
    assert row["begun_at"].startswith(time.strftime("%Y-%m-%dT", time.gmtime()))
    assert row["usage"]["output_tokens"] == 120
    assert (row["cost_usd"], row["counted_usd"]) == (0.0123, 0.0123)
    assert found["totals"]["n_sends"] == 1
    assert found["totals"]["counted_usd"] == 0.0123


def test_totals_are_of_all_that_match_however_few_are_shown():
    for _ in range(5):
        send()
    result = run("log", "--limit", "2")
    assert "3 older ones are not shown" in result.stderr
    assert result.stdout.splitlines()[-1].startswith("5 requests, 10.0 kB, 5000 + 600 tokens, ")
    assert len(json.loads(run("log", "--json", "--limit", "2").stdout)["sends"]) == 2


def test_one_month():
    send()
    this_month = time.strftime("%Y-%m", time.gmtime())
    assert "1 request, " in run("log", "--month", this_month).stdout
    assert run("log", "--month", "1999-12").stderr == "Nothing was sent.\n"


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-1", "%", "2026-11-01"])
def test_what_is_no_month(month):
    result = run("log", "--month", month)
    assert result.exit_code == 2
    assert result.stderr == f"`{month}` is not a month. Write it as in 2026-11.\n"


def test_a_damaged_ledger_is_a_sentence(tmp_path):
    (tmp_path / "cloud").mkdir()
    (tmp_path / "cloud" / "ledger.sqlite").write_bytes(b"rubbish" * 500)
    for command in ("log", "status"):
        result = run(command)
        assert result.exit_code == 2
        assert "the ledger is damaged" in result.stderr
        assert "Traceback" not in result.stderr


def test_a_payload_that_was_kept():
    send()
    send(Ledger(keep_payloads=True), payload=b"\x00\xff{}")
    assert run("payload", "2").stdout_bytes == b"\x00\xff{}"
    result = run("payload", "1")
    assert result.exit_code == 2
    assert "cloud.keep_payloads" in result.stderr


def test_status(tmp_path):
    send()
    lines = [" ".join(line.split()) for line in run("status").stdout.splitlines()]
    assert lines == [
        "mode ask",
        "model claude-sonnet-5-5 at api.anthropic.com",
        "price $2.00 in, $10.00 out for a million tokens; by Anthropic's price list of 2026-11-12",
        "key none; of the keyring: it holds none",
        "this month $0.0123 for requests: 1; the limit is $10.00",
        "one request up to $0.50",
        f"ledger {tmp_path}/cloud/ledger.sqlite",
    ]


def test_status_with_settings_and_a_key():
    keys = Keys(environment=Key(TEXT))
    changes = ("--set", "cloud.model=claude-mythos-preview", "--set", "cloud.month_limit_usd=2")
    text = run("status", *changes, keys=keys).stdout
    assert "unknown, so nothing is sent; see the setting `cloud.prices`" in text
    assert "the environment variable ANTHROPIC_API_KEY" in text
    assert "the limit is $2.00" in text
    assert TEXT not in text
    facts = json.loads(run("status", "--json", keys=keys).stdout)
    assert facts["key"]["found"] is True
    assert facts["this_month"]["counted_usd"] == 0
    assert TEXT not in str(facts)


def test_status_of_a_cloud_that_is_off_looks_for_no_key(monkeypatch):
    monkeypatch.setattr(keyring, "get_keyring", lambda: pytest.fail("asked"))
    text = run("status", "--set", "cloud.mode=never").stdout
    assert "not looked for" in text


def test_status_with_a_wrong_address():
    result = run("status", "--set", "cloud.base_url=https://me:hush@gateway.example")
    assert result.exit_code == 2
    assert "hush" not in result.stderr


def test_a_key_from_stdin(ring):
    result = run("key", "set", stdin=f"{TEXT}\n")
    assert result.exit_code == 0
    assert ring.kept == TEXT
    assert result.output == "The key is kept by the memory keyring.\n"
    result = run("key", "status")
    assert (result.exit_code, result.output) == (0, "the system's keyring\n")
    assert run("key", "clear").output == "The key is deleted.\n"
    assert ring.kept == ""
    assert run("key", "clear").output == "There was no key in the keyring.\n"
    result = run("key", "status")
    assert result.exit_code == 1
    assert result.stdout == "none; of the keyring: it holds none\n"


def test_an_unusual_key_is_kept_with_a_hint(ring):
    result = run("key", "set", stdin="of-a-gateway\n")
    assert ring.kept == "of-a-gateway"
    assert "`sk-ant-`" in result.output
    assert "of-a-gateway" not in result.output


@pytest.mark.parametrize("text", ["", "\n", "two words\n", f"{TEXT}ü\n"])
def test_what_cannot_be_a_key_is_not_kept(ring, text):
    result = run("key", "set", stdin=text)
    assert result.exit_code == 2
    assert ring.kept == ""
    assert TEXT not in result.output
    assert "Paste" in result.stderr


def test_no_key_on_the_command_line(ring):
    assert run("key", "set", TEXT).exit_code == 2
    assert run("key", "set", "--key", TEXT).exit_code == 2
    assert ring.kept == ""


def test_the_whole_command_with_a_key_in_the_environment(tmp_path):
    """As a user types it, at its most verbose: the key is found and nowhere to be seen."""
    environment = {**os.environ, "ANTHROPIC_API_KEY": TEXT, "SCOPEWISE_HOME": str(tmp_path)}
    for command in (["status"], ["status", "--json"], ["key", "status"], ["log"]):
        done = subprocess.run(
            [sys.executable, "-m", "scopewise", "--verbose", "cloud", *command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        assert TEXT not in done.stdout + done.stderr
        if command != ["log"]:
            assert "the environment variable ANTHROPIC_API_KEY" in done.stdout


def test_a_key_typed_at_a_prompt_is_not_echoed():
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    forgetful = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    typing = subprocess.Popen(
        [sys.executable, "-m", "scopewise", "cloud", "key", "set"],
        env={**os.environ, **forgetful},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while b"it is not shown" not in shown:
        shown += os.read(ours, 1000)
    time.sleep(0.3)  # getpass turns the echo off right after it has asked
    os.write(ours, f"{TEXT}\n".encode())
    assert typing.wait(timeout=30) == 2
    with contextlib.suppress(OSError):  # the end of a terminal
        while more := os.read(ours, 1000):
            shown += more
    os.close(ours)
    assert TEXT.encode() not in shown
    assert b"did not keep it" in shown

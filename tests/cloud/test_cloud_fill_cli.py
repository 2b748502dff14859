"""`scopewise fill`, `fix` and `explain` with `--cloud`, against a server on loopback."""

import base64
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from keyring.backends import null
from typer.testing import CliRunner

import scopewise
from scopewise.cli import app
from scopewise.cloud.keys import Key, Keys
from scopewise.cloud.ledger import Ledger

from .messages_server import MessagesServer, answer, failure

KEY = "sk-ant-" + "not-a-key-" * 4
STUB = 'def area(width, height):\n    """The area of a rectangle."""\n'
FILLED = STUB + "    return width * height\n"
WHOLE = f"```python\n{FILLED}```"
BROKEN = "def mean(numbers):\n    return sum(numbers) / len(numbers)\n\n\nmean([])\n"
TRACE = """Traceback (most recent call last):
  File "stats.py", line 5, in <module>
    mean([])
  File "stats.py", line 2, in mean
    return sum(numbers) / len(numbers)
ZeroDivisionError: division by zero
"""
MENDED = BROKEN.replace("):\n", "):\n    if not numbers:\n        return 0.0\n", 1)


@pytest.fixture(autouse=True)
def _own_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("SCOPEWISE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setattr("keyring.get_keyring", null.Keyring)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def claude():
    with MessagesServer(answer(WHOLE)) as server:
        yield server


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "project" / "shop.py"
    path.parent.mkdir()
    path.write_text(STUB)
    return path


def arguments(claude, command, *rest):
    settings = {"cloud.base_url": claude.url, "verify.run_tests": "never", "scope.index": "false"}
    changes = [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
    return [command, *map(str, rest), *changes]


def run(claude, command, *rest, key=KEY, stdin=""):
    keys = Keys(environment=Key(key) if key else None)
    return CliRunner().invoke(app, arguments(claude, command, *rest), input=stdin, obj=keys)


def exact_bytes(page):
    """The payload in a page, the last fenced block of it."""
    return page.rpartition("```json\n")[2].partition("\n```")[0].encode()


# A dry run


@pytest.mark.parametrize("key", [KEY, ""])
def test_a_dry_run_shows_everything_and_sends_nothing(claude, shop, key):
    result = run(claude, "fill", f"{shop}:1", "--cloud", "--dry-run", key=key)
    assert result.exit_code == 0
    assert result.stdout.startswith("Nothing has been sent yet. Fill body of `area`: send ")
    assert "- shop.py, lines 1 to 2: the function to be written" in result.stdout
    body = json.loads(exact_bytes(result.stdout))
    assert STUB.strip() in body["messages"][0]["content"][0]["text"]
    assert claude.n_connections == 0
    assert Ledger().entries() == []
    assert shop.read_text() == STUB


def test_a_dry_run_is_what_would_be_sent(claude, shop):
    page = run(claude, "fill", f"{shop}:1", "--cloud", "--dry-run").stdout
    run(claude, "fill", f"{shop}:1", "--cloud", "--yes")
    assert claude.requests[0].body == exact_bytes(page)


def test_a_dry_run_for_programs(claude, shop):
    shop.with_name(".env").write_text("TOKEN=1\n")
    result = run(claude, "fill", f"{shop}:1", "--cloud", "--dry-run", "--json", key="")
    facts = json.loads(result.stdout)
    assert result.exit_code == 0
    assert facts["files"] == ["shop.py"]
    assert facts["redacted"] == []
    assert facts["requests"] == 1
    assert 0 < facts["cost_usd"][0] < facts["cost_usd"][1]
    assert facts["host"] == claude.url.removeprefix("http://")
    run(claude, "fill", f"{shop}:1", "--cloud", "--yes")
    assert base64.b64decode(facts["payload"]) == claude.requests[0].body


@pytest.mark.parametrize("command", ["explain", "fix"])
def test_a_dry_run_of_the_others(claude, shop, command):
    shop.with_name("stats.py").write_text(BROKEN)
    trace = shop.with_name("trace.txt")
    trace.write_text(TRACE)
    place = [f"{shop}:1"] if command == "explain" else ["--trace", trace, "--root", shop.parent]
    result = run(claude, command, *place, "--cloud", "--dry-run", key="")
    assert result.exit_code == 0
    assert json.loads(exact_bytes(result.stdout))["model"]
    assert claude.n_connections == 0


# Agreed to on the command line


def test_yes(claude, shop):
    result = run(claude, "fill", f"{shop}:1", "--cloud", "--yes")
    assert result.exit_code == 0
    assert "+    return width * height" in result.stdout
    # What was sent is said on stderr all the same.
    assert exact_bytes(result.stderr) == claude.requests[0].body
    assert claude.requests[0].header("x-api-key") == KEY
    assert shop.read_text() == STUB


def test_write(claude, shop):
    result = run(claude, "fill", f"{shop}:1", "--cloud", "--yes", "--write")
    assert result.exit_code == 0
    assert shop.read_text() == FILLED
    assert f"Wrote {shop}." in result.stderr


def test_json(claude, shop):
    result = run(claude, "fill", f"{shop}:1", "--cloud", "--yes", "--json")
    report = json.loads(result.stdout)
    assert report["producer"] == "ask_cloud.fill"
    assert report["label"]["verdict"] == "unverified"


def test_fix(claude, shop, monkeypatch):
    stats = shop.with_name("stats.py")
    stats.write_text(BROKEN)
    trace = shop.with_name("trace.txt")
    trace.write_text(TRACE)
    monkeypatch.chdir(shop.parent)
    claude.replies = [answer(f"```python\n{MENDED.partition(chr(10) * 3)[0]}\n```")]
    result = run(claude, "fix", "--trace", trace, "--cloud", "--yes", "--write")
    assert (result.exit_code, stats.read_text()) == (0, MENDED), result.stderr


def test_explain(claude, shop):
    claude.replies = [answer("It multiplies `width` by `height`.")]
    result = run(claude, "explain", f"{shop}:1", "--cloud", "--yes")
    assert result.exit_code == 0
    assert "It multiplies `width` by `height`." in result.stdout


def test_a_declined_answer_has_its_exit_code(claude, shop):
    claude.replies = [answer("I would rather not.")]
    result = run(claude, "fill", f"{shop}:1", "--cloud", "--yes", "--write")
    assert result.exit_code == 1
    assert shop.read_text() == STUB
    assert len(claude.requests) == 1


def test_a_failure_has_its_exit_code(claude, shop):
    claude.replies = [failure(401, "authentication_error")]
    result = run(claude, "fill", f"{shop}:1", "--cloud", "--yes", "--write")
    assert result.exit_code == 4
    assert "The API key was not accepted by 127.0.0.1" in result.stderr
    assert shop.read_text() == STUB


def test_the_log_afterwards(claude, shop):
    run(claude, "fill", f"{shop}:1", "--cloud", "--yes")
    claude.replies = [failure(401, "authentication_error")]
    run(claude, "fill", f"{shop}:1", "--cloud", "--yes")
    found = json.loads(CliRunner().invoke(app, ["cloud", "log", "--json"]).stdout)
    assert [row["state"] for row in found["sends"]] == ["failed", "done"]
    assert found["sends"][1]["workspace"] == str(shop.parent)
    assert found["totals"]["n_sends"] == 2
    assert KEY not in json.dumps(found)


# Not agreed to


REFUSALS = [
    (["--cloud"], KEY, 2, "Nobody is there to say whether it may be sent, so nothing was sent."),
    (["--cloud", "--yes"], "", 4, "There is no API key"),
    (["--yes"], KEY, 2, "`--yes` and `--dry-run` belong to `--cloud`."),
    (["--dry-run"], KEY, 2, "`--yes` and `--dry-run` belong to `--cloud`."),
    (["--cloud", "--yes", "--set", "cloud.mode=never"], KEY, 2, "`cloud.mode` is `never`"),
    (["--cloud", "--yes", "--set", "cloud.request_limit_usd=0"], KEY, 2, "one request may cost"),
    (["--cloud", "--yes", "--set", "cloud.month_limit_usd=0"], KEY, 2, "of this month's"),
    (
        ["--cloud", "--yes", "--set", 'cloud.model="new"'],
        KEY,
        2,
        "told scopewise what `new`",
    ),
    (["--cloud", "--yes", "--set", 'cloud.exclude=["shop.py"]'], KEY, 2, "shop.py is never sent."),
]


@pytest.mark.parametrize(("options", "key", "code", "words"), REFUSALS)
def test_what_is_refused(claude, shop, options, key, code, words):
    result = run(claude, "fill", f"{shop}:1", *options, key=key)
    assert (result.exit_code, claude.n_connections) == (code, 0), result.stderr
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert Ledger().entries() == []


@pytest.mark.parametrize(("typed", "n_sent"), [("y\n", 1), ("n\n", 0), ("\n", 0), ("", 0)])
def test_at_a_terminal(claude, shop, typed, n_sent):
    """A real one, for the question and the answer go through it."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scopewise"]
    command += arguments(claude, "fill", f"{shop}:1", "--cloud", "--write")
    env = {
        **os.environ,
        "PYTHONPATH": str(Path(scopewise.__file__).parents[1]),
        "ANTHROPIC_API_KEY": KEY,
    }
    process = subprocess.Popen(command, stdin=theirs, stderr=theirs, stdout=-1, env=env)
    os.close(theirs)
    said = b""
    while b"[y/N]" not in said:
        said += os.read(ours, 65536)
    assert claude.n_connections == 0
    # Ctrl-D where nothing is typed.
    os.write(ours, typed.encode() or b"\x04")
    try:
        while chunk := os.read(ours, 65536):
            said += chunk
    except OSError:
        pass
    process.communicate(timeout=20)
    os.close(ours)
    assert len(claude.requests) == n_sent
    assert shop.read_text() == (FILLED if n_sent else STUB)
    assert process.returncode == (0 if n_sent else 130)
    assert (b"Nothing was sent." in said) is not bool(n_sent)

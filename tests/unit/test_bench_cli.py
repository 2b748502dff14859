"""`scopewise bench fill` and the others, with a scripted engine."""

import gzip
import json

import pytest
from typer.testing import CliRunner

from scopewise.bench import hidden
from scopewise.cli.bench import app
from scopewise.sandbox.protocol import Availability

STUB = 'def add(a, b):\n    """The sum."""\n'
ROW = {
    "id": "Some/1",
    "entry_point": "add",
    "stub": STUB,
    "reference_body": "    return a + b\n",
    "test": "def check(candidate):\n    assert candidate(20, 22) == 42\n",
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(hidden, "find_sandbox", lambda: Availability(None, "It is switched off."))
    with gzip.open(tmp_path / "humaneval.jsonl.gz", "wt") as file:
        file.write(json.dumps(ROW) + "\n")
    script = tmp_path / "script.json"
    script.write_text(json.dumps([{"text": "    return a + b\n"}]))

    data = ["--data", str(tmp_path), "--unsafe-hidden-tests"]
    engine = ["--setting", "engine.kind=scripted", "--setting", f"engine.script={script}"]
    out = ["--out", str(tmp_path / "out")]

    def invoke(command, *arguments):
        options = {"report": [], "tasks": [*data, *engine]}.get(command, [*data, *engine, *out])
        return CliRunner().invoke(app, [command, *arguments, *options])

    return invoke


def test_fill_and_report(run, tmp_path):
    result = run("fill", "--mode", "vanilla", "--mode", "examples", "--repeat", "2")
    assert result.exit_code == 0, result.output
    assert "2/2" in result.output
    names = sorted(path.name for path in (tmp_path / "out").glob("*.jsonl"))
    assert names == [
        "fill-humaneval-examples-scripted.jsonl",
        "fill-humaneval-vanilla-scripted.jsonl",
        "recordings-scripted.jsonl",
    ]
    again = run("fill", "--mode", "vanilla", "--repeat", "2")
    assert again.exit_code == 0
    report = run("report", str(tmp_path / "out"))
    assert report.stdout.splitlines()[-1].startswith(
        "| fill | humaneval | vanilla | scripted | 1 × 2 | 100.0 % (2/2) | 100.0 % (1/1) |"
    )
    figures = json.loads(run("report", str(tmp_path / "out"), "--json").stdout)
    assert figures[1]["group"]["mode"] == "vanilla"
    assert figures[1]["solved"] == {"n": 2, "of": 2}


def test_many_groups_are_shown_in_more_than_one_table(run):
    modes = [part for mode in ("vanilla", "checked", "examples") for part in ("--mode", mode)]
    shown = run("fill", *modes).stdout
    assert shown.count("wrong of verified") == 2
    for mode in ("vanilla", "checked", "examples"):
        assert f"fill humaneval {mode}" in shown


def test_tasks_that_measure_nothing(run):
    assert run("tasks").exit_code == 0
    assert "1 of 1 tasks are sound." in run("tasks").output


def test_what_cannot_be_done(run, tmp_path):
    assert run("fix").exit_code == 2
    assert "There is no humanevalpack_python.jsonl.gz" in run("fix").output
    assert run("fill", "--offset", "9").exit_code == 2
    assert run("report", str(tmp_path / "nowhere")).exit_code == 2
    empty = run("report", str(tmp_path))
    assert (empty.exit_code, "no runs to report" in empty.output) == (2, True)

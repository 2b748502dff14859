import hashlib
import json

import pytest
from typer.testing import CliRunner

from scopewise import models
from scopewise.cli.models import app
from scopewise.models.catalogue import CATALOGUE, find
from scopewise.models.store import Record, remember

BYTES = b"GGUF" + b"weights!" * 4
SHA256 = hashlib.sha256(BYTES).hexdigest()
NAME = "some/one:tiny.gguf"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SCOPEWISE_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


@pytest.fixture
def tiny(folder):
    """A model in the store that `verify` can compare with what was noted."""
    spec = find(NAME)
    remember(folder, spec, Record(NAME, len(BYTES), SHA256, "Hugging Face"))
    (folder / spec.file).write_bytes(BYTES)
    return folder / spec.file


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_list(tiny):
    lines = run("list").stdout.splitlines()
    assert lines[1].split() == [
        *("qwen2.5-coder-1.5b", "*", "1.1", "GB", "default", "Apache-2.0", "32768", "absent")
    ]
    rows = json.loads(run("list", "--json").stdout)
    assert [(row["name"], row["status"]) for row in rows] == [
        ("qwen2.5-coder-1.5b", "absent"),
        ("qwen2.5-coder-0.5b", "absent"),
        (NAME, "ready"),
    ]


def test_list_shows_how_far_a_pull_came(folder):
    part = folder / f"{CATALOGUE[1].file}.part"
    with part.open("wb") as file:
        file.truncate(CATALOGUE[1].size // 2)
    assert "partial (50 %)" in run("list").stdout


def test_path(tiny):
    assert run("path", NAME).stdout == f"{tiny}\n"


def test_path_of_a_missing_model(folder):
    result = run("path")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr == (
        "The model qwen2.5-coder-1.5b is not in the store. "
        "Type `scopewise models pull qwen2.5-coder-1.5b`.\n"
    )


def test_unknown_name(folder):
    assert run("path", "nothing").exit_code == 2


def test_verify(tiny):
    result = run("verify")
    assert result.exit_code == 0
    assert result.stdout == f"{NAME}: sha256 {SHA256}, as expected.\n"


def test_verify_mismatch(tiny):
    tiny.write_bytes(BYTES[:-1] + b"?")
    result = run("verify", NAME, "--json")
    assert result.exit_code == 1
    (row,) = json.loads(result.stdout)
    assert not row["ok"]
    assert f"{SHA256} expected" in row["message"]


def test_verify_missing(folder):
    assert run("verify", NAME).exit_code == 3
    assert run("verify").exit_code == 0


def test_rm(tiny):
    assert run("rm", NAME).exit_code == 0
    assert not tiny.exists()
    assert run("rm", NAME).stderr == "There was nothing to delete.\n"


def test_pull_of_what_is_there(tiny):
    result = run("pull", NAME, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["sha256"] == SHA256
    assert "is in the store, and its sha256 is right." in result.stderr


def test_pull_offline(folder, monkeypatch):
    monkeypatch.setenv("SCOPEWISE_OFFLINE", "1")
    result = run("pull", NAME)
    assert result.exit_code == 3
    assert "SCOPEWISE_OFFLINE is set" in result.stderr


def test_interrupted_pull_says_how_to_go_on(folder, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(models, "pull", interrupted)
    result = run("pull", NAME)
    assert result.exit_code == 130
    assert f"`scopewise models pull {NAME}` goes on from there." in result.stderr

"""`scopewise fill` on the first tasks of HumanEval, each judged by its hidden test afterwards.

The hidden test is run once the file is written; it reaches neither the prompt nor the label.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scopewise.models import Status, find, inspect, store_folder
from scopewise.settings import Settings

pytestmark = [pytest.mark.model, pytest.mark.data, pytest.mark.timeout(2400)]

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("SCOPEWISE_DATA", REPOSITORY.parent / "shared" / "data"))
N_TASKS = 20
LEAST_SOLVED = 15


def tasks() -> list[dict[str, Any]]:
    file = DATA / "humaneval.jsonl.gz"
    if not file.is_file():
        pytest.skip(f"there is no evaluation data at {DATA}")
    with gzip.open(file, "rt") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(N_TASKS), strict=False)]


def fill(file: Path, entry_point: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of filling the stub of that name in a file."""
    lines = file.read_text().splitlines()
    line = 1 + max(i for i, text in enumerate(lines) if text.startswith(f"def {entry_point}("))
    command = [sys.executable, "-m", "scopewise", "fill", f"{file}:{line}", "--write", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "server")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    return done.returncode, json.loads(done.stdout)


def own_text(task: dict[str, Any]) -> str:
    """The signature and docstring, below which alone something may be written."""
    return task["stub"][task["stub"].rindex(f"def {task['entry_point']}(") :].rstrip()


def passes(file: Path, task: dict[str, Any]) -> bool:
    program = f"{file.read_text()}\n{task['test']}\ncheck({task['entry_point']})\n"
    try:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=15)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def test_the_first_tasks(tmp_path: Path, record_property: Any) -> None:
    pytest.importorskip("llama_cpp")
    default = find(Settings().model.name)
    if inspect(store_folder(Settings()), default).status is not Status.READY:
        pytest.skip(f"{default.name} is not in the store: `scopewise models pull {default.name}`")
    solved, declined = [], []
    for task in tasks():
        file = tmp_path / f"{task['entry_point']}.py"
        file.write_text(task["stub"])
        code, report = fill(file, task["entry_point"])
        assert code in (0, 1), report
        if code == 1:
            declined.append(task["id"])
            assert file.read_text() == task["stub"]
            continue
        assert own_text(task) in file.read_text(), "the stub's own text was changed"
        if passes(file, task):
            solved.append(task["id"])
    record_property("solved", len(solved))
    sys.stderr.write(f"\nsolved {len(solved)} of {N_TASKS}, declined {declined}\n")
    assert len(solved) >= LEAST_SOLVED

"""How many of the collected traces lead to the line that a person would look at."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scopewise.scope.traces.frames import pick_frame
from scopewise.scope.traces.traceback import parse_traces

pytestmark = pytest.mark.data

ROOT = Path("/somewhere/else/checkout")
REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("SCOPEWISE_DATA", REPOSITORY.parent / "shared" / "data"))


@dataclass(frozen=True)
class Outcome:
    form: str
    is_found: bool


def outcome(row: dict[str, Any]) -> Outcome:
    expected = row["expected"]
    files = {ROOT / path for path in row["files"]}
    traces = parse_traces(row["text"])
    picked = pick_frame(traces[0], [ROOT], files.__contains__) if traces else None
    place = (picked.path, picked.frame.line) if picked else None
    is_found = place == (ROOT / expected["user_file"], expected["user_line"])
    return Outcome(row["form"], is_found)


def is_answerable(row: dict[str, Any]) -> bool:
    """Whether a Python trace is there to find; some rows expect what their text does not say."""
    expected = row["expected"]
    if row["language"] != "python" or expected is None or expected["user_file"] is None:
        return False
    return expected["location_in_text"] is not False


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    path = DATA / "traceback_forms.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"no evaluation data: {path} is absent, set SCOPEWISE_DATA")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def outcomes(rows: list[dict[str, Any]]) -> list[Outcome]:
    return [outcome(row) for row in rows if is_answerable(row)]


def report(outcomes: list[Outcome], record: Any) -> float:
    """The share that is found; the table by form goes into the test report."""
    n_all = Counter(outcome.form for outcome in outcomes)
    n_found = Counter(outcome.form for outcome in outcomes if outcome.is_found)
    for form in sorted(n_all):
        record(form, f"{n_found[form]}/{n_all[form]}")
    lines = [f"{n_found[form]:3}/{n_all[form]:<3} {form}" for form in sorted(n_all)]
    # pytest shows this with -rP, and always when the test fails.
    sys.stdout.write("\n".join([*lines, ""]))
    return n_found.total() / n_all.total()


def test_cpython_forms(outcomes: list[Outcome], record_property: Any) -> None:
    plain = [one for one in outcomes if one.form.startswith("python-") and "+" not in one.form]
    assert report(plain, record_property) >= 0.95


def test_forms_of_test_runners(outcomes: list[Outcome], record_property: Any) -> None:
    runners = [one for one in outcomes if one.form.startswith(("pytest", "unittest", "doctest"))]
    assert report(runners, record_property) >= 0.95


def test_disguised_forms(outcomes: list[Outcome], record_property: Any) -> None:
    """Prefixed, quoted, escaped and cut off; two of them lost the place with the cut."""
    disguised = [one for one in outcomes if "+" in one.form]
    assert report(disguised, record_property) >= 0.9


def test_other_languages_are_left_alone(rows: list[dict[str, Any]]) -> None:
    others = [row for row in rows if row["language"] != "python"]
    assert [row["id"] for row in others if parse_traces(row["text"])] == []

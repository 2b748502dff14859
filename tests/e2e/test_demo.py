"""`scopewise demo`, with a real server and canned answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BODY = """\
    hours = -(-hire.minutes // 60)
    cents = min(hours * tariff.per_hour, tariff.daily_limit)
    return cents // 2 if hire.is_member else cents
"""
EXPLANATION = "It walks through the day and counts the bikes that are out."
MENDED = """\
    return Hire(
        bike=record["bike"],
        taken_at=minutes_of(record["taken"]),
        minutes=record["minutes"],
        is_member=record.get("member", False),
    )
"""


def demo(
    tmp_path: Path, environment: dict[str, str], body: str, mended: str
) -> subprocess.CompletedProcess[str]:
    script = tmp_path / "answers.json"
    answers = [
        {"when": "KeyError", "text": mended},
        {"when": "docstring names", "text": body},
        {"text": EXPLANATION},
    ]
    script.write_text(json.dumps(answers))
    settings = ["--set", "engine.kind=scripted", "--set", f"engine.script={script}"]
    return subprocess.run(
        [sys.executable, "-m", "scopewise", "demo", *settings],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_shows_three_results_and_what_became_of_them(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    done = demo(tmp_path, environment, BODY, MENDED)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "+    hours = -(-hire.minutes // 60)" in done.stdout
    assert "4 of its 4 docstring examples hold" in done.stdout
    assert EXPLANATION in done.stdout
    assert "KeyError: 'member'" in done.stdout
    assert '+        is_member=record.get("member", False),' in done.stdout
    assert "it runs and prints the right report" in done.stdout
    assert "Label: verified: 4 of 4 examples pass" in done.stdout
    assert "the failure is gone" in done.stdout
    assert done.stdout.count("Label: unverified") == 1


def test_says_so_when_a_result_is_wrong(tmp_path: Path, environment: dict[str, str]) -> None:
    member = MENDED.replace("False", "True")

    done = demo(tmp_path, environment, BODY, member)

    assert done.returncode == 0
    assert "it runs but prints a wrong report" in done.stdout


def test_a_body_that_fails_the_examples_is_declined(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    hours = "    return hire.minutes // 60 * tariff.per_hour\n"

    done = demo(tmp_path, environment, hours, MENDED)

    assert done.returncode == 1
    assert "Nothing came of it" in done.stdout
    assert "but must give" in done.stdout


def test_fails_when_a_result_is_declined(tmp_path: Path, environment: dict[str, str]) -> None:
    done = demo(tmp_path, environment, "    return undefined_name\n", MENDED)

    assert done.returncode == 1
    assert "Nothing came of it" in done.stdout
    assert "undefined_name" in done.stdout

"""A label as our own messages carry it."""

from __future__ import annotations

from typing import Any

from scopewise.actions.outcome import Outcome
from scopewise.verify.label import Label, Verdict


def label_json(label: Label) -> dict[str, Any]:
    """The verdict, its sentence, and what was checked, each as a line of its own."""
    evidence = label.evidence
    has_run = evidence.has_passed_something or evidence.agreement is not None
    ran = [evidence.sentence] if has_run and label.verdict is not Verdict.DECLINED else []
    return {
        "verdict": label.verdict.value,
        "sentence": label.sentence,
        "checked": [*ran, *label.passed],
    }


def told(outcome: Outcome) -> str:
    """What was checked of a text, and what was found although it is shown."""
    return " ".join([outcome.label.sentence, *(f.message for f in outcome.label.findings)])

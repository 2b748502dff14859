"""An outcome as plain data, for `--json` and for scripts that wait for a command's result."""

from __future__ import annotations

import dataclasses
from typing import Any

from scopewise.actions.change import place_change
from scopewise.actions.outcome import Outcome
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import Encoding


def outcome_report(
    outcome: Outcome, target: ParsedDocument | None, encoding: Encoding = Encoding.UTF16
) -> dict[str, Any]:
    """The outcome with its edits placed in `target`, the document it changes.

    Positions are lines and columns from 0, the columns in units of `encoding`.
    Raises StaleDocument when the change does not fit the document any more.
    """
    label = outcome.label
    return {
        "producer": outcome.producer,
        "title": outcome.title,
        "label": {
            "verdict": label.verdict.value,
            "sentence": label.sentence,
            "passed": list(label.passed),
            "evidence": {
                **dataclasses.asdict(label.evidence),
                "sentence": label.evidence.sentence,
            },
            "findings": [{"check": f.check, "message": f.message} for f in label.findings],
        },
        "edits": _edits(outcome, target, encoding),
        "text": outcome.markdown,
        "rejected": outcome.rejected,
        "usage": vars(outcome.usage),
    }


def _edits(
    outcome: Outcome, target: ParsedDocument | None, encoding: Encoding
) -> list[dict[str, Any]]:
    if outcome.change is None or target is None:
        return []
    lines = target.snapshot.lines

    def position(offset: int) -> dict[str, int]:
        at = lines.to_position(offset, encoding)
        return {"line": at.line, "character": at.column}

    return [
        {
            "uri": outcome.change.uri,
            "version": target.snapshot.version,
            "range": {"start": position(edit.range.start), "end": position(edit.range.end)},
            "newText": edit.text,
        }
        for edit in place_change(outcome.change, target)
    ]

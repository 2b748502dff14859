"""The way of asking that has the model say what it is about to do before it does it."""

from __future__ import annotations

from dataclasses import replace

from scopewise.actions.goal import Approach, Draft
from scopewise.engine.protocol import Request, Sampling
from scopewise.prompt.opening import planned_answer, planned_request
from scopewise.syntax.tree import Definition, ParsedDocument


def planned(approach: Approach, parsed: ParsedDocument, definition: Definition) -> Approach:
    """The approach, with answers that go on from the first step of a plan."""

    def request(sampling: Sampling, n_samples: int) -> Request:
        return planned_request(approach.request(sampling, n_samples), parsed, definition)

    def draft(answer: str) -> Draft:
        return approach.draft(planned_answer(parsed, definition, answer))

    return replace(approach, request=request, draft=draft)

"""Whether a function written from an explanation alone does what the explained function does.

What an explanation leaves out or gets wrong shows in what is rebuilt from it: round-trip
correctness (Allamanis, Panthaplackel and Yin, arXiv 2402.08699), with generated inputs as judge.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scopewise.actions.candidate import drafted, rewrite_change
from scopewise.actions.deadline import part_of
from scopewise.actions.generation import generate
from scopewise.actions.goal import Draft
from scopewise.actions.outcome import Job, Phase, Usage
from scopewise.actions.trials import Trials
from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Request, StopReason
from scopewise.errors import Cancelled, EngineError
from scopewise.prompt.rebuild import rebuild_request
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify.agreement import Clustering, cluster
from scopewise.verify.behaviour import Call
from scopewise.verify.explanation import Retold
from scopewise.verify.specification import examples

_PATIENCE_S = 60.0
"""Seconds a check may take; the explanation waits for it where it is not shown before."""


@dataclass(frozen=True)
class Account:
    """A function and what an explanation says of it."""

    parsed: ParsedDocument
    definition: Definition
    explanation: str
    pieces: Sequence[Piece]
    """What stands around the function."""


async def retell(job: Job, account: Account) -> tuple[Retold | None, Usage]:
    """What a rebuilt function does beside the original, and what it cost to find out.

    Nothing where functions cannot be run, on no input that shows anything, when it takes too long
    or the engine fails: an explanation that is there is not lost for want of a check.
    """
    if job.runner.obstacle or not job.settings.verify.explanations:
        return None, Usage()
    with part_of(job.cancel, _PATIENCE_S) as cancel:
        try:
            return await _compared(replace(job, cancel=cancel), account)
        except (EngineError, Cancelled):
            job.cancel.check()
            return None, Usage()


async def _compared(job: Job, account: Account) -> tuple[Retold | None, Usage]:
    parsed, definition = account.parsed, account.definition
    trials = Trials(job, parsed, definition, examples(parsed, definition))
    await trials.prepare()
    original = await trials.behaviours(parsed.snapshot.text)
    if not cluster([original] * 2).n_inputs:
        return None, trials.usage
    completion = await generate(job, _request(job, account), "Checking the explanation")
    # In a thread, as the loop does it: in a large file the checks take a while.
    draft = await asyncio.to_thread(_draft, account, completion.text)
    is_whole = completion.stop_reason in (StopReason.END, StopReason.STOP)
    if draft.label.findings or not is_whole:
        return None, trials.usage.plus(completion)
    job.report(Phase("Running what was written from the explanation"))
    rebuilt = await trials.behaviours(draft.code)
    found = cluster([original, rebuilt])
    return _retold(found, trials.calls), trials.usage.plus(completion)


def _request(job: Job, account: Account) -> Request:
    return rebuild_request(
        account.parsed,
        account.definition,
        account.explanation,
        account.pieces,
        job.settings.actions.max_answer_tokens,
    )


def _draft(account: Account, answer: str) -> Draft:
    change = rewrite_change(account.parsed, account.definition, answer)
    return drafted(account.parsed, account.definition, answer, change)


def _retold(found: Clustering, calls: Sequence[Call]) -> Retold | None:
    if not found.n_inputs:
        return None
    differing = found.disagreement
    if differing is None:
        return Retold(found.n_inputs, found.n_alike)
    did = dict(zip(differing.candidates, differing.texts, strict=True))
    difference = f"`{calls[differing.call].shown}` {did[0]} in the code and {did[1]} there"
    return Retold(found.n_inputs, found.n_alike, difference)

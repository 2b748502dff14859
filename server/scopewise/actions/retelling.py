"""Whether a function written from an explanation alone does what the explained function does.

What an explanation leaves out or gets wrong shows in what is rebuilt from it: round-trip
correctness (Allamanis, Panthaplackel and Yin, arXiv 2402.08699), with generated inputs as judge.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from scopewise.actions.candidate import drafted, rewrite_change
from scopewise.actions.deadline import part_of
from scopewise.actions.generation import generate
from scopewise.actions.goal import Draft
from scopewise.actions.outcome import Job, Phase, Usage
from scopewise.context.surroundings import Piece
from scopewise.engine.protocol import Request, StopReason
from scopewise.errors import Cancelled, EngineError
from scopewise.prompt.rebuild import rebuild_request
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify.agreement import Clustering, Row, cluster
from scopewise.verify.behaviour import Behaviour, Call, TrialReport
from scopewise.verify.explanation import Retold
from scopewise.verify.inputs import generate_calls, target_of
from scopewise.verify.specification import examples
from scopewise.verify.trial import trial_of

_N_INPUTS = 24
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
    calls = await asyncio.to_thread(_inputs, account)
    original = await _tried(job, account, account.parsed.snapshot.text, calls)
    usage = Usage(execution_s=original.seconds)
    if not cluster([_row(original, calls)] * 2).n_inputs:
        return None, usage
    completion = await generate(job, _request(job, account), "Checking the explanation")
    usage = usage.plus(completion)
    # In a thread, as the loop does it: in a large file the checks take a while.
    draft = await asyncio.to_thread(_draft, account, completion.text)
    is_whole = completion.stop_reason in (StopReason.END, StopReason.STOP)
    if draft.label.findings or not is_whole:
        return None, usage
    job.report(Phase("Running what was written from the explanation"))
    rebuilt = await _tried(job, account, draft.code, calls)
    usage = usage.and_also(Usage(execution_s=rebuilt.seconds))
    return _retold(cluster([_row(original, calls), _row(rebuilt, calls)]), calls), usage


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


def _inputs(account: Account) -> tuple[Call, ...]:
    target = target_of(account.parsed, account.definition)
    if target is None:
        return ()
    return generate_calls(target, examples(account.parsed, account.definition), _N_INPUTS, seed=0)


async def _tried(job: Job, account: Account, code: str, calls: tuple[Call, ...]) -> TrialReport:
    if not calls:
        return TrialReport()
    trial = trial_of(account.parsed, account.definition, code, job.workspace.roots)
    return await job.runner.run(msgspec.structs.replace(trial, calls=calls), job.cancel)


def _row(report: TrialReport, calls: Sequence[Call]) -> Row:
    return report.behaviours or (Behaviour("skipped"),) * len(calls)


def _retold(found: Clustering, calls: Sequence[Call]) -> Retold | None:
    if not found.n_inputs:
        return None
    differing = found.disagreement
    if differing is None:
        return Retold(found.n_inputs, found.n_alike)
    did = dict(zip(differing.candidates, differing.texts, strict=True))
    difference = f"`{calls[differing.call].shown}` {did[0]} in the code and {did[1]} there"
    return Retold(found.n_inputs, found.n_alike, difference)

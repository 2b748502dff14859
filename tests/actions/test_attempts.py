"""The same task once more, for a user who wants something else."""

from __future__ import annotations

import itertools

from scopewise.actions.generation import generate
from scopewise.actions.outcome import Job
from scopewise.actions.workspace import DiskWorkspace
from scopewise.cancel import CancelToken
from scopewise.engine.protocol import Request, Sampling
from scopewise.engine.scripted import ScriptedEngine
from scopewise.settings import Settings


async def asked(request: Request, attempt: int) -> Request:
    """What the engine gets to see."""
    engine = ScriptedEngine(["Yes."])
    job = Job(engine, Settings(), DiskWorkspace(()), CancelToken(), attempt=attempt)
    await generate(job, request, "Asking")
    return engine.requests[0]


async def test_first_attempt_is_left_alone() -> None:
    request = Request(raw="x", greedy_first=True)

    assert await asked(request, 0) == request


async def test_greedy_answer_is_not_given_again() -> None:
    request = await asked(Request(raw="x"), 1)

    assert request.sampling.temperature > 0
    assert not request.greedy_first


async def test_greedy_one_among_many_is_left_out() -> None:
    sampling = Sampling(temperature=0.8, seed=1)
    request = await asked(Request(raw="x", sampling=sampling, n_samples=5, greedy_first=True), 1)

    assert not request.greedy_first
    assert request.sampling.temperature == 0.8


async def test_attempts_share_no_seed() -> None:
    """Not with each other, nor with the retries of looping samples and the mended answers."""
    seeds = [(await asked(Request(raw="x"), attempt)).sampling.seed for attempt in range(1, 5)]
    used = [range(seed, seed + 8200) for seed in (0, *seeds)]

    assert all(later.start >= earlier.stop for earlier, later in itertools.pairwise(used))

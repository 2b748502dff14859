"""Measures the engine against llama.cpp's plainest loop, and how fast it stops."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from scopewise.cancel import CancelToken
from scopewise.engine.llamacpp import ModelConfig
from scopewise.engine.process import ProcessEngine
from scopewise.engine.protocol import Completion, Delta, Prefill, Request, Sampling, complete
from scopewise.errors import Cancelled

_PROMPT = (
    '"""A small library of geometry."""\n\nimport math\n\n\n'
    "def distance(a, b):\n    return math.hypot(a[0] - b[0], a[1] - b[1])\n\n\n"
) * 4 + "def perimeter(points):\n"
_SAMPLED = Sampling(temperature=0.8, seed=3)

Report = Callable[[str], None]


@dataclass(frozen=True)
class EngineFigures:
    """What was measured; rates in tokens a second, times in milliseconds."""

    n_tokens: int
    bare_rates: list[float]
    """Decoding by a loop of `llama_decode` and the native greedy sampler."""
    engine_rates: list[float]
    """Decoding by the engine, guard against loops and pipe included."""
    one_sample_s: float
    four_samples_s: float
    cancel_prefill_ms: list[float]
    cancel_decode_ms: list[float]

    @property
    def decode_ratio(self) -> float:
        """The engine's median rate as a share of the bare loop's."""
        return statistics.median(self.engine_rates) / statistics.median(self.bare_rates)

    @property
    def four_to_one(self) -> float:
        """Time for four samples over the time for one."""
        return self.four_samples_s / self.one_sample_s


def measure_engine(
    config: ModelConfig, n_tokens: int = 64, rounds: int = 5, report: Report = lambda _: None
) -> EngineFigures:
    """The figures for one model; nothing else should run on the machine meanwhile."""
    return asyncio.run(_measure(config, n_tokens, rounds, report))


async def _measure(
    config: ModelConfig, n_tokens: int, rounds: int, report: Report
) -> EngineFigures:
    engine = ProcessEngine(lambda: config)
    try:
        await _decode(engine, n_tokens, 1)
        bare, ours = [], []
        for i in range(rounds):
            report(f"decoding, round {i + 1} of {rounds}")
            bare.append(await _bare_rate(config, n_tokens))
            completion = await _decode(engine, n_tokens, 1)
            ours.append(completion.n_answer_tokens / completion.decode_s)
        report("one sample and four")
        one = [(await _decode(engine, n_tokens, 1)).decode_s for _ in range(rounds)]
        four = [(await _decode(engine, n_tokens, 4)).decode_s for _ in range(rounds)]
        report("cancelling")
        prefill = [await _cancel_in_prefill(engine, i) for i in range(2 * rounds)]
        decode = [await _cancel_in_decode(engine) for _ in range(2 * rounds)]
    finally:
        await engine.close()
    return EngineFigures(
        n_tokens, bare, ours, statistics.median(one), statistics.median(four), prefill, decode
    )


async def _decode(engine: ProcessEngine, n_tokens: int, n_samples: int) -> Completion:
    sampling = Sampling() if n_samples == 1 else _SAMPLED
    request = Request(
        raw=_PROMPT, max_tokens=n_tokens, n_samples=n_samples, sampling=sampling, guard="prose"
    )
    return await complete(engine, request, CancelToken())


async def _bare_rate(config: ModelConfig, n_tokens: int) -> float:
    """The bare loop's rate, in a process of its own that has the machine to itself."""
    job = msgspec.json.encode({"config": config, "prompt": _PROMPT, "n_tokens": n_tokens})
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scopewise.bench.bare_loop",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    out, _ = await process.communicate(job)
    return n_tokens / float(out.split()[-1])


async def _cancel_in_prefill(engine: ProcessEngine, number: int) -> float:
    """Milliseconds from the cancel, in the middle of reading a long prompt, to an idle engine."""
    # Each prompt begins differently, so that none of it is in the cache.
    request = Request(raw=f"# {number}\n" + _PROMPT * 12, max_tokens=8, guard="off")
    cancel = CancelToken()

    async def cancel_later() -> float:
        await asyncio.sleep(0.8)
        cancel.cancel()
        return time.perf_counter()

    canceller = asyncio.create_task(cancel_later())
    try:
        async for event in engine.generate(request, cancel):
            assert isinstance(event, Prefill), "the prompt was read too fast to be cancelled"
    except Cancelled:
        return (time.perf_counter() - await canceller) * 1000
    raise AssertionError("the prompt was read before it could be cancelled")


async def _cancel_in_decode(engine: ProcessEngine) -> float:
    """Milliseconds from the cancel, after the tenth token, to an idle engine."""
    request = Request(raw=_PROMPT, max_tokens=64, guard="off")
    cancel = CancelToken()
    at = 0.0
    try:
        async for event in engine.generate(request, cancel):
            if isinstance(event, Delta) and event.n_tokens >= 10 and not cancel.is_cancelled:
                at = time.perf_counter()
                cancel.cancel()
    except Cancelled:
        return (time.perf_counter() - at) * 1000
    raise AssertionError("the answer ended before it could be cancelled")

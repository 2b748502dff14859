"""One generation as an action makes it: with progress, a trace and the guard against loops."""

from __future__ import annotations

import msgspec

from scopewise.actions.outcome import Job, Phase
from scopewise.engine.protocol import Completion, Delta, Event, Prefill, Request, complete

_SEEDS = 10_007
"""Between two attempts: more seeds than one of them uses."""
_WARMTH = 0.6
"""The temperature in place of the greedy one, which would say the same once more."""


async def generate(
    job: Job, request: Request, doing: str, *, show_text: bool = False
) -> Completion:
    """The completion of a request, its progress reported as `doing`."""
    job.cancel.check()
    request = _for_attempt(_with_seed(request, job.settings.engine.seed), job.attempt)
    job.report(Phase(f"{doing}: waiting for the model"))
    for message in request.messages:
        job.tracer.text(f"prompt.{message.role}", message.content)
    job.tracer.text("prompt.opening", request.opening)

    def on_event(event: Event) -> None:
        if isinstance(event, Prefill):
            job.report(Phase(f"{doing}: reading {event.n_done} of {event.n_total} tokens"))
        elif isinstance(event, Delta):
            text = event.text if show_text else ""
            count = f"{event.n_tokens} token{'' if event.n_tokens == 1 else 's'}"
            job.report(Phase(f"{doing}: {count}", event.n_tokens, text))

    with job.tracer.span("generate", doing=doing) as record:
        completion = await complete(job.engine, request, job.cancel, on_event)
        record.update(
            n_prompt_tokens=completion.n_prompt_tokens,
            n_cached_tokens=completion.n_cached_tokens,
            n_answer_tokens=completion.n_answer_tokens,
            prefill_s=round(completion.prefill_s, 4),
            decode_s=round(completion.decode_s, 4),
            stop_reason=completion.stop_reason.value,
        )
    job.tracer.text("answer", completion.text)
    return completion


def _with_seed(request: Request, seed: int) -> Request:
    """The request with its seeds moved; a greedy one has none."""
    sampling = request.sampling
    if not seed or sampling.temperature <= 0:
        return request
    return msgspec.structs.replace(request, sampling=sampling.moved(seed))


def _for_attempt(request: Request, attempt: int) -> Request:
    """The request with other seeds, and nothing greedy, for a user who wants something else."""
    if not attempt:
        return request
    sampling = request.sampling
    if sampling.temperature <= 0:
        sampling = msgspec.structs.replace(sampling, temperature=_WARMTH)
    sampling = sampling.moved(attempt * _SEEDS)
    return msgspec.structs.replace(request, sampling=sampling, greedy_first=False)

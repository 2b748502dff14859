"""What every engine can do, and the values that go in and out.

The values are msgspec structs because they also travel over the pipe to the model's process.
"""

from __future__ import annotations

import contextlib
import enum
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Literal, Protocol

import msgspec

from scopewise.cancel import CancelToken


class StopReason(enum.Enum):
    """Why a sample ended."""

    END = "end"
    """The model ended its turn."""
    STOP = "stop"
    """A stop sequence or the stop pattern matched."""
    LENGTH = "length"
    """`max_tokens` were written."""
    LOOP = "loop"
    """The loop guard saw the text repeat itself."""


class Message(msgspec.Struct, frozen=True):
    role: Literal["system", "user", "assistant"]
    content: str


class Sampling(msgspec.Struct, frozen=True):
    """How the next token is chosen; temperature 0 is greedy."""

    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    seed: int = 0
    """Sample i of a request uses `seed + i`."""

    def moved(self, by: int) -> Sampling:
        """The same with another seed, so many further on."""
        return msgspec.structs.replace(self, seed=self.seed + by)


class Request(msgspec.Struct, frozen=True):
    """One prompt and how to answer it."""

    messages: tuple[Message, ...] = ()
    raw: str = ""
    """A prompt used as it is, special tokens included, when there are no messages."""
    opening: str = ""
    """The beginning of the assistant's turn, which the answer continues and does not repeat."""
    max_tokens: int = 512
    stop: tuple[str, ...] = ()
    stop_pattern: str = ""
    """A regular expression; the text is cut before its first match and the sample ends."""
    sampling: Sampling = Sampling()
    n_samples: int = 1
    """Samples that share one prefill."""
    greedy_first: bool = False
    """Whether sample 0 is greedy, whatever `sampling` says of the others."""
    guard: Literal["code", "prose", "off"] = "code"
    """What the loop guard takes the text for."""
    code_language: str = ""
    """The language the loop guard parses generated code with, empty for none."""


class Prefill(msgspec.Struct, frozen=True, tag="prefill"):
    """Prompt tokens evaluated so far, those found in the cache included."""

    n_done: int
    n_total: int


class Delta(msgspec.Struct, frozen=True, tag="delta"):
    """New text of one sample."""

    sample: int
    text: str
    n_tokens: int = 0
    """Tokens this sample has so far."""


class Sample(msgspec.Struct, frozen=True):
    text: str
    stop_reason: StopReason
    n_tokens: int


class Completion(msgspec.Struct, frozen=True, tag="completion"):
    """The last event of every successful generation."""

    samples: tuple[Sample, ...]
    model: str
    n_prompt_tokens: int
    n_cached_tokens: int
    """Prompt tokens that were already in the KV cache."""
    prefill_s: float
    decode_s: float
    n_lost_tokens: int = 0
    """Of samples that looped and were written again."""

    @property
    def text(self) -> str:
        """The first sample's text."""
        return self.samples[0].text

    @property
    def stop_reason(self) -> StopReason:
        return self.samples[0].stop_reason

    @property
    def n_answer_tokens(self) -> int:
        """Everything that was written."""
        return sum(sample.n_tokens for sample in self.samples) + self.n_lost_tokens


Event = Prefill | Delta | Completion


class EngineInfo(msgspec.Struct, frozen=True):
    """What runs behind an engine."""

    model: str
    context_tokens: int
    details: str = ""


class Engine(Protocol):
    """Text in, text out.

    `generate` yields events and ends with a Completion.
    Leaving the iteration early stops the generation, as cancelling the token does.
    Raises Cancelled, EngineUnavailable, EngineCrashed, PromptTooLong or ModelError.
    """

    def generate(self, request: Request, cancel: CancelToken) -> AsyncGenerator[Event, None]: ...

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, by the model's own tokenizer."""
        ...

    async def describe(self) -> EngineInfo: ...

    async def close(self) -> None: ...


OnEvent = Callable[[Event], None]


async def complete(
    engine: Engine, request: Request, cancel: CancelToken, on_event: OnEvent | None = None
) -> Completion:
    """The finished completion; samples that loop are tried once more with another seed.

    A sample's stop reason is still `LOOP` when the second try loops too: such text must never be
    inserted.
    """
    completion = await _run(engine, request, cancel, on_event)
    n_loops = sum(sample.stop_reason is StopReason.LOOP for sample in completion.samples)
    if not n_loops:
        return completion
    again = await _run(engine, _with_another_seed(request, n_loops), cancel, on_event)
    return _patched(completion, again)


def _patched(completion: Completion, again: Completion) -> Completion:
    """The completion with the samples of another in place of those that loop."""
    others = iter(again.samples)
    return msgspec.structs.replace(
        again,
        samples=tuple(
            next(others) if sample.stop_reason is StopReason.LOOP else sample
            for sample in completion.samples
        ),
        prefill_s=completion.prefill_s + again.prefill_s,
        decode_s=completion.decode_s + again.decode_s,
        n_lost_tokens=sum(
            sample.n_tokens
            for sample in completion.samples
            if sample.stop_reason is StopReason.LOOP
        ),
    )


def _with_another_seed(request: Request, n_samples: int) -> Request:
    sampling = msgspec.structs.replace(
        request.sampling,
        seed=request.sampling.seed + 7919,
        temperature=max(request.sampling.temperature, 0.6),
        repeat_penalty=max(request.sampling.repeat_penalty, 1.1),
    )
    return msgspec.structs.replace(
        request, sampling=sampling, n_samples=n_samples, greedy_first=False
    )


async def _run(
    engine: Engine, request: Request, cancel: CancelToken, on_event: OnEvent | None
) -> Completion:
    completion: Completion | None = None
    # A listener that fails must not leave the generation running until it is collected as garbage.
    async with contextlib.aclosing(engine.generate(request, cancel)) as events:
        async for event in events:
            if on_event is not None:
                on_event(event)
            if isinstance(event, Completion):
                completion = event
    assert completion is not None, "an engine ended without a completion"
    return completion

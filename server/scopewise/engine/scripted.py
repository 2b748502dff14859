"""An engine that replays canned answers: for tests and for demonstrations without a model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import msgspec

from scopewise.cancel import CancelToken
from scopewise.engine.protocol import (
    Completion,
    Delta,
    EngineInfo,
    Event,
    Prefill,
    Request,
    Sample,
    StopReason,
)
from scopewise.engine.stream import TextStream
from scopewise.errors import EngineCrashed, InputError


class ScriptedAnswer(msgspec.Struct, frozen=True):
    """One canned answer."""

    text: str
    when: str = ""
    """A regular expression the prompt must match; empty for any prompt."""
    stop_reason: StopReason = StopReason.END
    delay_s: float = 0.0
    """Time to wait before each word, to make a slow model."""
    error: str = ""
    """Fail with this sentence instead of answering."""
    is_kept: bool = True
    """Whether the answer may be given again; otherwise it is used up."""


class ScriptedEngine:
    """Gives, for each sample, the first answer whose pattern matches the prompt."""

    def __init__(self, answers: Sequence[ScriptedAnswer | str]) -> None:
        self._answers = [
            ScriptedAnswer(answer) if isinstance(answer, str) else answer for answer in answers
        ]
        self.requests: list[Request] = []
        """Every request so far, for tests to look at."""

    @classmethod
    def from_file(cls, path: Path) -> ScriptedEngine:
        """Read a JSON list of answers; raises InputError."""
        try:
            answers = msgspec.json.decode(path.read_bytes(), type=list[ScriptedAnswer])
        except (OSError, msgspec.DecodeError) as error:
            raise InputError(f"The engine script {path} cannot be read ({error}).") from error
        return cls(answers)

    async def generate(self, request: Request, cancel: CancelToken) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
        prompt = prompt_text(request)
        n_prompt = _n_words(prompt)
        yield Prefill(n_prompt, n_prompt)
        samples = []
        for index in range(request.n_samples):
            stream = TextStream(request.stop, request.stop_pattern)
            answer = self._take(prompt)
            words = re.findall(r"\s*\S+|\s+", answer.text)
            n_tokens = 0
            for word in words[: request.max_tokens]:
                if answer.delay_s:
                    await asyncio.sleep(answer.delay_s)
                cancel.check()
                n_tokens += 1
                yield Delta(index, stream.push(word.encode()), n_tokens)
                if stream.is_stopped:
                    break
            yield Delta(index, stream.finish(), n_tokens)
            is_cut = len(words) > request.max_tokens
            samples.append(Sample(stream.text, _reason(stream, answer, is_cut), n_tokens))
        yield Completion(tuple(samples), "scripted", n_prompt, 0, 0.0, 0.0)

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [_n_words(text) for text in texts]

    async def describe(self) -> EngineInfo:
        return EngineInfo("scripted", 1 << 20)

    async def close(self) -> None:
        pass

    def _take(self, prompt: str) -> ScriptedAnswer:
        for answer in self._answers:
            if re.search(answer.when, prompt, re.DOTALL):
                if not answer.is_kept:
                    self._answers.remove(answer)
                if answer.error:
                    raise EngineCrashed(answer.error)
                return answer
        raise EngineCrashed("The script of the scripted engine has no answer for this prompt.")


def prompt_text(request: Request) -> str:
    """The whole prompt as one text."""
    parts = [message.content for message in request.messages] or [request.raw]
    return "\n".join([*parts, request.opening])


def _reason(stream: TextStream, answer: ScriptedAnswer, is_cut: bool) -> StopReason:
    if stream.is_stopped:
        return StopReason.STOP
    return StopReason.LENGTH if is_cut else answer.stop_reason


def _n_words(text: str) -> int:
    return len(re.findall(r"\w+|[^\w\s]", text))

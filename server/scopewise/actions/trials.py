"""A function run in its place in the file: on examples, and on generated calls."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from scopewise.actions.outcome import Job, Usage
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify.behaviour import Behaviour, Call, Example, TrialReport
from scopewise.verify.inputs import generate_calls, parameters_of, target_of
from scopewise.verify.trial import trial_of

_N_INPUTS = 64
"""Enough to tell answers apart that differ at a boundary only; running is cheap beside writing."""


class Trials:
    """What texts of a file do when one of its functions is run, and what that took."""

    def __init__(
        self,
        job: Job,
        parsed: ParsedDocument,
        definition: Definition,
        examples: Sequence[Example] = (),
    ) -> None:
        self.usage = Usage()
        """Spent on running so far."""
        self._job = job
        self._parsed = parsed
        self._definition = definition
        self._examples = examples
        self._is_callable = parameters_of(parsed, definition) is not None
        self._calls: tuple[Call, ...] | None = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """Made up from what the signature, the docstring and the examples say, by `prepare`."""
        return self._calls or ()

    @property
    def can_have_calls(self) -> bool:
        """Whether there are calls, as far as is known yet."""
        return self._is_callable if self._calls is None else bool(self._calls)

    async def prepare(self) -> None:
        """Makes the calls, the first time; slow, so in a thread."""
        if self._calls is None:
            self._calls = await asyncio.to_thread(self._generated)

    async def run(self, text: str, **parts: object) -> TrialReport:
        """What came of the file with this text: of its `examples`, of `calls` or of loading it."""
        trial = trial_of(self._parsed, self._definition, text, self._job.workspace.roots)
        trial = msgspec.structs.replace(trial, **parts)
        report = await self._job.runner.run(trial, self._job.cancel)
        self.usage = self.usage.and_also(Usage(execution_s=report.seconds))
        return report

    async def behaviours(self, text: str) -> tuple[Behaviour, ...]:
        """What each of the calls does in the file with this text."""
        if not self.calls:
            return ()
        report = await self.run(text, calls=self.calls)
        return report.behaviours or (Behaviour("skipped"),) * len(self.calls)

    def _generated(self) -> tuple[Call, ...]:
        target = target_of(self._parsed, self._definition)
        return generate_calls(target, self._examples, _N_INPUTS, seed=0) if target else ()

"""Works through the cases of a measurement; what is done already is not done again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scopewise.actions.session import Session
from scopewise.bench.attempt import attempt
from scopewise.bench.hidden import Judge, Result, fault_of
from scopewise.bench.metered import MeteredEngine
from scopewise.bench.modes import SEEDS_APART, Mode, settings_of
from scopewise.bench.recording import RecordingEngine
from scopewise.bench.round_trip import Arm, round_trip
from scopewise.bench.rows import Action, Case
from scopewise.bench.runs import ERROR, Attempt, Run, RunLog, recording_file
from scopewise.bench.tasks import BenchTask, definition_of
from scopewise.engine.protocol import Engine
from scopewise.errors import Cancelled, InputError, PromptTooLong, StaleDocument
from scopewise.settings import Settings
from scopewise.verify.specification import examples

Try = Callable[[Session, BenchTask, Path], Awaitable[Attempt]]
OnRun = Callable[[Run], None]

# What belongs to the task is a result; a model that cannot be run ends the measurement.
_RESULTS = (Cancelled, InputError, PromptTooLong, StaleDocument)


@dataclass(frozen=True)
class Bench:
    """What a measurement works with."""

    settings: Settings
    engine: Engine
    """The model, past any recording."""
    judge: Judge
    folder: Path
    """Where runs, recordings and the tasks' files go."""


async def measure(
    bench: Bench,
    log: RunLog,
    cases: Sequence[Case],
    n_repeats: int,
    on_run: OnRun = lambda _: None,
) -> None:
    """Adds to the log the runs that are not in it, one repeat of all cases after the other."""
    measurement = _Measurement(bench, log)
    for repeat in range(n_repeats):
        await measurement.repeat(repeat, cases, on_run)


def unsound_cases(judge: Judge, cases: Sequence[Case]) -> Iterator[tuple[str, str]]:
    """The tasks that measure nothing here, each with the reason."""
    for case in cases:
        fault = fault_of(judge, case.hidden, case.task.text)
        if fault:
            yield case.task.id, fault


class _Measurement:
    def __init__(self, bench: Bench, log: RunLog) -> None:
        self._bench = bench
        self._log = log
        self._meter = MeteredEngine(bench.engine)
        model = log.group.model
        file = recording_file(bench.folder, model)
        self._recording = RecordingEngine(self._meter, model, file)
        self._faults: dict[str, str] = {}

    async def repeat(self, repeat: int, cases: Sequence[Case], on_run: OnRun) -> None:
        settings = _settings(self._bench.settings, self._log.group.mode, repeat)
        session = Session(settings, engine=self._recording)
        try:
            for case in cases:
                if not self._log.has(case.task.id, repeat):
                    run = await self._run(session, case, repeat)
                    self._log.add(run)
                    on_run(run)
        finally:
            await session.close()

    async def _run(self, session: Session, case: Case, repeat: int) -> Run:
        n_before, started = self._meter.n_generations, time.perf_counter()
        made = await self._attempt(session, case.task, repeat)
        wall_s = time.perf_counter() - started
        # The attempt is final from here on, and only now the hidden tests come in.
        return Run(
            group=self._log.group,
            task=case.task.id,
            repeat=repeat,
            attempt=made,
            hidden=await self._judged(case, made.text),
            fault=await self._fault(case),
            n_examples=_n_examples(case.task),
            wall_s=round(wall_s, 4),
            is_replayed=self._meter.n_generations == n_before and made.usage.n_samples > 0,
        )

    async def _attempt(self, session: Session, task: BenchTask, repeat: int) -> Attempt:
        try_ = _try(self._log.group.action, self._log.group.mode, repeat)
        try:
            return await try_(session, task, self._bench.folder / "work")
        except _RESULTS as error:
            return Attempt(ERROR, str(error))

    async def _judged(self, case: Case, text: str) -> Result | None:
        return await asyncio.to_thread(self._bench.judge, case.hidden, text) if text else None

    async def _fault(self, case: Case) -> str:
        if case.task.id not in self._faults:
            args = (self._bench.judge, case.hidden, case.task.text)
            self._faults[case.task.id] = await asyncio.to_thread(fault_of, *args)
        return self._faults[case.task.id]


def _try(action: str, mode: str, repeat: int) -> Try:
    if action == Action.EXPLAIN:
        return partial(round_trip, Arm(mode), SEEDS_APART * repeat)
    return attempt


def _settings(settings: Settings, mode: str, repeat: int) -> Settings:
    is_arm = mode in set(Arm)
    return settings_of(Mode.CHECKED if is_arm else Mode(mode), repeat, settings)


def _n_examples(task: BenchTask) -> int:
    found = definition_of(task)
    return len(examples(*found)) if found else 0

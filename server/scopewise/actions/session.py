"""One run of scopewise: settings, the engine, the queue in front of it, and what is remembered.

The language server and the command line both work through a session.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from scopewise.actions.assessment import Assessor
from scopewise.actions.deadline import deadline
from scopewise.actions.explanations import Explanations
from scopewise.actions.fill_body import ID as FILL_BODY
from scopewise.actions.fix_traceback import ID as FIX_TRACEBACK
from scopewise.actions.outcome import Job, Outcome, Phase, Place, Workspace, no_consent
from scopewise.actions.producers import producer
from scopewise.cancel import CancelToken
from scopewise.cloud.access import CloudAccess, MaySend, nobody_to_ask
from scopewise.cloud.keys import Keys
from scopewise.engine.llamacpp import ModelConfig
from scopewise.engine.process import ProcessEngine
from scopewise.engine.protocol import Engine
from scopewise.engine.scheduler import Priority, Scheduler
from scopewise.engine.scripted import ScriptedEngine
from scopewise.engine.watched import WatchedEngine, Watcher
from scopewise.errors import InputError
from scopewise.models import resolve
from scopewise.scope import escalation
from scopewise.settings import Settings
from scopewise.trace import FileTracer, NoTracer, Tracer
from scopewise.verify.label import Verdict
from scopewise.verify.runner import Runner

_LEARNT = {FILL_BODY: escalation.Task.FILL, FIX_TRACEBACK: escalation.Task.FIX}
"""Producers whose declined results count against the next attempt."""
_PATIENCE_S = 3.0
"""What an analysis may take before a user is asked about a request."""


@dataclass(frozen=True)
class Task:
    """Something to do: a producer and the place it is asked at."""

    producer: str
    place: Place
    priority: Priority = Priority.INTERACTIVE
    attempt: int = 0
    """Counts how often the user wanted something else; every attempt has seeds of its own."""


class Session:
    """Runs tasks one engine at a time; close it at the end."""

    def __init__(
        self,
        settings: Settings | None = None,
        engine: Engine | None = None,
        on_loading: Callable[[float], None] | None = None,
        watcher: Watcher | None = None,
        keys: Keys | None = None,
    ) -> None:
        """`engine` replaces the one the settings name; `on_loading` hears how far loading is, and
        `watcher` all that the engine does; `keys` are where a key for the cloud may be found."""
        self.settings = settings or Settings()
        self.explanations = Explanations()
        self.assessor = Assessor(lambda: self.settings)
        self.cloud = CloudAccess(keys or Keys())
        self.is_paused = False
        """Whether tasks are refused for the time being."""
        self._on_loading = on_loading
        self._watcher = watcher
        self._given_engine = engine
        self._scheduler: Scheduler | None = None
        self._tracer: Tracer | None = None
        self._runner: Runner | None = None

    async def run(
        self,
        task: Task,
        workspace: Workspace,
        cancel: CancelToken,
        report: Callable[[Phase], None] = lambda _: None,
        consent: Callable[[str], Awaitable[bool]] = no_consent,
        may_send: MaySend = nobody_to_ask,
    ) -> Outcome:
        """The outcome of a task; raises ScopewiseError, Cancelled among them.

        `consent` puts a question to the user before anything of the project is run, and `may_send`
        shows them what would leave this machine before it does.
        """
        if self.is_paused:
            raise InputError("scopewise is paused.", "Resume it first.")
        row, place = producer(task.producer), task.place
        if row.asks_first and self.settings.cloud.mode == "never":
            raise InputError("The setting `cloud.mode` is `never`, so the cloud is not asked.")
        if row.asks_first:
            place = await self._decided(place, workspace)
        offer = row.accept(place)
        if offer is None:
            raise InputError(f"There is nothing here for `{task.producer}` to work on.")
        if offer.disabled:
            raise InputError(offer.disabled)
        key = f"{place.snapshot.uri}#{offer.target}"
        scheduler, tracer = self._ready()
        # Somebody who reads what would be sent takes the time it takes.
        seconds = math.inf if row.asks_first else self.settings.actions.deadline_s
        with scheduler.job(key, cancel, task.priority) as engine, deadline(cancel, seconds):
            runner = self._runner_for(workspace.roots)
            await runner.prepare()
            job = Job(
                engine,
                self.settings,
                workspace,
                cancel,
                report,
                runner,
                consent=consent,
                tracer=tracer,
                attempt=task.attempt,
                cloud=self.cloud,
                may_send=may_send,
                index=self.assessor.index,
            )
            with tracer.span("job", producer=task.producer) as record:
                outcome = await row.run(job, place)
                record.update(label=outcome.label.verdict.value, **vars(outcome.usage))
        self._remember(outcome, place)
        return outcome

    async def configure(self, settings: Settings) -> None:
        """Take new settings; an engine they concern is started anew on its next use."""
        old, self.settings = self.settings, settings
        if (old.engine, old.model) != (settings.engine, settings.model):
            await self._close_engine()
            self.assessor.forget_experience()
        if old.trace != settings.trace:
            self._close_tracer()
        if old.verify != settings.verify:
            self._close_runner()

    async def unload(self) -> None:
        """Take the model out of memory; the next task loads it again."""
        await self._close_engine()

    async def close(self) -> None:
        self.assessor.close()
        await self._close_engine()
        self._close_tracer()
        self._close_runner()

    @property
    def engine(self) -> Engine:
        """The engine itself, past the queue; made on first use and started by its first job."""
        return self._ready()[0].engine

    async def _decided(self, place: Place, workspace: Workspace) -> Place:
        """The place with what scope analysis says of it, for the user and for the ledger."""
        await self.assessor.assess(place, workspace, _PATIENCE_S)
        return replace(place, decisions=self.assessor.known(place))

    def _remember(self, outcome: Outcome, place: Place) -> None:
        if outcome.markdown and place.parsed is not None and outcome.producer == "explain":
            from scopewise.actions.explain import explained_text

            self.explanations.put(explained_text(place), outcome.markdown)
        task = _LEARNT.get(outcome.producer)
        if task is not None:
            is_declined = outcome.label.verdict is Verdict.DECLINED
            self.assessor.learn(place, task, is_declined=is_declined)

    def _ready(self) -> tuple[Scheduler, Tracer]:
        if self._scheduler is None:
            engine = self._given_engine or self._make_engine()
            watcher = self._watcher
            self._scheduler = Scheduler(WatchedEngine(engine, watcher) if watcher else engine)
        if self._tracer is None:
            self._tracer = _tracer(self.settings)
        return self._scheduler, self._tracer

    def _make_engine(self) -> Engine:
        engine = self.settings.engine
        if engine.kind == "scripted":
            if not engine.script:
                raise InputError("The scripted engine needs the setting `engine.script`.")
            return ScriptedEngine.from_file(Path(engine.script))
        return ProcessEngine(
            lambda: model_config(self.settings),
            hang_timeout_s=engine.hang_timeout_s,
            idle_unload_s=engine.idle_unload_s,
            on_loading=self._loading,
            on_loaded=self._watcher.ready if self._watcher else None,
            on_ended=self._ended,
        )

    def _loading(self, share: float) -> None:
        if self._on_loading is not None:
            self._on_loading(share)
        if self._watcher is not None:
            self._watcher.loading(share)

    def _ended(self, why: str) -> None:
        """The model left memory, or its process died."""
        if self._watcher is None:
            return
        if why:
            self._watcher.failed(why)
        else:
            self._watcher.unloaded()

    async def _close_engine(self) -> None:
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None and self._given_engine is None:
            await scheduler.engine.close()

    def _runner_for(self, roots: tuple[Path, ...]) -> Runner:
        if self._runner is None or self._runner.roots != roots:
            self._close_runner()
            self._runner = Runner(self.settings.verify, roots)
        return self._runner

    def _close_runner(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.close()

    def _close_tracer(self) -> None:
        tracer, self._tracer = self._tracer, None
        if isinstance(tracer, FileTracer):
            tracer.close()


def model_config(settings: Settings) -> ModelConfig:
    """How to load the model the settings name; raises ModelMissing or ModelCorrupt."""
    model = resolve(settings)
    engine = settings.engine
    return ModelConfig(
        path=str(model.path),
        name=model.spec.name,
        context_tokens=engine.context_tokens,
        threads=engine.threads,
        gpu_layers=engine.gpu_layers,
        kv_type=engine.kv_type,
        flash_attention=engine.flash_attention,
    )


def _tracer(settings: Settings) -> Tracer:
    trace = settings.trace
    return FileTracer(Path(trace.file), trace.prompts) if trace.file else NoTracer()


def with_model(settings: Settings, name: str) -> Settings:
    """The settings with another model."""
    return dataclasses.replace(settings, model=dataclasses.replace(settings.model, name=name))

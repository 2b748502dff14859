"""The loop behind every action that writes code: write, check, compare, mend, choose.

An action says what it wants as a `Goal`; `verify/policy.py` says what to do next; here it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from scopewise.actions.deadline import out_of_time, part_of
from scopewise.actions.generation import generate
from scopewise.actions.goal import Draft, Goal, Proof
from scopewise.actions.outcome import Job, Outcome, Phase, Usage
from scopewise.actions.trials import Trials
from scopewise.engine.protocol import Request, Sample, Sampling, StopReason
from scopewise.errors import Cancelled
from scopewise.prompt.repair import repair_request
from scopewise.verify.agreement import Clustering, cluster, n_breakdowns, n_run, n_side_effects
from scopewise.verify.behaviour import Behaviour, ExampleResult, TrialReport
from scopewise.verify.findings import as_clause, example_findings
from scopewise.verify.label import Evidence, Finding, Label, Verdict, declined, verdict_of
from scopewise.verify.policy import Enough, Limits, Mend, Standing, next_step

_FRESH = Sampling(temperature=0.8, seed=1)
_MENDED = Sampling(temperature=0.4, seed=101)
_SHARE_OF_TIME = 0.9
"""Of a job's time; the rest is for what comes before and after."""


@dataclass(frozen=True)
class Refined:
    """What came of the loop."""

    draft: Draft
    label: Label
    usage: Usage


@dataclass
class Candidate:
    """One answer and everything found out about it."""

    draft: Draft
    findings: tuple[Finding, ...] = ()
    examples: tuple[ExampleResult, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    proof: Proof = field(default_factory=Proof)
    is_handed_back: bool = False
    """Whether the finding was given to the model, or given for an equal answer."""

    @property
    def is_sound(self) -> bool:
        return not self.findings

    @property
    def has_failed_when_run(self) -> bool:
        """Whether it was plausible enough to be run, and then did the wrong thing."""
        return bool(self.findings) and not self.draft.label.findings

    @property
    def n_passed(self) -> int:
        return sum(result.status == "passed" for result in self.examples)

    @property
    def complaint(self) -> str:
        """The findings, as the model is told them."""
        details = [result.detail for result in self.examples if result.status == "error"][:1]
        return "\n".join([*(finding.message for finding in self.findings), *details])


async def refine(job: Job, goal: Goal) -> Refined:
    """The best answer that could be had within the budget, with its label.

    When the job's time runs out in the middle, it is the best of those that are there, unverified.
    """
    seconds = job.settings.actions.deadline_s
    with part_of(job.cancel, _SHARE_OF_TIME * seconds) as cancel:
        loop = _Loop(replace(job, cancel=cancel), goal)
        try:
            await loop.run()
        except Cancelled:
            job.cancel.check()
            if not loop.has_answers:
                raise Cancelled(out_of_time(seconds)) from None
            return _cut_short(loop.refined())
    return loop.refined()


def _cut_short(refined: Refined) -> Refined:
    """What there is when time has run out; not all that would speak against it was looked at."""
    label = refined.label
    if label.verdict is Verdict.DECLINED:
        return refined
    evidence = replace(label.evidence, obstacle="time ran out before more answers were compared")
    label = replace(label, verdict=Verdict.UNVERIFIED, evidence=evidence)
    return replace(refined, label=label)


def outcome_of(producer: str, title: str, goal: Goal, refined: Refined) -> Outcome:
    """What an action answers with when the loop has ended."""
    is_declined = refined.label.verdict is Verdict.DECLINED
    return Outcome(
        producer=producer,
        title=title,
        label=refined.label,
        uri=goal.parsed.snapshot.uri,
        change=None if is_declined else refined.draft.change,
        usage=refined.usage,
        rejected=refined.draft.text if is_declined else "",
    )


class _Loop:
    """One task: its answers so far, and what they cost."""

    def __init__(self, job: Job, goal: Goal) -> None:
        verify = job.settings.verify
        self.limits = Limits(verify.samples, verify.repairs)
        self._job = job
        self._goal = goal
        self._examples = goal.examples if verify.examples else ()
        self._candidates: list[Candidate] = []
        self._trials = Trials(job, goal.parsed, goal.definition, goal.examples)
        self._clustering: Clustering | None = None
        self._spent = Usage()
        self._obstacle = job.runner.obstacle
        self._n_fresh = self._n_repairs = 0
        self._is_mending_over = False

    @property
    def has_answers(self) -> bool:
        return bool(self._candidates)

    @property
    def usage(self) -> Usage:
        """What it cost so far."""
        return self._spent.and_also(self._trials.usage)

    async def run(self) -> None:
        """Write, compare and mend until it is enough."""
        while not isinstance(step := next_step(self.standing(), self.limits), Enough):
            if isinstance(step, Mend):
                await self.mend()
            else:
                await self.write(step.count)
            await self.compare()

    def standing(self) -> Standing:
        sound, clustering = self._sound(), self._clustering
        return Standing(
            n_fresh=self._n_fresh,
            n_failed=self._n_failed(),
            n_sound=len(sound),
            n_evidence=_n_evidence(sound[0]) if sound else 0,
            agreement=clustering.share if clustering else None,
            is_scattered=clustering is not None and clustering.is_scattered,
            n_repairs=self._n_repairs,
            can_compare=self._can_compare(),
            can_mend=self._to_mend() is not None,
            is_spent=self._is_spent(),
        )

    async def write(self, count: int) -> None:
        """Write fresh answers and check them; the very first one is greedy."""
        is_first = not self._n_fresh
        sampling = Sampling() if is_first and count == 1 else _FRESH.moved(self._n_fresh)
        approach = self._goal.approach(is_first=is_first, has_failed=not self._sound())
        request = approach.request(sampling, count)
        request = msgspec.structs.replace(request, greedy_first=is_first and count > 1)
        doing = self._goal.doing if is_first else f"{self._goal.doing}, {count} more to compare"
        self._n_fresh += count
        for sample in await self._generate(request, doing):
            self._candidates.append(await self._judged(sample, approach.draft))

    async def mend(self) -> None:
        """Hand the finding against the best failed answer back, and check what comes."""
        failed = self._to_mend()
        assert failed is not None
        failed.is_handed_back = True
        self._n_repairs += 1
        request = repair_request(
            self._goal.request(Sampling(), 1),
            failed.draft.text,
            failed.complaint,
            _MENDED.moved(self._n_repairs),
        )
        (sample,) = await self._generate(request, "Mending the answer")
        mended = await self._judged(sample, self._goal.draft)
        self._is_mending_over = not mended.is_sound and (
            mended.is_handed_back or mended.complaint == failed.complaint
        )
        self._candidates.append(mended)

    async def compare(self) -> None:
        """Run the sound answers side by side, where that can say anything new."""
        sound = self._sound()
        self._clustering = None
        if self._obstacle or not sound or not self.limits.n_samples:
            return
        # For a single answer too: whether there are calls decides what is done next.
        await self._trials.prepare()
        if len(sound) < 2 or not self._trials.calls:
            return
        self._job.report(Phase(f"Comparing what {len(sound)} answers do"))
        for candidate in sound:
            if not candidate.behaviours:
                candidate.behaviours = await self._trials.behaviours(candidate.draft.code)
        rows = [candidate.behaviours for candidate in sound]
        # In a thread: many answers that return much take a while to compare.
        self._clustering = await asyncio.to_thread(cluster, rows)

    def refined(self) -> Refined:
        """The chosen answer, or the best of those that failed with what is held against it."""
        sound = self._sound()
        if not sound:
            best = max(self._candidates, key=lambda c: (bool(c.draft.code), c.n_passed))
            label = Label(Verdict.DECLINED, best.draft.label.passed, best.findings)
            return Refined(best.draft, label, self.usage)
        chosen = self._chosen(sound)
        evidence = self._evidence(chosen)
        label = Label(verdict_of(evidence), chosen.draft.label.passed, evidence=evidence)
        return Refined(chosen.draft, label, self.usage)

    # One answer

    async def _judged(self, sample: Sample, draft_of: Callable[[str], Draft]) -> Candidate:
        self._job.report(Phase("Checking the answer"))
        # In a thread: in a large file the checks take long enough for an editor to notice.
        draft = await asyncio.to_thread(_draft, sample, draft_of)
        twin = self._twin(draft)
        if twin is not None:
            return replace(twin, draft=draft, is_handed_back=True)
        candidate = Candidate(draft, draft.label.findings)
        if candidate.is_sound and self._examples and not self._obstacle:
            await self._run_examples(candidate)
        if candidate.is_sound:
            candidate.proof = await self._goal.prove(draft)
            candidate.findings = candidate.proof.findings
            self._spent = self._spent.and_also(Usage(execution_s=candidate.proof.seconds))
        return candidate

    async def _run_examples(self, candidate: Candidate) -> None:
        self._job.report(Phase(f"Running {_count(len(self._examples), 'example')}"))
        report = await self._trials.run(candidate.draft.code, examples=self._examples)
        candidate.examples = report.examples
        if report.problem:
            candidate.findings = await self._problem(report)
        else:
            candidate.findings = example_findings(self._examples, report.examples)

    async def _problem(self, report: TrialReport) -> tuple[Finding, ...]:
        """What keeps an answer from running; an obstacle when the file has it without us."""
        before = await self._trials.run(self._goal.parsed.snapshot.text)
        if before.problem:
            self._obstacle = f"nothing was executed, for {as_clause(before.problem)}"
            return ()
        return (Finding("runs", f"The result cannot be run: {as_clause(report.problem)}."),)

    async def _generate(self, request: Request, doing: str) -> Sequence[Sample]:
        completion = await generate(self._job, request, doing)
        self._spent = self._spent.plus(completion)
        return completion.samples

    # All of them

    def _sound(self) -> list[Candidate]:
        return [candidate for candidate in self._candidates if candidate.is_sound]

    def _can_compare(self) -> bool:
        """Whether answers can be run here, on inputs that exist as far as is known yet."""
        return self._trials.can_have_calls and not self._obstacle

    def _n_failed(self) -> int:
        return sum(candidate.has_failed_when_run for candidate in self._candidates)

    def _twin(self, draft: Draft) -> Candidate | None:
        """An earlier answer that differs in its formatting alone."""
        same = (c for c in self._candidates if c.draft.fingerprint == draft.fingerprint)
        return next(same, None) if draft.fingerprint else None

    def _to_mend(self) -> Candidate | None:
        """The failed answer that passed most and was not handed back; None when mending is over:
        the model gave an answer it had given, or one that fails in the same way."""
        if self._is_mending_over:
            return None
        failed = [c for c in self._candidates if not c.is_sound and not c.is_handed_back]
        return max((c for c in failed if c.draft.code), key=lambda c: c.n_passed, default=None)

    def _chosen(self, sound: Sequence[Candidate]) -> Candidate:
        """Of the largest cluster the answer that most others do the same as."""
        clustering = self._clustering
        if clustering is None:
            return min(sound, key=_preference)
        support = clustering.support
        best = min(clustering.clusters[0], key=lambda i: (-support[i], _preference(sound[i])))
        return sound[best]

    def _evidence(self, chosen: Candidate) -> Evidence:
        clustering = self._clustering
        return Evidence(
            n_examples=chosen.n_passed,
            n_tests=chosen.proof.n_tests,
            is_failure_gone=chosen.proof.is_failure_gone,
            n_failed=self._n_failed(),
            n_compared=sum(map(len, clustering.clusters)) if clustering else 0,
            n_agreeing=len(clustering.clusters[0]) if clustering else 0,
            n_inputs=clustering.n_inputs if clustering else 0,
            n_alike=clustering.n_alike if clustering else 0,
            difference=self._difference(),
            n_breakdowns=n_breakdowns(chosen.behaviours),
            n_tried=n_run(chosen.behaviours),
            obstacle=self._obstacle or chosen.proof.obstacle,
        )

    def _difference(self) -> str:
        """An input on which an answer does something else than those chosen from."""
        found = self._clustering.disagreement if self._clustering else None
        if found is None:
            return ""
        ours, others = found.texts
        call = self._trials.calls[found.call]
        return f"`{call.shown}` {ours} in this one and {others} in another"

    def _is_spent(self) -> bool:
        verify, usage = self._job.settings.verify, self.usage
        seconds = usage.prefill_s + usage.decode_s + usage.execution_s
        return usage.n_answer_tokens >= verify.budget_tokens or seconds >= verify.budget_s


def _draft(sample: Sample, draft_of: Callable[[str], Draft]) -> Draft:
    if sample.stop_reason is StopReason.LOOP:
        return Draft(sample.text, declined("ends", "The model repeated itself."))
    if sample.stop_reason is StopReason.LENGTH:
        message = f"The answer was not finished after {sample.n_tokens} tokens."
        return Draft(sample.text, declined("ends", message))
    return draft_of(sample.text)


def _preference(candidate: Candidate) -> tuple[int, int, int]:
    """The least is the best of answers that behave alike; of equal ones the earliest."""
    row = candidate.behaviours
    return n_breakdowns(row), n_side_effects(row), candidate.draft.size


def _n_evidence(candidate: Candidate) -> int:
    proof = candidate.proof
    return candidate.n_passed + proof.n_tests + proof.is_failure_gone


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"

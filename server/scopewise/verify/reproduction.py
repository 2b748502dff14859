"""Runs the command that failed again, with and without an edit, and says what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scopewise.cancel import CancelToken
from scopewise.errors import ScopewiseError
from scopewise.sandbox.protocol import Limits, Run, Sandbox
from scopewise.scope.traces.traceback import parse_traces
from scopewise.verify.project_runs import last_line, project_program, why_ended
from scopewise.verify.project_tests import TestResult, run_project_tests
from scopewise.verify.reproduction_command import (
    Reproduction,
    Symptom,
    reproduction_of,
    symptom_of,
)

__all__ = [
    "Reproduction",
    "ReproductionRun",
    "Symptom",
    "compare",
    "is_same_failure",
    "reproduce",
    "reproduction_of",
    "symptom_of",
]

_MAX_OUTPUT = 200_000


@dataclass(frozen=True)
class ReproductionRun:
    """What came of running a command again."""

    reproduction: Reproduction
    symptoms: tuple[Symptom, ...] = ()
    """Every failure it shows, in order; none when it went well."""
    not_run: str = ""
    """Why it could not be run to its end, as a clause; then nothing is known."""
    seconds: float = 0.0

    @property
    def outcome(self) -> Literal["ok", "same", "other", "not run"]:
        """`same`: it shows the failure that was looked for; `other`: only different ones."""
        if self.not_run:
            return "not run"
        if not self.symptoms:
            return "ok"
        wanted = self.reproduction.symptom
        is_same = any(is_same_failure(wanted, symptom) for symptom in self.symptoms)
        return "same" if is_same else "other"


def reproduce(
    sandbox: Sandbox,
    interpreter: Path,
    reproduction: Reproduction,
    root: Path,
    changed: Mapping[Path, bytes],
    limits: Limits,
    cancel: CancelToken | None = None,
) -> ReproductionRun:
    """What the command does with some files changed; raises Cancelled and nothing else."""
    if reproduction.target is not None:
        return _rerun_test(sandbox, interpreter, reproduction, root, changed, limits, cancel)
    flags = ("-B", "-m") if reproduction.kind == "module" else ("-B",)
    program = project_program(
        interpreter,
        (*flags, *reproduction.arguments),
        root,
        changed,
        cwd=reproduction.cwd,
    )
    try:
        run = sandbox.run(program, limits, cancel)
    except ScopewiseError as error:
        _check(cancel)
        return ReproductionRun(reproduction, not_run=str(error).rstrip("."))
    _check(cancel)
    return _outcome_of(run, reproduction)


def compare(before: ReproductionRun, after: ReproductionRun) -> str:
    """What is held against an edit, as a sentence; empty when its command shows no new failure.

    Only `before.outcome` "same" and `after.not_run` empty make of that a failure that is gone.
    """
    command, wanted = f"`{before.reproduction.display}`", before.reproduction.symptom
    for symptom in after.symptoms:
        if is_same_failure(wanted, symptom):
            return f"{command} still fails with {symptom.text}."
    for symptom in after.symptoms:
        if not any(is_same_failure(symptom, known) for known in before.symptoms):
            return f"{command} no longer fails with {wanted.text}, but with {symptom.text}."
    return ""


def is_same_failure(left: Symptom, right: Symptom) -> bool:
    """Whether two runs failed alike: the same exception in the same function.

    Lines do not count, for an edit moves them; what only one of the two tells does not either.
    """
    if left.type_name != right.type_name:
        return False
    if not left.type_name:
        return left.message == right.message
    return all(
        not ours or not theirs or ours == theirs
        for ours, theirs in ((left.path, right.path), (left.function, right.function))
    )


def _rerun_test(
    sandbox: Sandbox,
    interpreter: Path,
    reproduction: Reproduction,
    root: Path,
    changed: Mapping[Path, bytes],
    limits: Limits,
    cancel: CancelToken | None,
) -> ReproductionRun:
    assert reproduction.target is not None
    report = run_project_tests(
        sandbox,
        interpreter,
        root,
        changed,
        [reproduction.target],
        limits,
        cancel,
        framework="unittest" if reproduction.kind == "unittest" else "pytest",
    )
    symptoms = tuple(_symptom(result, root) for result in report.failures)
    not_run = report.not_run
    if not not_run and not symptoms and not report.n_passed:
        not_run = "the test was skipped"
    return ReproductionRun(reproduction, symptoms, not_run, report.seconds)


def _symptom(result: TestResult, root: Path) -> Symptom:
    traces = parse_traces(result.message)
    if traces:
        return symptom_of(traces[-1], [root])
    head, _, message = result.reason.partition(": ")
    return Symptom(head, message) if message and head.isidentifier() else Symptom("", result.reason)


def _outcome_of(run: Run, reproduction: Reproduction) -> ReproductionRun:
    if run.stopped_by not in ("", "signal"):
        return ReproductionRun(reproduction, not_run=why_ended(run), seconds=run.seconds)
    traces = [
        trace
        for output in (run.stdout, run.stderr)
        for trace in parse_traces(output[-_MAX_OUTPUT:])
        if trace.exception is not None
    ]
    symptoms = [symptom_of(trace, [reproduction.root]) for trace in traces]
    if run.exit_code != 0 and not symptoms:
        symptoms.append(Symptom("", last_line(run.stderr) or f"exit code {run.exit_code}"))
    return ReproductionRun(reproduction, tuple(symptoms), seconds=run.seconds)


def _check(cancel: CancelToken | None) -> None:
    if cancel is not None:
        cancel.check()

"""What the project itself says of an answer, run in the sandbox with consent: the tests that reach
the function, and the command that failed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from scopewise.actions.goal import Draft, Proof
from scopewise.actions.outcome import Job, Phase
from scopewise.actions.workspace import innermost_root
from scopewise.sandbox.protocol import Limits
from scopewise.scope.test_files import TestTarget, tests_reaching
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify import reproduction as again
from scopewise.verify.findings import as_clause
from scopewise.verify.label import Finding
from scopewise.verify.project_tests import (
    Comparison,
    TestReport,
    TestResult,
    compare_tests,
    run_project_tests,
)
from scopewise.verify.reproduction_command import Reproduction, Symptom


@dataclass
class ProjectProof:
    """Looked for once, asked for once, run once without an answer and then for every answer."""

    job: Job
    parsed: ParsedDocument
    definition: Definition
    reproduction: Reproduction | None = None
    """The command that failed, when it is known."""
    _targets: tuple[TestTarget, ...] = ()
    _is_allowed: bool | None = None
    _tests_before: TestReport | None = None
    _failure_before: again.ReproductionRun | None = None

    async def prove(self, draft: Draft) -> Proof:
        """What the project says of a draft; empty where nothing can or may be run."""
        if self._is_allowed is None:
            self._is_allowed = await self._ask()
        if not self._is_allowed:
            return Proof()
        proof = await self._tests(draft) if self._targets else Proof()
        if self.reproduction is None or proof.findings:
            return proof
        return await self._repeat(self.reproduction, draft, proof)

    async def _ask(self) -> bool:
        """Whether there is anything to run that may be run."""
        wish, workspace = self.job.settings.verify.run_tests, self.job.workspace
        if wish == "never" or self.job.runner.obstacle or self._root() is None:
            return False
        found = await asyncio.to_thread(tests_reaching, self.parsed, self.definition, workspace)
        self._targets = found
        if not found and self.reproduction is None:
            return False
        return wish == "always" or await self.job.consent(self._question())

    def _question(self) -> str:
        names = [target.path.name for target in self._targets]
        parts = []
        if names:
            more = ", …" if len(names) > 3 else ""
            parts.append(f"the project's tests in {', '.join(names[:3])}{more}")
        if self.reproduction is not None:
            parts.append(f"`{self.reproduction.display}`")
        return f"Run {' and '.join(parts)} in the sandbox, to check the answer?"

    def _root(self) -> Path | None:
        return innermost_root(self.parsed.snapshot.path, self.job.workspace.roots)

    # The tests

    async def _tests(self, draft: Draft) -> Proof:
        seconds = 0.0
        if self._tests_before is None:
            self._tests_before = await self._run_tests(self.parsed.snapshot.text)
            seconds += self._tests_before.seconds
        after = await self._run_tests(draft.code)
        seconds += after.seconds
        if after.not_run:
            return Proof(obstacle=after.sentence, seconds=seconds)
        comparison = compare_tests(self._tests_before, after)
        findings = tuple(Finding("tests", test.sentence) for test in _against(comparison)[:2])
        return Proof(findings, comparison.n_passed, seconds=seconds)

    async def _run_tests(self, code: str) -> TestReport:
        """How the tests go with a text of ours in the document's place; raises Cancelled."""
        path, root, sandbox = self.parsed.snapshot.path, self._root(), self.job.runner.sandbox
        assert path is not None
        assert root is not None
        assert sandbox is not None
        self.job.report(Phase("Running the project's tests"))
        return await asyncio.to_thread(
            run_project_tests,
            sandbox,
            self.job.runner.interpreter,
            root,
            {path: code.encode()},
            self._targets,
            self._limits(),
            self.job.cancel,
            watched=(path, self.definition.qualified_name),
        )

    # The command that failed

    async def _repeat(self, reproduction: Reproduction, draft: Draft, proof: Proof) -> Proof:
        seconds = proof.seconds
        if self._failure_before is None:
            text = self.parsed.snapshot.text
            self._failure_before = await self._run_again(reproduction, text)
            seconds += self._failure_before.seconds
        before = self._failure_before
        if before.outcome != "same":
            why = f"the failure of `{reproduction.display}` could not be repeated"
            return Proof(proof.findings, proof.n_tests, obstacle=why, seconds=seconds)
        after = await self._run_again(reproduction, draft.code)
        objection = again.compare(before, after)
        is_ours = after.outcome == "same" or any(map(self._is_in_function, after.symptoms))
        return Proof(
            findings=(Finding("reproduction", objection),) if objection and is_ours else (),
            n_tests=proof.n_tests,
            is_failure_gone=not objection and not after.not_run,
            # What fails now, elsewhere, may have been hidden behind what failed before.
            obstacle=as_clause(objection) or after.not_run or proof.obstacle,
            seconds=seconds + after.seconds,
        )

    def _is_in_function(self, symptom: Symptom) -> bool:
        path = self.parsed.snapshot.path
        return symptom.path == path and symptom.function == self.definition.name

    async def _run_again(self, reproduction: Reproduction, code: str) -> again.ReproductionRun:
        path, sandbox = self.parsed.snapshot.path, self.job.runner.sandbox
        assert path is not None
        assert sandbox is not None
        self.job.report(Phase(f"Running `{reproduction.display}`"))
        return await asyncio.to_thread(
            again.reproduce,
            sandbox,
            self.job.runner.interpreter,
            reproduction,
            reproduction.root,
            {path: code.encode()},
            self._limits(),
            self.job.cancel,
        )

    def _limits(self) -> Limits:
        seconds = self.job.settings.verify.test_timeout_s
        return Limits(wall_s=seconds, cpu_s=seconds)


def _against(comparison: Comparison) -> list[TestResult]:
    """The failures held against an answer: what it broke, and what it reached and did not mend."""
    reached = [test for test in comparison.still_failing if test.is_reached]
    return [*comparison.broken, *reached]

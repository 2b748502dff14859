"""What was checked, what was found, and the label a result carries."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Verdict(enum.Enum):
    """How far a result can be believed."""

    VERIFIED = "verified"
    """Examples or tests ran and passed, and the answers that were compared agree."""
    CONSISTENT = "consistent"
    """Nothing to run against, but independent answers behave the same."""
    UNVERIFIED = "unverified"
    """Static checks only, or answers that do not behave the same."""
    DECLINED = "declined"
    """A check failed: nothing is applied."""


@dataclass(frozen=True)
class Finding:
    """Something a check holds against a result."""

    check: str
    """The name of the check, such as "parses"."""
    message: str
    """One sentence for the user."""


@dataclass(frozen=True)
class Evidence:
    """What was executed for a result that failed nothing."""

    n_examples: int = 0
    """Examples of the specification that ran and passed."""
    n_tests: int = 0
    """Tests of the project that ran and passed."""
    is_failure_gone: bool = False
    """Whether the command that failed was run again and no longer fails."""
    n_failed: int = 0
    """Other answers to the same task that did the wrong thing when they were run."""
    n_compared: int = 0
    """Answers whose behaviour was compared, the chosen one among them."""
    n_agreeing: int = 0
    """Those that behave as the chosen one does, itself included."""
    n_inputs: int = 0
    """Generated inputs they were compared on."""
    n_alike: int = 0
    """Of these, the ones on which all that agree did exactly the same."""
    difference: str = ""
    """An input on which another answer does something else, and what the two do; a clause."""
    n_breakdowns: int = 0
    """Generated inputs on which the chosen answer raised without meaning to, or did not end."""
    n_tried: int = 0
    """Generated inputs it was run on."""
    retold: str = ""
    """What a function that was written from an explanation alone does beside the original; a
    clause."""
    obstacle: str = ""
    """Why nothing could be executed, or not all of it; one sentence without its full stop."""

    @property
    def has_passed_something(self) -> bool:
        return bool(self.n_examples or self.n_tests or self.is_failure_gone)

    @property
    def agreement(self) -> float | None:
        """The share of compared answers that behave alike; None when none were compared."""
        if self.n_compared < 2 or not self.n_inputs:
            return None
        return self.n_agreeing / self.n_compared

    @property
    def _where(self) -> str:
        inputs = f"{self.n_inputs} generated input{'s' if self.n_inputs > 1 else ''}"
        is_exact = self.n_alike >= self.n_inputs or self.n_agreeing < 2
        return f" on {inputs}" if is_exact else f" on {self.n_alike} of {inputs}"

    @property
    def sentence(self) -> str:
        """What ran and how it went, as a part of a sentence."""
        parts = []
        if self.n_examples:
            parts.append(f"{_all_of(self.n_examples, 'example')}")
        if self.n_tests:
            parts.append(f"{_all_of(self.n_tests, 'project test')}")
        if self.is_failure_gone:
            parts.append("the failure is gone")
        if self.n_failed:
            others = f"{self.n_failed} other answer{'s' if self.n_failed > 1 else ''}"
            parts.append(f"{others} failed")
        if self.agreement is not None:
            parts.append(f"{self.n_agreeing} of {self.n_compared} answers agree{self._where}")
        if self.difference:
            parts.append(self.difference)
        if self.n_breakdowns:
            parts.append(f"it breaks down on {self.n_breakdowns} of {self.n_tried} inputs")
        if self.retold:
            parts.append(self.retold)
        if self.obstacle:
            parts.append(self.obstacle)
        return ", ".join(parts) or "nothing was executed"


@dataclass(frozen=True)
class Label:
    verdict: Verdict
    passed: tuple[str, ...] = ()
    """The static checks that were made and passed, as the user reads them."""
    findings: tuple[Finding, ...] = ()
    evidence: Evidence = Evidence()

    @property
    def sentence(self) -> str:
        """One sentence that says exactly what was checked."""
        if self.verdict is Verdict.DECLINED:
            return "declined: " + " ".join(finding.message for finding in self.findings)
        checks = ", ".join(self.passed) or "no static check was made"
        return f"{self.verdict.value}: {self.evidence.sentence}; {checks}"

    @property
    def needs_confirmation(self) -> bool:
        return self.verdict is Verdict.UNVERIFIED


AGREEMENT = 0.7
"""The share of compared answers that must behave alike where nothing else was run."""
AGREEMENT_OF_PASSING = 0.5
"""The same where examples or tests passed: more than that share."""
_MIN_SURVIVORS = 3
"""Answers that must have passed where others failed, all of one mind and more than failed: a few
among many wrong ones have passed by luck too often."""
_MAX_BREAKDOWNS = 0.1
"""The share of generated inputs on which an answer may break down; they lie in the domain nearly
always."""
_MIN_COMPARED = 3
MIN_INPUTS = 5
"""Answers and inputs it takes before agreement alone counts as evidence."""
_MANY_INPUTS = 10
"""Inputs the survivors must agree on where others failed: on a few even wrong ones do."""


def verdict_of(evidence: Evidence) -> Verdict:
    """How far a result is believed on this evidence, when no check failed."""
    agreement = evidence.agreement
    if agreement is not None and not is_agreed(agreement, evidence.has_passed_something):
        return Verdict.UNVERIFIED
    if _is_doubtful(evidence):
        return Verdict.UNVERIFIED
    if evidence.has_passed_something:
        return Verdict.VERIFIED
    is_enough = evidence.n_compared >= _MIN_COMPARED and evidence.n_inputs >= MIN_INPUTS
    return Verdict.CONSISTENT if agreement is not None and is_enough else Verdict.UNVERIFIED


def _is_doubtful(evidence: Evidence) -> bool:
    """Whether there are signs of a wrong answer, seeing how others to the same task fared."""
    n_passed = evidence.n_examples + evidence.n_tests + evidence.is_failure_gone
    if evidence.n_breakdowns > _MAX_BREAKDOWNS * max(evidence.n_tried, 1):
        return True
    if evidence.n_alike < evidence.n_inputs and (n_passed or evidence.n_failed):
        return True
    if not evidence.n_failed:
        return n_passed == 1 and evidence.agreement not in (None, 1.0)
    n_needed = max(_MIN_SURVIVORS, evidence.n_failed + 1)
    are_of_one_mind = evidence.agreement == 1.0 and evidence.n_inputs >= _MANY_INPUTS
    return not are_of_one_mind or evidence.n_agreeing < n_needed


def is_agreed(agreement: float, has_passed_something: bool) -> bool:
    """Whether so large a share of answers that behave alike is enough."""
    return agreement > AGREEMENT_OF_PASSING if has_passed_something else agreement >= AGREEMENT


def label_from_static(passed: list[str], findings: list[Finding]) -> Label:
    """The label when static checks are all there is."""
    if findings:
        return Label(Verdict.DECLINED, tuple(passed), tuple(findings))
    return Label(Verdict.UNVERIFIED, tuple(passed))


def declined(check: str, message: str) -> Label:
    return Label(Verdict.DECLINED, findings=(Finding(check, message),))


def _all_of(count: int, what: str) -> str:
    verb = "passes" if count == 1 else "pass"
    return f"{count} of {count} {what}{'' if count == 1 else 's'} {verb}"

"""What was checked, what was found, and the label a result carries."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Verdict(enum.Enum):
    """How far a result can be believed."""

    VERIFIED = "verified"
    """Examples or tests ran and passed, and the samples that ran agree."""
    CONSISTENT = "consistent"
    """Nothing to run against, but independent samples behave the same."""
    UNVERIFIED = "unverified"
    """Static checks only."""
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
class Label:
    verdict: Verdict
    passed: tuple[str, ...] = ()
    """The checks that were made and passed, as the user reads them."""
    findings: tuple[Finding, ...] = ()
    executed: str = ""
    """What was run and how it went; empty when nothing was executed."""

    @property
    def sentence(self) -> str:
        """One sentence that says exactly what was checked."""
        if self.verdict is Verdict.DECLINED:
            return "declined: " + " ".join(finding.message for finding in self.findings)
        checks = ", ".join(self.passed) or "no check was made"
        return f"{self.verdict.value}: {checks}; {self.executed or 'nothing was executed'}"

    @property
    def needs_confirmation(self) -> bool:
        return self.verdict is Verdict.UNVERIFIED


def label_from_static(passed: list[str], findings: list[Finding]) -> Label:
    """The label when static checks are all there is."""
    if findings:
        return Label(Verdict.DECLINED, tuple(passed), tuple(findings))
    return Label(Verdict.UNVERIFIED, tuple(passed))


def declined(check: str, message: str) -> Label:
    return Label(Verdict.DECLINED, findings=(Finding(check, message),))

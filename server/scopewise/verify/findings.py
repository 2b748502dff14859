"""What is said about an answer that did not do what its examples say."""

from __future__ import annotations

from collections.abc import Sequence

from scopewise.verify.behaviour import Example, ExampleResult
from scopewise.verify.label import Finding

_MAX_FINDINGS = 2


def example_findings(
    examples: Sequence[Example], results: Sequence[ExampleResult]
) -> tuple[Finding, ...]:
    """One finding for each of the first examples that did not pass.

    Examples that cannot be run as they are written say nothing of the answer.
    """
    failed = [
        (example, result)
        for example, result in zip(examples, results, strict=False)
        if result.status not in ("passed", "unusable")
    ]
    findings = [Finding("examples", _sentence(*pair)) for pair in failed[:_MAX_FINDINGS]]
    if not results and examples:
        findings.append(Finding("examples", "The examples could not be run to their end."))
    return tuple(findings)


def as_clause(sentence: str) -> str:
    """A sentence without its full stop, to stand inside another."""
    return sentence.strip().rstrip(".")


def _sentence(example: Example, result: ExampleResult) -> str:
    call = f"`{example.source.strip().splitlines()[-1].strip()}`"
    if result.status == "timeout":
        return f"{call} did not end in time."
    if result.status == "skipped":
        return f"{call} was not reached in time."
    if result.status == "error":
        return f"{call} raised {_short(result.got)}{_wanted(example)}."
    if example.form == "assert":
        return f"{call} does not hold{f' (it gave {_short(result.got)})' if result.got else ''}."
    return f"{call} gave {_short(result.got)}{_wanted(example)}."


def _wanted(example: Example) -> str:
    if example.form == "assert":
        return ""
    verb = "raise" if example.form == "raises" else "give"
    return f" but must {verb} {_short(example.expected)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"`{line if len(line) <= 120 else line[:117] + '...'}`"

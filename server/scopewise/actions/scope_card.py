"""What scope analysis found, in Markdown for a hover and in words for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scopewise.scope.escalation import Advice, Decision, Task
from scopewise.scope.report import Binding, Hazard, Level, Origin, ScopeReport

_MAX_NAMES = 5
_MAX_HAZARDS = 3

_NEEDS = {
    Level.SELF_CONTAINED: "nothing but its parameters and builtins",
    Level.SLIB_RUNNABLE: "the standard library",
    Level.PLIB_RUNNABLE: "libraries of third parties",
    Level.CLASS_RUNNABLE: "other members of its class",
    Level.FILE_RUNNABLE: "other definitions of its file",
    Level.PROJECT_RUNNABLE: "other files of the project",
}
_ORIGINS = {
    Origin.PROJECT: "other files of the project",
    Origin.FILE: "its file",
    Origin.CLASS_MEMBER: "its class",
    Origin.ENCLOSING: "the function around it",
    Origin.THIRD_PARTY: "third parties",
    Origin.STANDARD_LIBRARY: "the standard library",
    Origin.UNRESOLVED: "nobody knows where",
}
"""Where the names come from that are worth naming, those that matter most first."""
_DOING = {Task.EXPLAIN: "explain it", Task.FILL: "fill its body", Task.FIX: "change it"}
_ADVICE = {
    Advice.LOCAL: "The local model can be left to {doing}",
    Advice.LOCAL_WITH_CARE: "Let the local model {doing} with care",
    Advice.OFFER_CLOUD: "Probably too much for the local model to {doing}",
}

PENDING = "*What it depends on is still being found out.*"
"""Stands for the card of an analysis that is not ready."""


def task_for(report: ScopeReport) -> Task:
    """What people would ask of the code a report is about."""
    return Task.FILL if report.is_stub else Task.FIX


def scope_card(report: ScopeReport, task: Task, decision: Decision) -> str:
    """The report and the decision as a short list in Markdown."""
    lines = [
        _line("Needs", needs(report)),
        _line("Probably", predicted(report)),
        _line("Mind", "; ".join(_hazards(report.hazards))),
        verdict(task, decision),
        f"*Not known: {'; '.join(report.missing)}.*" if report.missing else "",
    ]
    return "\n".join(f"- {line}" for line in lines if line)


def needs(report: ScopeReport) -> str:
    """What the code depends on, the widest first; of a stub, what is written of it."""
    if report.is_stub and report.level is Level.SELF_CONTAINED:
        return ""
    return _by_origin(report.bindings) or _NEEDS[report.level]


def predicted(report: ScopeReport) -> str:
    """What the body of a stub will need, as far as that can be told."""
    if report.prediction is None:
        return ""
    prediction = report.prediction
    return f"will need {_by_origin(prediction.bindings) or _NEEDS[prediction.level]}"


def verdict(task: Task, decision: Decision) -> str:
    """The decision in one sentence, with its first reason."""
    sentence = _ADVICE[decision.advice].format(doing=_DOING[task])
    return f"{sentence}: {decision.reasons[0].sentence}." if decision.reasons else f"{sentence}."


def _line(head: str, text: str) -> str:
    return f"**{head}** {text}" if text else ""


def _by_origin(bindings: Iterable[Binding]) -> str:
    """The names, each with where it comes from; empty when there are none worth naming."""
    names: dict[Origin, list[str]] = {origin: [] for origin in _ORIGINS}
    for binding in bindings:
        if binding.origin in names:
            names[binding.origin].append(f"`{binding.name}`")
    groups = [
        f"{_listed(list(dict.fromkeys(found)))} from {_ORIGINS[origin]}"
        for origin, found in names.items()
        if found
    ]
    return "; ".join(groups)


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _MAX_NAMES
    shown = list(names[:_MAX_NAMES])
    return ", ".join([*shown, f"{rest} more"] if rest > 0 else shown)


def _hazards(hazards: Sequence[Hazard]) -> list[str]:
    rest = len(hazards) - _MAX_HAZARDS
    shown = [f"{hazard.message} (line {hazard.line})" for hazard in hazards[:_MAX_HAZARDS]]
    return [*shown, f"{rest} more"] if rest > 0 else shown

"""Whether a task can be left to the small model: one table of rules, one pure function."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scopewise.scope.report import Binding, Hazard, HazardKind, Level, Origin, ScopeReport
from scopewise.scope.traces.outlook import Outlook, Tendency
from scopewise.scope.wording import counted, in_words
from scopewise.settings import Settings

_MAX_LINES = 60
_MAX_LINES_TO_EXPLAIN = 150
_MAX_BRANCHES = 12
_MAX_NAMES = 3


class Advice(enum.Enum):
    LOCAL = "local"
    LOCAL_WITH_CARE = "local_with_care"
    OFFER_CLOUD = "offer_cloud"


class Task(enum.Enum):
    EXPLAIN = "explain"
    FILL = "fill"
    FIX = "fix"


@dataclass(frozen=True)
class Reason:
    rule: str
    """The name of the rule in the table."""
    sentence: str
    """A clause for people: "uses `self._lock`, shared between threads (line 41)"."""


@dataclass(frozen=True)
class Experience:
    """What verification found for this very target before, and what a trace lets one expect."""

    n_declined: int = 0
    """Results declined one after another, the last one included."""
    outlook: Outlook | None = None
    """Of the trace that is to be mended."""


@dataclass(frozen=True)
class Decision:
    advice: Advice
    reasons: tuple[Reason, ...]
    """The weightiest first; never empty."""


@dataclass(frozen=True)
class Case:
    """Everything a rule may look at."""

    report: ScopeReport
    task: Task
    experience: Experience
    settings: Settings

    @property
    def level(self) -> Level:
        """What the code needs: of a stub, what its body will probably need."""
        prediction = self.report.prediction
        return max(self.report.level, prediction.level) if prediction else self.report.level

    @property
    def bindings(self) -> tuple[Binding, ...]:
        prediction = self.report.prediction
        return (*self.report.bindings, *(prediction.bindings if prediction else ()))

    def hazard(self, *kinds: HazardKind) -> Hazard | None:
        return next((hazard for hazard in self.report.hazards if hazard.kind in kinds), None)


@dataclass(frozen=True)
class Rule:
    name: str
    tasks: frozenset[Task]
    advice: Advice
    weight: int
    """Among rules of the same advice the weightier one's sentence comes first."""
    sentence: Callable[[Case], str]
    """Why the rule holds, as a clause; empty when it does not."""


def decide(report: ScopeReport, task: Task, experience: Experience, settings: Settings) -> Decision:
    """What to do with a task on what `report` describes: the strongest advice of the rules."""
    case = Case(report, task, experience, settings)
    held = [
        (rule, sentence)
        for rule in RULES
        if task in rule.tasks and (sentence := rule.sentence(case))
    ]
    if not held:
        return Decision(Advice.LOCAL, (Reason("local", _local(case)),))
    held.sort(key=lambda pair: (-_STRENGTH[pair[0].advice], -pair[0].weight))
    reasons = tuple(Reason(rule.name, sentence) for rule, sentence in held)
    return Decision(held[0][0].advice, reasons)


_STRENGTH = {Advice.LOCAL: 0, Advice.LOCAL_WITH_CARE: 1, Advice.OFFER_CLOUD: 2}


def _local(case: Case) -> str:
    if case.task is Task.EXPLAIN:
        return "explaining changes nothing, and the code is at hand"
    if case.task is Task.FILL and case.report.specification.n_examples:
        return "needs nothing but its own parameters and libraries, and gives examples"
    return "needs nothing but its own parameters and libraries"


# What the rules say


def _declined_twice(case: Case) -> str:
    n = case.experience.n_declined
    return f"the last {in_words(n)} answers were declined by the checks" if n >= 2 else ""


def _declined_once(case: Case) -> str:
    return "the last answer was declined by the checks" if case.experience.n_declined == 1 else ""


def _from_project(case: Case) -> str:
    if case.level is not Level.PROJECT_RUNNABLE:
        return ""
    return _needed(
        case, Origin.PROJECT, "from other files of the project", "other files of its project"
    )


def _from_file(case: Case) -> str:
    if case.level is not Level.FILE_RUNNABLE:
        return ""
    return _needed(
        case, Origin.FILE, "defined elsewhere in this file", "other definitions of its file"
    )


def _from_class(case: Case) -> str:
    if case.level is not Level.CLASS_RUNNABLE:
        return ""
    members = "other members of its class"
    return _needed(case, Origin.CLASS_MEMBER, members, members)


def _needed(case: Case, origin: Origin, where: str, unnamed: str) -> str:
    """What the level comes from: "uses `x`, where", or what is said where no name is known."""
    prediction = case.report.prediction
    is_fact = prediction is None or case.report.level is case.level
    verb = "uses" if is_fact else "probably needs"
    shown = _names([one.name for one in case.bindings if _is_needed(one, origin)])
    return f"{verb} {shown}, {where}" if shown else f"{verb} {unnamed}"


def _is_needed(binding: Binding, origin: Origin) -> bool:
    """An annotation, say, leads to another file and needs nothing of it when the code runs."""
    is_harmless = binding.level is not None and binding.level < Level.CLASS_RUNNABLE
    return binding.origin is origin and not is_harmless


def _names(names: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(names))
    shown = [f"`{name}`" for name in distinct[:_MAX_NAMES]]
    if len(distinct) > _MAX_NAMES:
        shown.append(f"{in_words(len(distinct) - _MAX_NAMES)} more")
    *first, last = shown or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _predicted_outside(case: Case) -> str:
    prediction = case.report.prediction
    if prediction is None or not prediction.needs_outside:
        return ""
    return prediction.reasons[0] if prediction.reasons else "probably needs more than its body"


def _shared_concurrency(case: Case) -> str:
    """State that several threads change; mere concurrency or mere state is a matter of care."""
    state, concurrency = (
        case.hazard(HazardKind.SHARED_STATE),
        case.hazard(HazardKind.CONCURRENCY),
    )
    if state is None or concurrency is None:
        return ""
    return f"{_at(state)}, and {_at(concurrency)}"


def _at(hazard: Hazard) -> str:
    return f"{hazard.message} (line {hazard.line})"


def _hazard(*kinds: HazardKind) -> Callable[[Case], str]:
    def sentence(case: Case) -> str:
        hazard = case.hazard(*kinds)
        return _at(hazard) if hazard else ""

    return sentence


def _cause_elsewhere(case: Case) -> str:
    seen = case.experience.outlook
    if seen is None or seen.tendency is not Tendency.ELSEWHERE:
        return ""
    if seen.is_failed_test and case.level < Level.FILE_RUNNABLE:
        return ""
    return f"{seen.exception}: {seen.sentence}" if seen.exception else seen.sentence


def _failed_test(case: Case) -> str:
    """What a test calls is the likeliest place, and all there is when it needs nothing else."""
    seen = case.experience.outlook
    if seen is None or not seen.is_failed_test:
        return ""
    return "a test's assertion failed, which does not say where the wrong value was made"


def _no_frame(case: Case) -> str:
    seen = case.experience.outlook
    if seen is None or seen.n_candidates or seen.is_failed_test or not seen.frames:
        return ""
    return "no frame of the trace that lies in the workspace could hold the cause"


def _several_frames(case: Case) -> str:
    seen = case.experience.outlook
    if seen is None or seen.tendency is not Tendency.EITHER or seen.n_candidates < 3:
        return ""
    return f"{counted(seen.n_candidates, 'function')} of the trace could hold the cause"


def _undocumented(case: Case) -> str:
    return "" if case.report.specification.has_doc else "nothing documents what it must do"


def _vague(case: Case) -> str:
    spec = case.report.specification
    if not spec.has_doc or spec.n_examples:
        return ""
    has_types = spec.n_annotated > 0 or spec.has_result_type
    return "" if has_types else "the documentation gives no example and no types"


def _callers(case: Case) -> str:
    n = case.report.n_calling_files or 0
    verb = "calls" if n == 1 else "call"
    used = " and may rely on its result" if case.report.specification.has_result_type else ""
    return f"{counted(n, 'other file')} {verb} it{used}" if n else ""


def _long(case: Case) -> str:
    n = case.report.size.n_lines
    limit = _MAX_LINES_TO_EXPLAIN if case.task is Task.EXPLAIN else _MAX_LINES
    return f"it is {n} lines long" if n > limit else ""


def _branching(case: Case) -> str:
    n = case.report.size.n_branches
    return f"it has {n} branches" if n > _MAX_BRANCHES else ""


def _unresolved(case: Case) -> str:
    names = [one.name for one in case.report.bindings if one.origin is Origin.UNRESOLVED]
    return f"it is not known what {_names(names)} {_is(names)}" if names else ""


def _is(names: Sequence[str]) -> str:
    return "is" if len(set(names)) == 1 else "are"


def _incomplete(case: Case) -> str:
    missing = case.report.missing
    return f"the analysis is incomplete: {missing[0]}" if missing else ""


def _unchecked(case: Case) -> str:
    verify = case.settings.verify
    is_run = verify.execute != "never" and verify.trusted
    return "" if is_run else "answers are not run here, so only their form is checked"


_EVERY = frozenset(Task)
_CHANGES = frozenset({Task.FILL, Task.FIX})
_FILL = frozenset({Task.FILL})
_FIX = frozenset({Task.FIX})
_EXPLAIN = frozenset({Task.EXPLAIN})

_CLOUD = Advice.OFFER_CLOUD
_CARE = Advice.LOCAL_WITH_CARE

RULES: tuple[Rule, ...] = (
    Rule("declined twice", _EVERY, _CLOUD, 100, _declined_twice),
    Rule("cause elsewhere", _FIX, _CLOUD, 90, _cause_elsewhere),
    Rule("no frame", _FIX, _CLOUD, 85, _no_frame),
    Rule("shared concurrency", _CHANGES, _CLOUD, 80, _shared_concurrency),
    Rule("needs the project", _CHANGES, _CLOUD, 70, _from_project),
    Rule("declined once", _EVERY, _CARE, 100, _declined_once),
    Rule("undocumented", _FILL, _CARE, 90, _undocumented),
    Rule("failed test", _FIX, _CARE, 88, _failed_test),
    Rule("concurrency", _CHANGES, _CARE, 85, _hazard(HazardKind.CONCURRENCY)),
    Rule("shared state", _CHANGES, _CARE, 80, _hazard(HazardKind.SHARED_STATE)),
    Rule("transaction", _CHANGES, _CARE, 78, _hazard(HazardKind.TRANSACTION)),
    Rule("several frames", _FIX, _CARE, 76, _several_frames),
    Rule("needs the file", _CHANGES, _CARE, 75, _from_file),
    Rule("needs the class", _CHANGES, _CARE, 70, _from_class),
    Rule("needs something", _FILL, _CARE, 65, _predicted_outside),
    Rule("callers", _FIX, _CARE, 60, _callers),
    Rule("dynamic feature", _CHANGES, _CARE, 55, _hazard(HazardKind.DYNAMIC)),
    Rule("vague", _FILL, _CARE, 50, _vague),
    Rule("unresolved names", _FIX, _CARE, 45, _unresolved),
    Rule("swallowed exception", _FIX, _CARE, 40, _hazard(HazardKind.SWALLOWED_EXCEPTION)),
    Rule("mutated argument", _FIX, _CARE, 35, _hazard(HazardKind.ARGUMENT_MUTATION)),
    Rule("input and output", _CHANGES, _CARE, 30, _hazard(HazardKind.INPUT_OUTPUT)),
    Rule("long", _FIX | _EXPLAIN, _CARE, 25, _long),
    Rule("branching", _FIX, _CARE, 20, _branching),
    Rule("incomplete", _CHANGES, _CARE, 15, _incomplete),
    Rule("unchecked", _CHANGES, _CARE, 10, _unchecked),
)
"""The whole of the decision; the order is that of weight."""

"""Whether a task is left to the small model: each rule of the table, and how they combine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scopewise.scope.escalation import RULES, Advice, Experience, Task, decide
from scopewise.scope.report import (
    Binding,
    Hazard,
    HazardKind,
    Level,
    Origin,
    Prediction,
    ScopeReport,
    Size,
    Specification,
)
from scopewise.scope.traces.outlook import FrameOutlook, Outlook, Tendency
from scopewise.settings import Settings, VerifySettings

WELL = Specification(has_doc=True, n_examples=2, n_parameters=1, n_annotated=1)
PLAIN = ScopeReport("total", "function", "python", 1, specification=WELL)
SHARED = Hazard(HazardKind.SHARED_STATE, "writes `N`, a global of the module", 7)
NEW, DEFAULTS = Experience(), Settings()
LOCK = Hazard(HazardKind.CONCURRENCY, "uses `self._lock`, shared between threads", 41)


def advise(report=PLAIN, task=Task.FILL, experience=NEW, settings=DEFAULTS):
    return decide(report, task, experience, settings)


def report(**changes):
    return replace(PLAIN, **changes)


def hazardous(kind, message="does something", line=3):
    return report(hazards=(Hazard(kind, message, line),))


def seen(tendency, n_functions=1, **changes):
    frames = tuple(FrameOutlook(Path("shop.py"), n, f"f{n}", True, "") for n in range(n_functions))
    return Experience(outlook=Outlook("KeyError", tendency, "as always", frames, **changes))


def bound(name, origin):
    return (Binding(name, origin, 1),)


def predicted(level, *reasons, bindings=()):
    return report(is_stub=True, prediction=Prediction(bindings, level, True, reasons))


CLOUD, CARE, LOCAL = Advice.OFFER_CLOUD, Advice.LOCAL_WITH_CARE, Advice.LOCAL
UNTRUSTED = Settings(verify=VerifySettings(trusted=False))
NEVER_RUN = Settings(verify=VerifySettings(execute="never"))

# Rule, what it looks at, the advice, the sentence.
CASES = [
    (
        "declined twice",
        {"experience": Experience(n_declined=2)},
        CLOUD,
        "the last two answers were declined by the checks",
    ),
    (
        "declined twice",
        {"experience": Experience(n_declined=12), "task": Task.EXPLAIN},
        CLOUD,
        "the last 12 answers were declined by the checks",
    ),
    (
        "cause elsewhere",
        {"task": Task.FIX, "experience": seen(Tendency.ELSEWHERE)},
        CLOUD,
        "KeyError: as always",
    ),
    (
        "no frame",
        {"task": Task.FIX, "experience": Experience(outlook=Outlook("E", Tendency.HERE, "s", (
            FrameOutlook(Path("a.py"), 1, "f", False, ""),
        )))},
        CLOUD,
        "no frame of the trace that lies in the workspace could hold the cause",
    ),
    (
        "shared concurrency",
        {"report": report(hazards=(SHARED, LOCK))},
        CLOUD,
        "writes `N`, a global of the module (line 7), and uses `self._lock`, shared between "
        "threads (line 41)",
    ),
    (
        "needs the project",
        {"report": report(level=Level.PROJECT_RUNNABLE, bindings=bound("load", Origin.PROJECT))},
        CLOUD,
        "uses `load`, from other files of the project",
    ),
    (
        "needs the project",
        {"report": predicted(Level.PROJECT_RUNNABLE, bindings=bound("load", Origin.PROJECT))},
        CLOUD,
        "probably needs `load`, from other files of the project",
    ),
    (
        "declined once",
        {"experience": Experience(n_declined=1)},
        CARE,
        "the last answer was declined by the checks",
    ),
    (
        "undocumented",
        {"report": report(specification=Specification(n_parameters=1, n_annotated=1))},
        CARE,
        "nothing documents what it must do",
    ),
    (
        "failed test",
        {"task": Task.FIX, "experience": seen(Tendency.ELSEWHERE, is_failed_test=True)},
        CARE,
        "a test's assertion failed, which does not say where the wrong value was made",
    ),
    (
        "concurrency",
        {"report": report(hazards=(LOCK,))},
        CARE,
        "uses `self._lock`, shared between threads (line 41)",
    ),
    ("shared state", {"report": report(hazards=(SHARED,))}, CARE, f"{SHARED.message} (line 7)"),
    (
        "transaction",
        {"report": hazardous(HazardKind.TRANSACTION)},
        CARE,
        "does something (line 3)",
    ),
    (
        "several frames",
        {"task": Task.FIX, "experience": seen(Tendency.EITHER, 3)},
        CARE,
        "three functions of the trace could hold the cause",
    ),
    (
        "needs the file",
        {"report": report(level=Level.FILE_RUNNABLE, bindings=(
            *bound("RATES", Origin.FILE), *bound("cut", Origin.FILE),
        ))},
        CARE,
        "uses `RATES` and `cut`, defined elsewhere in this file",
    ),
    (
        "needs the class",
        {"report": report(level=Level.CLASS_RUNNABLE, bindings=tuple(
            Binding(f"self.{name}", Origin.CLASS_MEMBER, 1) for name in "abcde"
        ))},
        CARE,
        "uses `self.a`, `self.b`, `self.c` and two more, other members of its class",
    ),
    (
        "needs the class",
        {"report": predicted(Level.CLASS_RUNNABLE, "it is a method")},
        CARE,
        "probably needs other members of its class",
    ),
    (
        "needs something",
        {"report": predicted(Level.SLIB_RUNNABLE, "the documentation names `cut`")},
        CARE,
        "the documentation names `cut`",
    ),
    (
        "callers",
        {"report": report(n_calling_files=3, specification=replace(WELL, has_result_type=True)),
         "task": Task.FIX},
        CARE,
        "three other files call it and may rely on its result",
    ),
    ("callers", {"report": report(n_calling_files=1), "task": Task.FIX}, CARE,
     "one other file calls it"),
    ("dynamic feature", {"report": hazardous(HazardKind.DYNAMIC)}, CARE, "does something (line 3)"),
    (
        "vague",
        {"report": report(specification=Specification(has_doc=True, n_parameters=1))},
        CARE,
        "the documentation gives no example and no types",
    ),
    (
        "unresolved names",
        {"report": report(bindings=bound("frob", Origin.UNRESOLVED)), "task": Task.FIX},
        CARE,
        "it is not known what `frob` is",
    ),
    (
        "swallowed exception",
        {"report": hazardous(HazardKind.SWALLOWED_EXCEPTION), "task": Task.FIX},
        CARE,
        "does something (line 3)",
    ),
    (
        "mutated argument",
        {"report": hazardous(HazardKind.ARGUMENT_MUTATION), "task": Task.FIX},
        CARE,
        "does something (line 3)",
    ),
    (
        "input and output",
        {"report": hazardous(HazardKind.INPUT_OUTPUT)},
        CARE,
        "does something (line 3)",
    ),
    ("long", {"report": report(size=Size(61)), "task": Task.FIX}, CARE, "it is 61 lines long"),
    ("branching", {"report": report(size=Size(30, 13)), "task": Task.FIX}, CARE,
     "it has 13 branches"),
    (
        "incomplete",
        {"report": report(missing=("where `load` leads",))},
        CARE,
        "the analysis is incomplete: where `load` leads",
    ),
    ("unchecked", {"settings": UNTRUSTED}, CARE,
     "answers are not run here, so only their form is checked"),
    ("unchecked", {"settings": NEVER_RUN, "task": Task.FIX}, CARE,
     "answers are not run here, so only their form is checked"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "given", "advice", "sentence"), CASES)
def test_each_rule_holds_where_it_should(rule, given, advice, sentence):
    decision = advise(**given)
    assert decision.advice is advice
    assert (decision.reasons[0].rule, decision.reasons[0].sentence) == (rule, sentence)


def test_every_rule_has_a_case():
    assert {case[0] for case in CASES} == {rule.name for rule in RULES}
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("task", Task)
def test_what_is_local_and_well_specified_stays_here_with_a_reason(task):
    decision = advise(task=task, experience=seen(Tendency.HERE))
    assert decision.advice is LOCAL
    assert [reason.rule for reason in decision.reasons] == ["local"]


LIBRARY = report(level=Level.PLIB_RUNNABLE, bindings=bound("numpy.sum", Origin.THIRD_PARTY))
FEW = seen(Tendency.EITHER, 2)


@pytest.mark.parametrize(
    "given",
    [
        {"report": LIBRARY},
        {"task": Task.FIX, "experience": FEW},
        {"task": Task.FIX, "report": report(size=Size(60, 12))},
        {"report": report(n_calling_files=9)},
        {"report": report(n_calling_files=0), "task": Task.FIX},
        {"report": predicted(Level.SELF_CONTAINED)} | {
            "report": report(prediction=Prediction(needs_outside=False))
        },
        {"report": report(specification=Specification(has_doc=True, has_result_type=True))},
        {"task": Task.FIX, "report": report(specification=Specification())},
    ],
)  # fmt: skip
def test_no_rule_holds_without_cause(given):
    assert advise(**given).advice is LOCAL


def test_what_only_an_annotation_leads_to_is_not_named():
    annotated = Binding("Cart", Origin.PROJECT, 1, level=Level.SELF_CONTAINED)
    used = Binding("load", Origin.PROJECT, 2)
    decision = advise(report(level=Level.PROJECT_RUNNABLE, bindings=(annotated, used)))
    assert decision.reasons[0].sentence == "uses `load`, from other files of the project"


def test_explaining_is_left_to_the_small_model():
    hard = report(
        level=Level.PROJECT_RUNNABLE,
        hazards=(SHARED, LOCK),
        specification=Specification(),
        n_calling_files=5,
        missing=("everything",),
    )
    assert advise(hard, Task.EXPLAIN, settings=UNTRUSTED).advice is LOCAL
    assert advise(hard, Task.FIX).advice is CLOUD
    assert advise(replace(hard, size=Size(151)), Task.EXPLAIN).advice is CARE


def test_the_weightiest_reason_comes_first_and_none_is_lost():
    many = report(
        level=Level.FILE_RUNNABLE,
        hazards=(LOCK, Hazard(HazardKind.INPUT_OUTPUT, "calls `open`", 9)),
        specification=Specification(has_doc=True),
    )
    decision = advise(many, experience=Experience(n_declined=2))
    assert [reason.rule for reason in decision.reasons] == [
        "declined twice",
        "concurrency",
        "needs the file",
        "vague",
        "input and output",
    ]


def test_a_failed_test_of_code_that_needs_its_file_goes_to_the_cloud():
    experience = seen(Tendency.ELSEWHERE, is_failed_test=True)
    wide = report(level=Level.FILE_RUNNABLE)
    assert advise(wide, Task.FIX, experience).advice is CLOUD


def test_more_trouble_never_makes_the_advice_bolder():
    strength = [LOCAL, CARE, CLOUD]
    for level in Level:
        for n_declined in range(3):
            calm = advise(report(level=level), experience=Experience(n_declined))
            worse = advise(
                report(level=level, hazards=(SHARED, LOCK)), experience=Experience(n_declined)
            )
            assert strength.index(worse.advice) >= strength.index(calm.advice)

"""What is said of a scope report: the card, the titles of offers, the cloud's action."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from scopewise.actions import ask_cloud
from scopewise.actions.advice import advised
from scopewise.actions.assessment import NO_TIME, Assessment, Assessor
from scopewise.actions.outcome import Offer, Place
from scopewise.actions.producers import PRODUCERS, producers_for
from scopewise.actions.scope_card import scope_card, task_for
from scopewise.actions.workspace import DiskWorkspace
from scopewise.document import DocumentSnapshot
from scopewise.scope import escalation
from scopewise.scope.escalation import Advice, Decision, Reason, Task
from scopewise.scope.python.names import Followed, PythonNames, Question
from scopewise.scope.report import (
    Binding,
    Hazard,
    HazardKind,
    Level,
    Origin,
    Prediction,
    ScopeReport,
)
from scopewise.settings import CloudSettings, Settings
from scopewise.syntax.tree import parse
from scopewise.text import ByteRange

REPORT = ScopeReport("Till.pay", "function", "python", 12)
LOCAL = Decision(Advice.LOCAL, (Reason("local", "needs nothing but its parameters"),))
CARE = Decision(Advice.LOCAL_WITH_CARE, (Reason("callers", "three files call it"),))
CLOUD = Decision(Advice.OFFER_CLOUD, (Reason("needs the project", "uses `f`, from elsewhere"),))
TWICE = Decision(
    Advice.OFFER_CLOUD,
    (Reason("declined twice", "the last two answers were declined by the checks"),),
)


def place(**decisions: Decision) -> Place:
    known = {Task(name): decision for name, decision in decisions.items()}
    return Place(DocumentSnapshot("file:///a.py", "x"), None, ByteRange(0, 0), known)


# The card


def card(report: ScopeReport, task: Task, decision: Decision) -> list[str]:
    return scope_card(report, task, decision).splitlines()


def test_card_of_a_plain_function() -> None:
    assert card(REPORT, Task.FIX, LOCAL) == snapshot(
        [
            "- **Needs** nothing but its parameters and builtins",
            "- The local model can be left to change it: needs nothing but its parameters.",
        ]
    )


def test_card_with_everything() -> None:
    bindings = (
        Binding("self._lock", Origin.CLASS_MEMBER, 13),
        Binding("len", Origin.BUILTIN, 13),
        Binding("row", Origin.PARAMETER, 13),
        Binding("parse_row", Origin.PROJECT, 14),
        *(Binding(f"helper_{n}", Origin.FILE, 15 + n) for n in range(7)),
        Binding("math.floor", Origin.STANDARD_LIBRARY, 24),
    )
    hazards = tuple(
        Hazard(HazardKind.SHARED_STATE, f"writes `count_{n}`", 20 + n) for n in range(5)
    )
    report = dataclasses.replace(
        REPORT,
        bindings=bindings,
        level=Level.PROJECT_RUNNABLE,
        hazards=hazards,
        missing=("where `x.y` leads",),
    )

    assert card(report, Task.FIX, CLOUD) == snapshot(
        [
            "- **Needs** `parse_row` from other files of the project; "
            "`helper_0`, `helper_1`, `helper_2`, `helper_3`, `helper_4`, 2 more from its file; "
            "`self._lock` from its class; `math.floor` from the standard library",
            "- **Mind** writes `count_0` (line 20); writes `count_1` (line 21); "
            "writes `count_2` (line 22); 2 more",
            "- Probably too much for the local model to change it: uses `f`, from elsewhere.",
            "- *Not known: where `x.y` leads.*",
        ]
    )


def test_card_of_a_stub_keeps_prediction_and_fact_apart() -> None:
    prediction = Prediction(
        (Binding("self.pay", Origin.CLASS_MEMBER, 19),), Level.CLASS_RUNNABLE, True, ("…",)
    )
    report = dataclasses.replace(REPORT, is_stub=True, prediction=prediction)

    assert card(report, task_for(report), CARE) == snapshot(
        [
            "- **Probably** will need `self.pay` from its class",
            "- Let the local model fill its body with care: three files call it.",
        ]
    )


def test_signature_of_a_stub_counts_as_fact() -> None:
    report = dataclasses.replace(
        REPORT,
        is_stub=True,
        level=Level.SLIB_RUNNABLE,
        bindings=(Binding("Decimal", Origin.STANDARD_LIBRARY, 12),),
        prediction=Prediction(),
    )

    assert card(report, Task.FILL, LOCAL)[:2] == [
        "- **Needs** `Decimal` from the standard library",
        "- **Probably** will need nothing but its parameters and builtins",
    ]


def test_task_people_have_in_mind() -> None:
    assert task_for(REPORT) is Task.FIX
    assert task_for(dataclasses.replace(REPORT, is_stub=True)) is Task.FILL


# Titles


def titled(task: Task, title: str = "Fill it", **decisions: Decision) -> Offer | None:
    return advised(lambda _: Offer(title, "it"), task)(place(**decisions))


def test_title_names_the_reason_for_much_care() -> None:
    assert titled(Task.FILL, fill=CARE) == Offer("Fill it", "it")
    assert titled(Task.FIX, fix=CLOUD) == Offer(
        "Fill it, with care: uses `f`, from elsewhere", "it"
    )


def test_title_stays_when_nothing_is_known_or_to_be_minded() -> None:
    for offered in (titled(Task.FILL), titled(Task.FILL, fill=LOCAL), titled(Task.FILL, fix=CLOUD)):
        assert offered == Offer("Fill it", "it")


def test_title_stays_when_there_is_no_room_for_a_reason() -> None:
    title = "Fill the body of " + "a_long_name" * 8

    assert titled(Task.FILL, title, fill=CLOUD) == Offer(title, "it")


def test_offer_in_vain_is_off() -> None:
    offered = titled(Task.FILL, fill=TWICE)

    assert offered
    assert offered.title == "Fill it"
    assert offered.disabled == (
        "The last two answers were declined by the checks. Say more in the documentation."
    )


def test_fix_is_never_off() -> None:
    """The code may have changed under the same trace."""
    offered = titled(Task.FIX, fix=TWICE)

    assert offered
    assert not offered.disabled


def test_rule_that_switches_an_offer_off_exists() -> None:
    assert TWICE.reasons[0].rule in {rule.name for rule in escalation.RULES}


def test_nothing_to_offer_stays_nothing() -> None:
    assert advised(lambda _: None, Task.FILL)(place(fill=CARE)) is None


# The cloud


def test_what_is_advised_for_the_cloud_is_offered_with_its_reason() -> None:
    path = Path("till.py").absolute()
    stub = DocumentSnapshot(path.as_uri(), 'def pay(row):\n    """Pay."""\n', "python", 1)
    here = dataclasses.replace(place(), snapshot=stub, parsed=parse(stub), range=ByteRange(5, 5))

    advised_here = dataclasses.replace(here, decisions={Task.FILL: CLOUD})
    assert ask_cloud.offer(Task.FILL, advised_here) == Offer(
        "Ask Claude: fill body (uses `f`, from elsewhere)", "cloud function pay"
    )
    assert ask_cloud.offer(Task.FILL, here) is None
    assert ask_cloud.accept(Task.FILL, here) == Offer("Ask Claude: fill body", "cloud function pay")


@pytest.mark.parametrize("decisions", [{}, {"fill": LOCAL}, {"fill": CARE, "explain": LOCAL}])
def test_cloud_is_not_offered_otherwise(decisions: dict[str, Decision]) -> None:
    assert not any(ask_cloud.offer(task, place(**decisions)) for task in Task)


def test_cloud_comes_last_and_not_at_all_when_nobody_wants_it() -> None:
    assert [row.asks_first for row in PRODUCERS] == [False] * 3 + [True] * 3
    assert producers_for(Settings()) == PRODUCERS
    never = Settings(cloud=CloudSettings(mode="never"))
    assert not any(row.asks_first for row in producers_for(never))


# What is known, and when

CODE = '''from other import parse_row

LIMIT = 3


def pay(row):
    return parse_row(row) < LIMIT


def refund(row):
    """Give back what `pay` took."""
'''


@pytest.fixture
def workspace(tmp_path: Path) -> DiskWorkspace:
    (tmp_path / "other.py").write_text("def parse_row(row):\n    return int(row)\n")
    (tmp_path / "till.py").write_text(CODE)
    return DiskWorkspace((tmp_path,))


@pytest.fixture
def assessor() -> Iterator[Assessor]:
    assessor = Assessor(lambda: Settings())
    yield assessor
    assessor.close()


def at(workspace: DiskWorkspace, text: str, code: str | None = None) -> Place:
    path = workspace.roots[0] / "till.py"
    given = code if code is not None else path.read_text()
    document = DocumentSnapshot(path.as_uri(), given, "python", 1)
    start = given.index(text)
    return Place(document, parse(document), ByteRange(start, start))


def assessed(assessor: Assessor, place: Place, workspace: DiskWorkspace) -> Assessment:
    found = asyncio.run(assessor.assess(place, workspace, 20.0))
    assert found
    return found


def test_nothing_is_known_before_it_is_found_out(
    assessor: Assessor, workspace: DiskWorkspace
) -> None:
    here = at(workspace, "refund")

    assert assessor.known(here) == {}
    found = assessed(assessor, here, workspace)

    assert found.report.target == "refund"
    assert set(assessor.known(here)) == {Task.FILL, Task.EXPLAIN}
    assert set(assessor.known(at(workspace, "pay(row)"))) == set()


def test_what_is_known_is_of_one_version(assessor: Assessor, workspace: DiskWorkspace) -> None:
    here = at(workspace, "pay(row)")
    assessed(assessor, here, workspace)
    assert assessor.known(here)

    edited = at(workspace, "pay(row)", CODE.replace("took", "got"))

    assert assessor.known(edited) == {}


def test_decision_is_for_the_cloud_where_other_files_are_needed(
    assessor: Assessor, workspace: DiskWorkspace
) -> None:
    found = assessed(assessor, at(workspace, "pay(row)"), workspace)

    assert found.report.level is Level.PROJECT_RUNNABLE
    decision = assessor.decision(found, Task.FIX)
    assert decision.advice is Advice.OFFER_CLOUD
    assert "parse_row" in decision.reasons[0].sentence


class SlowNames(PythonNames):
    """Names that take long to follow."""

    def follow(self, question: Question, timeout_s: float) -> Followed:
        time.sleep(1.0)
        return super().follow(question, timeout_s)


def test_time_that_is_up_leaves_what_syntax_says(workspace: DiskWorkspace) -> None:
    assessor = Assessor(lambda: Settings(), SlowNames())
    begin = time.monotonic()

    found = asyncio.run(assessor.assess(at(workspace, "pay(row)"), workspace, 0.4))

    assert time.monotonic() - begin < 0.9
    assert found
    assert found.report.target == "pay"
    assert found.report.missing == (NO_TIME,)
    assessor.close()


def test_declined_results_count_and_a_good_one_forgives(
    assessor: Assessor, workspace: DiskWorkspace
) -> None:
    here = at(workspace, "refund")
    found = assessed(assessor, here, workspace)
    for _ in range(2):
        assessor.learn(here, Task.FILL, is_declined=True)

    assert assessor.known(here)[Task.FILL].reasons[0].rule == "declined twice"
    assert assessor.decision(found, Task.EXPLAIN).advice is Advice.LOCAL
    edited = at(workspace, "refund", CODE.replace("took", "got"))
    assessed(assessor, edited, workspace)
    assert assessor.known(edited)[Task.FILL].reasons[0].rule != "declined twice"

    assessor.learn(here, Task.FILL, is_declined=False)
    assert assessor.decision(found, Task.FILL).reasons[0].rule != "declined twice"


def test_another_model_starts_afresh(assessor: Assessor, workspace: DiskWorkspace) -> None:
    here = at(workspace, "refund")
    found = assessed(assessor, here, workspace)
    for _ in range(2):
        assessor.learn(here, Task.FILL, is_declined=True)

    assessor.forget_experience()

    assert assessor.decision(found, Task.FILL).reasons[0].rule != "declined twice"


def test_trace_is_assessed_by_the_function_it_leads_to(
    assessor: Assessor, workspace: DiskWorkspace
) -> None:
    trace = f"""Traceback (most recent call last):
  File "{workspace.roots[0]}/till.py", line 7, in pay
    return parse_row(row) < LIMIT
TypeError: '<' not supported between instances of 'str' and 'int'
"""
    document = DocumentSnapshot("untitled:log", f"log\n{trace}", "plaintext", 1)
    here = Place(document, None, ByteRange(30, 30))

    found = assessed(assessor, here, workspace)

    assert found.report.target == "pay"
    assert found.outlook
    assert found.outlook.exception == "TypeError"
    assert set(assessor.known(here)) == {Task.FIX}


def test_place_without_code_is_not_assessed(assessor: Assessor, workspace: DiskWorkspace) -> None:
    here = at(workspace, "LIMIT")

    assert asyncio.run(assessor.assess(here, workspace, 5.0)) is None
    assert assessor.known(here) == {}


def test_closed_assessor_answers_nothing(assessor: Assessor, workspace: DiskWorkspace) -> None:
    assessor.close()

    assert asyncio.run(assessor.assess(at(workspace, "refund"), workspace, 5.0)) is None

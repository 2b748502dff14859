"""Explanations, checked by a function that is written from them, with canned answers."""

import asyncio

import pytest

from scopewise.actions import explain, retelling
from scopewise.actions.outcome import Job
from scopewise.actions.workspace import DiskWorkspace
from scopewise.cancel import CancelToken
from scopewise.engine.scripted import ScriptedAnswer, ScriptedEngine, prompt_text
from scopewise.settings import Settings, VerifySettings
from scopewise.verify.label import Verdict

from .helper import place_in
from .trusting_runner import TrustingRunner

DOUBLE = '''def $0double(n: int) -> int:
    """Nothing is said of numbers."""
    return 2 * n
'''
SAYS = "The function `double` returns twice the number.\n\n```python\nreturn 2 * n\n```"
SAME, OTHER = "    return n + n", "    return min(2 * n, 6)"


def explained(before, *answers, runner=None, **verify):
    """The outcome of an explanation, and the engine; each answer is used once."""
    engine = ScriptedEngine(
        [
            ScriptedAnswer(answer, is_kept=False) if isinstance(answer, str) else answer
            for answer in answers
        ]
    )
    settings = Settings(verify=VerifySettings(**verify))
    runner = runner or TrustingRunner()
    job = Job(engine, settings, DiskWorkspace(()), CancelToken(), runner=runner)
    return asyncio.run(explain.run(job, place_in(before))), engine


def test_what_is_written_from_it_and_does_the_same_makes_it_consistent():
    outcome, _ = explained(DOUBLE, SAYS, SAME)
    assert outcome.label.verdict is Verdict.CONSISTENT
    assert outcome.label.sentence.startswith(
        "consistent: a function written from it alone does the same on 13 generated inputs; "
    )
    assert outcome.markdown == SAYS
    assert outcome.usage.n_samples == 2
    assert outcome.usage.execution_s > 0


def test_neither_code_nor_documentation_is_given_away():
    _, engine = explained(DOUBLE, SAYS, SAME)
    told = prompt_text(engine.requests[1])
    assert "returns twice the number" in told
    assert "def double(n: int) -> int:" in engine.requests[1].opening
    assert "2 * n" not in told
    assert "Nothing is said" not in told


def test_what_does_something_else_is_shown():
    outcome, _ = explained(DOUBLE, SAYS, OTHER)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert "a function written from it alone does something else: `double(" in (
        outcome.label.sentence
    )
    assert " in the code and returns " in outcome.label.sentence
    assert outcome.markdown == SAYS


@pytest.mark.parametrize("answer", ["    return twice(n)", "    return (", "", "    pass"])
def test_what_cannot_be_run_says_nothing(answer):
    outcome, _ = explained(DOUBLE, SAYS, answer)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert "nothing was executed" in outcome.label.sentence


@pytest.mark.parametrize(
    ("before", "verify", "runner"),
    [
        (DOUBLE.replace(": int", ""), {}, None),
        (DOUBLE.replace("    return 2 * n\n", ""), {}, None),
        (DOUBLE.replace("return 2 * n", "raise OSError"), {}, None),
        (
            DOUBLE.replace("return 2 * n", "$0return 2$0 * n").replace("$0double", "double"),
            {},
            None,
        ),
        (f"class $0Numbers:\n    {DOUBLE.replace('$0', '')}", {}, None),
        (DOUBLE, {"explanations": False}, None),
        (DOUBLE, {}, TrustingRunner("nothing was executed, since there is no sandbox")),
    ],
)
def test_nothing_is_written_where_nothing_could_be_compared(before, verify, runner):
    outcome, engine = explained(before, SAYS, runner=runner, **verify)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert len(engine.requests) == 1


def test_an_explanation_is_not_lost_when_the_engine_fails():
    outcome, _ = explained(DOUBLE, SAYS)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert outcome.markdown == SAYS


def test_an_explanation_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(retelling, "_PATIENCE_S", 0.5)
    outcome, engine = explained(DOUBLE, SAYS, ScriptedAnswer(SAME, delay_s=0.5))
    assert len(engine.requests) == 2
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert outcome.markdown == SAYS


def test_an_explanation_that_names_what_is_not_there_is_not_tried():
    outcome, engine = explained(DOUBLE, "It calls `triple`.")
    assert outcome.label.findings
    assert len(engine.requests) == 1

"""The loop of `actions/refine.py` through "fill body", with canned answers that are run."""

import asyncio
import dataclasses
from itertools import pairwise

import pytest

from scopewise.actions import fill_body
from scopewise.actions.outcome import Job
from scopewise.actions.workspace import DiskWorkspace
from scopewise.cancel import CancelToken
from scopewise.engine.scripted import ScriptedAnswer, ScriptedEngine, prompt_text
from scopewise.errors import Cancelled
from scopewise.settings import ActionSettings, Settings, VerifySettings
from scopewise.verify.label import Verdict

from .helper import place_in
from .trusting_runner import TrustingRunner

DOUBLE = '''def double(n: int) -> int:
    """Twice the number.
$0
    >>> double(1)
    2
    >>> double(2)
    4
    >>> double(-3)
    -6
    >>> double(10)
    20
    """
'''
WITHOUT_EXAMPLES = '''def double(n: int) -> int:
    """Twice the number.$0"""
'''
RIGHT, WRONG, RAISING = "    return 2 * n", "    return n + 1", "    return n / 0"


def fill(before, *answers, runner=None, deadline_s=300.0, **verify):
    """The outcome of filling a stub, the engine and the runner; each answer is used once."""
    scripted = [
        ScriptedAnswer(answer, is_kept=False) if isinstance(answer, str) else answer
        for answer in answers
    ]
    engine, runner = ScriptedEngine(scripted), runner or TrustingRunner()
    actions = ActionSettings(deadline_s=deadline_s)
    settings = Settings(actions=actions, verify=VerifySettings(**verify))
    job = Job(engine, settings, DiskWorkspace(()), CancelToken(), runner=runner)
    return asyncio.run(fill_body.run(job, place_in(before))), engine, runner


def test_the_first_answers_are_written_together_and_compared():
    outcome, engine, _ = fill(DOUBLE, RIGHT, "    return n + n", RIGHT, RIGHT)
    assert outcome.label.verdict is Verdict.VERIFIED
    assert outcome.label.evidence.sentence.startswith("4 of 4 examples pass, 4 of 4 answers agree")
    assert [request.n_samples for request in engine.requests] == [4]
    assert engine.requests[0].greedy_first
    assert outcome.usage.execution_s > 0


def planned(*bodies):
    """Answers that go on from the first step of a plan."""
    return [f" Work it out\n{body}" for body in bodies]


def test_others_are_written_when_the_first_fail():
    others = planned(RIGHT, WRONG, "    return n + n", "    return n * 2")
    outcome, engine, _ = fill(DOUBLE, *[WRONG] * 4, *others)
    assert outcome.label.evidence.n_compared == 3
    assert [request.n_samples for request in engine.requests] == [4, 4]
    assert not engine.requests[-1].greedy_first
    assert outcome.usage.n_samples == 8


def test_others_begin_with_what_they_are_about_to_do():
    outcome, engine, _ = fill(DOUBLE, *[WRONG] * 4, *planned(*[RIGHT] * 4))
    first, others = engine.requests
    assert others.opening == f"{first.opening}    # Step 1:"
    assert others.messages == first.messages
    assert outcome.change.edits[-1].text.strip() == f"# Work it out\n{RIGHT}"


def test_what_others_are_about_to_do_is_told_when_they_are_mended():
    wrong = planned("    return n", "    return 2 * abs(n)", "    return -n", "    return n - 1")
    _, engine, _ = fill(DOUBLE, *[WRONG] * 4, *wrong, RIGHT, samples=7)
    first, _, mended = engine.requests
    assert mended.opening == first.opening
    said = mended.messages[-2].content
    assert said.endswith("    # Work it out\n    return 2 * abs(n)\n```")


def test_answers_that_all_do_something_else_are_not_added_to():
    others = [f"    return n + {i} if n > 10 else 2 * n" for i in range(4)]
    outcome, engine, _ = fill(DOUBLE, *others)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert "1 of 4 answers agree" in outcome.label.sentence
    assert [request.n_samples for request in engine.requests] == [4]


def test_equal_answers_are_run_once():
    _, _, runner = fill(DOUBLE, WRONG, RIGHT, "    return (2 * n)  # twice", RIGHT)
    tried = [trial.source for trial in runner.trials if trial.examples]
    assert len(tried) == 2


def test_when_time_runs_out_what_is_there_is_not_lost():
    late = ScriptedAnswer(f" Work it out\n{RIGHT}", delay_s=0.5)
    outcome, engine, _ = fill(DOUBLE, *[WRONG] * 4, late, deadline_s=2)
    assert len(engine.requests) == 2
    assert outcome.label.verdict is Verdict.DECLINED
    assert "`double(2)` gave `3` but must give `4`" in outcome.label.sentence

    outcome, _, _ = fill(DOUBLE, *[WRONG] * 3, RIGHT, late, deadline_s=2)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert "time ran out before more answers were compared" in outcome.label.sentence
    assert outcome.change.edits[-1].text.strip() == RIGHT.strip()


def test_when_time_runs_out_before_the_first_answer_that_is_said():
    with pytest.raises(Cancelled, match="took longer than"):
        fill(DOUBLE, ScriptedAnswer(RIGHT, delay_s=0.5), deadline_s=0.2)


def test_the_finding_is_handed_back():
    wrong = [WRONG, RAISING, "    return n", "    return 3 * n"]
    outcome, engine, _ = fill(DOUBLE, *wrong, RIGHT, samples=3)
    assert outcome.change is not None
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert "4 other answers failed" in outcome.label.sentence
    told = prompt_text(engine.requests[-1])
    assert "`double(2)` gave `3` but must give `4`" in told
    assert engine.requests[-1].messages[: len(engine.requests[0].messages)] == (
        engine.requests[0].messages
    )


def test_mending_ends_with_an_answer_given_before():
    outcome, engine, _ = fill(DOUBLE, WRONG, WRONG + "  # still", samples=0, repairs=5)
    assert outcome.label.verdict is Verdict.DECLINED
    assert len(engine.requests) == 2


def test_mending_ends_when_it_fails_the_same_way():
    outcome, engine, _ = fill(DOUBLE, WRONG, "    return 1 + n", samples=0, repairs=5)
    assert outcome.label.verdict is Verdict.DECLINED
    assert len(engine.requests) == 2


def test_what_failed_everywhere_is_declined_with_the_examples():
    outcome, _, _ = fill(DOUBLE, WRONG, samples=0, repairs=0)
    assert outcome.change is None
    assert outcome.label.sentence == (
        "declined: `double(2)` gave `3` but must give `4`. "
        "`double(-3)` gave `-2` but must give `-6`."
    )
    assert outcome.rejected == WRONG


def test_without_examples_answers_that_behave_alike_are_consistent():
    answers = [RIGHT, "    return n + n", "    return n * 2", RIGHT]
    outcome, engine, _ = fill(WITHOUT_EXAMPLES, *answers)
    assert outcome.label.verdict is Verdict.CONSISTENT
    assert outcome.label.evidence.n_agreeing == 4
    assert [request.n_samples for request in engine.requests] == [4]


def test_the_largest_group_wins():
    outcome, _, _ = fill(WITHOUT_EXAMPLES, WRONG, RIGHT, "    return n + n", samples=2)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert outcome.label.evidence.n_agreeing == 2
    assert "`double(7)` returns 14 in this one and returns 8 in another" in outcome.label.sentence
    assert outcome.change is not None
    assert outcome.change.edits[-1].text.strip() == RIGHT.strip()


def test_of_answers_nearly_alike_the_one_that_does_what_most_do_is_taken():
    right = "    result = n + n\n    return result"
    again = "    result = n * 2\n    return result"
    outcome, _, _ = fill(DOUBLE, "    return 2 * n or 1", right, right, again)
    assert outcome.change is not None
    assert outcome.change.edits[-1].text.strip() == right.strip()
    assert outcome.label.verdict is Verdict.UNVERIFIED
    evidence = outcome.label.evidence
    assert (evidence.n_agreeing, evidence.n_alike) == (4, evidence.n_inputs - 1)


def test_without_a_sandbox_nothing_is_run_and_the_label_says_why():
    runner = TrustingRunner("nothing was executed, since there is no sandbox")
    outcome, engine, _ = fill(DOUBLE, WRONG, runner=runner)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert "there is no sandbox" in outcome.label.sentence
    assert len(engine.requests) == 1
    assert runner.trials == []


def test_a_file_that_cannot_be_loaded_is_an_obstacle_and_not_the_answers_fault():
    outcome, _, _ = fill("import not_installed_anywhere\n\n" + DOUBLE, *[RIGHT] * 4)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert "not_installed_anywhere" in outcome.label.sentence


def test_an_answer_that_keeps_its_file_from_loading_is_declined():
    once = {"samples": 0, "repairs": 0}
    broken = DOUBLE.replace("def double", "def make():\n    return 1\n\n\ndef double") + "\nX = 1\n"
    outcome, _, _ = fill(broken, "    import not_installed_anywhere\n    return 2 * n", **once)
    assert outcome.label.verdict is Verdict.DECLINED
    assert "not_installed_anywhere" in outcome.label.sentence


def test_static_findings_are_handed_back_too():
    outcome, engine, _ = fill(DOUBLE, "    return twice(n)", RIGHT, samples=0)
    assert outcome.label.verdict is Verdict.VERIFIED
    assert "`twice`" in prompt_text(engine.requests[1])


def test_no_more_is_written_than_the_budget_allows():
    outcome, engine, _ = fill(DOUBLE, *[WRONG] * 4, budget_tokens=1)
    assert outcome.label.verdict is Verdict.DECLINED
    assert len(engine.requests) == 1


def test_settings_turn_every_part_off():
    outcome, engine, runner = fill(DOUBLE, WRONG, examples=False, samples=0, repairs=0)
    assert outcome.label.verdict is Verdict.UNVERIFIED
    assert len(engine.requests) == 1
    assert runner.trials == []


def test_seeds_move_with_the_setting():
    answers = [ScriptedAnswer(WRONG)]
    engine = ScriptedEngine(answers)
    settings = Settings(verify=VerifySettings(repairs=0))
    moved = dataclasses.replace(settings, engine=dataclasses.replace(settings.engine, seed=1000))
    job = Job(engine, moved, DiskWorkspace(()), CancelToken(), runner=TrustingRunner())
    asyncio.run(fill_body.run(job, place_in(DOUBLE)))
    ranges = [(r.sampling.seed, r.sampling.seed + r.n_samples) for r in engine.requests]
    assert len(ranges) == 3
    assert all(start >= 1000 for start, _ in ranges)
    assert all(end <= start for (_, end), (start, _) in pairwise(ranges))

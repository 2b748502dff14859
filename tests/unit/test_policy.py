from dataclasses import replace

import pytest

from scopewise.verify.policy import Enough, Limits, Mend, Standing, Write, next_step

LIMITS = Limits(n_samples=11, n_repairs=2)
FIRST_FAILED = Standing(
    n_fresh=1,
    n_failed=1,
    n_sound=0,
    n_evidence=0,
    agreement=None,
    is_scattered=False,
    n_repairs=0,
    can_compare=True,
    can_mend=True,
    is_spent=False,
)
FIRST_SOUND = replace(FIRST_FAILED, n_failed=0, n_sound=1, can_mend=False)


def step(standing, limits=LIMITS, **changes):
    return next_step(replace(standing, **changes), limits)


def test_begins_with_several_where_they_can_be_compared():
    assert step(FIRST_FAILED, n_fresh=0, n_failed=0) == Write(4)
    assert step(FIRST_FAILED, n_fresh=0, n_failed=0, can_compare=False) == Write(1)


def test_stops_when_the_first_ones_agree():
    assert step(FIRST_SOUND, n_fresh=4, n_sound=4, n_evidence=1, agreement=1.0) == Enough()
    assert step(FIRST_SOUND, n_fresh=4, n_sound=4, n_evidence=0, agreement=1.0) == Enough()


def test_writes_more_when_they_do_not():
    assert step(FIRST_SOUND, n_fresh=4, n_sound=4, n_evidence=1, agreement=0.4) == Write(4)


def test_compares_a_lone_one_where_that_turned_out_to_be_possible():
    assert step(FIRST_SOUND, n_evidence=2) == Write(1)
    assert step(FIRST_SOUND, n_evidence=1) == Write(2)


def test_writes_none_that_could_not_be_compared():
    assert step(FIRST_SOUND, n_evidence=1, can_compare=False) == Enough()


def test_stops_when_every_answer_does_something_else():
    many = {"n_fresh": 4, "n_sound": 4, "n_evidence": 1, "agreement": 0.5}
    assert step(FIRST_SOUND, **many) == Write(4)
    assert step(FIRST_SOUND, **many, is_scattered=True) == Enough()


def test_repairs_come_when_no_fresh_answer_is_left():
    assert step(FIRST_FAILED) == Write(4)
    assert step(FIRST_FAILED, n_fresh=4, n_failed=4) == Write(4)
    assert step(FIRST_FAILED, n_fresh=8, n_failed=8) == Write(4)
    assert step(FIRST_FAILED, n_fresh=12, n_failed=12) == Mend()
    assert step(FIRST_FAILED, n_fresh=12, n_failed=13, n_repairs=1) == Mend()
    assert step(FIRST_FAILED, n_fresh=12, n_failed=14, n_repairs=2) == Enough()
    assert step(FIRST_FAILED, n_fresh=12, n_failed=12, can_mend=False) == Enough()


def test_repairs_at_once_where_nothing_else_is_allowed():
    only_repairs = Limits(n_samples=0, n_repairs=2)
    assert step(FIRST_FAILED, only_repairs) == Mend()
    assert step(FIRST_FAILED, only_repairs, can_mend=False) == Enough()


def test_one_that_passed_what_others_failed_gets_company():
    assert step(FIRST_FAILED, n_fresh=5, n_failed=4, n_sound=1, n_evidence=5) == Write(4)


@pytest.mark.parametrize("standing", [FIRST_FAILED, FIRST_SOUND])
def test_ends_when_the_budget_is_used_up(standing):
    assert step(standing, is_spent=True) == Enough()


@pytest.mark.parametrize("standing", [FIRST_FAILED, FIRST_SOUND])
def test_one_answer_is_all_where_no_more_are_allowed(standing):
    assert step(standing, Limits(0, 0)) == Enough()


def test_never_writes_more_than_allowed():
    assert step(FIRST_FAILED, Limits(2, 0)) == Write(2)
    assert step(FIRST_FAILED, Limits(6, 0), n_fresh=5, n_failed=5) == Write(2)

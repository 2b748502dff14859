import dataclasses

import pytest

from scopewise.verify.label import (
    Evidence,
    Finding,
    Label,
    Verdict,
    declined,
    label_from_static,
    verdict_of,
)

EXAMPLES = Evidence(n_examples=2)
SURVIVORS = Evidence(n_examples=5, n_compared=3, n_agreeing=3, n_inputs=20, n_alike=20)
AGREEING = Evidence(n_compared=3, n_agreeing=3, n_inputs=20, n_alike=20)


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        (Label(Verdict.UNVERIFIED), "unverified: nothing was executed; no static check was made"),
        (
            Label(Verdict.UNVERIFIED, ("parses", "signature kept")),
            "unverified: nothing was executed; parses, signature kept",
        ),
        (
            Label(Verdict.VERIFIED, ("parses",), evidence=EXAMPLES),
            "verified: 2 of 2 examples pass; parses",
        ),
        (
            Label(
                Verdict.DECLINED, ("parses",), (Finding("a", "It is A."), Finding("b", "And B."))
            ),
            "declined: It is A. And B.",
        ),
    ],
)
def test_sentence_says_what_was_checked(label, sentence):
    assert label.sentence == sentence


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        (Evidence(n_examples=1), "1 of 1 example passes"),
        (Evidence(n_tests=3), "3 of 3 project tests pass"),
        (Evidence(is_failure_gone=True), "the failure is gone"),
        (
            Evidence(n_examples=2, n_compared=5, n_agreeing=4, n_inputs=20, n_alike=20),
            "2 of 2 examples pass, 4 of 5 answers agree on 20 generated inputs",
        ),
        (
            Evidence(n_compared=5, n_agreeing=4, n_inputs=20, n_alike=19),
            "4 of 5 answers agree on 19 of 20 generated inputs",
        ),
        (
            Evidence(n_examples=1, n_failed=1),
            "1 of 1 example passes, 1 other answer failed",
        ),
        (Evidence(n_compared=1, n_agreeing=1, n_inputs=20), "nothing was executed"),
        (Evidence(obstacle="nothing was executed, as told"), "nothing was executed, as told"),
    ],
)
def test_sentence_says_what_was_executed(evidence, sentence):
    assert evidence.sentence == sentence


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (Evidence(), Verdict.UNVERIFIED),
        (EXAMPLES, Verdict.VERIFIED),
        (Evidence(n_tests=1), Verdict.VERIFIED),
        (Evidence(is_failure_gone=True), Verdict.VERIFIED),
        (AGREEING, Verdict.CONSISTENT),
        # One example, and not all of one mind.
        (
            dataclasses.replace(SURVIVORS, n_examples=1, n_compared=5, n_agreeing=4),
            Verdict.UNVERIFIED,
        ),
        # As many failed as passed: the model does not master the task, whatever the examples say.
        (dataclasses.replace(SURVIVORS, n_failed=3), Verdict.UNVERIFIED),
        (dataclasses.replace(SURVIVORS, n_examples=1, n_failed=2), Verdict.VERIFIED),
        (dataclasses.replace(SURVIVORS, n_failed=3, n_compared=4, n_agreeing=4), Verdict.VERIFIED),
        # The only one of several that passed has nothing to agree with, and two are too few.
        (Evidence(n_examples=5, n_failed=4), Verdict.UNVERIFIED),
        (
            dataclasses.replace(SURVIVORS, n_failed=1, n_compared=2, n_agreeing=2),
            Verdict.UNVERIFIED,
        ),
        # Those that passed where others failed are not of one mind, or not on every input.
        (dataclasses.replace(SURVIVORS, n_failed=1, n_compared=4), Verdict.UNVERIFIED),
        (dataclasses.replace(SURVIVORS, n_failed=1, n_alike=19), Verdict.UNVERIFIED),
        # They differ on one input although no answer failed.
        (dataclasses.replace(SURVIVORS, n_alike=19), Verdict.UNVERIFIED),
        (dataclasses.replace(AGREEING, n_alike=19), Verdict.CONSISTENT),
        # Where others failed, agreement on a few inputs tells little.
        (
            dataclasses.replace(SURVIVORS, n_failed=2, n_inputs=8, n_alike=8),
            Verdict.UNVERIFIED,
        ),
        (dataclasses.replace(SURVIVORS, n_inputs=8, n_alike=8), Verdict.VERIFIED),
        # It breaks down where it should not.
        (
            dataclasses.replace(SURVIVORS, n_breakdowns=7, n_tried=24),
            Verdict.UNVERIFIED,
        ),
        (dataclasses.replace(AGREEING, n_compared=2, n_agreeing=2), Verdict.UNVERIFIED),
        (Evidence(n_compared=3, n_agreeing=3, n_inputs=2, n_alike=2), Verdict.UNVERIFIED),
        (dataclasses.replace(AGREEING, n_compared=5), Verdict.UNVERIFIED),
        (dataclasses.replace(SURVIVORS, n_compared=5, n_agreeing=4), Verdict.VERIFIED),
        (dataclasses.replace(SURVIVORS, n_compared=5, n_agreeing=3), Verdict.VERIFIED),
        # Examples pass, and yet the answers that pass them do different things.
        (dataclasses.replace(SURVIVORS, n_compared=5, n_agreeing=2), Verdict.UNVERIFIED),
    ],
)
def test_verdict_follows_from_the_evidence(evidence, verdict):
    assert verdict_of(evidence) is verdict


def test_static_checks_alone_never_verify():
    assert label_from_static(["parses"], []) == Label(Verdict.UNVERIFIED, ("parses",))
    finding = Finding("names", "It is wrong.")
    assert label_from_static(["parses"], [finding]) == Label(
        Verdict.DECLINED, ("parses",), (finding,)
    )


def test_declined():
    assert declined("ends", "It does not.").sentence == "declined: It does not."


@pytest.mark.parametrize(
    ("verdict", "needs_confirmation"),
    [
        (Verdict.VERIFIED, False),
        (Verdict.CONSISTENT, False),
        (Verdict.UNVERIFIED, True),
        (Verdict.DECLINED, False),
    ],
)
def test_only_unverified_results_ask(verdict, needs_confirmation):
    assert Label(verdict).needs_confirmation == needs_confirmation


def test_breakdowns_are_told():
    evidence = Evidence(n_examples=1, n_breakdowns=7, n_tried=24)
    assert evidence.sentence.endswith("it breaks down on 7 of 24 inputs")

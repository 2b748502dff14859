import pytest

from scopewise.verify.label import Finding, Label, Verdict, declined, label_from_static


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        (Label(Verdict.UNVERIFIED), "unverified: no check was made; nothing was executed"),
        (
            Label(Verdict.UNVERIFIED, ("parses", "signature kept")),
            "unverified: parses, signature kept; nothing was executed",
        ),
        (
            Label(Verdict.VERIFIED, ("parses",), executed="2 of 2 examples pass"),
            "verified: parses; 2 of 2 examples pass",
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

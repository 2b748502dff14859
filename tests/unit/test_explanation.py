import pytest

from scopewise.engine.protocol import StopReason
from scopewise.verify.explanation import (
    Retold,
    check_explanation,
    shows_images,
    unknown_names,
    with_retold,
)
from scopewise.verify.label import Finding, Label, Verdict

CODE = "class Cart:\n    def total(self, größe): return self.sum(x_1)\n"


@pytest.mark.parametrize(
    ("markdown", "names"),
    [
        ("It calls `total()` of `Cart` with `größe`.", []),
        ("`self.sum`, `Cart.total()` and `x_1`", []),
        ("It returns `None` or a `ValueError`, `if` it `len()`s a `dict`.", []),
        ("`a + b`, `'x'`, `3`, `total(1)` are no names.", []),
        ("plain missing words", []),
        ("`missing` and `Cart.missing` and `missing`", ["missing", "Cart.missing"]),
        ("`tota`", ["tota"]),
        ("```\nmissing\n```", []),
    ],
)
def test_names_in_back_ticks_occur_in_the_code(markdown, names):
    assert unknown_names(markdown, CODE) == names


def test_explanation_that_names_what_is_there():
    label = check_explanation("It is `total`.", CODE, StopReason.END)
    assert label.sentence == (
        "unverified: nothing was executed; every name in back-ticks occurs in the code"
    )
    assert label.findings == ()


@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        ("`a`", "It names `a`, which does not occur in the code."),
        ("`a` `b`", "It names `a`, `b`, which do not occur in the code."),
    ],
)
def test_invented_names_are_told_but_shown(markdown, message):
    label = check_explanation(markdown, CODE, StopReason.END)
    assert label.verdict is Verdict.UNVERIFIED
    assert [finding.message for finding in label.findings] == [message]


def test_cut_off_explanation_says_so():
    label = check_explanation("It is", CODE, StopReason.LENGTH)
    assert label.verdict is Verdict.UNVERIFIED
    assert [finding.message for finding in label.findings] == ["It was cut off at the token limit."]


@pytest.mark.parametrize(
    ("markdown", "reason", "sentence"),
    [
        ("x x x", StopReason.LOOP, "declined: The model repeated itself, twice."),
        (" \n", StopReason.END, "declined: The model wrote nothing."),
    ],
)
def test_explanation_that_is_none(markdown, reason, sentence):
    assert check_explanation(markdown, CODE, reason).sentence == sentence


@pytest.mark.parametrize(
    "markdown",
    [
        "![x](https://example.org/?area)",
        "[![x](a.png)](b)",
        "![x][1]\n\n[1]: https://example.org/p",
        "- a\n  - ![](//example.org)",
        'It is <img alt="" src=//example.org/x>.',
        "<table background = 'https://example.org'><tr></tr></table>",
        '<p style="background:url(//example.org)">',
        "<IMG\nSRC='x'>",
    ],
)
def test_explanation_that_would_fetch_something_is_declined(markdown):
    assert shows_images(markdown)
    label = check_explanation(f"It is `total`. \n\n{markdown}", CODE, StopReason.END)
    assert label.verdict is Verdict.DECLINED
    assert "image" in label.sentence


@pytest.mark.parametrize(
    "markdown",
    [
        "`![x](y)`",
        "```html\n<img src=x>\n```",
        "A [link](https://example.org) is not followed by itself.",
        "It takes a List<T> and a `<img src>`.",
        "It is not! [really]",
    ],
)
def test_explanation_about_images_fetches_nothing(markdown):
    assert not shows_images(markdown)


@pytest.mark.parametrize(
    ("retold", "verdict", "sentence"),
    [
        (Retold(24, 24), Verdict.CONSISTENT, "does the same on 24 generated inputs"),
        (Retold(24, 22), Verdict.CONSISTENT, "does the same on 22 of 24 generated inputs"),
        (Retold(4, 4), Verdict.UNVERIFIED, "does the same on 4 generated inputs"),
        (Retold(1, 1), Verdict.UNVERIFIED, "does the same on 1 generated input"),
        (
            Retold(24, 24, "`f(1)` returns 1 in the code and returns 2 there"),
            Verdict.UNVERIFIED,
            "does something else: `f(1)` returns 1 in the code and returns 2 there",
        ),
    ],
)
def test_what_is_written_from_an_explanation_decides_its_label(retold, verdict, sentence):
    label = with_retold(Label(Verdict.UNVERIFIED), retold)
    assert label.verdict is verdict
    assert label.evidence.sentence == f"a function written from it alone {sentence}"


def test_findings_and_missing_evidence_leave_the_label():
    plain = Label(Verdict.UNVERIFIED)
    found = Label(Verdict.UNVERIFIED, findings=(Finding("ends", "It was cut off."),))
    assert with_retold(plain, None) is plain
    assert with_retold(found, Retold(24, 24)).verdict is Verdict.UNVERIFIED

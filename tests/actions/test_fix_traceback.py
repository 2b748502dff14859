"""Fix from stack trace, with a scripted engine and real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopewise.actions.fix_traceback import offer, trace_place
from scopewise.engine.scripted import ScriptedAnswer
from scopewise.errors import InputError
from scopewise.verify.label import Verdict

from .helper import place_in, run

PRICES = '''"""Prices."""


def parse_price(text):
    """Return a price in cents."""
    euros, cents = text.split(".")
    # Cents have two digits.
    return int(euros) * 100 + int(cents)


def total(rows):
    return sum(parse_price(row) for row in rows)
'''

FIXED_BODY = (
    '    euros, _, cents = text.partition(".")\n'
    "    # Cents have two digits.\n"
    '    return int(euros) * 100 + int(cents or "0")\n'
)


def trace_of(path: Path, line: int = 6) -> str:
    code = path.read_text().splitlines()[line - 1].strip() if path.is_file() else "x()"
    return (
        "Traceback (most recent call last):\n"
        f'  File "{path}", line 12, in total\n'
        "    return sum(parse_price(row) for row in rows)\n"
        f'  File "{path}", line {line}, in parse_price\n'
        f"    {code}\n"
        "ValueError: not enough values to unpack (expected 2, got 1)\n"
    )


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.py"
    path.write_text(PRICES)
    return path


def test_the_change_is_as_small_as_it_can_be(prices: Path) -> None:
    ran = run("fix_traceback", trace_place(trace_of(prices)), [FIXED_BODY], prices.parent)
    assert ran.outcome.title == "Fix `parse_price`"
    assert ran.outcome.uri == prices.as_uri()
    assert ran.outcome.change is not None
    assert [edit.text for edit in ran.outcome.change.edits] == [
        '    euros, _, cents = text.partition(".")\n',
        '    return int(euros) * 100 + int(cents or "0")',
    ]
    assert ran.after == PRICES.replace(
        'euros, cents = text.split(".")', 'euros, _, cents = text.partition(".")'
    ).replace("int(cents)", 'int(cents or "0")')


def test_the_model_sees_the_function_the_line_and_the_exception(prices: Path) -> None:
    ran = run("fix_traceback", trace_place(trace_of(prices)), [FIXED_BODY], prices.parent)
    assert '    euros, cents = text.split(".")  # <-- ValueError is raised here' in ran.prompt
    assert "ValueError: not enough values to unpack (expected 2, got 1)" in ran.prompt
    assert str(prices.parent) not in ran.prompt
    assert ran.prompt.endswith(
        '```python\ndef parse_price(text):\n    """Return a price in cents."""\n'
    )


def test_a_line_that_has_moved_since_the_trace(prices: Path) -> None:
    trace = trace_of(prices)
    prices.write_text("# New first line.\n" + PRICES)
    ran = run("fix_traceback", trace_place(trace), [FIXED_BODY], prices.parent)
    assert "  # <-- ValueError is raised here" in ran.prompt
    assert ran.after.startswith("# New first line.\n")


def test_a_failing_test_leads_to_the_function_it_calls(prices: Path) -> None:
    test = prices.parent / "test_prices.py"
    test.write_text(
        "from prices import parse_price\n\n\n"
        "def test_whole():\n    assert parse_price('3') == 300\n"
    )
    trace = (
        "Traceback (most recent call last):\n"
        f'  File "{test}", line 5, in test_whole\n'
        "    assert parse_price('3') == 300\n"
        "AssertionError\n"
    )
    ran = run("fix_traceback", trace_place(trace), [FIXED_BODY], prices.parent)
    assert ran.outcome.uri == prices.as_uri()
    assert "def test_whole():" in ran.prompt


def test_a_function_named_in_a_frame_whose_file_is_elsewhere(prices: Path) -> None:
    trace = (
        "Traceback (most recent call last):\n"
        '  File "/elsewhere/run.py", line 3, in <module>\n'
        "    assert parse_price('3') == 300\n"
        "AssertionError\n"
    )
    ran = run("fix_traceback", trace_place(trace), [FIXED_BODY], prices.parent)
    assert ran.outcome.title == "Fix `parse_price`"


def test_an_unchanged_answer_is_tried_again_and_then_declined(prices: Path) -> None:
    same = PRICES.split('cents."""\n')[1].split("\n\n\n")[0]
    ran = run("fix_traceback", trace_place(trace_of(prices)), [same], prices.parent)
    assert ran.outcome.label.verdict is Verdict.DECLINED
    assert "unchanged" in ran.outcome.label.sentence
    assert [request.n_samples for request in ran.engine.requests][:2] == [4, 4]


def test_a_trace_from_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="None of the trace's frames"):
        run("fix_traceback", trace_place(trace_of(Path("/nowhere/x.py"))), ["    x"], tmp_path)


def test_offered_on_a_line_of_a_trace_in_a_log(prices: Path) -> None:
    log = "12:00 start\n" + trace_of(prices).replace("ValueError:", "$0ValueError:") + "12:01 end\n"
    found = offer(place_in(log, "untitled:log", "log"))
    assert found is not None
    assert found.title == "Fix `ValueError` from this stack trace"
    assert offer(place_in(log.replace("$0", "") + "$0", "untitled:log", "log")) is None


def test_an_echo_of_the_mark_on_the_failing_line_is_dropped(prices: Path) -> None:
    echoed = FIXED_BODY.replace('(".")\n', '(".")  # <-- split was wrong\n')
    ran = run("fix_traceback", trace_place(trace_of(prices)), [echoed], prices.parent)
    assert "<--" not in ran.after
    assert 'text.partition(".")\n' in ran.after


UNCHANGED_BODY = (
    '    euros, cents = text.split(".")\n'
    "    # Cents have two digits.\n"
    "    return int(euros) * 100 + int(cents)\n"
)


def test_what_cannot_be_mended_is_written_anew(prices: Path) -> None:
    answers = [
        ScriptedAnswer(UNCHANGED_BODY, when="with the bug mended"),
        ScriptedAnswer(UNCHANGED_BODY, when="Find the mistake"),
        ScriptedAnswer(FIXED_BODY, when="Complete the function"),
    ]
    ran = run("fix_traceback", trace_place(trace_of(prices)), answers, prices.parent)
    assert ran.outcome.label.verdict is not Verdict.DECLINED
    assert 'int(cents or "0")' in ran.after
    anew = next(r for r in ran.engine.requests if "Complete the" in r.messages[-1].content)
    assert "text.split" not in anew.messages[-1].content
    assert "Return a price in cents." in anew.messages[-1].content
    assert anew.opening == ran.engine.requests[0].opening


def test_without_documentation_nothing_is_written_anew(prices: Path) -> None:
    prices.write_text(PRICES.replace('    """Return a price in cents."""\n', ""))
    trace = trace_of(prices, line=5)
    ran = run("fix_traceback", trace_place(trace), [UNCHANGED_BODY], prices.parent)
    assert ran.outcome.label.verdict is Verdict.DECLINED
    prompts = [request.messages[-1].content for request in ran.engine.requests]
    assert len(prompts) > 1
    assert not any("Complete the function" in prompt for prompt in prompts)

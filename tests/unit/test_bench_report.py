"""What is counted, and what it is counted of."""

import builtins

import msgspec
import pytest

from scopewise.actions.outcome import Usage
from scopewise.bench.plot import draw
from scopewise.bench.report import COLUMNS, cells, figures_of, markdown
from scopewise.bench.runs import Attempt, Group, Run
from scopewise.errors import InputError

GROUP = Group("fill", "set", "checked", "model")
USAGE = Usage(n_answer_tokens=30, prefill_s=1.0, decode_s=2.0, execution_s=1.0, n_samples=1)


def run(task, verdict, hidden, repeat=0, **more):
    attempt = Attempt(verdict, f"{verdict}: so", usage=USAGE)
    return Run(GROUP, task, repeat, attempt, hidden, **more)


RUNS = [
    run("a", "verified", "passed", n_examples=2),
    run("b", "verified", "failed"),
    run("c", "consistent", "passed", n_examples=1),
    run("d", "declined", None),
    run("e", "verified", "failed", fault="the reference does not pass (failed)"),
]


def test_figures():
    (figures,) = figures_of(RUNS)
    assert (figures.n_tasks, figures.n_unsound) == (4, 1)
    assert str(figures.solved) == "50.0 % (2/4)"
    assert str(figures.wrong["verified"]) == "50.0 % (1/2)"
    assert str(figures.wrong["consistent"]) == "0.0 % (0/1)"
    assert str(figures.wrong["unverified"]) == "none"
    assert str(figures.labels["declined"]) == "25.0 % (1/4)"
    assert str(figures.verified_with_examples) == "50.0 % (1/2)"
    # What the failures cost is paid by the solved ones.
    assert (figures.tokens_per_solved, figures.seconds_per_solved) == (60, 8)
    assert figures.median_s == 4
    assert (figures.prefill, figures.decode, figures.execution) == (0.25, 0.5, 0.25)


def test_every_time_counts_only_tasks_that_have_every_repeat():
    again = [
        run("a", "verified", "passed", 1),
        run("b", "verified", "passed", 1),
        run("c", "verified", "failed", 1),
    ]
    (figures,) = figures_of([*RUNS, *again])
    assert str(figures.always_solved) == "33.3 % (1/3)"


def test_groups_are_apart():
    other = msgspec.structs.replace(GROUP, mode="vanilla")
    runs = [*RUNS, msgspec.structs.replace(RUNS[0], group=other)]
    assert [figures.group.mode for figures in figures_of(reversed(runs))] == ["checked", "vanilla"]


def test_nothing_but_unsound_tasks():
    (figures,) = figures_of(RUNS[-1:])
    assert str(figures.solved) == "none"
    assert figures.tokens_per_solved is None


def test_the_table():
    figures = figures_of(RUNS)
    row = dict(zip(COLUMNS, cells(figures[0]), strict=True))
    assert row["tasks"] == "4 (1 left out)"
    assert row["pass every time"] == "-"
    assert row["wrong of verified"] == "50.0 % (1/2)"
    assert row["prefill/decode/run"] == "25/50/25 %"
    head, rule, body = markdown(figures).splitlines()
    assert head.startswith("| action | set | mode | model | tasks | pass@1 |")
    assert head.count("|") == rule.count("|") == body.count("|")


def test_the_plot(tmp_path):
    pytest.importorskip("matplotlib")
    files = draw(figures_of(RUNS), tmp_path)
    assert [file.name for file in files] == ["quality.png", "quality.svg"]
    assert all(file.stat().st_size for file in files)


def test_without_matplotlib(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *args):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match="needs matplotlib"):
        draw(figures_of(RUNS), tmp_path)

"""Figures of many runs, and the table they make."""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scopewise.bench.runs import ERROR, Group, Run
from scopewise.verify.label import Verdict

VERDICTS = (*(verdict.value for verdict in Verdict), ERROR)


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    n: int
    of: int

    @property
    def percent(self) -> float | None:
        return 100 * self.n / self.of if self.of else None

    def __str__(self) -> str:
        return f"{self.percent:.1f} % ({self.n}/{self.of})" if self.of else "none"


@dataclass(frozen=True)
class Figures:
    """What the runs of one group amount to."""

    group: Group
    n_tasks: int
    n_unsound: int
    """Tasks left out, because their hidden tests tell nothing here."""
    n_repeats: int
    solved: Share
    """Runs that pass the hidden tests; of all runs, declined ones included."""
    always_solved: Share
    """Tasks that pass in every repeat; of the tasks that have every repeat."""
    labels: dict[str, Share]
    wrong: dict[str, Share]
    """By label: runs with that label that fail the hidden tests."""
    verified_with_examples: Share
    """The verified ones of those runs whose docstring has examples that can be read."""
    tokens_per_solved: float | None
    seconds_per_solved: float | None
    median_s: float
    """From the request to the final label."""
    prefill: float
    decode: float
    execution: float
    """Shares of the time of all runs."""
    unknown_names: float
    """Names an explanation has in back-ticks and the code has not; the mean."""
    n_replayed: int

    @property
    def median_parts_s(self) -> tuple[float, float, float]:
        """The median divided as the whole time is."""
        return (
            self.median_s * self.prefill,
            self.median_s * self.decode,
            (self.median_s * self.execution),
        )


def figures_of(runs: Iterable[Run]) -> list[Figures]:
    """The figures of every group among the runs, groups in order."""
    ordered = sorted(runs, key=lambda run: run.group)
    groups = itertools.groupby(ordered, key=lambda run: run.group)
    return [_figures(group, list(members)) for group, members in groups]


def _figures(group: Group, everything: list[Run]) -> Figures:
    runs = [run for run in everything if not run.fault]
    unsound = {run.task for run in everything} - {run.task for run in runs}
    n_solved = sum(run.is_solved for run in runs)
    n_tokens = sum(run.attempt.usage.n_answer_tokens for run in runs)
    seconds = sum(run.seconds for run in runs)
    with_examples = [run for run in runs if run.n_examples]
    usages = [run.attempt.usage for run in runs]
    return Figures(
        group=group,
        n_tasks=len({run.task for run in runs}),
        n_unsound=len(unsound),
        n_repeats=len({run.repeat for run in runs}),
        solved=Share(n_solved, len(runs)),
        always_solved=_always_solved(runs),
        labels={verdict: Share(len(_with(runs, verdict)), len(runs)) for verdict in VERDICTS},
        wrong={verdict: _wrong(_with(runs, verdict)) for verdict in VERDICTS},
        verified_with_examples=Share(
            len(_with(with_examples, Verdict.VERIFIED.value)), len(with_examples)
        ),
        tokens_per_solved=n_tokens / n_solved if n_solved else None,
        seconds_per_solved=seconds / n_solved if n_solved else None,
        median_s=statistics.median(run.seconds for run in runs) if runs else 0.0,
        prefill=_part(sum(usage.prefill_s for usage in usages), seconds),
        decode=_part(sum(usage.decode_s for usage in usages), seconds),
        execution=_part(sum(usage.execution_s for usage in usages), seconds),
        unknown_names=_part(sum(len(run.attempt.unknown_names) for run in runs), len(runs)),
        n_replayed=sum(run.is_replayed for run in runs),
    )


def _with(runs: Sequence[Run], verdict: str) -> list[Run]:
    return [run for run in runs if run.attempt.verdict == verdict]


def _wrong(runs: Sequence[Run]) -> Share:
    return Share(sum(not run.is_solved for run in runs), len(runs))


def _always_solved(runs: Sequence[Run]) -> Share:
    n_repeats = len({run.repeat for run in runs})
    n_runs = Counter(run.task for run in runs)
    n_solved = Counter(run.task for run in runs if run.is_solved)
    complete = [task for task, n in n_runs.items() if n == n_repeats]
    return Share(sum(n_solved[task] == n_repeats for task in complete), len(complete))


def _part(amount: float, whole: float) -> float:
    return amount / whole if whole else 0.0


COLUMNS = (
    *("action", "set", "mode", "model", "tasks", "pass@1", "pass every time"),
    *("verified", "consistent", "unverified", "declined", "error"),
    *("wrong of verified", "wrong of consistent", "wrong of unverified"),
    *("verified of those with examples", "tokens/solved", "s/solved", "median s"),
    *("prefill/decode/run", "unknown names"),
)


def cells(figures: Figures) -> list[str]:
    """One row of the table, as `COLUMNS` names it."""
    group = figures.group
    parts = (figures.prefill, figures.decode, figures.execution)
    return [
        *(group.action, group.task_set, group.mode, group.model),
        _tasks(figures),
        str(figures.solved),
        str(figures.always_solved) if figures.n_repeats > 1 else "-",
        *(_percent(figures.labels[verdict]) for verdict in VERDICTS),
        *(str(figures.wrong[verdict]) for verdict in VERDICTS[:3]),
        str(figures.verified_with_examples),
        _number(figures.tokens_per_solved, 0),
        _number(figures.seconds_per_solved, 1),
        _number(figures.median_s, 1),
        "/".join(f"{100 * part:.0f}" for part in parts) + " %",
        _number(figures.unknown_names, 2) if group.action == "explain" else "-",
    ]


def markdown(figures: Sequence[Figures]) -> str:
    """The table in Markdown."""
    rows = [COLUMNS, ["---"] * len(COLUMNS), *(cells(each) for each in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _tasks(figures: Figures) -> str:
    repeats = f" × {figures.n_repeats}" if figures.n_repeats > 1 else ""
    left_out = f" ({figures.n_unsound} left out)" if figures.n_unsound else ""
    return f"{figures.n_tasks}{repeats}{left_out}"


def _percent(share: Share) -> str:
    return f"{share.percent:.0f} %" if share.percent is not None else "-"


def _number(value: float | None, n_digits: int) -> str:
    return f"{value:.{n_digits}f}" if value is not None else "-"

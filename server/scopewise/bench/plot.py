"""The plot of a measurement; matplotlib comes with the extra `bench`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scopewise.bench.report import VERDICTS, Figures
from scopewise.bench.runs import ERROR
from scopewise.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = dict(zip(VERDICTS, ("#2e7d32", "#1565c0", "#f9a825", "#9e9e9e", "#616161"), strict=True))
_TIMES = (("prefill", "#90caf9"), ("decode", "#1565c0"), ("execution", "#ef6c00"))


def draw(figures: Sequence[Figures], folder: Path) -> list[Path]:
    """The files of the plot, a PNG and an SVG; raises InputError without matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError(
            "The plot needs matplotlib.", "`pip install 'scopewise[bench]'` brings it."
        ) from error
    figure = Figure(figsize=(13, 1.6 + 0.5 * len(figures)), layout="constrained")
    labels, times = figure.subplots(1, 2, sharey=True)
    names = [" ".join((*_names(each),)) for each in figures]
    _draw_labels(labels, names, figures)
    _draw_times(times, names, figures)
    labels.invert_yaxis()
    files = [folder / "quality.png", folder / "quality.svg"]
    for file in files:
        figure.savefig(file)
    return files


def _names(figures: Figures) -> tuple[str, ...]:
    group = figures.group
    return group.action, group.task_set, group.mode, group.model


def _draw_labels(axes: Axes, names: list[str], figures: Sequence[Figures]) -> None:
    """Runs by label; the hatched part of each is not solved."""
    left = [0.0] * len(figures)
    for verdict in VERDICTS:
        for is_wrong in (False, True):
            widths = [_share(each, verdict, is_wrong) for each in figures]
            is_named = not is_wrong or verdict == ERROR
            axes.barh(
                names,
                widths,
                left=left,
                color=_COLOURS[verdict],
                hatch="///" if is_wrong else "",
                edgecolor="white",
                label=verdict if is_named and any(_all(figures, verdict)) else None,
            )
            left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.set_xlabel("% of runs by label; hatched: not solved")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=5, frameon=False)


def _share(figures: Figures, verdict: str, is_wrong: bool) -> float:
    wrong, whole = figures.wrong[verdict], figures.labels[verdict].of
    n = wrong.n if is_wrong else wrong.of - wrong.n
    return 100 * n / whole if whole else 0.0


def _all(figures: Sequence[Figures], verdict: str) -> list[int]:
    return [each.labels[verdict].n for each in figures]


def _draw_times(axes: Axes, names: list[str], figures: Sequence[Figures]) -> None:
    left = [0.0] * len(figures)
    for index, (name, colour) in enumerate(_TIMES):
        widths = [each.median_parts_s[index] for each in figures]
        axes.barh(names, widths, left=left, color=colour, label=name)
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.set_xlabel("median seconds to the final label")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False)

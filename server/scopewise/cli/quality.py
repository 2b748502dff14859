"""`scopewise bench fill`, `fix` and `explain`: how often results and labels are right."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from scopewise.actions.session import Session, model_config
from scopewise.bench.hidden import Judge, judge_with
from scopewise.bench.measure import Bench, OnRun, measure, unsound_cases
from scopewise.bench.modes import Mode
from scopewise.bench.plot import draw
from scopewise.bench.report import COLUMNS, Figures, cells, figures_of, markdown
from scopewise.bench.round_trip import Arm
from scopewise.bench.rows import Action, Case, TaskSet, read_cases
from scopewise.bench.runs import Group, Run, RunLog, read_runs, run_files
from scopewise.cli import output
from scopewise.cli.actions import AsJson, Model, settings_from
from scopewise.errors import Cancelled, InputError
from scopewise.settings import Settings

_COLUMN_WIDTH = 25
"""Characters a column of the table takes."""

Data = Annotated[
    Path, typer.Option("--data", envvar="SCOPEWISE_DATA", help="The folder of the task sets.")
]
Out = Annotated[Path, typer.Option("--out", help="The folder of results, to go on with or new.")]
Set = Annotated[TaskSet, typer.Option("--set", help="The set of tasks.")]
Modes = Annotated[list[Mode] | None, typer.Option("--mode", help="Which parts of the loop are on.")]
Repeat = Annotated[int, typer.Option("--repeat", min=1, help="How often every task is done.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many tasks.")]
Offset = Annotated[int, typer.Option("--offset", min=0, help="Tasks to leave out at the start.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--setting", metavar="NAME=VALUE", help="Any setting, as in engine.threads=4."),
]
Unsafe = Annotated[
    bool,
    typer.Option("--unsafe-hidden-tests", help="Run hidden tests bare where there is no sandbox."),
]


def _measuring(action: Action, usual: TaskSet, summary: str) -> Callable[..., None]:
    """The command that measures an action whose answers are code; `usual` is its set of tasks."""

    def command(
        data: Data,
        out: Out,
        task_set: Set = usual,
        mode: Modes = None,
        model: Model = "",
        repeat: Repeat = 1,
        limit: Limit = None,
        offset: Offset = 0,
        unsafe: Unsafe = False,
        changes: Changes = None,
    ) -> None:
        with output.failing():
            wanted = _Wanted(data, out, action, task_set, repeat, limit, offset)
            _measure(wanted, mode or [Mode.CHECKED], settings_from(model, changes), unsafe)

    command.__doc__ = summary
    return command


fill = _measuring(
    Action.FILL,
    TaskSet.HUMANEVAL,
    "How many stubs get a right body, and how far their labels can be believed.",
)
fix = _measuring(
    Action.FIX,
    TaskSet.HUMANEVALPACK,
    "How many functions are mended from a stack trace, and how far labels can be believed.",
)


def explain(
    data: Data,
    out: Out,
    task_set: Set = TaskSet.HUMANEVALPACK,
    model: Model = "",
    repeat: Repeat = 1,
    limit: Limit = None,
    offset: Offset = 0,
    unsafe: Unsafe = False,
    changes: Changes = None,
) -> None:
    """How many functions the model can rebuild from their explanation, ours and a bare one."""
    with output.failing():
        wanted = _Wanted(data, out, Action.EXPLAIN, task_set, repeat, limit, offset)
        _measure(wanted, list(Arm), settings_from(model, changes), unsafe)


def tasks(
    data: Data,
    task_set: Set = TaskSet.HUMANEVAL,
    action: Annotated[Action, typer.Option("--action", help="What is asked of them.")] = (
        Action.FILL
    ),
    unsafe: Unsafe = False,
    changes: Changes = None,
) -> None:
    """Which tasks measure nothing here: their reference fails, or they pass undone."""
    with output.failing():
        cases = read_cases(data, action, task_set)
        judge = _judge(settings_from("", changes), unsafe)
        with output.stderr().status(f"Running the tests of {len(cases)} tasks"):
            unsound = list(unsound_cases(judge, cases))
    for task, reason in unsound:
        output.print_line(f"{task}: {reason}")
    output.say(f"{len(cases) - len(unsound)} of {len(cases)} tasks are sound.")
    if unsound:
        raise typer.Exit(output.ExitCode.DECLINED)


def report(
    paths: Annotated[list[Path], typer.Argument(metavar="OUT...", help="Folders, or files.")],
    plot: Annotated[Path | None, typer.Option("--plot", help="A folder to draw into.")] = None,
    as_json: AsJson = False,
) -> None:
    """One table of all runs in some folders, in Markdown."""
    with output.failing():
        figures = _figures([file for path in paths for file in _files(path)])
        if plot is not None:
            _say_files(draw(figures, _made(plot)))
    if as_json:
        output.print_json(figures)
    else:
        output.print_line(markdown(figures))


@dataclass(frozen=True)
class _Wanted:
    """Which tasks are done, and how often."""

    data: Path
    out: Path
    action: Action
    task_set: TaskSet
    n_repeats: int
    limit: int | None
    offset: int

    def cases(self) -> list[Case]:
        cases = read_cases(self.data, self.action, self.task_set)[self.offset :][: self.limit]
        if not cases:
            raise InputError(f"{self.task_set.value} has no tasks past the first {self.offset}.")
        return cases


def _measure(
    wanted: _Wanted, modes: Sequence[Mode | Arm], settings: Settings, is_bare_allowed: bool
) -> None:
    """Measures, then shows everything the folder of results holds."""
    cases = wanted.cases()
    judge = _judge(settings, is_bare_allowed)
    model = _model_name(settings)
    groups = [Group(wanted.action, wanted.task_set, mode.value, model) for mode in modes]
    logs = [RunLog(_made(wanted.out), group) for group in groups]
    try:
        asyncio.run(_work(wanted, settings, judge, cases, logs))
    except KeyboardInterrupt:
        raise Cancelled("Stopped.", "The same command goes on from here.") from None
    figures = _figures(run_files(wanted.out))
    for table in _tables(figures, output.stdout().width):
        output.stdout().print(table)
    try:
        _say_files(draw(figures, wanted.out))
    except InputError as error:
        output.say(str(error))


async def _work(
    wanted: _Wanted,
    settings: Settings,
    judge: Judge,
    cases: Sequence[Case],
    logs: Sequence[RunLog],
) -> None:
    session = Session(settings)
    bench = Bench(settings, session.engine, judge, wanted.out.resolve())
    try:
        for log in logs:
            with _progress(log, cases, wanted.n_repeats) as on_run:
                await measure(bench, log, cases, wanted.n_repeats, on_run)
    finally:
        await session.close()


@contextmanager
def _progress(log: RunLog, cases: Sequence[Case], n_repeats: int) -> Iterator[OnRun]:
    """A bar with running counts, those of earlier runs included."""
    wanted = {(case.task.id, repeat) for case in cases for repeat in range(n_repeats)}
    done = [run for run in log.runs if (run.task, run.repeat) in wanted]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    counts = (TimeRemainingColumn(), TextColumn("{task.fields[counts]}"))
    with Progress(*columns, *counts, console=output.stderr()) as progress:
        group = log.group
        name = f"{group.action} {group.task_set} {group.mode}"
        bar = progress.add_task(name, total=len(wanted), completed=len(done), counts=_counts(done))

        def on_run(run: Run) -> None:
            done.append(run)
            progress.update(bar, completed=len(done), counts=_counts(done))

        yield on_run


def _counts(runs: Sequence[Run]) -> str:
    solved = sum(run.is_solved for run in runs)
    verdicts = [run.attempt.verdict for run in runs]
    parts = [f"{solved} solved", *(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))]
    return ", ".join(parts)


def _judge(settings: Settings, is_bare_allowed: bool) -> Judge:
    return judge_with(Path(settings.verify.python or sys.executable), is_bare_allowed)


def _model_name(settings: Settings) -> str:
    kind = settings.engine.kind
    return model_config(settings).name if kind == "llamacpp" else kind


def _figures(files: Sequence[Path]) -> list[Figures]:
    figures = figures_of(read_runs(files))
    if not figures:
        raise InputError("There are no runs to report.")
    return figures


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return run_files(path)
    if path.is_file():
        return [path]
    raise InputError(f"There is no file or folder `{path}`.")


def _made(folder: Path) -> Path:
    """The folder, made when it is missing; raises InputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder `{folder}` cannot be made ({error.strerror}).") from error
    return folder


def _tables(figures: Sequence[Figures], width: int) -> Iterator[Table]:
    """A column for every group, as there are many figures and few groups; another table where a
    line has no room for more."""
    n_columns = max(width // _COLUMN_WIDTH - 1, 1)
    for start in range(0, len(figures), n_columns):
        yield _table(figures[start : start + n_columns])


def _table(figures: Sequence[Figures]) -> Table:
    columns = [cells(each) for each in figures]
    table = Table("", *[" ".join(column[:3]) for column in columns])
    for index, name in enumerate(COLUMNS[3:], start=3):
        table.add_row(name, *(column[index] for column in columns))
    return table


def _say_files(files: Sequence[Path]) -> None:
    output.say("Drew " + " and ".join(str(file) for file in files) + ".")

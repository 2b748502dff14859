"""`scopewise demo`: the three actions on a small project, through the real server and model."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.status import Status
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from scopewise import models
from scopewise.cli import output
from scopewise.cli.actions import Model, Set, settings_from
from scopewise.cli.models import pull
from scopewise.errors import ScopewiseError
from scopewise.settings import Settings
from scopewise.verify.label import Verdict

if TYPE_CHECKING:
    from scopewise.lsp.demo import Delivered, DemoEditor

_SAMPLE = "bike_hire"
_STUB, _REPORT, _LOG = "tariff.py", "day_report.py", "run.log"
_RIGHT_REPORT = ["4 hires, at most 3 bikes out at once", "takings: 27.00"]
"""What the sample prints once both its faults are mended as its docstrings say."""
_PROGRAM_S = 20.0
_PLAIN_WIDTH = 100


@dataclass(frozen=True)
class _Step:
    name: str
    delivered: Delivered
    proof: str
    """What running the sample's own code said; empty where there is nothing to run."""


def demo(model: Model = "", changes: Set = None) -> None:
    """Fill a body, explain a function and fix a bug from its stack trace, in a small project.

    The exit code is 1 if one of the three was declined or failed.
    """
    # Here, for the protocol's types take half a second to load, and no other command needs them.
    from scopewise.lsp.demo import DemoFailed

    console = _console()
    with output.failing():
        settings = settings_from(model, changes)
        _pull_if_missing(settings)
        with _sample_project() as folder:
            try:
                steps = asyncio.run(_run(console, folder, settings))
            except DemoFailed as failure:
                output.say(str(failure))
                raise typer.Exit(output.ExitCode.DECLINED) from failure
    console.print()
    console.print(_summary(steps))
    if any(step.delivered.refusal for step in steps):
        raise typer.Exit(output.ExitCode.DECLINED)


async def _run(console: Console, folder: Path, settings: Settings) -> list[_Step]:
    from scopewise.lsp.demo import DemoEditor

    console.print(f"scopewise demo: {settings.model.name} on this machine, over LSP", style="bold")
    console.print(f"A small project, {_STUB} and {_REPORT}, with a server started for it.")
    progress = _Progress(console)
    options = dataclasses.asdict(settings)
    async with DemoEditor(folder, options, progress.say) as editor:
        for name in (_STUB, _REPORT):
            editor.open(folder / name)
        return [
            await _fill(console, progress, editor, folder),
            await _explain(console, progress, editor, folder),
            await _fix(console, progress, editor, folder),
        ]


# The three steps


async def _fill(console: Console, progress: _Progress, editor: DemoEditor, folder: Path) -> _Step:
    _head(console, f"1. Fill the body of `price` in {_STUB} from its docstring")
    console.print("The first answer also waits for the model to be loaded.")
    with progress:
        kind = "refactor.rewrite.fillBody"
        delivered = await editor.choose(kind, folder / _STUB, "def price")
    _show(console, delivered)
    proof = "" if delivered.refusal else _try_examples(console, folder)
    return _Step("Fill `price`", delivered, proof)


async def _explain(
    console: Console, progress: _Progress, editor: DemoEditor, folder: Path
) -> _Step:
    _head(console, f"2. Explain `most_out_at_once` in {_REPORT}")
    with progress:
        kind = "scopewise.explain"
        delivered = await editor.choose(kind, folder / _REPORT, "def most_out_at_once")
    _show(console, delivered)
    return _Step("Explain `most_out_at_once`", delivered, "")


async def _fix(console: Console, progress: _Progress, editor: DemoEditor, folder: Path) -> _Step:
    _head(console, f"3. Fix {_REPORT} from the stack trace of a run")
    trace = _run_report(folder).stderr
    console.print("It was run just now, and ended like this:")
    _print_indented(console, trace)
    # As a terminal shows it, so that the server can read off what to run again.
    (folder / _LOG).write_text(f"$ python {_REPORT} till.jsonl\n{trace}", encoding="utf-8")
    editor.open(folder / _LOG)
    with progress:
        kind = "quickfix.stackTrace"
        delivered = await editor.choose(kind, folder / _LOG, trace.splitlines()[-1])
    _show(console, delivered)
    proof = "" if delivered.refusal else _try_report(console, folder)
    return _Step("Fix `read_hire`", delivered, proof)


# Running the sample, as its user would after looking at the change


def _try_examples(console: Console, folder: Path) -> str:
    """How many of the docstring's examples the filled function gets right."""
    done = _run_python(folder, "-c", _COUNT_EXAMPLES)
    if done.returncode == 0:
        n_failed, n_tried = done.stdout.split()[-2:]
        proof = f"{int(n_tried) - int(n_failed)} of its {n_tried} docstring examples hold"
    else:
        proof = f"its examples cannot be run: {_last_line(done.stderr)}"
    console.print(f"Run afterwards: {proof}.")
    return proof


_COUNT_EXAMPLES = """
import doctest, tariff
failed, tried = doctest.testmod(tariff, report=False)
print(failed, tried)
"""


def _try_report(console: Console, folder: Path) -> str:
    """Whether the mended program runs, and prints what it should."""
    done = _run_report(folder)
    if done.returncode != 0:
        proof = f"it still fails: {_last_line(done.stderr)}"
        console.print(f"Run again: {proof}.")
        return proof
    console.print("Run again, it ends well and prints:")
    _print_indented(console, done.stdout)
    if done.stdout.splitlines() == _RIGHT_REPORT:
        return "it runs and prints the right report"
    console.print(f"That should be: {' / '.join(_RIGHT_REPORT)}.")
    return "it runs but prints a wrong report"


def _run_report(folder: Path) -> subprocess.CompletedProcess[str]:
    return _run_python(folder, _REPORT, "till.jsonl")


def _run_python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python on the sample: none of our environment or input, and not for long."""
    # -B: compiled files of the same second and size would hide a change.
    command = [sys.executable, "-B", "-E", "-s", *arguments]
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PROGRAM_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        words = f"It did not end within {_PROGRAM_S:g} s"
        return subprocess.CompletedProcess(command, 1, "", words)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]


# What has to be there


@contextlib.contextmanager
def _sample_project() -> Iterator[Path]:
    """A copy of the sample in a folder of its own, gone afterwards."""
    sample = files("scopewise") / "samples" / _SAMPLE
    with as_file(sample) as source, tempfile.TemporaryDirectory(prefix="scopewise-demo-") as folder:
        project = Path(folder).resolve() / _SAMPLE
        shutil.copytree(source, project, ignore=shutil.ignore_patterns("__pycache__"))
        yield project


def _pull_if_missing(settings: Settings) -> None:
    if settings.engine.kind != "llamacpp":
        return
    try:
        models.resolve(settings)
    except ScopewiseError as error:
        output.say(error.message)
        pull(settings.model.name, store=settings.model.store)


# What is seen


class _Progress:
    """What the server says it is doing: a moving line on a terminal, else one line a phase."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._phase = ""

    def __enter__(self) -> None:
        self._phase = ""
        if self._console.is_terminal:
            self._status = self._console.status("Starting")
            self._status.start()

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def say(self, message: str) -> None:
        if self._status is not None:
            self._status.update(Text(message))
            return
        # A message differs from the one before in its numbers only, while a phase lasts.
        phase = "".join(letter for letter in message if not letter.isdigit())
        if phase != self._phase:
            self._phase = phase
            self._console.print(f"  ... {message}", style="dim")


def _console() -> Console:
    # Without markup: what models and servers say may hold square brackets.
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = _PLAIN_WIDTH
    return console


def _head(console: Console, title: str) -> None:
    console.print()
    console.rule(title, align="left", characters="-")


def _show(console: Console, delivered: Delivered) -> None:
    """The result of an action, and what it is worth."""
    tag = " (marked as written by a model)" if delivered.is_tagged else ""
    console.print(f"Asked for: {delivered.title}{tag}")
    if delivered.refusal:
        console.print(f"Nothing came of it: {delivered.refusal}", style="yellow")
        return
    if delivered.path is not None:
        _show_diff(console, delivered)
    else:
        console.print(Padding(Markdown(_middle(delivered.markdown)), (0, 4)))
    console.print(f"Label: {delivered.label}", style="bold")
    if delivered.was_asked:
        console.print("The editor asks before it applies this; the demo says yes.")
    console.print(f"It took {delivered.seconds:.1f} s.")


def _show_diff(console: Console, delivered: Delivered) -> None:
    assert delivered.path is not None
    name = delivered.path.name
    before, after = delivered.before.splitlines(), delivered.after.splitlines()
    diff = "\n".join(difflib.unified_diff(before, after, name, name, lineterm="", n=2))
    if console.is_terminal:
        console.print(Syntax(diff, "diff", background_color="default", word_wrap=True))
    else:
        _print_indented(console, diff)


def _print_indented(console: Console, text: str) -> None:
    for line in text.splitlines():
        console.print(f"    {line}", soft_wrap=True)


def _middle(page: str) -> str:
    """A page without its heading and its last line, the title and the label told apart here."""
    first, _, rest = page.partition("\n")
    text = rest if first.startswith("# ") else page
    return text.rpartition("\n---\n")[0] or text


def _summary(steps: list[_Step]) -> Table:
    table = Table.grid(padding=(0, 2))
    for step in steps:
        delivered = step.delivered
        done = Text("no", "yellow") if delivered.refusal else Text("done", "green")
        verdict = delivered.label.partition(":")[0]
        if verdict not in {known.value for known in Verdict}:
            verdict = "failed"
        table.add_row(done, step.name, f"{delivered.seconds:.1f} s", verdict, step.proof)
    return table

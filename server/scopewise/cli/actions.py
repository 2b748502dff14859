"""`scopewise explain`, `fill` and `fix`: one action on one place."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markdown import Markdown
from rich.status import Status
from rich.syntax import Syntax

from scopewise.actions.change import apply_change
from scopewise.actions.fix_traceback import trace_place
from scopewise.actions.outcome import Outcome, Phase, Place
from scopewise.actions.report import outcome_report
from scopewise.actions.session import Session, Task
from scopewise.actions.workspace import DiskWorkspace
from scopewise.cancel import CancelToken
from scopewise.cli import output
from scopewise.cli.cloud_desk import CloudDesk
from scopewise.cli.indexing import built_index
from scopewise.document import path_of
from scopewise.errors import InputError
from scopewise.settings import Settings, read_settings
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.text import ByteRange
from scopewise.verify.findings import as_clause
from scopewise.verify.label import Verdict

At = Annotated[str, typer.Argument(metavar="FILE[:LINE]", help="A place; lines count from 1.")]
Model = Annotated[str, typer.Option("--model", help="The model to use, as in `models list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")]
Write = Annotated[bool, typer.Option("--write", help="Write the result into the file.")]
Root = Annotated[str, typer.Option("--root", help="The folder of the project.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Any setting, such as engine.threads=4."),
]

Cloud = Annotated[
    bool, typer.Option("--cloud", help="Ask Claude, once you have seen what would be sent.")
]
Yes = Annotated[bool, typer.Option("--yes", help="With --cloud: send without asking.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="With --cloud: show what would be sent, and end.")
]

_PROJECT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")


def explain(
    context: typer.Context,
    at: At,
    root: Root = "",
    model: Model = "",
    changes: Set = None,
    as_json: AsJson = False,
    cloud: Cloud = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Explain the function or class at a line, or a file in outline."""
    with output.failing():
        place = place_at(at)
        desk = CloudDesk(context.obj, cloud, yes, dry_run, as_json)
        workspace, settings = workspace_for(root, place), settings_from(model, changes)
        outcome, _ = _run("explain", place, workspace, settings, desk)
        _finish(outcome, None, write=False, as_json=as_json)


def fill(
    context: typer.Context,
    at: At,
    write: Write = False,
    root: Root = "",
    model: Model = "",
    changes: Set = None,
    as_json: AsJson = False,
    cloud: Cloud = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Fill the body of the documented stub at a line."""
    with output.failing():
        place = place_at(at)
        desk = CloudDesk(context.obj, cloud, yes, dry_run, as_json)
        workspace, settings = workspace_for(root, place), settings_from(model, changes)
        outcome, target = _run("fill_body", place, workspace, settings, desk)
        _finish(outcome, target, write=write, as_json=as_json)


def fix(
    context: typer.Context,
    trace: Annotated[
        str, typer.Option("--trace", metavar="FILE|-", help="A file with a stack trace, or stdin.")
    ],
    write: Write = False,
    root: Root = ".",
    model: Model = "",
    changes: Set = None,
    as_json: AsJson = False,
    cloud: Cloud = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Mend the function a stack trace leads to."""
    with output.failing():
        place = trace_place(_read_trace(trace))
        desk = CloudDesk(context.obj, cloud, yes, dry_run, as_json)
        workspace, settings = DiskWorkspace((_folder(root),)), settings_from(model, changes)
        outcome, target = _run("fix_traceback", place, workspace, settings, desk)
        _finish(outcome, target, write=write, as_json=as_json)


# What was asked


def place_at(at: str) -> Place:
    """The place `FILE` or `FILE:LINE` names; raises InputError."""
    name, _, line = at.rpartition(":")
    if not (name and line.isdigit()):
        name, line = at, ""
    path = Path(name)
    if not path.is_file():
        raise InputError(f"There is no file `{name}`.")
    snapshot = DiskWorkspace((path.parent,)).read(path)
    if snapshot is None:
        raise InputError(f"`{name}` is not a text in UTF-8.")
    parsed = parse(snapshot)
    if not line:
        # No line: the file as a whole, seen from its first column.
        return Place(snapshot, parsed, ByteRange(0, 0))
    if not 1 <= int(line) <= snapshot.lines.n_lines:
        raise InputError(
            f"`{name}` has {snapshot.lines.n_lines} lines, so there is no line {line}."
        )
    start = snapshot.lines.line_range(int(line) - 1).start
    return Place(snapshot, parsed, ByteRange(start, start))


def workspace_for(root: str, place: Place) -> DiskWorkspace:
    path = place.snapshot.path
    assert path is not None
    return DiskWorkspace((_folder(root) if root else _project_of(path),))


def _folder(root: str) -> Path:
    path = Path(root)
    if not path.is_dir():
        raise InputError(f"There is no folder `{root}`.")
    return path.resolve()


def _project_of(path: Path) -> Path:
    """The nearest folder that looks like the root of a project, else the file's own."""
    for folder in path.resolve().parents:
        if any((folder / mark).exists() for mark in _PROJECT_MARKS):
            return folder
    return path.resolve().parent


def settings_from(model: str, changes: list[str] | None) -> Settings:
    options: dict[str, object] = {}
    for change in changes or []:
        name, sign, value = change.partition("=")
        if not sign:
            raise InputError(f"`{change}` is not of the form NAME=VALUE.")
        options[name] = _value(value)
    if model:
        options["model.name"] = model
    settings, complaints = read_settings(options)
    if complaints:
        raise InputError(" ".join(complaints))
    return settings


def _value(text: str) -> object:
    import json

    try:
        return json.loads(text)
    except ValueError:
        return text


def _read_trace(trace: str) -> str:
    if trace == "-":
        return sys.stdin.buffer.read().decode("utf-8", errors="replace")
    try:
        return Path(trace).read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"The trace `{trace}` cannot be read ({error.strerror}).") from error


# The work


def _run(
    producer: str, place: Place, workspace: DiskWorkspace, settings: Settings, desk: CloudDesk
) -> tuple[Outcome, ParsedDocument | None]:
    """The outcome, and the document it changes."""
    task = Task(desk.producer(producer, settings), place)
    outcome = asyncio.run(_work(task, workspace, settings, desk))
    if outcome.change is None:
        return outcome, None
    path = path_of(outcome.change.uri)
    return outcome, workspace.parsed(path) if path else None


async def _work(
    task: Task, workspace: DiskWorkspace, settings: Settings, desk: CloudDesk
) -> Outcome:
    cancel = CancelToken()
    status = output.stderr().status("Starting", spinner="dots")

    def show(phase: Phase) -> None:
        status.update(phase.message)

    def loading(share: float) -> None:
        status.update(f"Loading {share:.0%}")

    session = Session(settings, on_loading=loading, keys=desk.keys)
    session.cloud.is_dry = desk.is_dry
    may_run, may_send = partial(_may_run, status), partial(desk.may_send, status)
    try:
        with _interruptible(cancel), status:
            if desk.is_wanted:
                index = await asyncio.to_thread(built_index, workspace.roots, settings.scope)
                session.assessor.index = index
            return await session.run(task, workspace, cancel, show, may_run, may_send)
    finally:
        await session.close()


async def _may_run(status: Status, question: str) -> bool:
    """Ask at a terminal; elsewhere nobody is there to answer."""
    return output.is_terminal() and await output.confirmed(status, question)


@contextlib.contextmanager
def _interruptible(cancel: CancelToken):  # type: ignore[no-untyped-def]
    """Ctrl-C cancels the job instead of tearing it down."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGINT, cancel.cancel, "Cancelled.")
    except NotImplementedError:  # Windows
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


# What came of it


def _finish(outcome: Outcome, target: ParsedDocument | None, *, write: bool, as_json: bool) -> None:
    """Show the outcome, write it if wanted, and end with the exit code of its label."""
    if as_json:
        output.print_json({**outcome_report(outcome, target), "written": write and bool(target)})
    else:
        _show(outcome, target)
    if write and target is not None:
        _write(outcome, target)
    if outcome.label.verdict is Verdict.DECLINED:
        raise typer.Exit(output.ExitCode.DECLINED)


def _show(outcome: Outcome, target: ParsedDocument | None) -> None:
    console = output.stdout()
    if target is not None:
        diff = _diff(outcome, target)
        console.print(Syntax(diff, "diff", background_color="default", word_wrap=True))
    elif outcome.markdown:
        console.print(Markdown(outcome.markdown) if console.is_terminal else outcome.markdown)
    usage = outcome.usage
    output.say(f"{outcome.title}: {as_clause(outcome.label.sentence)}.")
    output.say(
        f"{usage.model}: {usage.n_prompt_tokens} tokens read in {usage.prefill_s:.1f} s, "
        f"{usage.n_answer_tokens} written in {usage.decode_s:.1f} s"
        f"{f', answers run in {usage.execution_s:.1f} s' if usage.execution_s else ''}."
    )


def _diff(outcome: Outcome, target: ParsedDocument) -> str:
    assert outcome.change is not None
    before = target.snapshot.text.splitlines()
    after = apply_change(outcome.change, target).splitlines()
    name = target.snapshot.name
    return "\n".join(difflib.unified_diff(before, after, name, name, lineterm=""))


def _write(outcome: Outcome, target: ParsedDocument) -> None:
    """Write the file anew, unless it changed since it was read."""
    assert outcome.change is not None
    path = path_of(outcome.change.uri)
    assert path is not None
    if path.read_bytes() != target.source:
        raise InputError(f"{path.name} changed meanwhile, so nothing was written.", "Try again.")
    temporary = path.with_name(f".{path.name}.scopewise")
    temporary.write_bytes(apply_change(outcome.change, target).encode("utf-8"))
    temporary.chmod(path.stat().st_mode)
    temporary.replace(path)
    output.say(f"Wrote {path}.")

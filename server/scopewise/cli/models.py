"""`scopewise models`: the model files on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from scopewise import models
from scopewise.cancel import CancelToken
from scopewise.cli import output
from scopewise.errors import Cancelled, ModelCorrupt
from scopewise.models import ModelSpec, PullProgress, ResolvedModel, Status, StoredModel
from scopewise.settings import ModelSettings, Settings

DEFAULT_NAME = ModelSettings().name

app = typer.Typer(help="List, pull, verify and remove the model files.", no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(help="A name from `list`, a Hugging Face `repo:file`, or a path.")
]
Store = Annotated[
    str, typer.Option("--store", help="Folder of the model files, in place of `model.store`.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")]


@app.command("list")
def list_models(store: Store = "", as_json: AsJson = False) -> None:
    """Show the known models and what of them is on this machine."""
    folder = _folder(store)
    found = [models.inspect(folder, spec) for spec in models.known_models(folder)]
    if as_json:
        output.print_json([_row(model) for model in found])
        return
    output.stdout().print(_table(found))
    output.say(f"* is the default. The store is {folder}.")


@app.command()
def pull(name: Name, store: Store = "", as_json: AsJson = False) -> None:
    """Fetch a model and verify it; a broken download goes on where it stopped."""
    with output.failing():
        found = _pull_with_progress(models.find(name), _folder(store))
    if as_json:
        output.print_json(_facts(found))
    else:
        output.say(f"{found.spec.name} is ready: {found.path}")


@app.command()
def verify(
    name: Annotated[str, typer.Argument(help="All that are in the store when left out.")] = "",
    store: Store = "",
    as_json: AsJson = False,
) -> None:
    """Compute the sha256 again; exit code 1 if a file is not what it should be."""
    folder = _folder(store)
    with output.failing():
        specs = [models.find(name)] if name else _present(folder)
        results = [_verify_one(folder, spec) for spec in specs]
    if as_json:
        output.print_json(results)
    for result in [] if as_json else results:
        output.print_line(f"{result['name']}: {result['message']}")
    if not results and not as_json:
        output.say("The store holds no model.")
    if not all(result["ok"] for result in results):
        raise typer.Exit(output.ExitCode.DECLINED)


@app.command()
def path(name: Name = DEFAULT_NAME, store: Store = "", as_json: AsJson = False) -> None:
    """Print where a model's file is."""
    with output.failing():
        found = models.locate(_folder(store), models.find(name))
    if as_json:
        output.print_json(_facts(found))
    else:
        output.print_line(str(found.path))


@app.command()
def rm(name: Name, store: Store = "", as_json: AsJson = False) -> None:
    """Delete a model's file and what is left of an interrupted pull."""
    with output.failing():
        removed = models.remove(_folder(store), models.find(name))
    if as_json:
        output.print_json([str(file) for file in removed])
    else:
        output.say(f"Deleted {len(removed)} files." if removed else "There was nothing to delete.")


def _folder(store: str) -> Path:
    return models.store_folder(Settings(model=ModelSettings(store=store)))


def _present(folder: Path) -> list[ModelSpec]:
    states = {Status.READY, Status.DAMAGED}
    specs = models.known_models(folder)
    return [spec for spec in specs if models.inspect(folder, spec).status in states]


def _pull_with_progress(spec: ModelSpec, folder: Path) -> ResolvedModel:
    try:
        with _drawn_progress() as report:
            return models.pull(spec, folder, CancelToken(), report)
    except KeyboardInterrupt:
        raise Cancelled(
            "Stopped; what is here already stays.",
            f"`scopewise models pull {spec.name}` goes on from there.",
        ) from None


def _verify_one(folder: Path, spec: ModelSpec) -> dict[str, Any]:
    row = {"name": spec.name, "path": str(folder / spec.file)}
    try:
        found = models.locate(folder, spec)
        sha256 = models.verify(found.path, found.spec)
    except ModelCorrupt as error:
        return {**row, "ok": False, "sha256": None, "message": str(error)}
    verdict = "as expected" if found.spec.sha256 else "with nothing to compare it to"
    return {**row, "ok": True, "sha256": sha256, "message": f"sha256 {sha256}, {verdict}."}


def _facts(found: ResolvedModel) -> dict[str, Any]:
    spec = found.spec
    size = found.path.stat().st_size
    return {"name": spec.name, "path": str(found.path), "size": size, "sha256": spec.sha256}


def _row(model: StoredModel) -> dict[str, Any]:
    spec = model.spec
    return {
        "name": spec.name,
        "size": spec.size,
        "role": spec.role,
        "licence": spec.licence,
        "context_tokens": spec.context_tokens,
        "sha256": spec.sha256,
        "status": model.status.value,
        "bytes_on_disk": model.n_bytes,
        "is_default": spec.name == DEFAULT_NAME,
        "path": str(model.path),
    }


def _table(found: list[StoredModel]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("Name", "Size", "Role", "Licence", "Context", "Status"):
        table.add_column(heading, justify="right" if heading in {"Size", "Context"} else "left")
    for model in found:
        spec = model.spec
        table.add_row(
            f"{spec.name} *" if spec.name == DEFAULT_NAME else spec.name,
            "?" if spec.size is None else decimal(spec.size),
            spec.role,
            spec.licence,
            "?" if spec.context_tokens is None else str(spec.context_tokens),
            _state(model),
        )
    return table


def _state(model: StoredModel) -> str:
    if model.status is not Status.PARTIAL:
        return model.status.value
    if not model.spec.size:
        return f"partial ({decimal(model.n_bytes)})"
    return f"partial ({100 * model.n_bytes // model.spec.size} %)"


@contextmanager
def _drawn_progress() -> Iterator[Callable[[PullProgress], None]]:
    """A bar on stderr with rate and time left, and the pull's messages above it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=output.stderr()) as bars:

        def report(progress: PullProgress) -> None:
            if progress.message:
                bars.console.print(progress.message, markup=False, highlight=False, soft_wrap=True)
            elif progress.phase in tasks:
                bars.update(tasks[progress.phase], completed=progress.done_bytes)
            else:
                # What is there at the start must not count as speed.
                done, total = progress.done_bytes, progress.total_bytes
                tasks[progress.phase] = bars.add_task(
                    progress.phase.capitalize(), total=total, completed=done
                )

        yield report

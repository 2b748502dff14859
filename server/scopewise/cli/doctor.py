"""`scopewise doctor`: what is missing on this machine, and how to get it."""

from __future__ import annotations

import asyncio
import importlib.util
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from scopewise.actions.session import Session, model_config
from scopewise.cancel import CancelToken
from scopewise.cli import output
from scopewise.cli.actions import Model, Set, settings_from
from scopewise.engine.llamacpp import physical_cores
from scopewise.engine.protocol import Completion, Message, Request, complete
from scopewise.errors import ScopewiseError
from scopewise.sandbox import find_sandbox
from scopewise.settings import Settings

_USABLE_TOKENS_PER_S = 8.0
"""Below this a body of 70 tokens takes longer than people wait for (about ten seconds)."""
_OVERHEAD_BYTES = 700_000_000
"""Memory besides the weights: KV cache, compute buffers, Python."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    status: str
    """`ok`, `warning` or `missing`."""
    found: str
    remedy: str = ""


def doctor(
    model: Model = "",
    changes: Set = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not load the model to measure its speed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")] = False,
) -> None:
    """Say what is missing and how to get it; measure whether the model is fast enough here."""
    with output.failing():
        settings = settings_from(model, changes)
    findings = list(_findings(settings, quick))
    if as_json:
        output.print_json([asdict(finding) for finding in findings])
    else:
        output.stdout().print(_table(findings))
    if any(finding.status == "missing" for finding in findings):
        raise typer.Exit(output.ExitCode.DECLINED)


def _findings(settings: Settings, quick: bool) -> Iterator[Finding]:
    yield _python()
    bindings = _bindings()
    yield bindings
    yield _compiler(is_needed=bindings.status != "ok")
    model = _model(settings)
    yield model
    yield from _memory(settings)
    yield Finding("cores", "ok", f"{physical_cores()} physical cores usable")
    yield _sandbox()
    if not quick and bindings.status == model.status == "ok":
        yield asyncio.run(_speed(settings))


def _python() -> Finding:
    return Finding("Python", "ok", f"{platform.python_version()} at {sys.executable}")


def _bindings() -> Finding:
    if importlib.util.find_spec("llama_cpp") is None:
        return Finding(
            "llama-cpp-python",
            "missing",
            "not installed",
            "Type `pip install 'scopewise[local]'`; compiling it takes about five minutes.",
        )
    from importlib.metadata import version

    return Finding("llama-cpp-python", "ok", version("llama-cpp-python"))


def _compiler(is_needed: bool) -> Finding:
    found = next((name for name in ("c++", "g++", "clang++") if shutil.which(name)), "")
    if found:
        return Finding("C++ compiler", "ok", found)
    status = "missing" if is_needed else "ok"
    remedy = "Install one, such as Debian's `build-essential`." if is_needed else ""
    return Finding("C++ compiler", status, "none", remedy)


def _model(settings: Settings) -> Finding:
    try:
        config = model_config(settings)
    except ScopewiseError as error:
        return Finding("model", "missing", error.message, error.remedy)
    return Finding("model", "ok", f"{config.name} at {config.path}")


def _memory(settings: Settings) -> Iterator[Finding]:
    import psutil

    available = psutil.virtual_memory().available
    found = f"{available / 1e9:.1f} GB available"
    try:
        needed = Path(model_config(settings).path).stat().st_size + _OVERHEAD_BYTES
    except ScopewiseError:
        yield Finding("memory", "ok", found)
        return
    found += f", about {needed / 1e9:.1f} GB needed"
    if available < needed:
        yield Finding("memory", "warning", found, "Close something, or choose a smaller model.")
    else:
        yield Finding("memory", "ok", found)


def _sandbox() -> Finding:
    availability = find_sandbox()
    if availability.sandbox is not None:
        return Finding("sandbox", "ok", f"{availability.sandbox.name}: answers are run in it")
    return Finding(
        "sandbox",
        "warning",
        f"none, so answers are not run and labels are weaker: {availability.reason}",
        "On Linux, install bubblewrap and allow user namespaces.",
    )


async def _speed(settings: Settings) -> Finding:
    """Reading and writing speed, in tokens a second, over one short answer."""
    session = Session(settings)
    text = "Say in a few sentences what a binary search does, and when it fails. " * 6
    request = Request(messages=(Message("user", text),), max_tokens=48, guard="off")
    try:
        completion = await complete(session.engine, request, CancelToken())
    except ScopewiseError as error:
        return Finding("speed", "missing", error.message, error.remedy)
    finally:
        await session.close()
    return _judged(completion)


def _judged(completion: Completion) -> Finding:
    n_read = completion.n_prompt_tokens - completion.n_cached_tokens
    reading = n_read / max(completion.prefill_s, 1e-6)
    writing = completion.n_answer_tokens / max(completion.decode_s, 1e-6)
    found = f"reads {reading:.0f} tokens/s, writes {writing:.1f} tokens/s"
    if writing < _USABLE_TOKENS_PER_S:
        remedy = "That is slow to wait for: choose a smaller model, or close what uses the cores."
        return Finding("speed", "warning", found, remedy)
    return Finding("speed", "ok", f"{found}: usable interactively")


def _table(findings: list[Finding]) -> Table:
    table = Table("", "what", "found", "what to do", box=None, pad_edge=False)
    marks = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "missing": "[red]missing[/]"}
    for finding in findings:
        table.add_row(marks[finding.status], finding.what, finding.found, finding.remedy)
    return table

"""How the commands speak: results on stdout, everything else on stderr, and an exit code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn

import msgspec
import typer
from rich.console import Console
from rich.status import Status

from scopewise.errors import Cancelled, EngineError, ModelError, ScopewiseError


class ExitCode(IntEnum):
    OK = 0
    DECLINED = 1
    """The work was done and the result is no: a check failed, a hash differs."""
    USAGE = 2
    MODEL = 3
    """The model's file is missing or wrong, or could not be pulled."""
    ENGINE = 4
    CANCELLED = 130


def stdout() -> Console:
    """For results that people read, such as tables."""
    return Console()


def stderr() -> Console:
    """For progress and messages."""
    return Console(stderr=True)


def print_line(text: str) -> None:
    """A result on stdout exactly as it is, however narrow the terminal."""
    sys.stdout.write(f"{text}\n")


def print_json(value: Any) -> None:
    """A result on stdout for programs."""
    print_line(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def say(message: str) -> None:
    """A message on stderr."""
    stderr().print(message, markup=False, highlight=False, soft_wrap=True)


def is_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


async def confirmed(status: Status, question: str) -> bool:
    """What the user answers; no when they interrupt."""
    status.stop()
    try:
        return await asyncio.to_thread(typer.confirm, question, default=False, err=True)
    except typer.Abort:
        return False
    finally:
        status.start()


def fail(error: ScopewiseError) -> NoReturn:
    """Ends the command with one line on stderr and the error's exit code."""
    say(str(error))
    raise typer.Exit(exit_code(error))


@contextmanager
def failing() -> Iterator[None]:
    """Ends the command by `fail` when the block raises an error of ours."""
    try:
        yield
    except ScopewiseError as error:
        fail(error)


def exit_code(error: ScopewiseError) -> ExitCode:
    """InputError and StaleDocument are about what was asked for, so they count as usage."""
    if isinstance(error, Cancelled):
        return ExitCode.CANCELLED
    if isinstance(error, ModelError):
        return ExitCode.MODEL
    if isinstance(error, EngineError):
        return ExitCode.ENGINE
    return ExitCode.USAGE

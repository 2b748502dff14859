"""Our commands and their arguments, which scripts and key bindings may write by hand."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from lsprotocol import types as lsp
from msgspec import Meta
from pygls.exceptions import JsonRpcInvalidParams

RUN = "scopewise.run"
FIX_TRACE = "scopewise.fixTrace"
CANCEL_ALL = "scopewise.cancelAll"
PULL_MODEL = "scopewise.pullModel"
STATUS = "scopewise.status"
PAUSE = "scopewise.pause"
MODELS = "scopewise.models"

API_KEY = "scopewise/apiKey"
"""A notification, not a command: editors keep the arguments of commands in their logs."""

T = TypeVar("T")
Count = Annotated[int, Meta(ge=0)]


class Position(msgspec.Struct, frozen=True):
    line: Count
    character: Count


class Range(msgspec.Struct, frozen=True):
    start: Position
    end: Position

    def to_lsp(self) -> lsp.Range:
        return lsp.Range(
            lsp.Position(self.start.line, self.start.character),
            lsp.Position(self.end.line, self.end.character),
        )


class RunArguments(msgspec.Struct, frozen=True, kw_only=True):
    """What `scopewise.run` is given: all that is known of a job between its offer and its start."""

    producer: str
    uri: str
    range: Range
    """In the units of the agreed position encoding."""
    version: int | None = None
    """The version of the document the range refers to; None for the present one."""
    target: str = ""
    """What was offered there, so that it is found again in a newer version."""
    wait: bool = False
    """Answer when the job is done, with its outcome."""
    apply: bool = False
    """With `wait`: also apply or show the outcome."""


class FixTraceArguments(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    """The stack trace, with whatever stands around it."""
    wait: bool = False
    apply: bool = False


class PullArguments(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    """Empty for the model of the settings."""


class PauseArguments(msgspec.Struct, frozen=True, kw_only=True):
    paused: bool


def read_arguments(command: str, arguments: tuple[object, ...], kind: type[T]) -> T:
    """The single argument of a command; raises JsonRpcInvalidParams with one sentence."""
    if len(arguments) > 1:
        raise JsonRpcInvalidParams(f"{command} takes one argument, an object.")
    try:
        return msgspec.convert(arguments[0] if arguments else {}, kind)
    except msgspec.ValidationError as error:
        raise JsonRpcInvalidParams(f"{command}: {error}.") from error

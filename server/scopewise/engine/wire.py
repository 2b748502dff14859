"""What the language server and the model's process say to each other: one JSON object a line.

JSON, not pickle: nothing that crosses the pipe can name code to run.
"""

from __future__ import annotations

import msgspec

from scopewise.engine.llamacpp import ModelConfig
from scopewise.engine.protocol import Completion, Delta, Prefill, Request


class Load(msgspec.Struct, frozen=True, tag="load"):
    """The first thing said to a new process."""

    config: ModelConfig


class Generate(msgspec.Struct, frozen=True, tag="generate"):
    id: int
    request: Request


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Stop generation `id`, whether it runs or waits."""

    id: int


class Count(msgspec.Struct, frozen=True, tag="count"):
    id: int
    texts: tuple[str, ...]


ToWorker = Load | Generate | Stop | Count


class Loading(msgspec.Struct, frozen=True, tag="loading"):
    share: float


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    context_tokens: int
    description: str


class Happened(msgspec.Struct, frozen=True, tag="happened"):
    """An event of generation `id`; a Completion is its last."""

    id: int
    event: Prefill | Delta | Completion


class Counted(msgspec.Struct, frozen=True, tag="counted"):
    id: int
    counts: tuple[int, ...]


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Request `id` failed; None when loading did. `kind` names a class of `scopewise.errors`."""

    id: int | None
    kind: str
    message: str
    remedy: str = ""


ToServer = Loading | Ready | Happened | Counted | Failed

to_worker = msgspec.json.Decoder(ToWorker)
to_server = msgspec.json.Decoder(ToServer)
encode = msgspec.json.Encoder().encode

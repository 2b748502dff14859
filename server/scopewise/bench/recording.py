"""An engine that remembers what a model answered, so that a measurement can be resumed.

Two runs that ask the same thing get the same answer with the seconds it took the first time: an
ablation then compares what the loop makes of the answers, not the luck of the draw, and pays only
for the requests the other run did not make.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path

import msgspec

from scopewise.cancel import CancelToken
from scopewise.engine.protocol import Completion, Engine, EngineInfo, Event, Request


class _Recorded(msgspec.Struct):
    """One line of the recording."""

    key: str
    completion: Completion | None = None
    n_tokens: int = 0


class RecordingEngine:
    """Asks the engine behind it only what is not in the recording yet."""

    def __init__(self, engine: Engine, model: str, path: Path) -> None:
        """`path` is a file of JSON lines, made when it is missing; `model` tells models apart."""
        self._engine = engine
        self._model = model
        self._path = path
        self._known = {recorded.key: recorded for recorded in _read(path)}

    async def generate(self, request: Request, cancel: CancelToken) -> AsyncGenerator[Event, None]:
        cancel.check()
        key = self._key("generate", msgspec.json.encode(request))
        known = self._known.get(key)
        if known is not None and known.completion is not None:
            yield known.completion
            return
        async for event in self._engine.generate(request, cancel):
            if isinstance(event, Completion):
                self._add(_Recorded(key, event))
            yield event

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        keys = [self._key("count", text.encode("utf-8", errors="replace")) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            counts = await self._engine.count_tokens(list(new.values()))
            for key, count in zip(new, counts, strict=True):
                self._add(_Recorded(key, n_tokens=count))
        return [self._known[key].n_tokens for key in keys]

    async def describe(self) -> EngineInfo:
        return await self._engine.describe()

    async def close(self) -> None:
        await self._engine.close()

    def _key(self, what: str, data: bytes) -> str:
        return hashlib.sha256(f"{self._model}\n{what}\n".encode() + data).hexdigest()

    def _add(self, recorded: _Recorded) -> None:
        self._known[recorded.key] = recorded
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(recorded) + b"\n")


def _read(path: Path) -> Iterator[_Recorded]:
    """The lines of a recording; one cut short by a kill is left out."""
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            yield msgspec.json.decode(line, type=_Recorded)
        except msgspec.DecodeError:
            continue

"""What the model is doing, for clients that show it and for whoever asks."""

from __future__ import annotations

import enum
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from scopewise.lsp.pacing import Pace

METHOD = "scopewise/status"

_INTERVAL_S = 0.25
_WINDOW_S = 3.0
"""Seconds over which the speed is told: a single token says little."""
_EARLIEST_S = 0.3
"""Seconds of writing before there is a speed to tell."""


class State(enum.StrEnum):
    UNLOADED = "unloaded"
    LOADING = "loading"
    IDLE = "idle"
    GENERATING = "generating"
    PROBLEM = "problem"
    PAUSED = "paused"


_SENTENCES = {
    State.UNLOADED: "The model is not in memory; the next action loads it.",
    State.LOADING: "The model is being loaded.",
    State.IDLE: "The model is ready.",
    State.GENERATING: "The model is reading the prompt.",
    State.PAUSED: "scopewise is paused: it offers nothing and runs nothing.",
}


@dataclass(frozen=True)
class Shown:
    """A status as it is told."""

    state: State = State.UNLOADED
    model: str = ""
    message: str = _SENTENCES[State.UNLOADED]
    tokens_per_second: float | None = None
    share: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "state": self.state.value,
            "model": self.model,
            "message": self.message,
            "tokensPerSecond": self.tokens_per_second,
            "share": self.share,
        }


class Status:
    """Follows the engine, as a `Watcher`, and tells every change."""

    def __init__(self, tell: Callable[[Shown], None], clock: Callable[[], float] = time.monotonic):
        """`tell` gets each new status, at most four a second."""
        self._tell = tell
        self._clock = clock
        self._pace = Pace(self._send, _INTERVAL_S)
        self._now = Shown()
        self._told: Shown | None = None
        self._speed = Speed()
        self._is_paused = False

    @property
    def now(self) -> Shown:
        return self._as(State.PAUSED) if self._is_paused else self._now

    def begin(self, model: str, problem: str = "") -> None:
        """A model was chosen, or looked at again: it is not in memory, or cannot be used."""
        state = State.PROBLEM if problem else State.UNLOADED
        self._change(Shown(state, model, problem or _SENTENCES[state]))

    def pause(self, is_paused: bool) -> None:
        self._is_paused = is_paused
        self._pace.due()

    def close(self) -> None:
        """Tell nothing more."""
        self._tell = lambda _: None
        self._pace.stop()

    # What the engine tells

    def loading(self, share: float) -> None:
        message = f"Loading the model: {share:.0%}."
        self._change(self._as(State.LOADING, message, share=round(share, 3)))

    def reading(self) -> None:
        self._speed = Speed()
        self._change(self._as(State.GENERATING))

    def writing(self, n_tokens: int) -> None:
        if self._now.state is not State.GENERATING:
            self._speed = Speed()
        per_second = self._speed.add(self._clock(), n_tokens)
        speed = f" {per_second:.3g} tokens a second" if per_second else ""
        message = f"The model is writing{speed}."
        self._change(self._as(State.GENERATING, message, tokens_per_second=per_second))

    def ready(self) -> None:
        self._change(self._as(State.IDLE))

    def unloaded(self) -> None:
        self._change(self._as(State.UNLOADED))

    def failed(self, sentence: str) -> None:
        self._change(self._as(State.PROBLEM, sentence))

    def _as(self, state: State, message: str = "", **parts: float | None) -> Shown:
        empty = Shown(state, self._now.model, message or _SENTENCES[state])
        return replace(empty, **parts)  # type: ignore[arg-type]

    def _change(self, shown: Shown) -> None:
        self._now = shown
        self._pace.due()

    def _send(self) -> None:
        shown = self.now
        if shown != self._told:
            self._told = shown
            self._tell(shown)


class Speed:
    """Tokens a second over the last seconds."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, int]] = deque()

    def add(self, now: float, n_tokens: int) -> float | None:
        """The speed after so many more tokens; None while it is too early to tell."""
        self._recent.append((now, n_tokens))
        while now - self._recent[0][0] > _WINDOW_S:
            self._recent.popleft()
        since, n_before = self._recent[0]
        n_written = sum(count for _, count in self._recent) - n_before
        return round(n_written / (now - since), 1) if now - since >= _EARLIEST_S else None

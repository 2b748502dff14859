"""How many threads to decode with while other programs want the cores too.

llama.cpp's threads meet at a barrier several hundred times a token.
When another program takes one core, every meeting waits for the scheduler, and decoding falls to a
tenth of its speed or less; with one thread there is nothing to wait for, and it only halves.
So a run of slow tokens switches to one thread for a while, and then more threads are tried again.
"""

from __future__ import annotations

from collections import deque

_SLOW_FACTOR = 3.0
"""A token counts as slow from this multiple of the best time seen."""
_SLOW_S = 0.25
"""Seconds a token takes that are slow whatever was seen before."""
_N_SLOW = 3
"""Slow tokens in a row before threads are given up."""
_FIRST_REST = 24
_LONGEST_REST = 200
"""Tokens with one thread before more are tried again; doubled each time they stay slow."""


class ThreadPace:
    """Watches the time of every decoded token."""

    def __init__(self, n_threads: int) -> None:
        self._n_threads = n_threads
        self._best: dict[int, float] = {}
        self._alone: dict[int, float] = {}
        self._recent: deque[bool] = deque(maxlen=_N_SLOW)
        self._rest = _FIRST_REST
        self._n_resting = 0

    @property
    def n_threads(self) -> int:
        """Threads to decode the next token with."""
        return 1 if self._n_resting else self._n_threads

    def observe(self, n_sequences: int, seconds: float) -> None:
        """Note how long one call that decoded a token of each of `n_sequences` took."""
        if self._n_threads == 1:
            return
        known = self._alone if self._n_resting else self._best
        known[n_sequences] = min(known.get(n_sequences, seconds), seconds)
        if self._n_resting:
            self._n_resting -= 1
            return
        self._recent.append(seconds > self._limit(n_sequences))
        if len(self._recent) == _N_SLOW and all(self._recent):
            self._n_resting = self._rest
            self._rest = min(2 * self._rest, _LONGEST_REST)
            self._recent.clear()
        elif not any(self._recent):
            self._rest = _FIRST_REST

    def _limit(self, n_sequences: int) -> float:
        """Seconds from which a call counts as slow; one thread's own time once it is known."""
        by_best = _SLOW_FACTOR * self._best[n_sequences]
        return min(by_best, self._alone.get(n_sequences, _SLOW_S * n_sequences))

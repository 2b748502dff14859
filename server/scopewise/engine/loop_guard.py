"""Sees that a model has begun to repeat itself, while it writes.

Small models fall into three kinds of loop: the same tokens, the same or nearly the same lines, and
lines that differ only in a name or a number. The last kind is the commonest in code and invisible
to comparisons of text (Dong et al. 2025, "Rethinking Repetition Problems of LLMs in Code
Generation", arXiv 2505.10402), so it is looked for in the syntax tree.

The limits are set so that tables, long initialisers and chains of conditions a person would write
stay below them.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

MAX_PERIOD = 256
"""Longest repeated run of tokens looked for."""
MAX_EQUAL_LINES = 5
MAX_NEAR_LINES = 10
NEAR_RATIO = 0.92
"""Similarity (difflib's ratio) from which two lines count as nearly the same."""
MIN_NEAR_LENGTH = 24
"""Shorter lines are alike too easily, in characters."""
MAX_EQUAL_SHAPES = 24

Shapes = Callable[[str], Sequence[str]]


class LoopGuard:
    """Watches one sample; `push` answers why it is a loop, or an empty string."""

    def __init__(self, shapes: Shapes | None = None) -> None:
        self._tokens: list[int] = []
        self._runs = [0] * (MAX_PERIOD + 1)
        self._text = ""
        self._n_lines_seen = 0
        self._shapes = shapes

    def push(self, token: int, text: str) -> str:
        """`text` is what became certain with this token, possibly nothing."""
        period = self._period_after(token)
        if period:
            return f"the same {period} tokens over and over"
        self._text += text
        if "\n" not in text:
            return ""
        return self._loop_in_lines()

    def _period_after(self, token: int) -> int:
        tokens = self._tokens
        tokens.append(token)
        n_tokens = len(tokens)
        for period in range(1, min(MAX_PERIOD, n_tokens - 1) + 1):
            if tokens[n_tokens - 1 - period] != token:
                self._runs[period] = 0
                continue
            self._runs[period] += 1
            if self._runs[period] >= period * (_n_repeats_allowed(period) - 1):
                return period
        return 0

    def _loop_in_lines(self) -> str:
        lines = [line.strip() for line in self._text.splitlines() if line.strip()]
        if len(lines) == self._n_lines_seen:
            return ""
        self._n_lines_seen = len(lines)
        if _run_at_end(lines, _is_equal) > MAX_EQUAL_LINES:
            return "the same line over and over"
        if _run_at_end(lines, _is_near) > MAX_NEAR_LINES:
            return "nearly the same line over and over"
        if self._shapes is not None and len(lines) > MAX_EQUAL_SHAPES:
            shapes = self._shapes(self._text)
            if _run_at_end(shapes, _is_same) > MAX_EQUAL_SHAPES:
                return "statements of the same shape over and over"
        return ""


def _n_repeats_allowed(period: int) -> int:
    """Short runs repeat in honest code (a row of zeros), long ones do not."""
    if period < 4:
        return 32
    return 10 if period < 16 else 4


def _run_at_end(items: Sequence[str], is_alike: Callable[[str, str], bool]) -> int:
    run = 1
    while run < len(items) and is_alike(items[-run], items[-run - 1]):
        run += 1
    return run


def _is_same(left: str, right: str) -> bool:
    return left == right


def _is_equal(left: str, right: str) -> bool:
    return left == right and any(character.isalnum() for character in left)


def _is_near(left: str, right: str) -> bool:
    if min(len(left), len(right)) < MIN_NEAR_LENGTH:
        return False
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    return matcher.quick_ratio() >= NEAR_RATIO and matcher.ratio() >= NEAR_RATIO

"""Sees that a model has begun to repeat itself, while it writes.

Small models fall into three kinds of loop: the same tokens, the same or nearly the same lines, and
lines that differ only in a name or a number. The last kind is the commonest in code and invisible
to comparisons of text (Dong et al. 2025, "Rethinking Repetition Problems of LLMs in Code
Generation", arXiv 2505.10402), so it is looked for in the syntax tree.
What a line is in code a sentence is in prose, which may go on for ever in a single line.

The limits are set so that tables, long initialisers and chains of conditions a person would write
stay below them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence

MAX_PERIOD = 256
"""Longest repeated run of tokens looked for."""
MAX_EQUAL_LINES = 5
"""Lines, or sentences of prose, that may follow one another and be equal."""
MAX_NEAR_LINES = 10
NEAR_RATIO = 0.92
"""Similarity (difflib's ratio) from which two lines count as nearly the same."""
MIN_NEAR_LENGTH = 24
"""Shorter lines are alike too easily, in characters."""
MAX_EQUAL_SHAPES = 24

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")

Shapes = Callable[[str], Sequence[str]]


class LoopGuard:
    """Watches one sample; `push` answers why it is a loop, or an empty string."""

    def __init__(self, shapes: Shapes | None = None, *, is_prose: bool = False) -> None:
        self._tokens: list[int] = []
        self._runs = [0] * (MAX_PERIOD + 1)
        self._text = ""
        self._n_parts_seen = 0
        self._shapes = shapes
        self._is_prose = is_prose

    def push(self, token: int, text: str) -> str:
        """`text` is what became certain with this token, possibly nothing."""
        period = self._period_after(token)
        if period:
            return f"the same {period} tokens over and over"
        self._text += text
        # With the character before, at which a sentence may have ended.
        tail = self._text[-len(text) - 1 :]
        ends_part = _SENTENCE_END.search(tail) if self._is_prose else "\n" in text
        return self._loop_in_parts() if ends_part else ""

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

    def _loop_in_parts(self) -> str:
        what, parts_of = ("sentence", _sentences) if self._is_prose else ("line", _lines)
        parts = parts_of(self._text)
        if len(parts) == self._n_parts_seen:
            return ""
        self._n_parts_seen = len(parts)
        if _run_at_end(parts, _is_equal) > MAX_EQUAL_LINES:
            return f"the same {what} over and over"
        if _run_at_end(parts, _is_near) > MAX_NEAR_LINES:
            return f"nearly the same {what} over and over"
        if self._shapes is not None and len(parts) > MAX_EQUAL_SHAPES:
            shapes = self._shapes(self._text)
            if _run_at_end(shapes, _is_same) > MAX_EQUAL_SHAPES:
                return "statements of the same shape over and over"
        return ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _sentences(text: str) -> list[str]:
    """Those that are over."""
    return [part.strip() for part in _SENTENCE_END.split(text)[:-1] if part.strip()]


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

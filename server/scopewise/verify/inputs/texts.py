"""What strings a parameter takes, learnt from those that examples show."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_LENGTH = 12
_PLAIN = "abcdeXY"
_PART = re.compile(r"[^\W\d_]+|\d+|\s+|[^\w\s]+|_+")
_SPACES = re.compile(r"\s+")
_SIGNS = re.compile(r"[,;|/]\s*|\s+")
_PROSE_SIGNS = ".,!?'\"-:;"


@dataclass(frozen=True)
class Texts:
    """The strings of one parameter, and what they are made of."""

    seen: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """What stands between separators; empty when the strings hold one word each."""
    separators: tuple[str, ...] = ()
    alphabet: str = _PLAIN
    is_format: bool = False
    """The strings are written to a pattern (a date, a path, a formula): characters drawn freely
    would not be."""
    is_closed: bool = False
    """The words are all of them named in the docstring, or come again and again: others mean
    nothing."""
    max_length: int = MAX_LENGTH
    size: int | None = None
    """The length of each, where all of several have the same."""


def learn(seen: Sequence[str], quoted: Sequence[str], text: str) -> Texts:
    """What can be said of the strings of a parameter."""
    if not seen:
        return _described(quoted, text)
    separator = _SPACES if any(" " in each.strip() for each in seen) else _SIGNS
    words = tuple(dict.fromkeys(w for each in seen for w in separator.split(each) if w))
    separators = tuple(dict.fromkeys(s for each in seen for s in separator.findall(each)))
    is_named = len(quoted) > 1 and bool(words) and set(words) <= set(quoted)
    is_closed = is_named or any(map(_is_repetitive, seen))
    sizes = {len(each) for each in seen}
    return Texts(
        seen=tuple(dict.fromkeys(seen)),
        words=tuple(dict.fromkeys((*words, *quoted))) if is_named else words if separators else (),
        separators=separators,
        alphabet="".join(dict.fromkeys("".join(seen))) or _PLAIN,
        is_format=not is_closed and _is_format(seen),
        is_closed=is_closed,
        max_length=max(MAX_LENGTH, min(max(sizes), 40)),
        size=min(sizes) if len(sizes) == 1 and len(set(seen)) >= 3 else None,
    )


def rewritten(text: str, seen: Sequence[str], rng: random.Random) -> str:
    """A text of the same pattern: other numbers, and parts of other texts like it."""
    parts = parts_of(text)
    alike = [parts_of(each) for each in seen if skeleton(each) == skeleton(text)]
    least = 0 if any(_has_zero(each) for each in seen) else 1
    for index, part in enumerate(parts):
        if part.isalnum() and rng.random() < 0.5:
            parts[index] = rng.choice(alike)[index] if alike else part
        if parts[index].isdecimal() and rng.random() < 0.6:
            sizes = {len(each[index]) for each in alike}
            width = sizes.pop() if len(alike) > 1 and len(sizes) == 1 else 0
            parts[index] = _moved(parts[index], rng, least, width)
    if len(parts) > 2 and rng.random() < 0.15 and not any(part.isdecimal() for part in parts):
        return "".join(parts[2:] if rng.random() < 0.5 else parts[:-2])
    return "".join(parts)


def parts_of(text: str) -> list[str]:
    """Words, numbers, blanks and signs of a text, in order; joined they are the text."""
    return _PART.findall(text)


def skeleton(text: str) -> str:
    """The text with every word and every number written alike."""
    return _PART.sub(lambda part: _kind_of(part[0]), text)


def _kind_of(part: str) -> str:
    if part.isdecimal():
        return "0"
    return "a" if part[0].isalpha() else part


def _moved(digits: str, rng: random.Random, least: int, width: int) -> str:
    """A number near this one, as wide as it must be: 0 for any width."""
    if len(digits) > 9:
        return digits
    number = max(int(digits) + rng.choice([-2, -1, 1, 2, 5, 10]), least)
    if width:
        return str(min(number, 10**width - 1)).zfill(width)
    return str(number).zfill(len(digits)) if digits[0] == "0" else str(number)


def _is_repetitive(text: str) -> bool:
    """Whether a text is a row of a few signs or marks, like notes in a score."""
    words = text.split()
    is_marked = any(_has_signs(word) or not word.isalnum() for word in words)
    has_digits = any(c.isdecimal() for c in text)
    return len(words) >= 4 and len(set(words)) <= 0.6 * len(words) and is_marked and not has_digits


def _has_zero(text: str) -> bool:
    return any(part.isdecimal() and int(part) == 0 for part in parts_of(text))


def _described(quoted: Sequence[str], text: str) -> Texts:
    alphabet = _PLAIN
    if re.search(r"\bbinary\b|\b0'?s? and 1'?s?\b|\b1'?s? and 0'?s?\b", text, re.I):
        alphabet = "01"
    elif re.search(r"\b(?:digits|numeric)\b", text, re.I):
        alphabet = "0123456789"
    elif re.search(r"\blower-?case\b", text, re.I):
        alphabet = "abcdexy"
    if re.search(r"\b(?:sentence|words)\b", text, re.I):
        alphabet += "  "
    return Texts(seen=tuple(quoted), alphabet=alphabet)


def _is_format(seen: Sequence[str]) -> bool:
    """Whether the strings are written to a pattern, rather than any words or any signs."""
    filled = [text for text in seen if text]
    n_mixed = sum(map(_is_mixed, filled))
    if not n_mixed or n_mixed * 2 < len(filled):
        return False
    if any(_has_signs(text) for text in filled):
        return True
    return len({skeleton(text) for text in filled}) == 1


def _is_mixed(text: str) -> bool:
    """Whether numbers stand beside other things, or words beside signs prose has not."""
    parts = parts_of(text)
    has_number = any(part.isdecimal() for part in parts)
    has_word = any(part.isalpha() for part in parts)
    if has_number:
        return len(parts) > 1 and not text.isalnum()
    return has_word and _has_signs(text)


def _has_signs(text: str) -> bool:
    """Whether there are signs that prose has not, or none that prose has not there: `a.b`."""
    parts = parts_of(text)
    for before, sign, after in zip(parts, parts[1:], parts[2:], strict=False):
        if before.isalnum() and after.isalnum() and not sign.isspace() and sign != "'":
            return True
    signs = {c for c in text if not c.isalnum() and not c.isspace()}
    return bool(signs - set(_PROSE_SIGNS))

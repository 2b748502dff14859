"""Numbers and counted things as people write them."""

from __future__ import annotations

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def in_words(number: int) -> str:
    """Below ten a word, from ten on digits."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "one file", "three files"."""
    return f"{in_words(number)} {noun if number == 1 else plural or noun + 's'}"

"""The output below a prompt: where it ends, and what on it is a remark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scopewise.verify.examples.expressions import literal, open_brackets, parsed, without_comment

_MAX_LINES = 60
"""Lines of an output that is one expression."""

_MARKUP = re.compile(r"\s*(?::\w+[^:]*:|@\w+|```|~~~|\.\. |\"\"\"|''')")
_HEADING = re.compile(
    r"\s*(?:[-*•] |[-=~]{3,}\s*$|"
    r"(?:Args|Arguments|Parameters|Returns?|Raises|Yields|Notes?|Examples?|Explanation|See also|"
    r"Input|Output|Constraints?|Warnings?|Todo|References?)\b[^:]{0,20}:)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\s*[^\W\d_][\w'’-]*[,:;]?(?:\s+\S+){2}")
_UNSURE = re.compile(r"#.*(?:\b(?:vary|varies|random|approx|depend|e\.g)|doctest:|\.\.\.|~)")


def cleaned(want: list[str]) -> list[str] | None:
    """An output without what a person wrote round it; None when it is not certain what it is."""
    return _without_remarks(_without_prose(want))


def _without_prose(want: list[str]) -> list[str] | None:
    """An output without the text that follows it where a blank line was forgotten; None when it
    cannot be told where the output ends."""
    if (n_output := _first(_MARKUP, want)) is not None:
        want = want[:n_output]
    n_value = _n_value_lines(want)
    is_value = bool(n_value) and literal("\n".join(want[:n_value]))[0]
    if n_value is None or n_value == len(want):
        return want if _first(_HEADING, want) is None or is_value else None
    if not _SENTENCE.match(want[n_value]) and not _HEADING.match(want[n_value]):
        return want
    return want[:n_value] if is_value else None


def _without_remarks(want: list[str] | None) -> list[str] | None:
    """An output without the comments on it, such as `# sorted`; None when they say that it is not
    the same each time."""
    if not want or "#" not in "".join(want) or parsed("\n".join(want)) is None:
        return want
    found = [without_comment(line) for line in want]
    is_unsure = any(
        _UNSURE.search(line[len(kept) :]) for line, kept in zip(want, found, strict=True)
    )
    return None if is_unsure else found


def _first(pattern: re.Pattern[str], lines: Sequence[str]) -> int | None:
    return next((index for index, line in enumerate(lines) if pattern.match(line)), None)


def _n_value_lines(want: Sequence[str]) -> int | None:
    """How many of the first lines are one Python expression; None when it is something else."""
    depth = 0
    for index, line in enumerate(want[:_MAX_LINES]):
        opened = open_brackets(line)
        if opened is None:
            return None
        depth += opened
        if depth <= 0:
            is_value = parsed("\n".join(want[: index + 1])) is not None
            return index + 1 if is_value else None
    return None

"""The examples in a docstring, as things that can be run.

What is not certain is not an example: a wrong reading would hold a right answer back.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from scopewise.verify.behaviour import Example
from scopewise.verify.examples.blocks import read_blocks
from scopewise.verify.examples.doctests import read_session
from scopewise.verify.examples.expressions import literal, parsed
from scopewise.verify.examples.wording import Spec
from scopewise.verify.examples.written import Written, read_written

__all__ = ["read_examples"]

_BY_CHANCE = re.compile(
    r"\brandomly\s+(?:generat|choos|select|pick|creat|plac|assign|draw|shuffl)|\bshuffl(?:e|es|ing)\b|"
    r"\b(?:generat|creat|return|choos|pick|select|produc|draw)(?:e|es|s)?\s+(?:an?\s+)?random\b",
    re.IGNORECASE,
)
"""A function that says it leaves its result to chance; its examples are illustrations."""

_ESCAPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x7f]")
r"""What a `\b` or `\1` has become in a docstring that should have been a raw one: what was meant is
another text than what stands there."""
_MAX_TEXT = 200_000
_QUOTES = (('"', "“”„‟"), ("'", "‘’‚‛"))
_RECEIVERS = frozenset({"self", "cls"})


def read_examples(
    docstring: str, function: str, owner: str = "", parameters: Sequence[str] = ()
) -> tuple[Example, ...]:
    """The examples a docstring gives for a function, or for a method of the class `owner`.

    First those of Python sessions, in their order, then those written in other forms.
    `parameters`, the names of the function's parameters, lets `Input: 3` be read as well.
    """
    if not function.isidentifier() or (owner and not owner.isidentifier()):
        return ()
    names = tuple(name for name in parameters if not (owner and name in _RECEIVERS))
    spec = Spec(function, owner, names)
    lines = docstring[:_MAX_TEXT].expandtabs(4).splitlines()
    session = read_session(lines, spec)
    text = "\n".join(_with_straight_quotes(line) for line in session.other_lines)
    others = [*_agreeing(read_written(text, spec), session.examples), *read_blocks(text, spec)]
    others.sort(key=lambda example: example.line)
    found = [example for example in _distinct([*session.examples, *others]) if _is_plain(example)]
    if _BY_CHANCE.search(docstring):
        found = [example for example in found if not _shows_a_result(example)]
    return tuple(found[: spec.max_examples])


def _is_plain(example: Example) -> bool:
    """Whether an example is the text that its author saw."""
    return not any(map(_ESCAPED.search, (example.setup, example.source, example.expected)))


def _shows_a_result(example: Example) -> bool:
    """Whether an example shows what one run gave; a comparison or an exception holds for all."""
    tree = parsed(example.source)
    return example.form in ("doctest", "value") and not isinstance(tree, ast.Compare)


def _with_straight_quotes(line: str) -> str:
    """A line with typographic quotation marks as Python has them, unless it has both."""
    for straight, curly in _QUOTES:
        if straight not in line:
            line = line.translate(dict.fromkeys(map(ord, curly), straight))
    return line


def _agreeing(written: Sequence[Written], session: Sequence[Example]) -> list[Example]:
    """The written examples that contradict neither a session nor each other.

    A text that equates one call with two values speaks of mathematics, such as a recurrence, and
    none of its equations is an example.
    """
    first = {_call(example): example for example in session if not example.setup}
    doubtful: set[str] = set()
    has_contradiction = False
    for item in written:
        known = first.setdefault(_call(item.example), item.example)
        if _contradicts(known, item.example):
            doubtful.add(_call(item.example))
            has_contradiction = has_contradiction or item.kind == "equation"
    return [
        item.example
        for item in written
        if _call(item.example) not in doubtful
        and not (has_contradiction and item.kind == "equation")
    ]


def _call(example: Example) -> str:
    return "".join(example.source.split())


def _contradicts(one: Example, other: Example) -> bool:
    if one.form == "assert" or other.form == "assert":
        return False
    return _meaning(one) != _meaning(other)


def _meaning(example: Example) -> object:
    is_literal, value = literal(example.expected)
    return repr(value) if is_literal else example.expected


def _distinct(examples: Iterable[Example]) -> list[Example]:
    found: dict[tuple[object, ...], Example] = {}
    for example in examples:
        key = (example.setup, _call(example), _meaning(example), example.form == "raises")
        found.setdefault(key, example)
    return list(found.values())

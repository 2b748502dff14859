"""Examples that name the input and the output, and leave the call to the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scopewise.verify.behaviour import Example
from scopewise.verify.examples.expressions import is_closed, parsed, pythonic, value_end
from scopewise.verify.examples.outcome import read_value
from scopewise.verify.examples.wording import Spec, line_of, shown

_MAX_BLOCKS = 200

_INPUT = re.compile(
    r"^[ \t]*(?:[-*+•][ \t]*)?(?:\d+[.)][ \t]*)?(?:example[ \t]*\d*[:.][ \t]*)?[`*_]*"
    r"(?:(?:sample|example)[ \t]+)?inputs?[ \t]*\d*[`*_]*[ \t]*(?:[:=]|[-=]+>|→)[`*_]*"
    r"[ \t]*(?:\n[ \t]*(?=\S))?",
    re.IGNORECASE | re.MULTILINE,
)
_OUTPUT = re.compile(
    r"[`*_]*[ \t]*(?:[,;.]|[-=]+>|→)?\s{0,80}(?:[-*+•][ \t]*)?[`*_]*"
    r"(?:(?:expected|sample|example)[ \t]+)?(?:outputs?|returns?|results?|answer)"
    r"[ \t]*\d*[`*_]*[ \t]*(?:[:=]|[-=]+>|→)[`*_]*[ \t]*(?:\n[ \t]*(?=\S))?",
    re.IGNORECASE,
)
_GIVEN = re.compile(r"\b(?:for|given|if|with|when)[ \t]+(?=[`*]*[^\W\d]\w*[ \t]*=)", re.IGNORECASE)
_THEN = re.compile(
    r"[^\n]{0,120}?\b(?:"
    r"(?:output|result|answer|function|it)[ \t]+(?:should|must|will|would)[ \t]+(?:be|return|give)|"
    r"(?:output|result|answer)[ \t]+is|(?:function|it)[ \t]+returns|returns?"
    r")\b[ \t]*:?",
    re.IGNORECASE,
)
_RESULT = re.compile(r"(?:expected|outputs?|returns?|results?|answer)", re.IGNORECASE)
_NAME = re.compile(r"[`*]*(?P<name>[^\W\d]\w*)[`*]*[ \t]*[=:](?!=)[ \t]*[`*]*")
_NEXT = re.compile(
    r"[`*]*[ \t]*(?:,?[ \t]*(?:\band\b|&)|,|;)?\s{0,80}(?=[`*]*[^\W\d]\w*[`*]*[ \t]*[=:])"
)


@dataclass(frozen=True)
class _Input:
    values: tuple[tuple[str, str], ...]
    """Names and expressions; a single value may have no name."""
    end: int


def read_blocks(text: str, spec: Spec) -> list[Example]:
    """The examples in `Input: ... Output: ...` and "for n = 3 the output should be 6"."""
    if spec.owner:
        return []
    pairs = ((_INPUT, _OUTPUT), (_GIVEN, _THEN))
    found = [_read(text, head, tail, spec) for head, tail in pairs]
    return sorted((example for part in found for example in part), key=lambda e: e.line)


def _read(text: str, head: re.Pattern[str], tail: re.Pattern[str], spec: Spec) -> list[Example]:
    examples = []
    for n_seen, match in enumerate(head.finditer(text)):
        if n_seen >= _MAX_BLOCKS:
            break
        given = _input(text, match.end(), spec)
        then = given and tail.match(text, given.end)
        result = then and read_value(text, then.end(), spec)
        if given and result and (source := _call(given, spec)):
            expected, end = result
            piece = shown(text[match.start() : end])
            line = line_of(text, match.start())
            examples.append(Example(source, expected, "value", shown=piece, line=line))
    return examples


def _input(text: str, start: int, spec: Spec) -> _Input | None:
    """The values at a place: `n = 3, k = 4` on one line or several, or a single one."""
    values: list[tuple[str, str]] = []
    position, end = start, start
    while (name := _NAME.match(text, position)) and not _RESULT.fullmatch(name["name"]):
        value = _value(text, name.end())
        if value is None:
            break
        expression, end = value
        values.append((name["name"], expression))
        separator = _NEXT.match(text, end)
        if separator is None:
            break
        position = separator.end()
    if values:
        return _Input(tuple(values), end)
    single = _value(text, start)
    return _Input((("", single[0]),), single[1]) if single else None


def _value(text: str, start: int) -> tuple[str, int] | None:
    end = value_end(text, start, ())
    if end is None:
        return None
    expression = pythonic(text[start:end].strip())
    tree = parsed(expression)
    return (expression, end) if tree is not None and is_closed(tree, ()) else None


def _call(given: _Input, spec: Spec) -> str | None:
    """The call that an input stands for; None when it is not certain."""
    names = [name for name, _ in given.values]
    if names == [""]:
        return f"{spec.function}({given.values[0][1]})" if len(spec.parameters) == 1 else None
    if len(set(names)) < len(names) or (spec.parameters and set(names) - set(spec.parameters)):
        return None
    arguments = ", ".join(f"{name}={value}" for name, value in given.values)
    return f"{spec.function}({arguments})"

"""What is written to come of a call, in the text right behind it."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from typing import Literal

from scopewise.verify.examples.expressions import (
    is_closed,
    is_doubtful,
    literal,
    on_one_line,
    parsed,
    pythonic,
    value_end,
)
from scopewise.verify.examples.wording import Spec

_SPACE = r"[ \t]*(?:\n[ \t]*(?=\S))?"
"""Blanks, over the end of one line at most."""
_ARROW = r"(?:[-=~]{1,3}>|[➞→⇒⟶⟹↦➔➜➝⇨])"
_MODAL = r"(?:should|must|will|would|shall)"
_VERB = (
    rf"(?:{_MODAL}\s+(?:return|be|give|equal|yield|produce|output|evaluate\s+to|result\s+in)|"
    r"returns?|gives?|produces?|outputs?|equals?|evaluates?\s+to|results?\s+in|"
    r"is\s+equal\s+to|is)\b"
)
_NOUN = r"(?:expected(?:\s+output)?|outputs?|results?)\b"
_KIND = (
    r"(?:(?:the\s+)?(?:list|string|tuple|value|number|integer|dict|dictionary|set|boolean)"
    r"(?:\s*:)?\s+(?=['\"`\[({\w-]))?"
)
_SAID = rf"(?:(?:{_VERB}|{_NOUN})[ \t]*)?"
_IT = r"(?:(?:it|which)\s+)?"
_CONNECTORS = (
    ("#", re.compile(rf"`*[ \t]*(?:\#+|//)[ \t]*(?:{_ARROW}[ \t]*)?{_SAID}:?", re.IGNORECASE)),
    ("->", re.compile(rf"`*{_SPACE}(?:(?:\#+|//)[ \t]*)?{_ARROW}[ \t]*(?:{_SAID}:?)?")),
    ("==", re.compile(rf"`*{_SPACE}===?(?![=>])")),
    ("=", re.compile(rf"`*{_SPACE}=(?![=>])")),
    ("!=", re.compile(r"`*[ \t]*(?:!=|≠)")),
    (
        "verb",
        re.compile(rf"[`\"']*[,:]?{_SPACE}{_IT}(?:{_VERB}|{_NOUN}(?=[ \t]*:)):?", re.IGNORECASE),
    ),
)
_LEAD = re.compile(rf"{_SPACE}{_KIND}[`*]*", re.IGNORECASE)
_MAX_CHAIN = 6
_CHAIN = re.compile(r"[ \t]*={1,2}(?![=>])[ \t]*")
_TYPE = r"(?P<type>(?:[^\W\d]\w*\.)*[^\W\d]\w*)"
_RAISES = re.compile(
    rf"`*(?:{_SPACE}(?:{_ARROW}|\#+|//|,))?{_SPACE}(?:{_MODAL}\s+)?(?:raises?|throws?)\s+"
    rf"(?:an?\s+)?(?:exception\s+)?:?`*{_TYPE}",
    re.IGNORECASE,
)
_BECOMES_ERROR = re.compile(rf"`*{_SPACE}(?:{_ARROW}|\#+|//)[ \t]*`*{_TYPE}")
_MESSAGE = re.compile(r"\(\s*(?P<message>'(?:[^'\\\n])*'|\"(?:[^\"\\\n])*\")\s*\)")
_UNSURE = re.compile(r"[`)]*,?\s*(?:or|unless|only|and/or|depending)\b|\s*[?|]", re.IGNORECASE)
_AFTER = re.compile(
    r"""[`*)\]}"'”’]*(?:
      [ \t]*(?:\n|\Z)
    | [.;:!](?=\s|\Z|[)"'`])
    | ,[ \t]*(?:\n|\Z)
    | ,[ \t]+(?!(?:True|False|None|true|false|null|or|if|when|unless)\b)[`"']*[^\W\d]
    | [ \t]*(?:\#|//|—|–|\|)
    | [ \t]+-{1,2}[ \t]
    | [ \t]+\((?!\s*(?:if|when|unless|or)\b)
    | [ \t]+(?:because|since|as|whereas|but|which|so|due)\b
    | [ \t]+and[ \t]+(?!(?:True|False|None|true|false|null)\b)[`"']*[^\W\d]
    )""",
    re.VERBOSE,
)
_GOES_ON = re.compile(
    r"[`*)\]}\"'”’]*[ \t]*\n[ \t]*(?!(?:because|since|as|and|but|so)\b)"
    r"[^\W\dA-Z_][^\W\d]*\b(?![(.:=])"
)
"""A sentence that runs on in the next line, so that the value may be a part of a phrase."""


@dataclass(frozen=True)
class Outcome:
    """What a call must come to."""

    expected: str
    form: Literal["value", "raises", "assert"]
    connector: str
    end: int
    """Where the text that says so ends."""


def read_outcome(text: str, start: int, spec: Spec) -> Outcome | None:
    """What the text behind a call says of its outcome; None when that is not certain."""
    if raised := _raised(text, start):
        return raised
    for connector, pattern in _CONNECTORS:
        match = pattern.match(text, start)
        if match is None:
            continue
        found = read_value(text, match.end(), spec, is_prose=connector == "verb")
        if found is None or (connector == "#" and "//" in match.group() and _is_sum(found[0])):
            continue
        expected, end = found
        return Outcome(expected, "value", connector, end)
    return None


def _is_sum(expected: str) -> bool:
    """Whether what stands behind `//` goes on like a division."""
    return isinstance(parsed(expected), ast.BinOp)


def read_value(
    text: str, start: int, spec: Spec, *, is_prose: bool = False
) -> tuple[str, int] | None:
    """A value that stands on its own at a place in prose, as an expression, and its end."""
    lead = _LEAD.match(text, start)
    position = lead.end() if lead else start
    values: list[str] = []
    while (end := value_end(text, position, spec.functions)) is not None:
        values.append(text[position:end])
        chain = _CHAIN.match(text, end) if len(values) < _MAX_CHAIN else None
        if chain is None:
            break
        position = chain.end()
    if end is None or not _AFTER.match(text, end):
        return None
    if is_prose and _GOES_ON.match(text, end):
        return None
    expected = _one_of([pythonic(value.strip()) for value in values], spec)
    return (expected, end) if expected else None


def _one_of(values: list[str], spec: Spec) -> str | None:
    """The value that a chain such as `2 + 3 = 5` comes to; None when it is not certain."""
    trees = [parsed(value) for value in values]
    if any(tree is None or not is_closed(tree, spec.functions) for tree in trees):
        return None
    literals = [value for value in values if literal(value)[0]]
    if len({repr(literal(value)[1]) for value in literals}) > 1:
        return None
    chosen = literals[-1] if literals else values[0]
    tree = parsed(chosen)
    return None if tree is None or is_doubtful(tree, chosen) else on_one_line(chosen)


def _raised(text: str, start: int) -> Outcome | None:
    said = _RAISES.match(text, start)
    match = said or _BECOMES_ERROR.match(text, start)
    if match is None or not is_exception(match["type"].rpartition(".")[2]):
        return None
    message = _MESSAGE.match(text, match.end())
    end = message.end() if message else match.end()
    if _UNSURE.match(text, end) or (said is None and not _AFTER.match(text, end)):
        return None
    expected = match["type"]
    if message and literal(message["message"])[0]:
        expected += f": {literal(message['message'])[1]}"
    return Outcome(expected, "raises", "raises", end)


def is_exception(name: str) -> bool:
    """Whether a name is an exception's, by Python's own list or by custom."""
    kind = getattr(builtins, name, None)
    if isinstance(kind, type):
        return issubclass(kind, BaseException)
    return name.endswith(("Error", "Exception"))

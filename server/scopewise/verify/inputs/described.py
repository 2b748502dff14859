"""What a docstring says about each parameter: its text, and its type as an annotation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scopewise.verify.inputs.seeds import expression

_SPHINX = re.compile(
    r"^[ \t]*[:@]param(?:eter)?[ \t]+(?:(?P<type>[\w.\[\], |]+?)[ \t]+)?\*{0,2}(?P<name>\w+)[ \t]*:"
    r"(?P<text>.*(?:\n(?![ \t]*(?:[:@]\w|>>>|$)).*)*)",
    re.MULTILINE,
)
_SPHINX_TYPE = re.compile(r"^[ \t]*[:@]type[ \t]+(?P<name>\w+)[ \t]*:[ \t]*(?P<type>.+)$", re.M)
_GOOGLE = re.compile(
    r"^[ \t]*[-*]?[ \t]*`{0,2}\*{0,2}(?P<name>\w+)`{0,2}[ \t]*"
    r"\((?P<type>[^()\n]*(?:\([^()\n]*\))?[^()\n]*)\)"
    r"[ \t]*:(?P<text>.*)$",
    re.M,
)
_NUMPY = re.compile(
    r"^(?P<indent>[ \t]*)\*{0,2}(?P<name>\w+)[ \t]+:[ \t]*(?P<type>.+)"
    r"(?P<text>(?:\n(?P=indent)[ \t]+\S.*)*)$",
    re.M,
)
_PLAIN = re.compile(
    r"^[ \t]*[-*]?[ \t]*`{0,2}(?P<name>\w+)`{0,2}[ \t]*:[ \t]*(?P<text>\S.*)$", re.M
)
_EXAMPLES = re.compile(r"^[ \t]*(?:>>>|\.\.\.)|^[ \t]*(?:for )?examples?\b.*:?[ \t]*$", re.I | re.M)
_CLAUSE = re.compile(r"[,.;:]\s*(?![^\[]*\])")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n[ \t]*\n|\n(?=[ \t]*[-*•])")

_ITEM = (
    r"(?:non-?\s?empty |non-?\s?negative |positive |negative |natural |distinct |unique |sorted |"
    r"random |lower-?case |upper-?case |english |different |real |given |input |two |three |"
    r"space-\w+ )*"
)
_SCALARS = (
    ("int", r"ints?|integers?|whole numbers?|natural numbers?"),
    ("float", r"floats?|floating[- ]point(?: numbers?)?|real numbers?|decimals? numbers?|double"),
    ("str", r"strs?|strings?|words?|sentences?|texts?|characters|substrings?"),
    ("bool", r"bools?|booleans?|boolean values?"),
    ("float", r"numbers?"),
    ("dict", r"dicts?|dictionary|dictionaries"),
    ("complex", r"complex(?: numbers?)?"),
    ("bytes", r"bytes"),
)
_SCALAR = "|".join(f"(?:{words})" for _, words in _SCALARS)
_CONTAINER = re.compile(
    rf"\b(?P<outer>lists?|arrays?|sequences?|sets?|tuples?|vectors?)\s+"
    r"(?:only )?(?:of|containing)\s+"
    rf"(?:(?P<inner>lists?|arrays?|tuples?)\s+of\s+)?{_ITEM}(?P<item>{_SCALAR})\b",
    re.I,
)
_ONE = re.compile(rf"\b(?:an?|one|the|given|single|this)\s+{_ITEM}(?P<item>{_SCALAR})\b", re.I)
_TWO = re.compile(rf"\b(?:two|three|2|3|four)\s+{_ITEM}(?P<item>{_SCALAR})\b", re.I)
_TYPE_WORD = re.compile(rf"(?:an?\s+|the\s+)?{_ITEM}(?P<item>{_SCALAR}|list|array|tuple|set)", re.I)
_OUTER = {"l": "list", "a": "list", "v": "list", "s": "list", "t": "tuple"}


@dataclass(frozen=True)
class Described:
    """What is said about one parameter."""

    annotation: str = ""
    """The type, spelt as an annotation; empty when none is said."""
    text: str = ""
    """The sentences about it."""


def describe(docstring: str, names: Sequence[str]) -> dict[str, Described]:
    """What a docstring says about each of the named parameters.

    A function of one parameter has its whole docstring about that one.
    """
    fields = _fields(docstring)
    prose = _prose(docstring)
    sentences = _SENTENCE.split(prose)
    described = {}
    for name in names:
        type_text, text = fields.get(name, ("", ""))
        mentioning = [s for s in sentences if re.search(rf"\b{re.escape(name)}\b", s)]
        if len(names) == 1:
            mentioning = [prose]
        annotation = type_from_words(type_text) or _type_of_field(text)
        annotation = annotation or _type_in_prose(mentioning, name, len(names))
        described[name] = Described(annotation, "\n".join([type_text, text, *mentioning]).strip())
    return described


def type_from_words(text: str) -> str:
    """The annotation that a type's description amounts to: `list of int` is `list[int]`.

    Empty when it is none that is known for certain.
    """
    text = re.sub(r",?\s*\boptional\b|,?\s*\bdefaults?\b.*", "", text.strip("`'\" .")).strip(" ,`.")
    if not text:
        return ""
    container = _CONTAINER.fullmatch(re.sub(r"^(?:an?|the)\s+", "", text, flags=re.I))
    if container:
        return _container(container)
    parts = re.split(r"\s+or\s+|\s*\|\s*", text)
    if len(parts) > 1:
        found = [type_from_words(part) for part in parts]
        return " | ".join(found) if all(found) else ""
    if text in ("None", "none", "null"):
        return "None"
    word = _TYPE_WORD.fullmatch(text)
    if word:
        return _scalar(word["item"])
    is_generic = re.fullmatch(r"(?:typing\.)?(\w+)\s*\[.+\]", text) and expression(text)
    return text if is_generic else ""


def _fields(docstring: str) -> dict[str, tuple[str, str]]:
    """Type and text of the parameters that the docstring lists."""
    found: dict[str, tuple[str, str]] = {}
    for pattern in (_SPHINX, _SPHINX_TYPE, _GOOGLE, _NUMPY, _PLAIN):
        for match in pattern.finditer(docstring):
            groups = match.groupdict()
            kind, text = found.get(match["name"], ("", ""))
            kind, text = kind or groups.get("type") or "", text or groups.get("text") or ""
            found[match["name"]] = (kind.strip(), text.strip())
    return found


def _type_of_field(text: str) -> str:
    """The type at the end or at the start of a description: `the index of the partition, int.`"""
    parts = [part.strip(" .;:") for part in _CLAUSE.split(text.split("\n")[0]) if part]
    for part in [*parts[-1:], *parts[:1]]:
        found = type_from_words(part)
        if found:
            return found
    match = _CONTAINER.match(re.sub(r"^(?:an?|the)\s+", "", text, flags=re.I))
    return _container(match) if match else ""


def _prose(docstring: str) -> str:
    """The docstring up to its examples and its list of fields."""
    start = _EXAMPLES.search(docstring)
    text = docstring[: start.start()] if start else docstring
    return re.split(r"^[ \t]*[:@](?:param|returns?|raises|type)\b", text, maxsplit=1, flags=re.M)[0]


def _type_in_prose(sentences: list[str], name: str, n_names: int) -> str:
    """The type in sentences about a parameter, when they leave one reading only."""
    text = re.split(
        r"\b[Rr]eturns?\b(?=\s+(?:an?|the|True|False|true|a list)\b)", " ".join(sentences)
    )[0]
    if n_names > 1:
        near = rf"(?:{_CONTAINER.pattern}|(?:{_ONE.pattern.replace('?P<item>', '?P<one>')}))"
        match = re.search(rf"{near}\s+(?:called |named )?[`'\"]?{re.escape(name)}\b", text, re.I)
        if match:
            return _container(match) if match["outer"] else _scalar(match["one"])
        both = _TWO.search(text)
        return _scalar(both["item"]) if both else ""
    containers = {_container(match) for match in _CONTAINER.finditer(text)}
    if containers:
        return containers.pop() if len(containers) == 1 else ""
    scalars = {_scalar(match["item"]) for match in _ONE.finditer(text)}
    return scalars.pop() if len(scalars) == 1 else ""


def _container(match: re.Match[str]) -> str:
    outer = _OUTER[match["outer"][0].lower()]
    outer = "set" if match["outer"].lower() in ("set", "sets") else outer
    item = _scalar(match["item"])
    if match["inner"]:
        item = f"list[{item}]" if match["inner"][0].lower() != "t" else f"tuple[{item}, ...]"
    return f"tuple[{item}, ...]" if outer == "tuple" else f"{outer}[{item}]"


def _scalar(word: str) -> str:
    lowered = re.sub(r"\s+", " ", word.lower())
    if lowered == "array":
        return "list"
    return next((name for name, words in _SCALARS if re.fullmatch(words, lowered)), lowered)

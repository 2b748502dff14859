"""The inputs a function is meant for, as far as its docstring and its examples leave no doubt."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from scopewise.verify.inputs.described import Described
from scopewise.verify.inputs.seeds import expression

Values = Mapping[str, object]

_CHAIN = re.compile(
    r"(?<![\w.=<>!])-?[\w.()\[\]]+(?:\s*(?:<=|>=|<|>|≤|≥)\s*-?[\w.()\[\]^*+]+(?:\s?[-+]\s?\d+)?)+"
)
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|where|while|return\w*|until|such that|whether|otherwise|raise\w*|true|"
    r"false|iff|returned|greater|less|than)\b[^.\n]*$",
    re.I,
)
_NEGATIVE = re.compile(r"(?<!non-)(?<!non )(?<!non)\bnegative\b|(?<![\w.)\]])-\d", re.I)
_BETWEEN = re.compile(
    r"\b(?:between|from|in the range(?: of)?)\s+(-?\d+)\s+(?:and|to|-)\s+(-?\d+)\b", re.I
)
_COMPARE: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@dataclass(frozen=True)
class Limits:
    """What holds for the values of one parameter."""

    low: float | None = None
    high: float | None = None
    """For every number in the value; None when nothing is known."""
    has_negative: bool = False
    """Whether the examples or the docstring show numbers below zero."""
    rules: tuple[Callable[[object], bool], ...] = ()
    """What every value fulfils, besides."""
    is_sorted: bool = False
    is_distinct: bool = False
    grid: Literal["", "rectangular", "square"] = ""
    """For lists of lists."""
    words: tuple[str, ...] = ()
    """Strings the text names in quotes: `'asc' or 'desc'`."""

    def allows(self, value: object) -> bool:
        if any(not self._is_in_range(number) for number in numbers(value)):
            return False
        return all(rule(value) for rule in self.rules)

    def _is_in_range(self, number: float) -> bool:
        return (self.low is None or self.low <= number) and (
            self.high is None or number <= self.high
        )


@dataclass(frozen=True)
class Domain:
    """What holds for the arguments of one call."""

    limits: dict[str, Limits] = field(default_factory=dict)
    relations: tuple[Callable[[Values], bool], ...] = ()
    equal_lengths: tuple[str, ...] = ()
    """Parameters whose values have as many items as each other."""

    def of(self, name: str) -> Limits:
        return self.limits.get(name, Limits())

    def allows(self, values: Values) -> bool:
        if not all(self.of(name).allows(value) for name, value in values.items()):
            return False
        lengths = {_length(values[name]) for name in self.equal_lengths if name in values}
        return len(lengths) < 2 and all(relation(values) for relation in self.relations)


def numbers(value: object) -> Iterator[float]:
    """Every number in a value, at any depth."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from numbers(each)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from numbers(each)


def strings(value: object) -> Iterator[str]:
    """Every string in a value, at any depth, keys of dictionaries left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from strings(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)


def read_domain(
    docstring: str, described: Mapping[str, Described], seen: Sequence[Values]
) -> Domain:
    """What docstring and examples say together; what an example contradicts does not hold."""
    limits = {
        name: _limits(docstring, described[name].text, [v[name] for v in seen if name in v])
        for name in described
    }
    relations = []
    for node in _comparisons(docstring, tuple(described)):
        relation = _relation(node)
        if all(relation(values) for values in seen):
            relations.append(relation)
            for name, low in _stated_low(node):
                limits[name] = replace(limits[name], low=low)
    return Domain(limits, tuple(relations), _equal_lengths(docstring, seen))


def _limits(docstring: str, text: str, seen: Sequence[object]) -> Limits:
    found = [n for value in seen for n in numbers(value)]
    low, high = _range(text)
    if any((low is not None and n < low) or (high is not None and n > high) for n in found):
        low = high = None
    is_negative = any(n < 0 for n in found) or (not found and bool(_NEGATIVE.search(docstring)))
    rules = [rule for rule in _rules(text) if all(rule(value) for value in seen)]
    grid = _grid(seen)
    return Limits(
        low,
        high,
        is_negative,
        (*rules, *_shape_rules(seen, grid)),
        _says(r"(?<!un)(?<!be )sorted|in (?:ascending|increasing|non-decreasing) order", text)
        and bool(seen)
        and all(map(_is_sorted, seen)),
        _says(r"distinct|unique|without duplicates|(?:no|not contain) duplicates?", text)
        and bool(seen)
        and all(map(_is_distinct, seen)),
        grid,
        _quoted(docstring),
    )


def _range(text: str) -> tuple[float | None, float | None]:
    between = _BETWEEN.search(text)
    if between and int(between[1]) < int(between[2]):
        return int(between[1]), int(between[2])
    if _says(r"natural numbers?|greater than (?:0|zero)", text):
        return 1, None
    if _says(r"non-?\s?negative (?:int|num|float|real|value)|not negative", text):
        return 0, None
    given = r"(?:a|an|the|given|two|three|some|of|is|are|both|be|single)\s+"
    if _says(given + r"(?:\w+ )?positive (?:(?:int|whole|num|float|real|value)|\w+ point)", text):
        is_whole = _says(r"positive (?:int|whole)", text)
        return (1 if is_whole else 0.01), None
    return None, None


def _says(pattern: str, text: str) -> bool:
    return re.search(rf"\b(?:{pattern})", text, re.I) is not None


_RULES: tuple[tuple[str, Callable[[object], bool]], ...] = (
    (r"non-?\s?empty|not empty|not be empty|at least one", lambda v: _length(v) != 0),
    (r"length (?:of )?(?:at least|>=) two|at least two|at least 2", lambda v: _is_long(v, 2)),
    (r"(?:has|have|having|with|of|an) even number of (?:elements|items|entries|coefficients|\w+s)",
     lambda v: not isinstance(v, (list, tuple)) or len(v) % 2 == 0),
    (r"(?:has|have|having|with|of|an) odd number of (?:elements|items|entries|\w+s)",
     lambda v: not isinstance(v, (list, tuple)) or len(v) % 2 == 1),
    (r"(?:only )?(?:of |contains? |in )?(?:only )?lower-?case (?:letters|string|words|alphabet)",
     lambda v: all(s == s.lower() for s in strings(v))),
    (r"(?:only|consisting of) upper-?case", lambda v: all(s == s.upper() for s in strings(v))),
    (r"(?:only|consisting of) digits", lambda v: all(s.isdigit() for s in strings(v))),
)  # fmt: skip


def _rules(text: str) -> Iterator[Callable[[object], bool]]:
    for pattern, rule in _RULES:
        match = re.search(rf"\b(?:{pattern})", text, re.I)
        # "Return True if it is not empty" is about what to do, not about what may come.
        if match and not _CONDITION.search(text[: match.start()].rpartition("\n")[2]):
            yield rule
    yield _is_balanced


def _grid(seen: Sequence[object]) -> Literal["", "rectangular", "square"]:
    """Whether all values are tables, of more than one row, with rows equally long."""
    tables = [value for value in seen if isinstance(value, list) and value]
    if not tables or len(tables) < len(seen) or not all(map(_is_rectangular, tables)):
        return ""
    if all(len(table) < 2 or not table[0] for table in tables):
        return ""
    sizes = {(len(table), len(table[0])) for table in tables}
    is_square = all(rows == columns for rows, columns in sizes)
    return "square" if is_square and (len(tables) > 1 or max(sizes)[0] > 2) else "rectangular"


def _is_rectangular(value: object) -> bool:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        return False
    return len({len(row) for row in value}) == 1


def _shape_rules(
    seen: Sequence[object], grid: Literal["", "rectangular", "square"]
) -> Iterator[Callable[[object], bool]]:
    size = fixed_size(seen)
    if size is not None:
        yield lambda value: _length(value) == size
    if grid:
        yield _is_rectangular
    if grid == "square":
        yield lambda value: isinstance(value, list) and len(value) == len(value[0])


def fixed_size(seen: Sequence[object]) -> int | None:
    """The number of items that all of several lists have."""
    sizes = [len(value) for value in seen if isinstance(value, (list, tuple))]
    if not sizes or len(sizes) < len(seen) or len(set(sizes)) > 1 or not sizes[0]:
        return None
    is_clear = len({repr(value) for value in seen}) >= (2 if sizes[0] == 2 else 3)
    return sizes[0] if is_clear and sizes[0] <= 12 else None


def _is_balanced(value: object) -> bool:
    """Whether the brackets in all strings are closed again.

    This holds for every string without brackets; when it holds for examples with brackets, others
    should be like them.
    """
    return all(_closes(text) for text in strings(value))


def _closes(text: str) -> bool:
    stack: list[str] = []
    pairs = {")": "(", "]": "[", "}": "{", ">": "<"}
    has_angles = text.count("<") == text.count(">")
    for character in text:
        if character in "([{" or (character == "<" and has_angles):
            stack.append(character)
        is_closing = character in ")]}" or (character == ">" and has_angles)
        if is_closing and (not stack or stack.pop() != pairs[character]):
            return False
    return not stack


def _length(value: object) -> int:
    return len(value) if isinstance(value, (str, list, tuple, dict, set, frozenset, bytes)) else -1


def _is_long(value: object, least: int) -> bool:
    return _length(value) == -1 or _length(value) >= least


def _is_sorted(value: object) -> bool:
    try:
        return isinstance(value, (list, tuple)) and list(value) == sorted(value)
    except TypeError:
        return False


def _is_distinct(value: object) -> bool:
    return isinstance(value, (list, tuple)) and len({repr(v) for v in value}) == len(value)


def _quoted(text: str) -> tuple[str, ...]:
    """Words in quotes, outside the examples."""
    calls = re.compile(r">>>|\w\(|==|->|=>|➞")
    lines = (line for line in text.split("\n") if not calls.search(line))
    prose = "\n".join(line for line in lines if expression(line) is None)
    found = re.findall(r"(?<!\w)(['\"])([^'\"\n]{1,12})\1(?!\w)", prose)
    return tuple(dict.fromkeys(word for _, word in found))


# What holds between parameters


def _comparisons(docstring: str, names: Sequence[str]) -> Iterator[ast.Compare]:
    """The comparisons that a docstring states of its parameters: `1 <= k <= len(items)`."""
    for match in _CHAIN.finditer(docstring):
        line = docstring[: match.start()].rpartition("\n")[2]
        if _CONDITION.search(line):
            continue
        text = match[0].replace("≤", "<=").replace("≥", ">=").replace("^", "**")
        text = re.sub(r"\b(\w+)\.length\b", r"len(\1)", text)
        node = expression(text)
        if isinstance(node, ast.Compare) and all(_is_known(n, names) for n in _sides(node)):
            yield node


def _stated_low(node: ast.Compare) -> Iterator[tuple[str, float]]:
    """The least value that a comparison gives a parameter: 1 for n in `1 <= n` and in `n > 0`."""
    match node:
        case ast.Compare(
            left=ast.Constant(value=int() as low),
            ops=[(ast.LtE() | ast.Lt()) as op, *_],
            comparators=[ast.Name(id=name), *_],
        ):
            yield name, low + isinstance(op, ast.Lt)
        case ast.Compare(
            left=ast.Name(id=name),
            ops=[(ast.GtE() | ast.Gt()) as op],
            comparators=[ast.Constant(value=int() as low)],
        ):
            yield name, low + isinstance(op, ast.Gt)


def _sides(node: ast.Compare) -> list[ast.expr]:
    return [node.left, *node.comparators]


def _is_known(node: ast.expr, names: Iterable[str]) -> bool:
    match node:
        case ast.Constant(value=int() | float()) | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name in names
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            return name in names
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub() | ast.Pow()):
            return _is_known(left, names) and _is_known(right, names)
    return False


def _relation(node: ast.Compare) -> Callable[[Values], bool]:
    def holds(values: Values) -> bool:
        sides = [_amounts(side, values) for side in _sides(node)]
        for compare, left, right in zip(node.ops, sides, sides[1:], strict=False):
            holds_between = _COMPARE[type(compare)]
            if not all(holds_between(a, b) for a in left for b in right):
                return False
        return True

    return holds


def _amounts(node: ast.expr, values: Values) -> list[float]:
    """The numbers that a side of a comparison stands for; all items for `items[i]`."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return [number]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return [-each for each in _amounts(operand, values)]
        case ast.Name(id=name):
            value = values.get(name)
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            return list(numbers(value)) if is_number else []
        case ast.Subscript(value=ast.Name(id=name)):
            return list(numbers(values.get(name)))
        case ast.Call(args=[ast.Name(id=name)]):
            length = _length(values.get(name))
            return [length] if length >= 0 else []
        case ast.BinOp(left=left, right=right, op=op):
            pairs = [(a, b) for a in _amounts(left, values) for b in _amounts(right, values)]
            return [_computed(op, a, b) for a, b in pairs]
    return []


def _computed(op: ast.operator, left: float, right: float) -> float:
    if isinstance(op, ast.Pow):
        return (
            float(pow(left, int(right))) if abs(left) <= 100 and 0 <= right <= 20 else float("inf")
        )
    return left + right if isinstance(op, ast.Add) else left - right


def _equal_lengths(docstring: str, seen: Sequence[Values]) -> tuple[str, ...]:
    """Parameters that have equally many items in all examples, and more than one example shows
    it or the docstring says it."""
    if not seen:
        return ()
    is_said = _says(r"(?:same|equal) (?:length|size|number)|equally long", docstring)
    kinds = (list, tuple, str) if is_said else (list, tuple)
    names = [name for name, value in seen[0].items() if isinstance(value, kinds)]
    names = [name for name in names if all(isinstance(v.get(name), kinds) for v in seen)]
    sizes = {_length(values[name]) for values in seen for name in names[:1]}
    if len(names) < 2 or not (is_said or len(sizes) > 1):
        return ()
    is_equal = all(len({_length(values[name]) for name in names}) == 1 for values in seen)
    return tuple(names) if is_equal else ()

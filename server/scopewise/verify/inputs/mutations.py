"""Small changes of the arguments that examples show."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scopewise.verify.inputs.domain import Limits, numbers
from scopewise.verify.inputs.seeds import Members, Source, expression, to_value
from scopewise.verify.inputs.texts import Texts, parts_of, rewritten

_MAX_DEPTH = 5


@dataclass(frozen=True)
class Mutator:
    """Changes values, drawing from one stream of random numbers."""

    rng: random.Random
    limits: Limits
    known: Texts = field(default_factory=Texts)
    """What strings must be like."""

    def changed(self, value: Any, depth: int = 0) -> object:
        """A value like this one, with one thing different; the same where nothing can be."""
        if depth > _MAX_DEPTH or value is None or isinstance(value, Source):
            return value
        if isinstance(value, bool):
            return not value
        if isinstance(value, (int, float)):
            return self._number(value)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, (list, tuple)):
            items = self._items(list(value), depth, is_fixed=isinstance(value, tuple))
            return tuple(items) if isinstance(value, tuple) else items
        if isinstance(value, dict):
            return self._mapping(value, depth)
        if isinstance(value, Members) and value:
            return Members(self._without_one(sorted(value, key=repr)))
        return value

    def _number(self, value: Any) -> object:
        steps = [value + 1, value - 1, value + 2, value * 2 if abs(value) < 50 else value // 2]
        # Where functions differ: the boundaries of what they treat alike.
        steps += [type(value)(0), type(value)(1)]
        if self.limits.has_negative:
            steps.append(-value)
        else:
            steps = [step for step in steps if step >= 0]
        return self.rng.choice(steps)

    def _text(self, value: str) -> str:
        if self.known.is_closed:
            return self._worded(value)
        if self.known.is_format:
            return rewritten(value, self.known.seen, self.rng)
        if not value:
            return value
        parts = parts_of(value)
        index = self.rng.randrange(len(value))
        options = [
            value[:index] + value[index + 1 :],
            value[:index] + self.rng.choice(value) + value[index + 1 :],
            value[: index + 1] + value[index:],
            value[::-1],
            value[: max(1, len(value) // 2)],
            "".join(self.rng.sample(parts, len(parts))),
            "".join(self._without_one(parts)),
            value + value if len(value) <= 6 else value[1:],
            "",
        ]
        if value.upper() != value and value.lower() != value:
            options.append(value.swapcase())
        return self.rng.choice(options)

    def _worded(self, value: str) -> str:
        """A string of the same words, or of others that are known."""
        separator = self.known.separators[0] if self.known.separators else None
        words = value.split(separator) if separator else [value]
        if not separator or not words or self.rng.random() < 0.3:
            known = self.known.words or self.known.seen
            return (separator or "").join(self.rng.choice(known) for _ in words)
        index = self.rng.randrange(len(words))
        options = [
            [*words[:index], self.rng.choice(self.known.words), *words[index + 1 :]],
            self._without_one(words),
            [*words[: index + 1], *words[index:]],
            self.rng.sample(words, len(words)),
            words[::-1],
        ]
        return separator.join(self.rng.choice(options))

    def _items(self, items: list[Any], depth: int, *, is_fixed: bool) -> list[Any]:
        if not items:
            return items
        index = self.rng.randrange(len(items))
        doings = ["change"] * 3
        if not is_fixed:
            doings += ["drop", "twice", "shuffle", "reverse", "front", "empty"]
        doing = self.rng.choice(doings)
        if doing == "change":
            changed = self.changed(items[index], depth + 1)
            return [*items[:index], changed, *items[index + 1 :]]
        if doing == "drop":
            return self._without_one(items)
        if doing == "twice" and len(items) < 10:
            return [*items[: index + 1], *items[index:]]
        if doing == "front":
            return items[: max(1, len(items) // 2)]
        if doing == "empty":
            return []
        return items[::-1] if doing == "reverse" else self.rng.sample(items, len(items))

    def _without_one(self, items: list[Any]) -> list[Any]:
        index = self.rng.randrange(len(items))
        return items[:index] + items[index + 1 :]

    def _mapping(self, value: dict[Any, Any], depth: int) -> dict[Any, Any]:
        if not value:
            return value
        key = self.rng.choice(list(value))
        is_record = len({type(each) for each in value.values()}) > 1
        is_named = set(value) <= set(self.limits.words)
        if len(value) > 1 and not (is_record or is_named) and self.rng.random() < 0.3:
            return {k: v for k, v in value.items() if k != key}
        return {**value, key: self.changed(value[key], depth + 1)}


def changed_literal(code: str, rng: random.Random) -> str:
    """An expression with one of the literals in it changed; attributes that are set by name keep
    their names."""
    tree = expression(code)
    literals = list(_literals(tree)) if tree is not None else []
    if tree is None or not literals:
        return code
    chosen = rng.choice(literals)
    has_negative = any(number < 0 for number in numbers(to_value(chosen)))
    value = Mutator(rng, Limits(has_negative=has_negative)).changed(to_value(chosen))
    replacement = expression(repr(value))
    return code if replacement is None else ast.unparse(_Replacer(chosen, replacement).visit(tree))


def _literals(node: ast.AST) -> Iterator[ast.expr]:
    """The arguments that are literals, outermost ones only."""
    for child in ast.iter_child_nodes(node):
        is_literal = isinstance(child, (ast.List, ast.Tuple, ast.Dict, ast.Constant))
        if isinstance(node, ast.Call) and isinstance(child, ast.expr) and is_literal:
            is_name = isinstance(node.func, ast.Name) and node.func.id == "setattr"
            if not (is_name and child is node.args[1]):
                yield child
        else:
            yield from _literals(child)


class _Replacer(ast.NodeTransformer):
    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self._old = old
        self._new = new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)

"""The calls that examples make: the inputs that are certainly inside the domain."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scopewise.verify.behaviour import Example
from scopewise.verify.inputs.target import Parameter, Target

_MAX_INLINED = 2000
"""Nodes of an expression after names were replaced by what they stand for."""


@dataclass(frozen=True)
class Source:
    """A value known only as the expression that makes it, such as `date(2024, 1, 31)`."""

    text: str

    def __repr__(self) -> str:
        """The expression, so that `repr` of a list of such values is an expression too."""
        return self.text


class Members(set[object]):
    """A set whose `repr` is the same in every run, whatever order its members are kept in."""

    def __repr__(self) -> str:
        return "{" + ", ".join(sorted(map(repr, self))) + "}" if self else "set()"


@dataclass(frozen=True)
class Seed:
    """A call: a value for each parameter that is given, a list for `*args`, and the receiver's
    expression."""

    values: dict[str, object] = field(default_factory=dict)
    receiver: str = ""


def read_seeds(target: Target, examples: Sequence[Example]) -> list[Seed]:
    """The calls of the target in its examples, in order, each once."""
    seeds: dict[str, Seed] = {}
    for example in examples:
        statements = [*_statements(example.setup), *_statements(example.source)]
        for index, statement in enumerate(statements):
            for call in _calls(statement, target):
                seed = _seed(target, call, statements[:index])
                if seed is not None:
                    seeds.setdefault(repr(seed), seed)
    return list(seeds.values())


def read_made(target: Target, name: str, examples: Sequence[Example]) -> list[dict[str, object]]:
    """The arguments examples make objects of a class of the file with."""
    constructor = target.constructor(name)
    if constructor is None:
        return []
    made = []
    for example in examples:
        statements = [*_statements(example.setup), *_statements(example.source)]
        for index, statement in enumerate(statements):
            for call in _named_calls(statement, name.rpartition(".")[2]):
                plain = Known(statements[:index], target).inlined(call)
                seed = (
                    _bound(constructor.parameters, plain) if isinstance(plain, ast.Call) else None
                )
                if seed is not None:
                    made.append(seed.values)
    return made


def to_value(node: ast.expr) -> object:
    """A literal as the value it is, with `Source` for what is no literal."""
    if isinstance(node, ast.List):
        return [to_value(item) for item in node.elts]
    if isinstance(node, ast.Tuple):
        return tuple(to_value(item) for item in node.elts)
    if isinstance(node, ast.Dict) and all(node.keys):
        keys = [_hashable(key) for key in node.keys if key is not None]
        return dict(zip(keys, map(to_value, node.values), strict=True))
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return Source(ast.unparse(node))
    if isinstance(value, set):
        return Members(value)
    return value if value is not ... else Source("...")


def expression(text: str) -> ast.expr | None:
    """The tree of an expression; None when it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _hashable(node: ast.expr) -> object:
    value = to_value(node)
    try:
        hash(value)
    except TypeError:
        return Source(ast.unparse(node))
    return value


def _statements(code: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _calls(statement: ast.stmt, target: Target) -> Iterator[ast.Call]:
    if target.name == "__init__":
        return _named_calls(statement, target.owner.rpartition(".")[2])
    return _named_calls(statement, target.name)


def _named_calls(statement: ast.stmt, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            called = node.func
            found = called.attr if isinstance(called, ast.Attribute) else _name(called)
            if found == name:
                yield node


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _seed(target: Target, call: ast.Call, before: Sequence[ast.stmt]) -> Seed | None:
    """The call with the names that earlier statements bind replaced by what they stand for."""
    known = Known(before, target)
    plain = known.inlined(call)
    seed = _bound(target.parameters, plain) if isinstance(plain, ast.Call) else None
    if seed is None or target.method in ("", "class", "static") or target.name == "__init__":
        return seed
    if not isinstance(call.func, ast.Attribute):
        return None
    return Seed(seed.values, known.receiver(call.func.value))


def _bound(parameters: Sequence[Parameter], call: ast.Call) -> Seed | None:
    """Which argument goes to which parameter; None when they do not fit."""
    if any(isinstance(each, ast.Starred) for each in call.args):
        return None
    positional = [p.name for p in parameters if p.kind == "positional"]
    values = {n: to_value(a) for n, a in zip(positional, call.args, strict=False)}
    rest = [to_value(each) for each in call.args[len(positional) :]]
    for_rest = next((p.name for p in parameters if p.kind == "varargs"), None)
    if rest and for_rest is None:
        return None
    if for_rest is not None:
        values[for_rest] = rest
    has_kwargs = any(p.kind == "kwargs" for p in parameters)
    names = {p.name for p in parameters if p.kind in ("positional", "keyword")}
    for word in call.keywords:
        if word.arg is None or word.arg in values or not (has_kwargs or word.arg in names):
            return None
        values[word.arg] = to_value(word.value)
    if any(p.is_required and p.name not in values for p in parameters):
        return None
    return Seed(values)


class Known:
    """What the statements before a call say about the names in it."""

    def __init__(self, statements: Iterable[ast.stmt], target: Target) -> None:
        self._assigned: dict[str, ast.expr] = {}
        self._done: dict[str, list[str]] = {}
        self._owner = target.constructor(target.owner)
        self._classes = {each.name for each in target.classes}
        for statement in statements:
            self._read(statement)

    def inlined(self, node: ast.expr) -> ast.expr | None:
        """The expression without the names that statements bound; None when it gets too long."""
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        made = {name: tree for name in names if (tree := self._made(name)) is not None}
        if not made:
            return node
        result = _Inliner(made).visit(_copy(node))
        n_nodes = sum(1 for _ in ast.walk(result))
        return result if n_nodes <= _MAX_INLINED else None

    def receiver(self, node: ast.expr) -> str:
        """An expression for the object a method is called on, with all that was done to it;
        empty when any object will do."""
        if isinstance(node, ast.Name) and self._made(node.id) is None:
            return ""
        inlined = self.inlined(node)
        return "" if inlined is None else ast.unparse(inlined)

    def _made(self, name: str) -> ast.expr | None:
        """What a name stands for by now."""
        made, done = self._assigned.get(name), self._done.get(name, [])
        if made is None and done and self._owner and name not in self._classes:
            is_free = not any(p.is_required for p in self._owner.parameters)
            made = expression(f"{self._owner.name}()") if is_free else None
        if made is None or not done:
            return made
        steps = ", ".join(done)
        return expression(f"(lambda {name}: [{steps}, {name}][-1])({ast.unparse(made)})")

    def _read(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                inlined = self.inlined(value)
                self._touch(value)
                if inlined is not None:
                    self._assigned[name] = inlined
                    self._done.pop(name, None)
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id=name), attr=attribute)], value=value
            ):
                given = self._inlined_but(name, value)
                if given is not None:
                    self._do(name, f"setattr({name}, {attribute!r}, {ast.unparse(given)})")
            case ast.Expr(value=value):
                self._touch(value)

    def _touch(self, value: ast.expr) -> None:
        """Remember a call on an object: `stack.push(3)`."""
        match value:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                inlined = self._inlined_but(name, value)
                if inlined is not None and name not in self._classes:
                    self._do(name, ast.unparse(inlined))

    def _inlined_but(self, name: str, node: ast.expr) -> ast.expr | None:
        """The expression with all names replaced but one, the object that is being changed."""
        made, done = self._assigned.pop(name, None), self._done.pop(name, None)
        inlined = self.inlined(node)
        if made is not None:
            self._assigned[name] = made
        if done is not None:
            self._done[name] = done
        return inlined

    def _do(self, name: str, step: str) -> None:
        self._done.setdefault(name, []).append(step)


class _Inliner(ast.NodeTransformer):
    def __init__(self, made: dict[str, ast.expr]) -> None:
        self._made = made

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._made.get(node.id, node)


def _copy(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body

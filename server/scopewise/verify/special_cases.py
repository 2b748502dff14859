"""Finds a branch that a change added for exactly the input that failed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from scopewise.scope.statements import Function, own_nodes, parameters, statements_of
from scopewise.scope.traces.failing_values import FailingExample

_EDGES: tuple[Any, ...] = (None, False, True, -1, 0, 1, 2, "", b"", (), [], {}, set())
_NONE: tuple[Any, ...] = (None, False, 0, "", (), [], {}, set())
_NO_VALUE = object()
_MAX_CALLS = 8


def special_case(
    was: Function, now: Function, examples: Sequence[FailingExample], calls: Sequence[str]
) -> str | None:
    """What is wrong with a new branch on the failing call's own arguments, as a sentence."""
    texts = dict.fromkeys([*(example.call for example in examples), *calls])
    given = [values for text in texts if (values := _arguments(text, now))][:_MAX_CALLS]
    for values in given:
        had = {ast.dump(test) for test, _ in _branches(was)}
        for test, gives_literal in _branches(now):
            if gives_literal and ast.dump(test) not in had and _is_special(test, values, was):
                return f"It treats the input that failed as a special case (`{_short(test)}`)."
    return _new_table_entry(was, now, examples)


def _short(node: ast.expr) -> str:
    code = ast.unparse(node)
    return code if len(code) <= 60 else f"{code[:57]}..."


def _arguments(call: str, function: Function) -> dict[str, Any]:
    """The literal arguments of a call by the names of the parameters."""
    found = statements_of(call)
    node = found[0].value if found and isinstance(found[0], ast.Expr) else None
    if not isinstance(node, ast.Call):
        return {}
    names = parameters(function)
    if names[:1] in (["self"], ["cls"]):
        names = names[1:]
    given = dict(zip(names, _positional(node), strict=False))
    given |= {keyword.arg or "": _value(keyword.value) for keyword in node.keywords}
    return {name: value for name, value in given.items() if name and value is not _NO_VALUE}


def _positional(call: ast.Call) -> Iterator[Any]:
    for argument in call.args:
        value = _value(argument.value if isinstance(argument, ast.Starred) else argument)
        if not isinstance(argument, ast.Starred):
            yield value
        elif isinstance(value, list | tuple):
            yield from value
        else:
            return


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return _NO_VALUE


def _branches(function: Function) -> Iterator[tuple[ast.expr, bool]]:
    """The conditions of a function, each with whether what it leads to is a literal."""
    for node in own_nodes(function):
        if isinstance(node, ast.If):
            yield node.test, _gives_literal(node.body)
        elif isinstance(node, ast.IfExp):
            yield node.test, _value(node.body) is not _NO_VALUE
        elif isinstance(node, ast.Match):
            for case in node.cases:
                if isinstance(case.pattern, ast.MatchValue):
                    test = ast.Compare(node.subject, [ast.Eq()], [case.pattern.value])
                    yield test, _gives_literal(case.body)


def _gives_literal(body: list[ast.stmt]) -> bool:
    """Whether a block only returns, assigns or yields literals."""
    for node in body:
        value = getattr(node, "value", None)
        if isinstance(node, ast.Expr) and isinstance(value, ast.Yield):
            value = value.value
        is_kind = isinstance(node, ast.Return | ast.Assign | ast.Expr)
        if not is_kind or (value is not None and _value(value) is _NO_VALUE):
            return False
    return True


def _is_special(test: ast.expr, given: dict[str, Any], was: Function) -> bool:
    """Whether a condition holds for the values of the failing call and next to nothing else."""
    compared = list(_comparisons(test))
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(_is_special(part, given, was) for part in test.values)
    matching = [(name, value) for name, value in compared if _is_given(name, value, given)]
    if not matching or len(matching) < _n_conditions(test):
        return False
    if len(matching) > 1 and {name for name, _ in matching} == given.keys():
        return not all(_is_among(value, _NONE) for _, value in matching)
    return any(
        not _is_among(value, _EDGES) and not _has_entries(was, name) for name, value in matching
    )


def _is_given(name: str, value: Any, given: dict[str, Any]) -> bool:
    return name in given and _is_same(given[name], value)


def _is_same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and bool(left == right)


def _is_among(value: Any, values: tuple[Any, ...]) -> bool:
    return any(_is_same(value, one) for one in values)


def _n_conditions(test: ast.expr) -> int:
    """How many values a conjunction pins; other conditions in it only narrow it further."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return sum(bool(list(_comparisons(value))) for value in test.values)
    return 1


def _comparisons(test: ast.expr) -> Iterator[tuple[str, Any]]:
    """The names a condition compares with literals, and the literals."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for value in test.values:
            yield from _comparisons(value)
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
        return
    left, right = test.left, test.comparators[0]
    if isinstance(test.ops[0], ast.In):
        for element in getattr(right, "elts", []):
            yield from _pairs(left, element)
    elif isinstance(test.ops[0], ast.Eq | ast.Is):
        yield from _pairs(left, right)
        yield from _pairs(right, left)


def _pairs(left: ast.expr, right: ast.expr) -> Iterator[tuple[str, Any]]:
    if isinstance(left, ast.Tuple) and isinstance(right, ast.Tuple):
        for one, other in zip(left.elts, right.elts, strict=False):
            yield from _pairs(one, other)
    elif (name := _compared_name(left)) and (value := _value(right)) is not _NO_VALUE:
        yield name, value


def _compared_name(node: ast.expr) -> str:
    """The variable an expression is, or is a plain conversion of: `list(x)`, `x.lower()`."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.func, ast.Name):
        is_conversion = node.func.id in ("list", "tuple", "str", "int", "sorted", "set")
        return _compared_name(node.args[0]) if is_conversion else ""
    return node.id if isinstance(node, ast.Name) else ""


def _has_entries(was: Function, name: str) -> bool:
    """Whether the function as it was already told such values of the variable apart."""
    return any(
        compared == name and not _is_among(value, _EDGES)
        for test, gives_literal in _branches(was)
        if gives_literal
        for compared, value in _comparisons(test)
    )


def _new_table_entry(
    was: Function, now: Function, examples: Sequence[FailingExample]
) -> str | None:
    """A new table of one entry or a few that maps the failing input to the expected value."""
    had = sum(isinstance(node, ast.Dict) for node in ast.walk(was))
    tables = [node for node in ast.walk(now) if isinstance(node, ast.Dict)]
    if len(tables) <= had:
        return None
    for example in examples:
        given, expected = _arguments(example.call, now), _expected(example)
        for table in tables:
            for key, value in zip(table.keys, table.values, strict=True):
                is_key = key is not None and any(
                    _is_same(_value(key), one) and not _is_among(one, _EDGES)
                    for one in [*given.values(), tuple(given.values())]
                )
                if is_key and _is_same(_value(value), expected):
                    return f"It looks the input that failed up in a table (`{_short(table)}`)."
    return None


def _expected(example: FailingExample) -> Any:
    """The literal that an example compares its call with."""
    found = statements_of(example.assertion)
    test = found[0].test if found and isinstance(found[0], ast.Assert) else None
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
        return _NO_VALUE
    sides = [test.left, test.comparators[0]]
    values = [value for side in sides if (value := _value(side)) is not _NO_VALUE]
    return values[0] if len(values) == 1 else _NO_VALUE

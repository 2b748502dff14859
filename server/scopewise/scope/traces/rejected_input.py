"""Whether a function raises because of what it was given, and so is only the messenger."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from scopewise.scope.statements import Function, parameters, statements_of

_ADDED_UP = (ast.BinOp, ast.Await, ast.NamedExpr)


def rejects_its_input(code: str, line: int) -> bool:
    """Whether the statement on a line (from 1) of a function is a `raise` or an `assert` that
    depends on the arguments alone, not on anything the function worked out.

    Arguments are the parameters, the elements of loops over them, and what is read from them
    without arithmetic, such as a length. A handler that raises reports another exception.
    """
    function = next(iter(statements_of(code)), None)
    path = _path_to(function, line) if isinstance(function, Function) else []
    if not isinstance(function, Function) or not path:
        return False
    *around, statement = path
    if any(isinstance(node, ast.ExceptHandler) for node in around) or _is_not_written(statement):
        return False
    tests = [node.test for node in around if isinstance(node, ast.If | ast.While)]
    if isinstance(statement, ast.Assert):
        tests.append(statement.test)
    worked_out = _worked_out(function, set(parameters(function)))
    return not any(_names(test) & worked_out for test in tests)


def _is_not_written(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Raise) and "NotImplemented" in ast.dump(statement)


def _path_to(function: ast.AST, line: int) -> list[ast.AST]:
    """The nodes around a `raise` or `assert` on a line, and itself."""
    for child in ast.iter_child_nodes(function):
        if isinstance(child, ast.expr):
            continue
        first, last = getattr(child, "lineno", 1), getattr(child, "end_lineno", 0) or 0
        if isinstance(child, ast.Raise | ast.Assert) and first <= line <= last:
            return [child]
        if below := _path_to(child, line):
            return [child, *below]
    return []


def _worked_out(function: ast.AST, given: set[str]) -> set[str]:
    """The names the function gives a value that it did not just read from its arguments."""
    assigned = list(_assigned(function))
    known, before = set(given), -1
    while before != len(known):
        before = len(known)
        known |= {name for name, value in assigned if _is_read_from(value, known)}
    wrong = {name for name, value in assigned if not _is_read_from(value, known)}
    return {name for name, _ in assigned if name in wrong or name not in known}


def _assigned(function: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    for node in ast.walk(function):
        value: ast.expr | None = None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            targets, value = [node.target], node.iter
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
            targets = [node.target]
            value = node.value if isinstance(node, ast.AnnAssign) else None
        else:
            continue
        for target in targets:
            for name in _names(target):
                yield name, value


def _is_read_from(value: ast.expr | None, known: set[str]) -> bool:
    if value is None or any(isinstance(node, _ADDED_UP) for node in ast.walk(value)):
        return False
    bound = {
        name
        for node in ast.walk(value)
        if isinstance(node, ast.comprehension)
        for name in _names(node.target)
    }
    names = _names(value) - bound
    return bool(names & known) and all(n in known or hasattr(builtins, n) for n in names)


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}

"""What a stack trace itself says must hold: the assertion that failed, ready to be run again."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scopewise.scope.lookup import Files
from scopewise.scope.statements import (
    function_around,
    own_nodes,
    python_tree,
    simple_statement,
    statements_of,
)
from scopewise.scope.traces.assertions import asserted
from scopewise.scope.traces.localise import Spot, spots
from scopewise.scope.traces.stack import Frame, Trace, by_interest
from scopewise.scope.traces.tested_names import Scene, Target, UnclearError, resolved
from scopewise.syntax.tree import Definition, ParsedDocument

_WHERE = re.compile(r"\s*\+\s+where (?P<value>.*?) = (?P<call>\S.*\))\s*$")
_OBJECT = re.compile(r"<function ([^\W\d][\w.]*) at 0x[0-9a-fA-F]+>")
_UNEQUAL = re.compile(r"(?:\w+ differ: )?(?P<first>.*) != (?P<second>.*?)(?: within .*)?$")
_NOT_TRUE = re.compile(r"(?P<value>.*) is (?:not true|not false|not None|None)$")
_IS_CUT = re.compile(r"\.\.\.|…")
_MAX_EXAMPLES = 4


@dataclass(frozen=True)
class FailingExample:
    """An assertion that failed, in the names of the module that is to be mended."""

    call: str
    """The call in it, of the function itself when it is called there."""
    assertion: str
    """A whole `assert` statement, to be run inside the module."""
    got: str
    """What the call gave, as Python writes it, or "Type: message" of what it raised; empty when
    the trace does not say."""
    line: int
    """Of the failing line in the test, from 1, as the trace prints it."""


def failing_examples(
    trace: Trace, parsed: ParsedDocument, definition: Definition, files: Files
) -> tuple[FailingExample, ...]:
    """The failed assertions that can be run in the module of a definition, innermost first.

    Nothing is guessed: an assertion is left out when any name in it could mean something else
    there, or when the test did more than assert before it.
    """
    tree = python_tree(parsed)
    if tree is None:
        return ()
    target = Target.of(parsed, tree, files)
    found = [
        example
        for part in by_interest(trace)
        for scene, frame in _scenes(part, files)
        if (example := _example(scene, frame, part, target, definition))
    ]
    return tuple(dict.fromkeys(found))[:_MAX_EXAMPLES]


def failing_calls(
    trace: Trace, parsed: ParsedDocument, definition: Definition, files: Files
) -> tuple[str, ...]:
    """The calls of a function, with literal arguments, on the lines that failed, asserted or not.

    That they failed is certain; what they ought to give is not known from them.
    """
    tree = python_tree(parsed)
    if tree is None:
        return ()
    target = Target.of(parsed, tree, files)
    found: list[str] = []
    for part in by_interest(trace):
        for scene, _ in _scenes(part, files):
            found += _literal_calls(scene, target, definition)
    return tuple(dict.fromkeys(found))


def _literal_calls(scene: Scene, target: Target, definition: Definition) -> Iterator[str]:
    for node in ast.walk(scene.statement):
        if isinstance(node, ast.Call):
            try:
                call = resolved(node, replace(scene, used={}), target)
            except (UnclearError, RecursionError):
                continue
            if _is_call_of(call, definition):
                yield ast.unparse(call)


def _scenes(part: Trace, files: Files) -> Iterator[tuple[Scene, Frame]]:
    """The frames of one exception with their statements, innermost first."""
    places = {spot.resolved.frame.range: spot for spot in spots(part, files)}
    scenes: list[tuple[Scene, Frame]] = []
    caller = None
    for frame in part.frames:
        caller = _scene(frame, places.get(frame.range), caller)
        if caller is not None:
            scenes.append((caller, frame))
    yield from reversed(scenes)


def _scene(frame: Frame, spot: Spot | None, caller: Scene | None) -> Scene | None:
    if spot is None or spot.line is None:
        printed = statements_of(frame.code)
        return Scene(printed[0], frame.function, caller) if len(printed) == 1 else None
    tree = python_tree(spot.parsed)
    statement = simple_statement(tree, spot.line) if tree else None
    if tree is None or statement is None:
        return None
    around = function_around(tree, statement)
    return Scene(statement, frame.function, caller, spot.parsed, tree, around)


def _example(
    scene: Scene, frame: Frame, part: Trace, target: Target, definition: Definition
) -> FailingExample | None:
    try:
        test = asserted(scene.statement)
        if test is None or not _is_undisturbed(scene):
            return None
        condition = _condition(test, scene, part, target)
        call = _call_in(condition, target, definition) if condition else None
        if condition is None or call is None:
            return None
        code = f"assert {ast.unparse(condition)}"
        return FailingExample(ast.unparse(call), code, _got(test, frame, part), frame.line)
    except RecursionError:
        # A sum of a thousand terms is nested deeper than Python's stack.
        return None


def _condition(test: ast.expr, scene: Scene, part: Trace, target: Target) -> ast.expr | None:
    try:
        return resolved(test, scene, target)
    except UnclearError:
        return _as_explained(test, scene, part, target)


def _is_undisturbed(scene: Scene) -> bool:
    """Whether the test did nothing before that its assertion may rest on.

    In a file that is not here only the failing line is known.
    """
    scope = scene.function or scene.tree
    if scope is None:
        return True
    before = [
        node
        for node in own_nodes(scope)
        if isinstance(node, ast.stmt) and node.lineno <= scene.statement.lineno
    ]
    used = _names_used(scene.statement, before)
    return not any(_is_disturbing(node, used) for node in before if node is not scene.statement)


def _is_disturbing(node: ast.stmt, used: set[str]) -> bool:
    if isinstance(node, ast.With | ast.AsyncWith | ast.Global | ast.Delete | ast.AugAssign):
        return True
    if isinstance(node, ast.Expr):
        acts = any(isinstance(inner, ast.Call | ast.Await) for inner in ast.walk(node))
        is_harmless = asserted(node) is not None or ast.unparse(node).startswith("print(")
        return acts and not is_harmless
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    is_call = any(isinstance(inner, ast.Call) for inner in ast.walk(node))
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    return len(names) < len(targets) or (is_call and not names & used)


def _names_used(statement: ast.stmt, before: list[ast.stmt]) -> set[str]:
    """The variables a statement is made of, with those that they are made of."""
    used = _names(statement)
    for node in sorted(before, key=lambda node: -node.lineno):
        if isinstance(node, ast.Assign) and any(_names(target) & used for target in node.targets):
            used |= _names(node.value)
    return used


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _call_in(condition: ast.expr, target: Target, definition: Definition) -> ast.expr | None:
    """The call of the function, or else of another of its module."""
    calls = [node for node in ast.walk(condition) if isinstance(node, ast.Call)]
    own = [call for call in calls if _is_call_of(call, definition)]
    others = [call for call in calls if _root(call.func) in target.names]
    return next(iter([*own, *others]), None)


def _is_call_of(call: ast.expr, definition: Definition) -> bool:
    if not isinstance(call, ast.Call):
        return False
    if isinstance(call.func, ast.Name):
        owner, _, _ = definition.qualified_name.rpartition(".")
        return call.func.id == (owner if definition.name == "__init__" else definition.name)
    return definition.parent == "class" and (
        isinstance(call.func, ast.Attribute) and call.func.attr == definition.name
    )


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


# pytest's explanation: the operands as values


def _as_explained(test: ast.expr, scene: Scene, part: Trace, target: Target) -> ast.expr | None:
    """The condition with the values that pytest prints below it in place of the variables."""
    lines = (part.exception.text if part.exception else "").splitlines()
    explained = statements_of(_readable(lines[0])) if lines else []
    if len(explained) != 1 or not isinstance(explained[0], ast.Assert):
        return None
    calls = [_readable(m["call"]) for line in lines if (m := _WHERE.match(line))]
    try:
        return _merged(test, explained[0].test, calls, scene, target)
    except UnclearError:
        return None


def _readable(text: str) -> str:
    """The text with functions by their names; empty when pytest has left something out."""
    return "" if _IS_CUT.search(text) else _OBJECT.sub(r"\1", text)


def _merged(
    test: ast.expr, values: ast.expr, calls: list[str], scene: Scene, target: Target
) -> ast.expr:
    """A condition of the shape that `test` has: the call from `calls`, the rest from `values`."""
    if isinstance(test, ast.UnaryOp) and isinstance(values, ast.UnaryOp):
        return ast.UnaryOp(ast.Not(), _merged(test.operand, values.operand, calls, scene, target))
    if isinstance(test, ast.Call):
        return _explained_call(test, calls, scene, target)
    if not (isinstance(test, ast.Compare) and isinstance(values, ast.Compare)):
        raise UnclearError
    if len(test.ops) != 1 or len(values.ops) != 1:
        raise UnclearError
    pairs = [(test.left, values.left), (test.comparators[0], values.comparators[0])]
    left, right = (
        _explained_call(own, calls, scene, target) if isinstance(own, ast.Call) else _literal(value)
        for own, value in pairs
    )
    return ast.Compare(left, test.ops, [right])


def _explained_call(own: ast.Call, calls: list[str], scene: Scene, target: Target) -> ast.expr:
    """The call that pytest says stands behind the value, its arguments being literals."""
    name = ast.unparse(own.func).rpartition(".")[2]
    for text in calls:
        found = statements_of(text)
        call = found[0].value if len(found) == 1 and isinstance(found[0], ast.Expr) else None
        if not isinstance(call, ast.Call):
            continue
        shown = ast.unparse(call.func).rpartition(".")[2]
        if shown == name or shown in target.names:
            arguments = [_literal(argument) for argument in call.args]
            keywords = [ast.keyword(k.arg, _literal(k.value)) for k in call.keywords]
            return ast.Call(_function_meant(own.func, shown, scene, target), arguments, keywords)
    raise UnclearError


def _function_meant(func: ast.expr, shown: str, scene: Scene, target: Target) -> ast.expr:
    try:
        return resolved(func, replace(scene, used={}), target)
    except UnclearError:
        if shown not in target.names:
            raise
        return ast.Name(shown, ast.Load())


def _literal(node: ast.expr) -> ast.expr:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise UnclearError from None
    return node


# What the call gave instead


def _got(test: ast.expr, frame: Frame, part: Trace) -> str:
    exception = part.exception
    if exception is None:
        return ""
    first = exception.message.splitlines()[0] if exception.message else ""
    is_own = frame is part.frames[-1] or _is_unittest(part, frame)
    if exception.type_name.rpartition(".")[2] != "AssertionError" or not is_own:
        return f"{exception.type_name}: {first}".rstrip(": ")
    where = [m["value"] for line in exception.text.splitlines() if (m := _WHERE.match(line))]
    if where and not _IS_CUT.search(where[0]):
        return where[0]
    return _got_of_unittest(test, first)


def _is_unittest(part: Trace, frame: Frame) -> bool:
    inner = part.frames[part.frames.index(frame) + 1 :]
    return all("unittest" in one.path.replace("\\", "/").split("/") for one in inner)


def _got_of_unittest(test: ast.expr, message: str) -> str:
    """The side of "2 != 3" that stands where the call does, when the other side is as expected."""
    if isinstance(test, ast.Compare) and (match := _UNEQUAL.match(message)):
        sides = [(test.left, match["first"]), (test.comparators[0], match["second"])]
        for (own, got), (other, expected) in (sides, sides[::-1]):
            if isinstance(own, ast.Call) and _is_equal(other, expected):
                return "" if _IS_CUT.search(got) else got
    is_truth = isinstance(test, ast.Call | ast.UnaryOp)
    if is_truth and (match := _NOT_TRUE.match(message)) and not _IS_CUT.search(message):
        return match["value"]
    return ""


def _is_equal(node: ast.expr, text: str) -> bool:
    try:
        return bool(ast.literal_eval(node) == ast.literal_eval(text))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False

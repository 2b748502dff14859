"""Declines a mended function that no longer fails because the failure was hidden.

What is held against a change, compared with the function as it was:

- a new handler for the exception, or for all exceptions, that does not deal with it;
- a new `contextlib.suppress`, or a `finally` that returns;
- a new branch for exactly the input that failed;
- a `raise` or `assert` that reported the failure and is gone;
- a failing statement that was only deleted, or can no longer be reached;
- a body that gives the same literal whatever it is given.

The lines drawn, because each of these has an honest twin:

- A handler of a specific exception may give a variable another value, return something it works
  out, or raise. One that catches everything must raise or pass the exception itself on.
- A predicate may answer True or False in a specific handler: there the exception is the answer.
  `StopIteration` and the like may end a loop or a function: that is what they are for.
- A guard on empty, None, False or a small number (-1, 0, 1, 2) is an edge case, not a special
  case, and so is another entry in a chain or table of such literals.
- A `raise NotImplementedError` may go, a stray line with an unknown name may be deleted, and so
  may one step too many in working out a variable.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterator, Sequence

from scopewise.scope.statements import (
    Function,
    own_nodes,
    parameters,
    simple_statement,
    statements_of,
)
from scopewise.scope.traces.failing_values import FailingExample
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange
from scopewise.verify.label import Finding
from scopewise.verify.special_cases import special_case

CHECK = "failure not hidden"

_BROAD = frozenset({"Exception", "BaseException", ""})
_CONTROL_FLOW = frozenset(
    {"StopIteration", "StopAsyncIteration", "EOFError", "KeyboardInterrupt", "Empty", "QueueEmpty"}
)
_OF_NAMES = frozenset({"NameError", "ImportError", "ModuleNotFoundError", "SyntaxError"})
_LOGS = frozenset({"logging", "logger", "log", "LOG", "LOGGER", "_logger", "_log", "warnings"})
_PRINTS = frozenset(
    {"print", "pprint", "traceback.print_exc", "sys.stderr.write", "sys.stdout.write"}
)
_EXITS = frozenset({"exit", "quit", "sys.exit", "os._exit", "os.abort"})
_TERMINAL = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def hides_failure(
    before: ParsedDocument,
    old: Definition,
    after: ParsedDocument,
    new: Definition,
    exception_type: str,
    examples: Sequence[FailingExample] = (),
    calls: Sequence[str] = (),
    line: int | None = None,
) -> Finding | None:
    """What is wrong with a change that only makes the exception go away; None when nothing is.

    `calls` are further calls that failed, and `line`, from 0, is where in the document as it was.
    """
    was, now = _function(before, old), _function(after, new)
    if was is None or now is None:
        return None
    kind = exception_type.rpartition(".")[2]
    try:
        problem = _problem(was, now, kind, _statement(before, old, line))
        problem = problem or special_case(was, now, examples, calls)
    except RecursionError:
        # A sum of a thousand terms is nested deeper than Python's stack.
        return None
    return Finding(CHECK, problem) if problem else None


def _problem(was: Function, now: Function, kind: str, failing: ast.stmt | None) -> str | None:
    return (
        _new_handler(was, now, kind)
        or _new_suppression(was, now, kind)
        or _removed_raise(was, now, kind, failing)
        or _constant_body(was, now, kind)
        or _removed_statement(was, now, kind, failing)
    )


def _function(parsed: ParsedDocument, definition: Definition) -> Function | None:
    if parsed.language.id != "python":
        return None
    found = statements_of(_code(parsed, definition))
    return found[0] if len(found) == 1 and isinstance(found[0], Function) else None


def _code(parsed: ParsedDocument, definition: Definition) -> str:
    lines = parsed.snapshot.lines
    start = lines.line_range(lines.line_of(definition.range.start)).start
    return parsed.text(ByteRange(start, definition.range.end))


def _statement(parsed: ParsedDocument, definition: Definition, line: int | None) -> ast.stmt | None:
    """The statement that failed, as a node of a tree of its own."""
    function = _function(parsed, definition)
    if function is None or line is None:
        return None
    first = parsed.snapshot.lines.line_of(definition.range.start)
    return simple_statement(function, line - first)


# Exceptions that are caught


def _new_handler(was: Function, now: Function, kind: str) -> str | None:
    had = Counter(_handler_key(handler) for handler in _hiding_handlers(was, kind))
    for handler in _hiding_handlers(now, kind):
        key = _handler_key(handler)
        had[key] -= 1
        if had[key] < 0:
            caught = f"`{key}`" if key else "every exception"
            return f"It catches {caught} and goes on without dealing with it."
    return _returning_finally(was, now)


def _handler_key(handler: ast.ExceptHandler) -> str:
    return ast.unparse(handler.type) if handler.type else ""


def _hiding_handlers(function: Function, kind: str) -> Iterator[ast.ExceptHandler]:
    for node in ast.walk(function):
        if isinstance(node, ast.ExceptHandler) and _hides(node, function, kind):
            yield node


def _hides(handler: ast.ExceptHandler, function: Function, kind: str) -> bool:
    caught = _type_names(handler.type)
    if not caught.isdisjoint(_BROAD):
        return not _passes_on(handler)
    return _covers(caught, kind) and _does_nothing(handler, function)


def _type_names(node: ast.expr | None) -> set[str]:
    """The names of the types in an `except`, without their modules; one empty one for a bare."""
    types = node.elts if isinstance(node, ast.Tuple) else [node]
    return {ast.unparse(one).rpartition(".")[2] if one else "" for one in types}


def _covers(caught: set[str], kind: str) -> bool:
    """Whether one of the types is that of the failure, or a builtin base of it."""
    failure = getattr(builtins, kind, None)
    bases = {base.__name__ for base in failure.__mro__} if isinstance(failure, type) else {kind}
    return bool(kind) and not caught.isdisjoint(bases - {"object"})


def _passes_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler raises, ends the program, or uses the exception other than in a log."""
    for node in ast.walk(handler):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _name(node) in _EXITS):
            return True
    rest = [node for node in handler.body if not _is_log(node)]
    names = (node for one in rest for node in ast.walk(one) if isinstance(node, ast.Name))
    return handler.name is not None and any(node.id == handler.name for node in names)


def _does_nothing(handler: ast.ExceptHandler, function: Function) -> bool:
    """Whether a handler only passes, goes on, logs or returns a literal."""
    kinds = _type_names(handler.type)
    rest = [node for node in handler.body if not _is_log(node) and not _is_empty(node)]
    if kinds <= _CONTROL_FLOW and rest and isinstance(rest[-1], ast.Break | ast.Return):
        return False
    literals = {
        target.id: node.value
        for node in rest
        if isinstance(node, ast.Assign) and _is_literal(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if rest and isinstance(rest[-1], ast.Return):
        value = rest[-1].value
        returned = literals.get(value.id, value) if isinstance(value, ast.Name) else value
        only_literals = all(_is_assignment_of(node, literals) for node in rest[:-1])
        return only_literals and _is_literal(returned) and not _is_answer(returned, function)
    return all(isinstance(node, ast.Continue | ast.Break) for node in rest)


def _is_assignment_of(node: ast.stmt, literals: dict[str, ast.expr]) -> bool:
    return isinstance(node, ast.Assign) and node.value in literals.values()


def _is_answer(value: ast.expr | None, function: Function) -> bool:
    """Whether a returned True or False is one of the answers of a predicate."""
    if not (isinstance(value, ast.Constant) and isinstance(value.value, bool)):
        return False
    return all(node.value is not None and _is_truth(node.value) for node in _returns(function))


def _is_truth(node: ast.expr) -> bool:
    if isinstance(node, ast.BoolOp):
        return all(_is_truth(value) for value in node.values)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool)
    is_not = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    is_test = isinstance(node, ast.Call) and _name(node) in ("bool", "isinstance", "all", "any")
    return is_not or is_test or isinstance(node, ast.Compare)


def _is_log(node: ast.stmt) -> bool:
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        return False
    name = _name(node.value)
    owner = name.rpartition(".")[0].rpartition(".")[2] or name.partition(".")[0]
    return name in _PRINTS or (owner in _LOGS and "." in name)


def _is_empty(node: ast.stmt) -> bool:
    is_constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_constant or isinstance(node, ast.Pass)


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func)


def _is_literal(node: ast.expr | None) -> bool:
    """Whether an expression is a literal, an empty collection by name included, or nothing."""
    if isinstance(node, ast.Call):
        is_empty = not node.args and not node.keywords
        return is_empty and _name(node) in ("list", "dict", "set", "tuple", "str", "int", "float")
    allowed = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp)
    allowed_parts = (*allowed, ast.unaryop, ast.expr_context)
    return node is None or all(isinstance(inner, allowed_parts) for inner in ast.walk(node))


def _returning_finally(was: Function, now: Function) -> str | None:
    def count(function: Function) -> int:
        blocks = (node.finalbody for node in ast.walk(function) if isinstance(node, ast.Try))
        inner = (node for block in blocks for one in block for node in ast.walk(one))
        return sum(isinstance(node, ast.Return) for node in inner)

    if count(now) > count(was):
        return "It returns from a `finally`, which swallows every exception."
    return None


def _new_suppression(was: Function, now: Function, kind: str) -> str | None:
    if len(_suppressions(now, kind)) > len(_suppressions(was, kind)):
        return f"It suppresses {f'`{kind}`' if kind else 'the exception'} instead of avoiding it."
    return None


def _suppressions(function: Function, kind: str) -> list[ast.Call]:
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _name(node) in ("suppress", "contextlib.suppress"):
            caught = {name for argument in node.args for name in _type_names(argument)}
            if not caught.isdisjoint(_BROAD) or _covers(caught, kind):
                found.append(node)
    return found


# Statements that are gone


def _removed_raise(was: Function, now: Function, kind: str, failing: ast.stmt | None) -> str | None:
    if failing is not None and not isinstance(failing, ast.Raise | ast.Assert):
        return None
    if kind == "NotImplementedError" or (failing is None and kind in ("", "AssertionError")):
        return None
    if failing is None and not any(_raises(node, kind) for node in ast.walk(was)):
        return None
    if _n_reports(now, kind) >= _n_reports(was, kind) or _n_reports(now) >= _n_reports(was):
        return None
    word = "assert" if isinstance(failing, ast.Assert) else "raise"
    return f"It removes the `{word}` that reported the failure."


def _n_reports(function: Function, kind: str = "") -> int:
    """How many statements raise, or raise that type, within reach."""
    return sum(_raises(node, kind) for node in _reachable(function.body))


def _raises(node: ast.AST, kind: str) -> bool:
    if isinstance(node, ast.Assert):
        return kind in ("", "AssertionError")
    if not isinstance(node, ast.Raise):
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return not kind or raised is None or ast.unparse(raised).rpartition(".")[2] == kind


def _removed_statement(
    was: Function, now: Function, kind: str, failing: ast.stmt | None
) -> str | None:
    """A failing statement that was deleted, or put out of reach, and nothing else was done."""
    if failing is None or kind in _OF_NAMES:
        return None
    had, has = _statement_counts(was), _statement_counts(now)
    code = ast.dump(failing)
    if code in has or has - had or _is_another_step(failing, now):
        return None
    return "It only deletes the statement that failed."


def _is_another_step(failing: ast.stmt, now: Function) -> bool:
    """Whether the statement gave a new value to a variable that has one without it.

    `x = x.split()` may be one step too many; a call for its effect was there for the effect.
    """
    if isinstance(failing, ast.AugAssign):
        targets: list[ast.expr] = [failing.target]
    else:
        targets = failing.targets if isinstance(failing, ast.Assign) else []
    names = {node.id for node in targets if isinstance(node, ast.Name)}
    stored = (node for node in ast.walk(now) if isinstance(node, ast.Name))
    bound = {node.id for node in stored if isinstance(node.ctx, ast.Store)}
    return bool(names) and len(names) == len(targets) and names <= bound | set(parameters(now))


def _statement_counts(function: Function) -> Counter[str]:
    """The statements within reach; a compound one by its header."""
    found = (node for node in _reachable(function.body) if isinstance(node, ast.stmt))
    return Counter(_header(node) for node in found if not _is_empty(node) and not _is_switch(node))


def _is_switch(node: ast.stmt) -> bool:
    """`if False:` and the like."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Constant)


def _header(node: ast.stmt) -> str:
    if not hasattr(node, "body"):
        return ast.dump(node)
    parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return " ".join([type(node).__name__, *(ast.dump(part) for part in parts)])


def _reachable(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of a block without what stands behind a `return` or below `if False`."""
    for node in body:
        yield node
        blocks = [block for name in _BLOCKS if (block := getattr(node, name, None))]
        if isinstance(node, ast.If) and isinstance(node.test, ast.Constant):
            # What `if False` switches off is as good as deleted.
            blocks = [node.body if node.test.value else node.orelse]
        for block in blocks:
            statements = [inner for one in block for inner in _statements_in(one)]
            yield from _reachable(statements)
        if isinstance(node, _TERMINAL):
            return


_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def _statements_in(node: ast.AST) -> list[ast.stmt]:
    if isinstance(node, ast.ExceptHandler | ast.match_case):
        return node.body
    return [node] if isinstance(node, ast.stmt) else []


def _constant_body(was: Function, now: Function, kind: str) -> str | None:
    """A function that gave different values and now gives one literal on every path."""
    if kind == "NotImplementedError" or _is_generator(now) or _is_generator(was):
        return None
    had, has = _returned(was), _returned(now)
    is_nothing = all(_is_empty(node) or _is_bare_return(node) for node in now.body)
    was_nothing = all(_is_empty(node) or _is_bare_return(node) for node in was.body)
    if is_nothing and not was_nothing:
        return "It does nothing any more."
    if len(has) == 1 and len(had) >= 1 and _is_fixed(has) and not _is_fixed(had):
        return f"It gives {next(iter(has))} whatever it is given."
    return None


def _is_bare_return(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return) and (
        node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)
    )


def _is_fixed(returned: dict[str, bool]) -> bool:
    return len(returned) == 1 and all(returned.values())


def _returned(function: Function) -> dict[str, bool]:
    """The expressions a function returns within reach, and whether they are literals."""
    inner = {id(node) for node in own_nodes(function)}
    return {
        f"`{ast.unparse(node.value)}`": _is_literal(node.value)
        for node in _reachable(function.body)
        if isinstance(node, ast.Return) and node.value is not None and id(node) in inner
    }


def _returns(function: Function) -> Iterator[ast.Return]:
    return (node for node in own_nodes(function) if isinstance(node, ast.Return))


def _is_generator(function: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))

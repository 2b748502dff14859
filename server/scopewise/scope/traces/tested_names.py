"""What the names in a test's code mean in the module it tests, as far as that is certain.

An assertion is run inside the module, so every name must become a literal, a builtin or one of
the module's own names; where that fails the assertion is not used.
"""

from __future__ import annotations

import ast
import builtins
import math
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from scopewise.scope.imports import imported_names, module_file
from scopewise.scope.lookup import Files
from scopewise.scope.statements import Function, own_nodes, parameters
from scopewise.scope.traces.calls import Site, function_named
from scopewise.syntax.tree import ParsedDocument

_UNSAFE = frozenset(
    {"open", "input", "exec", "eval", "compile", "breakpoint", "exit", "quit", "__import__"}
    | {"globals", "locals", "vars", "id", "print", "help"}
)
_BUILTINS = frozenset(dir(builtins)) - _UNSAFE
_CONSTANTS = {
    f"{module.__name__}.{name}": value
    for module in (math, string, sys)
    for name, value in vars(module).items()
    if type(value) in (int, float, str) and not name.startswith("_") and module is not sys
} | {"sys.maxsize": sys.maxsize}
_MAX_DEPTH = 6


class UnclearError(Exception):
    """A name has no certain meaning; caught where the assertion is dropped."""


@dataclass(frozen=True)
class Target:
    """The module that is tested."""

    parsed: ParsedDocument
    names: frozenset[str]
    """What its top level binds."""
    files: Files

    @classmethod
    def of(cls, parsed: ParsedDocument, tree: ast.Module, files: Files) -> Target:
        return cls(parsed, frozenset(_bound_at_top(tree)), files)


@dataclass(frozen=True)
class Scene:
    """The statement of one frame, and what is known around it."""

    statement: ast.stmt
    function_name: str
    """As the trace prints it."""
    caller: Scene | None = None
    parsed: ParsedDocument | None = None
    """The file, when it is in the workspace."""
    tree: ast.Module | None = None
    function: Function | None = None
    used: dict[str, int] = field(default_factory=dict)
    """How often a variable's value was put in for its name."""


def resolved(expression: ast.expr, scene: Scene, target: Target) -> ast.expr:
    """The expression in the module's own names; raises UnclearError."""
    return _resolved(expression, scene, target, _MAX_DEPTH)


def _resolved(expression: ast.expr, scene: Scene, target: Target, depth: int) -> ast.expr:
    if depth == 0:
        raise UnclearError
    # A copy: the tree of the file is asked again for other frames.
    copy = ast.parse(ast.unparse(expression), mode="eval").body
    result = _Resolver(scene, target, depth, frozenset(_bound_inside(copy))).visit(copy)
    assert isinstance(result, ast.expr)
    return result


class _Resolver(ast.NodeTransformer):
    def __init__(self, scene: Scene, target: Target, depth: int, bound: frozenset[str]) -> None:
        self._scene, self._target, self._depth, self._bound = scene, target, depth, bound

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._bound:
            return node
        return _meaning(node.id, self._scene, self._target, self._depth)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        constant = _constant(node, self._scene)
        if constant is not None:
            return constant
        name = _of_module(node, self._scene, self._target)
        return ast.Name(name, ast.Load()) if name else self.generic_visit(node)


def _meaning(name: str, scene: Scene, target: Target, depth: int) -> ast.expr:
    if scene.parsed is None or scene.tree is None:
        return _meaning_unseen(name, scene, target, depth)
    inner = scene.function
    if inner is not None and name in parameters(inner):
        return _handed(name, scene, target, depth)
    if inner is not None and (found := _variable(name, inner, scene, target, depth)):
        return found
    if scene.parsed.snapshot.uri == target.parsed.snapshot.uri and name in target.names:
        return ast.Name(name, ast.Load())
    if (found := _variable(name, scene.tree, scene, target, depth)) is not None:
        return found
    if name in _defined(scene.tree):
        raise UnclearError
    imported = _imported(name, scene.parsed, target)
    if imported is not None:
        return ast.Name(imported, ast.Load())
    if name in _bound_at_top(scene.tree) or name not in _BUILTINS:
        raise UnclearError
    return ast.Name(name, ast.Load())


def _defined(tree: ast.AST) -> set[str]:
    """The functions and classes of a file, which hide those that it imports."""
    return {node.name for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)}


def _meaning_unseen(name: str, scene: Scene, target: Target, depth: int) -> ast.expr:
    """The meaning of a name in a file that is not here.

    A name that is only called there is hardly a variable of the test that shadows another.
    """
    is_called = _is_only_called(name, scene.statement)
    if name in target.names and (is_called or name.isupper() or target.parsed.find(name)):
        return ast.Name(name, ast.Load())
    if name in _BUILTINS and is_called:
        return ast.Name(name, ast.Load())
    # `check(f)` ran `assert candidate(1) == 2`: there is but one thing `candidate` can be.
    call = _call_of(scene)
    unknown = set(_unknown_names(scene.statement, target))
    if call is None or scene.caller is None or len(call.args) != 1 or call.keywords:
        raise UnclearError
    if not is_called or unknown != {name} or not isinstance(call.args[0], ast.Name):
        raise UnclearError
    return _resolved(call.args[0], scene.caller, target, depth - 1)


def _is_only_called(name: str, statement: ast.stmt) -> bool:
    called = {id(node.func) for node in ast.walk(statement) if isinstance(node, ast.Call)}
    return all(
        id(node) in called
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id == name
    )


def _unknown_names(statement: ast.stmt, target: Target) -> Iterator[str]:
    bound = set(_bound_inside(statement))
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and node.id not in target.names | _BUILTINS | bound:
            yield node.id


def _handed(name: str, scene: Scene, target: Target, depth: int) -> ast.expr:
    """What the caller's statement hands over for a parameter that is not assigned again."""
    call = _call_of(scene)
    function = scene.function
    if call is None or scene.caller is None or function is None or _n_bindings(name, function):
        raise UnclearError
    names = parameters(function)
    if names[:1] in (["self"], ["cls"]) and isinstance(call.func, ast.Attribute):
        names = names[1:]
    given = dict(zip(names, call.args, strict=False))
    given |= {keyword.arg or "": keyword.value for keyword in call.keywords}
    is_starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    if name not in given or is_starred or function.args.vararg:
        raise UnclearError
    _note_use(name, given[name], scene)
    return _resolved(given[name], scene.caller, target, depth - 1)


def _call_of(scene: Scene) -> ast.Call | None:
    """The one call in the caller's statement that made this frame."""
    if scene.caller is None:
        return None
    name = scene.function_name.rpartition(".")[2]
    calls = [
        node
        for node in ast.walk(scene.caller.statement)
        if isinstance(node, ast.Call) and _called(node) == name
    ]
    return calls[0] if len(calls) == 1 else None


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _variable(
    name: str, scope: ast.AST, scene: Scene, target: Target, depth: int
) -> ast.expr | None:
    """The value of a variable that is assigned once, plainly, and left alone until it is used."""
    n_bindings = _n_bindings(name, scope)
    if not n_bindings:
        return None
    value = _only_value(name, scope, scene.statement)
    if n_bindings > 1 or value is None:
        raise UnclearError
    if not is_plain(value):
        statements = (scene.statement, *_assignments(name, scope))
        if _n_mentions(name, scope) != sum(_n_mentions(name, one) for one in statements):
            raise UnclearError
    _note_use(name, value, scene)
    return _resolved(value, scene, target, depth - 1)


def _note_use(name: str, value: ast.expr, scene: Scene) -> None:
    """One object in two places is not two equal ones, when it can change."""
    scene.used[name] = scene.used.get(name, 0) + 1
    if scene.used[name] > 1 and not is_plain(value) and not isinstance(value, ast.Name):
        raise UnclearError


def is_plain(value: ast.expr) -> bool:
    """Whether it is a literal that cannot change."""
    allowed = (ast.Constant, ast.Tuple, ast.UnaryOp, ast.unaryop, ast.expr_context)
    return all(isinstance(node, allowed) for node in ast.walk(value))


def _only_value(name: str, scope: ast.AST, statement: ast.stmt) -> ast.expr | None:
    """What the one assignment in the scope's own block, above the statement, gives the name."""
    body = getattr(scope, "body", [])
    for assignment in _assignments(name, scope):
        is_above = assignment in body and assignment.lineno < statement.lineno
        if is_above or isinstance(scope, ast.Module):
            return assignment.value
    return None


def _assignments(name: str, scope: ast.AST) -> list[ast.Assign | ast.AnnAssign]:
    return [
        node
        for node in getattr(scope, "body", [])
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id == name
    ]


def _n_bindings(name: str, scope: ast.AST) -> int:
    nodes = own_nodes(scope) if isinstance(scope, ast.Module) else ast.walk(scope)
    return sum(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for node in nodes
    )


def _n_mentions(name: str, scope: ast.AST) -> int:
    return sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(scope))


def _constant(node: ast.Attribute, scene: Scene) -> ast.expr | None:
    """`math.inf` and the like, as a literal or a call of `float`."""
    name = ast.unparse(node)
    if name not in _CONSTANTS or not _is_module(name.partition(".")[0], scene):
        return None
    value = _CONSTANTS[name]
    is_finite = isinstance(value, str) or math.isfinite(value)
    return ast.parse(repr(value) if is_finite else f"float('{value}')", mode="eval").body


def _is_module(name: str, scene: Scene) -> bool:
    if scene.parsed is None:
        return True
    return any(one.bound == one.module == name for one in imported_names(scene.parsed))


def _of_module(node: ast.Attribute, scene: Scene, target: Target) -> str | None:
    """The name that `module.name` has in the module itself."""
    if not isinstance(node.value, ast.Name) or node.attr not in target.names:
        return None
    head, path = node.value.id, target.parsed.snapshot.path
    if scene.parsed is None:
        is_it = path is not None and head == path.stem and head not in target.names
        return node.attr if is_it else None
    for name in imported_names(scene.parsed):
        module = f"{name.module}.{name.attribute}" if name.attribute else name.module
        if name.bound == head and _is_target(module, scene.parsed, target):
            return node.attr
    return None


def _imported(name: str, parsed: ParsedDocument, target: Target) -> str | None:
    """The name that an imported name has in the module itself."""
    for imported in imported_names(parsed):
        real = name if imported.bound == "*" else imported.attribute
        is_bound = imported.bound in (name, "*") and real in target.names
        if is_bound and _is_target(imported.module, parsed, target):
            return real
    found = function_named(name, Site(parsed), target.files)
    if found is None or found[0].snapshot.uri != target.parsed.snapshot.uri:
        return None
    return found[1].name if not found[1].parent else None


def _is_target(module: str, parsed: ParsedDocument, target: Target) -> bool:
    path = module_file(module, parsed.snapshot.path, target.files.roots)
    here = target.parsed.snapshot.path
    return path is not None and here is not None and path.resolve() == here.resolve()


def _bound_at_top(tree: ast.Module) -> Iterator[str]:
    for node in own_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
    yield from (node.name for node in tree.body if isinstance(node, Function | ast.ClassDef))


def _bound_inside(expression: ast.AST) -> Iterator[str]:
    """Names that comprehensions and lambdas of an expression bind."""
    for node in ast.walk(expression):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id

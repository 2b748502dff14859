"""A plain reading of Python code by `ast`: which names a function writes, and how.

It shares nothing with the analysis it helps to judge.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_INNER = (*_FUNCTIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class Code:
    """What a function writes, and what its file binds."""

    names: set[str] = field(default_factory=set)
    """Identifiers that are read or bound."""
    outer_names: set[str] = field(default_factory=set)
    """Of these, those outside of annotations and of inner functions and comprehensions."""
    inner_names: set[str] = field(default_factory=set)
    """Those in inner functions and comprehensions."""
    holders: dict[str, set[str]] = field(default_factory=dict)
    """By attribute, the names it is taken of; "" for other expressions."""
    local_names: set[str] = field(default_factory=set)
    """Bound in the function, parameters included."""
    module_names: set[str] = field(default_factory=set)
    """Bound at the top of the file, other than by imports."""
    imported_names: dict[str, str] = field(default_factory=dict)
    """By the name bound, the dotted name of what it is, with leading dots when relative."""
    classes: dict[str, set[str]] = field(default_factory=dict)
    """The members of the classes of the file: bound in the body or as attributes of `self`."""
    functions: set[str] = field(default_factory=set)
    """Functions at the top of the file."""
    owner: str = ""
    """The class the function is a method of."""
    receiver: str = ""
    """What the function calls its object."""


def read_code(text: str, name: str, line: int) -> Code:
    """The function that begins at a line, or below decorators that do."""
    tree = ast.parse(text)
    code = Code()
    _read_file(tree, code)
    for owner, function in _functions(tree, ""):
        first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
        if function.name == name and first <= line <= function.lineno:
            code.owner = owner
            _read_function(function, code)
            break
    return code


def _functions(
    node: ast.AST, owner: str
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTIONS):
            yield owner, child
            yield from _functions(child, "")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, child.name)
        else:
            yield from _functions(child, owner)


def _read_file(tree: ast.Module, code: Code) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                code.imported_names[alias.asname or alias.name.split(".")[0]] = alias.name
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (f"{node.module}." if node.module else "")
            for alias in node.names:
                bound = alias.asname or alias.name
                # Of two imports that stand in for each other the project's own counts.
                if not code.imported_names.get(bound, "").startswith("."):
                    code.imported_names[bound] = module + alias.name
        elif isinstance(node, ast.ClassDef):
            code.classes.setdefault(node.name, set()).update(_members(node))
    for name in _bound(tree):
        code.module_names.add(name)
    code.functions = {node.name for node in tree.body if isinstance(node, _FUNCTIONS)}


def _bound(node: ast.AST) -> Iterator[str]:
    """The names bound in a module or a class, not in the functions inside."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
            yield child.name
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        elif not isinstance(child, ast.Import | ast.ImportFrom):
            yield from _bound(child)


def _members(node: ast.ClassDef) -> Iterator[str]:
    yield from _bound(node)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            yield inner.attr


def _read_function(function: ast.FunctionDef | ast.AsyncFunctionDef, code: Code) -> None:
    arguments = [*function.args.posonlyargs, *function.args.args]
    code.receiver = arguments[0].arg if code.owner and arguments else ""
    for part in [function.args, function.returns, *function.body]:
        if part is not None:
            _read(part, code, is_inner=False, is_annotation=part is function.returns)


def _read(node: ast.AST, code: Code, *, is_inner: bool, is_annotation: bool) -> None:
    if isinstance(node, ast.Name):
        _read_name(node.id, code, is_inner, is_annotation)
        if not isinstance(node.ctx, ast.Load):
            code.local_names.add(node.id)
    elif isinstance(node, ast.arg):
        code.local_names.add(node.arg)
    elif isinstance(node, ast.Attribute):
        holder = node.value.id if isinstance(node.value, ast.Name) else ""
        code.holders.setdefault(node.attr, set()).add(holder)
    annotation = getattr(node, "annotation", None)
    for child in ast.iter_child_nodes(node):
        _read(
            child,
            code,
            is_inner=is_inner or isinstance(node, _INNER),
            is_annotation=is_annotation or child is annotation,
        )


def _read_name(name: str, code: Code, is_inner: bool, is_annotation: bool) -> None:
    code.names.add(name)
    if not is_annotation:
        (code.inner_names if is_inner else code.outer_names).add(name)

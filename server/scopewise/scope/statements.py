"""Python's own syntax tree of a document, and the statement on a line."""

from __future__ import annotations

import ast
import textwrap
import warnings
from collections.abc import Iterator

from scopewise.syntax.tree import ParsedDocument

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_tree(parsed: ParsedDocument) -> ast.Module | None:
    """The tree, or None where Python would not read the file."""
    if parsed.language.id != "python":
        return None
    return tree_of(parsed.snapshot.text.removeprefix("\ufeff"))


def statements_of(code: str) -> list[ast.stmt]:
    """The statements of a piece of code, none when it is cut off or is no Python."""
    tree = tree_of(textwrap.dedent(code))
    return tree.body if tree else []


def simple_statement(tree: ast.AST, line: int) -> ast.stmt | None:
    """The innermost statement without a block of its own that a line, from 0, has a part in."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line + 1 <= (node.end_lineno or 0)
    ]
    # The header of a compound statement is not it, and all of it would be too much.
    simple = [node for node in around if not hasattr(node, "body")]
    return max(simple, key=lambda node: (node.lineno, node.col_offset), default=None)


def function_around(tree: ast.AST, statement: ast.stmt) -> Function | None:
    """The innermost function that a statement of a tree lies in."""
    functions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, Function) and any(inner is statement for inner in ast.walk(node))
    ]
    return max(functions, key=lambda node: node.lineno, default=None)


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a module or a function outside of the functions and classes in it."""
    waiting = [scope]
    while waiting:
        inner = list(ast.iter_child_nodes(waiting.pop()))
        yield from inner
        waiting += [one for one in inner if not isinstance(one, Function | ast.ClassDef)]


def parameters(function: Function) -> list[str]:
    """The names of the parameters, in order, the starred ones last."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    named += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    return [argument.arg for argument in named]


def tree_of(code: str) -> ast.Module | None:
    """The tree of some code, without a warning of its own; None when it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None

"""A class in which one method is still to be written."""

from __future__ import annotations

import ast
import re
import textwrap

_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)


def class_with_stub(solution: str, skeleton: str, stub: str, class_name: str, method: str) -> str:
    """The class's file with the docstrings of its skeleton, and nothing else in the one method.

    The other methods keep their bodies, for the one to be written may call them.
    Raises SyntaxError when the solution has no such class.
    """
    owner = _class(ast.parse(solution), class_name)
    if owner is None:
        raise SyntaxError(f"there is no class {class_name}")
    docstrings = _docstrings(skeleton, class_name)
    docstrings[method] = docstrings.get(method) or _written_in(stub)
    lines = solution.splitlines()
    # From the end, so that the line numbers above stay true.
    nodes: list[ast.ClassDef | ast.FunctionDef] = [owner, *_methods(owner)]
    for node in reversed(nodes):
        docstring = docstrings.get("" if node is owner else node.name, "")
        if isinstance(node, ast.FunctionDef) and node.name == method:
            lines[node.body[0].lineno - 1 : node.end_lineno] = _quoted(node, docstring)
        elif docstring and _begins_on_its_own_line(node):
            first = _first_line(node.body[0])
            lines[first - 1 : first - 1] = _quoted(node, docstring)
    return "\n".join(lines).strip("\n") + "\n"


def _docstrings(skeleton: str, class_name: str) -> dict[str, str]:
    """Docstrings by method, that of the class by the empty name; none where nothing parses."""
    try:
        owner = _class(ast.parse(skeleton), class_name)
    except SyntaxError:
        return {}
    if owner is None:
        return {}
    found = {node.name: ast.get_docstring(node) or "" for node in _methods(owner)}
    return {**found, "": ast.get_docstring(owner) or ""}


def _written_in(stub: str) -> str:
    """The docstring in a stub's text, however the rest of it is indented."""
    match = _DOCSTRING.search(stub)
    if match is None:
        return ""
    first, _, rest = match[1].partition("\n")
    return f"{first.strip()}\n{textwrap.dedent(rest)}".strip()


def _quoted(node: ast.ClassDef | ast.FunctionDef, docstring: str) -> list[str]:
    if not docstring:
        return [" " * node.body[0].col_offset + "pass"]
    prefix = "r" if "\\" in docstring else ""
    text = f'{prefix}"""\n{docstring}\n"""'
    return textwrap.indent(text, " " * node.body[0].col_offset).splitlines()


def _begins_on_its_own_line(node: ast.ClassDef | ast.FunctionDef) -> bool:
    is_documented = ast.get_docstring(node) is not None
    return not is_documented and _first_line(node.body[0]) > node.lineno


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _methods(owner: ast.ClassDef) -> list[ast.FunctionDef]:
    return [node for node in owner.body if isinstance(node, ast.FunctionDef)]


def _class(module: ast.Module, name: str) -> ast.ClassDef | None:
    for node in module.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    return None

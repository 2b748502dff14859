"""Python expressions inside prose: where one ends, and whether it stands on its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from scopewise.scope.statements import tree_of

MAX_EXPRESSION = 4000
"""Characters of one expression; no example that a person wrote is longer."""

_STRING = (
    r"(?:[rbu]|rb|br)?"
    r"(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")"
)
_NUMBER = (
    r"(?:0x[0-9a-f_]+|0b[01_]+|0o[0-7_]+|"
    r"(?:\d[\d_]*(?:\.\d[\d_]*)?|\.\d[\d_]*)(?:e[+-]?\d+)?j?)"
)
_TOKEN = re.compile(
    rf"\s+|(?P<string>{_STRING})|(?P<number>{_NUMBER})|(?P<name>[^\W\d]\w*)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<quote>['\"])|\W",
    re.IGNORECASE,
)
_OPERAND = re.compile(
    rf"[ \t]*(?:[-+~][ \t]*)*(?:(?P<string>{_STRING})|(?P<number>{_NUMBER})"
    r"|(?P<name>[^\W\d]\w*)|(?P<open>[(\[{]))",
    re.IGNORECASE,
)
_OPERATOR = re.compile(r"[ \t]*(?:\*\*|//|[-+*/%](?![>*/]))")
_ASSIGNED = re.compile(r"\s*=(?!=)")
_CLOSES = {"(": ")", "[": "]", "{": "}"}
_WORDS = {"true": "True", "false": "False", "null": "None", "none": "None"}
_CONSTANTS = frozenset(_WORDS) | {"True", "False", "None"}

PURE_BUILTINS = frozenset({
    "abs", "all", "any", "bool", "bytearray", "bytes", "chr", "complex", "dict", "divmod",
    "enumerate", "filter", "float", "frozenset", "int", "iter", "len", "list", "map", "max", "min",
    "next", "ord", "pow", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str",
    "sum", "tuple", "type", "zip", "isinstance",
})  # fmt: skip
"""Builtins that examples may call: they do nothing but compute."""

_NODES = (
    ast.Expression, ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp,
    ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword, ast.Starred, ast.Subscript,
    ast.Slice, ast.Attribute, ast.Name, ast.Lambda, ast.arguments, ast.arg, ast.expr_context,
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip


def bracket_end(text: str, start: int) -> int | None:
    """Where the bracket that opens at `start` is closed again; None when it is not."""
    stack: list[str] = []
    end = min(len(text), start + MAX_EXPRESSION)
    position = start
    while position < end and (token := _TOKEN.match(text, position, end)):
        position = token.end()
        if token["open"]:
            stack.append(_CLOSES[token["open"]])
        elif token["quote"] or (token["close"] and stack.pop() != token["close"]):
            return None
        if not stack:
            return position
    return None


def open_brackets(line: str) -> int | None:
    """How many brackets a line leaves open (less than none when it closes some); None when a
    string in it does not end."""
    depth = 0
    for token in _TOKEN.finditer(line[:MAX_EXPRESSION]):
        if token["quote"]:
            return None
        if token["open"] or token["close"]:
            depth += 1 if token["open"] else -1
        elif token.group() == "#":
            break
    return depth


def without_comment(line: str) -> str:
    """A line up to its comment."""
    for token in _TOKEN.finditer(line[:MAX_EXPRESSION]):
        if token.group() == "#":
            return line[: token.start()].rstrip()
    return line


def value_end(text: str, start: int, functions: Collection[str]) -> int | None:
    """Where the expression at `start` ends: literals, operators and calls of `functions` or
    builtins, on one line except inside brackets. None when there is none."""
    end = _operand_end(text, start, functions)
    while end is not None and end - start < MAX_EXPRESSION:
        operator = _OPERATOR.match(text, end)
        following = operator and _operand_end(text, operator.end(), functions)
        if not following:
            break
        end = following
    return end


def _operand_end(text: str, start: int, functions: Collection[str]) -> int | None:
    operand = _OPERAND.match(text, start)
    if operand is None:
        return None
    if operand["open"]:
        return bracket_end(text, operand.end() - 1)
    if operand["name"] is None or operand["name"] in _CONSTANTS:
        return operand.end()
    may_call = operand["name"] in functions or operand["name"] in PURE_BUILTINS
    if not may_call or not text.startswith("(", operand.end()):
        return None
    return bracket_end(text, operand.end())


def pythonic(text: str) -> str:
    """An expression with the constants of other languages (`true`, `null`) as Python has them."""

    def constant(token: re.Match[str]) -> str:
        is_constant = token["name"] in _WORDS and not _ASSIGNED.match(text, token.end())
        return _WORDS[token["name"]] if is_constant else token.group()

    if not any(word in text for word in _WORDS):
        return text
    return _TOKEN.sub(constant, text)


def parsed(text: str) -> ast.expr | None:
    """The tree of an expression; None when it is not one."""
    tree = parsed_statement(text.strip())
    return tree.value if isinstance(tree, ast.Expr) else None


def parsed_statement(text: str) -> ast.stmt | None:
    """The tree of one statement; None when it is not one."""
    tree = parsed_code(text)
    return tree.body[0] if tree is not None and len(tree.body) == 1 else None


def parsed_code(text: str) -> ast.Module | None:
    """The tree of some statements; None when they do not parse."""
    if len(text) > MAX_EXPRESSION:
        return None
    return tree_of(text)


def on_one_line(source: str) -> str:
    """A simple statement on one line, without comments."""
    tree = parsed_statement(source) if "\n" in source.strip() or "#" in source else None
    return ast.unparse(tree) if isinstance(tree, (ast.Expr, ast.Assign)) else source


def is_closed(tree: ast.AST, functions: Collection[str]) -> bool:
    """Whether an expression can be evaluated with nothing but builtins and `functions`."""
    try:
        return _is_closed(tree, frozenset(functions), frozenset())
    except RecursionError:
        return False


def _is_closed(node: ast.AST, functions: frozenset[str], bound: frozenset[str]) -> bool:
    if not isinstance(node, _NODES):
        return False
    if isinstance(node, ast.Constant):
        return node.value is not Ellipsis
    if isinstance(node, ast.Name):
        return node.id in bound
    if isinstance(node, ast.Lambda):
        bound |= {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}
    if isinstance(node, ast.BinOp) and not _is_quick(node):
        return False
    known = _known_here(node, functions)
    return all(
        (isinstance(child, ast.Name) and child.id in known) or _is_closed(child, functions, bound)
        for child in ast.iter_child_nodes(node)
    )


def _known_here(node: ast.AST, functions: frozenset[str]) -> frozenset[str]:
    """Names that may stand directly below a node: those it calls, and what builtins work with, as
    in `map(str, ...)`; but not a type as an argument of one's own function, which may well be a
    signature."""
    if isinstance(node, ast.Attribute):
        return functions
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return frozenset()
    name = node.func.id
    if name in functions:
        return frozenset({name})
    return functions | PURE_BUILTINS if name in PURE_BUILTINS else frozenset()


def _is_quick(node: ast.BinOp) -> bool:
    """Whether an operation cannot make a number or a string of absurd size."""
    if not isinstance(node.op, (ast.Pow, ast.LShift)):
        return True
    return isinstance(node.right, ast.Constant) and (
        isinstance(node.right.value, float)
        or (isinstance(node.right.value, int) and abs(node.right.value) <= 10_000)
    )


def literal(text: str) -> tuple[bool, object]:
    """Whether a text is a Python literal, and its value."""
    tree = parsed(text)
    if tree is None or ("..." in text and _has_ellipsis(tree)):
        return False, None
    try:
        return True, ast.literal_eval(tree)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False, None


def _has_ellipsis(tree: ast.expr) -> bool:
    return any(isinstance(n, ast.Constant) and n.value is Ellipsis for n in ast.walk(tree))


def is_doubtful(tree: ast.expr, text: str) -> bool:
    """Whether an expected value may mean something else: `("a")` where a tuple was meant."""
    is_wrapped = text.startswith("(") and bracket_end(text, 0) == len(text)
    return is_wrapped and isinstance(tree, ast.Constant)

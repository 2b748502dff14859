"""What a failing statement of a test asserts, as one Python expression.

`assert`, the methods of `unittest.TestCase`, and comparisons with `pytest.approx` are read.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

_PATTERNS = {
    "assertEqual": "{0} == {1}",
    "assertEquals": "{0} == {1}",
    "assertListEqual": "{0} == {1}",
    "assertTupleEqual": "{0} == {1}",
    "assertDictEqual": "{0} == {1}",
    "assertSetEqual": "{0} == {1}",
    "assertSequenceEqual": "{0} == {1}",
    "assertMultiLineEqual": "{0} == {1}",
    "assertNotEqual": "{0} != {1}",
    "assertTrue": "{0}",
    "assertFalse": "not {0}",
    "assertIs": "{0} is {1}",
    "assertIsNot": "{0} is not {1}",
    "assertIsNone": "{0} is None",
    "assertIsNotNone": "{0} is not None",
    "assertIn": "{0} in {1}",
    "assertNotIn": "{0} not in {1}",
    "assertIsInstance": "isinstance({0}, {1})",
    "assertGreater": "{0} > {1}",
    "assertGreaterEqual": "{0} >= {1}",
    "assertLess": "{0} < {1}",
    "assertLessEqual": "{0} <= {1}",
    "assertAlmostEqual": "round(abs({0} - {1}), {places}) == 0",
    "assertAlmostEquals": "round(abs({0} - {1}), {places}) == 0",
}
_WITH_DELTA = "abs({0} - {1}) <= {delta}"


def asserted(statement: ast.stmt) -> ast.expr | None:
    """The condition a statement asserts, None when it is not an assertion we can read."""
    if isinstance(statement, ast.Assert):
        return _without_approx(statement.test)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return _of_unittest(statement.value)
    return None


def _of_unittest(call: ast.Call) -> ast.expr | None:
    if not (isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)):
        return None
    pattern = _PATTERNS.get(call.func.attr)
    if pattern is None or call.func.value.id not in ("self", "cls"):
        return None
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    return _filled(pattern, call.args, named)


def _filled(
    pattern: str, arguments: Sequence[ast.expr], named: dict[str | None, ast.expr]
) -> ast.expr | None:
    n_wanted = 2 if "{1}" in pattern else 1
    known = {"msg", "places", "delta"} if "{places}" in pattern else {"msg"}
    if len(arguments) < n_wanted or not named.keys() <= known:
        return None
    if any(isinstance(argument, ast.Starred) for argument in arguments[:n_wanted]):
        return None
    if "delta" in named:
        pattern = _WITH_DELTA
    code = [f"({ast.unparse(argument)})" for argument in arguments[:n_wanted]]
    places = arguments[2] if "{places}" in pattern and len(arguments) > 2 else None
    extra = {"places": named.get("places", places), "delta": named.get("delta")}
    filled = {name: ast.unparse(value) for name, value in extra.items() if value is not None}
    return _expression(pattern.format(*code, **{"places": "7", **filled}))


def _without_approx(test: ast.expr) -> ast.expr | None:
    """The condition with a comparison to `approx(number)` written out."""
    if not any(_is_approx(node) for node in ast.walk(test)):
        return test
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
        return None
    sides = [test.left, test.comparators[0]]
    approx = next((side for side in sides if _is_approx(side)), None)
    if not (isinstance(approx, ast.Call) and isinstance(test.ops[0], ast.Eq)):
        return None
    other = sides[1] if approx is sides[0] else sides[0]
    return _close(other, approx)


def _close(value: ast.expr, approx: ast.Call) -> ast.expr | None:
    given = dict(zip(("expected", "rel", "abs"), approx.args, strict=False))
    given |= {keyword.arg or "": keyword.value for keyword in approx.keywords}
    numbers = {name: _number(node) for name, node in given.items()}
    expected = numbers.get("expected")
    if expected is None or None in numbers.values() or not numbers.keys() <= _APPROX:
        return None
    absolute, relative = numbers.get("abs"), numbers.get("rel")
    if relative is None:
        relative = 1e-6 if absolute is None else 0.0
    tolerance = max(relative * abs(expected), 1e-12 if absolute is None else absolute)
    return _expression(f"abs(({ast.unparse(value)}) - ({expected!r})) <= {tolerance!r}")


_APPROX = frozenset({"expected", "rel", "abs"})


def _is_approx(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return ast.unparse(node.func) in ("approx", "pytest.approx")


def _number(node: ast.expr) -> float | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _expression(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body

"""Examples written as a call and what it gives: `f(1) == 2`, `f(1) -> 2`, "f(1) returns 2"."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Literal

from scopewise.verify.behaviour import Example
from scopewise.verify.examples.expressions import (
    MAX_EXPRESSION,
    PURE_BUILTINS,
    bracket_end,
    is_closed,
    on_one_line,
    parsed,
    parsed_statement,
    pythonic,
)
from scopewise.verify.examples.outcome import Outcome, read_outcome
from scopewise.verify.examples.wording import Spec, line_of, shown

_MAX_CALLS = 200
"""Calls of a text that are looked at."""

_ASSERT = re.compile(r"\bassert[ \t]+(?=\S)")
_WRAPPERS = re.compile(rf"(?:(?<![\w.])(?:{'|'.join(sorted(PURE_BUILTINS))})\()+$")
_ATTRIBUTE = re.compile(r"\.[^\W\d]\w*")
_BULLET = re.compile(r"\s*(?:[-*+•‣·–—>#$]+|\(?[\w]{1,3}[.)])\s*$")
_ASSIGNED = re.compile(r"\s*[^\W\d]\w*\s*=\s*$")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_UNCERTAIN = frozenset({
    "if", "when", "unless", "while", "whether", "suppose", "supposing", "assuming", "assume", "not",
    "never", "of", "than", "def", "class", "lambda", "in", "is", "return", "returns", "yield",
    "yields", "or", "nor", "neither", "no", "either", "where",
})  # fmt: skip
"""Words before a call that make what follows a condition, a contrast or code."""


@dataclass(frozen=True)
class Written:
    """An example, and whether it is written like an equation, which may be mathematics."""

    example: Example
    kind: Literal["equation", "other"]


def read_written(text: str, spec: Spec) -> list[Written]:
    """The examples that a text writes as calls of the function."""
    found: list[Written] = []
    end = 0
    for n_seen, match in enumerate(_starts(spec).finditer(text)):
        if n_seen >= _MAX_CALLS or len(found) >= spec.max_examples:
            break
        if match.start() < end:
            continue
        if match["assertion"]:
            example, end = _assertion(text, match.start(), spec)
            found += [Written(example, "other")] if example else []
        else:
            written, end = _reading(text, match.start(), spec)
            found += [written] if written else []
    return found


def read_statement(source: str, line: int, spec: Spec) -> tuple[Example, ...]:
    """The examples that a line at a prompt writes, such as `>>> f(1) -> 2`."""
    return tuple(
        Example(e.source, e.expected, e.form, shown=">>> " + e.shown, line=line + e.line)
        for e in (written.example for written in read_written(source, spec))
    )


def _starts(spec: Spec) -> re.Pattern[str]:
    """Where an example may begin: at an assertion, at a call, or at the class of a method."""
    name = re.escape(spec.owner or spec.function)
    after = r"(?=[.(])" if spec.owner else r"(?=\()"
    return re.compile(rf"(?P<assertion>{_ASSERT.pattern})|(?<![\w.]){name}{after}")


def _assertion(text: str, start: int, spec: Spec) -> tuple[Example | None, int]:
    """An `assert` statement that parses, and where it ends."""
    line_end = text.find("\n", start)
    ends = [line_end if line_end >= 0 else len(text)]
    bracket = re.compile(r"[(\[{]").search(text, start, min(ends[0], start + MAX_EXPRESSION))
    if bracket and (closed := bracket_end(text, bracket.start())) and closed > ends[0]:
        next_end = text.find("\n", closed)
        ends.insert(0, next_end if next_end >= 0 else len(text))
    for end in ends:
        statement = text[start:end].strip().rstrip("`.;")
        if tree := _parsed_assert(statement):
            return _from_assert(tree, statement, line_of(text, start), spec), end
    return None, start + 1


def _parsed_assert(statement: str) -> ast.Assert | None:
    tree = parsed_statement(statement)
    return tree if isinstance(tree, ast.Assert) else None


def _from_assert(tree: ast.Assert, statement: str, line: int, spec: Spec) -> Example | None:
    """The example that an assertion is: a value when it compares with one, else itself."""
    test = tree.test
    if not is_closed(test, spec.functions) or not _calls(test, spec):
        return None
    text = shown(statement)
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        left, right = test.left, test.comparators[0]
        if _calls(left, spec) and not _calls(right, spec):
            return Example(ast.unparse(left), ast.unparse(right), "value", shown=text, line=line)
    source = f"assert {ast.unparse(test)}"
    return Example(source, "", "assert", shown=text, line=line)


def _calls(tree: ast.AST, spec: Spec) -> bool:
    """Whether an expression mentions the function, as a name or as a method."""
    return any(
        spec.function in (getattr(node, "id", None), getattr(node, "attr", None))
        for node in ast.walk(tree)
    )


def _reading(text: str, start: int, spec: Spec) -> tuple[Written | None, int]:
    """What is written from a call on, and where it ends."""
    span = _call_span(text, start)
    if span is None:
        return None, start + 1
    start, end = span
    source = on_one_line(pythonic(text[start:end]))
    tree = parsed(source)
    if tree is None or not is_closed(tree, spec.functions) or not _calls(tree, spec):
        return None, start + 1
    outcome = read_outcome(text, end, spec)
    if outcome is None or not _may_begin(text, start, outcome):
        return None, end
    if _is_quoted(text, start, outcome) or _is_signature(tree, outcome):
        return None, end
    piece = shown(text[start : outcome.end])
    example = _example(source, outcome, piece, line_of(text, start))
    return Written(example, "equation" if outcome.connector == "=" else "other"), outcome.end


def _example(source: str, outcome: Outcome, text: str, line: int) -> Example:
    if outcome.connector == "!=":
        return Example(
            f"assert {source} != {outcome.expected}", "", "assert", shown=text, line=line
        )
    return Example(source, outcome.expected, outcome.form, shown=text, line=line)


def _call_span(text: str, start: int) -> tuple[int, int] | None:
    """From the outermost builtin around a call to the end of what is taken from its result."""
    line_start = text.rfind("\n", 0, start) + 1
    wrappers = _WRAPPERS.search(text[max(line_start, start - 100) : start])
    if wrappers:
        start -= len(wrappers.group())
    end = text.find("(", start) if wrappers else _name_end(text, start)
    closed = end
    for _ in range(5):
        if text.startswith(("(", "["), end):
            closed_at = bracket_end(text, end)
            if closed_at is None:
                return None
            closed = end = closed_at
        elif attribute := _ATTRIBUTE.match(text, end):
            closed = end = attribute.end()
        else:
            break
    return start, closed


def _name_end(text: str, start: int) -> int:
    match = re.compile(r"\w+").match(text, start)
    return match.end() if match else start


def _may_begin(text: str, start: int, outcome: Outcome) -> bool:
    """Whether what stands before a call leaves it an example of its own."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    stripped = before.rstrip().rstrip("`\"'")
    if not stripped.strip() or _BULLET.match(stripped):
        return True
    if _ASSIGNED.match(before):
        return outcome.connector == "#"
    if word := _LAST_WORD.search(stripped):
        is_apart = before != stripped or not before.endswith(word.group())
        return is_apart and word.group().lower() not in _UNCERTAIN
    return stripped.endswith((":", ";", ",", ".", ")", "|", "•", "!", "?", "–", "—")) or bool(
        re.search(r"(?:^|\s)[(\[]$", stripped)
    )


def _is_quoted(text: str, start: int, outcome: Outcome) -> bool:
    """Whether calls and values stand in quotation marks, which are then no part of a value."""
    return text[start - 1 : start] in ("'", '"') and outcome.expected[0] in "'\""


def _is_signature(tree: ast.expr, outcome: Outcome) -> bool:
    """Whether `f() -> None` may just as well be the function's signature."""
    is_bare = isinstance(tree, ast.Call) and not tree.args
    return is_bare and outcome.connector == "->" and outcome.expected == "None"

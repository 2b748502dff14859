"""Examples in the form of a Python session, read with the standard library's `doctest`."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from scopewise.verify.behaviour import Example
from scopewise.verify.examples.expressions import (
    literal,
    on_one_line,
    open_brackets,
    parsed,
    parsed_code,
    parsed_statement,
)
from scopewise.verify.examples.outputs import cleaned
from scopewise.verify.examples.wording import Spec, shown
from scopewise.verify.examples.written import read_statement

_PROMPT = re.compile(r"\s*(?:>>>(?!>)|In \[\d+\]:) ?(.*)")
_MORE = re.compile(r"\s*(?:\.\.\.|\.{3,}:)(?: (.*)|$)")
_OUT = re.compile(r"(\s*)Out\[\d+\]: ?")
_MAX_SOURCE_LINES = 60
_MAX_MENDED_LINES = 1000
"""Lines of a whole docstring that are read as the rest of an unfinished statement."""

_BARE_EXCEPTION = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception|StopIteration)(?:: .*)?$")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
_CHANCE = frozenset({
    "random", "default_rng", "secrets", "urandom", "uuid1", "uuid4", "now", "utcnow", "today",
    "time", "perf_counter", "monotonic",
})  # fmt: skip
"""Names that give something else each time."""
_BOOLEANS = frozenset({"True", "False"})
_MAX_SETUP = 20_000
_MAX_STATEMENTS = 500


@dataclass(frozen=True)
class Chunk:
    """A statement at a prompt, and the lines below it up to a blank line or the next prompt."""

    line: int
    source: tuple[str, ...]
    want: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """What a docstring's prompts give: the examples, and the lines that are none of them."""

    examples: tuple[Example, ...]
    other_lines: tuple[str, ...]
    """The docstring's lines, those of the session emptied."""


@dataclass(frozen=True)
class _Statement:
    source: str
    examples: tuple[Example, ...]
    """Without their setup."""
    is_silent: bool = False
    """A call with no output right below: the next output may belong to it."""


def read_session(lines: Sequence[str], spec: Spec) -> Session:
    """The examples at prompts, each with the statements it needs before it."""
    chunks, others = split_chunks(lines)
    statements: list[_Statement] = []
    for chunk in chunks[:_MAX_STATEMENTS]:
        follows_silent = bool(statements) and statements[-1].is_silent
        if statement := _statement(chunk, spec, follows_silent):
            statements.append(statement)
    return Session(_with_setup(statements, spec), others)


def split_chunks(lines: Sequence[str]) -> tuple[list[Chunk], tuple[str, ...]]:
    """The statements at prompts, and the lines with those of the statements emptied."""
    chunks: list[Chunk] = []
    others = list(lines)
    position, n_mendable = 0, _MAX_MENDED_LINES
    while position < len(lines):
        prompt = _PROMPT.match(lines[position])
        if prompt is None:
            position += 1
            continue
        source, end = _take_source(lines, position, n_mendable)
        n_mendable -= end - position
        want_end = _want_end(lines, end)
        chunks.append(Chunk(position, source, tuple(lines[end:want_end])))
        others[position:want_end] = [""] * (want_end - position)
        position = want_end
    return chunks, tuple(others)


def _take_source(lines: Sequence[str], start: int, n_mendable: int) -> tuple[tuple[str, ...], int]:
    """A statement's lines and the line after them.

    A bracket that is still open takes in lines that lack their `...` or have `>>>` instead.
    """
    source, depth, end = [_PROMPT.sub(r"\1", lines[start])], 0, start + 1
    plain = None
    n_most = min(_MAX_SOURCE_LINES, n_mendable)
    while True:
        opened = open_brackets(source[-1])
        depth = depth + opened if opened is not None else 0
        following = lines[end] if end < len(lines) else ""
        more = _MORE.match(following)
        if more is None and (depth <= 0 or not following.strip()):
            break
        if more is None and plain is None:
            plain = list(source), end
        if len(source) >= n_most and plain is not None:
            break
        source.append((more[1] or "") if more else _PROMPT.sub(r"\1", following))
        end += 1
    if depth > 0 and plain is not None:
        return tuple(plain[0]), plain[1]
    return tuple(source), end


def _want_end(lines: Sequence[str], start: int) -> int:
    end = start
    while end < len(lines) and lines[end].strip() and not _PROMPT.match(lines[end]):
        end += 1
    return end


def _statement(chunk: Chunk, spec: Spec, follows_silent: bool) -> _Statement | None:
    """What a chunk says: code, and the examples it is; None when it is to be left out."""
    want = cleaned([_OUT.sub(r"\1", line) for line in chunk.want])
    found = _parse(chunk, want or [])
    text = "\n".join(chunk.source)
    if found is None or not _is_code(found.source):
        written = read_statement(text, chunk.line, spec)
        return _Statement("", written) if written else None
    if found.options.get(doctest.SKIP):
        return None
    found.source = on_one_line(found.source)
    if found.want.strip() not in _BOOLEANS and (compared := _comparison(found, chunk)):
        return _Statement(compared.source, (compared,))
    if not found.want.strip() and (written := read_statement(text, chunk.line, spec)):
        return _Statement(found.source, written)
    if want and (assigned := _assigned(found, chunk)):
        return _Statement(assigned.source, (assigned,))
    is_example = bool(want) and _is_certain(found, follows_silent)
    is_silent = not chunk.want and isinstance(parsed(found.source), ast.Call)
    return _Statement(found.source, (_example(found, chunk),) if is_example else (), is_silent)


def _comparison(found: doctest.Example, chunk: Chunk) -> Example | None:
    """`>>> f(1) == 2` with no `True` below: the left side must have the right side's value."""
    tree = parsed(found.source)
    if not isinstance(tree, ast.Compare) or not isinstance(tree.ops[0], (ast.Eq, ast.Is)):
        return None
    expected = ast.unparse(tree.comparators[0])
    if len(tree.ops) > 1 or not literal(expected)[0]:
        return None
    source = ast.unparse(tree.left)
    return Example(source, expected, "value", shown=_shown(chunk), line=chunk.line)


def _assigned(found: doctest.Example, chunk: Chunk) -> Example | None:
    """`>>> x = f(1)` with a value below, which must be the name's."""
    tree = parsed_statement(found.source)
    want = found.want.strip()
    if not isinstance(tree, ast.Assign) or not literal(want)[0]:
        return None
    (target, *others) = tree.targets
    if others or not isinstance(target, ast.Name):
        return None
    source = f"{found.source.rstrip()}\n{target.id}"
    return Example(source, want, "value", shown=_shown(chunk, want), line=chunk.line)


def _parse(chunk: Chunk, want: Sequence[str]) -> doctest.Example | None:
    """The chunk as `doctest` reads it, once its prompts and margins are in order."""
    first, *rest = chunk.source
    margin = min((_margin(line) for line in want), default=0)
    text = "\n".join(
        [f">>> {first}", *(f"... {line}" for line in rest), *(line[margin:] for line in want), ""]
    )
    try:
        found = doctest.DocTestParser().get_examples(text)
    except (ValueError, RecursionError):
        return None
    return found[0] if len(found) == 1 else None


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_code(source: str) -> bool:
    return parsed_code(source) is not None


def _is_certain(example: doctest.Example, follows_silent: bool) -> bool:
    """Whether an output can only be what the statement prints."""
    want = example.want.strip()
    if example.exc_msg is not None or _is_exception(example):
        return True
    if doctest.ELLIPSIS in example.options:
        return bool(want)
    is_literal, _ = literal(want)
    if not want or _ADDRESS.search(want) or _is_assignment(want):
        return False
    if not is_literal and "..." in want:
        return False
    return is_literal or not (follows_silent and "\n" in want)


def _is_exception(example: doctest.Example) -> bool:
    """Whether an output is the last line of a traceback, without the rest of it."""
    return parsed(example.source) is not None and bool(_BARE_EXCEPTION.match(example.want.strip()))


def _is_assignment(want: str) -> bool:
    """Whether a text says what becomes of an attribute, as in `self.total = 3`."""
    statements = (parsed_statement(text) for text in (want, want.partition("\n")[0]))
    return any(isinstance(statement, (ast.Assign, ast.AnnAssign)) for statement in statements)


def _example(found: doctest.Example, chunk: Chunk) -> Example:
    options = tuple(
        name for name, flag in doctest.OPTIONFLAGS_BY_NAME.items() if found.options.get(flag)
    )
    want = found.want.strip("\n")
    exception = found.exc_msg.strip() if found.exc_msg is not None else None
    if exception is None and _is_exception(found):
        exception = want
    if exception is not None and "..." in exception and "ELLIPSIS" not in options:
        exception = exception.partition(":")[0]
    return Example(
        source=found.source.strip("\n"),
        expected=want if exception is None else exception,
        form="doctest" if exception is None else "raises",
        shown=_shown(chunk, want),
        line=chunk.line,
        options=options,
    )


def _shown(chunk: Chunk, want: str = "") -> str:
    return shown(" ".join([">>>", *chunk.source, want]))


def _with_setup(statements: Sequence[_Statement], spec: Spec) -> tuple[Example, ...]:
    """The examples that have to do with the function, with the statements each needs before it.

    Those are all that are no examples themselves, and of the examples those that touch a name the
    session binds: `stack.pop()` changes what the next line sees, `f(1)` does not.
    """
    examples: list[Example] = []
    setup, bound, seen = "", frozenset[str](), frozenset[str]()
    for statement in statements:
        mentioned, assigned = _names(statement.source)
        seen |= mentioned
        examples += [
            msgspec.structs.replace(example, setup=setup)
            for example in statement.examples
            if _is_about(seen | _names(example.source)[0], spec)
            and not _is_chance(seen - bound - {spec.function})
        ]
        bound |= assigned
        if not statement.examples or (mentioned & bound and _may_change(statement.source)):
            setup += statement.source.rstrip("\n") + "\n"
        if len(setup) > _MAX_SETUP or len(examples) >= spec.max_examples:
            break
    return tuple(examples)


def _is_about(mentioned: frozenset[str], spec: Spec) -> bool:
    """Whether code that mentions these names runs the function."""
    is_implicit = spec.function.startswith("__") and spec.owner in mentioned
    return spec.function in mentioned or is_implicit


def _is_chance(mentioned: frozenset[str]) -> bool:
    return bool(mentioned & _CHANCE) and "seed" not in mentioned


def _may_change(source: str) -> bool:
    """Whether a statement does more than look at names."""
    return "(" in source or "=" in source or not isinstance(parsed_statement(source), ast.Expr)


def _names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names and attributes some code mentions, and the names it binds."""
    tree = parsed_code(source)
    nodes = list(ast.walk(tree)) if tree else []
    names = [node for node in nodes if isinstance(node, ast.Name)]
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.partition(".")[0])
    return frozenset({node.id for node in names} | attributes), frozenset(bound)

import ast
import re
import sysconfig
import textwrap
import zlib
from pathlib import Path

import pytest

from scopewise.engine.loop_guard import LoopGuard
from scopewise.syntax.shapes import statement_shapes

OPENING = "```python\ndef f(x):\n"
_PSEUDO_TOKEN = re.compile(r"\n[ \t]*|[ ]?\w{1,6}|[^\w\s]+|[ \t]+|\s")


def loop_in(text: str, opening: str = OPENING, *, is_code: bool = True) -> tuple[str, int]:
    """Why the guard takes a text for a loop, and after how many tokens; empty when it does not."""
    shapes = (lambda seen: statement_shapes("python", opening + seen)) if is_code else None
    guard = LoopGuard(shapes, is_prose=not is_code)
    n_tokens = 0
    for token in _PSEUDO_TOKEN.findall(text):
        n_tokens += 1
        why = guard.push(zlib.crc32(token.encode()), token)
        if why:
            return why, n_tokens
    return "", n_tokens


def lines(template: str, n_lines: int = 60) -> str:
    return "".join(template.format(i=i, next=i + 1) for i in range(n_lines))


TOKENS = r"the same \d+ tokens over and over"
EQUAL = "the same line over and over"
NEAR = "nearly the same line over and over"
SHAPES = "statements of the same shape over and over"


@pytest.mark.parametrize(
    ("text", "why", "n_most"),
    [
        ("    x = [" + "0, " * 200, TOKENS, 60),
        ("    x = '" + "a b" * 300, TOKENS, 60),
        ("\n" * 200, TOKENS, 40),
        (
            "    for i in x:\n        if i:\n            y = 1\n        z.append(y)\n" * 9,
            TOKENS,
            100,
        ),
        ("    return x\n" * 20, EQUAL, 30),
        (lines("    the_total += compute_the_value({i})\n"), NEAR, 180),
        (lines("    # Step {i}: do the same thing once more\n"), NEAR, 130),
        (lines("    if x == {i}:\n        return {i}\n"), SHAPES, 320),
        (
            "    if x:\n        pass\n" + lines("    elif x == {i}:\n        return {i}\n"),
            SHAPES,
            320,
        ),
        (lines("    assert f({i}) == {next}\n"), SHAPES, 320),
        ("    x = [\n" + lines("        ({i}, 'n{i}'),\n"), SHAPES, 320),
        ("    if x:\n" + lines("        a{i} = b[{next}]\n"), SHAPES, 320),
    ],
)
def test_loops_are_seen_in_time(text, why, n_most):
    found, n_tokens = loop_in(text)
    assert re.fullmatch(why, found)
    assert n_tokens <= n_most


@pytest.mark.parametrize(
    "text",
    [
        "    return [" + ", ".join(["0"] * 9) + "]\n",
        "    board = [\n" + "        [0, 0, 0, 0],\n" * 4 + "    ]\n",
        "    )\n" * 8,
        lines("    if x == {i}:\n        return {i}\n", 20),
        lines("    self.a{i} = a{i}\n", 20),
        lines("    # A sentence about quite another thing, number {i}, goes here\n", 8),
        "    #" + "=" * 60 + "\n    return 1\n",
        "",
    ],
)
def test_what_people_write_is_no_loop(text):
    assert loop_in(text)[0] == ""


def test_long_comment_is_no_loop():
    words = Path(__file__).read_text(encoding="utf-8").split()
    comment = "".join(f"    # {i} {' '.join(words[4 * i : 4 * i + 4])}\n" for i in range(40))
    assert loop_in(comment)[0] == ""


def test_prose_is_not_parsed():
    text = lines("- item {i}\n")
    assert loop_in(text, is_code=False)[0] == ""
    assert loop_in("It is so.\n" * 9, is_code=False)[0] == "the same sentence over and over"


def test_sentences_that_go_on_for_ever_are_seen_in_one_line():
    text = "".join(f"A text of only {i} letters returns an empty text. " for i in range(13))
    found, n_tokens = loop_in(f"It shortens texts. {text}", is_code=False)
    assert found == "nearly the same sentence over and over"
    assert n_tokens <= 150
    assert loop_in(f"It shortens texts. {text}")[0] == ""


def test_what_people_write_about_code_is_no_loop():
    for path in sorted((Path(__file__).parents[2] / "docs").rglob("*.md")):
        text = path.read_text("utf-8")
        prose = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
        assert loop_in(prose, is_code=False)[0] == "", path.name


def test_a_loop_is_seen_after_honest_code():
    honest = "    a = 1\n    for b in c:\n        d(b)\n"
    assert loop_in(honest + "    e(a)\n" * 9)[0] == EQUAL


STDLIB = (
    *("bisect", "calendar", "configparser", "copy", "csv", "dataclasses", "difflib", "fractions"),
    *(
        "functools",
        "heapq",
        "json/decoder",
        "pathlib",
        "random",
        "shutil",
        "statistics",
        "textwrap",
    ),
)


def test_standard_library_is_no_loop():
    hits, n_functions = [], 0
    for module in STDLIB:
        source = (Path(sysconfig.get_paths()["stdlib"]) / f"{module}.py").read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                n_functions += 1
                head, body = head_and_body(node, source.splitlines(keepends=True))
                if loop_in(body, head)[0]:
                    hits.append(f"{module}.{node.name}")
    assert n_functions > 600
    assert len(hits) / n_functions < 0.005, hits


def head_and_body(
    node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]
) -> tuple[str, str]:
    start, body = node.lineno - 1, node.body[0].lineno - 1
    code = textwrap.dedent("".join(lines[start : node.end_lineno]))
    kept = code.splitlines(keepends=True)
    return "".join(kept[: body - start]), "".join(kept[body - start :])

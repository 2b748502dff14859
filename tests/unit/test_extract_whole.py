"""Answers of a model that was asked for the whole function, as large ones are."""

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.syntax.languages import load_language
from scopewise.syntax.tree import parse
from scopewise.verify.braces import braced_answer
from scopewise.verify.extract import holds_function, split_imports, whole_answer

PYTHON = load_language("python")


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ("```python\ndef f(x):\n    return x\n```", "    return x"),
        (
            "Here it is:\n\n```python\ndef f(x):\n    return x\n```\nIt gives x back.",
            "    return x",
        ),
        # What it says around the code is not code, and neither is what it calls the language.
        ("```py3\ndef f(x):\n    'Doc.'\n    return x\n\nprint(f(1))\n```", "    return x"),
        ("~~~\n@d\nasync def f(\n    x,\n):\n    return x\n~~~", "    return x"),
        # A method stands without its class, or in it.
        ("```python\n    def f(self):\n        return 1\n```", "    return 1"),
        ("```python\nclass A:\n    def f(self):\n        return 1\n```", "        return 1"),
        # The block that defines the function is the one that counts.
        ("```\n$ python shop.py\n```\n```python\ndef f():\n    return 1\n```", "    return 1"),
        # Nothing around it at all, and a fence that is never closed.
        ("def f():\n    return 1\n", "    return 1"),
        ("```python\ndef f():\n    return 1", "    return 1"),
        # Fences in a string belong to the code.
        (
            "````python\ndef f():\n    return '''\n```\n'''\n````",
            "    return '''\n```\n'''",
        ),
        ("```python\r\ndef f():\r\n    a = 1\r\n    return a\r\n```", "    a = 1\n    return a"),
        ("```python\ndef f(): return 1\n```", "return 1"),
    ],
)
def test_the_body(answer, body):
    assert whole_answer(PYTHON, answer, "f") == body
    assert holds_function(PYTHON, answer, "f")


@pytest.mark.parametrize(
    ("imports", "found"),
    [
        ("import re", ["import re"]),
        ("import re\nfrom os import path", ["import re", "from os import path"]),
        ("from os import (\n    path,\n    sep,\n)", ["from os import (\n    path,\n    sep,\n)"]),
        ('"""A module."""\n\nimport re', ["import re"]),
    ],
)
def test_imports_above_the_function_begin_its_body(imports, found):
    answer = f"```python\n{imports}\n\n\ndef f(x):\n    y = x\n    return y\n```"

    statements, rest = split_imports(PYTHON, whole_answer(PYTHON, answer, "f"))

    assert (statements, rest) == (found, "    y = x\n    return y")


@pytest.mark.parametrize(
    "answer",
    ["", "I cannot help with that.", "```python\ndef g():\n    return 1\n```", "```python\n```"],
)
def test_without_the_function_nothing_looks_like_its_body(answer):
    """What comes of it is a fenced block of whatever there was, for the checks to decline."""
    assert whole_answer(PYTHON, answer, "f").startswith("```\n")
    assert not holds_function(PYTHON, answer, "f")


BRACED = {
    "go": (
        "package p\n\n// f doubles.\nfunc f(x int) int {\n}\n",
        'import "fmt"\n\n// f doubles.\nfunc f(x int) int {\n\tfmt.Print(x)\n\treturn 2 * x\n}',
        "\tfmt.Print(x)\n\treturn 2 * x",
        ('import "fmt"',),
    ),
    "rust": (
        "/// Doubles.\nfn f(x: i32) -> i32 {\n}\n",
        "use std::cmp::max;\n\nfn f(x: i32) -> i32 {\n    max(x, 2 * x)\n}",
        "    max(x, 2 * x)",
        ("use std::cmp::max;",),
    ),
    "javascript": (
        "/** Doubles. */\nfunction f(x) {\n}\n",
        "/** Doubles. */\nfunction f(x) {\n  const o = { a: 2 };\n  return o.a * x;\n}",
        "  const o = { a: 2 };\n  return o.a * x;",
        (),
    ),
    "typescript": (
        "class A {\n  /** Doubles. */\n  f(x: number): number {\n  }\n}\n",
        "f(x: number): number {\n  return 2 * x;\n}",
        "  return 2 * x;",
        (),
    ),
    "java": (
        "class A {\n    /** Doubles. */\n    int f(int x) {\n    }\n}\n",
        "int f(int x) {\n    return 2 * x;\n}",
        "    return 2 * x;",
        (),
    ),
    "c": (
        "/* Doubles. */\nint f(int x) {\n}\n",
        "#include <math.h>\n\nint f(int x)\n{\n    return 2 * x;\n}",
        "    return 2 * x;",
        ("#include <math.h>",),
    ),
    "cpp": (
        "// Doubles.\nint f(int x) {\n}\n",
        "int f(int x) { return 2 * x; }",
        "return 2 * x;",
        (),
    ),
    "bash": (
        "# Doubles.\nf() {\n  :\n}\n",
        'f() {\n  echo "$(( 2 * $1 ))"\n  cat <<E\n```\nE\n}',
        '  echo "$(( 2 * $1 ))"\n  cat <<E\n```\nE',
        (),
    ),
}


@pytest.mark.parametrize("language_id", BRACED)
@pytest.mark.parametrize("around", ["````{id}\n{code}\n````", "Sure:\n\n~~~\n{code}\n~~~\nDone."])
def test_where_braces_hold_it_together(language_id, around):
    """What is left of the answer is read by the same code as any other answer."""
    text, code, body, imports = BRACED[language_id]
    parsed = parse(DocumentSnapshot("file:///p", text, language_id.replace("bash", "shellscript")))
    assert parsed is not None
    definition = next(d for d in parsed.definitions if d.name == "f")

    whole = whole_answer(parsed.language, around.format(id=language_id, code=code), "f")
    found = braced_answer(parsed, definition, whole)

    assert found.body.rstrip() == body
    assert found.imports == imports
    assert holds_function(parsed.language, whole, "f")
    assert not holds_function(parsed.language, whole.replace("f(", "g("), "f")

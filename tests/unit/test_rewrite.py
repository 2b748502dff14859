import random

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.syntax.rewrite import rewrite_edits
from scopewise.syntax.tree import parse
from scopewise.text import apply_edits


def rewritten(text: str, body: str, name: str = "f") -> tuple[str, list[str]]:
    """The text with another body of `name`, and the pieces that were replaced."""
    parsed = parse(DocumentSnapshot("file:///a.py", text, "python"))
    definition = parsed.find(name) if parsed else None
    assert parsed is not None
    assert definition is not None
    edits = rewrite_edits(parsed, definition, body)
    return apply_edits(parsed.source, edits).decode(), [parsed.text(edit.range) for edit in edits]


@pytest.mark.parametrize(
    ("before", "body", "after", "replaced"),
    [
        ("def f():\n    a\n    b\n", "    a\n    b", "def f():\n    a\n    b\n", []),
        ("def f():\n    a\n    b\n", "    a\n    c", "def f():\n    a\n    c\n", ["    b"]),
        ("def f():\n    a\n    b", "    b", "def f():\n    b", ["    a\n"]),
        ("def f():\n    a\n    b\n", "    a", "def f():\n    a\n", ["\n    b"]),
        (
            "def f():\n    a\n    b\n",
            "    a\n    b\n    c",
            "def f():\n    a\n    b\n    c\n",
            [""],
        ),
        ("def f():\n    'D'\n\n    a\n", "    b", "def f():\n    'D'\n\n    b\n", ["    a"]),
        ("def f():\n    'D'  # c\n    a\n", "    b", "def f():\n    'D'  # c\n    b\n", ["    a"]),
        ("def f():\n    'D'\n", "    a", "def f():\n    'D'\n    a\n", [""]),
        ("def f():\n    # c\n    a\n", "    b", "def f():\n    # c\n    b\n", ["    a"]),
        ("def f():\n    a  \n    b\n", "    a\n    c", "def f():\n    a  \n    c\n", ["    b"]),
        ("def f(): a; b\n", "    a\n    b", "def f():\n    a\n    b\n", [" a; b"]),
        ("def f(): 'D'\n", "    a", "def f():\n    'D'\n    a\n", [" ", ""]),
        ("def f(): 'D'; a\n", "    b", "def f():\n    'D'\n    b\n", [" ", "; a"]),
        ("def f():\n    'é😀'\n    a\n", "    b", "def f():\n    'é😀'\n    b\n", ["    a"]),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_edits_are_as_small_as_can_be(before, body, after, replaced, eol):
    # A file of one line without a break has no line ending to keep.
    before, after = before.replace("\n", eol), after.replace("\n", eol)
    replaced = [piece.replace("\n", eol) for piece in replaced]
    assert rewritten(before, body) == (after, replaced)


def test_mixed_line_endings_stay_on_the_lines_that_stay():
    before = "x = 1\r\ndef f():\r\n    a\n    b\r\n    c\n    d\n"
    after, replaced = rewritten(before, "    a\n    b\n    B\n    c\n    D")
    assert after == "x = 1\r\ndef f():\r\n    a\n    b\r\n    B\r\n    c\n    D\n"
    assert replaced == ["", "    d"]


def test_last_line_goes_with_its_carriage_return():
    after, _ = rewritten("x\ndef f():\n    a\r\n    b\n", "    a")
    assert after == "x\ndef f():\n    a\n"


def test_only_the_body_of_that_method_changes():
    before = "class A:\n  def f(self): a\n  def g(self): a\n"
    after, _ = rewritten(before, "    b", "A.g")
    assert after == "class A:\n  def f(self): a\n  def g(self):\n    b\n"


LINES = ["a()", "b('é')", "if c:", "    d = '😀'", "", "# e", "return 1"]


@pytest.mark.parametrize("seed", range(100))
def test_random_bodies_stand_there_exactly(seed):
    generator = random.Random(seed)
    eol = generator.choice(["\n", "\r\n"])
    head = generator.choice(["@d\ndef f(x):\n", "def f(\n    x,\n):\n    'Doc.'\n"])
    tail = generator.choice(["", "\n", "\n\n# next\ny = 1\n"])

    def body() -> str:
        middle = generator.choices(LINES, k=generator.randrange(8))
        lines = ["start", *middle, "end"]
        return "\n".join("    " + line if line else "" for line in lines)

    old, new = body(), body()
    after, _ = rewritten((head + old + tail).replace("\n", eol), new)
    assert after == (head + new + tail).replace("\n", eol)
    assert rewritten(after, new) == (after, [])


@pytest.mark.parametrize(
    ("language", "before", "body", "after", "replaced"),
    [
        (
            "javascript",
            "function f() {\n  a;\n  b;\n}\n",
            "  a;\n  c;",
            "function f() {\n  a;\n  c;\n}\n",
            ["  b;\n"],
        ),
        (
            "javascript",
            "const f = () => { a; };\n",
            "  b;",
            "const f = () => {\n  b;\n};\n",
            [" a; "],
        ),
        ("c", "int f(void)\n{\n\n\ta;\n}\n", "\tb;", "int f(void)\n{\n\n\tb;\n}\n", ["\ta;\n"]),
        (
            "java",
            "class A {\r\n  /** D. */\r\n  void f() {\r\n    a();\r\n  }\r\n}\r\n",
            "    b();\n    a();",
            "class A {\r\n  /** D. */\r\n  void f() {\r\n    b();\r\n    a();\r\n  }\r\n}\r\n",
            [""],
        ),
    ],
)
def test_between_braces(language, before, body, after, replaced):
    parsed = parse(DocumentSnapshot("file:///project/a", before, language))
    assert parsed is not None
    edits = rewrite_edits(parsed, parsed.definitions[-1], body)
    assert apply_edits(parsed.source, edits).decode() == after
    assert [parsed.text(edit.range) for edit in edits] == replaced

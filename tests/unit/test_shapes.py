import pytest

from scopewise.syntax.shapes import statement_shapes


def shapes(text: str) -> list[str]:
    return statement_shapes("python", text)


def test_names_and_values_do_not_count():
    assert set(shapes("a = 1\nlonger_name = 2\nc = 3\n")) == {
        "(expression_statement (assignment identifier integer))"
    }


@pytest.mark.parametrize(
    "line", ["a = b", "a = '1'", "a += 1", "a: int = 1", "a.b = 1", "a", "pass", "if a: b = 1"]
)
def test_other_statements_have_other_shapes(line):
    *_, before, last = shapes("a = 1\n" * 4 + line)
    assert before != last


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\ndef f():\n" + "    a()\n" * 4,
        "```python\nclass A:\n    def f(self):\n        'Doc.'\n" + "        a()\n" * 4,
        "if x:\n    pass\n" + "elif a:\n    b()\n" * 4,
        "x = [\n" + "    (1, 2),\n" * 4 + "]\n",
    ],
)
def test_the_block_the_text_ends_in(text):
    last = shapes(text)[-4:]
    assert last == last[:1] * 4


def test_comments_have_no_shape():
    assert shapes("# one\n# two\n") == []
    assert len(shapes("a = 1\n# one\nb = 2\n")) == 2


@pytest.mark.parametrize("text", ["", "\n", "(((", "'''", "def f(:", "é😀", "\ud83d"])
def test_broken_text_is_no_error(text):
    assert isinstance(shapes(text), list)


def test_deep_nesting_is_cut():
    assert shapes("f(" * 500 + ")" * 500)[-1].count("call") < 10


@pytest.mark.parametrize(
    ("language", "statement"),
    [
        ("javascript", "    if (x) {\n        g(1);\n    }\n"),
        ("typescript", "    const x: number = g(1);\n"),
        ("tsx", "    g(<p>a</p>);\n"),
        ("go", "\tif x > 0 {\n\t\tg(1)\n\t}\n"),
        ("rust", "    if x > 0 {\n        g(1);\n    }\n"),
        ("java", "        if (x > 0) {\n            g(1);\n        }\n"),
        ("c", "    if (x > 0)\n        g(1);\n"),
        ("cpp", "    for (auto x : y) {\n        g(1);\n    }\n"),
    ],
)
def test_statements_of_a_body_in_every_language(language, statement):
    shapes = statement_shapes(language, statement * 5)
    assert len(shapes) == 5
    assert len(set(shapes)) == 1

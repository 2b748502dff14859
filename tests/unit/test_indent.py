import ast
import textwrap
from pathlib import Path

import pytest

from scopewise.syntax.indent import indent_unit, leading_blanks, reindent
from scopewise.syntax.languages import load_language

PYTHON = load_language("python")


@pytest.mark.parametrize(
    ("source", "unit"),
    [
        ("", "    "),
        ("x = 1\n", "    "),
        ("def f():\n  pass\n", "  "),
        ("def f():\n\tpass\n", "\t"),
        ("def f():  # c\r\n  pass\r\n", "  "),
        ('"""Usage:\n\n  odd text\n"""\ndef f():\n    pass\n', "    "),
        ("x = [1,\n  2]\ndef f():\n    if x:\n        pass\n", "    "),
        ("def f(a,\n      b):\n  pass\n", "  "),
        ("x = call(a,\n              b)\n", "    "),
        ('def f():\n    """Doc.\n\n\ttab\n    """\n', "    "),
    ],
)
def test_unit_of_a_file(source, unit):
    assert indent_unit(source, "    ") == unit


def test_leading_blanks():
    assert leading_blanks(" \t x ") == " \t "


@pytest.mark.parametrize(
    ("code", "base", "unit", "expected"),
    [
        ("a\nif b:\n    c", "    ", "    ", "    a\n    if b:\n        c"),
        ("    a\n    if b:\n        c", "\t", "\t", "\ta\n\tif b:\n\t\tc"),
        ("if b:\n  c\n  if d:\n    e", "", "    ", "if b:\n    c\n    if d:\n        e"),
        ("if b:\n\tc", "  ", "  ", "  if b:\n    c"),
        ("a\n\n   \nb", "  ", "  ", "  a\n\n\n  b"),
        ("x = call(a,\n         b)", "    ", "\t", "    x = call(a,\n    \t\t b)"),
        ("x = '''\n  é\n'''\ny", "    ", "    ", "    x = '''\n  é\n'''\n    y"),
        ("x = f'''\n  {\n1}\n'''\ny", "  ", "  ", "  x = f'''\n  {\n1}\n'''\n  y"),
        ("", "    ", "    ", ""),
    ],
)
def test_reindent(code, base, unit, expected):
    assert reindent(PYTHON, code, base=base, to_unit=unit) == expected


def test_deep_nesting_is_no_error_of_ours():
    code = "x = " + "-" * 5000 + "1"
    assert reindent(PYTHON, code, base="    ") == "    " + code


def test_given_unit_beats_what_the_code_shows():
    code = "def f(\n        a,\n):\n    pass"
    expected = "def f(\n\t\ta,\n):\n\tpass"
    assert reindent(PYTHON, code, base="", from_unit="    ", to_unit="\t") == expected


@pytest.mark.parametrize("module", [ast, textwrap])
@pytest.mark.parametrize("unit", ["  ", "\t"])
def test_real_functions_keep_their_meaning(module, unit):
    source = Path(module.__file__).read_text(encoding="utf-8")
    nodes = ast.parse(source).body
    for node in (node for node in nodes if not getattr(node, "decorator_list", None)):
        code = ast.get_source_segment(source, node)
        assert code is not None
        moved = reindent(PYTHON, code, base=unit, to_unit=unit)
        assert ast.dump(ast.parse(f"if 1:\n{moved}").body[0].body[0]) == ast.dump(node)


@pytest.mark.parametrize(
    ("language", "code", "moved"),
    [
        # The first line says where the block begins.
        ("javascript", "    a({\n  b,\n});\n    c;", "\ta({\n\tb,\n\t});\n\tc;"),
        ("javascript", "  x = `\n y\n`;\n  z;", "\tx = `\n y\n`;\n\tz;"),
        ("go", "    x := `\n  y`\n    z()", "\tx := `\n  y`\n\tz()"),
        (
            "c",
            "  a;\n#ifdef B\n  b;\n#endif\nend:\n  c;",
            "\ta;\n#ifdef B\n\tb;\n#endif\nend:\n\tc;",
        ),
        ("rust", "    #[a]\n    b();\n    /* c\n     * d */", "\t#[a]\n\tb();\n\t/* c\n\t * d */"),
        (
            "java",
            "  switch (a) {\n    case 1:\n      b();\n  }",
            "\tswitch (a) {\n\t\tcase 1:\n\t\t\tb();\n\t}",
        ),
    ],
)
def test_between_braces(language, code, moved):
    assert reindent(load_language(language), code, base="\t", to_unit="\t") == moved

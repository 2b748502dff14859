import pytest

from scopewise.syntax.languages import load_language
from scopewise.verify.extract import body_text, code_block, split_imports

PYTHON = load_language("python")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("x = 1\n", "x = 1\n"),
        ("```python\nx = 1\n```\nProse.", "x = 1\n"),
        ("Prose.\n  ~~~~py\nx = 1\n~~~~\n", "x = 1\n"),
        ("````\n```\nx\n```\n````\n", "```\nx\n```\n"),
        ("```python\nx = 1", "x = 1"),
        ("```\na\n```\n```\nb\n```", "a\n"),
    ],
)
def test_code_block(answer, code):
    assert code_block(answer) == code


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        # It goes on where the opening stopped.
        ("    x = 1\n\n    return x\n", "    x = 1\n\n    return x"),
        ("\n\n    return 1  \n```\n", "    return 1"),
        ("    return 1\r\n", "    return 1"),
        ("```python\n    return 1\n```\nProse.", "    return 1"),
        ("```python\n    return 1", "    return 1"),
        ("", ""),
        # It starts over and writes the whole function.
        ("```python\ndef f():\n    return 1\n```\nProse.", "    return 1"),
        ("def f():\n    'Doc.'\n    return 1\n\nprint(f())", "    return 1"),
        ("@d\nasync def f(\n    x,\n):\n    return 1", "    return 1"),
        ("class A:\n    def f(self):\n        return 1\n", "        return 1"),
        ("def f(): return 1", "return 1"),
        ("def f(): 'Doc.'; return 1", " return 1"),
        ("def f():\n    'Doc.'  # c\n\n    return 1", "    return 1"),
        ("    def f():\n        return 1\n", "        return 1"),
        # Something that only looks like it.
        (
            "    def f(y):\n        return y\n    return f(1)",
            "    def f(y):\n        return y\n    return f(1)",
        ),
        (
            "    @d\n    def g():\n        pass\n    return g",
            "    @d\n    def g():\n        pass\n    return g",
        ),
        ("    class A:\n        pass\n    return A", "    class A:\n        pass\n    return A"),
        ("def g():\n    return 1", "def g():\n    return 1"),
        # What stands in a string is content.
        ("    x = '''\n```\n'''\n    return x", "    x = '''\n```\n'''\n    return x"),
        ("    x = '''a  \n b\t\n'''\n    return x", "    x = '''a  \n b\t\n'''\n    return x"),
    ],
)
def test_body(answer, body):
    assert body_text(PYTHON, answer, "f") == body


@pytest.mark.parametrize(
    ("body", "statements", "rest"),
    [
        ("    import a\n    return a", ["import a"], "    return a"),
        ("import a\nfrom b import c\n\n\nreturn a", ["import a", "from b import c"], "return a"),
        ("    import a  # c\n    return a", ["import a"], "    return a"),
        ("    from a import (\n        b,\n    )\n    b", ["from a import (\n    b,\n)"], "    b"),
        ("    import a\n    x = '''\n1\n'''", ["import a"], "    x = '''\n1\n'''"),
    ],
)
def test_imports_a_body_begins_with(body, statements, rest):
    assert split_imports(PYTHON, body) == (statements, rest)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "    return 1",
        "    import a",
        "    x = 1\n    import a\n    return a",
        "    # c\n    import a\n    return a",
        "    import a; x = 1\n    return x",
        "    import (\n    return 1",
    ],
)
def test_body_left_whole(body):
    assert split_imports(PYTHON, body) == ([], body)

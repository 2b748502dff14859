import pytest

from scopewise.document import DocumentSnapshot
from scopewise.syntax.languages import load_language
from scopewise.syntax.tree import parse
from scopewise.verify.braces import BracedAnswer, braced_answer
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


def braced(language: str, text: str, answer: str) -> BracedAnswer:
    """What an answer says of the last function of a text."""
    parsed = parse(DocumentSnapshot("file:///project/a", text, language))
    assert parsed is not None
    return braced_answer(parsed, parsed.definitions[-1], answer)


FUNCTION = {
    "javascript": "function f(x) {}\n",
    "go": "package a\n\nfunc f(x int) int {}\n",
    "rust": "fn f(x: i32) -> i32 {}\n",
    "java": "class A {\n    int f(int x) {}\n}\n",
    "c": "int f(int x)\n{\n}\n",
}


@pytest.mark.parametrize(
    ("language", "answer", "body"),
    [
        # It goes on where the opening stopped.
        ("javascript", "    return x;\n", "    return x;"),
        ("javascript", "\n    return x;\n}\n", "    return x;"),
        ("javascript", "    return x;\n}\n```\nProse with a } in it.", "    return x;"),
        ("javascript", "    return x;\n}\n\nfunction g() {\n}\n", "    return x;"),
        ("javascript", "    return x; }", "    return x;"),
        ("javascript", "    return `}${`{${x}`}`;\n}", "    return `}${`{${x}`}`;"),
        ("javascript", "    return /[}]/.test('}'); // }\n}", "    return /[}]/.test('}'); // }"),
        ("javascript", "```js\n    return x;\n```", "    return x;"),
        ("javascript", "", ""),
        ("javascript", "}", ""),
        ("go", "\tif x > 0 {\n\t\treturn '}'\n\t}\n}\n", "\tif x > 0 {\n\t\treturn '}'\n\t}"),
        ("rust", '    println!("{{}}{}", x);\n    x\n}\n', '    println!("{{}}{}", x);\n    x'),
        ("rust", "    vec![1]\r\n}\r\nfn g() {}", "    vec![1]"),
        ("java", "        return '}';\n    }\n}\n", "        return '}';"),
        ("c", '    return "}"[0];\n}\nint main() { }', '    return "}"[0];'),
        # It starts over.
        ("javascript", "function f(x) {\n    return x;\n}\n\nf(1);", "    return x;"),
        ("javascript", "```js\nfunction f(x) {\n    return x;", "    return x;"),
        ("javascript", "```\nconst f = (x) => {\n    return x;\n};\n```\n", "    return x;"),
        ("javascript", "function f(x) { return x; }", "return x;"),
        ("go", "```go\npackage a\n\nfunc f(x int) int {\n\treturn x\n}\n```", "\treturn x"),
        ("rust", "/// Doc.\nfn f(x: i32) -> i32 {\n    x\n}\n\n#[test]\nfn g() {}", "    x"),
        ("java", "class A {\n    int f(int x) {\n        return x;\n    }\n}", "        return x;"),
        ("java", "int f(int x) {\n    return x;\n}", "    return x;"),
        ("c", "int f(int x)\n{\n    return x;\n}\n", "    return x;"),
        # Something that only looks like it.
        (
            "javascript",
            "    function f(y) {\n        return y;\n    }\n    return f(x);\n",
            "    function f(y) {\n        return y;\n    }\n    return f(x);",
        ),
        ("javascript", "function g() {\n}\nreturn g;\n", "function g() {\n}\nreturn g;"),
        # Its end is missing, and is not made up.
        ("javascript", "    if (x) {\n        return x;\n", "    if (x) {\n        return x;"),
    ],
)
def test_body_between_braces(language, answer, body):
    assert braced(language, FUNCTION[language], answer).body == body


def test_function_cut_off_in_the_middle_is_no_function():
    answer = "```js\nfunction f(x) {\n    for (;;) {\n        g();"
    assert braced("javascript", FUNCTION["javascript"], answer).body.count("}") == 0


@pytest.mark.parametrize(
    ("language", "answer", "imports"),
    [
        (
            "go",
            '```go\npackage a\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc f(x int) int {\n}\n```',
            ('import (\n\t"fmt"\n\t"os"\n)',),
        ),
        ("rust", "use a::b;\nuse c;\n\nfn f(x: i32) -> i32 {\n}\n", ("use a::b;", "use c;")),
        ("c", "#include <a.h>\n\nint f(int x) {\n}\n", ("#include <a.h>",)),
        ("rust", "    use a::b;\n    b(x)\n", ()),
    ],
)
def test_imports_above_a_whole_function(language, answer, imports):
    assert braced(language, FUNCTION[language], answer).imports == imports

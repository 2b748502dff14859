import pytest

from scopewise.document import DocumentSnapshot
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.verify.names import new_undefined_names, undefined_names


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("x = 1\nprint(x)", {}),
        ("def f(a): return a + b + b", {"b": 2}),
        ("def f():\n    print(x)\n    x = 1", {"x": 1}),
        ("def f(): return g()\ndef g(): ...", {}),
        ("from a import *\nx = y", {}),
        ("x: 'Missing'", {"Missing": 1}),
        ("'b in a string'; f'{c}'", {"c": 1}),
        ("__file__, __name__, print", {}),
        ("\ufeffx = y", {"y": 1}),
        ("", {}),
    ],
)
def test_undefined_names(code, names):
    assert undefined_names(code) == names


@pytest.mark.parametrize(
    "code",
    [
        "def f(:",
        "x = '\0'",
        "x = '\ud83d'",
        "x = " + "-" * 20_000 + "1",
        "x = " + "+".join(["1"] * 5_000),
        "x = " + "a." * 3_000 + "b",
    ],
)
def test_code_that_cannot_be_read_is_no_error(code):
    assert undefined_names(code) is None


def parsed(text: str) -> ParsedDocument:
    result = parse(DocumentSnapshot("file:///a.py", text, "python"))
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("before", "body", "names"),
    [
        ("import os\ndef f(a):\n    pass\n", "return os.x(a)", []),
        ("def f(a):\n    pass\n", "return b + c + b", ["b", "c"]),
        # What was wrong before is not held against the result.
        ("old\ndef f(a):\n    pass\n", "return a", []),
        ("old\ndef f(a):\n    pass\n", "return old", ["old"]),
        ("def f(a):\n    return old\n", "return old + 1", []),
        # A broken function that is mended.
        ("old\ndef f(a):\n    pass (\n", "return a", []),
        ("old\ndef f(a):\n    pass (\n", "return golden", ["golden"]),
        ("ol\ndef f(a):\n    pass (\n", "return 'old'", []),
        # Something else in the file is broken: what it mentions counts as defined.
        ("def g(:\ndef f(a):\n    pass\n", "return g(a)", []),
        ("def g(:\ndef f(a):\n    pass\n", "return h(a)", ["h"]),
        ("class A:\n    x = (\n    def f(self):\n        pass\n", "return self.y + z", ["z"]),
        ("x = '\ud83d'\ndef f(a):\n    pass\n", "return a + b", ["b"]),
    ],
)
def test_new_undefined_names(before, body, names):
    head, _, _ = before.rpartition("\n    ")
    indent = "        " if "class" in before else "    "
    after = parsed(f"{head.rstrip()}\n{indent}{body}\n")
    definition = next(d for d in after.definitions if d.name == "f")
    assert new_undefined_names(parsed(before), after, definition.range) == names

import ast
import itertools
import textwrap

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.syntax.slot import BodySlot, body_slot
from scopewise.syntax.tree import parse
from scopewise.text import apply_edits


def slot_of(text: str) -> BodySlot | None:
    """The slot of the last function of a file."""
    parsed = parse(DocumentSnapshot("file:///a.py", text, "python"))
    assert parsed is not None
    functions = [d for d in parsed.definitions if d.kind == "function"]
    return body_slot(parsed, functions[-1])


def filled(text: str, body: str = "a = 1\nreturn a") -> str:
    slot = slot_of(text)
    assert slot is not None, text
    indented = textwrap.indent(body, slot.indent)
    return apply_edits(slot.parsed.source, slot.edits(indented)).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f():\n    'Doc.'\n", "def f():\n    'Doc.'\n    a = 1\n    return a\n"),
        ("def f():\n    'Doc.'", "def f():\n    'Doc.'\n    a = 1\n    return a"),
        ("def f():\n    'Doc.'\n    pass\n", "def f():\n    'Doc.'\n    a = 1\n    return a\n"),
        ("def f():\n    'Doc.'\n\n    ...", "def f():\n    'Doc.'\n\n    a = 1\n    return a"),
        (
            "def f():\n    'Doc.'\n    raise NotImplementedError(1)  # noqa\n",
            "def f():\n    'Doc.'\n    a = 1\n    return a  # noqa\n",
        ),
        ("def f(): 'Doc.'\n", "def f():\n    'Doc.'\n    a = 1\n    return a\n"),
        ("def f(): 'Doc.'  # c\n", "def f():\n    'Doc.'  # c\n    a = 1\n    return a\n"),
        ("def grüß(é): 'é'", "def grüß(é):\n    'é'\n    a = 1\n    return a"),
        ("def f(): 'Doc.'  # TODO\n", "def f():\n    'Doc.'\n    a = 1\n    return a\n"),
        (
            "def f():\n    'Doc.'  # TODO: write\n",
            "def f():\n    'Doc.'\n    a = 1\n    return a\n",
        ),
        (
            "def f():\n    'Doc.'\n    # TODO: write\n\n\nx = 1\n",
            "def f():\n    'Doc.'\n    a = 1\n    return a\n\n\nx = 1\n",
        ),
        (
            "def f():\n    'Doc.'\n    # one\n    # TODO\n    pass  # fixme\n    # two\n",
            "def f():\n    'Doc.'\n    # one\n    a = 1\n    return a\n    # two\n",
        ),
        (
            "def f():\n    # TODO: stays\n    'Doc.'\n    pass\n    ...\n",
            "def f():\n    # TODO: stays\n    'Doc.'\n    a = 1\n    return a\n",
        ),
        (
            "def f():\r\n\t'Doc.'\r\n\t# TODO\r\n",
            "def f():\r\n\t'Doc.'\r\n\ta = 1\r\n\treturn a\r\n",
        ),
        (
            "class A:\n  @property\n  def f(self):\n    'Doc.'\n  # about x\n  x = 1\n",
            "class A:\n  @property\n  def f(self):\n    'Doc.'\n    a = 1\n    return a\n"
            "  # about x\n  x = 1\n",
        ),
        (
            "if x:\n  def f():\n    'Doc.'\nelse:\n  pass\n",
            "if x:\n  def f():\n    'Doc.'\n    a = 1\n    return a\nelse:\n  pass\n",
        ),
    ],
)
def test_body_goes_where_the_stub_stood(before, after):
    assert filled(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    pass\n",
        "def f():\n    'Doc.'\n    return 1\n",
        "def f():\n    'Doc.'; pass\n",
        "def f():\n    'Doc.';\n",
        "def f():\n    'Doc.'\n    pass; pass\n",
        "def f():\n    x = 1\n    'no doc'\n",
        "def f():\n    'Doc.\n",
    ],
)
def test_nothing_that_is_safe_to_edit(text):
    assert slot_of(text) is None


def test_class_has_no_slot():
    parsed = parse(DocumentSnapshot("file:///a.py", "class A:\n    'Doc.'\n", "python"))
    assert parsed is not None
    assert body_slot(parsed, parsed.definitions[0]) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@d\ndef f():\n    'Doc.'\n    pass\n", "@d\ndef f():\n    'Doc.'"),
        (
            "def f():\r\n    'Doc.'\r\n    # TODO\r\n    # c\r\n    pass",
            "def f():\n    'Doc.'\n    # c",
        ),
        ("def f():\n    'Doc.'  # TODO\n    pass\n    # TODO\n", "def f():\n    'Doc.'"),
        ("def grüß(é): 'é'", "def grüß(é):\n    'é'"),
        ("class A:\n    def f(self): 'Doc.'  # c", "    def f(self):\n        'Doc.'  # c"),
    ],
)
def test_shown_is_what_stays_above_the_body(text, shown):
    slot = slot_of(text)
    assert slot is not None
    assert slot.shown == shown


def test_wishes_are_the_comments_that_go():
    slot = slot_of(
        "def f():\r\n    'Doc.'  # TODO: a\r\n    # keep\r\n    # fixme b\r\n    pass\r\n"
    )
    assert slot is not None
    assert slot.wishes == ("# TODO: a", "# fixme b")


HEADS = [
    "def f(x, *, y='a: #'):",
    "@d  # c\n@e(1,\n   2)\nasync def f(\n    x,  # é 😀\n) -> 'int':  # TODO",
]
DOCS = [
    "'Doc.'",
    "r'''Doc \\d.\n\n  TODO: x\n\t\n'''",
    '"""Dé.\n    # TODO\n    pass\n    """  # c',
]
STUBS = ["", "pass", "\n...\n", "# TODO: x", "# c\n\npass  # fixme\n# d", "pass\n\n# TODO\n..."]
TAILS = ["", "\n", "\n\n\nx = 1\n", "\n# e\ndef later(): ...\n"]


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("unit", ["    ", "\t", "  "])
@pytest.mark.parametrize("owner", ["", "class A:\n    x = 1\n\n", "def o():\n    "])
def test_all_stub_forms_keep_everything_else(eol, unit, owner):
    for head, doc, stub, tail in itertools.product(HEADS, DOCS, STUBS, TAILS):
        inner = head + "\n" + textwrap.indent(f"{doc}\n{stub}".rstrip("\n"), "    ")
        inner = textwrap.indent(inner, "    ") if owner else inner
        text = ("# é\n" + owner.rstrip(" ") + inner + tail).replace("    ", unit)
        check_filled(text.replace("\n", eol), eol)


def check_filled(text: str, eol: str) -> None:
    parsed = parse(DocumentSnapshot("file:///a.py", text, "python"))
    assert parsed is not None
    definition = next(d for d in parsed.definitions if d.name == "f")
    slot = body_slot(parsed, definition)
    assert slot is not None, text
    edits = slot.edits(f"{slot.indent}a = 1\n{slot.indent}return a")
    # Only stand-ins go, whole lines of them.
    for edit in edits:
        gone = parsed.text(edit.range).strip()
        assert gone in ("", "pass", "...", "# TODO: x", "# TODO", "# fixme"), text
    result = apply_edits(parsed.source, edits).decode()
    assert result.replace("\r\n", "").count("\n") == (0 if eol == "\r\n" else result.count("\n"))
    expected = ast.parse(text)
    function = next(node for node in ast.walk(expected) if getattr(node, "name", "") == "f")
    function.body[1:] = ast.parse("def g():\n a = 1\n return a").body[0].body
    assert ast.dump(ast.parse(result)) == ast.dump(expected), result
    # What is shown to the model goes on with the body just as well.
    shown = textwrap.dedent(f"{slot.shown}\n{slot.indent}return 1")
    assert ast.parse(shown.replace("\t", "    ")).body[0].name == "f"

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


STATEMENTS = "a();\nb();"
BRACED_HEADS = {
    "javascript": ["/** It is so. */\nexport const f = (x) =>", "// It is so.\nfunction f()"],
    "typescript": ["/** It is so. */\n@d()\npublic f<T>(x: T): void", "/**\n * So.\n */\nget f()"],
    "go": ["// F is so.\nfunc f(x int) (a, b int)", "// F is so.\n//\n// Is.\nfunc (s *S) f()"],
    "rust": ["/// It is so.\n#[x]\npub fn f<'a>(x: &'a str) -> u8", "/** It is so. */\nfn f()"],
    "java": ["/** It is so. */\n@X(1)\nvoid f(int x) throws Y", "// It is so.\n<T> T f()"],
    "c": ["/* It is so. */\nstatic int f(int x)", "/// So.\nunsigned\nf(void)"],
    "cpp": ["/// It is so.\ntemplate <class T>\nauto f(T x) -> int", "// It is so.\nint f()"],
}
CLASSES = {
    "javascript": "const y = {\n    z: 1,\n};\n\n%s\n",
    "rust": "struct A {\n    y: u8,\n}\n\n%s\n",
    "c": "struct A {\n    int y;\n};\n\n%s\n",
    "cpp": "struct A {\n    int y;\n};\n\n%s\n",
    "typescript": "class A {\n    y = 1;\n\n%s\n}\n",
    "java": "class A {\n    int y = 1;\n\n%s\n}\n",
    "go": "package a\n\ntype A struct {\n    y int\n}\n\n%s\n",
}
STAND_INS = {
    "javascript": 'throw new Error("not implemented");',
    "typescript": 'throw new Error("not implemented");',
    "go": 'panic("not implemented")',
    "rust": "todo!()",
    "java": "throw new UnsupportedOperationException();",
    "c": "abort();",
    "cpp": 'throw std::logic_error("not implemented");',
}
INSIDES = [
    "{}",
    "{ }",
    "{\n}",
    "{\n\n}",
    "{\n    STUB\n}",
    "{ STUB }",
    "{\n    // TODO: so\n    STUB // fixme\n}",
    "{\n    // kept\n}",
    "{ // kept\n}",
    "{ /* kept */ }",
    "{\n    // kept\n\n    STUB\n    // TODO\n}",
    "\n{\n    STUB // kept\n}",
]


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
@pytest.mark.parametrize("unit", ["    ", "\t", "  "])
@pytest.mark.parametrize("language", BRACED_HEADS)
def test_between_braces(language, unit, eol):
    for head, inside in itertools.product(BRACED_HEADS[language], INSIDES):
        if inside.startswith("\n") and language == "go":
            continue  # Its grammar wants the brace on the same line.
        code = f"{head} {inside.replace('STUB', STAND_INS[language])}".replace(" \n{", "\n{")
        if language in ("typescript", "java"):
            code = textwrap.indent(code, "    ")
        text = CLASSES[language] % code
        check_braced(language, text.replace("    ", unit).replace("\n", eol), unit, eol)


def check_braced(language: str, text: str, unit: str, eol: str) -> None:
    parsed = parse(DocumentSnapshot("file:///project/a", text, language))
    assert parsed is not None
    definition = next(d for d in parsed.definitions if d.name == "f")
    slot = body_slot(parsed, definition)
    assert slot is not None, text
    edits = slot.edits(textwrap.indent(STATEMENTS, slot.indent))
    for edit in edits:
        gone = parsed.text(edit.range)
        assert definition.statements.contains(edit.range), text
        assert "kept" not in gone, text
    result = apply_edits(parsed.source, edits).decode()
    assert result.replace(eol, "").count("\n") == 0, repr(result)
    after = parse(DocumentSnapshot("file:///project/a", result, language))
    assert after is not None
    assert len(after.error_ranges()) == len(parsed.error_ranges()), result
    filled_in = next(d for d in after.definitions if d.name == "f")
    base = "" if definition.parent != "class" else unit
    lines = after.text(filled_in.statements).replace("\r\n", "\n").split("\n")
    assert f"{base}{unit}a();" in lines, result
    assert lines[-1] == base, repr(result)
    assert not filled_in.is_stub
    assert not any(word in result.lower() for word in ("todo", "fixme", "implemented", "abort"))
    assert ("kept" in result) == ("kept" in text)
    assert result.count(" \n") == 0, repr(result)
    # What is shown to the model opens the braces and does not close them.
    assert slot.shown.count("{") == slot.shown.count("}") + 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("javascript", "/** A. */\nfunction f() { /* kept */ throw new Error('TODO') }\n"),
        ("javascript", "/** A. */\nconst f = (x) => x;\n"),
        ("javascript", "/** A. */\nfunction f() {\n"),
        ("cpp", "/** A. */\nint f() try { } catch (...) { g(); }\n"),
    ],
)
def test_nothing_between_braces_that_is_safe_to_edit(language, text):
    parsed = parse(DocumentSnapshot("file:///project/a", text, language))
    assert parsed is not None
    assert all(body_slot(parsed, definition) is None for definition in parsed.definitions)

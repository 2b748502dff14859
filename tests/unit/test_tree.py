import random

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.text import ByteRange


def parsed(text: str, previous: ParsedDocument | None = None) -> ParsedDocument:
    result = parse(DocumentSnapshot("file:///a.py", text, "python"), previous)
    assert result is not None
    return result


def around(marked: str) -> list[str]:
    """The definitions around the `$0`, innermost first."""
    before, after = marked.split("$0")
    at = len(before.encode())
    found = parsed(before + after).definitions_around(ByteRange(at, at))
    return [definition.qualified_name for definition in found]


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        ("@deco$0rator\ndef f():\n    pass\n", ["f"]),
        ("@a\n@b(1,\n$0   2)\nclass C:\n    pass\n", ["C"]),
        ("@decorator\n$0def f():\n    pass\n", ["f"]),
        ("def f(\n    a,\n$0    b,\n):\n    pass\n", ["f"]),
        ("def f():\n  $0  pass\n", ["f"]),
        ("def f():\n    pass  # trailing$0\n", ["f"]),
        ("def f():\r\n    pass  # trailing$0\r\n", ["f"]),
        ("def f():  # tra$0il\n    pass\n", ["f"]),
        ("def f():\n    pass\n    # own line$0\n", ["f"]),
        ("def f():\n    pass\n# outside$0\n", []),
        ("def f(): x = '😀$0'\n", ["f"]),
        ("def f():\n    def g():\n        pass$0\n", ["f.g", "f"]),
        ("class A:\n    async def m(self):\n        pass$0\n", ["A.m", "A"]),
        ("if x:\n    def f():\n        pass$0\n", ["f"]),
        ("x = 1$0\ndef f(): pass\n", []),
        ("def f(:\n    pas$0s\n", ["f"]),
        ("$0", []),
        ("\n$0\n\ndef f(): pass\n", []),
    ],
)
def test_definitions_around_text(marked, names):
    assert around(marked) == names


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        ("def f():\n    '''Doc.\n$0\n    more\n    '''\n", ["f"]),
        ("def f():\n    x = 1\n$0\n    y = 2\n", ["f"]),
        ("def f():\n    pass\n    $0\n\nx = 1\n", ["f"]),
        ("def f():\n    pass\n$0\nx = 1\n", []),
        ("def f():\r\n    pass\r\n    $0\r\n", ["f"]),
        ("class A:\n    def m(self):\n        pass\n        $0\n", ["A.m", "A"]),
        ("class A:\n    def m(self):\n        pass\n    $0\n", ["A"]),
        ("class A:\n    def m(self):\n        pass\n$0\n    x = 1\n", ["A"]),
        ("if x:\n    def f():\n        pass\n    $0\n", []),
    ],
)
def test_empty_line_belongs_to_what_it_is_inside_or_indented_below(marked, names):
    assert around(marked) == names


def test_parts_of_a_definition():
    document = parsed(
        "@d\nclass A:\n    @p\n    async def m(self) -> int:  # c\n        'Doc.'\n        ...\n"
    )
    owner, method = document.definitions
    assert (owner.kind, owner.name, owner.parent, owner.doc, owner.is_stub) == (
        "class",
        "A",
        "",
        None,
        False,
    )
    assert (method.kind, method.qualified_name, method.parent) == ("function", "A.m", "class")
    assert document.text(method.header) == "@p\n    async def m(self) -> int:  # c\n        "
    assert document.text(method.signature) == "async def m(self) -> int:  # c\n        "
    assert document.text(method.body) == "'Doc.'\n        ..."
    assert method.doc is not None
    assert document.text(method.doc) == "'Doc.'"
    assert [document.text(span) for span in method.stubs] == ["..."]


@pytest.mark.parametrize(
    ("body", "stubs"),
    [
        ("pass", ["pass"]),
        ("...", ["..."]),
        ("raise NotImplementedError", ["raise NotImplementedError"]),
        ("raise NotImplementedError('x')", ["raise NotImplementedError('x')"]),
        ("'Doc.'", []),
        ("'Doc.'\n    # TODO: write", ["# TODO: write"]),
        ("'Doc.'\n    # a note\n    pass", ["pass"]),
        ("'Doc.'\n    # fixme\n    pass  # todo", ["# fixme", "pass", "# todo"]),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_stub(body, stubs, eol):
    document = parsed(f"def f():\n    {body}\n".replace("\n", eol))
    (definition,) = document.definitions
    assert definition.is_stub
    assert [document.text(span) for span in definition.stubs] == stubs


@pytest.mark.parametrize(
    "body",
    [
        "return",
        "raise ValueError",
        "raise NotImplementedError from None",
        "'Doc.'\n    'second'",
        "x = ...",
        "if x:\n        pass",
        "def g(): pass",
    ],
)
def test_no_stub(body):
    assert not parsed(f"def f():\n    {body}\n").definitions[0].is_stub


@pytest.mark.parametrize(
    ("body", "doc"),
    [
        ("'''Doc.'''", "'''Doc.'''"),
        ('r"""Doc."""', 'r"""Doc."""'),
        ("# first\n    'Doc.'", "'Doc.'"),
        ("x = 1\n    'no doc'", None),
        ("'no doc' + x", None),
    ],
)
def test_docstring(body, doc):
    document = parsed(f"def f():\n    {body}\n")
    found = document.definitions[0].doc
    assert (document.text(found) if found else None) == doc


def test_find_takes_the_last_as_python_does():
    document = parsed("def f(): 1\nclass A:\n    def f(self): 2\ndef f(): 3\n")
    found = [document.find(name) for name in ("f", "A.f", "A", "g")]
    assert [document.text(d.body) if d else None for d in found] == [
        "3",
        "2",
        "def f(self): 2",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "n_errors"), [("def f(): pass\n", 0), ("def f(:\n    pass\n", 1), ("x = (\n", 1)]
)
def test_errors_are_found(text, n_errors):
    assert len(parsed(text).error_ranges()) == n_errors


def test_deep_nesting_is_no_error_of_ours():
    document = parsed("def f():\n    x = " + "1 + (" * 5000)
    assert document.error_ranges()
    assert [d.name for d in document.definitions_around(ByteRange(5000, 5000))] in (["f"], [])


def test_document_without_grammar():
    assert parse(DocumentSnapshot("file:///a.log", "x")) is None
    assert parse(DocumentSnapshot("untitled:1", "x", "plaintext")) is None
    assert parse(DocumentSnapshot("file:///a.py", "x")) is not None


def test_equal_text_keeps_the_tree():
    first = parsed("x = 1\n")
    assert parsed("x = 1\n", first).tree is first.tree


PIECES = [
    *(
        "def f(a):\n",
        "    '''Doc é.'''\n",
        "    return 1\n",
        "class A:\n",
        "    x = '😀'\n",
        "@d\n",
    ),
    *(
        "    def m(self): pass\n",
        "'''",
        "(",
        ")",
        "\r\n",
        "\t",
        "# c\n",
        " ",
        "\n",
        "x",
        "f'{",
        "}'",
    ),
]


def shape(node) -> tuple:
    children = tuple(shape(child) for child in node.children)
    return node.type, node.start_byte, node.end_byte, node.start_point, node.is_missing, children


@pytest.mark.parametrize("seed", range(150))
def test_incremental_parse_equals_a_fresh_one(seed):
    generator = random.Random(seed)
    text = "".join(generator.choices(PIECES, k=generator.randrange(25)))
    document = parsed(text)
    for _ in range(5):
        start = generator.randrange(len(text) + 1)
        end = start + generator.choice([0, 0, 1, 3, 10])
        text = text[:start] + generator.choice(["", *PIECES]) + text[end:]
        document = parsed(text, document)
        fresh = parsed(text)
        assert shape(document.root) == shape(fresh.root)
        assert document.definitions == fresh.definitions


def in_language(language: str, text: str) -> ParsedDocument:
    result = parse(DocumentSnapshot("file:///project/a", text, language))
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("language", "text", "doc", "whole"),
    [
        ("javascript", "/** A. */\nfunction f() {}\n", "/** A. */", "/** A. */\nfunction f() {}"),
        ("javascript", "/** A. */\nexport const f = () => {};\n", "/** A. */", None),
        ("javascript", "// Says it\n// twice.\nfunction f() {}\n", "// Says it\n// twice.", None),
        ("javascript", "// ~~~\n/** A. */\nfunction f() {}\n", "/** A. */", None),
        ("javascript", "/** A. */\n\nfunction f() {}\n", None, "function f() {}"),
        ("javascript", "x(); // about x it is\nfunction f() {}\n", None, "function f() {}"),
        ("typescript", "class A {\n  /** A. */\n  @b\n  @c()\n  f() {}\n}\n", "/** A. */", None),
        ("rust", "/// A.\n/// B.\n#[x]\n// why\nfn f() {}\n", "/// A.\n/// B.", None),
        ("rust", "#[x]\n/// A.\nfn f() {}\n", "/// A.", "#[x]\n/// A.\nfn f() {}"),
        ("rust", "//! A.\n//! B.\nfn f() {}\n", None, None),
        (
            "go",
            "package a\n\n// F is.\n//\n// More.\nfunc F() {}\n",
            "// F is.\n//\n// More.",
            None,
        ),
        ("java", "class A {\n  /** A. */\n  @B\n  void f() {}\n}\n", "/** A. */", None),
        ("cpp", "/// A.\ntemplate <class T>\nvoid f() {}\n", "/// A.", None),
        ("c", "/* It is so. */\r\nint f(void)\r\n{\r\n}\r\n", "/* It is so. */", None),
        ("c", "/* Copyright of somebody. */\nint f(void) {}\n", None, None),
    ],
)
def test_comments_above_document(language, text, doc, whole):
    document = in_language(language, text)
    definition = document.definitions[-1]
    assert (document.text(definition.doc) if definition.doc else None) == doc
    if whole is not None:
        assert document.text(definition.range) == whole
    for found in (definition.doc, definition.header):
        if found is not None:
            assert definition.range.contains(found)


@pytest.mark.parametrize(
    ("language", "text", "header", "signature", "statements"),
    [
        ("javascript", "export const f = (x) => { y }\n", None, "export const f = (x) => ", " y "),
        (
            "rust",
            "#[a]\npub fn f() -> u8 { 1 }\n",
            "#[a]\npub fn f() -> u8 ",
            "pub fn f() -> u8 ",
            None,
        ),
        ("cpp", "template <class T>\nT f() { x; }\n", None, "template <class T>\nT f() ", " x; "),
        ("go", "package a\n\nfunc (s *S) F() { x() }\n", None, "func (s *S) F() ", " x() "),
        ("c", "static int *f(void)\n{\n}\n", None, "static int *f(void)\n", "\n"),
    ],
)
def test_parts_of_a_definition_between_braces(language, text, header, signature, statements):
    document = in_language(language, text)
    definition = document.definitions[-1]
    assert document.text(definition.header) == (header or signature)
    assert document.text(definition.signature) == signature
    if statements is not None:
        assert document.text(definition.statements) == statements


@pytest.mark.parametrize(
    ("language", "marked", "names"),
    [
        ("javascript", "/** $0A. */\nfunction f() {}\n", ["f"]),
        ("javascript", "/**\n * A.$0\n */\nexport const f = () => {\n};\n", ["f"]),
        ("javascript", "// $0x\n\nfunction f() {}\n", []),
        ("javascript", "function f() {\n$0\n}\n", ["f"]),
        ("javascript", "function f() {\n}\n    $0\n", []),
        ("javascript", "const a = 1,\n  b = () => { $0 };\n", []),
        ("rust", "impl A {\n    /// B.$0\n    #[c]\n    fn f() {}\n}\n", ["A.f", "A"]),
        ("rust", "impl A {\n    /// B.\n    #[$0c]\n    fn f() {}\n}\n", ["A.f", "A"]),
        ("go", "package a\n\n// $0F is.\nfunc F() {}\n", ["F"]),
        ("java", "class A {\n    /** B. */$0\n    void f() {}\n}\n", ["A.f", "A"]),
        ("cpp", "/// B.$0\ntemplate <class T>\nvoid f() {}\n", ["f"]),
        ("c", "int f(void) {}\n\n$0\nint g(void) {}\n", []),
    ],
)
def test_definitions_around_a_place_between_braces(language, marked, names):
    before, after = marked.split("$0")
    at = len(before.encode())
    found = in_language(language, before + after).definitions_around(ByteRange(at, at))
    assert [definition.qualified_name for definition in found] == names


@pytest.mark.parametrize(
    ("language", "text", "is_stub"),
    [
        ("javascript", "function f() {}\n", True),
        ("javascript", "function f() { /* so */ }\n", True),
        ("javascript", "function f() { ; }\n", False),
        ("javascript", "const f = function () { throw new Error('TODO'); };\n", True),
        ("go", 'package a\n\nfunc F() {\n\tx()\n\tpanic("not implemented")\n}\n', False),
        ("go", 'package a\n\nfunc F() {\n\tpanic("not implemented")\n}\n', True),
        ("rust", "fn f() { todo!() }\n", True),
        ("rust", "fn f() { 1 }\n", False),
        ("java", "class A { void f() { throw new UnsupportedOperationException(); } }\n", True),
        ("java", "class A { int f() { return 0; } }\n", False),
        ("c", "int f(void) { abort(); }\n", True),
        ("cpp", 'int f() { throw std::runtime_error("not implemented"); }\n', True),
    ],
)
def test_stubs_between_braces(language, text, is_stub):
    functions = [d for d in in_language(language, text).definitions if d.kind == "function"]
    assert functions[-1].is_stub == is_stub


def test_tokens_leave_comments_and_blanks_out():
    document = in_language("rust", "fn f() {\n    /// a\n    g( x ) // b\n}\n")
    (definition,) = document.definitions
    assert document.tokens(definition.statements) == ["g", "(", "x", ")"]

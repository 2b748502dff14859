from scopewise.document import DocumentSnapshot
from scopewise.syntax.tags import Tag, tags_of
from scopewise.syntax.tree import parse
from scopewise.text import ByteRange


def tags(text: str) -> tuple[Tag, ...]:
    parsed = parse(DocumentSnapshot("untitled:a", text, "python"))
    assert parsed is not None
    return tags_of(parsed)


def test_tags_are_in_order():
    found = tags("import os\n\ndef größe(a):\n    return os.stat(a)\n\nONE = größe(2)\n")
    assert [(t.name, t.kind, t.is_definition) for t in found] == [
        ("os", "import", False),
        ("größe", "function", True),
        ("os", "name", False),
        ("stat", "call", False),
        ("a", "name", False),
        ("ONE", "constant", True),
        ("größe", "call", False),
    ]
    assert found[1].span == ByteRange(15, 22)


def test_an_identifier_has_one_tag():
    found = tags("class A(B):\n    x = y = B.z()\n\n    def m(self): ...\n")
    assert len({t.span for t in found}) == len(found)
    assert [t.name for t in found if t.is_definition] == ["A", "x", "m"]


def test_what_stands_in_a_function_is_nobody_elses():
    assert tags("def f():\n    def g(): ...\n    class C: ...\n    a = 1\n")[0].name == "f"
    assert len(tags("def f():\n    def g(): ...\n    class C: ...\n    a = 1\n")) == 1


def test_broken_code_is_normal():
    assert [t.name for t in tags("def f(:\n  pass\nclass\nx = 1\n") if t.is_definition] != []
    assert tags("") == ()

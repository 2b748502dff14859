import ast
from pathlib import Path

import pytest

from scopewise.actions.workspace import DiskWorkspace
from scopewise.context.surroundings import (
    Piece,
    class_skeleton,
    signature_line,
    surroundings,
)
from scopewise.document import DocumentSnapshot, uri_of
from scopewise.engine.scripted import ScriptedEngine
from scopewise.syntax.tree import ParsedDocument, parse

CART = '''\
class Cart(Base):
    """A cart."""

    currency: str = "EUR"
    limits = {
        "a": 1,
    }
    late: int

    def __init__(self, owner):
        """Make it."""
        self.owner = owner

    @property
    @cache
    def total(
        self,  # the cart
        rate: float = 1.0,
    ) -> float:
        """The total.

        In euros.
        """
        return 1

    async def load(self): ...

    class Inner:
        x = 1
'''


def parsed(text: str, path: Path = Path("/a.py")) -> ParsedDocument:
    result = parse(DocumentSnapshot(uri_of(path), text, "python"))
    assert result is not None
    return result


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_class_skeleton(eol):
    document = parsed(CART.replace("\n", eol))
    skeleton = class_skeleton(document, document.definitions[0], without="load")
    assert skeleton == (
        "class Cart(Base):\n"
        '    currency: str = "EUR"\n'
        "    limits = ...\n"
        "    late: int\n"
        "    def __init__(self, owner):\n"
        '        """Make it."""\n'
        "        self.owner = owner\n"
        "    @property\n"
        "    @cache\n"
        "    def total(self, rate: float = 1.0,) -> float: ...  # The total.\n"
        "    class Inner: ..."
    )
    ast.parse(skeleton)


@pytest.mark.parametrize(
    ("text", "skeleton"),
    [
        ("class A: pass\n", "class A:\n    ..."),
        ("class A:\n  'Doc.'\n  x: int\n", "class A:\n    x: int"),
        ("class A:\n    def f(self): pass\n", "class A:\n    def f(self): ..."),
        ("class A:\n    try:\n        x = 1\n    except E: x = 2\n", "class A:\n    ..."),
        ("class A:\n    x, y = 1, 2\n    print(x)\n", "class A:\n    x, y = 1, 2"),
    ],
)
def test_skeleton_of_small_classes(text, skeleton):
    document = parsed(text)
    assert class_skeleton(document, document.definitions[0]) == skeleton


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def f(a, b): pass", "def f(a, b): ..."),
        ("def f(  # c\n    a,\n    b='#',\n): pass", "def f(a, b='#',): ..."),
        ('def f():\n    r"""Doc one.\n\n    More."""', "def f(): ...  # Doc one."),
        ("@d(1)  # c\nasync def f(): 'é'", "@d(1)\nasync def f(): ...  # é"),
    ],
)
def test_signature_line(text, line):
    document = parsed(text)
    assert signature_line(document, document.definitions[0]) == line


async def pieces_of(text: str, name: str, budget: int = 10_000, root: Path | None = None):
    document = parsed(text, (root or Path("/nowhere")) / "main.py")
    definition = document.find(name)
    assert definition is not None
    files = DiskWorkspace((root,) if root else ())
    count = ScriptedEngine([]).count_tokens
    return await surroundings(document, definition, files, count, budget)


SHOP = """\
import os
from typing import Any

RATE = 2
TABLE = [
    1,
]


class Price:
    amount: int


def half(x):
    return x / 2


def total(prices: Price) -> Price:
    \"\"\"The sum, `half` of it when above RATE; see Tax and TABLE.\"\"\"


class Tax:
    def rate(self): ...
"""


async def test_most_important_first():
    assert await pieces_of(SHOP, "total") == [
        Piece("imports", "import os\nfrom typing import Any"),
        Piece("named here", "class Price:\n    amount: int"),
        Piece("named here", "def half(x): ..."),
        Piece("named here", "class Tax: ..."),
        Piece("constant", "RATE = 2"),
        Piece("constant", "TABLE = [\n    1,\n]"),
    ]


async def test_carriage_returns_stay_out_of_the_prompt():
    assert await pieces_of(SHOP.replace("\n", "\r\n"), "total") == await pieces_of(SHOP, "total")


async def test_what_does_not_fit_is_left_out_and_smaller_pieces_still_come():
    whats = [piece.code for piece in await pieces_of(SHOP, "total", budget=10)]
    assert whats == ["import os\nfrom typing import Any", "RATE = 2"]
    assert await pieces_of(SHOP, "total", budget=0) == []


async def test_method_sees_its_class():
    pieces = await pieces_of(
        "class A:\n    x: int\n    def f(self): ...\n    def g(self): ...\n", "A.f"
    )
    assert pieces == [Piece("class", "class A:\n    x: int\n    def g(self): ...")]


async def test_nested_function_sees_the_one_around_it():
    text = "def outer(a):\n    def inner(b): ...\n    return inner\n"
    assert await pieces_of(text, "outer.inner") == [Piece("enclosing function", text.rstrip("\n"))]


async def test_lonely_function_needs_nothing():
    assert await pieces_of("def f(): 'Doc.'\n", "f") == []


async def test_imported_definitions(tmp_path):
    (tmp_path / "shop.py").write_text("class Price:\n    amount: int\n")
    text = "from shop import Price as P\ndef f(x: P): 'Doc.'\n"
    assert await pieces_of(text, "f", root=tmp_path) == [
        Piece("imports", "from shop import Price as P"),
        Piece("imported", "class Price:\n    amount: int"),
    ]


async def test_types_of_fields(tmp_path):
    text = "class Item:\n    size: int\nclass A:\n    item: Item\n    def f(self): 'Doc.'\n"
    assert [piece.code for piece in await pieces_of(text, "A.f")] == [
        "class A:\n    item: Item",
        "class Item:\n    size: int",
    ]


async def test_broken_file():
    pieces = await pieces_of("import os\ndef g(:\n    pass\ndef f(x: Any):\n    'Doc.'\n", "f")
    assert Piece("imports", "import os") in pieces

"""What is gathered for a large model: which code, from which lines, and what is kept out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scopewise.actions.workspace import DiskWorkspace
from scopewise.context.source import Source, places
from scopewise.context.surroundings import Piece
from scopewise.context.widened import LeftOut, Widened, Wish, widened
from scopewise.document import DocumentSnapshot, uri_of
from scopewise.scope.lookup import Files
from scopewise.scope.tag_index import TagIndex
from scopewise.scope.traces.traceback import parse_traces
from scopewise.syntax.tree import ParsedDocument, parse

SERVER = Path(__file__).resolve().parents[2] / "server" / "scopewise"
GRAMMARS = Path(__file__).resolve().parents[1] / "grammars"

SHOP = {
    "shop/__init__.py": "from shop.cart import Cart\n",
    "shop/money.py": '''\
from dataclasses import dataclass
from shop.units import Unit

RATE = 1.2


@dataclass
class Price:
    amount: int
    unit: Unit


def taxed(amount):
    """With tax."""
    return amount * RATE
''',
    "shop/units.py": "class Unit:\n    symbol: str\n",
    "shop/cart.py": '''\
"""The cart."""

from shop.money import Price, taxed

LIMIT = 9


class Cart:
    prices: list[Price]

    def __init__(self, prices):
        self.prices = prices

    def total(self) -> int:
        """The total, with tax."""
        if len(self.prices) > LIMIT:
            raise TooMany(self)
        return self._rounded(taxed(sum(self.prices)))

    def _rounded(self, amount):
        cents = amount * 100
        return round(cents) / 100

    def unused(self):
        return 1


class TooMany(Exception):
    pass
''',
    "shop/till.py": """\
from shop import Cart


class Till:
    def pay(self, cart: Cart):
        self.open()
        return cart.total()

    def open(self):
        pass
""",
    "deep/down/report.py": "from shop.cart import Cart\n\ndef report():\n    Cart([]).total()\n",
    "other/sums.py": "class Sums:\n    def total(self):\n        return self.total()\n",
    "tests/test_cart.py": """\
import pytest
from shop.cart import Cart

EXPECTED = 3


@pytest.fixture
def cart():
    return Cart([1, 2])


def unrelated():
    return 1


def test_total(cart, euros):
    assert cart.total() == EXPECTED
""",
    "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef euros():\n    return 1\n",
}


def n_words(text: str) -> int:
    return len(text.split())


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    return root


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write((tmp_path / "project").resolve(), SHOP)


def gathered(
    root: Path,
    file: str,
    name: str,
    *,
    budget: int = 10_000,
    objection: Callable[[Path], str] = lambda _: "",
    trace: str = "",
    is_indexed: bool = True,
    files: Files | None = None,
) -> Widened:
    files = files or DiskWorkspace((root,))
    parsed = files.parsed(root / file)
    definition = parsed.find(name) if parsed else None
    assert parsed is not None
    assert definition is not None
    index = TagIndex([root], root.parent / "cache") if is_indexed else None
    if index is not None:
        index.build_now()
    wish = Wish(parsed, definition, parse_traces(trace)[0] if trace else None)
    try:
        return widened(wish, files, index, objection, budget, n_words)
    finally:
        if index is not None:
            index.close()


def whats(found: Widened) -> list[str]:
    return [piece.what for piece in found.pieces]


def code_of(found: Widened, what: str) -> str:
    return next(piece.code for piece in found.pieces if piece.what == what)


def lines_of(piece: Piece, root: Path) -> list[tuple[str, int, int]]:
    return [
        (one.path.relative_to(root).as_posix(), one.first_line, one.last_line)
        for one in piece.sources
        if one.path is not None
    ]


def test_most_important_first(shop):
    assert whats(gathered(shop, "shop/cart.py", "Cart.total")) == [
        "imports",
        "class `Cart`",
        "type `TooMany`",
        "callee `Cart._rounded`",
        "callee `taxed`",
        "type `Price`",
        "type `Unit`",
        "caller `Till.pay`",
        "caller `report`",
        "test `test_total`",
        "constant `LIMIT`",
    ]


def test_pieces_are_real_code_with_its_lines(shop):
    found = gathered(shop, "shop/cart.py", "Cart.total")
    pieces = {piece.what: piece for piece in found.pieces}
    assert pieces["caller `Till.pay`"].code == (
        "class Till:\n"
        "    def pay(self, cart: Cart):\n"
        "        self.open()\n"
        "        return cart.total()\n"
        "    ..."
    )
    assert lines_of(pieces["caller `Till.pay`"], shop) == [("shop/till.py", 4, 7)]
    assert pieces["callee `Cart._rounded`"].code == (
        "class Cart:\n"
        "    ...\n"
        "    def _rounded(self, amount):\n"
        "        cents = amount * 100\n"
        "        return round(cents) / 100\n"
        "    ..."
    )
    assert lines_of(pieces["callee `Cart._rounded`"], shop) == [
        ("shop/cart.py", 8, 8),
        ("shop/cart.py", 20, 22),
    ]
    assert pieces["constant `LIMIT`"].code == "LIMIT = 9"
    assert lines_of(pieces["type `Price`"], shop) == [("shop/money.py", 7, 10)]


def test_the_definition_itself_is_not_among_them(shop):
    for piece in gathered(shop, "shop/cart.py", "Cart.total").pieces:
        assert "The total, with tax" not in piece.code
        assert all(
            not 14 <= line <= 18
            for one in piece.sources
            if one.path == shop / "shop/cart.py"
            for line in range(one.first_line, one.last_line + 1)
        )


def test_a_stub_gets_what_its_documentation_and_its_neighbours_speak_of(shop):
    stub = '''\
from shop.money import taxed

RATE = 2


class Cart:
    def _rounded(self, amount):
        return round(amount)

    def half(self):
        return self._rounded(self.sum() / 2)

    def third(self):
        return self._rounded(self.sum() / 3)

    def total(self):
        """The sum, `taxed` by RATE, with Extra."""


class Extra:
    x: int
'''
    (shop / "shop" / "cart.py").write_text(stub)
    assert whats(gathered(shop, "shop/cart.py", "Cart.total"))[:5] == [
        "imports",
        "class `Cart`",
        "callee `taxed`",
        "type `Extra`",
        "callee `Cart._rounded`",
    ]
    assert "constant `RATE`" in whats(gathered(shop, "shop/cart.py", "Cart.total"))


TRACE = """Traceback (most recent call last):
  File "tests/test_cart.py", line 17, in test_total
    assert cart.total() == EXPECTED
  File "shop/till.py", line 7, in pay
    return cart.total()
  File "shop/cart.py", line 18, in total
    return self._rounded(taxed(sum(self.prices)))
ValueError: no
"""


def test_the_test_that_fails_comes_with_what_it_names(shop):
    found = gathered(shop, "shop/cart.py", "Cart.total", trace=TRACE)
    assert whats(found)[2:6] == [
        "failing test `test_total`",
        "test helper `cart`",
        "test helper `EXPECTED`",
        "test helper `euros`",
    ]
    assert "unrelated" not in "".join(piece.code for piece in found.pieces)
    assert "on the stack `Till.pay`" in whats(found)
    assert "caller `Till.pay`" not in whats(found)
    assert "test `test_total`" not in whats(found)


def test_methods_that_set_up_a_failing_test(shop):
    text = (
        "import unittest\nfrom shop.cart import Cart\n\n\nclass TestCart(unittest.TestCase):\n"
        "    def setUp(self):\n        self.cart = Cart([1])\n\n"
        "    def test_other(self):\n        pass\n\n"
        "    def test_it(self):\n        self.assertEqual(self.cart.total(), 3)\n"
    )
    write(shop, {"tests/test_cart.py": text})
    trace = (
        'Traceback (most recent call last):\n  File "tests/test_cart.py", line 13, in test_it\n'
        "    self.assertEqual(self.cart.total(), 3)\nAssertionError: 1 != 3\n"
    )
    found = gathered(shop, "shop/cart.py", "Cart.total", trace=trace)
    assert whats(found)[2:4] == ["failing test `TestCart.test_it`", "test helper `TestCart.setUp`"]
    assert "test_other" not in "".join(piece.code for piece in found.pieces)


@pytest.mark.parametrize("is_indexed", [True, False])
def test_callers(shop, is_indexed):
    found = gathered(shop, "shop/cart.py", "Cart.total", is_indexed=is_indexed)
    callers = [what for what in whats(found) if what.startswith(("caller", "test"))]
    # Without an index only files beside it are known, and tests by their names.
    far = ["caller `report`"] if is_indexed else []
    assert callers == ["caller `Till.pay`", *far, "test `test_total`"]


def test_a_function_of_another_module_with_the_same_name_is_not_called(shop):
    write(
        shop,
        {
            "a.py": "def run():\n    return 1\n",
            "b.py": "def run():\n    return 2\n",
            "c.py": "from b import run\n\ndef calls_b():\n    return run()\n",
            "d.py": "import a\n\ndef calls_a():\n    return a.run()\n",
            "e.py": "from a import run as go\n\ndef renamed():\n    return go()\n",
            "f.py": "def shadows(run):\n    return run()\n",
            "g.py": 'import a\n\nNAME = "run"\n\ndef hands_over():\n    return map(a.run, [])\n',
        },
    )
    found = gathered(shop, "a.py", "run")
    assert whats(found) == ["caller `calls_a`", "caller `renamed`", "caller `hands_over`"]


def test_methods_of_other_classes_are_not_taken_for_it(shop):
    write(
        shop,
        {
            "a.py": "class A:\n    x = 1\n    def run(self): pass\n",
            "b.py": "class B:\n    def run(self): pass\n    def other(self): self.run()\n",
            "c.py": "from a import A\nclass C(A):\n    def kin(self): self.run()\n",
        },
    )
    assert whats(gathered(shop, "a.py", "A.run")) == ["class `A`", "caller `C.kin`"]


def callers_of(root: Path, name: str, *texts: str) -> list[str]:
    """The callers of a definition in the first of some files `a.py`, `b.py` ..."""
    write(root, {f"{chr(97 + n)}.py": text for n, text in enumerate(texts)})
    found = whats(gathered(root, "a.py", name))
    return [what.partition(" ")[2] for what in found if what.startswith("caller")]


@pytest.mark.parametrize(
    ("name", "texts", "expected"),
    [
        (
            "A.__init__",
            ("class A:\n    def __init__(self): pass\n", "import a\ndef f(): a.A()\n"),
            ["`f`"],
        ),
        (
            "A.size",
            (
                "class A:\n    @property\n    def size(self): return 1\n",
                "def f(a): return a.size\n",
            ),
            ["`f`"],
        ),
        ("A", ("class A: pass\n", "from a import A\ndef f(a: A): pass\n"), ["`f`"]),
        (
            "f",
            ("def f(): pass\ndef g(f): f()\ndef h(): f()\n", "from a import *\ndef i(): f()\n"),
            ["`h`", "`i`"],
        ),
        (
            "A.run",
            (
                "class A:\n    def run(self): pass\n    def g(self): return self.run\n",
                "from a import A\ndef f(): return map(A(1).run, [])\n",
                "def h(x): return x.run\n",
            ),
            ["`f`"],
        ),
        ("A.__eq__", ("class A:\n    def __eq__(self, o): pass\n", "x.__eq__(y)\n"), []),
        ("A.get", ("class A:\n    def get(self): pass\n", "def f(d): d.get()\n"), []),
        ("f", ("def f(): f()\n",), []),
        (
            "f",
            ("def f(): pass\n", "from a import f\n\nX = [\n    f(),\n]\n"),
            ["at the top of `b.py`"],
        ),
        ("f", ("def f(): pass\n", "from a import f\n# f()\nX = 'f()'\n"), []),
    ],
)
def test_what_calls_can_look_like(tmp_path, name, texts, expected):
    root = (tmp_path / "p").resolve()
    assert callers_of(root, name, *texts) == expected


def test_an_index_that_is_not_built_yet(shop):
    files = DiskWorkspace((shop,))
    parsed = files.parsed(shop / "shop/cart.py")
    assert parsed is not None
    definition = parsed.find("Cart.total")
    assert definition is not None
    index = TagIndex([shop], shop.parent / "cache")
    found = widened(Wish(parsed, definition), files, index, lambda _: "", 10_000, n_words)
    index.close()
    assert {"caller `Till.pay`", "test `test_total`"} <= set(whats(found))


def test_packages_need_not_lie_at_the_root(tmp_path):
    root = (tmp_path / "p").resolve()
    write(
        root,
        {
            "server/shop/__init__.py": "",
            "server/shop/a.py": "from shop.b import g\n\ndef f():\n    return g()\n",
            "server/shop/b.py": "def g():\n    return 1\n",
            "server/shop/low/__init__.py": "",
            "server/shop/low/c.py": "from shop.a import f\n\ndef h():\n    return f()\n",
            "tests/test_a.py": "from shop.a import f\n\ndef test_f():\n    f()\n",
        },
    )
    found = whats(gathered(root, "server/shop/a.py", "f"))
    assert found == ["imports", "callee `g`", "caller `h`", "test `test_f`"]


def test_at_most_five_callers_and_one_of_them_a_test(tmp_path):
    root = (tmp_path / "p").resolve()
    users = {f"m{n}.py": f"from a import f\n\ndef u{n}():\n    f()\n" for n in range(9)}
    test = {"tests/test_a.py": "from a import f\n\ndef test_f():\n    f()\n"}
    write(root, {"a.py": "def f():\n    return 1\n", **users, **test})
    assert whats(gathered(root, "a.py", "f")) == [
        "caller `u0`",
        "caller `u1`",
        "caller `u2`",
        "caller `u3`",
        "test `test_f`",
    ]
    (root / "tests/test_a.py").unlink()
    assert whats(gathered(root, "a.py", "f"))[-1] == "caller `u4`"


def test_long_callers_are_cut_to_their_header_and_the_call(tmp_path):
    root = (tmp_path / "p").resolve()
    lines = [f"    x{n} = {n}" for n in range(200)]
    lines[100] = "    f()"
    caller = "\n".join(["def f():", "    return 1", "", "", "def long(", "    a,", "):", *lines])
    write(root, {"a.py": f"{caller}\n"})
    (piece,) = gathered(root, "a.py", "f").pieces
    code = piece.code.splitlines()
    assert code[:4] == ["def long(", "    a,", "):", "    ..."]
    assert code[4] == "    x90 = 90"
    assert code[-2:] == ["    x110 = 110", "    ..."]
    assert lines_of(piece, root) == [("a.py", 5, 7), ("a.py", 98, 118)]


def test_large_classes_are_shown_as_skeletons(tmp_path):
    root = (tmp_path / "p").resolve()
    methods = "".join(f"    def m{n}(self):\n        return {n}\n\n" for n in range(40))
    write(root, {"a.py": f"class A:\n    x: int\n{methods}\n\ndef f(a: A):\n    return a.m1()\n"})
    found = gathered(root, "a.py", "f")
    assert code_of(found, "type `A`").startswith("class A:\n    x: int\n    def m0(self): ...\n")
    assert code_of(found, "callee `A.m1`").splitlines()[-3:] == [
        "    def m1(self):",
        "        return 1",
        "    ...",
    ]


def test_a_piece_inside_another_is_dropped(tmp_path):
    root = (tmp_path / "p").resolve()
    text = (
        "class Price:\n    x: int\n    def taxed(self):\n        f(self)\n        return 1\n\n\n"
        "def f(price: Price):\n    return price.taxed()\n"
    )
    write(root, {"a.py": text})
    # The method is called, its class is a type, and both call the function.
    assert whats(gathered(root, "a.py", "f")) == ["type `Price`"]


def test_a_nested_function_is_cut_out_of_the_one_around_it(tmp_path):
    root = (tmp_path / "p").resolve()
    text = "def outer(a):\n    b = a\n    def inner(c):\n        return c\n    return inner(b)\n"
    write(root, {"a.py": text})
    (piece,) = gathered(root, "a.py", "outer.inner").pieces
    assert piece.what == "enclosing function `outer`"
    assert piece.code == "def outer(a):\n    b = a\n    ...\n    return inner(b)"
    assert lines_of(piece, root) == [("a.py", 1, 2), ("a.py", 5, 5)]


# What must stay out


def test_files_with_an_objection_are_named_once(shop):
    def objection(path: Path) -> str:
        return "It is secret." if path.name in ("money.py", "report.py") else ""

    found = gathered(shop, "shop/cart.py", "Cart.total", objection=objection)
    assert {one.path for piece in found.pieces for one in piece.sources}.isdisjoint(
        {shop / "shop/money.py", shop / "deep/down/report.py"}
    )
    assert found.left_out == (
        LeftOut(shop / "shop/money.py", "callee `taxed`", "It is secret."),
        LeftOut(shop / "deep/down/report.py", "caller `report`", "It is secret."),
    )


def test_nothing_comes_of_the_file_itself_when_it_must_not_be_sent(shop):
    found = gathered(
        shop, "shop/cart.py", "Cart.total", objection=lambda path: "No." * (path.name == "cart.py")
    )
    assert all(one.path != shop / "shop/cart.py" for p in found.pieces for one in p.sources)
    assert [one.what for one in found.left_out] == ["imports"]


def test_links_out_of_the_workspace_are_judged_by_where_they_lead(shop):
    outside = shop.parent / "outside.py"
    (shop / "shop" / "money.py").rename(outside)
    (shop / "shop" / "money.py").symlink_to(outside)

    def objection(path: Path) -> str:
        return "" if path.resolve().is_relative_to(shop) else "It is outside the workspace."

    found = gathered(shop, "shop/cart.py", "Cart.total", objection=objection)
    assert all(one.path != outside for piece in found.pieces for one in piece.sources)
    assert [one.reason for one in found.left_out] == ["It is outside the workspace."]


@pytest.mark.parametrize("broken", [b"\xff\xfe\x00", b"class Price(:\n  def (((\n", b"", None])
def test_files_that_cannot_be_read_are_left_out(shop, broken):
    path = shop / "shop" / "money.py"
    index = TagIndex([shop], shop.parent / "cache")
    index.build_now()
    path.unlink()
    if broken is not None:
        path.write_bytes(broken)
    files = DiskWorkspace((shop,))
    parsed = files.parsed(shop / "shop/cart.py")
    assert parsed is not None
    definition = parsed.find("Cart.total")
    assert definition is not None
    found = widened(Wish(parsed, definition), files, index, lambda _: "", 10_000, n_words)
    index.close()
    assert "caller `Till.pay`" in whats(found)
    assert "callee `taxed`" not in whats(found)


def test_the_index_may_be_older_than_the_files(shop):
    index = TagIndex([shop], shop.parent / "cache")
    index.build_now()
    (shop / "shop" / "till.py").write_text("x = 1\n")
    (shop / "deep" / "down" / "report.py").unlink()
    files = DiskWorkspace((shop,))
    parsed = files.parsed(shop / "shop/cart.py")
    assert parsed is not None
    definition = parsed.find("Cart.total")
    assert definition is not None
    found = widened(Wish(parsed, definition), files, index, lambda _: "", 10_000, n_words)
    index.close()
    assert [what for what in whats(found) if what.startswith("caller")] == []


class Editor(DiskWorkspace):
    """Files as an editor has them: one of them is not saved."""

    def __init__(self, root: Path, path: Path, text: str) -> None:
        super().__init__((root,))
        self._unsaved = path, parse(DocumentSnapshot(uri_of(path), text))

    def parsed(self, path: Path) -> ParsedDocument | None:
        return self._unsaved[1] if path == self._unsaved[0] else super().parsed(path)


def test_what_the_editor_has_counts_not_what_is_on_disk(shop):
    text = SHOP["shop/money.py"].replace("amount * RATE", "amount * RATE * 1")
    files = Editor(shop, shop / "shop" / "money.py", text)
    found = gathered(shop, "shop/cart.py", "Cart.total", files=files)
    assert "RATE * 1" in code_of(found, "callee `taxed`")


def test_broken_document(tmp_path):
    root = (tmp_path / "p").resolve()
    write(root, {"a.py": "import os\ndef g(:\n    f(\ndef f(x: Any):\n    return g(((\nclass\n"})
    assert "imports" in whats(gathered(root, "a.py", "f"))


@pytest.mark.parametrize("path", sorted(GRAMMARS.glob("*/functions.*")), ids=lambda p: p.name)
def test_texts_that_end_anywhere(path):
    text = path.read_text(encoding="utf-8")
    for end in range(0, len(text), len(text) // 9 + 1):
        parsed = parse(DocumentSnapshot(uri_of(path), text[:end]))
        assert parsed is not None
        for definition in parsed.definitions[::3]:
            files = DiskWorkspace((GRAMMARS,))
            found = widened(Wish(parsed, definition), files, None, lambda _: "", 500, n_words)
            own = [one for piece in found.pieces for one in piece.sources if one.path == path]
            assert all(one.last_line <= parsed.snapshot.lines.n_lines for one in own)


def test_a_document_that_is_no_file():
    text = "X = 1\ndef f():\n    return X\ndef g():\n    f()\n"
    parsed = parse(DocumentSnapshot("untitled:1", text, "python"))
    assert parsed is not None
    wish = Wish(parsed, parsed.definitions[0])
    found = widened(wish, DiskWorkspace(()), None, lambda _: "no", 100, n_words)
    assert [(p.what, p.sources) for p in found.pieces] == [
        ("caller `g`", (Source("untitled:1", None, 4, 5),)),
        ("constant `X`", (Source("untitled:1", None, 1, 1),)),
    ]


# The budget


def test_what_has_no_room_is_shown_shorter_or_named(tmp_path):
    root = (tmp_path / "p").resolve()
    body = "".join(f"    x{n} = {n}\n" for n in range(20))
    text = f'def long(a):\n    """Doc."""\n{body}\n\nX = 1\n\n\ndef f():\n    return long(X)\n'
    write(root, {"a.py": text})
    assert code_of(gathered(root, "a.py", "f", budget=70), "callee `long`").endswith("x19 = 19")
    short = gathered(root, "a.py", "f", budget=12)
    assert code_of(short, "callee `long`") == 'def long(a):\n    """Doc."""\n    ...'
    assert short.left_out == ()
    none = gathered(root, "a.py", "f", budget=0)
    assert none.pieces == ()
    assert none.left_out == (
        LeftOut(root / "a.py", "callee `long`", "The budget had no room for it."),
        LeftOut(root / "a.py", "constant `X`", "The budget had no room for it."),
    )


def test_the_budget_is_kept(shop):
    for budget in range(0, 200, 7):
        found = gathered(shop, "shop/cart.py", "Cart.total", budget=budget, is_indexed=False)
        assert sum(n_words(piece.code) for piece in found.pieces) <= budget


# Lines


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def is_from(line: str, text: str) -> bool:
    """Whether a line of a piece is in the lines it is said to be taken from.

    Headers are joined, and shown without comments; `...` stands for what is left out.
    """
    if line.strip() in ("", "...", "{", "}") or line.strip() in text:
        return True
    bare = squeezed(re.sub(r"( \.\.\.(  # .*)?| \{ \.\.\. \}(  // .*)?| \{)$", "", line))
    return bare in squeezed(text) or bare in squeezed(re.sub(r"(#|//).*", "", text))


def lines_said(piece: Piece) -> str:
    lines: list[str] = []
    for one in piece.sources:
        assert one.path is not None
        assert one.uri == uri_of(one.path)
        whole = one.path.read_bytes().decode().replace("\r\n", "\n").split("\n")
        lines += whole[one.first_line - 1 : one.last_line]
    return "\n".join(lines)


@pytest.mark.parametrize("folder", [SERVER / "context", SERVER / "syntax", GRAMMARS])
def test_every_line_is_from_where_it_is_said_to_be(folder):
    files = DiskWorkspace((folder,))
    n_pieces = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        parsed = files.parsed(path)
        for definition in parsed.definitions[::2] if parsed else ():
            assert parsed is not None
            wish = Wish(parsed, definition)
            for piece in widened(wish, files, None, lambda _: "", 9000, n_words).pieces:
                n_pieces += 1
                text = lines_said(piece)
                wrong = [line for line in piece.code.splitlines() if not is_from(line, text)]
                assert wrong == [], (path, definition.qualified_name, piece.what)
                assert "\r" not in piece.code
    assert n_pieces > 100


def test_carriage_returns_stay_out(shop):
    before = gathered(shop, "shop/cart.py", "Cart.total")
    write(shop, {name: text.replace("\n", "\r\n") for name, text in SHOP.items()})
    assert gathered(shop, "shop/cart.py", "Cart.total") == before


def test_places_in_words(tmp_path):
    def source(name: str, first: int, last: int) -> Source:
        return Source(uri_of(tmp_path / name), tmp_path / name, first, last)

    several = [source("a.py", 4, 4), source("a.py", 8, 12), source("b.py", 1, 1)]
    assert places(several, tmp_path) == "a.py, lines 4 and 8 to 12; b.py, line 1"
    assert places([source("a/b.py", 1, 2)], tmp_path) == "a/b.py, lines 1 to 2"
    assert places([Source("untitled:1", None, 3, 3)], None) == "untitled:1, line 3"


PROGRAM = """
import sys
from pathlib import Path
from scopewise.actions.workspace import DiskWorkspace
from scopewise.context.widened import Wish, widened
root = Path(sys.argv[1])
files = DiskWorkspace((root,))
parsed = files.parsed(root / "tree.py")
for definition in parsed.definitions[::4]:
    found = widened(Wish(parsed, definition), files, None, lambda _: "", 3000, len)
    sys.stdout.write(repr([(p.what, p.code, p.sources) for p in found.pieces]))
    sys.stdout.write(repr(found.left_out))
"""


def test_the_order_is_always_the_same():
    said = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(SERVER / "syntax")],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(SERVER.parent), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert len(said[0]) > 1000


# Languages

LANGUAGES: dict[str, tuple[dict[str, str], str, str, list[str]]] = {
    "c": (
        {
            "cart.h": "struct cart { int n; };\nint total(struct cart c);\n",
            "cart.c": '#include "cart.h"\n\n#define LIMIT 9\n\nstatic int half(int n) {\n'
            "    return n / 2;\n}\n\nint total(struct cart c) {\n"
            "    return half(c.n) + LIMIT;\n}\n",
            "main.c": '#include "cart.h"\n\nint main(void) {\n    struct cart c = {1};\n'
            "    return total(c);\n}\n",
        },
        "cart.c",
        "total",
        ["imports", "callee `half`", "type `cart`", "caller `main`", "constant `LIMIT`"],
    ),
    "cpp": (
        {
            "cart.hpp": "class Cart {\npublic:\n    int n;\n    int total();\n};\n",
            "cart.cpp": '#include "cart.hpp"\n\nconst int LIMIT = 9;\n\nint half(int n) {\n'
            "    return n / 2;\n}\n\nint Cart::total() {\n    return half(n) + LIMIT;\n}\n",
            "main.cpp": '#include "cart.hpp"\n\nint main() {\n    Cart c;\n'
            "    return c.total();\n}\n",
        },
        "cart.cpp",
        "total",
        ["imports", "callee `half`", "type `Cart`", "caller `main`", "constant `LIMIT`"],
    ),
    "go": (
        {
            "cart.go": "package shop\n\nconst limit = 9\n\ntype Cart struct {\n\tn int\n}\n\n"
            "func half(n int) int {\n\treturn n / 2\n}\n\n"
            "func (c *Cart) Total() int {\n\treturn half(c.n) + limit\n}\n",
            "till.go": "package shop\n\nfunc Pay(c *Cart) int {\n\treturn c.Total()\n}\n",
            "cart_test.go": "package shop\n\nfunc TestTotal(t *T) {\n\tc := Cart{1}\n"
            "\tc.Total()\n}\n",
        },
        "cart.go",
        "Total",
        ["callee `half`", "type `Cart`", "caller `Pay`", "test `TestTotal`", "constant `limit`"],
    ),
    "java": (
        {
            "shop/Cart.java": "package shop;\n\nclass Cart {\n    static final int LIMIT = 9;\n"
            "    Price price;\n\n    int half(int n) {\n        return n / 2;\n    }\n\n"
            "    int total() {\n        return half(price.amount) + LIMIT;\n    }\n}\n",
            "shop/Price.java": "package shop;\n\nclass Price {\n    int amount;\n}\n",
            "shop/Till.java": "package shop;\n\nclass Till {\n    int pay(Cart cart) {\n"
            "        return cart.total();\n    }\n}\n",
            "test/CartTest.java": "package shop;\n\nclass CartTest {\n    void testTotal() {\n"
            "        new Cart().total();\n    }\n}\n",
        },
        "shop/Cart.java",
        "Cart.total",
        [
            "class `Cart`",
            "callee `Cart.half`",
            "type `Price`",
            "caller `Till.pay`",
            "test `CartTest.testTotal`",
        ],
    ),
    "rust": (
        {
            "src/cart.rs": "const LIMIT: u32 = 9;\n\npub struct Cart {\n    n: u32,\n}\n\n"
            "fn half(n: u32) -> u32 {\n    n / 2\n}\n\nimpl Cart {\n"
            "    pub fn total(&self) -> u32 {\n        half(self.n) + LIMIT\n    }\n}\n\n"
            "#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn sums() {\n"
            "        Cart { n: 1 }.total();\n    }\n}\n",
            "src/till.rs": "use crate::cart::Cart;\n\nfn pay(cart: &Cart) -> u32 {\n"
            "    cart.total()\n}\n",
        },
        "src/cart.rs",
        "Cart.total",
        ["callee `half`", "type `Cart`", "caller `pay`", "test `tests.sums`", "constant `LIMIT`"],
    ),
    "bash": (
        {
            "lib.sh": 'LIMIT=9\n\nhalf() {\n  echo "$1"\n}\n\ntotal() {\n  half "$LIMIT"\n}\n',
            "main.sh": ". ./lib.sh\n\nmain() {\n  total 1\n}\n",
        },
        "lib.sh",
        "total",
        ["callee `half`", "caller `main`", "constant `LIMIT`"],
    ),
    **{
        language: (
            {
                f"money.{suffix}": "export const RATE = 2;\n\nexport class Price {\n"
                "  amount = 1;\n}\n",
                f"cart.{suffix}": 'import { RATE, Price } from "./money";\n\n'
                "function half(n) {\n  return n / 2;\n}\n\n"
                "export function total(n) {\n  const price = new Price();\n"
                "  return half(price.amount) * RATE;\n}\n",
                f"till.{suffix}": 'import { total as sum } from "./cart";\n\n'
                "export const pay = (n) => {\n  return sum(n);\n};\n",
                f"cart.test.{suffix}": 'import * as cart from "./cart";\n\n'
                "function checks() {\n  cart.total(1);\n}\n",
            },
            f"cart.{suffix}",
            "total",
            [
                "imports",
                "type `Price`",
                "callee `half`",
                "caller `pay`",
                "test `checks`",
                "constant `RATE`",
            ],
        )
        for language, suffix in [("javascript", "js"), ("typescript", "ts"), ("tsx", "tsx")]
    },
}


@pytest.mark.parametrize("is_indexed", [True, False], ids=["index", "no index"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_languages(tmp_path, language, is_indexed):
    files, file, name, expected = LANGUAGES[language]
    root = write((tmp_path / "p").resolve(), files)
    found = whats(gathered(root, file, name, is_indexed=is_indexed))
    assert found == expected

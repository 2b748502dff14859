from pathlib import Path

import pytest

from scopewise.actions.workspace import DiskWorkspace
from scopewise.document import DocumentSnapshot
from scopewise.scope import search, test_files
from scopewise.syntax.tree import parse

CART = """\
def total(rows):
    def add(a, b):
        return a + b
    return sum(rows)

class Cart:
    def __init__(self, rows): ...
    def total(self): ...
    def __add__(self, other): ...

def other(): ...
"""


def put(root: Path, texts: dict[str, str]) -> DiskWorkspace:
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return DiskWorkspace((root,))


def reaching(root: Path, tests: dict[str, str] | str, name: str = "total") -> list[str]:
    """The node ids of the tests found for a definition of `shop/cart.py`."""
    texts = {"tests/test_x.py": tests} if isinstance(tests, str) else tests
    files = put(root, {"shop/cart.py": CART, "shop/__init__.py": "", **texts})
    parsed = files.parsed(files.roots[0] / "shop" / "cart.py")
    assert parsed is not None
    definition = parsed.find(name)
    assert definition is not None
    targets = test_files.tests_reaching(parsed, definition, files)
    return [
        f"{target.path.relative_to(files.roots[0]).as_posix()}::{name}"
        for target in targets
        for name in target.names
    ]


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("from shop.cart import total", "total([])"),
        ("from shop.cart import total as t", "t([])"),
        ("from shop.cart import *", "total([])"),
        ("import shop.cart", "shop.cart.total([])"),
        ("import shop.cart as c", "c.total([])"),
        ("from shop import cart", "cart.total([])"),
        ("import shop", "shop.cart.total([])"),
        ("", "from shop.cart import total; total([])"),
        ("from shop.cart import total", "check('total')"),
    ],
)
def test_ways_to_name_a_function(tmp_path, imports, call):
    tests = f"{imports}\ndef test_a(): {call}\ndef test_b(): 1  # total\n"
    assert reaching(tmp_path, tests) == ["tests/test_x.py::test_a"]


@pytest.mark.parametrize(
    "tests",
    [
        "from shop.till import total\ndef test_a(): total()\n",
        "from elsewhere import total\ndef test_a(): total()\n",
        "def test_a(): total()\n",
        "from shop.cart import total\ndef test_a(): subtotal()\n",
        "from shop.cart import total\ndef test_a():\n    '''Of total sums.'''\n",
        "from shop.cart import total as t\ndef test_a(): total = 1\n",
        "from shop.cart import total\ndef helper(): total()\nclass A: ...\n",
        "",
    ],
)
def test_what_does_not_reach_it(tmp_path, tests):
    files = {"tests/test_x.py": tests, "shop/till.py": "def total(): ...\n"}
    assert reaching(tmp_path, files) == []


def test_through_a_package_that_hands_the_name_on(tmp_path):
    tests = {
        "shop/__init__.py": "from .api import *\n",
        "shop/api.py": "from shop.cart import total\n",
        "tests/test_x.py": "from shop import total\ndef test_a(): total([])\n",
    }
    assert reaching(tmp_path, tests) == ["tests/test_x.py::test_a"]
    # Modules that import one another in a circle lead nowhere.
    tests |= {"shop/api.py": "from shop import *\n"}
    (tmp_path / "b").mkdir()
    assert reaching(tmp_path / "b", tests) == []


def test_name_that_only_one_function_has(tmp_path):
    tests = "def test_a(cart): cart.other()\ndef test_b(): ...\n"
    assert reaching(tmp_path, tests, "other") == ["tests/test_x.py::test_a"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Cart.total", ["TestCart.test_total", "TestCart.test_twice"]),
        ("Cart.__add__", ["TestCart.test_add", "TestCart.test_total", "TestCart.test_twice"]),
        ("Cart", ["TestCart.test_add", "TestCart.test_total", "TestCart.test_twice"]),
        ("total.add", ["test_function"]),
    ],
)
def test_methods_and_functions_inside(tmp_path, name, expected):
    tests = """\
from shop import cart
from shop.cart import Cart

class TestCart:
    def test_add(self): Cart([]) + Cart([])
    def test_total(self): Cart([]).total()
    def test_twice(self):
        def inner(): return Cart([]).total()

def test_function(): cart.total([])
def test_unrelated(): ...
"""
    found = reaching(tmp_path, tests, name)
    assert {test.partition("::")[2] for test in found} >= set(expected)
    assert "tests/test_x.py::test_unrelated" not in found


def test_helpers_fixtures_and_set_up(tmp_path):
    tests = """\
from shop.cart import Cart
import pytest

def make(): return Cart([]).total()
def made(): return make()

@pytest.fixture
def cart(): return Cart([]).total()

class Double(Cart):
    def total(self): ...

class Test(unittest.TestCase):
    def setUp(self): self.sum = Cart([]).total()
    def test_set_up(self): ...

class TestOther:
    @pytest.fixture(autouse=True)
    def prepare(self): made()
    def test_prepared(self): ...

def test_direct(): Cart([1]).total()
def test_fixture(cart): ...
def test_helper(): made()
def test_double(): Double([])
def test_none(): ...
"""
    found = [test.partition("::")[2] for test in reaching(tmp_path, tests, "Cart.total")]
    assert found[0] == "test_direct"
    assert sorted(found[1:]) == [
        "Test.test_set_up", "TestOther.test_prepared", "test_double", "test_fixture", "test_helper",
    ]  # fmt: skip


def test_file_called_after_the_module_comes_first(tmp_path):
    text = "from shop.cart import total\ndef h(): total()\ndef test_a(): h()\ndef test_b(): total()"
    tests = {"a_test.py": text, "cart_test.py": text, "tests/test_cart.py": text, "z.py": text}
    assert reaching(tmp_path, tests) == [
        "cart_test.py::test_b", "cart_test.py::test_a",
        "tests/test_cart.py::test_b", "tests/test_cart.py::test_a",
        "a_test.py::test_b", "a_test.py::test_a",
    ]  # fmt: skip


def test_tests_beside_the_function(tmp_path):
    files = put(tmp_path, {"test_a.py": "def total(): ...\ndef test_total(): total()\n"})
    parsed = files.parsed(files.roots[0] / "test_a.py")
    assert parsed is not None
    total = parsed.find("total")
    assert total is not None
    (target,) = test_files.tests_reaching(parsed, total, files)
    assert target.names == ("test_total",)


def test_numbers_are_bounded(tmp_path, monkeypatch):
    text = "from shop.cart import total\n" + "".join(
        f"def test_{n}(): total()\n" for n in range(30)
    )
    tests = {f"tests/test_{n}.py": text for n in range(3)}
    assert len(reaching(tmp_path, tests)) == 40
    monkeypatch.setattr(search, "_MAX_FILES", 1)
    assert len(reaching(tmp_path, tests)) == 30


def test_files_that_do_not_parse(tmp_path):
    tests = {
        "test_a.py": "from shop.cart import total\ndef test_b(): total()\ndef test_a(: total(\n",
        "test_b.py": "def test_(: total",
    }
    put(tmp_path, tests)
    (tmp_path / "test_c.py").write_bytes(b"\xff total")
    assert "test_a.py::test_b" in reaching(tmp_path, tests)


def test_unsaved_document(tmp_path):
    parsed = parse(DocumentSnapshot("untitled:1", "def total(): ...\n", "python"))
    assert parsed is not None
    files = put(tmp_path, {"test_a.py": "def test_a(): total()"})
    assert test_files.tests_reaching(parsed, parsed.definitions[0], files) == ()

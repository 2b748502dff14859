from pathlib import Path

import pytest

from scopewise.actions.workspace import DiskWorkspace
from scopewise.scope.imports import imported_names
from scopewise.scope.lookup import definition_behind, imported_definition

FILES = {
    "main.py": "{}",
    "shop/__init__.py": "def from_package(): ...\n",
    "shop/cart.py": "class Cart:\n    def total(self): ...\n\ndef price(): ...\ndef price(): 2\n",
    "shop/rules.py": "def discount(): ...\n",
    "src/deep.py": "def deep(): ...\n",
}


@pytest.fixture
def files(tmp_path: Path) -> DiskWorkspace:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return DiskWorkspace((tmp_path,))


def found_by(files: DiskWorkspace, name: str, text: str, importer: str = "main.py") -> str:
    """Where a name leads to, as `file: text of the definition`."""
    path = files.roots[0] / importer
    path.write_text(text)
    parsed = files.parsed(path)
    assert parsed is not None
    found = imported_definition(parsed, name, files)
    if found is None:
        return ""
    there, definition = found
    place = Path(there.snapshot.path or "").relative_to(files.roots[0]).as_posix()
    return f"{place}: {there.text(definition.signature).strip()}"


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("from shop.cart import Cart", "Cart", "shop/cart.py: class Cart:"),
        ("from shop.cart import Cart as C", "C", "shop/cart.py: class Cart:"),
        ("from shop.cart import Cart as C", "Cart", ""),
        ("from shop.cart import *", "price", "shop/cart.py: def price():"),
        ("from shop import from_package", "from_package", "shop/__init__.py: def from_package():"),
        ("from deep import deep", "deep", "src/deep.py: def deep():"),
        (
            "def f():\n    from shop.rules import discount",
            "discount",
            "shop/rules.py: def discount():",
        ),
        ("from os import path\nfrom shop.cart import *", "path", ""),
        ("import shop", "shop", ""),
        ("from shop.cart import nothing", "nothing", ""),
        ("from nowhere import x", "x", ""),
        ("x = 1", "x", ""),
    ],
)
def test_imported_definition(files, text, name, expected):
    assert found_by(files, name, text) == expected


@pytest.mark.parametrize(
    "text", ["from .cart import Cart", "from ..shop.cart import Cart", "from cart import Cart"]
)
def test_relative_to_the_importing_file(files, text):
    assert found_by(files, "Cart", text, "shop/user.py") == "shop/cart.py: class Cart:"


def test_definition_behind_one_import(files):
    path = files.roots[0] / "main.py"
    path.write_text("from shop.cart import price as p\nimport shop.cart\n")
    parsed = files.parsed(path)
    assert parsed is not None
    by_name, module = imported_names(parsed)
    found = definition_behind(parsed, by_name, files)
    assert found is not None
    assert found[0].text(found[1].body) == "2"
    assert definition_behind(parsed, module, files) is None


def test_file_that_is_not_text(files):
    (files.roots[0] / "shop" / "cart.py").write_bytes(b"\xff\xfe\x00")
    assert found_by(files, "Cart", "from shop.cart import Cart") == ""

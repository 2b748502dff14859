"""Where the names of a piece of code are bound, as far as its own file and an index tell."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scopewise.document import DocumentSnapshot, uri_of
from scopewise.scope.analysis import Context, bindings_of
from scopewise.scope.levels import level_of
from scopewise.scope.report import Binding, Level, Origin
from scopewise.syntax.tree import parse
from scopewise.text import ByteRange


def bindings(
    tmp_path: Path, text: str, target: str, name: str = "shop/cart.py", **context: object
) -> tuple[Binding, ...]:
    """The bindings of the definition of that name; one file, and empty files beside it."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    parsed = parse(DocumentSnapshot(uri_of(path), text))
    assert parsed is not None
    definition = parsed.find(target)
    assert definition is not None, target
    found, _ = bindings_of(Context((tmp_path.resolve(),), **context), parsed, definition)
    return found


def places(found: tuple[Binding, ...]) -> dict[str, str]:
    """Origin and definition by name, without builtins."""
    return {
        one.name: " ".join(part for part in (one.origin.value, one.definition) if part)
        for one in found
        if one.origin is not Origin.BUILTIN
    }


NAMES = """\
import os.path
import json as j
from . import util
from .rules import discount as lower
from shop.tax import RATE
from requests import get
import numpy as np

LIMIT = 3
count = 0

def total(rows, rate=RATE):
    global count
    count += 1
    def inner(row):
        return helper(row) + rate
    kept = [inner(row) for row in rows if len(row) < LIMIT]
    return lower(kept), util.wrap(get(os.path.join("a", j.dumps(kept)))), np.linalg.norm(kept), nope

def helper(row):
    return row
"""


def test_names_of_a_function(tmp_path):
    assert places(bindings(tmp_path, NAMES, "total")) == {
        "RATE": "project shop.tax.RATE",
        "count": "file shop.cart.count",
        "helper": "file shop.cart.helper",
        "LIMIT": "file shop.cart.LIMIT",
        "lower": "project shop.rules.discount",
        "util": "project shop.util",
        "util.wrap": "project shop.util.wrap",
        "get": "third party requests.get",
        "os.path.join": "standard library os.path.join",
        "j.dumps": "standard library json.dumps",
        "np.linalg.norm": "third party numpy.linalg.norm",
        "nope": "unresolved",
    }


def test_lines_order_and_writing(tmp_path):
    found = bindings(tmp_path, NAMES, "total")
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert {one.name for one in found if one.is_written} == {"count"}


def test_names_of_an_enclosing_function(tmp_path):
    assert places(bindings(tmp_path, NAMES, "total.inner")) == {
        "helper": "file shop.cart.helper",
        "rate": "enclosing function shop.cart.total.rate",
    }


CLASSES = """\
from collections import OrderedDict
from .base import Base, Mixin

class Plain:
    shared = 1
    def __init__(self, rows):
        self.rows = rows
    def size(self):
        return len(self.rows)
    @classmethod
    def empty(cls):
        return cls([]).size(), cls.shared
    @staticmethod
    def other(self):
        return self.rows

class Child(Plain):
    def size(this):
        this.seen = True
        def inner():
            return this.hidden
        return super().size() + this.shared + inner() + type(this).shared + Plain.shared

class Outer(Base):
    def run(self):
        return self.go() + self.__class__.__name__

class Both(Base, Mixin):
    def run(self):
        return self.go()

class Store(OrderedDict):
    def first(self):
        return self.popitem(last=False)

class Failure(ValueError):
    def text(self):
        return self.args
"""


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("Plain.size", {"self.rows": "class member shop.cart.Plain.rows"}),
        (
            "Plain.empty",
            {
                "cls().size": "class member shop.cart.Plain.size",
                "cls.shared": "class member shop.cart.Plain.shared",
            },
        ),
        ("Plain.other", {}),
        (
            "Child.size",
            {
                "this.seen": "class member shop.cart.Child.seen",
                "this.hidden": "class member shop.cart.Child.hidden",
                "super().size": "class member shop.cart.Plain.size",
                "this.shared": "class member shop.cart.Plain.shared",
                "type().shared": "class member shop.cart.Plain.shared",
                "Plain": "file shop.cart.Plain",
                "Plain.shared": "class member shop.cart.Plain.shared",
            },
        ),
        ("Outer.run", {"self.go": "project shop.base.Base.go"}),
        ("Both.run", {"self.go": "project"}),
        ("Store.first", {"self.popitem": "standard library collections.OrderedDict.popitem"}),
        ("Failure.text", {}),
    ],
)
def test_members(tmp_path, target, expected):
    found = places(bindings(tmp_path, CLASSES, target))
    found.pop("self.__class__.__name__", None)
    assert found == expected


def test_a_class_does_not_depend_on_its_own_members(tmp_path):
    assert places(bindings(tmp_path, CLASSES, "Plain")) == {}


def test_an_inherited_member_asks_for_no_more_than_the_class(tmp_path):
    assert level_of(bindings(tmp_path, CLASSES, "Outer.run")) is Level.CLASS_RUNNABLE


MORE = """\
import functools
from .rules import Rule, traced
from .errors import *
try:
    from zoneinfo import ZoneInfo
except ImportError:
    from ._zones import ZoneInfo

@traced
def annotated(rule: Rule) -> "list[Rule]":
    return rule.name

def recursive(n):
    return n and recursive(n - 1)

def starred():
    raise Missing("x")

def zoned():
    return ZoneInfo("UTC")

def local_import():
    from .late import thing
    return thing()

class Money:
    @property
    def double(self):
        return Money(self.units * 2)
"""


@pytest.mark.parametrize(
    ("target", "expected", "level"),
    [
        (
            "annotated",
            {
                "traced": "project shop.rules.traced",
                "Rule": "project shop.rules.Rule",
                "rule.name": "project shop.rules.Rule.name",
            },
            Level.CLASS_RUNNABLE,
        ),
        ("recursive", {"recursive": "file shop.cart.recursive"}, Level.SELF_CONTAINED),
        ("starred", {"Missing": "project shop.errors.Missing"}, Level.PROJECT_RUNNABLE),
        ("local_import", {"thing": "project shop.late.thing"}, Level.PROJECT_RUNNABLE),
        (
            "Money.double",
            {"Money": "file shop.cart.Money", "self.units": "class member shop.cart.Money.units"},
            Level.CLASS_RUNNABLE,
        ),
    ],
)
def test_other_forms(tmp_path, target, expected, level):
    found = bindings(tmp_path, MORE, target)
    assert (places(found), level_of(found)) == (expected, level)


def test_an_import_with_a_substitute_is_both(tmp_path):
    found = bindings(tmp_path, MORE, "zoned")
    assert [(one.name, one.definition) for one in found] == [
        ("ZoneInfo", "zoneinfo.ZoneInfo"),
        ("ZoneInfo", "shop._zones.ZoneInfo"),
    ]


@pytest.mark.parametrize(
    ("files", "module", "origin"),
    [
        ((), "shop.other", Origin.PROJECT),
        ((), "other", Origin.THIRD_PARTY),
        (("other.py",), "other", Origin.PROJECT),
        (("other/__init__.py",), "other.deep", Origin.PROJECT),
        (("src/other.py",), "other", Origin.PROJECT),
        (("shop/other.py",), "other", Origin.PROJECT),
        ((), "logging", Origin.STANDARD_LIBRARY),
        (("shop/logging.py",), "logging", Origin.STANDARD_LIBRARY),
    ],
)
def test_whose_module_it_is(tmp_path, files, module, origin):
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    text = f"from {module} import name\ndef f():\n    return name\n"
    assert [one.origin for one in bindings(tmp_path, text, "f")] == [origin]


def test_packages_below_a_folder_that_is_none(tmp_path):
    (tmp_path / "server/shop").mkdir(parents=True)
    (tmp_path / "server/shop/__init__.py").touch()
    imports = "from shop.rules import one\nfrom . import two\n"
    text = f"{imports}def f():\n    return one, two, g\ndef g(): 1\n"
    assert places(bindings(tmp_path, text, "f", "server/shop/cart.py")) == {
        "one": "project shop.rules.one",
        "two": "project shop.two",
        "g": "file shop.cart.g",
    }


def test_a_selection(tmp_path):
    text = "import os\ndef f(a):\n    b = a\n    c = os.sep + b\n    return c\n"
    parsed = parse(DocumentSnapshot(uri_of(tmp_path / "x.py"), text))
    assert parsed is not None
    start, end = text.index("    c ="), text.index("    return")
    found, _ = bindings_of(Context((tmp_path,)), parsed, ByteRange(start, end))
    assert places(found) == {
        "os.sep": "standard library os.sep",
        "b": "enclosing function x.f.b",
        "c": "enclosing function x.f.c",
    }
    assert {one.name for one in found if one.is_written} == {"c"}


def test_broken_code(tmp_path):
    text = "import os\nclass A(\n    def f(self, x:\n        return self.y + os.sep(\n"
    parsed = parse(DocumentSnapshot(uri_of(tmp_path / "x.py"), text))
    assert parsed is not None
    found, _ = bindings_of(Context((tmp_path,)), parsed, ByteRange(0, len(text)))
    assert "os.sep" in places(found)


TYPESCRIPT = """\
import { readFile } from "node:fs";
import axios from "axios";
import { row } from "./rows";

let count = 0;

class Cart {
  private items: number[] = [];

  total(rate: number): number {
    count += 1;
    this.seen = helper(row(axios, readFile));
    return this.items.reduce((a, b) => a + b, 0) * rate;
  }
}

function helper(n: number) { return n; }
"""
GO = """\
package main

import (
	"fmt"
	"github.com/x/y"
)

var limit = 3

type Cart struct{ items []int }

func (c *Cart) Total(rate int) int {
	fmt.Println(y.Do(limit))
	return c.sum() * len(c.items) * other(rate)
}
"""
JAVA = """\
package a.b;
import java.util.List;
import a.b.Rows;
import org.x.Lib;
class Cart {
  private List<Integer> items;
  int total(int rate) { return items.size() * this.rate() + Rows.one() + Lib.go(); }
  int rate() { return 1; }
}
"""
RUST = """\
use std::collections::HashMap;
use crate::rows::row;
const LIMIT: u32 = 2;
struct Cart { items: Vec<u32> }
impl Cart {
    fn total(&self, rate: u32) -> u32 {
        let m: HashMap<u32, u32> = HashMap::new();
        self.items.len() as u32 * LIMIT + row(rate) + m.len() as u32
    }
}
"""


@pytest.mark.parametrize(
    ("name", "text", "target", "expected"),
    [
        (
            "cart.ts",
            TYPESCRIPT,
            "Cart.total",
            {
                "count": "file count",
                "this.seen": "class member",
                "helper": "file helper",
                "row": "project ./rows.row",
                "axios": "third party axios",
                "readFile": "standard library node:fs.readFile",
                "this.items": "class member",
            },
        ),
        (
            "cart.go",
            GO,
            "Total",
            {
                "Cart": "file Cart",
                "fmt": "standard library fmt",
                "y": "third party github.com/x/y",
                "limit": "file limit",
                "c.sum": "class member",
                "c.items": "class member",
                "other": "unresolved",
            },
        ),
        (
            "Cart.java",
            JAVA,
            "Cart.total",
            {
                "items": "class member Cart.items",
                "this.rate": "class member",
                "Rows": "project a.b.Rows",
                "Lib": "third party org.x.Lib",
            },
        ),
        (
            "cart.rs",
            RUST,
            "Cart.total",
            {
                "HashMap": "standard library std::collections.HashMap",
                "self.items": "class member",
                "LIMIT": "file LIMIT",
                "row": "project crate::rows.row",
            },
        ),
    ],
)
def test_other_languages(tmp_path, name, text, target, expected):
    found = bindings(tmp_path, text, target, name)
    assert places(found) == expected


def test_what_other_languages_write(tmp_path):
    found = bindings(tmp_path, TYPESCRIPT, "Cart.total", "cart.ts")
    assert {one.name for one in found if one.is_written} == {"count", "this.seen"}


def test_members_are_no_dependency_of_the_class_itself(tmp_path):
    found = bindings(tmp_path, TYPESCRIPT, "Cart", "cart.ts")
    assert not [one for one in found if one.origin is Origin.CLASS_MEMBER]


@dataclass(frozen=True)
class Place:
    path: Path


@dataclass(frozen=True)
class Index:
    """A tag index of one other file."""

    names: dict[str, Path] = field(default_factory=dict)

    def definitions(self, name: str) -> list[Place]:
        return [Place(self.names[name])] if name in self.names else []

    def calling_files(self, name: str, definition_kind: str, except_path: Path) -> int | None:
        return None


def test_the_index_knows_the_names_of_other_files(tmp_path):
    index = Index({"other": tmp_path / "other.go", "limit": tmp_path / "cart.go"})
    found = places(bindings(tmp_path, GO, "Total", "cart.go", index=index))
    assert found["other"] == "project"
    assert found["limit"] == "file limit"

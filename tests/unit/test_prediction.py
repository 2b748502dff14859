"""What a stub is predicted to need, from what stands around it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scopewise.bench.scope_prediction import (
    advice_figures,
    predicted_rows,
    prediction_figures,
    without_body,
)
from scopewise.bench.scope_rows import ScopeSet
from scopewise.document import DocumentSnapshot
from scopewise.scope.escalation import Advice
from scopewise.scope.neighbours import Neighbourhood
from scopewise.scope.prediction import (
    NEIGHBOUR_WEIGHTS,
    STUB_WEIGHTS,
    Stub,
    predict,
)
from scopewise.scope.report import Level, Origin
from scopewise.syntax.tree import parse

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("SCOPEWISE_DATA", REPOSITORY.parent / "shared" / "data"))


def parsed(source, path="/project/shop/cart.py"):
    document = parse(DocumentSnapshot(f"file://{path}", source))
    assert document is not None
    return document


def of(source, name, **options):
    document = parsed(source)
    definition = document.find(name)
    assert definition is not None
    return predict(document, definition, **options)


ALONE = """\
def clamp(value: int, low: int, high: int) -> int:
    \"\"\"The value, moved into the range from low to high.

    >>> clamp(5, 0, 3)
    3
    \"\"\"
"""

CLASS = """\
class Cart:
    def __init__(self, owner):
        self._lines = []
        self.owner = owner

    def add(self, line):
        self._lines.append(line)

    def count(self):
        return len(self._lines)

    def clear(self):
        self._lines.clear()

    def total(self):
        \"\"\"The sum of the prices of all lines.\"\"\"
"""

FILE = """\
import json
from shop.rates import load_rates
from .text import squeeze

def _parse_row(row):
    return row.split(",")

def parse_table(text):
    \"\"\"Parse each row of a table with `_parse_row`.\"\"\"

def unrelated(number):
    return number + 1
"""


def test_a_function_that_stands_alone():
    found = of(ALONE, "clamp")
    assert not found.needs_outside
    assert (found.level, found.bindings, found.reasons) == (Level.SELF_CONTAINED, (), ())


def test_a_method_needs_its_class():
    found = of(CLASS, "Cart.total")
    assert found.needs_outside
    assert found.level is Level.CLASS_RUNNABLE
    assert ("self._lines", Origin.CLASS_MEMBER) in {(b.name, b.origin) for b in found.bindings}
    assert "it is a method, and the other methods of its class use its members" in found.reasons


def test_a_helper_that_the_documentation_names():
    found = of(FILE, "parse_table")
    assert found.needs_outside
    assert found.level >= Level.FILE_RUNNABLE
    assert "_parse_row" in {binding.name for binding in found.bindings}
    assert "the documentation names `_parse_row`, a function of this file" in found.reasons


def test_facts_and_predictions_carry_the_stub_as_their_place():
    found = of(FILE, "parse_table")
    assert {binding.line for binding in found.bindings} == {8}


def test_the_origins_of_imports():
    document = parsed(FILE)
    imports = Neighbourhood(document, document.find("parse_table")).imports
    assert {one.name: (one.origin, one.definition) for one in imports} == {
        "json": (Origin.STANDARD_LIBRARY, "json"),
        "load_rates": (Origin.PROJECT, "shop.rates"),
        "squeeze": (Origin.PROJECT, ".text"),
    }


def test_whoever_knows_the_project_may_say_what_belongs_to_it():
    document = parsed(FILE)
    around = Neighbourhood(document, document.find("parse_table"), lambda module: False)
    assert {one.origin for one in around.imports} == {Origin.STANDARD_LIBRARY, Origin.THIRD_PARTY}


def test_an_import_of_the_project_that_waits_to_be_used():
    source = (
        "from .rates import load_rates\n\ndef rates(path):\n    '''Load the rates of a file.'''\n"
    )
    found = of(source, "rates")
    assert found.level is Level.PROJECT_RUNNABLE
    assert [binding.name for binding in found.bindings] == ["load_rates"]


def test_libraries_are_told_where_nothing_else_is_needed():
    source = "import itertools\n\ndef pairs(values: list) -> list:\n    '''Neighbours. >>> x'''\n"
    found = of(source, "pairs")
    assert (found.needs_outside, found.level) == (False, Level.SLIB_RUNNABLE)


def test_a_name_of_a_parameter_is_its_own():
    source = FILE.replace("(text)", "(text, _parse_row)")
    assert "_parse_row" not in {one.name for one in of(source, "parse_table").bindings}


def test_the_neighbours_of_a_method():
    document = parsed(CLASS)
    members = Neighbourhood(document, document.find("Cart.total")).members
    assert {(one.name, one.kind) for one in members} == {
        ("__init__", "method"), ("add", "method"), ("count", "method"), ("clear", "method"),
        ("_lines", "field"), ("owner", "field"),
    }  # fmt: skip


def test_every_weight_has_its_property():
    document = parsed(CLASS)
    stub = Stub(document, document.find("Cart.total"))
    assert set(STUB_WEIGHTS) == {"always", *stub.properties}
    assert set(NEIGHBOUR_WEIGHTS) == set(stub.judged[0].properties)


@pytest.mark.parametrize("n", range(0, len(CLASS), 9))
def test_code_cut_off_anywhere(n):
    document = parsed(CLASS[:n] + "\ndef f(")
    for definition in document.definitions:
        predict(document, definition)


OTHERS = [
    ("cart.js", "class Cart {\n  add(x) { this.lines.push(x); }\n"
     "  count() { return this.lines.length; }\n"
     "  /** The sum of all lines. */\n  total() {\n  }\n}\n", "Cart.total", True),
    ("cart.go", "package cart\n\n// Clamp moves a value into a range.\n"
     "func Clamp(value, low, high int) int {\n}\n", "Clamp", False),
    ("cart.rs", "/// The smaller of two.\nfn least(a: i32, b: i32) -> i32 {\n}\n", "least", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "source", "qualified", "needs"), OTHERS)
def test_other_languages(name, source, qualified, needs):
    document = parsed(source, f"/project/{name}")
    assert predict(document, document.find(qualified)).needs_outside is needs


def test_a_body_is_taken_away():
    document = parsed("@cache\ndef f(a):\n    '''Old.'''\n    return a\n\nx = 1\n")
    after, definition = without_body(document, document.find("f"), 'Say """x"""\n\\d')
    assert definition.is_stub
    assert "return a" not in after.snapshot.text
    assert after.snapshot.text.endswith("\n\nx = 1\n")


@pytest.mark.data
def test_predictions_on_the_evaluation_data():
    """Better than answering yes, no, or "is it a method", on rows the weights never saw."""
    if not (DATA / "deveval_with_source.jsonl.gz").is_file():
        pytest.skip(f"there is no evaluation data at {DATA}")
    rows = [row for task_set in ScopeSet for row in predicted_rows(DATA, task_set)]
    assert len(rows) == 207 + 79
    held_out = prediction_figures(rows)[1]
    others = (held_out.always_yes, held_out.always_no, held_out.is_method)
    assert held_out.right.n > max(share.n for share in others)
    codereval = [row for row in rows if row.row.label.endswith(("_runnable", "_contained"))]
    passed = {one.advice: one.passed.percent or 0 for one in advice_figures(DATA, codereval)}
    assert passed[Advice.LOCAL] > passed[Advice.LOCAL_WITH_CARE] > passed[Advice.OFFER_CLOUD]

"""`scopewise bench scope`: rows, comparison, the reasons for disagreements, the command."""

import gzip
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scopewise.bench.scope_facts import Reason, compare, figures, level_accuracy
from scopewise.bench.scope_levels import LevelReason, accuracy, confusion, judge
from scopewise.bench.scope_reading import read_code
from scopewise.bench.scope_rows import ScopeRow, ScopeSet, placed, read_rows
from scopewise.bench.scope_speed import measure_speed, percentile
from scopewise.cli.bench import app
from scopewise.errors import InputError
from scopewise.scope.analysis import Context, bindings_of
from scopewise.scope.report import Level

DATA = Path(os.environ.get("SCOPEWISE_DATA", Path(__file__).parents[3] / "shared" / "data"))

TEXT = """\
import functools
from .rules import discount
from . import util

LIMIT = 3

def helper(row):
    return row

class Cart:
    def __init__(self):
        self.rows = []
        self.engine = util.engine()

    @functools.cache
    def total(self, customer, kind: "str" = "a"):
        kept = [helper(row) for row in self.rows if row < LIMIT]
        self.engine.run(customer.name, kept)
        return discount(kept)

    def __len__(self):
        return len(self.rows)
"""


def row(names: set[tuple[str, str]], label: str = "cross_file") -> ScopeRow:
    return ScopeRow("Some/1", "src/shop/cart.py", TEXT, "total", 16, label, frozenset(names))


def compared(names: set[tuple[str, str]], label: str = "cross_file"):
    with placed(row(names, label)) as there:
        assert there is not None
        found, _ = bindings_of(Context((there.root,)), there.parsed, there.definition)
        return compare(there, found)


RIGHT = {
    ("intra_class", "shop.cart.Cart.rows"),
    ("intra_class", "shop.cart.Cart.engine"),
    ("intra_file", "shop.cart.helper"),
    ("intra_file", "shop.cart.LIMIT"),
    ("cross_file", "shop.rules.discount"),
}


def test_all_agreed():
    comparison = compared(RIGHT)
    assert set(comparison.agreed) == RIGHT
    assert comparison.cases == ()
    assert comparison.found_level == comparison.excused_level == "cross_file"


def test_another_file_of_a_package_may_define_what_it_hands_on():
    names = RIGHT - {("cross_file", "shop.rules.discount")}
    names |= {("cross_file", "shop.rules._lower.discount")}
    assert compared(names).cases == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (("intra_class", "shop.cart.Cart.missing"), Reason.NOT_WRITTEN),
        (("intra_class", "shop.cart.Other.rows"), Reason.OTHER_KIND),
        (("intra_file", "shop.other.helper"), Reason.OTHER_KIND),
        (("intra_file", "shop.cart.helper.name"), Reason.NO_DEFINITION),
        (("cross_file", "shop.people.Customer.name"), Reason.TYPE_ELSEWHERE),
        (("cross_file", "shop.engines.Engine.run"), Reason.TYPE_ELSEWHERE),
        (("cross_file", "shop.engines.Engine.rows"), Reason.NONE),
    ],
)
def test_why_a_listed_name_was_missed(name, reason):
    cases = compared({*RIGHT, name}).cases
    assert [(case.is_missed, case.name, case.reason) for case in cases] == [(True, name[1], reason)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (("intra_class", "shop.cart.Cart.rows"), Reason.UNLISTED_INNER),
        (("intra_file", "shop.cart.LIMIT"), Reason.UNLISTED_INNER),
        (("cross_file", "shop.rules.discount"), Reason.UNLISTED),
    ],
)
def test_why_a_name_was_found_that_is_not_listed(name, reason):
    cases = compared(RIGHT - {name}).cases
    expected = Reason.UNLISTED if name[0] == "intra_class" else reason
    assert [(case.is_missed, case.name, case.reason) for case in cases] == [
        (False, name[1], expected)
    ]


def test_raw_figures_count_every_case():
    comparison = compared({*RIGHT, ("intra_class", "shop.cart.Cart.missing")}, "intra_file")
    raw, excused = (figures([comparison], is_raw=is_raw) for is_raw in (True, False))
    assert (raw.n_agreed, raw.n_missed, raw.recall) == (5, 1, 5 / 6)
    assert (excused.n_missed, excused.recall) == (0, 1.0)
    assert figures([comparison], "intra_file", is_raw=True).n_missed == 0
    assert level_accuracy([comparison], is_raw=True) == 0.0
    assert level_accuracy([comparison], is_raw=False) == 1.0


def test_a_disagreement_without_a_reason_counts_always():
    comparison = compared({*RIGHT, ("cross_file", "shop.engines.Engine.rows")})
    assert figures([comparison], is_raw=False).n_missed == 1


def test_a_plain_reading_of_code():
    code = read_code(TEXT, "total", 16)
    assert (code.owner, code.receiver) == ("Cart", "self")
    assert code.outer_names == {"self", "customer", "discount", "kept", "str"} - {"str"}
    assert code.inner_names == {"helper", "row", "self", "LIMIT"}
    assert code.holders["name"] == {"customer"}
    assert code.holders["run"] == {""}
    assert code.imported_names["discount"] == ".rules.discount"
    assert code.module_names == {"LIMIT", "helper", "Cart"}
    assert code.classes["Cart"] == {"__init__", "total", "__len__", "rows", "engine"}


@pytest.mark.parametrize(
    ("label", "found", "reason"),
    [
        ("file_runnable", Level.PROJECT_RUNNABLE, LevelReason.NARROWER),
        ("class_runnable", Level.FILE_RUNNABLE, LevelReason.NARROWER),
        ("plib_runnable", Level.SELF_CONTAINED, LevelReason.WIDER),
        ("project_runnable", Level.CLASS_RUNNABLE, LevelReason.NONE),
        ("self_contained", Level.PLIB_RUNNABLE, LevelReason.NONE),
    ],
)
def test_what_speaks_against_a_label(label, found, reason):
    case = judge(row(set(), label), found)
    assert (case.is_right, case.reason) == (False, reason)


def test_the_accuracy_of_levels():
    cases = [
        judge(row(set(), "project_runnable"), Level.PROJECT_RUNNABLE),
        judge(row(set(), "file_runnable"), Level.PROJECT_RUNNABLE),
        judge(row(set(), "project_runnable"), Level.CLASS_RUNNABLE),
    ]
    assert accuracy(cases, is_raw=True) == pytest.approx(1 / 3)
    assert accuracy(cases, is_raw=False) == pytest.approx(1 / 2)
    assert confusion(cases)["project_runnable", "class_runnable"] == 1


def test_a_function_that_is_not_where_the_row_says():
    with placed(ScopeRow("Some/1", "a.py", TEXT, "total", 3, "")) as there:
        assert there is None


def write_data(folder: Path) -> None:
    common = {"entry_point": "total", "file_key": "a", "docstring": "The total."}
    deveval = {
        **common,
        "id": "Some/1",
        "scope_level": "cross_file",
        "signature_position": [16, 16],
        "source": {"path": "src/shop/cart.py"},
        "dependency": {
            kind: sorted(name for other, name in RIGHT if other == kind)
            for kind in ("intra_class", "intra_file", "cross_file")
        },
    }
    deveval["dependency"]["intra_class"].append("shop.cart.Cart.missing")
    codereval = {
        **common,
        "id": "Other/1",
        "scope_level": "file_runnable",
        "source": {"path": "shop/cart.py", "lineno": 15},
    }
    without = {"id": "Other/2", "entry_point": "f", "scope_level": "", "source": None}
    without["docstring"] = ""
    for name, rows in (
        ("deveval_with_source", [deveval]),
        ("codereval_python", [codereval, without]),
    ):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(one) + "\n" for one in rows)
    for name in ("deveval", "codereval"):
        with gzip.open(folder / f"{name}_source_files.json.gz", "wt") as file:
            json.dump({"a": TEXT}, file)


def test_the_command(tmp_path):
    write_data(tmp_path)
    cases = tmp_path / "cases.jsonl"
    arguments = ["scope", "--data", str(tmp_path), "--cases", str(cases)]
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    measured = json.loads(result.stdout)
    assert measured["raw"]["all"]["recall"] == 5 / 6
    assert measured["without_cases_with_a_reason"]["all"]["recall"] == 1.0
    (case,) = map(json.loads, cases.read_text().splitlines())
    assert (case["name"], case["reason"]) == ("shop.cart.Cart.missing", Reason.NOT_WRITTEN.value)
    assert "recall" in CliRunner().invoke(app, arguments).stdout


def test_the_command_for_levels(tmp_path):
    write_data(tmp_path)
    arguments = ["scope", "--data", str(tmp_path), "--set", "codereval"]
    measured = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert (measured["functions"], measured["accuracy"]) == (1, 0.0)
    assert measured["cases"] == {LevelReason.NARROWER.value: 1}
    assert measured["confusion"][Level.FILE_RUNNABLE][Level.PROJECT_RUNNABLE] == 1
    assert "label" in CliRunner().invoke(app, arguments).stdout


def test_the_command_for_stubs(tmp_path):
    write_data(tmp_path)
    arguments = ["scope", "--data", str(tmp_path), "--stubs"]
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    assert [part["rows"] for part in json.loads(result.stdout)] == ["fitted", "held out", "all"]
    assert "always yes" in CliRunner().invoke(app, arguments).stdout


def test_data_that_is_not_there_or_not_as_expected(tmp_path):
    assert CliRunner().invoke(app, ["scope", "--data", str(tmp_path)]).exit_code == 2
    write_data(tmp_path)
    with gzip.open(tmp_path / "deveval_with_source.jsonl.gz", "wt") as file:
        file.write('{"id": 1}\n')
    with pytest.raises(InputError, match="not as expected"):
        read_rows(tmp_path, ScopeSet.DEVEVAL)


def test_speed(tmp_path):
    package = tmp_path / "shop"
    package.mkdir()
    (package / "cart.py").write_text(TEXT)
    timings = measure_speed(package, n_files=1, deadline_s=60.0)
    assert (len(timings.cold), len(timings.first), len(timings.warm)) == (1, 3, 4)
    assert timings.n_incomplete == 0
    assert 0 < percentile(timings.warm, 0.5) <= max(timings.warm)


@pytest.mark.data
@pytest.mark.parametrize(
    ("task_set", "n_rows"), [(ScopeSet.DEVEVAL, 207), (ScopeSet.CODEREVAL, 79)]
)
def test_every_row_of_the_data_is_where_it_says(task_set, n_rows):
    if not (DATA / "deveval_with_source.jsonl.gz").is_file():
        pytest.skip(f"there is no evaluation data at {DATA}")
    rows = read_rows(DATA, task_set)
    assert len(rows) == n_rows
    for one in rows[::10]:
        with placed(one) as there:
            assert there is not None, one.id

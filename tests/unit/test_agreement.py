import pytest

from scopewise.verify.agreement import (
    Clustering,
    Row,
    cluster,
    is_equal,
    is_same,
    n_breakdowns,
    n_run,
    readable,
)
from scopewise.verify.behaviour import Behaviour

TIMEOUT = Behaviour("timeout")
SKIPPED = Behaviour("skipped")
UNUSABLE = Behaviour("unusable")


def code(value: object) -> dict[str, object]:
    """A value as the harness encodes it."""
    if isinstance(value, dict):
        return {"t": "dict", "v": [[code(key), code(part)] for key, part in value.items()]}
    if isinstance(value, (list, tuple)):
        return {"t": type(value).__name__, "v": [code(part) for part in value]}
    if value is None or isinstance(value, (bool, str)):
        return {"t": "none" if value is None else type(value).__name__, "v": value}
    return {"t": type(value).__name__, "v": repr(value)}


def gave(value: object, printed: str = "", arguments: object = None) -> Behaviour:
    return Behaviour("value", code(value), printed, arguments and code(arguments))


def raised(name: str) -> Behaviour:
    return Behaviour("exception", name)


def row(*results: object) -> list[Behaviour]:
    return [each if isinstance(each, Behaviour) else gave(each) for each in results]


def is_unanimous(found: Clustering) -> bool:
    return found.n_inputs > 0 and len(found.clusters) == 1


def agree(one: Row, other: Row) -> bool:
    return is_unanimous(cluster([one, other]))


def test_the_largest_cluster_comes_first():
    found = cluster([row(1, 2), row(1, 3), row(1, 3), row(0, 0)])
    assert found.clusters == ((1, 2), (0,), (3,))
    assert found.share == 0.5
    assert found.n_inputs == 2


def test_of_equal_clusters_the_earlier_comes_first():
    assert cluster([row(1), row(2), row(2), row(1)]).clusters == ((0, 3), (1, 2))


def test_of_equal_clusters_one_that_breaks_down_less_comes_first():
    broken = row(1, 2, raised("IndexError"))
    assert cluster([broken, row(1, 3, 4), row(2, 3, 5)]).clusters == ((1,), (2,), (0,))
    assert cluster([row(1, TIMEOUT), row(1, 2)]).clusters == ((1,), (0,))


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([1, 2, 3], True),
        ([1, 1, 2, 3], True),
        ([1, 1, 1, 2, 3], False),
        ([1, 1, 2, 2], False),
        ([1, 2], False),
        ([TIMEOUT, TIMEOUT, TIMEOUT], False),
    ],
)
def test_scattered_when_many_do_different_things(results, expected):
    assert cluster([row(result) for result in results]).is_scattered is expected


def test_all_alike():
    found = cluster([row(1, "a"), row(1, "a"), row(1, "a")])
    assert found == Clustering(((0, 1, 2),), 1.0, 2, (1.0, 1.0, 1.0), n_alike=2)
    assert is_unanimous(found)


def test_support_is_the_share_of_the_others_cells():
    odd, usual = row(*[1] * 19, 0), row(*[1] * 20)
    found = cluster([odd, usual, usual, row(*[2] * 19, 1), row(*[UNUSABLE] * 20)])
    assert found.clusters == ((0, 1, 2), (3,))
    assert found.support == pytest.approx((38 / 60, 40 / 60, 40 / 60, 2 / 60, 0))


def test_without_evidence_nothing_supports_a_candidate():
    assert cluster([row(1), row(SKIPPED)]).support == (0, 0)


def test_inputs_that_were_not_reached_count_neither_as_run_nor_as_breakdowns():
    cells = row(1, raised("ValueError"), raised("IndexError"), TIMEOUT, UNUSABLE, SKIPPED, SKIPPED)
    cells[1] = Behaviour("exception", "ValueError", is_deliberate=True)
    assert n_run(cells) == 4
    assert n_breakdowns(cells) == 2


def test_a_disagreement_is_told():
    found = cluster([row(1, [1, 2]), row(1, [1, 2]), row(1, raised("ValueError"))])
    assert found.disagreement is not None
    assert found.disagreement.call == 1
    assert found.disagreement.candidates == (0, 2)
    assert found.disagreement.texts == ("returns [1, 2]", "raises ValueError")


@pytest.mark.parametrize(
    "table",
    [
        [],
        [row(1, 2)],
        [[], []],
        [row(TIMEOUT, TIMEOUT), row(TIMEOUT, TIMEOUT)],
        [row(UNUSABLE), row(UNUSABLE)],
        [row(SKIPPED, SKIPPED), row(1, 2)],
        [row(raised("TypeError")), row(raised("TypeError"))],
        [row(raised("ValueError")), row(raised("ValueError"))],
    ],
)
def test_no_evidence(table):
    found = cluster(table)
    assert found.n_inputs == 0
    assert found.share is None
    assert found.clusters == ((tuple(range(len(table))),) if table else ())
    assert not is_unanimous(found)


def test_candidates_that_could_not_be_run_are_left_out():
    found = cluster([row(SKIPPED, SKIPPED), row(1, 2), row(1, 2)])
    assert found.clusters == ((1, 2),)
    assert found.share == 1.0


def test_inputs_on_which_all_raise_do_not_count():
    found = cluster([row(1, raised("KeyError")), row(1, raised("TypeError"))])
    assert (found.n_inputs, found.clusters) == (1, ((0, 1),))


def test_inputs_on_which_most_break_down_do_not_count():
    broken = raised("IndexError")
    found = cluster([row(1, broken), row(1, broken), row(1, 0)])
    assert (found.n_inputs, found.clusters) == (1, ((0, 1, 2),))


def test_a_refusal_is_an_answer():
    refused = raised("ValueError")
    found = cluster([row(1, refused), row(1, refused), row(1, 0)])
    assert found.clusters == ((0, 1), (2,))
    empty = Behaviour("exception", "EmptyCart", is_deliberate=True)
    assert cluster([row(1, empty), row(1, 0)]).clusters == ((0,), (1,))


def test_a_candidate_that_breaks_down_where_others_answer_is_told_from_them():
    found = cluster([row(1, raised("IndexError")), row(1, 0), row(1, 0)])
    assert found.clusters == ((1, 2), (0,))


def test_a_candidate_that_hangs_is_told_from_one_that_answers():
    assert cluster([row(1, TIMEOUT), row(1, 2), row(1, 2)]).clusters == ((1, 2), (0,))


def test_hanging_never_wins():
    found = cluster([row(TIMEOUT), row(TIMEOUT), row(TIMEOUT), row(1)])
    assert found.n_inputs == 0


def test_cells_that_were_not_reached_say_nothing():
    found = cluster([row(1, 2, 3), row(1, SKIPPED, SKIPPED), row(1, UNUSABLE, 3)])
    assert found.clusters == ((0, 1, 2),)
    assert found.n_inputs == 2


def test_what_a_member_adds_speaks_for_the_cluster():
    found = cluster([row(1, SKIPPED), row(1, 2), row(1, 3)])
    assert found.clusters == ((0, 1), (2,))


def test_rows_of_different_length():
    assert cluster([row(1, 2), row(1)]).clusters == ((0, 1),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.1 + 0.2, 0.3),
        (1e12, 1e12 + 1),
        (1, 1.0),
        ([1.0, [0.30000000000000004]], [1.0, [0.3]]),
        ({"a": 1.0, "b": 2}, {"b": 2, "a": 1.0000000001}),
        (float("nan"), float("nan")),
        (float("inf"), float("inf")),
        (1 + 2j, 1 + 2.0000000001j),
        (None, None),
        ("x", "x"),
    ],
)
def test_equal_values(one, other):
    assert is_equal(code(one), code(other))
    assert agree(row(one), row(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1.0, 1.001),
        (10**17, 10**17 + 1),
        (True, 1),
        (0, False),
        ("1", 1),
        (None, 0),
        ([1, 2], (1, 2)),
        ([1, 2], [2, 1]),
        ([1], [1, 2]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        (float("inf"), 1e300),
        (float("nan"), 1.0),
        ("", None),
    ],
)
def test_different_values(one, other):
    assert not is_equal(code(one), code(other))
    assert not agree(row(one), row(other))


def test_hashes_and_odd_codes_are_compared_as_they_are():
    assert is_equal({"t": "hash", "v": "ab"}, {"t": "hash", "v": "ab"})
    assert not is_equal({"t": "hash", "v": "ab"}, {"t": "hash", "v": "cd"})
    assert is_equal({"t": "int", "v": "not a number"}, {"t": "int", "v": "not a number"})
    assert not is_equal({"t": "dict", "v": 3}, {"t": "dict", "v": []})
    assert is_equal({"t": "cut"}, {"t": "cut"})
    assert not is_equal(None, {"t": "cut"})


def test_exceptions_are_equal_by_type():
    assert is_same(raised("ValueError"), raised("ValueError"))
    assert not is_same(raised("ValueError"), raised("KeyError"))
    assert not is_same(raised("ValueError"), gave("ValueError"))


def test_output_and_changed_arguments_are_behaviour():
    assert not is_same(gave(None, printed="a\n"), gave(None, printed="b\n"))
    assert not is_same(gave(None, arguments=[1]), gave(None))
    assert is_same(gave(None, arguments=[1.0]), gave(None, arguments=[1.0000000001]))


def test_two_that_hang_do_the_same():
    assert is_same(TIMEOUT, TIMEOUT)
    assert agree(row(1, TIMEOUT), row(1, TIMEOUT))


def test_agreement_takes_evidence():
    assert not agree(row(TIMEOUT), row(TIMEOUT))
    assert not agree(row(1, raised("IndexError")), row(1, 0))


@pytest.mark.parametrize(
    ("behaviour", "text"),
    [
        (gave({"a": [1, 2.5]}), "returns {'a': [1, 2.5]}"),
        (gave((1,)), "returns (1,)"),
        (gave(None), "returns None"),
        (gave("it's"), 'returns "it\'s"'),
        (gave(1, printed="hi\n"), "returns 1 and prints 'hi\\n'"),
        (gave(None, arguments=[1]), "returns None and changes its arguments"),
        (raised("KeyError"), "raises KeyError"),
        (TIMEOUT, "does not end in time"),
        (SKIPPED, "was not run"),
        (UNUSABLE, "cannot be run"),
        (Behaviour("value", {"t": "set", "v": [code(1)], "n": 1}), "returns {1}"),
        (Behaviour("value", {"t": "set", "v": [], "n": 0}), "returns set()"),
        (Behaviour("value", {"t": "hash", "v": "ab", "of": "list"}), "returns <list>"),
        (
            Behaviour("value", {"t": "object", "name": "Item", "v": [[code("n"), code(3)]]}),
            "returns Item(n=3)",
        ),
    ],
)
def test_readable(behaviour, text):
    assert readable(behaviour) == text


def test_long_values_are_cut():
    assert len(readable(gave("x" * 1000))) < 250

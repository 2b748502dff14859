import ast
import datetime
import decimal
import os
import re
import subprocess
import sys
import textwrap
import time

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.verify.behaviour import Call, Example
from scopewise.verify.inputs import Parameter, Target, generate_calls, target_of

N = 24


def parsed(text: str) -> ParsedDocument:
    result = parse(DocumentSnapshot("file:///a.py", textwrap.dedent(text), "python"))
    assert result is not None
    return result


def target(text: str, name: str = "f") -> Target | None:
    document = parsed(text)
    definition = document.find(name)
    assert definition is not None
    return target_of(document, definition)


def examples(*calls: str, setup: str = "") -> tuple[Example, ...]:
    return tuple(Example(call, "None", "value", setup=setup) for call in calls)


def calls(
    text: str, *sources: str, name: str = "f", setup: str = "", n: int = N
) -> tuple[Call, ...]:
    found = target(text, name)
    assert found is not None
    return generate_calls(found, examples(*sources, setup=setup), n, seed=0)


def values(text: str, *sources: str) -> list[object]:
    """The first argument of every call."""
    return [ast.literal_eval(call.args[0]) for call in calls(text, *sources)]


def later(text: str, *sources: str) -> list[object]:
    """The same without those of the examples."""
    return values(text, *sources)[len(sources) :]


# Annotations


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        ("int", int),
        ("float", float),
        ("str", str),
        ("bool", bool),
        ("bytes", bytes),
        ("complex", complex),
        ("list[int]", list),
        ("List[str]", list),
        ("typing.Sequence[float]", list),
        ("Iterable[int]", list),
        ("tuple[int, str]", tuple),
        ("tuple[int, ...]", tuple),
        ("set[int]", set),
        ("dict[str, int]", dict),
        ("Mapping[str, list[int]]", dict),
        ("Annotated[int, 'metres']", int),
        ("'list[int]'", list),
    ],
)
def test_annotated_types(annotation, kind):
    drawn = values(f"def f(a: {annotation}): ...")
    assert len(drawn) >= (2 if kind is bool else 8)
    assert {type(value) for value in drawn} == {kind}


@pytest.mark.parametrize(
    ("annotation", "kinds"),
    [
        ("Optional[int]", {int, type(None)}),
        ("int | str", {int, str}),
        ("Union[int, list[int]]", {int, list}),
    ],
)
def test_alternatives_all_occur(annotation, kinds):
    assert {type(value) for value in values(f"def f(a: {annotation}): ...")} == kinds


def test_literal_types():
    assert set(values("def f(a: Literal['up', 'down', 3]): ...")) == {"up", "down", 3}


@pytest.mark.parametrize(
    ("annotation", "names", "kind"),
    [
        ("datetime.date", {"datetime": datetime}, datetime.date),
        ("datetime", {"datetime": datetime.datetime}, datetime.datetime),
        ("Decimal", {"Decimal": decimal.Decimal}, decimal.Decimal),
    ],
)
def test_types_of_the_standard_library_are_spelt_as_annotated(annotation, names, kind):
    made = calls(f"def f(a: {annotation}): ...")
    assert len(made) >= 8
    assert all(isinstance(eval(call.args[0], names), kind) for call in made)


@pytest.mark.parametrize("annotation", ["Callable[[int], int]", "Widget", "T", "Any", "list", "[("])
def test_nothing_is_made_of_types_that_say_nothing(annotation):
    assert calls(f"def f(a: {annotation!r}): ...") == ()


def test_nothing_is_made_of_nothing():
    assert calls("def f(a, b): ...") == ()


def test_sizes_stay_small():
    drawn = values("def f(a: list[str]): ...")
    assert max(map(len, drawn)) <= 8
    assert max(len(text) for value in drawn for text in value) <= 12


def test_dataclasses_enums_and_typed_dicts_of_the_file():
    code = """
        @dataclass
        class Item:
            name: str
            count: int = 1

        class Colour(Enum):
            RED = 1
            BLUE = 2

        class Row(TypedDict):
            size: int

        def f(item: Item, colour: Colour, row: Row): ...
    """
    made = calls(code)
    assert len(made) >= 8
    for call in made:
        item, colour, row = (ast.parse(arg, mode="eval").body for arg in call.args)
        assert isinstance(item, ast.Call)
        assert ast.unparse(item.func) == "Item"
        assert ast.unparse(colour) in ("Colour.RED", "Colour.BLUE")
        assert isinstance(ast.literal_eval(row)["size"], int)


def test_fields_of_base_dataclasses_come_first():
    code = """
        @dataclass
        class Base:
            a: int

        @dataclass
        class Both(Base):
            b: str

        def f(it: Both): ...
    """
    found = target(code)
    assert found is not None
    constructor = found.constructor("Both")
    assert constructor is not None
    assert [each.name for each in constructor.parameters] == ["a", "b"]


# Kinds of parameters


def test_defaults_are_sometimes_left_out():
    made = calls("def f(a: int, b: int = 3): ...")
    assert {len(call.args) for call in made} == {1, 2}


def test_what_follows_an_omitted_parameter_goes_by_name():
    made = calls("def f(a: int = 1, b: int = 2): ...")
    assert any(not call.args and dict(call.kwargs).keys() == {"b"} for call in made)


def test_parameters_by_name_only():
    made = calls("def f(a: int, *, key: bool): ...")
    assert all(len(call.args) == 1 and call.kwargs[0][0] == "key" for call in made)


def test_star_arguments():
    assert len({len(call.args) for call in calls("def f(*numbers: int): ...")}) > 2
    assert calls("def f(*numbers): ...", "f(1, 2, 3)")[0].args == ("1", "2", "3")


def test_a_default_says_the_type():
    assert all(isinstance(value, bool) for value in values_of_optional("def f(a=True): ..."))
    assert all(isinstance(value, int) for value in values_of_optional("def f(a=10): ..."))


def values_of_optional(text: str) -> list[object]:
    return [ast.literal_eval(call.args[0]) for call in calls(text) if call.args]


def test_no_parameters():
    assert [call.text for call in calls("def f(): ...")] == ["f()"]


# Docstrings


@pytest.mark.parametrize(
    ("doc", "kind"),
    [
        (":param a: the index, int.", int),
        (":param a: int, the index", int),
        (":param int a: the index", int),
        (":param a: the index\n    :type a: int", int),
        ("@param a: a list of strings", list),
        ("Args:\n        a (int): The index.", int),
        ("Args:\n        a (list of str, optional): The names.", list),
        ("Parameters\n    ----------\n    a : int\n        The index.", int),
        ("Parameters\n    ----------\n    a : list of float\n        The sizes.", list),
        ("Joins a list of strings.", list),
        ("Counts the vowels of a given string.", str),
        ("Given a positive integer a, return its double.", int),
        (":param a: dict[str, int], the counts", dict),
    ],
)
def test_described_types(doc, kind):
    drawn = values(f'def f(a):\n    """{doc}\n    """\n')
    assert len(drawn) >= 8
    assert {type(value) for value in drawn} == {kind}


def test_described_types_of_several_parameters():
    doc = ":param a: list of int\n    :param b: string, the name"
    made = calls(f'def f(a, b):\n    """{doc}\n    """')
    assert len(made) >= 8
    for call in made:
        assert isinstance(ast.literal_eval(call.args[0]), list)
        assert isinstance(ast.literal_eval(call.args[1]), str)


@pytest.mark.parametrize("doc", ["Does it well.", "a: see the manual", ":param a: the thing"])
def test_docstrings_that_say_no_type(doc):
    assert calls(f'def f(a):\n    """{doc}"""') == ()


@pytest.mark.parametrize(
    ("doc", "low", "high"),
    [
        ("a is a positive integer.", 1, None),
        ("Takes a non-negative integer.", 0, None),
        ("1 <= a <= 7", 1, 7),
        ("Constraints: a > 3", 4, None),
        ("An integer between 2 and 6.", 2, 6),
    ],
)
def test_stated_ranges_hold(doc, low, high):
    drawn = values(f'def f(a: int):\n    """{doc}"""')
    assert len(drawn) >= 4
    assert min(drawn) >= low
    assert high is None or max(drawn) <= high


def test_relations_between_parameters_hold():
    made = calls('def f(a: list[int], k: int):\n    """1 <= k <= len(a)"""')
    assert len(made) >= 8
    assert all(1 <= int(c.args[1]) <= len(ast.literal_eval(c.args[0])) for c in made)


def test_what_an_example_contradicts_does_not_hold():
    drawn = values('def f(a: list[int]):\n    """A non-empty list."""', "f([])", "f([1, 2])")
    assert [] in drawn


def test_conditions_are_no_ranges():
    drawn = values('def f(a: int):\n    """Return True if a > 90."""')
    assert any(value <= 90 for value in drawn)


def test_negative_numbers_only_where_they_are_shown():
    assert min(values("def f(a: int): ...")) >= 0
    assert min(values('def f(a: int):\n    """Negative numbers count too."""')) < 0
    assert min(values("def f(a: int): ...", "f(-4)", "f(5)")) < 0
    assert min(values("def f(a: int): ...", "f(4)", "f(5)")) >= 0


@pytest.mark.parametrize("sources", [[], ["f(50)", "f(80)"], ["f(-120)", "f(300)"]])
def test_boundaries_are_tried(sources):
    assert {0, 1} <= set(values("def f(n: int): pass", *sources))


def test_boundaries_outside_the_domain_are_not_tried():
    made = values('def f(n: int):\n    """Of a positive integer n."""', "f(50)", "f(80)")
    assert min(made) == 1


def test_small_numbers_stay_within_what_is_stated():
    made = later('def f(n: int):\n    """For -50 <= n <= -20."""', "f(-30)", "f(-40)")
    assert made
    assert all(-50 <= number <= -20 for number in made)


def test_non_empty_lowercase_and_digits():
    assert "" not in values('def f(a: str):\n    """Takes a non-empty string."""')
    drawn = later('def f(a: str):\n    """A string of only lowercase letters."""', "f('ab')")
    assert all(text == text.lower() for text in drawn)
    drawn = values('def f(a: str):\n    """:param a: str, consisting of digits"""')
    assert all(text.isdigit() for text in drawn if text)


def test_words_named_in_quotes_are_used():
    drawn = values('def f(a: str):\n    """The order: \'asc\' or \'desc\'."""')
    assert {"asc", "desc"} <= set(drawn)


def test_sorted_lists_stay_sorted():
    doc = '"""Takes a sorted list."""'
    drawn = values(f"def f(a: list[int]):\n    {doc}", "f([1, 4, 9])", "f([2, 3])")
    assert sum(value == sorted(value) for value in drawn) > len(drawn) / 2


# Examples


def test_examples_come_first_as_they_are():
    made = calls("def f(a, b): ...", "f([3, 1], 'x')", "f([], b='y')")
    assert [call.text for call in made[:2]] == ["f([3, 1], 'x')", "f([], 'y')"]


def test_values_like_those_of_examples():
    drawn = later("def f(a): ...", "f([1, 2, 3])", "f([5, 0, 9, 4])")
    assert len(drawn) >= 16
    assert all(isinstance(v, list) and all(0 <= n <= 20 for n in v) for v in drawn)


def test_examples_inside_comparisons_and_assertions_count():
    made = calls("def f(a): ...", "assert f(3) == 4", "sorted(f(5))", "x = f(7)")
    assert [call.text for call in made[:3]] == ["f(3)", "f(5)", "f(7)"]


def test_names_of_the_setup_are_replaced_by_what_they_stand_for():
    made = calls("def f(a, b): ...", "f(x, y)", setup="x = [1, 2]\ny = x + [3]")
    assert made[0].text == "f([1, 2], [1, 2] + [3])"


def test_strings_keep_their_alphabet():
    drawn = later("def f(a): ...", "f('0110')", "f('1')")
    assert len(drawn) >= 16
    assert set("".join(drawn)) <= {"0", "1"}


def test_brackets_stay_balanced_where_examples_are():
    for text in later("def f(a): ...", "f('(()) ()')", "f('((()))')"):
        assert text.count("(") == text.count(")")


@pytest.mark.parametrize(
    ("shown", "pattern"),
    [
        (("03-11-2000", "15-01-2012", "06-04-2020"), r"\d\d-\d\d-\d{4}"),
        (("1/5", "7/10", "2/1"), r"[1-9]\d*/[1-9]\d*"),
        (("5 pears and 6 figs", "10 pears and 1 figs"), r"\d+ \w+ and \d+ \w+"),
    ],
)
def test_strings_written_to_a_pattern_keep_it(shown, pattern):
    drawn = later("def f(a): ...", *(f"f({text!r})" for text in shown))
    assert len(drawn) >= 6
    for text in drawn:
        assert re.fullmatch(pattern, text), text


def test_tables_keep_their_shape():
    square = later("def f(a): ...", "f([[1, 2], [3, 4]])", "f([[1, 2, 3], [4, 5, 6], [7, 8, 9]])")
    assert len(square) >= 12
    assert all(all(len(row) == len(table) for row in table) for table in square)
    wide = later("def f(a): ...", "f([[1, 2, 3], [4, 5, 6]])")
    assert all(len({len(row) for row in table}) <= 1 for table in wide)


def test_lists_of_equal_length_stay_so():
    made = calls("def f(a, b): ...", "f([1, 2], [3, 4])", "f([1, 2, 3], [4, 5, 6])")
    assert len(made) >= 16
    assert len({len(ast.literal_eval(call.args[0])) for call in made}) > 2
    for call in made:
        assert len({len(ast.literal_eval(arg)) for arg in call.args}) == 1


def test_records_keep_their_keys():
    drawn = later("def f(a): ...", "f({'name': 'Ann', 'age': 30})")
    assert len(drawn) >= 12
    assert all(value.keys() == {"name", "age"} for value in drawn)


def test_mixed_lists_keep_their_kinds():
    kinds = {type(v) for value in later("def f(a): ...", "f(['a', 3.5, 5])") for v in value}
    assert kinds == {str, float, int}


def test_expressions_that_are_no_literals_are_kept():
    made = calls("def f(a): ...", "f(date(2024, 1, 31))")
    assert made[0].args == ("date(2024, 1, 31)",)


def test_calls_that_do_not_fit_the_signature_are_no_examples():
    assert calls("def f(a): ...", "f(1, 2)", "f(*x)", "g(3)", "f(", "f(b=1)") == ()


# Methods

STACK = """
    class Stack:
        def __init__(self, items: list[int], size: int = 3): ...

        def push(self, item: int): ...

        @staticmethod
        def join(a: int, b: int): ...

        @classmethod
        def empty(cls, size: int): ...

        @property
        def top(self): ...
"""


def test_methods_are_called_on_objects_of_their_class():
    made = calls(STACK, name="Stack.push")
    assert len(made) >= 16
    assert all(call.receiver.startswith("Stack([") and len(call.args) == 1 for call in made)


def test_static_and_class_methods_are_called_on_the_class():
    for name in ("Stack.join", "Stack.empty"):
        assert {call.receiver for call in calls(STACK, name=name)} == {"Stack"}


def test_properties_are_not_called():
    assert target(STACK, "Stack.top") is None


def test_a_constructor_is_called_on_an_object_not_made_yet():
    made = calls(STACK, "Stack([1, 2], 5)", name="Stack.__init__")
    assert made[0].text == "Stack.__new__(Stack).__init__([1, 2], 5)"


def test_receivers_are_read_from_the_setup():
    made = calls(STACK, "s.push(7)", name="Stack.push", setup="s = Stack([1], 2)")
    assert made[0].text == "Stack([1], 2).push(7)"
    assert len({call.receiver for call in made}) > 3


def test_what_was_done_to_a_receiver_is_done_again():
    setup = "s = Stack([1], 2)\ns.push(4)\ns.size = 9"
    made = calls(STACK, "s.push(7)", name="Stack.push", setup=setup)
    namespace: dict[str, object] = {}
    code = """
        class Stack:
            def __init__(self, items, size=3):
                self.items, self.size = items, size

            def push(self, item):
                self.items.append(item)
    """
    exec(textwrap.dedent(code), namespace)
    assert made[1].args == ("7",)
    receiver = eval(made[1].receiver, namespace)
    assert (receiver.items, receiver.size) == ([1, 4], 9)


def test_arguments_taken_from_a_changed_receiver():
    setup = "s = Stack([1], 2)\ns.push(4)"
    made = calls(STACK, "s.push(s.items[0])", name="Stack.push", setup=setup)
    assert "s.push(4)" in made[1].args[0]
    assert ast.parse(made[1].args[0], mode="eval")


def test_receivers_without_a_setup_are_any_objects():
    assert calls(STACK, "stack.push(7)", name="Stack.push")[0].args == ("7",)


def test_a_class_that_cannot_be_made_gives_no_calls():
    code = "class A(Unknown):\n    def f(self, a: int): ...\n"
    assert calls(code, name="A.f") == ()
    code = "class A:\n    def __init__(self, x): ...\n    def f(self, a: int): ...\n"
    assert calls(code, name="A.f") == ()


def test_constructors_of_base_classes_in_the_file():
    code = """
        class Base:
            def __init__(self, size: int): ...

        class A(Base):
            def f(self, a: int): ...
    """
    made = calls(code, name="A.f")
    assert len(made) >= 16
    assert all(call.receiver.startswith("A(") for call in made)


# Broken files


@pytest.mark.parametrize(
    "code",
    [
        "x = (\n\ndef f(a: int):\n    pass\n",
        "def f(a: int):\n    return 1 +\n",
        "class A:\n  def g(:\n\ndef f(a: int):\n    '''Doc'''\n",
        "def f(a: int):  # later\n    pass\n",
        "@decorated\ndef f(\n    a: int,\n): pass\n",
        "async def f(a: int):\n    pass\n",
    ],
)
def test_broken_files(code):
    found = target(code)
    assert found is not None
    assert found.parameters == (Parameter("a", "int"),)
    assert len(generate_calls(found, (), N, 0)) >= 8


def test_a_broken_class_around_a_whole_method():
    code = """
        class A:
            x: int = (

            def __init__(self, size: int):
                return ]

            def f(self, a: int):
                pass
    """
    document = parsed(code)
    definition = document.find("A.f")
    if definition is not None:
        found = target_of(document, definition)
        assert found is None or generate_calls(found, (), N, 0) is not None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("def f(a, a=, ): pass\n", "f"),
        ("def g():\n    def f(a: int): pass\n", "g.f"),
        ("class f:\n    pass\n", "f"),
        ("class A:\n    def f(): pass\n", "A.f"),
    ],
)
def test_what_cannot_be_called_has_no_target(code, name):
    document = parsed(code)
    definition = document.find(name)
    assert definition is None or target_of(document, definition) is None


def test_examples_that_do_not_parse_are_passed_over():
    found = target("def f(a: int): ...")
    assert found is not None
    broken = (Example("f(", "", "value"), Example("f(2)", "", "value", setup="x = ["))
    assert generate_calls(found, broken, N, 0)[0].text == "f(2)"


def test_deep_and_long_examples_do_no_harm():
    deep = "f(" + "[" * 60 + "]" * 60 + ")"
    long = f"f({list(range(5000))})"
    assert calls("def f(a): ...", deep, long) is not None


# All of them


CODE = "def f(a: dict[str, set[str]], b: str, c: float = 0.5): ..."
SHOWN = ("f({'a': {'x', 'y'}}, 'k')", "f({}, 'kl', 1.25)")


def test_the_same_every_time():
    found = target(CODE)
    assert found is not None
    assert calls(CODE, *SHOWN) == calls(CODE, *SHOWN)
    assert generate_calls(found, (), N, 1) != generate_calls(found, (), N, 2)


def test_the_same_in_every_process(tmp_path):
    program = (
        "from scopewise.verify.behaviour import Example\n"
        "from scopewise.verify.inputs import Parameter, Target, generate_calls\n"
        "target = Target('f', (Parameter('a', 'dict[str, set[str]]'), Parameter('b', 'str')))\n"
        "shown = (Example(\"f({'a': {'x', 'y', 'z'}}, 'k')\", '', 'value'),)\n"
        "print([call.text for call in generate_calls(target, shown, 24, 0)])\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            cwd=tmp_path,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert list(tmp_path.iterdir()) == []


def test_no_call_twice():
    made = calls("def f(a: int): ...", "f(3)", "f(3)", "f( 3 )")
    assert len({call.text for call in made}) == len(made)


def test_no_more_than_asked_for():
    assert len(calls("def f(a: int, b: str): ...", n=5)) == 5
    assert len(calls("def f(a): ...", "f(1)", "f(2)", "f(3)", n=2)) == 2


def test_arguments_are_expressions():
    for call in calls(CODE, *SHOWN):
        assert isinstance(ast.parse(call.text, mode="eval").body, ast.Call)


def test_fast_enough():
    calls(CODE, *SHOWN)
    started = time.perf_counter()
    assert len(calls(CODE, *SHOWN)) == N
    assert time.perf_counter() - started < 1.5


def test_global_random_numbers_are_left_alone():
    import random

    random.seed(5)
    expected = random.random()
    random.seed(5)
    calls(CODE, *SHOWN)
    assert random.random() == expected


def test_hypothesis_is_loaded_only_when_needed():
    program = "import sys, scopewise.verify.inputs; print('hypothesis' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "False"

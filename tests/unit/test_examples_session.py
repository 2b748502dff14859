"""Examples at prompts, well formed and as people write them."""

import time

import pytest

from scopewise.verify.behaviour import Example
from scopewise.verify.examples import read_examples


def only(docstring: str) -> Example:
    (example,) = read_examples(docstring, "area")
    return example


def outputs(docstring: str) -> list[tuple[str, str]]:
    return [(example.source, example.expected) for example in read_examples(docstring, "area")]


@pytest.mark.parametrize(
    "docstring",
    [
        ">>> area(1)\n2",
        "    Indented.\n    >>> area(1)\n    2\n",
        "Examples\n--------\n>>> area(1)\n2\n\nNotes\n-----\nNone.",
        "Examples:\n    >>> area(1)\n    2\n",
        "```python\n>>> area(1)\n2\n```\n",
        ">>>area(1)\n2",
        ">>> area(1)\n2\nThis is what it gives.",
        ">>> area(1)\n2\n:param x: the side",
        ">>> area(1)\n2\nReturns:\n    the size",
        ">>> area(1)\n2\nNote: the side is squared.",
        ">>> area(1)  # a side\n2",
        ">>> area(1)\n2  # an area",
        "In [1]: area(1)\nOut[1]: 2\n",
    ],
)
def test_a_session(docstring: str) -> None:
    example = only(docstring)
    assert (example.source, example.expected, example.form) == ("area(1)", "2", "doctest")


@pytest.mark.parametrize(
    "docstring",
    [
        ">>> area(1) == 2",
        ">>> area(1) == 2\nSome words follow.",
        ">>> area(1) -> 2",
        ">>> area(1) => 2\nSome words follow.",
        ">>> area(1)  # 2",
        ">>> area(1)  # returns 2",
    ],
)
def test_the_output_on_the_line_of_the_prompt(docstring: str) -> None:
    example = only(docstring)
    assert (example.source, example.expected, example.form) == ("area(1)", "2", "value")


@pytest.mark.parametrize(
    "docstring",
    [
        ">>> area([1,\n...      2])\n3",
        ">>> area([1,\n>>>      2])\n3",
        ">>> area([1,\n         2])\n3",
    ],
)
def test_a_call_on_several_lines(docstring: str) -> None:
    assert outputs(docstring) == [("area([1, 2])", "3")]


@pytest.mark.parametrize(
    "docstring",
    [
        ">>> area(1)\n",
        ">>> area(1)  # doctest: +SKIP\n2",
        ">>> area(1)\n[1, ...]",
        ">>> area(1)\n<Shape object at 0x7f12>",
        ">>> area(1)\nself.size = 3",
        ">>> area(1)\nself.sizes = [[1],\n    [2]]",
        ">>> area(1)\nPoint(1)\nThis makes a point.",
        ">>> area(1)\n0.5  # may vary",
        ">>> area(random.random())\n3",
        ">>> area('a\nb')\n2",
        ">>> area(1)\n>>> area(2)\n1\n2",
        ">>> other(1)\n2",
        ">>> area(1\n2",
        ">>> area(1]\n2",
    ],
)
def test_what_is_not_certain_is_not_an_example(docstring: str) -> None:
    assert outputs(docstring) == []


def test_directives() -> None:
    example = only(">>> area(1)  # doctest: +ELLIPSIS, +NORMALIZE_WHITESPACE\n[1, ...]")
    assert example.expected == "[1, ...]"
    assert set(example.options) == {"ELLIPSIS", "NORMALIZE_WHITESPACE"}


def test_an_unreadable_example_leaves_the_next_ones() -> None:
    assert outputs(">>> area('a\nb')\n2\n>>> area(2)\n3") == [("area(2)", "3")]
    assert outputs(">>> area([1,\nwords\n>>> area(2)\n3") == [("area(2)", "3")]
    assert outputs("    >>> area(1)\n    2\n  >>> area(2)\n  3")[1] == ("area(2)", "3")


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        (">>> area('x')\nhello there", "hello there"),
        (">>> area(1)\na\n<BLANKLINE>\nb", "a\n<BLANKLINE>\nb"),
        (">>> area(1)\n1\n2\n3", "1\n2\n3"),
        (">>> area(1)\n[1,\n 2]\n", "[1,\n 2]"),
        (">>> area(1)\narray([[1, 2],\n       [3, 4]])", "array([[1, 2],\n       [3, 4]])"),
        (">>> for side in area(2): print(side)\n0\n1", "0\n1"),
        (">>> area(1) == 2\nTrue", "True"),
    ],
)
def test_outputs(docstring: str, expected: str) -> None:
    assert only(docstring).expected == expected


@pytest.mark.parametrize(
    ("want", "expected"),
    [
        (
            "Traceback (most recent call last):\n    ...\nValueError: too small",
            "ValueError: too small",
        ),
        ("Traceback (most recent call last):\n  File 'x'\nshapes.SizeError", "shapes.SizeError"),
        ("Traceback (most recent call last):\nValueError: ...", "ValueError"),
        ("ValueError: too small", "ValueError: too small"),
    ],
)
def test_exceptions(want: str, expected: str) -> None:
    example = only(f">>> area(-1)\n{want}")
    assert (example.form, example.expected) == ("raises", expected)


def test_statements_without_output_are_the_setup_of_the_next() -> None:
    first, second = read_examples(">>> x = [1]\n>>> x.append(2)\n>>> area(x)\n3\n>>> x\n[]", "area")
    assert (first.setup, first.source) == ("x = [1]\nx.append(2)\n", "area(x)")
    assert (second.setup, second.source) == ("x = [1]\nx.append(2)\narea(x)\n", "x")


def test_examples_that_share_no_name_need_no_setup() -> None:
    text = ">>> area(1)\n1\n\nAnd:\n\n>>> area(2)\n4\n>>> import math\n>>> area(math.pi)\n9.9"
    assert [example.setup for example in read_examples(text, "area")] == ["", "", "import math\n"]


def test_an_assignment_with_an_output_shows_the_name() -> None:
    example = only(">>> size = area(2)\n4")
    assert (example.source, example.expected) == ("size = area(2)\nsize", "4")


def test_methods() -> None:
    text = ">>> s = Stack()\n>>> s.push(1)\n1\n>>> s.push(2) == 2\n>>> s.items\n[1, 2]\n"
    found = read_examples(text, "push", "Stack")
    assert [(example.source, example.expected) for example in found] == [
        ("s.push(1)", "1"),
        ("s.push(2)", "2"),
        ("s.items", "[1, 2]"),
    ]
    assert found[2].setup == "s = Stack()\ns.push(1)\ns.push(2)\n"
    assert read_examples(">>> len(Stack())\n0", "__len__", "Stack")
    assert not read_examples(">>> len(Stack())\n0", "push", "Stack")


def test_names_that_are_the_functions_own_are_no_chance() -> None:
    assert read_examples(">>> monotonic([1, 2])\nTrue", "monotonic")


def test_a_session_goes_before_what_contradicts_it() -> None:
    assert outputs(">>> area(1)\n2\n\narea(1) == 3\narea(2) == 4") == [
        ("area(1)", "2"),
        ("area(2)", "4"),
    ]


def test_the_line_and_the_words() -> None:
    example = only("Size.\n\n    >>> area([1,\n    ...   2])\n    3")
    assert (example.line, example.shown) == (2, ">>> area([1, 2]) 3")


HOSTILE = {
    "open brackets": "f(" * 50_000,
    "nested brackets": "f(" + "[" * 50_000 + "]" * 50_000 + ") -> 1",
    "open quotes": 'f("' * 30_000,
    "triple quotes": 'f("""' * 20_000,
    "backslashes": 'f("' + "\\" * 100_000,
    "open prompts": ">>> f(\n" * 10_000,
    "prompts": ">>> f(1)\n2\n" * 10_000,
    "silent prompts": ">>> f(1)\n" * 10_000,
    "stateful prompts": "\n".join(f">>> s.f({n})\n{n}" for n in range(10_000)),
    "a long statement": ">>> f(1\n" + "... ,2\n" * 10_000 + "... )\n3",
    "a long output": ">>> f(1)\n" + "[\n" * 50_000,
    "written": "\n".join(f"f({n}) -> {n}" for n in range(10_000)),
    "a chain": "f(1) = " * 15_000,
    "a sum": "f(1) = " + "1 + " * 25_000 + "1",
    "inputs": "Input: x = 1\n" * 9_000,
    "givens": "for x = 1 " * 10_000,
    "assertions": "assert f(1) == [\n" * 6_000,
    "blanks": "f(1)" + " " * 100_000 + "-> 2",
    "blank lines": "f(1)" + "\n" * 100_000 + "-> 2",
    "wrappers": "sorted(" * 14_000 + "f(1)",
    "signs": "f(1) == " + "-" * 100_000 + "1",
    "backticks": "f(1)" + "`" * 100_000,
    "digits": "f(1) == " + "1" * 100_000,
    "huge values": "f(2) == 2 ** 9999999999\nf('a' * 99999999999) == 1",
    "lone surrogates": "f('\ud800') == '\udfff'\x00\nf('\x00') -> 1",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_time(name: str) -> None:
    started = time.process_time()
    found = read_examples(HOSTILE[name], "f", "", ("x",))
    read_examples(HOSTILE[name], "f", "Owner")
    assert len(found) <= 50
    # Twice half a second, and as much again for a busy machine.
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize("function", ["", "a.b", "f(", "a b", "λ"])
def test_odd_names(function: str) -> None:
    assert read_examples("λ(1) == 2\na.b(1) == 2", function) == (
        (Example("λ(1)", "2", "value", shown="λ(1) == 2"),) if function == "λ" else ()
    )

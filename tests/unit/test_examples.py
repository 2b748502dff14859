"""Examples written as calls and what they give, and those in blocks of input and output."""

import pytest

from scopewise.verify.behaviour import Example
from scopewise.verify.examples import read_examples


def told(example: Example) -> str:
    """An example on one line."""
    if example.form == "assert":
        return example.source
    sign = {"doctest": "prints", "value": "==", "raises": "raises"}[example.form]
    return f"{example.source} {sign} {example.expected}"


def read(docstring: str, *parameters: str) -> list[str]:
    return [told(example) for example in read_examples(docstring, "area", "", parameters)]


WRITTEN = {
    "area(2, 3) == 6": "area(2, 3) == 6",
    "area(2, 3) -> 6": "area(2, 3) == 6",
    "area(2, 3) --> 6": "area(2, 3) == 6",
    "area(2, 3) ➞ 6": "area(2, 3) == 6",
    "area(2, 3) → 6": "area(2, 3) == 6",
    "area(2, 3) => 6": "area(2, 3) == 6",
    "area(2, 3)==>6": "area(2, 3) == 6",
    "area(2, 3) = 6": "area(2, 3) == 6",
    "area(2, 3) returns 6": "area(2, 3) == 6",
    "area(2, 3) should return 6.": "area(2, 3) == 6",
    "area(2, 3) should\nreturn 6, as anyone can see": "area(2, 3) == 6",
    "area(2, 3) evaluates to 6": "area(2, 3) == 6",
    "area(2, 3): returns 6": "area(2, 3) == 6",
    "area(2, 3) is 6": "area(2, 3) == 6",
    "area(2, 3) # 6": "area(2, 3) == 6",
    "area(2, 3)  # => 6": "area(2, 3) == 6",
    "area(2, 3)  # returns 6": "area(2, 3) == 6",
    "area(2, 3)  # Output: 6": "area(2, 3) == 6",
    "area(2, 3)  // 6": "area(2, 3) == 6",
    "area(2, 3)\n   -> 6": "area(2, 3) == 6",
    "area(2, 3)\n   # => 6": "area(2, 3) == 6",
    "size = area(2, 3)  # 6": "area(2, 3) == 6",
    "`area(2, 3)` returns `6`.": "area(2, 3) == 6",
    "``area(2, 3)`` -> ``6``": "area(2, 3) == 6",
    "- area(2, 3) -> 6": "area(2, 3) == 6",
    "3) area(2, 3) -> 6": "area(2, 3) == 6",
    "| area(2, 3) == 6 |": "area(2, 3) == 6",
    "Example 1: area(2, 3) -> 6": "area(2, 3) == 6",
    "(area(2, 3) -> 6)": "area(2, 3) == 6",
    "Calling area(2, 3) returns the number 6.": "area(2, 3) == 6",
    "Use it so::\n\n    area(2, 3) == 6\n": "area(2, 3) == 6",
    "area(2, 3) -> 6 because it multiplies": "area(2, 3) == 6",
    "area(2, 3) -> 6  (of course)": "area(2, 3) == 6",
    "area(2, 3) == 2 * 3 = 6": "area(2, 3) == 6",
    "area(w=2, h=3) -> 6": "area(w=2, h=3) == 6",
    "area(“a”, ‘b’) returns “ab”.": 'area("a", \'b\') == "ab"',
    'area("a, (b") -> "]"': 'area("a, (b") == "]"',
    'area("it\'s") -> "its"': 'area("it\'s") == "its"',
    'area("")->""': 'area("") == ""',
    "area([\n  [1, 2],\n  [3],\n], 1) == [(0, 1),\n   (2, 3)]": (
        "area([[1, 2], [3]], 1) == [(0, 1), (2, 3)]"
    ),
    "area(1) -> -1": "area(1) == -1",
    "area(1) == 1/2": "area(1) == 1/2",
    "area(0) -> float('inf')": "area(0) == float('inf')",
    "area({3, 1}) -> set([1, 3])": "area({3, 1}) == set([1, 3])",
    "area(1) => true": "area(1) == True",
    'area("x") gives {"a": [true, null]}': 'area("x") == {"a": [True, None]}',
    "area(0) is None": "area(0) == None",
    "area(5) == area(2) + area(3)": "area(5) == area(2) + area(3)",
    "area(lambda x: x + 1, [1]) -> [2]": "area(lambda x: x + 1, [1]) == [2]",
    "round(area(1.5), 2) == 7.07": "round(area(1.5), 2) == 7.07",
    "sorted(area([2, 1]), reverse=True) -> [2, 1]": "sorted(area([2, 1]), reverse=True) == [2, 1]",
    "area(3)[0] == 1": "area(3)[0] == 1",
    'area("a").strip() == "a"': 'area("a").strip() == "a"',
    "area(1) != 2": "assert area(1) != 2",
    "assert area(2, 3) == 6": "area(2, 3) == 6",
    "assert area([1,\n 2]) == [\n 3]": "area([1, 2]) == [3]",
    "assert abs(area(1.0) - 3.14) < 0.01": "assert abs(area(1.0) - 3.14) < 0.01",
    "assert not area(0)  # empty": "assert not area(0)",
    "assert area([2]) => [4]": "area([2]) == [4]",
    "area(-1) raises ValueError": "area(-1) raises ValueError",
    "area(-1) should raise a `TypeError`.": "area(-1) raises TypeError",
    "area(-1) -> ValueError": "area(-1) raises ValueError",
    'area(-1) raises SizeError("negative")': "area(-1) raises SizeError: negative",
}


@pytest.mark.parametrize(("docstring", "expected"), WRITTEN.items())
def test_written_forms(docstring: str, expected: str) -> None:
    assert read(docstring) == [expected]


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("area(1) -> 1, area(2) -> 4; area(3) -> 9.", ["1", "4", "9"]),
        ("area(1) returns 1 and area(2) returns 4", ["1", "4"]),
        ("- area(1) -> [1]\n- area(2) -> [4]", ["[1]", "[4]"]),
        ("area(1) -> 1\narea(1) == 1\n`area( 1 )` gives 1", ["1"]),
    ],
)
def test_several_at_once(docstring: str, expected: list[str]) -> None:
    assert [example.expected for example in read_examples(docstring, "area")] == expected


@pytest.mark.parametrize(
    "docstring",
    [
        "area(n) == area(n - 1) + area(n - 2)",
        "area(width) -> int",
        "area(int) -> 0",
        "area() -> None",
        "area(size=None) -> None",
        "area(a, b) returns the sum",
        "The steps are A -> B, and area then.",
        "[1, 2, 3] -> 6",
        "area([1, ...]) -> 3",
        "area(1) -> [1, 2, ...]",
        "area(1) -> 0.333...",
        "area(1) -> 1, 2",
        "area(1) -> 1 or 2",
        "area(1) -> 3 -> 4",
        "area(1) -> 50%",
        "area(1) -> 3cm",
        "area(1) -> 3rd",
        "area(1) -> 1,000",
        "area(1) -> 1.2.3",
        "area(1) -> hello",
        "area(1) -> `x`",
        "area(1) -> 3 if strict",
        'area(1) -> ("Venus")',
        'area(1) == ""aaa"',
        '"area(1)" returns "4"',
        "area(1) returns 3 elements",
        "area(1) returns 3\nelements of the list",
        "area(1) may return 3",
        "area(1) does not return 3",
        "area(1) # 2 items",
        "area(1) // 2 + 3",
        "area(1) > 3",
        "If area(1) returns 3, stop.",
        "when area(1) == 2",
        "instead of area(1) == 2",
        "not area(1) == 2",
        "return area(1) == 3",
        "x + area(1) == 2",
        "g(area(1)) == 2",
        "area(1) + 1 == 2",
        "shapes.area(1) -> 2",
        "Area(1) -> 2",
        "my_area(1) -> 2",
        "area(hello) => False",
        "area(1 == 2",
        "area(1) -> [1",
        'area("a\nb") -> 3',
        "area(open('x')) -> 1",
        "area(1) -> eval('2')",
        "area(9 ** 9 ** 9) -> 1",
        "area(1) raises ValueError or TypeError",
        "area(1) raises questions",
        "area(x) raises ValueError",
        "assert area(x) == 1",
    ],
)
def test_what_is_not_certain_is_not_an_example(docstring: str) -> None:
    assert read(docstring) == []


def test_equations_that_contradict_each_other_are_mathematics() -> None:
    text = "area(1) = 3\narea(2) = area(1) + 4 = 7\nExample:\narea(2) = [3, 7]\narea(5) == 1\n"
    assert read(text) == ["area(5) == 1"]


def test_one_call_with_two_answers_has_none() -> None:
    assert read("area(1) -> 3\narea(1) -> 4\narea(2) -> 5") == ["area(2) == 5"]


@pytest.mark.parametrize(
    "docstring",
    [
        ">>> area(r'\b2\b')\n6",
        ">>> area('2')\n'\b6'",
        ">>> word = r'\b2'\n>>> area(word)\n6",
        "area(r'(2)\1') -> 6",
    ],
)
def test_what_an_escape_has_eaten_is_no_example(docstring: str) -> None:
    """Docstrings with backslashes that are no raw strings, as people write them."""
    assert read(docstring) == []
    assert read(docstring.replace("\b", "\\b").replace("\1", "\\1")) != []


def test_results_of_chance_are_illustrations() -> None:
    text = (
        "Return a random side.\n\narea(6) -> 4\nassert 1 <= area(6) <= 6\narea(0) raises ValueError"
    )
    assert read(text) == ["assert 1 <= area(6) <= 6", "area(0) raises ValueError"]


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("Input: w = 3, h = 4\nOutput: 12", "area(w=3, h=4) == 12"),
        ("Example 1:\n    Input: w = 3,\n     h = 4\n    Output: 12\n    Explanation: easy", "12"),
        ("Input: w = 3\n h = 4\nOutput: 12", "12"),
        ("**Input:** w = [1, 2], h = 'a'\n**Output:** 12", "area(w=[1, 2], h='a') == 12"),
        ("For w = 3, h = 4 the output should be 12.", "area(w=3, h=4) == 12"),
        ("For w = 3 and h = 4, the sum is 7, the result must be 12", "12"),
        ("Given w = 3 and h = 4, return 12.", "area(w=3, h=4) == 12"),
    ],
)
def test_blocks_with_named_values(docstring: str, expected: str) -> None:
    assert read(docstring, "w", "h") == read(docstring)
    (found,) = read(docstring, "w", "h")
    assert found.endswith(expected)


def test_block_with_one_value_for_one_parameter() -> None:
    assert read("Input: [1, 2]\nOutput: 3", "sides") == ["area([1, 2]) == 3"]
    assert read("input: 5, output: 25", "side") == ["area(5) == 25"]
    assert read("Input:\n    5\nOutput:\n    25", "side") == ["area(5) == 25"]


@pytest.mark.parametrize(
    ("docstring", "parameters"),
    [
        ("Input: [1, 2]\nOutput: 3", ()),
        ("Input: [1, 2]\nOutput: 3", ("w", "h")),
        ("Input: z = 1\nOutput: 3", ("w", "h")),
        ("Input: 1 2 3\nOutput: 6", ("sides",)),
        ("Input: w = 1\n\nSome words.\nOutput: 3", ("w",)),
        ("Input: w = n\nOutput: 3", ("w",)),
        ("Input: w = 1\nOutput: the area", ("w",)),
        ("Input:\n    w: the width\nOutput:\n    the area", ("w",)),
        ("With w = 3 it takes 4 seconds", ("w",)),
    ],
)
def test_blocks_that_are_not_certain(docstring: str, parameters: tuple[str, ...]) -> None:
    assert read(docstring, *parameters) == []


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("Stack().push(1) -> 2", ["Stack().push(1) == 2"]),
        ("Stack.push(1) == 2", ["Stack.push(1) == 2"]),
        ("assert Stack([1]).push(2) == 3", ["Stack([1]).push(2) == 3"]),
        ("push(1) -> 2", []),
        ("self.push(1) -> 2", []),
        ("stack.push(1) -> 2", []),
        ("Stack(items).push(1) -> 2", []),
        ("Stack().pop() -> 2", []),
        ("Input: x = 1\nOutput: 2", []),
    ],
)
def test_methods(docstring: str, expected: list[str]) -> None:
    found = read_examples(docstring, "push", "Stack", ("self", "x"))
    assert [told(example) for example in found] == expected


def test_an_example_knows_how_and_where_it_is_written() -> None:
    (example,) = read_examples("Size.\n\n  - `area(2,\n   3)` -> 6, see?", "area")
    assert (example.shown, example.line) == ("area(2, 3)` -> 6", 2)
    (example,) = read_examples(f"area('{'a' * 300}') -> 1", "area")
    assert len(example.shown) == 160
    assert example.shown.endswith("...")

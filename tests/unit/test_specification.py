"""What signatures and documentation are read to say."""

from __future__ import annotations

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.scope.report import Specification
from scopewise.scope.signature import Parameter, Signature, read_signature
from scopewise.scope.specification import doc_text, specification
from scopewise.syntax.tree import parse


def parsed(source, suffix=".py"):
    document = parse(DocumentSnapshot(f"file:///project/module{suffix}", source))
    assert document is not None
    return document


def of(source, name="f", suffix=".py"):
    document = parsed(source, suffix)
    definition = document.find(name)
    assert definition is not None
    return specification(document, definition)


def documented(doc, signature="f(a, b)"):
    body = "\n".join(f"    {line}".rstrip() for line in doc.splitlines())
    return of(f'def {signature}:\n    """{body.strip()}\n    """\n')


def signature_of(source, name="f", suffix=".py"):
    document = parsed(source, suffix)
    return read_signature(document, document.find(name))


def test_nothing_is_said():
    assert of("def f(a, *, b=1, **more): ...\n") == Specification(n_parameters=3)


def test_types_are_counted():
    found = of("def f(a: int, b, c: str = '', *rest: float) -> bool: ...\n")
    assert (found.n_parameters, found.n_annotated, found.has_result_type) == (4, 3, True)


def test_the_receiver_is_no_parameter():
    source = "class A:\n    def f(self, a): ...\n    @staticmethod\n    def g(a, b): ...\n"
    assert of(source, "A.f").n_parameters == 1
    assert of(source, "A.g").n_parameters == 2


def test_signature_of_python():
    source = (
        "class A:\n    @property\n    def f(self, a: 'x' = 3, /, *b, c, **d) -> list[int]: ...\n"
    )
    assert signature_of(source, "A.f") == Signature(
        (Parameter("a", "'x'", "3"), Parameter("b"), Parameter("c"), Parameter("d")),
        "self",
        "list[int]",
        ("property",),
    )


GOOGLE = """Cuts a text.

Args:
    a (str): The text.
    b: The place; must not be negative.

Returns:
    str: What is left, or an empty string if b is too large.

Raises:
    IndexError: when b is negative.
    TypeError: for anything else.

Example:
    >>> f("abc", 1)
    'a'
"""


def test_google_sections():
    found = documented(GOOGLE)
    assert found.sections == ("parameters", "returns", "raises", "examples")
    assert found.raises == ("IndexError", "TypeError")
    assert (found.n_examples, found.n_annotated, found.has_result_type) == (1, 1, True)
    assert "must not be negative" in found.edge_cases
    assert "when b is negative" in found.edge_cases


NUMPY = """Cuts a text.

Parameters
----------
a : str
    The text.
b
    The place.

Returns
-------
str
    What is left.

Raises
------
IndexError
    If b is negative.
"""


def test_numpy_sections():
    found = documented(NUMPY)
    assert set(found.sections) == {"parameters", "returns", "raises"}
    assert (found.raises, found.n_annotated, found.has_result_type) == (("IndexError",), 1, True)


SPHINX = """Cuts a text.

:param str a: The text.
:param b: The place.
:type b: int
:returns: What is left.
:rtype: str
:raises IndexError: if b is negative
"""


def test_sphinx_fields():
    found = documented(SPHINX)
    assert set(found.sections) == {"parameters", "returns", "raises"}
    assert (found.raises, found.n_annotated, found.has_result_type) == (("IndexError",), 2, True)


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("Adds.", 0),
        ("Like f in other languages, see f(a).", 0),
        (">>> f(1, 2)\n3\n>>> f(2, 2)\n4", 2),
        (">>> x = 1\n>>> f(x, 2)\n3", 1),
        ("f(1, 2) == 3\nf(2, 2) == 4", 2),
        ("For example, f(1, 2) returns 3.", 1),
        ("f([1], 2) ➞ 3", 1),
        ("assert f(1, 2) == 3", 1),
        ("Input: a = 1, b = 2\nOutput: 3", 1),
        ("Other functions: g(1) == 3", 0),
    ],
)
def test_examples_in_readable_forms(text, n):
    assert documented(text).n_examples == n


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Returns None when nothing fits.", "Returns None when nothing fits"),
        ("If the list is empty, it is returned.", "If the list is empty"),
        ("Otherwise the first is taken.", "Otherwise the first is taken"),
        ("Raises KeyError if the key is not found.", "if the key is not found"),
        ("Takes at least two values.", "at least two"),
    ],
)
def test_edge_cases_are_named(text, phrase):
    assert documented(text).edge_cases == (phrase,)


def test_no_edge_case_in_plain_prose():
    assert documented("Adds the two numbers and returns the sum.").edge_cases == ()


def test_raises_in_prose():
    assert documented("It raises a `ValueError` for odd ones.").raises == ("ValueError",)
    assert documented("A KeyError is raised then.").raises == ("KeyError",)
    assert documented("It raises the price.").raises == ()


def test_broken_code_gives_what_there_is():
    document = parsed('def f(a, b:\n    """Adds."""\ndef g(a: int):\n    """Cuts.')
    for definition in document.definitions:
        assert isinstance(specification(document, definition), Specification)


def test_text_without_marks():
    document = parsed('def f():\n    """Adds\n\n      two\n    numbers.\n    """\n')
    assert doc_text(document, document.find("f")) == "Adds\n\n  two\nnumbers."


OTHERS = [
    (
        ".js",
        "/**\n * Cuts.\n * @param {string} a the text\n * @param b the place\n"
        " * @returns {string} the rest\n * @throws RangeError if b is negative\n */\n"
        "function f(a, b = 1) {}\n",
        (2, 1, True, ("parameters", "returns", "raises"), ("RangeError",)),
    ),
    (
        ".ts",
        "/** Cuts. */\nfunction f(a: string, b?: number, ...c: number[]): string {}\n",
        (3, 3, True, (), ()),
    ),
    (
        ".go",
        "package p\n\n// f cuts.\nfunc f(a, b string, n ...int) (string, error) {\n}\n",
        (3, 3, True, (), ()),
    ),
    (
        ".rs",
        "/// Cuts.\n///\n/// # Errors\n/// If b is negative.\nfn f(a: &str, b: i32) -> String {}\n",
        (2, 2, True, ("raises",), ()),
    ),
    (
        ".c",
        "/** Cuts. */\nchar *f(const char *a, int b[]) {\n}\n",
        (2, 2, True, (), ()),
    ),
    (".c", "int f(void) {\n}\n", (0, 0, True, (), ())),
]


@pytest.mark.parametrize(("suffix", "source", "expected"), OTHERS)
def test_other_languages(suffix, source, expected):
    found = of(source, suffix=suffix)
    assert (
        found.n_parameters,
        found.n_annotated,
        found.has_result_type,
        found.sections,
        found.raises,
    ) == expected


def test_java_methods():
    source = (
        "class A {\n  /**\n   * Cuts.\n   * @throws IOException if it is missing\n   */\n"
        "  String f(String a, int... b) {\n  }\n}\n"
    )
    found = of(source, "A.f", ".java")
    assert (found.n_parameters, found.n_annotated, found.raises) == (2, 2, ("IOException",))

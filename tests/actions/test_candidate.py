from pathlib import Path

import pytest

from scopewise.actions.candidate import drafted, fill_change, rewrite_change
from scopewise.actions.change import apply_change
from scopewise.document import DocumentSnapshot
from scopewise.syntax.slot import body_slot
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.verify.label import Verdict


def parsed(text: str) -> ParsedDocument:
    result = parse(DocumentSnapshot(Path("/a.py").as_uri(), text, "python"))
    assert result is not None
    return result


def filled(text: str, answer: str) -> str:
    """The text with its one stub filled, once the checks have passed."""
    document = parsed(text)
    (slot,) = filter(None, (body_slot(document, d) for d in document.definitions))
    change = fill_change(slot, answer)
    draft = drafted(document, slot.definition, answer, change)
    assert draft.label.verdict is Verdict.UNVERIFIED, draft.label.sentence
    return apply_change(change, document)


def rewritten(text: str, answer: str) -> str:
    document = parsed(text)
    change = rewrite_change(document, document.definitions[-1], answer)
    draft = drafted(document, document.definitions[-1], answer, change)
    assert draft.label.verdict is Verdict.UNVERIFIED, draft.label.sentence
    return apply_change(change, document)


def test_property_with_a_setter_of_the_same_name():
    setter = "\n    @x.setter\n    def x(self, v):\n        self._x = v\n"
    stub = "class A:\n    @property\n    def x(self):\n        'Doc.'\n"
    expected = stub + "        return self._x\n" + setter
    assert filled(stub + setter, "        return self._x\n") == expected


@pytest.mark.parametrize("taken", ["def sqrt(x): ...\n", "sqrt = 1\n", "from cmath import sqrt\n"])
def test_import_stays_inside_when_the_file_means_something_else(taken):
    stub = "def f(x):\n    'Doc.'\n"
    body = "    from math import sqrt\n    return sqrt(x)\n"
    assert filled(taken + stub, body) == taken + stub + body


def test_import_a_function_has_inside_stays_there():
    before = "def f(x):\n    from a import b\n    return b(x)\n"
    answer = "    from a import b\n    return b(x + 1)\n"
    assert rewritten(before, answer) == "def f(x):\n" + answer


def test_body_keeps_its_own_indentation():
    others = "def g():\n    a = 1\n\n\n" * 3
    before = others + "def f(x):\n  'Doc.'\n  return x\n"
    assert rewritten(before, "    return x + 1\n") == before.replace("return x\n", "return x + 1\n")

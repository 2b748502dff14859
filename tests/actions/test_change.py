"""Changes that find their definition again after the document moved on."""

from __future__ import annotations

import pytest

from scopewise.actions.candidate import fill_change
from scopewise.actions.change import apply_change
from scopewise.errors import StaleDocument
from scopewise.syntax.slot import body_slot
from scopewise.syntax.tree import ParsedDocument

from .helper import place_in

BEFORE = 'import os\n\n\ndef f(x):\n    """Doc."""\n\n\ndef g():\n    pass\n'


def parsed(text: str) -> ParsedDocument:
    found = place_in(text).parsed
    assert found is not None
    return found


def change(answer: str = "    return math.pi * x\n"):  # type: ignore[no-untyped-def]
    document = parsed(BEFORE)
    definition = document.find("f")
    assert definition is not None
    slot = body_slot(document, definition)
    assert slot is not None
    return fill_change(slot, answer)


def test_text_typed_above_and_below_does_no_harm() -> None:
    now = BEFORE.replace("import os\n", "import os\nimport re\n# 🎉\n") + "\n\ndef h():\n    pass\n"
    assert apply_change(change(), parsed(now)) == now.replace(
        "import re\n", "import re\nimport math\n"
    ).replace('"""Doc."""\n', '"""Doc."""\n    return math.pi * x\n')


@pytest.mark.parametrize(
    "now",
    [
        BEFORE.replace("Doc.", "Another doc."),
        BEFORE.replace("def f(x)", "def f(y)"),
        BEFORE.replace('    """Doc."""\n', '    """Doc."""\n    return 2\n').replace(
            "def f", "def f2"
        ),
        "",
    ],
)
def test_a_target_that_changed_makes_it_stale(now: str) -> None:
    with pytest.raises(StaleDocument, match="changed while"):
        apply_change(change(), parsed(now))


def test_two_definitions_that_look_the_same_are_not_guessed_between() -> None:
    with pytest.raises(StaleDocument):
        apply_change(change(), parsed(BEFORE + "\n\n" + BEFORE))

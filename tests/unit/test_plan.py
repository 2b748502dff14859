"""Answers that go on from the first step of a plan."""

from __future__ import annotations

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.prompt.opening import first_step, planned_answer
from scopewise.syntax.tree import Definition, ParsedDocument, parse


def only_function(text: str, language: str) -> tuple[ParsedDocument, Definition]:
    parsed = parse(DocumentSnapshot("file:///main", text, language))
    assert parsed is not None
    return parsed, next(d for d in parsed.definitions if d.kind == "function")


@pytest.mark.parametrize(
    ("text", "language", "begins"),
    [
        ("def f():\n    pass\n", "python", "    # Step 1:"),
        ("class A:\n  def f(self):\n    pass\n", "python", "        # Step 1:"),
        ("function f() {\n}\n", "javascript", "    // Step 1:"),
        ("class A {\n  f() {\n  }\n}\n", "typescript", "        // Step 1:"),
        ("package a\n\nfunc f() {\n}\n", "go", "\t// Step 1:"),
        ("fn f() {\n}\n", "rust", "    // Step 1:"),
    ],
)
def test_a_plan_begins_as_a_comment_of_the_body(text: str, language: str, begins: str) -> None:
    assert first_step(*only_function(text, language)) == begins


def test_steps_lose_their_numbers() -> None:
    answer = (
        " Split the words\n    words = text.split()\n    # Step 2: Count them.\n"
        "    #Step 3. Done\n    return len(words)  # Step 4: not a line of its own\n"
    )
    assert planned_answer(*only_function("def f(text):\n    pass\n", "python"), answer) == (
        "    # Split the words\n    words = text.split()\n    # Count them.\n"
        "    #Done\n    return len(words)  # Step 4: not a line of its own\n"
    )


def test_a_step_that_says_nothing_is_left() -> None:
    whole = planned_answer(*only_function("def f():\n    pass\n", "python"), "\n    return 1\n")
    assert whole == "    # Step 1:\n    return 1\n"

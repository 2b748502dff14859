"""Explain and the hover that shows it afterwards, with a scripted engine."""

from __future__ import annotations

import asyncio

import pytest

from scopewise.actions.explain import offer
from scopewise.actions.hover import hover
from scopewise.actions.outcome import Place
from scopewise.actions.session import Session, Task
from scopewise.actions.workspace import DiskWorkspace
from scopewise.cancel import CancelToken
from scopewise.engine.scripted import ScriptedEngine
from scopewise.text import ByteRange
from scopewise.verify.label import Verdict

from .helper import place_in, run

CODE = '''class Cart:
    """Things to buy."""

    def total(self, rate):
        """The sum."""
        return rate * 2


def main():
    print(Cart().total(1))
'''


@pytest.mark.parametrize(
    ("cursor", "title"),
    [
        ("return rate", "Explain the method `Cart.total`"),
        ("class Cart", "Explain the class `Cart`"),
        ("def main", "Explain the function `main`"),
    ],
)
def test_what_is_explained_at_the_cursor(cursor: str, title: str) -> None:
    found = offer(place_in(CODE.replace(cursor, "$0" + cursor)))
    assert found is not None
    assert found.title == title


def test_a_selection_inside_a_function_is_explained_alone() -> None:
    ran = run("explain", place_in(CODE.replace("rate * 2", "$0rate * 2$0")), ["Doubles `rate`."])
    assert ran.outcome.title == "Explain the selected lines"
    assert "```python\nrate * 2\n```" in ran.prompt
    assert ran.outcome.markdown == "Doubles `rate`."


def test_outside_of_everything_the_file_is_explained_in_outline() -> None:
    ran = run("explain", place_in("import os\n$0\n\n" + CODE), ["A cart."])
    assert ran.outcome.title == "Explain the file `main.py`"
    assert "def main(): ..." in ran.prompt
    assert "rate * 2" not in ran.prompt
    assert "exact" not in ran.prompt


def test_short_code_is_explained_exactly_and_long_code_briefly() -> None:
    long = CODE.replace("    print", "    print(1)\n" * 200 + "    print")
    assert "so exactly that" in run("explain", place_in(f"$0{CODE}"), ["A cart."]).prompt
    assert (
        "so exactly that"
        not in run("explain", place_in(long.replace("def main", "$0def main")), ["Prints."]).prompt
    )


def test_a_document_in_no_language_we_know_needs_a_selection() -> None:
    assert offer(place_in("some $0text", "untitled:notes", "plaintext")) is None
    ran = run("explain", place_in("some $0text$0", "untitled:notes", "plaintext"), ["Words."])
    assert ran.outcome.markdown == "Words."


def test_names_that_are_not_in_the_code_are_found() -> None:
    ran = run("explain", place_in(CODE.replace("def main", "$0def main")), ["It calls `checkout`."])
    assert "`checkout`" in ran.outcome.label.findings[0].message
    assert ran.outcome.label.verdict is Verdict.UNVERIFIED
    assert ran.outcome.markdown == "It calls `checkout`."


def test_an_empty_answer_is_declined() -> None:
    ran = run("explain", place_in(CODE.replace("def main", "$0def main")), [""])
    assert ran.outcome.label.verdict is Verdict.DECLINED
    assert ran.outcome.markdown == ""


def _hovered(name: str, session: Session, n_th: int = 0) -> str:
    place = place_in(CODE)
    offset = -1
    for _ in range(n_th + 1):
        offset = CODE.index(name, offset + 1)
    at = Place(place.snapshot, place.parsed, ByteRange(offset, offset))
    card = hover(at, DiskWorkspace(()), session.explanations)
    return card.markdown if card else ""


def test_hover_says_what_is_known_at_once() -> None:
    session = Session(engine=ScriptedEngine([]))
    markdown = _hovered("total", session)
    assert "```python\ndef total(self, rate)\n```" in markdown
    assert "function · here, line 4 · 3 lines" in markdown


def test_hover_on_a_reference_leads_to_the_definition() -> None:
    session = Session(engine=ScriptedEngine([]))
    assert "def total(self, rate)" in _hovered("total", session, n_th=1)
    assert "class Cart" in _hovered("Cart()", session)
    assert _hovered("print", session) == ""


def test_hover_shows_an_explanation_once_there_is_one() -> None:
    session = Session(engine=ScriptedEngine(["Doubles the `rate`."]))
    place = place_in(CODE.replace("return rate", "$0return rate"))
    asyncio.run(session.run(Task("explain", place), DiskWorkspace(()), CancelToken()))
    assert "Doubles the `rate`." in _hovered("total", session)
    assert "Doubles" not in _hovered("main", session)


def test_hover_marks_a_stub_that_can_be_filled() -> None:
    place = place_in('def $0area(r):\n    """The area."""\n')
    card = hover(place, DiskWorkspace(()), Session(engine=ScriptedEngine([])).explanations)
    assert card is not None
    assert "stub: its body can be filled from the docstring" in card.markdown


LANGUAGES = {
    "javascript": (
        "/** A pile. */\nclass Pile {\n  size = 0;\n\n  // Puts one on top.\n  push(x) {\n    "
        "this.size += x;$0\n  }\n}\n",
        "Explain the method `Pile.push`",
        "// Puts one on top.\n  push(x) {",
    ),
    "typescript": (
        "export namespace N {\n  /** Doubles. */\n  export const twice = (x: number) => {\n"
        "    return 2 * x;$0\n  };\n}\n",
        "Explain the function `N.twice`",
        "export const twice",
    ),
    "typescriptreact": (
        "/** What it shows. */\ninterface $0Props { name: string }\n",
        "Explain the interface `Props`",
        "interface Props",
    ),
    "go": (
        "package a\n\n// Pile is a pile.\ntype Pile struct {\n\tsize int$0\n}\n",
        "Explain the struct `Pile`",
        "// Pile is a pile.\ntype Pile struct {",
    ),
    "rust": (
        "impl Pile {\n    /// Puts $0one on top.\n    #[inline]\n    fn push(&mut self) {}\n}\n",
        "Explain the method `Pile.push`",
        "/// Puts one on top.\n    #[inline]\n    fn push(&mut self) {}",
    ),
    "java": (
        "enum Suit { HEARTS;$0 }\n",
        "Explain the enum `Suit`",
        "HEARTS",
    ),
    "c": (
        "/* Doubles it. */\nstatic int *twice(int *x)\n{\n    *x *= 2;$0\n    return x;\n}\n",
        "Explain the function `twice`",
        "/* Doubles it. */",
    ),
    "cpp": (
        "namespace n {\ntemplate <class T>\nT twice(T x) { return 2 * x;$0 }\n}\n",
        "Explain the function `n.twice`",
        "template <class T>",
    ),
    "shellscript": (
        '# Says hello.\ngreet() {\n    echo "hello $1"$0\n}\n',
        "Explain the function `greet`",
        "# Says hello.",
    ),
}
NAMES = {
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "go": "Go",
    "rust": "Rust",
    "java": "Java",
    "c": "C",
    "cpp": "C++",
    "shellscript": "Bash",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_explained(language: str) -> None:
    text, title, shown = LANGUAGES[language]
    ran = run("explain", place_in(text, "file:///project/file", language), ["It does `nothing2`."])
    assert ran.outcome.title == title
    assert shown in ran.prompt
    assert f"You explain {NAMES.get(language, '')}" in ran.prompt
    assert ran.outcome.markdown
    assert "`nothing2`" in ran.outcome.label.findings[0].message


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("javascript", "`undefined`, `Promise`, `await`, `null`"),
        ("typescript", "`readonly`, `Partial`, `interface`"),
        ("go", "`nil`, `append`, `chan`, `defer`"),
        ("rust", "`Some`, `Vec`, `impl`, `String`"),
        ("java", "`String`, `synchronized`, `null`"),
        ("c", "`malloc`, `NULL`, `typedef`"),
        ("cpp", "`vector`, `constexpr`, `nullptr`"),
        ("shellscript", "`grep`, `elif`, `IFS`"),
    ],
)
def test_words_of_a_language_are_known(language: str, said: str) -> None:
    text = LANGUAGES[language][0]
    ran = run("explain", place_in(text, "file:///project/file", language), [f"It uses {said}."])
    assert ran.outcome.label.findings == ()


def test_a_file_of_another_language_in_outline() -> None:
    text = (
        "$0#include <stdio.h>\n\n/// A pile.\nclass Pile : public Base {\n public:\n"
        "  // How many.\n  int size = 0;\n\n  // Puts one on top.\n"
        "  void push(int x) { size += x; }\n};\n\n/** Begins. */\nint main() {\n  return 0;\n}\n"
    )
    ran = run("explain", place_in(text, "file:///project/a.cpp", "cpp"), ["A pile."])
    assert ran.outcome.title == "Explain the file `a.cpp`"
    assert (
        "#include <stdio.h>\n\nclass Pile : public Base {\n    public:\n    int size = 0;\n"
        "    void push(int x) { ... }  // Puts one on top.\n}\n\nint main() { ... }  // Begins.\n"
    ) in ran.prompt

"""Answers to what editors ask at every move, in a long file, while the model is at work."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable

from conftest import Start
from editor import Document, Editor

N_LINES = 5000
N_ASKED = 60
CODE_ACTION_S = 0.010
HOVER_S = 0.150
"""A hover waits for scope analysis, which this is the aim of."""


def long_file() -> str:
    """Classes with finished methods and a stub each, ten lines a piece."""
    piece = '''class Shape{n}:
    def area(self, width, height):
        """The area of a rectangle."""
        return width * height + {n}

    def ring(self, width, height):
        """The circumference of a rectangle."""


other_{n} = Shape{n}().area({n}, {n})
'''
    return "".join(piece.format(n=n) for n in range(N_LINES // 10))


async def busy_editor(start: Start) -> tuple[Editor, Document]:
    """An editor with a long document and a job that writes thirty words a second."""
    body = "".join(f"        value_{n} = width * height\n" for n in range(1000))
    settings = {"actions.max_answer_tokens": 100_000}
    editor = await start({"text": body, "delay_s": 1 / 30}, settings=settings)
    document = editor.open(long_file())
    document.cursor = document.text.index("circumference")
    await editor.run("fill_body", document)
    await editor.until(lambda: editor.progress)
    return editor, document


async def median_s(document: Document, ask: Callable[[Document], Awaitable[object]]) -> float:
    """The median over places all over the document."""
    seconds = []
    for n in range(N_ASKED):
        document.cursor = document.text.index(f"class Shape{n * 8}:") + len("class Shap")
        document.cursor = document.text.index("circumference", document.cursor)
        begin = time.perf_counter()
        await ask(document)
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


async def test_code_action_is_quick(start: Start) -> None:
    editor, document = await busy_editor(start)

    assert await median_s(document, editor.actions) < CODE_ACTION_S
    assert not editor.ends


async def test_code_action_is_quick_while_typing(start: Start) -> None:
    editor, document = await busy_editor(start)

    async def type_and_ask(document: Document) -> None:
        """What the server does about the keystroke is part of the answer's time."""
        editor.replace(document, "self, width", "self,  width")
        await editor.actions(document)

    assert await median_s(document, type_and_ask) < CODE_ACTION_S
    assert not editor.ends


async def test_hover_is_quick(start: Start) -> None:
    editor, document = await busy_editor(start)

    async def hover_name(document: Document) -> None:
        document.cursor = document.text.rindex("ring", 0, document.cursor)
        assert "def ring" in await editor.hover(document)

    assert await median_s(document, hover_name) < HOVER_S
    assert not editor.ends

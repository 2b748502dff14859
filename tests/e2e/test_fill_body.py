"""Fill body through a real server: from the offer to the text in the document."""

from __future__ import annotations

from conftest import Start

STUB = '''def area(width, height):
    """The area of a rectangle.$0"""
'''
BODY = "    return width * height\n"
FILLED = '''def area(width, height):
    """The area of a rectangle."""
    return width * height
'''


async def test_body_is_filled(start: Start) -> None:
    editor = await start(BODY)
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    await editor.until(lambda: editor.edits)

    assert document.text == FILLED

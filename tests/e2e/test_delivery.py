"""From an outcome to the document: versions, consent, and documents that did not stand still."""

from __future__ import annotations

import pytest
from conftest import Start
from editor import Document, Editor, bare, emacs, neovim
from lsprotocol import types as lsp
from samples import BODY, FILLED, STUB

SLOW_BODY = {"text": BODY, "delay_s": 0.15}


async def begin_filling(editor: Editor, document: Document) -> None:
    await editor.run("fill_body", document)
    await editor.until(lambda: editor.progress)


# Forms of an edit


async def test_edit_carries_version_and_label(start: Start) -> None:
    editor = await start(BODY)
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    await editor.until(lambda: editor.edits)

    edit = editor.edits[0]
    assert document.text == FILLED
    assert edit.params.label == "Fill body of `area`"
    assert edit.changes[0].text_document.version == 1
    assert edit.annotation.label == "Fill body of `area`"
    assert edit.annotation.description
    assert edit.annotation.description.startswith("unverified: ")
    assert edit.annotation.needs_confirmation
    assert not editor.questions


async def test_client_without_versions_gets_plain_changes(start: Start) -> None:
    editor = await start(BODY, capabilities=neovim(), press="Apply")
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    await editor.until(lambda: editor.edits)

    assert editor.edits[0].params.edit.document_changes is None
    assert document.text == FILLED


async def test_client_without_edits_is_shown_the_code(start: Start) -> None:
    editor = await start(BODY, capabilities=lsp.ClientCapabilities())

    await editor.run("fill_body", editor.open(STUB))

    assert "return width * height" in await editor.until_said("Fill body of `area`")


# Consent


async def test_rejected_preview_is_final_and_silent(start: Start) -> None:
    editor = await start(BODY, accepts_previews=False)
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    await editor.until(lambda: editor.edits)
    await editor.hover(document)

    assert len(editor.edits) == 1
    assert editor.messages == []


async def test_client_without_previews_is_asked(start: Start) -> None:
    editor = await start(BODY, capabilities=emacs())
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    await editor.until(lambda: editor.questions)

    question = editor.questions[0]
    assert question.message.startswith("Fill body of `area`: unverified: ")
    assert [action.title for action in question.actions or []] == ["Apply", "Discard"]
    assert not editor.edits
    editor.press = "Apply"
    await editor.until(lambda: editor.edits)
    assert document.text == FILLED
    assert editor.edits[0].params.edit.change_annotations is None


@pytest.mark.parametrize("button", ["Discard", "closed the question"])
async def test_discarded(start: Start, button: str) -> None:
    editor = await start(BODY, capabilities=emacs(), press=button)
    document = editor.open(STUB)

    outcome = await editor.run("fill_body", document, wait=True, apply=True)

    assert outcome["applied"] is False
    assert not editor.edits
    assert editor.messages == []


async def test_nobody_is_asked_when_the_user_wants_it_so(start: Start) -> None:
    editor = await start(BODY, capabilities=emacs(), settings={"actions.confirm": "never"})
    document = editor.open(STUB)

    await editor.run("fill_body", document)

    await editor.until_said("Fill body of `area`: unverified: ")
    assert document.text == FILLED
    assert not editor.questions


async def test_editor_that_cannot_ask(start: Start) -> None:
    refuses = ["window/showMessageRequest"]
    editor = await start(BODY, capabilities=emacs(), refuses=refuses)
    document = editor.open(STUB)

    await editor.run("fill_body", document)

    assert "`actions.confirm`" in await editor.until_said("This editor cannot ask")
    assert not editor.edits


async def test_declined_answer_is_shown_and_not_inserted(start: Start) -> None:
    editor = await start("    return widht * height\n")
    document = editor.open(STUB)

    await editor.run("fill_body", document)

    said = await editor.until_said("Fill body of `area`: declined: ")
    assert "widht" in said
    assert editor.client.messages[0].type == lsp.MessageType.Warning
    assert not editor.edits
    assert editor.ends[0].startswith("declined: ")


# Documents that change


async def test_change_elsewhere_moves_the_edit(start: Start) -> None:
    editor = await start(SLOW_BODY)
    document = editor.open("import math\n\n\n" + STUB)
    await begin_filling(editor, document)

    editor.replace(document, "import math\n", "import cmath\nimport math\n")
    await editor.until(lambda: editor.edits)

    assert document.text == "import cmath\nimport math\n\n\n" + FILLED
    assert editor.edits[0].changes[0].text_document.version == 2


async def test_change_inside_refuses_the_edit(start: Start) -> None:
    editor = await start(SLOW_BODY)
    document = editor.open(STUB)
    await begin_filling(editor, document)

    editor.replace(document, "a rectangle", "an ellipse")

    await editor.until_said("`area` in shop.py changed while the answer was being written")
    assert not editor.edits


async def test_change_while_the_question_stands(start: Start) -> None:
    editor = await start(BODY, capabilities=emacs())
    document = editor.open(STUB)
    await editor.run("fill_body", document)
    await editor.until(lambda: editor.questions)

    editor.replace(document, "def area", "import math\n\n\ndef area")
    editor.press = "Apply"
    await editor.until(lambda: editor.edits)

    assert document.text == "import math\n\n\n" + FILLED


async def test_edit_that_lost_a_race_is_placed_again(start: Start) -> None:
    editor = await start(BODY)
    document = editor.open(STUB)

    def type_at_the_last_moment() -> None:
        editor.before_edit = lambda: None
        editor.replace(document, "def area", "# Geometry\ndef area")

    editor.before_edit = type_at_the_last_moment
    await editor.run("fill_body", document)
    await editor.until(lambda: len(editor.edits) == 2)

    assert [edit.is_applied for edit in editor.edits] == [False, True]
    assert document.text == "# Geometry\n" + FILLED


async def test_refused_edit_is_told(start: Start) -> None:
    editor = await start(BODY, capabilities=emacs(), refuses=[], press="Apply")
    document = editor.open(STUB)
    editor.before_edit = lambda: setattr(document, "version", 99)

    await editor.run("fill_body", document)

    await editor.until_said("Fill body of `area`: the editor did not apply the edit.")


async def test_older_version_in_the_command_finds_its_target_again(start: Start) -> None:
    editor = await start(BODY)
    document = editor.open(STUB)
    action = (await editor.actions(document))[0]
    editor.replace(document, "def area", "def side(area):\n    return area ** 0.5\n\n\ndef area")

    await editor.command("scopewise.run", action["command"]["arguments"][0])
    await editor.until(lambda: editor.edits)

    assert document.text.endswith("\n\n\n" + FILLED)


async def test_older_version_in_the_command_whose_target_is_gone(start: Start) -> None:
    editor = await start(BODY)
    document = editor.open(STUB)
    action = (await editor.actions(document))[0]
    editor.replace(document, "def area", "def zone")

    await editor.command("scopewise.run", action["command"]["arguments"][0])

    await editor.until_said("shop.py changed, and what the action was meant for is not there")


# Documents that are closed


async def test_closed_document_is_changed_as_a_file(start: Start) -> None:
    editor = await start(SLOW_BODY)
    document = editor.open(STUB)
    (editor.folder / "shop.py").write_text(document.text)
    await begin_filling(editor, document)

    editor.close(document)
    await editor.until(lambda: editor.edits)

    assert editor.edits[0].changes[0].text_document.version is None
    assert editor.text_of(document.uri) == FILLED
    await editor.until(lambda: editor.client.shown_documents)
    assert editor.client.shown_documents[0].uri == document.uri


async def test_closed_document_without_a_file(start: Start) -> None:
    editor = await start(SLOW_BODY)
    document = editor.open(STUB, name="Untitled-1")
    await begin_filling(editor, document)

    editor.close(document)

    await editor.until_said("Untitled-1 was closed while the answer was being written")
    assert not editor.edits


async def test_closed_document_whose_file_differs(start: Start) -> None:
    editor = await start(SLOW_BODY)
    document = editor.open(STUB)
    (editor.folder / "shop.py").write_text(document.text.replace("area", "zone"))
    await begin_filling(editor, document)

    editor.close(document)

    await editor.until_said("`area` in shop.py changed")
    assert not editor.edits


# Positions


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_characters_of_every_width(start: Start, encoding: str) -> None:
    capabilities = bare()
    kinds = [lsp.PositionEncodingKind(encoding)]
    capabilities.general = lsp.GeneralClientCapabilities(position_encodings=kinds)
    editor = await start(BODY, capabilities=capabilities, press="Apply")
    stub = 'FLAGS = "🏴‍☠️é"; ' + "\n" + STUB.replace("The", "🎉 Die Fläche.\f The")
    document = editor.open(stub)

    editor.replace(document, "é", "é😀")
    document.cursor = document.text.index("rectangle")
    await editor.run("fill_body", document)
    await editor.until(lambda: editor.edits)

    changes = editor.edits[0].params.edit.changes or {}
    column = changes[document.uri][0].range.start.character
    assert column == {"utf-8": 53, "utf-16": 50, "utf-32": 49}[encoding]
    expected = stub.replace("$0", "").replace("é", "é😀", 1) + BODY
    assert document.text == expected


async def test_line_endings_are_kept(start: Start) -> None:
    editor = await start(BODY)
    document = editor.open(STUB.replace("\n", "\r\n"))

    await editor.run("fill_body", document)
    await editor.until(lambda: editor.edits)

    assert document.text == FILLED.replace("\n", "\r\n")


async def test_tabs_are_kept(start: Start) -> None:
    editor = await start(BODY)
    document = editor.open(STUB.replace("    ", "\t"))

    await editor.run("fill_body", document)
    await editor.until(lambda: editor.edits)

    assert document.text == FILLED.replace("    ", "\t")

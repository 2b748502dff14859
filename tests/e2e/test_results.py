"""Results shown whole, in a client that asks what to do with them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from conftest import Start
from editor import Document, Editor, emacs, vscode
from lsprotocol import types as lsp
from own_client import WAIT, OwnClient, announcing
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcMethodNotFound
from samples import BODY, BROKEN, FILLED, MENDED, STUB, TRACE, TWO_STUBS

OTHER_BODY = "    return height * width\n"
BROKEN_BODY = "    return widht * height\n"
ANSWERS = [{"text": BODY, "is_kept": False}, {"text": OTHER_BODY}]
WITH_EXAMPLE = '''def area(width, height):
    """The area of a rectangle.$0

    >>> area(2, 3)
    6
    """
'''


async def shown_to(
    start: Start, *answers: str | dict[str, Any], answer: object = WAIT, **kwargs: Any
) -> tuple[Editor, OwnClient]:
    """An editor whose client shows results."""
    clients: list[OwnClient] = []
    kwargs.setdefault("capabilities", announcing("results"))
    # One answer: comparing many takes long, and changes nothing here.
    settings = {"verify.samples": 0, **kwargs.pop("settings", {})}
    editor = await start(
        *answers,
        attach=lambda editor: clients.append(OwnClient(editor, answer)),
        settings=settings,
        **kwargs,
    )
    return editor, clients[0]


async def shown_fill(
    start: Start, *answers: str | dict[str, Any], **kwargs: Any
) -> tuple[Editor, OwnClient, Document]:
    """The same, with the filled stub before the user's eyes."""
    editor, client = await shown_to(start, *(answers or (BODY,)), **kwargs)
    document = editor.open(STUB)
    await editor.run("fill_body", document)
    await client.until_shown()
    return editor, client, document


async def settled(editor: Editor) -> None:
    """Wait until the server has done what the last message asked for."""
    await editor.command("scopewise.status")
    await asyncio.sleep(0.1)


# What is shown


async def test_result_is_shown_with_everything_known(start: Start) -> None:
    editor, client, document = await shown_fill(start)

    result = client.results[0]
    sentence = result["label"]["sentence"]
    end = {"line": 1, "character": 34}
    assert result["label"]["verdict"] == "unverified"
    assert sentence.startswith("unverified: ")
    assert any("parses" in check for check in result["label"]["checked"])
    assert result == {
        "id": result["id"],
        "title": "Fill body of `area`",
        "producer": "fill_body",
        "uri": document.uri,
        "version": 1,
        "label": result["label"],
        "edits": [{"range": {"start": end, "end": end}, "newText": "\n" + BODY.rstrip()}],
        "rejected": "",
        "languageId": "python",
        "note": "",
        "needsConfirmation": True,
        "canRetry": True,
        "cloud": result["cloud"],
    }
    assert not editor.edits
    assert document.text != FILLED


async def test_progress_has_ended_before(start: Start) -> None:
    editor, client, _ = await shown_fill(start)

    assert len(editor.ends) == 1
    assert client.results[0]["id"] in editor.client.progress_reports


async def test_apply(start: Start) -> None:
    editor, client, document = await shown_fill(start)

    client.choose("apply")
    await editor.until(lambda: editor.edits)

    assert document.text == FILLED
    assert editor.edits[0].changes[0].text_document.version == 1
    assert not editor.edits[0].annotation.needs_confirmation
    await settled(editor)
    assert editor.messages == []
    assert not editor.questions


@pytest.mark.parametrize("answer", [{"choice": "discard"}, None])
async def test_discard_is_silent(start: Start, answer: object) -> None:
    editor, _ = await shown_to(start, BODY, answer=answer)
    document = editor.open(STUB)

    outcome = await editor.run("fill_body", document, wait=True, apply=True)

    assert outcome["applied"] is False
    assert not editor.edits
    assert editor.messages == []


async def test_nothing_is_shown_to_a_script_that_applies_itself(start: Start) -> None:
    editor, client = await shown_to(start, BODY)

    outcome = await editor.run("fill_body", editor.open(STUB), wait=True)

    assert outcome["edits"]
    assert client.results == []


async def test_script_that_waits_and_applies_shows_it_too(start: Start) -> None:
    editor, client = await shown_to(start, BODY, answer={"choice": "apply"})
    document = editor.open(STUB)

    outcome = await editor.run("fill_body", document, wait=True, apply=True)

    assert outcome["applied"] is True
    assert document.text == FILLED
    assert len(client.results) == 1


async def test_fix_is_shown_with_its_note(start: Start) -> None:
    settings = {"actions.confirm": "always"}
    editor, client = await shown_to(start, f"{MENDED}```\n", settings=settings)
    (editor.folder / "stats.py").write_text(BROKEN)
    trace = TRACE.format(path=editor.folder / "stats.py").replace("$0", "")

    await editor.command("scopewise.fixTrace", {"text": trace})
    result = await client.until_shown()

    assert result["title"] == "Fix `mean`"
    assert result["uri"] == (editor.folder / "stats.py").as_uri()
    assert result["version"] is None
    assert result["languageId"] == "python"
    assert result["note"] == "Changed `mean` in stats.py."
    client.choose("apply")
    await editor.until(lambda: editor.edits)
    assert editor.text_of(result["uri"]) == MENDED + "\n\nmean([])\n"
    await editor.until(lambda: editor.client.shown_documents)


# Which results


async def test_verified_is_applied_at_once(start: Start) -> None:
    editor, client = await shown_to(start, BODY)
    document = editor.open(WITH_EXAMPLE)

    await editor.run("fill_body", document)

    await editor.until_said("Fill body of `area`: verified: ")
    assert BODY in document.text
    assert client.results == []


async def test_verified_is_shown_to_who_wants_to_see_everything(start: Start) -> None:
    settings = {"actions.confirm": "always"}
    editor, client = await shown_to(start, BODY, settings=settings)

    await editor.run("fill_body", editor.open(WITH_EXAMPLE))
    result = await client.until_shown()

    assert result["label"]["verdict"] == "verified"
    assert "1 of 1 example passes" in result["label"]["checked"][0]
    assert result["needsConfirmation"]


async def test_nothing_but_declined_is_shown_to_who_wants_no_questions(start: Start) -> None:
    editor, client = await shown_to(start, BODY, settings={"actions.confirm": "never"})
    document = editor.open(STUB)

    await editor.run("fill_body", document)

    await editor.until_said("Fill body of `area`: unverified: ")
    assert document.text == FILLED
    assert client.results == []


async def test_declined_is_shown_and_cannot_be_applied(start: Start) -> None:
    editor, client = await shown_to(start, BROKEN_BODY, settings={"actions.confirm": "never"})
    document = editor.open(STUB)

    await editor.run("fill_body", document)
    result = await client.until_shown()

    assert result["label"]["verdict"] == "declined"
    assert "widht" in result["label"]["sentence"]
    assert result["edits"] == []
    assert "widht" in result["rejected"]
    assert result["languageId"] == "python"
    assert not result["needsConfirmation"]
    assert editor.messages == []
    client.choose("apply")
    await editor.until_said("Fill body of `area`: declined: ")
    assert not editor.edits


async def test_editor_with_previews_of_its_own_previews_everything(start: Start) -> None:
    settings = {"actions.confirm": "always"}
    editor, _ = await shown_to(start, BODY, settings=settings, capabilities=vscode())

    await editor.run("fill_body", editor.open(WITH_EXAMPLE))
    await editor.until(lambda: editor.edits)

    annotation = editor.edits[0].annotation
    assert annotation.needs_confirmation
    assert annotation.description
    assert annotation.description.startswith("verified: ")


async def test_editor_without_previews_asks_about_everything(start: Start) -> None:
    settings = {"actions.confirm": "always"}
    editor, _ = await shown_to(start, BODY, settings=settings, capabilities=emacs())
    document = editor.open(WITH_EXAMPLE)

    await editor.run("fill_body", document)
    await editor.until(lambda: editor.questions)

    assert editor.questions[0].type == lsp.MessageType.Info
    assert editor.questions[0].message.startswith("Fill body of `area`: verified: ")
    editor.press = "Apply"
    await editor.until(lambda: editor.edits)
    assert BODY in document.text


async def test_editor_that_takes_no_edits_is_shown_the_code(start: Start) -> None:
    capabilities = announcing("results", capabilities=lsp.ClientCapabilities())
    editor, client = await shown_to(start, BODY, capabilities=capabilities)

    await editor.run("fill_body", editor.open(STUB))

    assert "return width * height" in await editor.until_said("Fill body of `area`")
    assert client.results == []


# Something else


async def test_again_gives_another_answer(start: Start) -> None:
    editor, client, document = await shown_fill(start, *ANSWERS)
    assert client.results[0]["edits"][0]["newText"].strip() == BODY.strip()

    client.choose("again")
    await client.until_shown(2)

    assert client.results[1]["edits"][0]["newText"].strip() == OTHER_BODY.strip()
    assert client.results[0]["id"] != client.results[1]["id"]
    assert len(editor.progress) == 2
    client.choose("apply")
    await editor.until(lambda: editor.edits)
    assert OTHER_BODY in document.text


async def test_again_after_a_declined_answer(start: Start) -> None:
    answers = [{"text": BROKEN_BODY, "is_kept": False}, {"text": BODY}]
    settings = {"verify.repairs": 0}
    editor, client, _ = await shown_fill(start, *answers, settings=settings)
    assert client.results[0]["label"]["verdict"] == "declined"

    client.choose("again")
    result = await client.until_shown(2)

    assert result["label"]["verdict"] == "unverified"
    assert result["edits"][0]["newText"].strip() == BODY.strip()
    assert not editor.messages


async def test_again_follows_a_definition_that_moved(start: Start) -> None:
    editor, client, document = await shown_fill(start, *ANSWERS)

    editor.replace(document, "def area", "import math\n\n\ndef area")
    client.choose("again")
    result = await client.until_shown(2)

    assert result["version"] == 2
    assert result["edits"][0]["range"]["start"]["line"] == 4


async def test_again_where_there_is_nothing_left_to_fill(start: Start) -> None:
    editor, client, document = await shown_fill(start)

    editor.replace(document, "def area", "def zone")
    client.choose("again")

    await editor.until_said("what the action was meant for is not there any more")
    assert len(client.results) == 1


async def test_waiting_script_gets_the_last_outcome(start: Start) -> None:
    editor, client = await shown_to(start, *ANSWERS)
    document = editor.open(STUB)
    waiting = asyncio.create_task(editor.run("fill_body", document, wait=True, apply=True))
    await client.until_shown()

    client.choose("again")
    await client.until_shown(2)
    client.choose("apply")
    outcome = await waiting

    assert outcome["applied"] is True
    assert outcome["edits"][0]["newText"].strip() == OTHER_BODY.strip()
    assert OTHER_BODY in document.text


async def test_cancelled_request_withdraws_a_second_result(start: Start) -> None:
    editor, client = await shown_to(start, *ANSWERS)
    document = editor.open(STUB)
    waiting = asyncio.create_task(editor.run("fill_body", document, wait=True, apply=True))
    await client.until_shown()
    client.choose("again")
    await client.until_shown(2)

    editor.cancel_last_request()

    with pytest.raises(JsonRpcException, match="cancel"):
        await waiting
    await editor.until(lambda: client.withdrawn)
    assert client.withdrawn == [client.results[1]["id"]]


# The cloud


async def test_cloud_is_offered_for_a_declined_answer(start: Start) -> None:
    _, client, _ = await shown_fill(start, BROKEN_BODY)

    assert client.results[0]["cloud"].startswith("Ask Claude: fill body")


async def test_cloud_begins_an_action_of_its_own(start: Start) -> None:
    editor, client, _ = await shown_fill(start, BROKEN_BODY)
    title = client.results[0]["cloud"]

    client.choose("cloud")
    await editor.until(lambda: len(editor.progress) == 2)

    assert editor.progress[1][0].title == title
    assert not editor.edits


async def test_cloud_is_not_mentioned_where_it_is_not_wanted(start: Start) -> None:
    settings = {"cloud.mode": "never"}
    editor, client, _ = await shown_fill(start, BROKEN_BODY, settings=settings)

    assert client.results[0]["cloud"] is None
    client.choose("cloud")
    await editor.until_said("declined: ")


async def test_cloud_is_not_preferred_to_what_was_verified(start: Start) -> None:
    settings = {"actions.confirm": "always"}
    editor, client = await shown_to(start, BODY, settings=settings)

    await editor.run("fill_body", editor.open(WITH_EXAMPLE))

    assert (await client.until_shown())["cloud"] is None


# Clients that do not answer as they should


@pytest.mark.parametrize(
    "answer",
    [
        {"choice": "perhaps"},
        {"choice": None},
        {"choice": "cloud", "type_name": 7},
        {},
        [],
        "apply",
        7,
        JsonRpcMethodNotFound(),
        JsonRpcInternalError("It broke."),
    ],
    ids=repr,
)
async def test_answer_that_is_no_choice(start: Start, answer: object) -> None:
    settings = {"cloud.mode": "never"}
    editor, _ = await shown_to(start, BODY, answer=answer, settings=settings)
    document = editor.open(STUB)

    await editor.run("fill_body", document)

    said = await editor.until_said("The editor could not show the result")
    assert said.startswith("Fill body of `area`: unverified: ")
    assert not editor.edits
    assert len(editor.messages) == 1


@pytest.mark.parametrize("fields", [{}, {"error": "no"}, {"error": {"code": "x"}}], ids=repr)
async def test_answer_that_cannot_be_read(start: Start, fields: dict[str, object]) -> None:
    editor, client, _ = await shown_fill(start)

    client.send_raw(**fields)

    await editor.until_said("The editor could not show the result")
    assert len(editor.messages) == 1
    assert not editor.edits


async def test_declined_answer_falls_back_to_a_message(start: Start) -> None:
    editor, _ = await shown_to(start, BROKEN_BODY, answer=JsonRpcMethodNotFound())

    await editor.run("fill_body", editor.open(STUB))

    await editor.until_said("Fill body of `area`: declined: ")
    assert len(editor.messages) == 1


@pytest.mark.parametrize(
    "experimental", [None, [], "results", {"scopewise": ["results"]}, {"scopewise": {"results": 1}}]
)
async def test_client_that_does_not_announce_it_is_not_asked(
    start: Start, experimental: Any
) -> None:
    capabilities = vscode()
    capabilities.experimental = experimental
    editor, client = await shown_to(start, BODY, capabilities=capabilities)

    await editor.run("fill_body", editor.open(STUB))
    await editor.until(lambda: editor.edits)

    assert editor.edits[0].annotation.needs_confirmation
    assert client.results == []


# While it is shown


async def test_change_elsewhere_moves_the_edit(start: Start) -> None:
    editor, client, document = await shown_fill(start)

    editor.replace(document, "def area", "import math\n\n\ndef area")
    client.choose("apply")
    await editor.until(lambda: editor.edits)

    assert document.text == "import math\n\n\n" + FILLED
    assert editor.edits[0].changes[0].text_document.version == 2


async def test_change_inside_refuses_the_edit(start: Start) -> None:
    editor, client, document = await shown_fill(start)

    editor.replace(document, "a rectangle", "an ellipse")
    client.choose("apply")

    await editor.until_said("`area` in shop.py changed while the answer was being written")
    assert not editor.edits


async def test_closed_document_is_changed_as_a_file(start: Start) -> None:
    editor, client, document = await shown_fill(start)
    (editor.folder / "shop.py").write_text(document.text)

    editor.close(document)
    client.choose("apply")
    await editor.until(lambda: editor.edits)

    assert editor.text_of(document.uri) == FILLED


async def test_closed_document_without_a_file(start: Start) -> None:
    editor, client, document = await shown_fill(start)

    editor.close(document)
    client.choose("apply")

    await editor.until_said("shop.py was closed")
    assert not editor.edits


async def test_two_at_once_are_answered_in_any_order(start: Start) -> None:
    ring = {"when": r"def ring\(.*circumference[^\n]*\n$", "text": "    return 2 * width * height"}
    editor, client = await shown_to(start, ring, BODY)
    document = editor.open(TWO_STUBS)
    await editor.run("fill_body", document)
    await client.until_shown()
    document.cursor = document.text.index("circumference")
    await editor.run("fill_body", document)
    await client.until_shown(2)

    client.choose("apply", 1)
    await editor.until(lambda: editor.edits)
    client.choose("apply", 0)
    await editor.until(lambda: len(editor.edits) == 2)

    assert "    return 2 * width * height\n" in document.text
    assert BODY in document.text


async def test_two_of_the_same_place(start: Start) -> None:
    editor, client, document = await shown_fill(start)
    await editor.run("fill_body", document)
    await client.until_shown(2)

    client.choose("apply", 0)
    await editor.until(lambda: editor.edits)
    client.choose("apply", 1)
    await editor.until_said("`area` in shop.py changed")

    assert len(editor.edits) == 1
    assert document.text == FILLED


async def test_other_work_goes_on(start: Start) -> None:
    editor, client = await shown_to(start, {"when": "[Ee]xplain", "text": "It multiplies."}, BODY)
    document = editor.open(STUB)
    await editor.run("fill_body", document)
    await client.until_shown()

    outcome = await editor.run("explain", document, wait=True)

    assert outcome["text"] == "It multiplies."
    assert not client.withdrawn


async def test_a_result_that_waits_keeps_no_hover_from_being_explained(start: Start) -> None:
    explanation = {"when": "[Ee]xplain", "text": "It multiplies."}
    settings = {"hover.explain": "auto", "hover.delay_s": 0.05}
    editor, client, document = await shown_fill(start, explanation, BODY, settings=settings)
    document.cursor = document.text.index("area")

    await editor.hover(document)
    await asyncio.sleep(0.5)

    assert "It multiplies." in await editor.hover(document)
    assert not client.withdrawn


async def test_cancel_withdraws_it(start: Start) -> None:
    editor, client, document = await shown_fill(start)

    await editor.command("scopewise.cancelAll")
    await editor.until(lambda: client.withdrawn)

    assert editor.messages == []
    assert not editor.edits
    await editor.run("fill_body", document)
    await client.until_shown(2)


async def test_answer_that_comes_too_late(start: Start) -> None:
    editor, client, _ = await shown_fill(start)
    await editor.command("scopewise.cancelAll")
    await editor.until(lambda: client.withdrawn)

    client.send_raw(result={"choice": "apply"})
    await settled(editor)

    assert not editor.edits
    assert editor.messages == []


async def test_waiting_script_whose_request_is_cancelled(start: Start) -> None:
    editor, client = await shown_to(start, BODY)
    waiting = asyncio.create_task(editor.run("fill_body", editor.open(STUB), wait=True, apply=True))
    await client.until_shown()

    editor.cancel_last_request()

    with pytest.raises(JsonRpcException, match="cancel"):
        await waiting
    await editor.until(lambda: client.withdrawn)


async def test_shutdown_while_it_is_shown(start: Start) -> None:
    editor, _, _ = await shown_fill(start)

    await editor.stop()

    assert editor.server.returncode == 0


async def test_shutdown_while_a_script_waits_for_the_choice(start: Start) -> None:
    editor, client = await shown_to(start, BODY)
    waiting = asyncio.create_task(editor.run("fill_body", editor.open(STUB), wait=True, apply=True))
    await client.until_shown()

    await editor.stop()

    assert editor.server.returncode == 0
    waiting.cancel()

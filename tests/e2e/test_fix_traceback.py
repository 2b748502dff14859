"""Fix from stack trace: from a trace in any document, or handed over, to the function it names."""

from __future__ import annotations

from conftest import Start
from samples import BROKEN, MENDED, TRACE

ANSWER = f"{MENDED}```\n"
FIXED = MENDED + "\n\nmean([])\n"


async def test_from_an_untitled_document(start: Start) -> None:
    editor = await start(ANSWER)
    (editor.folder / "stats.py").write_text(BROKEN)
    code = editor.open(BROKEN, name="stats.py")
    log = editor.open(TRACE.format(path="stats.py"), name="Untitled-1", language="plaintext")

    await editor.run("fix_traceback", log)
    await editor.until(lambda: editor.edits)

    assert code.text == FIXED
    assert editor.edits[0].params.label == "Fix `mean`"


async def test_from_text_handed_over(start: Start) -> None:
    editor = await start(ANSWER)
    path = editor.folder / "stats.py"
    path.write_text(BROKEN)
    trace = TRACE.format(path=path).replace("$0", "")

    await editor.command("scopewise.fixTrace", {"text": trace})
    await editor.until(lambda: editor.edits)

    assert editor.text_of(path.as_uri()) == FIXED
    await editor.until(lambda: editor.client.shown_documents)
    assert editor.client.shown_documents[0].uri == path.as_uri()


async def test_unsaved_text_goes_before_the_file(start: Start) -> None:
    editor = await start(ANSWER)
    path = editor.folder / "stats.py"
    path.write_text("def mean(numbers):\n    pass\n\n\nmean([])\n")
    code = editor.open(BROKEN, name="stats.py")
    trace = TRACE.format(path=path).replace("$0", "")

    outcome = await editor.command("scopewise.fixTrace", {"text": trace, "wait": True})

    assert outcome["edits"][0]["uri"] == code.uri
    assert outcome["edits"][0]["version"] == 1


async def test_text_without_a_trace(start: Start) -> None:
    editor = await start(ANSWER)

    await editor.command("scopewise.fixTrace", {"text": "All is well."})

    await editor.until(lambda: editor.messages)
    assert "fix_traceback" in editor.messages[0]


async def test_the_command_that_failed_is_run_again_with_consent(start: Start) -> None:
    editor = await start(ANSWER, settings={"verify.run_tests": "ask"}, press="Run")
    path = editor.folder / "stats.py"
    path.write_text(BROKEN)
    trace = TRACE.format(path=path).replace("$0", "")

    outcome = await editor.command("scopewise.fixTrace", {"text": trace, "wait": True})

    assert editor.questions[0].message.startswith("Run `python stats.py` in the sandbox")
    assert outcome["label"]["verdict"] == "verified", outcome["label"]["sentence"]
    assert outcome["label"]["evidence"]["is_failure_gone"]


async def test_a_refusal_holds_for_the_session(start: Start) -> None:
    settings = {"verify.run_tests": "ask"}
    editor = await start(ANSWER, ANSWER, settings=settings, press="Do not run")
    path = editor.folder / "stats.py"
    path.write_text(BROKEN)
    trace = TRACE.format(path=path).replace("$0", "")

    for _ in range(2):
        outcome = await editor.command("scopewise.fixTrace", {"text": trace, "wait": True})

    assert len(editor.questions) == 1
    assert not outcome["label"]["evidence"]["is_failure_gone"]


async def test_nothing_is_run_in_an_untrusted_workspace(start: Start) -> None:
    editor = await start(ANSWER, settings={"verify.trusted": False, "verify.run_tests": "always"})
    path = editor.folder / "stats.py"
    path.write_text(BROKEN)
    trace = TRACE.format(path=path).replace("$0", "")

    outcome = await editor.command("scopewise.fixTrace", {"text": trace, "wait": True})

    assert outcome["label"]["verdict"] == "unverified"
    assert "the workspace is not trusted" in outcome["label"]["sentence"]

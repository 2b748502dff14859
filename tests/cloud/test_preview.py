"""The page that shows what would leave, and the question that goes with it."""

import json
import re
from pathlib import Path

import pytest

from scopewise.cloud import preview
from scopewise.context.part import Part
from scopewise.context.widened import LeftOut
from scopewise.settings import CloudSettings

from .inquiries import ROOT, SECRET, STUB, connection, part, proposal

FENCES = 'a = """\n```\n```json\n{}\n```\n~~~\n"""\n'


def fenced(page, language):
    """The fenced blocks of a page, by the rules of Markdown."""
    blocks, marks, lines = [], "", []
    for line in page.split("\n"):
        if not marks and (match := re.match(rf"(`{{3,}}){language}$", line)):
            marks, lines = match[1], []
        elif marks and re.fullmatch(rf"`{{{len(marks)},}}\s*", line):
            blocks.append("\n".join(lines))
            marks = ""
        elif marks:
            lines.append(line)
    return blocks


@pytest.mark.parametrize("text", [STUB, FENCES, 'x = "ü 漢 🦔 \u2028"\r\n'])
def test_the_exact_bytes_are_on_the_page(text):
    made = proposal(part(text), connection())
    page = preview.page(made)
    *_, exact = fenced(page, "json")
    assert exact.encode() == made.payload
    assert f"{len(made.payload)} bytes, the body of a POST request to" in page
    assert "`https://api.anthropic.com/v1/messages`:" in page


def test_the_messages_can_be_read():
    made = proposal(part(FENCES))
    shown = fenced(preview.page(made), "text")
    body = json.loads(made.payload)
    assert shown == [body["system"][0]["text"], body["messages"][0]["content"][0]["text"]]


def test_a_page():
    made = proposal(part(), connection(), left_out=(LeftOut(ROOT / ".env", "x", "It is ignored."),))
    page = preview.page(made)
    assert page.startswith("Nothing has been sent yet. Fill body of `area`: send ")
    headings = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert headings == [
        "Why the cloud is offered",
        "What it may cost",
        "Where it is from",
        "What was taken out",
        "What was left out",
        "What is sent",
        "The exact bytes",
    ]
    for line in (
        "- Uses `_cache`, shared between threads (line 4).",
        "- shop.py, lines 1 to 2: the function to be written",
        "- db.py, line 1: the function to be written",
        "- `SCOPEWISE_SECRET_1_password` stands for a password, 1 place",
        "- .env: It is ignored.",
    ):
        assert line in page.split("\n")
    assert SECRET not in page


def test_what_there_is_none_of():
    page = preview.page(proposal(reasons=()))
    assert "## Why the cloud" not in page
    assert "## What was left out" not in page
    assert "No secret was found." in page


def test_the_question():
    made = proposal()
    assert preview.question(made) == (
        f"Fill body of `area`: send {len(made.payload)} bytes from 1 file to claude-sonnet-5-5 at "
        f"api.anthropic.com? About {made.n_tokens} tokens, {made.cost}; no secret was found in it."
    )
    question = preview.question(proposal(part(), connection(), connection("other.py")))
    assert "from 3 files" in question
    assert question.endswith("; 1 secret taken out.")


def test_several_requests_are_said():
    made = proposal(settings=CloudSettings(samples=3))
    assert "at api.anthropic.com, up to 3 times? About" in preview.question(made)
    assert f"- {made.cost} for 3 requests, by " in preview.page(made)


def test_a_price_says_where_it_is_from():
    assert re.search(r"by Anthropic's price list of \d{4}-\d\d-\d\d: ", preview.page(proposal()))


def test_files_are_named_as_seen_from_the_workspace():
    made = proposal(part(name="a/b.py"), part(name="a/b.py", first=9, last=9), part(name="c.py"))
    assert preview.files(made) == ("a/b.py", "c.py")


def test_what_was_left_out_is_named():
    rows = (
        LeftOut(ROOT / "conf/secrets.py", "constant `KEY`", "It is ignored."),
        LeftOut(Path("/elsewhere/lib.py"), "callee `f`", "It is outside the workspace."),
        LeftOut(None, "caller `main`", "The budget had no room for it."),
    )
    assert preview.left_out(proposal(left_out=rows)) == [
        ("conf/secrets.py", "It is ignored."),
        ("lib.py", "It is outside the workspace."),
        ("caller `main`", "The budget had no room for it."),
    ]


def test_text_of_no_file():
    trace = Part("ZeroDivisionError", "It failed like this:", "", "the stack trace, in short")
    assert "- what you selected: the stack trace, in short" in preview.page(proposal(trace))

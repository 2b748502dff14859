"""Secrets stay here and come back in their places; files that must not leave do not."""

from __future__ import annotations

import base64
import json
import urllib.parse
from pathlib import Path

import pytest
from editor import Document
from own_client import WAIT
from samples import STUB
from tests.cloud.messages_server import answer

from .desk import FILLED, Desk, ask_claude

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
PASSWORD = "pä~ss🦔Wörd" + "-9xK2"
PEM = "\n".join(
    ["-----BEGIN PRIVATE KEY-----", *["MIIEvQIBADANBgkq" * 4] * 3, "-----END PRIVATE KEY-----"]
)

SECRETS = {"a token": TOKEN, "a password": PASSWORD}
BUGGY = """def connect(host):
    token = "{secret}"
    return open_door(host, token, 1 / 0)


connect("a")
"""
TRACE = """Traceback (most recent call last):
  File "{path}", line 6, in <module>
    connect("a")
  File "{path}", line 3, in connect
    return open_door(host, token, 1 / 0)$0
ZeroDivisionError: division by zero
"""


def forms(secret: str) -> set[bytes]:
    """The secret in every form it could travel in."""
    data = secret.encode()
    escaped = json.dumps(secret)[1:-1]
    return {
        data,
        escaped.encode(),
        json.dumps(escaped)[1:-1].encode(),
        urllib.parse.quote(secret, safe="").encode(),
        data.hex().encode(),
        secret.encode("utf-16-le"),
        # Wherever it begins in a longer text, these characters of its Base64 are the same.
        *(base64.b64encode(b"\0" * n + data)[4 if n else 0 : -4] for n in range(3)),
    }


def leaks(desk: Desk, secret: str) -> list[bytes]:
    """The forms of a secret that are in any request, its headers included."""
    sent = [b"".join(f"{n}: {v}\n".encode() for n, v in r.headers) for r in desk.claude.requests]
    return [form for form in forms(secret) if any(form in data for data in (*desk.bodies, *sent))]


async def placeholder(desk: Desk, document: Document, task: str) -> str:
    """What stands for the secret in the request that is shown."""
    desk.client.answer = WAIT
    await ask_claude(desk.editor, document, task)
    preview = await desk.client.until_shown()
    (item,) = preview["redacted"]
    assert item["placeholder"] in preview["payload"]
    assert "1 secret taken out" in preview["question"]
    return str(item["placeholder"])


def buggy(desk: Desk, secret: str) -> tuple[Document, Document]:
    """A function with a secret and a bug in it, and the trace that leads there."""
    path = desk.editor.folder / "doors.py"
    text = BUGGY.format(secret=secret)
    path.write_text(text)
    return desk.open(text, path.name), desk.open(TRACE.format(path=path), "run.log")


@pytest.mark.parametrize("kind", SECRETS)
async def test_a_secret_comes_back_moved_and_repeated(desk: Desk, kind: str) -> None:
    secret = SECRETS[kind]
    document, trace = buggy(desk, secret)
    name = await placeholder(desk, trace, "fix")
    desk.claude.replies = [
        answer(
            "```python\ndef connect(host):\n"
            f'    print("{name}"[:2])\n    return open_door(host, "{name}", 1)\n```'
        )
    ]

    desk.client.choose("once")
    await desk.editor.until_ended()
    await desk.editor.until(lambda: desk.editor.edits or desk.editor.messages)

    assert document.text.count(f'"{secret}"') == 2, desk.editor.messages
    assert "SCOPEWISE_SECRET" not in document.text
    assert leaks(desk, secret) == []
    assert desk.bodies == desk.client.payloads


async def test_the_search_finds_what_leaks(desk: Desk) -> None:
    """The check above can fail: the same search finds a word that did leave, in each form."""
    await desk.ask(desk.open(STUB.replace("rectangle", "rectangle 🦔ä")))

    assert b"rectangle" in leaks(desk, "rectangle")
    assert len(leaks(desk, "rectangle 🦔ä")) == 1
    body = desk.bodies[0]
    for before in range(3):
        hidden = base64.b64encode(b"x" * before + TOKEN.encode() + b"tail")
        assert any(form in body + hidden for form in forms(TOKEN))


@pytest.mark.parametrize(
    "line",
    [
        'token = "{stem}_99_password"',
        "token = '{stem}_1'",
        'token = "{lower}"',
        'token = "{name}0"',
        "# {stem}_x",
    ],
)
async def test_a_placeholder_that_was_not_sent(desk: Desk, line: str) -> None:
    document, trace = buggy(desk, TOKEN)
    name = await placeholder(desk, trace, "fix")
    before = document.text
    stem = name.rpartition("_1_")[0] or "SCOPEWISE_SECRET"
    filled = line.format(stem=stem, name=name, lower=name.lower())
    code = f'    {filled}\n    return open_door(host, "{name}", 1)'
    desk.claude.replies = [answer(f"```python\ndef connect(host):\n{code}\n```")]

    desk.client.choose("once")

    await desk.editor.until_said("which stands for nothing that was sent")
    assert document.text == before
    assert leaks(desk, TOKEN) == []


async def test_an_explanation_that_speaks_of_it(desk: Desk) -> None:
    text = BUGGY.format(secret=TOKEN).replace("host)", "host)$0", 1)
    name = await placeholder(desk, desk.open(text), "explain")
    desk.claude.replies = [answer(f"It opens a door with the token `{name}`, or fails.")]

    desk.client.choose("once")
    await desk.editor.until(lambda: desk.editor.shown)

    assert TOKEN in desk.editor.shown[-1]
    assert name not in desk.editor.shown[-1]
    assert leaks(desk, TOKEN) == []


async def test_the_page_and_the_ledger_do_not_know_it(desk: Desk) -> None:
    desk.settings(keep_payloads=True)
    document = desk.open(BUGGY.format(secret=TOKEN).replace("host)", "host)$0", 1))

    await desk.ask(document, "explain")

    assert desk.ledger[0].has_payload
    (preview,) = desk.client.previews
    for form in forms(TOKEN):
        assert form not in json.dumps(preview, ensure_ascii=False).encode()
        for file in (desk.home / "cloud").iterdir():
            assert form not in file.read_bytes()


async def test_a_key_of_several_lines(desk: Desk) -> None:
    text = f'def sign(data):$0\n    key = """{PEM}"""\n    return make(key, data)\n'

    await desk.ask(desk.open(text), "explain")

    assert len(desk.bodies) == 1
    assert b"MIIEvQ" not in desk.bodies[0]
    assert desk.client.previews[0]["redacted"][0]["kind"] == "private_key"


# Files


def written(desk: Desk, name: str, text: str = STUB) -> Path:
    path = desk.editor.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("$0", ""))
    return path


@pytest.mark.parametrize(
    ("rules", "name", "words"),
    [
        ({".gitignore": "private/\n"}, "private/shop.py", "/.gitignore` names it (`private/`)"),
        ({".scopewiseignore": "*_own.py\n"}, "shop_own.py", "/.scopewiseignore` names it"),
        ({}, "vault/shop.py", "The setting `cloud.exclude` names it (`vault`)"),
        ({}, "../outside.py", "It is outside the workspace."),
        ({}, ".ssh/shop.py", "hold secrets"),
    ],
)
async def test_a_file_that_is_never_sent(
    desk: Desk, rules: dict[str, str], name: str, words: str
) -> None:
    desk.settings(exclude=["vault"])
    for file, text in rules.items():
        written(desk, file, text)
    written(desk, name)

    for number, task in enumerate(("fill", "explain"), 1):
        await ask_claude(desk.editor, desk.open(STUB, name), task)
        await desk.editor.until_ended(number)

    message = await desk.editor.until_said(words)
    assert "is never sent" in message
    assert "Nothing was sent." in message
    assert desk.client.previews == []
    assert desk.claude.n_connections == 0


async def test_a_link_that_leads_out(desk: Desk) -> None:
    outside = written(desk, "../elsewhere.py")
    (desk.editor.folder / "link.py").symlink_to(outside)

    await desk.ask(desk.open(STUB, "link.py"))

    await desk.editor.until_said("It is a link to a file outside the workspace.")
    assert desk.claude.n_connections == 0


async def test_a_trace_that_leads_to_an_excluded_file(desk: Desk) -> None:
    desk.settings(exclude=["doors.py"])
    _, trace = buggy(desk, TOKEN)

    await desk.ask(trace, "fix")

    await desk.editor.until_said("doors.py is never sent")
    assert desk.claude.n_connections == 0


async def test_a_trace_in_an_excluded_file(desk: Desk) -> None:
    _, trace = buggy(desk, TOKEN)
    written(desk, ".gitignore", f"{trace.uri.rpartition('/')[2]}\n")

    await desk.ask(trace, "fix")

    await desk.editor.until_said("/.gitignore` names it")
    assert desk.claude.n_connections == 0


async def test_code_around_that_is_excluded_is_left_out_and_said(desk: Desk) -> None:
    written(desk, "prices.py", "def rate(country):\n    return RATES_NOBODY_SEES[country]\n")
    text = (
        "from prices import rate\n\n\n" + STUB + "\n\ndef gross(net):\n"
        '    return net * rate("de")\n'
    )
    text = text.replace("of a rectangle", "as `rate` has it")
    await desk.ask(desk.open(text, "till.py"))
    assert b"RATES_NOBODY_SEES" in desk.bodies[0]

    desk.settings(exclude=["prices.py"])
    await ask_claude(desk.editor, desk.open(text, "till2.py"))
    await desk.editor.until_ended(2)

    assert b"RATES_NOBODY_SEES" not in desk.bodies[1]
    reason = "The setting `cloud.exclude` names it (`prices.py`)."
    assert desk.client.previews[1]["omitted"] == [{"path": "prices.py", "reason": reason}]
    assert f"- prices.py: {reason}" in desk.client.previews[1]["markdown"]


async def test_an_untitled_document(desk: Desk) -> None:
    """It is in no folder and in no file, and nothing forbids it: the user sees it."""
    document = desk.open(STUB, "Untitled-1")

    await desk.ask(document)
    await desk.editor.until(lambda: document.text == FILLED)

    assert desk.bodies == desk.client.payloads
    assert desk.client.previews[0]["sources"][0]["uri"] == document.uri

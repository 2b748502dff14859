"""What `textDocument/codeAction` offers, to whom, and in which form."""

from __future__ import annotations

import pytest
from conftest import Start
from editor import bare, emacs, vscode
from lsprotocol import types as lsp
from samples import FILLED, STUB, TRACE

AUTOMATIC = lsp.CodeActionTriggerKind.Automatic
INVOKED = lsp.CodeActionTriggerKind.Invoked


async def test_action_carries_a_command_and_nothing_to_wait_for(start: Start) -> None:
    editor = await start(capabilities=vscode())
    document = editor.open(STUB)

    action = (await editor.actions(document))[0]

    point = {"line": 1, "character": 31}
    assert action == {
        "title": "Fill body of `area` from its docstring",
        "kind": "refactor.rewrite.fillBody",
        "tags": [1],
        "command": {
            "title": "Fill body of `area` from its docstring",
            "command": "scopewise.run",
            "arguments": [
                {
                    "producer": "fill_body",
                    "uri": document.uri,
                    "version": 1,
                    "range": {"start": point, "end": point},
                    "target": "function area",
                }
            ],
        },
    }


async def test_kinds_and_commands_are_announced(start: Start) -> None:
    editor = await start()

    capabilities = editor.server_capabilities

    provider = capabilities.code_action_provider
    assert isinstance(provider, lsp.CodeActionOptions)
    assert provider.code_action_kinds == (
        "refactor.rewrite.fillBody",
        "quickfix.stackTrace",
        "scopewise.explain",
        "scopewise.askCloud.fill",
        "scopewise.askCloud.fix",
        "scopewise.askCloud.explain",
    )
    assert provider.resolve_provider is False
    assert capabilities.execute_command_provider
    assert set(capabilities.execute_command_provider.commands) == {
        "scopewise.run",
        "scopewise.fixTrace",
        "scopewise.cancelAll",
        "scopewise.pullModel",
        "scopewise.status",
        "scopewise.pause",
        "scopewise.models",
    }


async def test_tag_needs_a_client_that_knows_it(start: Start) -> None:
    editor = await start(capabilities=emacs())

    actions = await editor.actions(editor.open(STUB))

    assert not any("tags" in action for action in actions)


@pytest.mark.parametrize(
    ("only", "trigger", "expected"),
    [
        (None, None, ["fill_body", "explain"]),
        (None, INVOKED, ["fill_body", "explain"]),
        (None, AUTOMATIC, ["fill_body"]),
        (["scopewise"], AUTOMATIC, ["explain"]),
        (["refactor"], INVOKED, ["fill_body"]),
        (["refactor.rewrite.fillBody"], INVOKED, ["fill_body"]),
        (["scopewise.explain", "refactor.rewrite"], INVOKED, ["fill_body", "explain"]),
        ([""], INVOKED, ["fill_body", "explain"]),
        (["quickfix"], INVOKED, []),
        (["refactor.rewrite.fill"], INVOKED, []),
        (["refactor.rewrite.fillBody.deeper"], INVOKED, []),
    ],
)
async def test_only_and_trigger_kind(
    start: Start,
    only: list[str] | None,
    trigger: lsp.CodeActionTriggerKind | None,
    expected: list[str],
) -> None:
    editor = await start()

    offered = await editor.offered(editor.open(STUB), only=only, trigger=trigger)

    assert offered == expected


async def test_filled_body_is_not_offered_again(start: Start) -> None:
    editor = await start()

    assert await editor.offered(editor.open(FILLED)) == ["explain"]


async def test_trace_in_an_untitled_document(start: Start) -> None:
    editor = await start()
    document = editor.open(TRACE.format(path="shop.py"), name="Untitled-1", language="plaintext")

    offered = await editor.offered(document, trigger=AUTOMATIC)

    assert offered == ["fix_traceback"]


async def test_client_without_code_actions_gets_commands(start: Start) -> None:
    editor = await start(capabilities=bare())

    action = (await editor.actions(editor.open(STUB)))[0]

    assert action["command"] == "scopewise.run"
    assert "kind" not in action


async def test_document_that_is_not_open(start: Start) -> None:
    editor = await start()
    document = editor.open(STUB)
    editor.close(document)

    assert await editor.actions(document) == []

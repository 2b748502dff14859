"""What known clients can do."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from lsprotocol.converters import get_converter

from scopewise.lsp.capabilities import Client, client_of


def digest(capabilities: lsp.ClientCapabilities) -> Client:
    return client_of(lsp.InitializeParams(capabilities))


def abilities(capabilities: lsp.ClientCapabilities) -> set[str]:
    client = digest(capabilities)
    return {name for name in vars(client) if getattr(client, name) is True}


def workspace_edit(**options: object) -> lsp.ClientCapabilities:
    edit = {"documentChanges": True, **options}
    announced = {"workspace": {"applyEdit": True, "workspaceEdit": edit}}
    return get_converter().structure(announced, lsp.ClientCapabilities)


def test_nothing_announced() -> None:
    assert digest(lsp.ClientCapabilities()) == Client()


def test_vscode() -> None:
    assert abilities(pytest_lsp.client_capabilities("visual_studio_code@v1.65.2")) == {
        "takes_code_actions",
        "shows_disabled_actions",
        "takes_edits",
        "takes_versioned_edits",
        "takes_annotations",
        "previews_edits",
        "shows_progress",
        "shows_documents",
        "renders_markdown",
        "answers_configuration",
        "registers_configuration",
        "watches_files",
    }


def test_neovim() -> None:
    """It does not announce versioned edits."""
    assert abilities(pytest_lsp.client_capabilities("neovim@v0.11.0")) == {
        "takes_code_actions",
        "takes_edits",
        "shows_progress",
        "shows_documents",
        "renders_markdown",
        "answers_configuration",
    }


def test_eglot() -> None:
    assert abilities(pytest_lsp.client_capabilities("emacs@v29.1")) == {
        "takes_code_actions",
        "takes_edits",
        "takes_versioned_edits",
        "shows_progress",
        "renders_markdown",
        "answers_configuration",
        "watches_files",
    }


def test_llm_tag() -> None:
    announced = {"textDocument": {"codeAction": {"tagSupport": {"valueSet": [1]}}}}

    assert digest(get_converter().structure(announced, lsp.ClientCapabilities)).takes_llm_tag


def test_annotations_alone_do_not_make_a_preview() -> None:
    """Sublime Text and LSP4IJ announce them and use the label only."""
    client = digest(workspace_edit(changeAnnotationSupport={"groupsOnLabel": False}))

    assert client.takes_annotations
    assert not client.previews_edits


def test_annotations_need_versioned_edits() -> None:
    client = digest(workspace_edit(documentChanges=False, changeAnnotationSupport={}))

    assert not client.takes_annotations


def test_our_own_messages() -> None:
    announced = {"results": True, "explanations": True, "status": True, "cloudPreview": True}

    client = digest(lsp.ClientCapabilities(experimental={"scopewise": announced}))

    assert client.shows_results
    assert client.shows_explanations
    assert client.shows_status
    assert client.previews_cloud


@pytest.mark.parametrize(
    "experimental",
    [None, True, [], "scopewise", {}, {"scopewise": None}, {"scopewise": ["results"]}]
    + [{"scopewise": {"results": value}} for value in ("true", 1, [], {}, None, False)],
)
def test_malformed_announcement_is_none(experimental: Any) -> None:
    assert digest(lsp.ClientCapabilities(experimental=experimental)) == Client()

"""What the client can do, decided once when it introduces itself.

Nothing is sent that the client did not announce. `window/showMessageRequest` has no capability of
its own: it is tried, and a client that refuses it gets the next best thing.
"""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types as lsp
from pygls.capabilities import get_capability


@dataclass(frozen=True)
class Client:
    """The client's abilities, each named after what it lets us do."""

    name: str = ""
    takes_code_actions: bool = False
    """Otherwise it knows bare commands only (`codeActionLiteralSupport`)."""
    takes_llm_tag: bool = False
    shows_disabled_actions: bool = False
    takes_edits: bool = False
    takes_versioned_edits: bool = False
    takes_annotations: bool = False
    previews_edits: bool = False
    """It asks the user about edits whose annotation needs confirmation.

    Announcing annotations is not enough: Sublime Text and LSP4IJ do that and use only the label.
    """
    shows_progress: bool = False
    shows_documents: bool = False
    renders_markdown: bool = False
    """In hovers."""
    answers_configuration: bool = False
    registers_configuration: bool = False
    """It sends `didChangeConfiguration` for the section we register for, as VS Code does."""
    watches_files: bool = False
    """It tells of files that change, once asked to."""
    shows_results: bool = False
    """It takes `scopewise/showResult`; this and the next three are ours (docs/protocol.md)."""
    shows_explanations: bool = False
    """It takes `scopewise/explanation`."""
    shows_status: bool = False
    """It takes `scopewise/status`."""
    previews_cloud: bool = False
    """It takes `scopewise/askCloud`."""


def client_of(params: lsp.InitializeParams) -> Client:
    """The digest of what a client announces."""
    announced = params.capabilities

    def has(path: str) -> bool:
        return bool(get_capability(announced, path, False))

    tags = get_capability(announced, "text_document.code_action.tag_support.value_set", None)
    formats = get_capability(announced, "text_document.hover.content_format", None)
    name = params.client_info.name if params.client_info else ""
    # Neovim heeds versions without announcing it; without them it applies edits to a newer text.
    has_versions = has("workspace.workspace_edit.document_changes") or name == "Neovim"
    annotations = "workspace.workspace_edit.change_annotation_support"
    takes_annotations = get_capability(announced, annotations, None) is not None
    ours = _ours(announced.experimental)
    return Client(
        name=name,
        takes_code_actions=has("text_document.code_action.code_action_literal_support"),
        takes_llm_tag=lsp.CodeActionTag.LlmGenerated in (tags or ()),
        shows_disabled_actions=has("text_document.code_action.disabled_support"),
        takes_edits=has("workspace.apply_edit"),
        takes_versioned_edits=has_versions,
        takes_annotations=has_versions and takes_annotations,
        previews_edits=has_versions and _has_preview(announced),
        shows_progress=has("window.work_done_progress"),
        shows_documents=has("window.show_document.support"),
        renders_markdown=lsp.MarkupKind.Markdown in (formats or ()),
        answers_configuration=has("workspace.configuration"),
        registers_configuration=has("workspace.did_change_configuration.dynamic_registration"),
        watches_files=has("workspace.did_change_watched_files.dynamic_registration"),
        shows_results="results" in ours,
        shows_explanations="explanations" in ours,
        shows_status="status" in ours,
        previews_cloud="cloudPreview" in ours,
    )


def _ours(experimental: object) -> frozenset[str]:
    """What of our own protocol a client announces; anything but a plain `true` is no."""
    section = experimental.get("scopewise") if isinstance(experimental, dict) else None
    flags = section if isinstance(section, dict) else {}
    return frozenset(name for name, flag in flags.items() if flag is True)


def _has_preview(announced: lsp.ClientCapabilities) -> bool:
    """Whether this is VS Code's client library, or coc.nvim, which follows it closely.

    Both group edits by label in a preview and both announce JavaScript's regular expressions;
    a client's name says little, for every descendant of VS Code has a name of its own.
    """
    groups = "workspace.workspace_edit.change_annotation_support.groups_on_label"
    engine = get_capability(announced, "general.regular_expressions.engine", "")
    return bool(get_capability(announced, groups, False)) and engine == "ECMAScript"

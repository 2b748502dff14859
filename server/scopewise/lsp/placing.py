"""A change in the document it goes to, as that document is at the moment."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types as lsp

from scopewise.actions.change import Change, place_change
from scopewise.document import DocumentSnapshot
from scopewise.errors import StaleDocument
from scopewise.lsp import to_lsp
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.syntax.tree import ParsedDocument


@dataclass(frozen=True)
class Placed:
    """A change in one version of its document."""

    parsed: ParsedDocument
    edits: list[lsp.TextEdit]

    @property
    def snapshot(self) -> DocumentSnapshot:
        return self.parsed.snapshot


def place(ls: ScopewiseServer, change: Change) -> Placed:
    """The change in the document as it is now; raises StaleDocument."""
    parsed = target(ls, change)
    edits = place_change(change, parsed)
    return Placed(parsed, to_lsp.text_edits(parsed.snapshot, edits, ls.encoding))


def target(ls: ScopewiseServer, change: Change) -> ParsedDocument:
    """The document a change goes to, as it is now; raises StaleDocument."""
    found = ls.files.document(change.uri)
    if found is None or found[1] is None:
        name = DocumentSnapshot(change.uri, "").name
        raise StaleDocument(
            f"{name} was closed while the answer was being written, and there is no such file, "
            "so nothing was applied.",
            "Open it and run the action again.",
        )
    return found[1]

"""An edit of one definition that still fits when the rest of the document has moved.

The edit is kept relative to the definition, with the definition's text at the time.
Applying it finds the definition again, by name and by text: what a user typed elsewhere meanwhile
does no harm, and what they typed inside it makes the edit stale.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopewise.errors import StaleDocument
from scopewise.scope.imports import add_imports
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteEdit, apply_edits


@dataclass(frozen=True)
class Change:
    """A rewrite of one definition, and the imports it needs."""

    uri: str
    qualified_name: str
    original: bytes
    """The definition's text the edits refer to."""
    edits: tuple[ByteEdit, ...]
    """Ranges count from the start of the definition."""
    imports: tuple[str, ...] = ()
    """Import statements to add where the file's imports stand."""


def change_of(
    parsed: ParsedDocument,
    definition: Definition,
    edits: tuple[ByteEdit, ...],
    imports: tuple[str, ...] = (),
) -> Change:
    """The change made of edits whose ranges count from the start of the document."""
    start, end = definition.range.start, _end_with_comments(parsed, definition)
    return Change(
        uri=parsed.snapshot.uri,
        qualified_name=definition.qualified_name,
        original=parsed.source[start:end],
        edits=tuple(ByteEdit(edit.range.shifted(-start), edit.text) for edit in edits),
        imports=imports,
    )


def place_change(change: Change, parsed: ParsedDocument) -> list[ByteEdit]:
    """The edits of the document as it is now; raises StaleDocument when the target changed."""
    start = _start_of(change, parsed)
    edits = [ByteEdit(edit.range.shifted(start), edit.text) for edit in change.edits]
    imports = add_imports(parsed, change.imports)
    return sorted([*edits, imports] if imports else edits)


def apply_change(change: Change, parsed: ParsedDocument) -> str:
    """The document's text after the change."""
    return apply_edits(parsed.source, place_change(change, parsed)).decode("utf-8")


def _start_of(change: Change, parsed: ParsedDocument) -> int:
    fitting = [
        definition.range.start
        for definition in parsed.definitions
        if definition.qualified_name == change.qualified_name
        and _is_untouched(change, parsed, definition)
    ]
    if len(fitting) != 1:
        raise StaleDocument(
            f"`{change.qualified_name}` in {parsed.snapshot.name} changed while the answer was "
            "being written, so nothing was applied.",
            "Run the action again.",
        )
    return fitting[0]


def _is_untouched(change: Change, parsed: ParsedDocument, definition: Definition) -> bool:
    """Whether the definition reads as it did, nothing added at its end either."""
    start, end = definition.range.start, _end_with_comments(parsed, definition)
    is_same_end = parsed.source[start:end].rstrip() == change.original.rstrip()
    return is_same_end and parsed.source.startswith(change.original, start)


def _end_with_comments(parsed: ParsedDocument, definition: Definition) -> int:
    """Edits may reach to the end of the definition's last line."""
    lines = parsed.snapshot.lines
    return lines.line_range(lines.line_of(definition.range.end)).end

"""What a file defines and what it uses, by name: the rows of the workspace's tag index."""

from __future__ import annotations

from dataclasses import dataclass

import tree_sitter

from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange


@dataclass(frozen=True)
class Tag:
    """A definition, or a use of something that may be defined elsewhere."""

    name: str
    kind: str
    """Of definitions `function`, `method`, `class`, `type`, `constant`, `variable`, `module` or
    `macro`; of references `call`, `type`, `import` or `name`."""
    is_definition: bool
    span: ByteRange
    """Of the identifier."""


def tags_of(parsed: ParsedDocument) -> tuple[Tag, ...]:
    """The tags of a document, in order of appearance; one for each identifier.

    Where several patterns see one identifier, a definition counts before a reference, and else the
    pattern written last.
    """
    query = parsed.language.tags
    settings = [query.pattern_settings(index) for index in range(query.pattern_count)]
    found: dict[ByteRange, tuple[bool, int]] = {}
    for pattern, captures in tree_sitter.QueryCursor(query).matches(parsed.root):
        rank = ("tag.definition" in captures, pattern)
        for node in captures.get("name", []):
            span = parsed.span(node)
            found[span] = max(rank, found.get(span, rank))
    return tuple(
        Tag(parsed.text(span), settings[pattern].get("kind") or "name", is_definition, span)
        for span, (is_definition, pattern) in sorted(found.items())
    )

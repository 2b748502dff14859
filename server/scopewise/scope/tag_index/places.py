"""What the index says: places of names, and how much of the workspace it has seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scopewise.syntax.tags import Tag, tags_of
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange


@dataclass(frozen=True)
class TagPlace:
    """Where a name is defined or used."""

    path: Path
    name: str
    kind: str
    """Of definitions `function`, `method`, `class`, `type`, `constant`, `variable`, `module` or
    `macro`; of uses `call`, `type`, `import` or `name`."""
    line: int
    """From 1."""
    span: ByteRange
    """Of the identifier."""


@dataclass(frozen=True)
class IndexState:
    """How far an index is to be trusted."""

    n_files: int = 0
    is_complete: bool = False
    """Every file of the workspace was looked at once, and what changed since is followed."""
    problem: str = ""
    """Why there is no index; empty when there is one."""


@dataclass(frozen=True)
class Row:
    """A tag as it is kept."""

    name: str
    kind: str
    is_definition: bool
    line: int
    span: ByteRange


def rows_of(parsed: ParsedDocument) -> tuple[Row, ...]:
    """All definitions of a document, and the first use of each name in each way."""
    lines = parsed.snapshot.lines
    return tuple(
        Row(tag.name, tag.kind, tag.is_definition, lines.line_of(tag.span.start) + 1, tag.span)
        for tag in _without_repeats(tags_of(parsed))
    )


def _without_repeats(tags: Iterable[Tag]) -> Iterable[Tag]:
    seen: set[tuple[str, str]] = set()
    for tag in tags:
        if not tag.is_definition:
            if (tag.name, tag.kind) in seen:
                continue
            seen.add((tag.name, tag.kind))
        yield tag

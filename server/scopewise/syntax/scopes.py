"""Names resolved by a language's own scoping rules, as `locals.scm` states them.

For every language alike, and from one file: what a name means beyond the file is for `scope/`.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange


@dataclass(frozen=True)
class NameDefinition:
    """A place that binds a name."""

    name: str
    kind: str
    """`parameter`, `variable`, `constant`, `function`, `method`, `class`, `type`, `field`,
    `import`, `macro`, `label` or `namespace`."""
    span: ByteRange
    """Of the identifier."""
    scope: ByteRange
    """The scope it belongs to."""


@dataclass(frozen=True)
class Reference:
    """A use of a name."""

    name: str
    span: ByteRange
    definition: NameDefinition | None
    """None for names the file does not bind: builtins, wildcard imports, mistakes."""


def references(parsed: ParsedDocument, span: ByteRange | None = None) -> tuple[Reference, ...]:
    """The uses of names in a range, or in the whole document, in order of appearance."""
    raise NotImplementedError


def free_references(parsed: ParsedDocument, span: ByteRange) -> tuple[Reference, ...]:
    """The uses in a range of names that are bound outside of it or nowhere in the file."""
    raise NotImplementedError

"""What a file defines and what it uses, by name: the rows of the workspace's tag index."""

from __future__ import annotations

from dataclasses import dataclass

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
    """The tags of a document, in order of appearance."""
    raise NotImplementedError

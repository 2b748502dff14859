"""Calls that lead nowhere, in languages where a file says what it calls.

Where the functions of a package or a header may stand in other files nothing is said: a false
finding would hold a right answer back.
"""

from __future__ import annotations

import re

from scopewise.scope.imports import imported_names
from scopewise.syntax.scopes import Reference, free_references
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange

_CALLS = frozenset({"call_expression"})
_IS_MODULE = re.compile(
    rb"^\s*(import|export)\b|\brequire\s*\(|\bmodule\.exports\b|\bexports\.", re.M
)


def new_unknown_calls(
    before: ParsedDocument, after: ParsedDocument, span: ByteRange
) -> list[str] | None:
    """Functions that the text in `span` of `after` calls and that are defined nowhere; None where
    the file alone cannot tell.

    Only plain names count, that the file before did not have.
    """
    if not after.language.is_closed or not _names_its_world(after, span):
        return None
    had = set(re.findall(r"\w+", before.snapshot.text))
    unknown = [r for r in free_references(after, span) if r.definition is None]
    names = {r.name for r in unknown if _is_called(after, r)}
    return sorted(names - had - after.language.builtins)


def _names_its_world(parsed: ParsedDocument, span: ByteRange) -> bool:
    """Whether everything the text in `span` uses must be named in the file.

    A script without imports shares the names of other scripts, and a wildcard hides what it
    brings.
    """
    if parsed.language.id == "rust":
        return b"include!" not in parsed.source and not _has_wildcard(parsed, span)
    return bool(_IS_MODULE.search(parsed.source))


def _has_wildcard(parsed: ParsedDocument, span: ByteRange) -> bool:
    for imported in imported_names(parsed):
        if imported.bound.endswith("*"):
            at = imported.range
            node = parsed.root.descendant_for_byte_range(at.start, at.end)
            around = node.parent if node is not None else None
            if around is None or ByteRange(around.start_byte, around.end_byte).contains(span):
                return True
            if span.contains(at):
                return True
    return False


def _is_called(parsed: ParsedDocument, reference: Reference) -> bool:
    node = parsed.root.descendant_for_byte_range(reference.span.start, reference.span.end)
    call = node.parent if node is not None else None
    if node is None or call is None or call.type not in _CALLS:
        return False
    # A type that is called makes a value; where it comes from is not seen from its name.
    is_type = reference.name[:1].isupper()
    return call.child_by_field_name("function") == node and not is_type

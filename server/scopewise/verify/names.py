"""Names that lead nowhere, by pyflakes: the only file that imports it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import lru_cache

from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange


@lru_cache(maxsize=8)
def undefined_names(code: str) -> Counter[str] | None:
    """How often each undefined name is used in a Python file; None when it does not parse.

    Remembered for a few texts, for the checks of one result look at the same file several times.
    """
    from pyflakes import checker, messages

    try:
        found = checker.Checker(ast.parse(code.removeprefix("\ufeff")), filename="document")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    kinds = (messages.UndefinedName, messages.UndefinedLocal)
    return Counter(str(m.message_args[0]) for m in found.messages if isinstance(m, kinds))


def new_undefined_names(
    before: ParsedDocument, after: ParsedDocument, span: ByteRange
) -> list[str]:
    """Names that the text in `span` of `after` uses and that neither document defines.

    When the file is broken elsewhere, the span is looked at alone and every name that the file
    mentions outside it counts as defined.
    """
    old = undefined_names(before.source.decode())
    new = undefined_names(after.source.decode())
    if old is not None and new is not None:
        return sorted((new - old).keys())
    if new is not None:
        return sorted(new.keys() & set(re.findall(r"\w+", after.text(span))))
    return _undefined_in_part(after, span)


def _undefined_in_part(after: ParsedDocument, span: ByteRange) -> list[str]:
    import textwrap

    start = after.source.rfind(b"\n", 0, span.start) + 1
    part = textwrap.dedent(after.text(ByteRange(start, span.end)))
    found = undefined_names(part)
    if found is None:
        return []
    outside = after.source[: span.start] + after.source[span.end :]
    return sorted(name for name in found if name.encode() not in outside)

"""How long a piece of code is and how often it branches."""

from __future__ import annotations

import re

import tree_sitter

from scopewise.scope.report import Size
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange

# The grammars name their branching nodes alike, and nothing else hangs on these names.
_BRANCH = re.compile(
    r"(if|elif|for|for_in|foreach|enhanced_for|for_range|while|do|loop|case|switch_block|match|"
    r"except|catch|conditional|ternary|expression_case|type_case|communication)"
    r"_(statement|clause|expression|item|arm|label|group|statement_group|range_loop)|elif_clause"
)


def size_of(parsed: ParsedDocument, span: ByteRange) -> Size:
    """Lines, the first and the last included, and branches: conditions, loops, cases, handlers."""
    lines = parsed.snapshot.lines
    n_lines = lines.line_of(max(span.end - 1, span.start)) - lines.line_of(span.start) + 1
    return Size(n_lines, sum(1 for node in _nodes(parsed, span) if _BRANCH.fullmatch(node.type)))


def _nodes(parsed: ParsedDocument, span: ByteRange) -> list[tree_sitter.Node]:
    """The named nodes that begin in a range."""
    found: list[tree_sitter.Node] = []
    start = parsed.root.named_descendant_for_byte_range(span.start, span.end)
    waiting = [start] if start is not None else []
    while waiting:
        node = waiting.pop()
        if node.start_byte >= span.end or node.end_byte <= span.start:
            continue
        if node.start_byte >= span.start:
            found.append(node)
        waiting.extend(node.named_children)
    return found

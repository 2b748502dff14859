"""The shape of code: what is left of statements when names and values are taken away."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter

from scopewise.syntax.languages import load_language

_MAX_DEPTH = 6


def statement_shapes(language: str, text: str) -> list[str]:
    """The shapes of the statements of the block the text ends in, in order.

    Two statements have equal shapes when their trees of node types are equal.
    Comments are left out: a long one is no loop.
    """
    grammar = load_language(language)
    tree = grammar.parse(text.encode("utf-8", errors="replace"))
    statements = (node for node in _last_run(tree.root_node) if node.type not in grammar.comments)
    return [_shape(node, _MAX_DEPTH) for node in statements]


def _last_run(root: tree_sitter.Node) -> list[tree_sitter.Node]:
    """The longest list of siblings on the path to the last node of the tree."""
    return max((node.named_children for node in _last_path(root)), key=len)


def _last_path(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    while True:
        yield node
        if not node.named_children:
            return
        node = node.named_children[-1]


def _shape(node: tree_sitter.Node, depth: int) -> str:
    if depth == 0:
        return node.type
    inner = " ".join(_shape(child, depth - 1) for child in node.named_children)
    return f"({node.type} {inner})" if inner else node.type

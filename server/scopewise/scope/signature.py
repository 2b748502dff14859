"""What a function's signature says: its parameters, their types, and the type of its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter

from scopewise.syntax.tree import Definition, ParsedDocument

_RECEIVERS = frozenset({"self_parameter", "receiver_parameter"})
_SEPARATORS = frozenset({"keyword_separator", "positional_separator"})
_IDENTIFIERS = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_NAME_FIELDS = ("name", "pattern", "declarator", "left")


@dataclass(frozen=True)
class Parameter:
    name: str
    """Empty for a pattern that takes its argument apart."""
    type: str = ""
    """As written."""
    default: str = ""


@dataclass(frozen=True)
class Signature:
    parameters: tuple[Parameter, ...] = ()
    """Without the receiver."""
    receiver: str = ""
    """`self`, `cls`, or what a method of another language calls its object; empty for none."""
    result: str = ""
    """The type as written."""
    decorators: tuple[str, ...] = ()
    """Of Python, without the `@`."""


def read_signature(parsed: ParsedDocument, definition: Definition) -> Signature:
    """The signature of a function; an empty one where nothing of it can be read."""
    node = definition_node(parsed, definition)
    captures = _captures(parsed, node) if node is not None else {}
    found = captures.get("parameters")
    listed = list(_parameters(found)) if found is not None else []
    decorators = _decorators(parsed, definition)
    receiver = ""
    if definition.parent == "class" and parsed.language.id == "python":
        if listed and "staticmethod" not in decorators:
            receiver = listed.pop(0).name
    elif node is not None:
        receiver = _receiver(node, found)
    result = captures.get("result") or (node and node.child_by_field_name("type"))
    return Signature(tuple(listed), receiver, _text(result).lstrip(": "), decorators)


def definition_node(parsed: ParsedDocument, definition: Definition) -> tree_sitter.Node | None:
    """The node of a definition, without decorators."""
    node = parsed.root.named_descendant_for_byte_range(
        definition.signature.start, definition.body.end
    )
    while node is not None and node.type not in parsed.language.definitions:
        node = node.parent
    return node


def _captures(parsed: ParsedDocument, node: tree_sitter.Node) -> dict[str, tree_sitter.Node]:
    cursor = tree_sitter.QueryCursor(parsed.language.functions)
    cursor.set_max_start_depth(0)
    matches = cursor.matches(node)
    return {name: nodes[0] for _, found in matches for name, nodes in found.items()}


def _parameters(node: tree_sitter.Node) -> Iterator[Parameter]:
    if not node.named_children and node.type in _IDENTIFIERS:
        yield Parameter(_text(node))
    for child in node.named_children:
        if child.type in _RECEIVERS or child.type in _SEPARATORS or "comment" in child.type:
            continue
        typed = child.child_by_field_name("type")
        if child.type == "spread_parameter":  # Java's grammar has no fields there
            typed = child.named_children[0]
        kind = _text(typed).lstrip(": ")
        names: list[tree_sitter.Node | None] = [*child.children_by_field_name("name")]
        names = names or [_named(child)]
        if kind == "void" and len(child.named_children) == 1:
            continue
        default = child.child_by_field_name("value") or child.child_by_field_name("right")
        for name in names:
            yield Parameter(_text(name), kind, _text(default))


def _named(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The identifier that a parameter's node binds."""
    while node.type not in _IDENTIFIERS:
        fields = (node.child_by_field_name(field) for field in _NAME_FIELDS)
        inner = next((field for field in fields if field is not None), None)
        inner = inner or next((c for c in node.named_children if c.type in _IDENTIFIERS), None)
        if inner is None and node.named_children and "splat" in node.named_children[0].type:
            inner = node.named_children[0]
        if inner is None:
            return None
        node = inner
    return node


def _receiver(node: tree_sitter.Node, parameters: tree_sitter.Node | None) -> str:
    for child in parameters.named_children if parameters is not None else []:
        if child.type in _RECEIVERS:
            return "self" if child.type == "self_parameter" else "this"
    of_go = node.child_by_field_name("receiver")
    return next((p.name for p in _parameters(of_go)), "") if of_go is not None else ""


def _decorators(parsed: ParsedDocument, definition: Definition) -> tuple[str, ...]:
    if parsed.language.id != "python":
        return ()
    node = definition_node(parsed, definition)
    around = node.parent if node is not None else None
    if around is None or around.type != "decorated_definition":
        return ()
    return tuple(_text(c).lstrip("@ ") for c in around.named_children if c.type == "decorator")


def _text(node: tree_sitter.Node | None) -> str:
    return node.text.decode("utf-8", errors="replace") if node is not None and node.text else ""

"""Hypothesis strategies for annotated types.

A strategy's values are literals, with `Source` where only an expression will do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from scopewise.verify.inputs.hints import MAX_DEPTH, Hints
from scopewise.verify.inputs.seeds import Members, Source, expression
from scopewise.verify.inputs.target import Constructor
from scopewise.verify.inputs.values import (
    MAX_ITEMS,
    MAX_PAIRS,
    Strategy,
    booleans,
    byte_strings,
    complexes,
    floats,
    grids,
    has_fixed_keys,
    integers,
    of_seen,
    records,
    set_of,
    sized,
    texts,
)
from scopewise.verify.inputs.writing import call_text

_LISTS = frozenset(
    {"list", "List", "Sequence", "Iterable", "Collection", "MutableSequence", "Reversible"}
    | {"Container", "Iterator", "Generator", "deque", "Deque"}
)
_SETS = frozenset({"set", "Set", "AbstractSet", "MutableSet", "frozenset", "FrozenSet"})
_DICTS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "OrderedDict"})
_WRAPPERS = frozenset({"Annotated", "Final", "Required", "NotRequired", "ReadOnly"})
_OPEN = frozenset({"Any", "object"})


def strategy(annotation: str, hints: Hints) -> Strategy | None:
    """Values of an annotated type like those seen; None when there is nothing to go by."""
    node = expression(annotation) if annotation else None
    return _of_node(node, hints) if node is not None else of_seen(hints)


def _of_node(node: ast.expr, hints: Hints) -> Strategy | None:
    if hints.depth > MAX_DEPTH:
        return None
    match node:
        case ast.Constant(value=None):
            return st.none()
        case ast.Constant(value=str() as quoted):
            return strategy(quoted, hints)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _union([left, right], hints)
        case ast.Subscript(value=value, slice=inner):
            items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return _of_generic(value, items, hints)
        case ast.Name() | ast.Attribute():
            return _of_name(node, hints)
    return None


def _last_name(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _union(nodes: Sequence[ast.expr], hints: Hints) -> Strategy | None:
    made = [_of_node(node, hints) for node in nodes]
    known = [each for each in made if each is not None]
    return st.one_of(known) if known else of_seen(hints)


def _of_generic(outer: ast.expr, items: list[ast.expr], hints: Hints) -> Strategy | None:
    name = _last_name(outer)
    if name == "Optional":
        return _union([*items, ast.Constant(None)], hints)
    if name == "Union":
        return _union(items, hints)
    if name == "Literal":
        return st.sampled_from([_literal(item) for item in items])
    if name in _WRAPPERS:
        return _of_node(items[0], hints)
    if name in ("tuple", "Tuple"):
        return _tuples(items, hints)
    if name in _LISTS:
        return _lists(items[0], hints, ast.unparse(outer), name)
    if name in _SETS:
        return _sets(items[0], hints, name)
    if name in _DICTS and len(items) == 2:
        return _mappings(items[0], items[1], hints)
    if name == "Counter":
        return _mappings(items[0], ast.Name("int"), hints)
    return of_seen(hints)


def _literal(node: ast.expr) -> object:
    try:
        value: object = ast.literal_eval(node)
    except ValueError:
        return Source(ast.unparse(node))
    return value


def _tuples(items: list[ast.expr], hints: Hints) -> Strategy | None:
    seen = hints.only(tuple)
    if len(items) == 2 and isinstance(items[1], ast.Constant) and items[1].value is ...:
        made = _of_node(items[0], hints.inside(v for each in seen for v in each))
        return st.lists(made, max_size=MAX_ITEMS).map(tuple) if made is not None else of_seen(hints)
    parts = [
        _of_node(item, hints.inside(each[i] for each in seen if i < len(each)))
        for i, item in enumerate(items)
    ]
    known = [part for part in parts if part is not None]
    return st.tuples(*known) if len(known) == len(parts) else of_seen(hints)


def _lists(item: ast.expr, hints: Hints, spelt: str, name: str) -> Strategy | None:
    if hints.limits.grid and not hints.depth:
        return grids(hints)
    seen = hints.only((list, tuple))
    inner = _of_node(item, hints.inside(v for each in seen for v in each))
    if inner is None:
        return of_seen(hints)
    made = sized(inner, seen, hints.limits)
    if name in ("deque", "Deque"):
        spelt = "deque" if spelt == "Deque" else spelt
        return made.map(lambda items: Source(f"{spelt}({items!r})"))
    if name in ("Iterator", "Generator"):
        return made.map(lambda items: Source(f"iter({items!r})"))
    return made


def _sets(item: ast.expr, hints: Hints, name: str) -> Strategy | None:
    seen = hints.only(Members)
    inner = _of_node(item, hints.inside(sorted((v for each in seen for v in each), key=repr)))
    return None if inner is None else set_of(inner, is_frozen=name.lower().startswith("frozen"))


def _mappings(key: ast.expr, value: ast.expr, hints: Hints) -> Strategy | None:
    seen = hints.only(dict)
    if has_fixed_keys(seen, hints.limits.words):
        return records(hints)
    keys = _of_node(key, hints.inside(k for each in seen for k in each))
    values = _of_node(value, hints.inside(v for each in seen for v in each.values()))
    if keys is None or values is None:
        return of_seen(hints)
    return st.dictionaries(keys, values, max_size=MAX_PAIRS)


_CALLED = {
    "date": "({0}, {1}, {2})",
    "datetime": "({0}, {1}, {2}, {3}, {4})",
    "time": "({3}, {4})",
    "timedelta": "(days={2}, hours={3})",
    "Decimal": "('{2}.{4}')",
    "Fraction": "({1}, {2})",
    "UUID": "(int={4})",
    "Path": "('a{1}/b{2}.txt')",
    "PurePath": "('a{1}/b{2}.txt')",
    "PurePosixPath": "('a{1}/b{2}.txt')",
    "defaultdict": "(int, {{'a': {1}, 'b': {2}}})",
}
"""Types of the standard library, spelt as the annotation spells them and called like this."""


def _of_name(node: ast.expr, hints: Hints) -> Strategy | None:
    spelt, name = ast.unparse(node), _last_name(node)
    if name in _SIMPLE:
        return _SIMPLE[name](hints)
    if name == "None":
        return st.none()
    if name in ("Number", "Real", "Complex"):
        return st.one_of(integers(hints), floats(hints))
    constructor = next((each for each in hints.classes if each.name == spelt), None)
    if constructor is not None:
        made = constructed(constructor, hints)
        return made if made is not None else of_seen(hints)
    if hints.seen:
        return of_seen(hints)
    if name in _CALLED:
        parts = st.tuples(
            st.integers(2020, 2025),
            st.integers(1, 12),
            st.integers(1, 28),
            st.integers(0, 23),
            st.integers(0, 59),
        )
        return parts.map(lambda given: Source(spelt + _CALLED[name].format(*given)))
    return None


def constructed(constructor: Constructor, hints: Hints) -> Strategy | None:
    """Objects of a class of the file, as expressions."""
    if constructor.kind == "enum":
        members = [Source(f"{constructor.name}.{each}") for each in constructor.members]
        return st.sampled_from(members) if members else None
    fields: dict[str, Strategy] = {}
    for parameter in constructor.parameters:
        made = strategy(parameter.annotation, hints.inside(())) if parameter.annotation else None
        if made is not None:
            fields[parameter.name] = made
        elif parameter.is_required:
            return None
    if constructor.kind == "typed dict":
        return st.fixed_dictionaries(fields)
    return st.fixed_dictionaries(fields).map(
        lambda values: Source(call_text(constructor.name, constructor.parameters, values))
    )


_SIMPLE: dict[str, Callable[[Hints], Strategy | None]] = {
    "int": integers,
    "float": floats,
    "str": texts,
    "AnyStr": texts,
    "Text": texts,
    "bool": booleans,
    "bytes": byte_strings,
    "bytearray": lambda hints: byte_strings(hints).map(
        lambda value: Source(f"bytearray({value!r})")
    ),
    "complex": complexes,
    **dict.fromkeys((*_LISTS, *_SETS, *_DICTS, *_OPEN, "tuple", "Tuple"), of_seen),
}

"""Hypothesis strategies for values like those that were seen."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from scopewise.verify.inputs.domain import Limits, fixed_size
from scopewise.verify.inputs.hints import MAX_DEPTH, Hints, bounds
from scopewise.verify.inputs.seeds import Members, Source
from scopewise.verify.inputs.texts import Texts, learn, rewritten

Strategy = SearchStrategy[Any]

MAX_ITEMS = 8
MAX_PAIRS = 5
_SMALL = 10
"""Every other number is small where it may be: there functions differ most."""


def of_seen(hints: Hints) -> Strategy | None:
    """Values of the kinds that were seen."""
    seen = hints.seen
    if not seen or hints.depth > MAX_DEPTH:
        return None
    found: list[Strategy] = []
    for kind, make in _MAKERS:
        some = [value for value in seen if type(value) in kind]
        if some:
            found.append(make(replace(hints, seen=tuple(some))))
    others = [v for v in seen if not any(type(v) in kind for kind, _ in _MAKERS)]
    if others:
        found.append(st.sampled_from(others))
    return st.one_of(found)


def integers(hints: Hints) -> Strategy:
    low, high = (math.ceil(bound) for bound in bounds(hints, spread=10 if hints.is_item else 5))
    high = max(high, low)
    least = min(max(low, -_SMALL), high)
    most = min(high, least + 2 * _SMALL)
    return st.one_of(st.integers(least, most), st.integers(low, high))


def floats(hints: Hints) -> Strategy:
    # Quarters are exact in binary: the order in which a sum is made does not show.
    low, high = bounds(hints, spread=10)
    bottom, top = math.ceil(low * 4), math.floor(high * 4)
    quarters = st.integers(bottom, max(top, bottom)).map(lambda number: number / 4)
    seen = [float(value) for value in hints.only((int, float)) if math.isfinite(value)]
    if any(not (value * 4).is_integer() for value in seen):
        tenths = st.integers(math.ceil(low * 10), max(math.floor(high * 10), math.ceil(low * 10)))
        return st.one_of(quarters, tenths.map(lambda number: number / 10), st.sampled_from(seen))
    return st.one_of(quarters, st.sampled_from(seen)) if seen else quarters


def texts(hints: Hints) -> Strategy:
    known = learn(hints.only(str), hints.limits.words, hints.text)
    free = _free(known)
    joined = _joined(known)
    if known.is_format:
        return _patterned(known)
    if known.is_closed and joined is not None:
        return joined
    found = [each for each in (free, joined) if each is not None]
    found += [st.sampled_from(known.seen)] if hints.only(str) else []
    if hints.limits.words and not hints.only(str):
        found.append(st.sampled_from(hints.limits.words))
    return st.one_of(found)


def _free(known: Texts) -> Strategy:
    characters = st.sampled_from(known.alphabet)
    size = known.size
    if size is not None:
        return st.lists(characters, min_size=size, max_size=size).map("".join)
    return st.lists(characters, max_size=known.max_length).map("".join)


def _patterned(known: Texts) -> Strategy:
    drawn = st.tuples(st.sampled_from(known.seen), st.integers(0, 1 << 16))
    return drawn.map(lambda pair: rewritten(pair[0], known.seen, random.Random(pair[1])))


def _joined(known: Texts) -> Strategy | None:
    if not known.words:
        return None
    words = st.lists(st.sampled_from(known.words), min_size=1, max_size=6)
    if not known.separators:
        return st.sampled_from(known.words)
    return st.tuples(words, st.sampled_from(known.separators)).map(
        lambda drawn: drawn[1].join(drawn[0])
    )


def booleans(_: Hints) -> Strategy:
    return st.booleans()


def byte_strings(hints: Hints) -> Strategy:
    return st.lists(st.sampled_from(b"abc\x00\xff "), max_size=8).map(bytes)


def complexes(hints: Hints) -> Strategy:
    parts = st.integers(-5, 5)
    return st.tuples(parts, parts).map(lambda pair: complex(*pair))


# What is inside a value that was seen


def _list_like(hints: Hints) -> Strategy:
    if hints.limits.grid and not hints.depth:
        return grids(hints)
    seen = [list(each) for each in hints.only(list)]
    items = [item for each in seen for item in each]
    inner = of_seen(hints.inside(items))
    return st.builds(list) if inner is None else sized(inner, seen, hints.limits)


def grids(hints: Hints) -> Strategy:
    """Tables like those seen, with rows equally long."""
    tables = hints.only(list)
    cell = of_seen(hints.inside(value for table in tables for row in table for value in row))
    widths = sorted({len(table[0]) for table in tables} | {1, 2, 3})
    if cell is None:
        return st.sampled_from(tables)

    def rows(width: int) -> Strategy:
        row = st.lists(cell, min_size=width, max_size=width)
        is_square = hints.limits.grid == "square"
        return st.lists(row, min_size=width if is_square else 1, max_size=width if is_square else 5)

    return st.sampled_from(widths).flatmap(rows)


def sized(inner: Strategy, seen: Sequence[Any], limits: Limits) -> Strategy:
    """Lists about as long as those seen, and exactly so where all of several are."""
    size = fixed_size(seen)
    longest = max((len(each) for each in seen), default=0)
    least, most = 0, max(MAX_ITEMS, longest) if longest <= 12 else MAX_ITEMS
    if size is not None:
        least = most = size
    made = st.lists(
        inner, min_size=least, max_size=most, unique_by=repr if limits.is_distinct else None
    )
    return made.map(_sorted) if limits.is_sorted else made


def _sorted(items: list[Any]) -> list[Any]:
    try:
        return sorted(items)
    except TypeError:
        return items


def _tuple_like(hints: Hints) -> Strategy:
    seen = hints.only(tuple)
    sizes = {len(each) for each in seen}
    if len(sizes) > 1 or not sizes or not max(sizes):
        inner = of_seen(hints.inside(item for each in seen for item in each))
        return st.just(()) if inner is None else st.lists(inner, max_size=MAX_ITEMS).map(tuple)
    parts = [of_seen(hints.inside(each[i] for each in seen)) for i in range(max(sizes))]
    known = [part for part in parts if part is not None]
    return st.tuples(*known) if len(known) == len(parts) else st.sampled_from(seen)


def _dict_like(hints: Hints) -> Strategy:
    seen = hints.only(dict)
    if has_fixed_keys(seen, hints.limits.words):
        return records(hints)
    keys = of_seen(hints.inside(key for each in seen for key in each))
    values = of_seen(hints.inside(value for each in seen for value in each.values()))
    if keys is None or values is None:
        return st.sampled_from(seen)
    return st.dictionaries(keys, values, max_size=MAX_PAIRS)


def has_fixed_keys(seen: Sequence[dict[object, object]], words: Sequence[str]) -> bool:
    """Whether the dictionaries are records: names as keys, the same in all."""
    if len({tuple(sorted(map(repr, each))) for each in seen}) != 1 or not seen[0]:
        return False
    if not all(isinstance(key, str) and key.isidentifier() for key in seen[0]):
        return False
    kinds = {type(value) for each in seen for value in each.values()}
    return len(seen) > 1 or len(kinds) > 1 or set(seen[0]) <= set(words)


def records(hints: Hints) -> Strategy:
    seen = hints.only(dict)
    made = {key: of_seen(hints.inside(each[key] for each in seen)) for key in seen[0]}
    return st.fixed_dictionaries({k: v for k, v in made.items() if v is not None})


def _set_like(hints: Hints) -> Strategy:
    seen = hints.only(Members)
    inner = of_seen(hints.inside(sorted((v for each in seen for v in each), key=repr)))
    return st.just(Source("set()")) if inner is None else set_of(inner)


def _nothing(_: Hints) -> Strategy:
    return st.none()


_MAKERS: tuple[tuple[tuple[type, ...], Callable[[Hints], Strategy]], ...] = (
    ((bool,), booleans),
    ((int,), integers),
    ((float,), floats),
    ((str,), texts),
    ((bytes,), byte_strings),
    ((complex,), complexes),
    ((list,), _list_like),
    ((tuple,), _tuple_like),
    ((dict,), _dict_like),
    ((Members,), _set_like),
    ((type(None),), _nothing),
)


def set_of(inner: Strategy, *, is_frozen: bool = False) -> Strategy:
    # As an expression in a fixed order: that of a set of strings changes from run to run.
    def spelt(items: list[object]) -> Source:
        text = "{" + ", ".join(map(repr, items)) + "}" if items else "set()"
        return Source(f"frozenset({text})" if is_frozen else text)

    return st.lists(inner, max_size=MAX_ITEMS, unique_by=repr).map(spelt)

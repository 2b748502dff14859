"""Which candidates behave alike on generated inputs.

Not every input is evidence. A column of the table, that is one input, counts when

- at least two candidates were run on it;
- at least one of them returned a value: where all raise, or none ends in time, nothing is shown;
- at least half of them answered, with a value or a refusal. A refusal is an exception that code
  raises on purpose (`ValueError`, one of the project's own); where most break down
  (`TypeError`, `IndexError`, ...) or hang, the input is evidently outside the domain, and what
  the few others make of it is nonsense.

A column counts fully or not at all, so that "on 20 inputs" can be said of the result.

Candidates form a cluster when they are equal on nearly every column that counts: a few inputs in
twenty always lie outside what the function is for (an empty separator, a doubled blank), and on
these good answers differ. A cell that was not reached, or whose input could not be made, says
nothing: a candidate joins the first cluster that few of its cells speak against, and what it adds
then speaks for that cluster. Among the members of a cluster the one that does most often what the
others do is the best: those of other clusters are heard too, for many a mistake concerns a few
inputs only (minimum Bayes risk: Shi et al., arXiv 2204.11454).

A call that returns something is compared by that. What it does to its arguments on the way counts
where it returns nothing; elsewhere it is a side effect, and answers without one are preferred.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scopewise.verify.behaviour import Behaviour

_BREAKDOWNS = frozenset(
    {
        "ArithmeticError",
        "AttributeError",
        "FloatingPointError",
        "IndexError",
        "KeyError",
        "LookupError",
        "MemoryError",
        "NameError",
        "OverflowError",
        "RecursionError",
        "StopIteration",
        "SystemError",
        "TypeError",
        "UnboundLocalError",
        "UnicodeDecodeError",
        "UnicodeEncodeError",
        "ZeroDivisionError",
    }
)
"""What Python itself raises on an operand that does not fit."""
_MAX_TEXT = 80
_TOLERATED = 0.1
"""The share of inputs on which members of a cluster may differ."""
_MANY_CLUSTERS = 3
"""So many of them, and none a majority, tell that the task can be read in many ways."""

Row = Sequence[Behaviour]


@dataclass(frozen=True)
class Disagreement:
    """An input on which two clusters differ."""

    call: int
    """The index of the input."""
    candidates: tuple[int, int]
    """One candidate of the largest cluster, and one of another."""
    texts: tuple[str, str]
    """What the two did, as one would say it."""


@dataclass(frozen=True)
class Clustering:
    """The candidates by what they do."""

    clusters: tuple[tuple[int, ...], ...]
    """Indices of candidates that could be run, the largest cluster first; of equal ones the one
    that breaks down on fewer inputs, else the earlier one. Without evidence all candidates are one
    cluster: nothing tells them apart."""
    share: float | None
    """How many of those that could be run are in the largest cluster; None without evidence."""
    n_inputs: int
    """Inputs that counted; 0 means that there is no evidence."""
    support: tuple[float, ...]
    """For each candidate the share of the others' cells that are as its own; 0 where that says
    nothing."""
    n_alike: int = 0
    """Those on which all of the largest cluster did the same."""
    disagreement: Disagreement | None = None

    @property
    def is_scattered(self) -> bool:
        """Whether more candidates would hardly make a majority."""
        has_majority = self.share is not None and self.share > 1 / 2
        return len(self.clusters) >= _MANY_CLUSTERS and not has_majority


def cluster(behaviours: Sequence[Row]) -> Clustering:
    """Groups candidates, given a row for each and in it what came of each input."""
    run = [index for index, row in enumerate(behaviours) if any(map(_was_run, row))]
    n_columns = max((len(row) for row in behaviours), default=0)
    columns = [c for c in range(n_columns) if _counts([_cell(behaviours[i], c) for i in run])]
    if len(run) < 2 or not columns:
        everyone = tuple(range(len(behaviours)))
        return Clustering((everyone,) if everyone else (), None, 0, (0.0,) * len(everyone))
    groups = _groups(behaviours, run, columns)
    groups.sort(key=lambda group: (-len(group), min(n_breakdowns(behaviours[i]) for i in group)))
    return Clustering(
        clusters=tuple(map(tuple, groups)),
        share=len(groups[0]) / len(run),
        n_inputs=len(columns),
        n_alike=sum(_is_uniform(behaviours, groups[0], column) for column in columns),
        support=tuple(_support(behaviours, columns, index) for index in range(len(behaviours))),
        disagreement=_disagreement(behaviours, groups, columns),
    )


def n_side_effects(row: Row) -> int:
    """On how many inputs a candidate changed its arguments although it returned something."""
    return sum(cell.arguments is not None and not _is_nothing(cell) for cell in row)


def n_run(row: Row) -> int:
    """On how many inputs a candidate was run; when its time is over the rest are skipped."""
    return sum(map(_was_run, row))


def n_breakdowns(row: Row) -> int:
    """On how many inputs a candidate failed without meaning to, or did not end."""
    return sum(
        cell.outcome == "timeout" or (cell.outcome == "exception" and not cell.is_deliberate)
        for cell in row
    )


def is_same(one: Behaviour, other: Behaviour) -> bool:
    """Whether two candidates did the same: an equal value, output and changes of the arguments;
    or an exception of the same type; or both did not end."""
    if one.outcome != other.outcome:
        return False
    if one.outcome == "exception":
        return bool(one.value == other.value)
    if not is_equal(one.value, other.value) or one.printed != other.printed:
        return False
    return not _is_nothing(one) or is_equal(one.arguments, other.arguments)


def is_equal(one: Any, other: Any) -> bool:
    """Whether two encoded values are equal, as `==` has it, with a tolerance for floats.

    `verify/harness.py` says how values are encoded.
    """
    if type(one) is type(other) and one == other:
        return True
    numbers = _number(one), _number(other)
    if None not in numbers:
        return _is_close(*numbers)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if one.keys() != other.keys():
            return False
        if one.get("t") == other.get("t") == "dict":
            return _has_equal_pairs(one, other)
        return all(is_equal(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(is_equal, one, other))
    return False


def readable(behaviour: Behaviour) -> str:
    """What a candidate did, in a few words."""
    if behaviour.outcome == "exception":
        return f"raises {behaviour.value}"
    if behaviour.outcome != "value":
        return {"timeout": "does not end in time", "skipped": "was not run"}.get(
            behaviour.outcome, "cannot be run"
        )
    parts = [f"returns {_cut(_literal(behaviour.value))}"]
    if behaviour.printed:
        parts.append(f"prints {_cut(repr(behaviour.printed))}")
    if behaviour.arguments is not None:
        parts.append("changes its arguments")
    return " and ".join(parts)


# The table


def _cell(row: Row, column: int) -> Behaviour:
    return row[column] if column < len(row) else Behaviour("skipped")


def _was_run(behaviour: Behaviour) -> bool:
    return behaviour.outcome not in ("unusable", "skipped")


def _is_answer(behaviour: Behaviour) -> bool:
    is_refusal = behaviour.outcome == "exception" and behaviour.value not in _BREAKDOWNS
    return behaviour.outcome == "value" or is_refusal


def _counts(cells: Sequence[Behaviour]) -> bool:
    """Whether a column is evidence."""
    reached = [cell for cell in cells if _was_run(cell)]
    if len(reached) < 2 or all(cell.outcome != "value" for cell in reached):
        return False
    return 2 * sum(map(_is_answer, reached)) >= len(reached)


def _groups(
    behaviours: Sequence[Row], run: Sequence[int], columns: Sequence[int]
) -> list[list[int]]:
    groups: list[list[int]] = []
    profiles: list[dict[int, Behaviour]] = []
    for index in run:
        cells = {column: _cell(behaviours[index], column) for column in columns}
        cells = {column: cell for column, cell in cells.items() if _was_run(cell)}
        for group, profile in zip(groups, profiles, strict=True):
            n_odd = sum(c in profile and not is_same(profile[c], cells[c]) for c in cells)
            if n_odd <= _TOLERATED * len(columns):
                group.append(index)
                profile.update({c: cell for c, cell in cells.items() if c not in profile})
                break
        else:
            groups.append([index])
            profiles.append(cells)
    return groups


def _is_uniform(behaviours: Sequence[Row], group: Sequence[int], column: int) -> bool:
    cells = [_cell(behaviours[index], column) for index in group]
    reached = [cell for cell in cells if _was_run(cell)]
    return all(is_same(reached[0], cell) for cell in reached[1:])


def _support(behaviours: Sequence[Row], columns: Sequence[int], index: int) -> float:
    others = (row for other, row in enumerate(behaviours) if other != index)
    pairs = [(_cell(behaviours[index], c), _cell(row, c)) for row in others for c in columns]
    reached = [pair for pair in pairs if all(map(_was_run, pair))]
    return sum(is_same(*pair) for pair in reached) / max(len(reached), 1)


def _is_nothing(behaviour: Behaviour) -> bool:
    """Whether a call returned None."""
    value = behaviour.value
    return behaviour.outcome == "value" and (value is None or value.get("t") == "none")


def _disagreement(
    behaviours: Sequence[Row], groups: Sequence[Sequence[int]], columns: Sequence[int]
) -> Disagreement | None:
    for other in groups[1:]:
        for column in columns:
            for first in groups[0]:
                for second in other:
                    cells = _cell(behaviours[first], column), _cell(behaviours[second], column)
                    if all(map(_was_run, cells)) and not is_same(*cells):
                        texts = readable(cells[0]), readable(cells[1])
                        return Disagreement(column, (first, second), texts)
    return None


# Encoded values


def _number(code: Any) -> complex | None:
    """The number that is encoded, None when it is none; `True` is not one."""
    if not isinstance(code, Mapping) or code.get("t") not in ("int", "float", "complex"):
        return None
    kinds = {"int": int, "float": float, "complex": complex}
    try:
        number: complex = kinds[code["t"]](code["v"])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
    return number


def _is_close(one: complex | None, other: complex | None) -> bool:
    assert one is not None
    assert other is not None
    if one == other or (one != one and other != other):
        return True
    if isinstance(one, int) and isinstance(other, int):
        return False
    try:
        distance, size = abs(one - other), max(abs(one), abs(other))
    except OverflowError:
        return False
    return math.isfinite(size) and distance <= max(1e-9, 1e-6 * size)


def _has_equal_pairs(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two encoded dictionaries are equal, in whatever order their keys stand."""
    values = one.get("v"), other.get("v")
    return (
        is_equal(*map(_by_key, values)) if all(map(_is_pairs, values)) else values[0] == values[1]
    )


def _by_key(pairs: Any) -> list[Any]:
    return sorted(pairs, key=lambda pair: json.dumps(pair[0]))


def _is_pairs(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(
        isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in value
    )


def _literal(code: Any) -> str:
    """An encoded value as Python writes it, as near as can be."""
    if not isinstance(code, Mapping):
        return repr(code)
    kind, value = code.get("t"), code.get("v")
    if kind in ("bool", "none", "str"):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return _compound(str(kind), str(code.get("name", kind)), value)
    if kind in ("int", "float", "complex", "enum", "repr", "name"):
        return str(value)
    return f"<{code.get('of') or kind}>"


def _compound(kind: str, name: str, value: Sequence[Any]) -> str:
    if kind == "dict" and _is_pairs(value):
        return "{" + ", ".join(f"{_literal(k)}: {_literal(v)}" for k, v in value) + "}"
    if kind == "object" and _is_pairs(value):
        fields = (f"{_literal(k).strip(chr(39))}={_literal(v)}" for k, v in value)
        return f"{name}({', '.join(fields)})"
    items = ", ".join(map(_literal, value))
    if kind == "list":
        return f"[{items}]"
    if kind == "tuple":
        return f"({items},)" if len(value) == 1 else f"({items})"
    if kind == "set" and value:
        return "{" + items + "}"
    return f"{name}({items})"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "..."

"""Draws values from Hypothesis strategies outside a test."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scopewise.verify.inputs.values import Strategy

_N_BYTES = 4096
"""What one draw may read; most take less than fifty."""


def draw(strategy: Strategy, n: int, seed: int) -> Iterator[Any]:
    """Values of a strategy, at most `n`; always the same ones.

    They are drawn through `fuzz_one_input`, which takes its choices from bytes we give: no
    examples are kept on disk, no constants are collected from loaded modules, and the program's
    random numbers are left alone.
    """
    drawn: list[Any] = []

    @settings(database=None, deadline=None)
    @given(strategy)
    def keep(value: Any) -> None:
        drawn.append(value)

    fuzz: Callable[[bytes], bytes | None] = keep.hypothesis.fuzz_one_input  # type: ignore[attr-defined]
    rng = random.Random(seed)
    for _ in range(n):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fuzz(rng.randbytes(_N_BYTES))
        yield from drawn
        drawn.clear()


def together(strategies: Mapping[str, Strategy], required: Collection[str]) -> Strategy:
    """Values for several names at once; those not required are left out every other time."""
    return st.fixed_dictionaries(
        {name: each for name, each in strategies.items() if name in required},
        optional={name: each for name, each in strategies.items() if name not in required},
    )

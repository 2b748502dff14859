"""The level of dependency of a piece of code: the widest of what its names need."""

from __future__ import annotations

from collections.abc import Iterable

from scopewise.scope.report import Binding, Level, Origin

_LEVELS = {
    Origin.STANDARD_LIBRARY: Level.SLIB_RUNNABLE,
    Origin.THIRD_PARTY: Level.PLIB_RUNNABLE,
    Origin.CLASS_MEMBER: Level.CLASS_RUNNABLE,
    Origin.ENCLOSING: Level.FILE_RUNNABLE,
    Origin.FILE: Level.FILE_RUNNABLE,
    Origin.PROJECT: Level.PROJECT_RUNNABLE,
}


def level_of(bindings: Iterable[Binding]) -> Level:
    """The widest level any of the names needs; self-contained for none."""
    return max(map(level_of_binding, bindings), default=Level.SELF_CONTAINED)


def level_of_binding(binding: Binding) -> Level:
    """What running the code needs for this one name.

    A name that nothing binds counts for nothing: what it needs is not known.
    """
    if binding.level is not None:
        return binding.level
    return level_of_origin(binding.origin)


def level_of_origin(origin: Origin) -> Level:
    return _LEVELS.get(origin, Level.SELF_CONTAINED)

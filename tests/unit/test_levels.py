import pytest

from scopewise.scope.levels import level_of
from scopewise.scope.report import Binding, Level, Origin


def binding(origin: Origin, level: Level | None = None) -> Binding:
    return Binding("name", origin, 1, level=level)


def test_nothing_is_self_contained():
    assert level_of([]) is Level.SELF_CONTAINED


@pytest.mark.parametrize(
    ("origin", "level"),
    [
        (Origin.PARAMETER, Level.SELF_CONTAINED),
        (Origin.BUILTIN, Level.SELF_CONTAINED),
        (Origin.UNRESOLVED, Level.SELF_CONTAINED),
        (Origin.STANDARD_LIBRARY, Level.SLIB_RUNNABLE),
        (Origin.THIRD_PARTY, Level.PLIB_RUNNABLE),
        (Origin.CLASS_MEMBER, Level.CLASS_RUNNABLE),
        (Origin.ENCLOSING, Level.FILE_RUNNABLE),
        (Origin.FILE, Level.FILE_RUNNABLE),
        (Origin.PROJECT, Level.PROJECT_RUNNABLE),
    ],
)
def test_each_origin_asks_for_a_level(origin, level):
    assert level_of([binding(origin)]) is level


def test_the_widest_counts():
    origins = (Origin.BUILTIN, Origin.FILE, Origin.THIRD_PARTY)
    assert level_of(map(binding, origins)) is Level.FILE_RUNNABLE


def test_what_a_binding_says_itself_counts_before_its_origin():
    assert level_of([binding(Origin.PROJECT, Level.SELF_CONTAINED)]) is Level.SELF_CONTAINED

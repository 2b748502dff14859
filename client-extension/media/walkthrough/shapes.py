"""Shapes, to try scopewise on."""

import math


def area(radius: float) -> float:
    """The area of a circle."""
    if radius < 0:
        raise ValueError("A radius is not negative.")
    return math.pi * radius**2


def circumference(radius: float) -> float:
    """The circumference of a circle.

    >>> round(circumference(1), 2)
    6.28
    >>> circumference(0)
    0.0
    """

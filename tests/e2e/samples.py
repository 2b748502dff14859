"""Small documents the tests share."""

STUB = '''def area(width, height):
    """The area of a rectangle.$0"""
'''
BODY = "    return width * height\n"
FILLED = STUB.replace("$0", "") + BODY

TWO_STUBS = '''def area(width, height):
    """The area of a rectangle.$0"""


def ring(width, height):
    """The circumference of a rectangle."""
'''

BROKEN = """def mean(numbers):
    return sum(numbers) / len(numbers)


mean([])
"""
MENDED = """def mean(numbers):
    if not numbers:
        return 0.0
    return sum(numbers) / len(numbers)
"""
TRACE = """Traceback (most recent call last):
  File "{path}", line 5, in <module>
    mean([])
  File "{path}", line 2, in mean
    return sum(numbers) / len(numbers)$0
ZeroDivisionError: division by zero
"""

SLOWLY = 0.05
"""Seconds a word, for a job that must still be running a moment later."""

"""What is asked of the program that runs a candidate in the sandbox, and what it answers.

The values travel as JSON between the server and `verify/harness.py`, which runs inside.
"""

from __future__ import annotations

import textwrap
from typing import Any, Literal

import msgspec

_MAX_SHOWN = 80
"""Characters of a call in a label."""


class Example(msgspec.Struct, frozen=True):
    """A piece of a specification that can be run: a call and what must come of it."""

    source: str
    """Statements to run; the last one, an expression, gives the value (doctest's source)."""
    expected: str
    """As `form` says: printed text, a Python expression, or the text of an exception."""
    form: Literal["doctest", "value", "raises", "assert"]
    """`doctest`: the text Python's prompt would print; `value`: an expression whose value must be
    equal; `raises`: the name of an exception type, with ": message" when it is given;
    `assert`: `source` must simply run through."""
    setup: str = ""
    """Statements run before, such as the earlier lines of the same doctest."""
    shown: str = ""
    """How the specification writes it, for findings."""
    line: int = 0
    """Line of the specification's text, from 0."""
    options: tuple[str, ...] = ()
    """Names of doctest option flags, such as "ELLIPSIS"."""


class Call(msgspec.Struct, frozen=True):
    """A generated input: a call of the candidate, in Python expressions."""

    name: str
    """The function's name, or the method's."""
    args: tuple[str, ...] = ()
    """An expression for each positional argument."""
    kwargs: tuple[tuple[str, str], ...] = ()
    receiver: str = ""
    """An expression that makes the object a method is called on, such as `Stack(3)`; for a class
    or static method the class; empty for a function."""

    @property
    def text(self) -> str:
        """The call as one would write it."""
        arguments = [*self.args, *(f"{name}={value}" for name, value in self.kwargs)]
        owner = f"{self.receiver}." if self.receiver else ""
        return f"{owner}{self.name}({', '.join(arguments)})"

    @property
    def shown(self) -> str:
        """The same, cut to what a label has room for."""
        return textwrap.shorten(self.text, _MAX_SHOWN, placeholder=" …")


class Trial(msgspec.Struct, frozen=True):
    """One candidate and what to try it on."""

    source: str
    """The text of the whole module with the candidate in it."""
    path: str
    """Where the module lies, for `__file__` and for tracebacks."""
    module: str = "candidate"
    """Its dotted name, so that relative imports work."""
    function: str = ""
    """Qualified name of the function that is tried."""
    sys_path: tuple[str, ...] = ()
    """Folders to import from, first things first."""
    examples: tuple[Example, ...] = ()
    calls: tuple[Call, ...] = ()
    call_timeout_s: float = 2.0
    """For each example and each call."""
    total_timeout_s: float = 10.0
    """For all of them together; what is not reached is `skipped`."""


class ExampleResult(msgspec.Struct, frozen=True):
    status: Literal["passed", "failed", "error", "timeout", "skipped", "unusable"]
    """`error`: an exception that the example does not expect; `unusable`: the example itself
    cannot be run, such as for a name that is nowhere, which says nothing about the candidate."""
    got: str = ""
    """The value as Python writes it, or the exception's last line; cut to a readable length."""
    detail: str = ""
    """The last lines of the traceback, with the candidate's line; empty when nothing was raised."""


class Behaviour(msgspec.Struct, frozen=True):
    """What a candidate did on one generated input, as data two candidates can be compared by."""

    outcome: Literal["value", "exception", "timeout", "unusable", "skipped"]
    """`unusable`: the input itself could not be made, which says nothing about the candidate."""
    value: Any = None
    """The encoded value; see `verify/harness.py`. For an exception its type's name."""
    printed: str = ""
    """What was written to standard output, cut."""
    arguments: Any = None
    """The encoded arguments (and receiver) after the call when it changed them, else None."""
    is_deliberate: bool = False
    """Of an exception: whether a `raise` or `assert` made it, not an operation that broke down."""


class TrialReport(msgspec.Struct, frozen=True):
    """What came of a trial."""

    problem: str = ""
    """Why nothing could be tried, such as the exception that loading the module raised."""
    problem_kind: Literal["", "import", "load", "missing", "killed"] = ""
    """`import`: a module is not installed here; `load`: the module's own code raised;
    `missing`: the function is not there; `killed`: the process was stopped or died."""
    problem_detail: str = ""
    """The last lines of the traceback when there was one."""
    examples: tuple[ExampleResult, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()
    seconds: float = 0.0

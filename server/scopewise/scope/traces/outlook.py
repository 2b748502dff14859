"""What a stack trace lets one expect: which frames could hold the cause, and whether exceptions
of its kind are usually caused where they are raised."""

from __future__ import annotations

import enum
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scopewise.scope.lookup import Files
from scopewise.scope.traces.localise import Spot, spots
from scopewise.scope.traces.rejected_input import rejects_its_input
from scopewise.scope.traces.stack import Trace, by_interest, root_cause
from scopewise.text import ByteRange


class Tendency(enum.Enum):
    """Where the cause of a kind of exception usually is."""

    HERE = "here"
    """In the expression or the function that raised it."""
    ELSEWHERE = "elsewhere"
    """In whoever made the value, in another thread, in the world outside."""
    EITHER = "either"


@dataclass(frozen=True)
class FrameOutlook:
    """A frame that lies in the workspace."""

    path: Path
    line: int
    """From 1, as printed."""
    function: str
    could_hold_cause: bool
    sentence: str


@dataclass(frozen=True)
class Outlook:
    exception: str
    """The type's name without its module; empty where the trace ends too early."""
    tendency: Tendency
    sentence: str
    frames: tuple[FrameOutlook, ...] = ()
    """The innermost last."""

    is_failed_test: bool = False
    """A test's own assertion failed: the cause is in what the test calls, or below that."""

    @property
    def n_candidates(self) -> int:
        """Functions of the workspace that could hold the cause."""
        candidates = [frame for frame in self.frames if frame.could_hold_cause]
        return len({(frame.path, frame.function) for frame in candidates})


@dataclass(frozen=True)
class _Kind:
    """A row of the table: types, what the message must look like, and what that means."""

    types: frozenset[str]
    tendency: Tendency
    sentence: str
    message: str = ""
    """A regular expression; empty for any message."""


def _row(types: str, tendency: Tendency, sentence: str, message: str = "") -> _Kind:
    return _Kind(frozenset(types.split()), tendency, sentence, message)


KINDS = (
    _row(
        "NameError UnboundLocalError SyntaxError IndentationError TabError",
        Tendency.HERE,
        "a name or a syntax error is mended where it stands",
    ),
    _row(
        "ImportError ModuleNotFoundError",
        Tendency.ELSEWHERE,
        "what cannot be imported is usually not installed, moved, or part of a circle of imports",
    ),
    _row(
        "TypeError",
        Tendency.HERE,
        "the call does not fit the signature of what it calls",
        r"argument|positional|keyword|takes|missing \d|not callable|unexpected",
    ),
    _row(
        "TypeError AttributeError",
        Tendency.EITHER,
        "a value is None: it was not checked here, or should not have been None where it was made",
        r"NoneType|'None'|null|undefined",
    ),
    _row(
        "TypeError",
        Tendency.HERE,
        "an operation does not fit the types of its operands",
    ),
    _row(
        "AttributeError",
        Tendency.HERE,
        "an attribute is asked for that the object does not have",
    ),
    _row(
        "IndexError KeyError ZeroDivisionError StopIteration OverflowError",
        Tendency.HERE,
        "the expression does not allow for an edge case: an empty, missing or zero value",
    ),
    _row(
        "UnicodeDecodeError UnicodeEncodeError JSONDecodeError",
        Tendency.ELSEWHERE,
        "the data, or how it was written, is usually at fault, not the line that reads it",
    ),
    _row(
        "AssertionError",
        Tendency.ELSEWHERE,
        "an assertion reports a wrong value; what computed it is elsewhere",
    ),
    _row(
        "ValueError",
        Tendency.EITHER,
        "a value was refused: it may be made here or handed in by a caller",
    ),
    _row(
        "RecursionError",
        Tendency.ELSEWHERE,
        "endless recursion is a matter of all the functions in the circle, and of their data",
    ),
    _row(
        "TimeoutError TimeoutExpired Timeout ReadTimeout ConnectTimeout CancelledError",
        Tendency.ELSEWHERE,
        "a timeout comes from what is waited for, not from the line that waits",
    ),
    _row(
        "ConnectionError ConnectionRefusedError ConnectionResetError ConnectionAbortedError "
        "BrokenPipeError gaierror SSLError HTTPError URLError NewConnectionError",
        Tendency.ELSEWHERE,
        "a connection fails because of the other side or the network",
    ),
    _row(
        "FileNotFoundError FileExistsError PermissionError IsADirectoryError NotADirectoryError "
        "OSError IOError",
        Tendency.EITHER,
        "a file is not as expected: the path may be made wrongly, or the file be missing",
    ),
    _row(
        "RuntimeError",
        Tendency.ELSEWHERE,
        "something changed or ran at the same time, or out of order",
        r"changed size during iteration|event loop|deadlock|thread|already running|lock",
    ),
    _row(
        "MemoryError DeadlockError OperationalError IntegrityError InvalidRequestError",
        Tendency.ELSEWHERE,
        "it depends on the state of the system or of the database",
    ),
    _row(
        "NotImplementedError",
        Tendency.HERE,
        "the function is not written yet",
    ),
)
"""What is known of kinds of exceptions; the first row that fits counts."""

_UNKNOWN = "nothing is known of this kind of exception"


def outlook(trace: Trace, files: Files) -> Outlook:
    """What to expect of mending what a trace shows; any trace will do."""
    root = root_cause(trace)
    frames = next((found for part in by_interest(trace) if (found := spots(part, files))), [])
    exception = root.exception.type_name.rpartition(".")[2] if root.exception else ""
    message = root.exception.text if root.exception else ""
    tendency, sentence = _tendency(exception, message)
    refuses = bool(frames) and _refuses_input(frames[-1], root)
    if refuses:
        tendency = Tendency.ELSEWHERE
        sentence = "the function refuses what it is given: its caller is at fault"
    innermost = len(frames) - 1
    return Outlook(
        exception,
        tendency,
        sentence,
        tuple(_frame(spot, refuses and n == innermost) for n, spot in enumerate(frames)),
        is_failed_test=exception == "AssertionError" and bool(frames) and frames[-1].is_test,
    )


def _tendency(exception: str, message: str) -> tuple[Tendency, str]:
    for kind in KINDS:
        if exception in kind.types and re.search(kind.message, message):
            return kind.tendency, kind.sentence
    return Tendency.EITHER, _UNKNOWN


def _refuses_input(spot: Spot, part: Trace) -> bool:
    """Whether the innermost frame raised because of its arguments alone; read from Python."""
    definition, line = spot.definition, spot.line
    if definition is None or line is None or spot.parsed.language.id != "python":
        return False
    if not part.frames or spot.resolved.frame != part.frames[-1]:
        return False
    lines = spot.parsed.snapshot.lines
    first = lines.line_of(definition.range.start)
    start = lines.line_range(first).start
    code = textwrap.dedent(spot.parsed.text(ByteRange(start, definition.range.end)))
    return not spot.is_test and rejects_its_input(code, line - first + 1)


_AGAINST: tuple[tuple[Callable[[Spot, bool], bool], str], ...] = (
    (lambda spot, refuses: spot.is_test, "a test shows a fault and is not one"),
    (lambda spot, refuses: spot.line is None, "the printed code is no longer there"),
    (lambda spot, refuses: spot.definition is None, "code of a module, in no function"),
    (lambda spot, refuses: refuses, "it only refuses what it was given"),
)
"""What speaks against a frame, the first that holds."""


def _frame(spot: Spot, refuses: bool) -> FrameOutlook:
    against = next((sentence for holds, sentence in _AGAINST if holds(spot, refuses)), "")
    frame = spot.resolved.frame
    sentence = against or "it lies in the workspace and may hold the cause"
    return FrameOutlook(spot.resolved.path, frame.line, frame.function, not against, sentence)

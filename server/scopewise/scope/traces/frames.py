"""Which file of the workspace a frame means, and which frame to look at.

A trace may come from another machine, a container or a build directory, so a path is
followed from its end: the longest part of it that exists under a root is the file.
Nothing is searched; only the places a path can mean are asked for.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from scopewise.scope.traces.stack import Frame, Trace, by_interest

IsFile = Callable[[Path], bool]

_FOREIGN_DIRECTORIES = frozenset(
    {"site-packages", "dist-packages", ".venv", ".tox", ".nox", "__pypackages__"}
)
_PYTHON_VERSION = re.compile(r"(?:python|pypy)\d[\d.]*t?", re.IGNORECASE)
_PYTHON_HOME = re.compile(r"python[\d.-]*|(?:ana|mini)conda\d*", re.IGNORECASE)
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_TEST_FILE = re.compile(r"(?:test_.*|.*_tests?|tests?|conftest)\.py")
_MAX_PARTS = 40
_TEST_DIRECTORIES = frozenset({"test", "tests"})


@dataclass(frozen=True)
class ResolvedFrame:
    """A frame and the file of the workspace it lies in."""

    path: Path
    frame: Frame
    is_test: bool = False
    """By its name and its directories, as pytest and unittest find tests."""
    reason: str = ""
    """Why `pick_frame` took this one, as a sentence for people."""


def resolve_frame(frame: Frame, roots: Sequence[Path], is_file: IsFile) -> Path | None:
    """The file in the workspace that a frame's path means."""
    place = _find(frame.path, roots, is_file)
    return place.path if place else None


def workspace_frames(trace: Trace, roots: Sequence[Path], is_file: IsFile) -> list[ResolvedFrame]:
    """The frames of one exception that lie in the workspace, the innermost last."""
    # Recursion repeats a path a thousand times, and asking a disk for it is slow.
    known = {path: _find(path, roots, is_file) for path in {frame.path for frame in trace.frames}}
    return [
        ResolvedFrame(place.path, frame, _is_test(place.parts))
        for frame in trace.frames
        if (place := known[frame.path])
    ]


def pick_frame(trace: Trace, roots: Sequence[Path], is_file: IsFile) -> ResolvedFrame | None:
    """The frame to look at first, with the reason.

    It is the innermost one in the workspace of the root cause, or of the next part of the
    trace that has any. A failed assertion in a test accuses the code under test, so a frame
    outside of the tests goes before it.
    """
    parts = list(by_interest(trace))
    for part in parts:
        frames = workspace_frames(part, roots, is_file)
        if frames:
            picked, why = _pick(part, frames)
            return replace(picked, reason=_reservation(part, parts[0]) + why)
    return None


def _pick(part: Trace, frames: list[ResolvedFrame]) -> tuple[ResolvedFrame, str]:
    innermost = frames[-1]
    raised = part.exception.type_name if part.exception else "The exception"
    if innermost.is_test and raised.rpartition(".")[2] == "AssertionError":
        return _pick_tested(frames)
    if innermost.frame == part.frames[-1]:
        return innermost, f"{raised} was raised here."
    return innermost, f"{raised} was raised outside of the workspace, in a call made here."


def _pick_tested(frames: list[ResolvedFrame]) -> tuple[ResolvedFrame, str]:
    tested = [frame for frame in frames if not frame.is_test]
    if tested:
        return tested[-1], "A test's assertion failed; this is the last call outside of the tests."
    return frames[-1], "A test's assertion failed, and the trace names nothing but tests."


def _reservation(part: Trace, root: Trace) -> str:
    """What speaks against the place, so that nobody takes it for the cause unseen."""
    if part is not root:
        return "Nothing of the root cause lies in the workspace. "
    if part.relation == "cause" and part.cause is None:
        return "The trace of what caused it is cut off. "
    return ""


@dataclass(frozen=True)
class _Place:
    """A path by the root it lies in and the parts below."""

    root: Path
    parts: tuple[str, ...]

    @property
    def path(self) -> Path:
        return self.root.joinpath(*self.parts)


def _find(path: str, roots: Sequence[Path], is_file: IsFile) -> _Place | None:
    if not path or path.startswith("<") or "\0" in path:
        return None
    if inside := _inside(path, roots):
        # A file of this very workspace that is gone must not turn into a namesake.
        ours = [place for place in inside if not _is_foreign(place.parts)]
        return next((place for place in ours if is_file(place.path)), None)
    parts = _parts(path)
    if _is_foreign(parts):
        return None
    return _find_suffix(parts[-_MAX_PARTS:], roots, is_file)


def _inside(path: str, roots: Sequence[Path]) -> list[_Place]:
    """The roots an absolute path lies in, the innermost first."""
    place = Path(os.path.normpath(path))
    nested = sorted(roots, key=lambda root: len(root.parts), reverse=True)
    around = [root for root in nested if place.is_absolute() and place.is_relative_to(root)]
    return [_Place(root, place.relative_to(root).parts) for root in around]


def _find_suffix(parts: tuple[str, ...], roots: Sequence[Path], is_file: IsFile) -> _Place | None:
    for n in range(len(parts)):
        places = [_Place(root, parts[n:]) for root in roots]
        found = [place for place in places if is_file(place.path)]
        if found:
            return _least_doubtful(found, parts[n - 1] if n else "")
    return None


def _least_doubtful(found: list[_Place], parent: str) -> _Place | None:
    """The one whose root is named like the directory in the path, or the first.

    A mere file name that several roots have, or every package, means nothing by itself.
    """
    named = next((place for place in found if parent and place.root.name == parent), None)
    if named is not None or not parent or len(found[0].parts) > 1:
        return named or found[0]
    is_common = len(found) > 1 or found[0].parts[0].startswith("__")
    return None if is_common else found[0]


def _parts(path: str) -> tuple[str, ...]:
    """The path without drive and root, from behind the last ".." on."""
    is_windows = _WINDOWS_PATH.match(path) or ("\\" in path and "/" not in path)
    pure = PureWindowsPath(path) if is_windows else PurePosixPath(path)
    names = pure.relative_to(pure.anchor).parts
    n_up = max((n for n, name in enumerate(names, 1) if name == ".."), default=0)
    return names[n_up:]


def _is_foreign(parts: tuple[str, ...]) -> bool:
    """Whether a path leads into an interpreter's own files or installed packages."""
    if not _FOREIGN_DIRECTORIES.isdisjoint(parts):
        return True
    return any(_is_library(*pair) for pair in itertools.pairwise(parts))


def _is_library(directory: str, below: str) -> bool:
    if directory in ("lib", "lib64"):
        return _PYTHON_VERSION.fullmatch(below) is not None
    # Windows keeps the standard library in C:\\Python311\\Lib.
    return below.lower() == "lib" and _PYTHON_HOME.fullmatch(directory) is not None


def _is_test(parts: tuple[str, ...]) -> bool:
    is_named_so = _TEST_FILE.fullmatch(parts[-1]) is not None
    return is_named_so or not _TEST_DIRECTORIES.isdisjoint(parts[:-1])

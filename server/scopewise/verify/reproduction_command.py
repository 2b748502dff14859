"""Which command to run again to see a failure, read off a stack trace and the text round it.

What is not certain is not guessed: a command whose input or environment cannot be had here gives
None, and whether one really fails the same way only a run tells.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from scopewise.document import DocumentSnapshot, uri_of
from scopewise.scope.imports import module_file
from scopewise.scope.test_files import TestTarget
from scopewise.scope.traces.frames import resolve_frame, workspace_frames
from scopewise.scope.traces.stack import Frame, Trace, root_cause
from scopewise.syntax.tree import parse
from scopewise.text import ByteRange

Kind = Literal["pytest", "unittest", "script", "module"]

_REACH_BYTES = 8 * 1024
_MAX_HEADER_LINES = 8
_MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Symptom:
    """How a command failed."""

    type_name: str
    """Of the exception, without its module; empty when there was none."""
    message: str = ""
    """In one line."""
    path: Path | None = None
    """The file of the project it happened in, or was called from."""
    line: int = 0
    function: str = ""

    @property
    def text(self) -> str:
        """What failed and where, as a part of a sentence."""
        raised = ": ".join(filter(None, (self.type_name, self.message[:120])))
        place = f" ({self.path.name}, line {self.line})" if self.path else ""
        return f"{raised or 'an error'}{place}"


@dataclass(frozen=True)
class Reproduction:
    """A command that failed."""

    kind: Kind
    display: str
    """As one would type it in `cwd`."""
    root: Path
    """The folder of the workspace it belongs to."""
    cwd: Path
    symptom: Symptom
    """The failure to look for."""
    target: TestTarget | None = None
    """The test to run, for `pytest` and `unittest`."""
    arguments: tuple[str, ...] = ()
    """The script or the module with its own arguments, for `script` and `module`."""


def reproduction_of(trace: Trace, text: str | bytes, roots: Sequence[Path]) -> Reproduction | None:
    """The command that led to a trace of this text, if the text or the trace shows it."""
    source = text if isinstance(text, bytes) else text.encode("utf-8", errors="replace")
    reader = _Reader(trace, source, tuple(roots), symptom_of(trace, roots))
    return (
        reader.from_unittest()
        or reader.from_pytest()
        or reader.from_shell()
        or reader.from_frames()
    )


def symptom_of(trace: Trace, roots: Sequence[Path]) -> Symptom:
    """What a trace says failed: its root cause, and the innermost place of the project in it."""
    part = root_cause(trace)
    exception = part.exception or trace.exception
    inside = workspace_frames(part, roots, Path.is_file)
    frame = inside[-1].frame if inside else Frame("", 0)
    return Symptom(
        exception.type_name.rpartition(".")[2] if exception else "",
        exception.message.partition("\n")[0] if exception else "",
        inside[-1].path if inside else None,
        frame.line,
        frame.function,
    )


_UNITTEST = re.compile(r"(?:FAIL|ERROR): (?P<name>[\w.]+) \((?P<dotted>[\w.]+)\)")
_HEADING = re.compile(r"_{3,} (?P<name>.+?) _{3,}\s*$")
_AT = re.compile(r"ERROR at (?:setup|teardown) of ")
_COLLECTING = re.compile(r"ERROR collecting (?P<path>\S+\.py)")
_SUMMARY = re.compile(
    r"^(?:FAILED|ERROR) (?P<path>[^:\n]+\.py)(?:::(?P<name>[^\n]+?))?(?: - [^\n]*)?\r?$", re.M
)
_COMMAND = re.compile(
    r"(?:^|[$%#>❯➜»] +|^(?:##\[\w+\])?Run +)`?"
    r"(?P<command>(?:(?:uv|poetry|pdm|hatch|pipenv|rye) run +)?"
    r"(?:\S*/)?(?:python[\d.]*|py|pytest|py\.test)(?: [^`]*)?)`?\s*$"
)
_PROMPT = re.compile(r"^\S*(?: \S+)?[$%❯➜»] +\S")


@dataclass(frozen=True)
class _Reader:
    trace: Trace
    source: bytes
    roots: tuple[Path, ...]
    symptom: Symptom

    # Tests

    def from_unittest(self) -> Reproduction | None:
        header = next(
            filter(None, map(_UNITTEST.match, self._lines_above(_MAX_HEADER_LINES))), None
        )
        if header is None:
            return None
        name, dotted = header["name"], header["dotted"]
        if "_FailedTest" in dotted:
            return self._test("unittest", module_file(name, None, self.roots), "")
        path, inside = self._module_in(dotted.removesuffix(f".{name}"), name)
        qualified_name = ".".join([*inside, name] if name.startswith("test") else inside)
        return self._test("unittest", path, qualified_name)

    def from_pytest(self) -> Reproduction | None:
        heading = _HEADING.match(self._first_line())
        if heading is None or heading["name"].startswith("[doctest]"):
            return None
        if collecting := _COLLECTING.match(heading["name"]):
            return self._test("pytest", self._file(collecting["path"]), "")
        name = _AT.sub("", heading["name"])
        for summary in _SUMMARY.finditer(self.source.decode("utf-8", errors="replace")):
            if _qualified(summary["name"] or "") == name:
                return self._test("pytest", self._file(summary["path"]), name)
        function = name.partition("[")[0].rpartition(".")[2]
        return self._test("pytest", self._file_of(function), name)

    def _test(self, kind: Kind, path: Path | None, name: str) -> Reproduction | None:
        root = self._root_of(path)
        if path is None or root is None:
            return None
        place = path.relative_to(root)
        if kind == "pytest":
            head, bracket, parameters = name.partition("[")
            inside = f"::{head.replace('.', '::')}{bracket}{parameters}" if name else ""
            display = f"pytest {shlex.quote(place.as_posix() + inside)}"
        else:
            module = ".".join(place.with_suffix("").parts)
            display = f"python -m unittest {module}{'.' if name else ''}{name}"
        target = TestTarget(path, (name,) if name else ())
        return Reproduction(kind, display, root, root, self.symptom, target)

    def _module_in(self, dotted: str, function: str) -> tuple[Path | None, list[str]]:
        """The file a dotted name begins with, and what follows it."""
        parts = dotted.split(".")
        for n in range(len(parts) - 1, 0, -1):
            path = module_file(".".join(parts[:n]), None, self.roots)
            if path is not None and path.name != "__init__.py":
                return path, parts[n:]
        # A file that was run as a script or from another folder: the trace knows where it is.
        return self._file_of(function), parts[-1:]

    # Commands

    def from_shell(self) -> Reproduction | None:
        for line in self._lines_above():
            if command := _COMMAND.search(line):
                return self._from_command(command["command"])
            if _PROMPT.match(line):
                return None
        return None

    def _from_command(self, command: str) -> Reproduction | None:
        words = _words(command)
        if not words:
            return None
        program, *arguments = words[2:] if words[1:2] == ["run"] else words
        if "pytest" in program or "py.test" in program:
            return self._from_node_ids(arguments)
        while arguments and arguments[0].startswith("-"):
            option = arguments.pop(0)
            if option == "-m" and arguments:
                return self._from_module(arguments)
            if option in ("-W", "-X") and arguments:
                arguments.pop(0)
            elif option in ("-", "-c", "-m"):
                return None
        return self._from_script(arguments) if arguments else None

    def _from_module(self, arguments: list[str]) -> Reproduction | None:
        module, *rest = arguments
        if module == "pytest":
            return self._from_node_ids(rest)
        path = module_file(module, None, self.roots)
        root = self._root_of(path)
        if path is None or root is None:
            return None
        is_in_src = (
            path.is_relative_to(root / "src") and not (root / module.partition(".")[0]).exists()
        )
        return Reproduction(
            "module",
            shlex.join(["python", "-m", *arguments]),
            root,
            root / "src" if is_in_src else root,
            self.symptom,
            arguments=tuple(arguments),
        )

    def _from_node_ids(self, arguments: list[str]) -> Reproduction | None:
        """Only where one test is named: a trace of many does not say whose it is."""
        ids = [word for word in arguments if ".py" in word]
        path, _, name = ids[0].partition("::") if len(ids) == 1 else ("", "", "")
        return self._test("pytest", self._file(path), _qualified(name)) if name else None

    def _from_script(self, arguments: Sequence[str]) -> Reproduction | None:
        script, *rest = arguments
        outermost = self._outermost()
        path = outermost if outermost and outermost.name == Path(script).name else None
        path = path or self._file(script)
        root = self._root_of(path)
        if path is None or root is None:
            return None
        cwd = _without_end(path, script)
        return self._script(path, root, cwd if cwd and cwd.is_relative_to(root) else root, rest)

    def _script(
        self, path: Path, root: Path, cwd: Path, arguments: Sequence[str] = ()
    ) -> Reproduction:
        return Reproduction(
            "script",
            shlex.join(["python", path.relative_to(cwd).as_posix(), *arguments]),
            root,
            cwd,
            self.symptom,
            arguments=(str(path), *arguments),
        )

    def from_frames(self) -> Reproduction | None:
        """The test or the script that the outermost call of the project belongs to."""
        frames = self.trace.frames
        inside = workspace_frames(self.trace, self.roots, Path.is_file)
        for frame in inside:
            # A report of pytest that is cut off shows the line without the function.
            if frame.is_test and (frame.frame.function or "test").startswith("test"):
                name = _test_around(frame.path, frame.frame)
                return self._test("pytest", frame.path, name) if name else None
        path = self._outermost()
        root = self._root_of(path)
        if path is None or root is None:
            return None
        if "runpy" in frames[0].path:
            parts = path.relative_to(root).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__main__" else parts
            return self._from_module([".".join(parts[parts[0] == "src" :])])
        cwd = _without_end(path, frames[0].path)
        return self._script(path, root, cwd if cwd and cwd.is_relative_to(root) else root)

    # What all of them look at

    def _first_line(self) -> str:
        line, _, _ = self.source[self.trace.range.start : self.trace.range.end].partition(b"\n")
        return line.decode("utf-8", errors="replace").rstrip()

    def _lines_above(self, limit: int = 200) -> Iterator[str]:
        """The lines above the trace, the nearest first, down to the end of another one."""
        start = self.trace.range.start
        above = self.source[max(0, start - _REACH_BYTES) : start].decode("utf-8", errors="replace")
        for n, line in enumerate(reversed(above.splitlines())):
            if n == limit or line.startswith("  File "):
                return
            yield line

    def _outermost(self) -> Path | None:
        """The file of the project whose top level the trace begins in."""
        frames = [f for f in self.trace.frames if "runpy" not in f.path]
        if not frames or frames[0].function != "<module>":
            return None
        return resolve_frame(frames[0], self.roots, Path.is_file)

    def _file(self, path: str) -> Path | None:
        return resolve_frame(Frame(path, 1), self.roots, Path.is_file)

    def _file_of(self, function: str) -> Path | None:
        """The file of the project in which the trace was inside a function of that name."""
        inside = workspace_frames(self.trace, self.roots, Path.is_file)
        return next((f.path for f in inside if f.frame.function == function), None)

    def _root_of(self, path: Path | None) -> Path | None:
        around = [root for root in self.roots if path and path.is_relative_to(root)]
        return max(around, key=lambda root: len(root.parts), default=None)


def _words(command: str) -> list[str]:
    """The words up to where the output goes; empty when the shell does more than start it."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="();<>|&`$")
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    try:
        for word in lexer:
            if word[0] in "|>;&":
                # In "2>&1" the number belongs to what follows.
                return words[:-1] if word[0] == ">" and words[-1:] in (["1"], ["2"]) else words
            if word[0] in "()<`$":
                return []
            words.append(word)
    except ValueError:
        return []
    return words


def _qualified(name: str) -> str:
    """`TestCart.test_total[x::y]` of `TestCart::test_total[x::y]`."""
    head, bracket, parameters = name.partition("[")
    return head.replace("::", ".") + bracket + parameters


def _without_end(path: Path, end: str) -> Path | None:
    """The folder from which a path is written as `end`."""
    parts = [part for part in PurePosixPath(end.replace("\\", "/")).parts if part != "."]
    if PurePosixPath(end).is_absolute() or list(path.parts[-len(parts) :]) != parts:
        return None
    return path.parents[len(parts) - 1]


def _test_around(path: Path, frame: Frame) -> str:
    """The qualified name of the test whose line a frame names; empty if there is none there."""
    try:
        text = path.read_bytes()[:_MAX_BYTES].decode("utf-8", errors="replace")
    except OSError:
        return ""
    parsed = parse(DocumentSnapshot(uri_of(path), text))
    if parsed is None or frame.line > parsed.snapshot.lines.n_lines:
        return ""
    line = parsed.snapshot.lines.line_range(frame.line - 1)
    end = ByteRange(line.end, line.end)
    around = [d for d in parsed.definitions_around(end) if d.name.startswith("test")]
    named = (d.qualified_name for d in around if frame.function in ("", d.name))
    return next(named, "")

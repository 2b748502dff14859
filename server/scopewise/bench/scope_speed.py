"""How long offers, edits and the analysis of a function take in files of a real package."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scopewise.actions.outcome import Place
from scopewise.actions.producers import PRODUCERS
from scopewise.document import DocumentSnapshot, uri_of
from scopewise.scope.analysis import Context, analyze
from scopewise.scope.python.names import PythonNames
from scopewise.syntax.tree import Definition, ParsedDocument, parse
from scopewise.text import ByteRange

_PER_FILE = 5
_LONG_FILE = 10_000
"""Lines."""
_N_PLACES = 400


@dataclass(frozen=True)
class Timings:
    """Milliseconds a function."""

    cold: tuple[float, ...]
    """The first function of a file, with a new process for every file."""
    first: tuple[float, ...]
    """The first time a function is analysed, in a process that has seen others."""
    warm: tuple[float, ...]
    """The second time."""
    n_incomplete: int


def measure_speed(package: Path, n_files: int, deadline_s: float) -> Timings:
    """Times over functions of a package's largest files, spread evenly over each."""
    cold: list[float] = []
    first: list[float] = []
    warm: list[float] = []
    n_incomplete = 0
    files = sorted(package.rglob("*.py"), key=lambda path: -path.stat().st_size)[:n_files]
    for path in files:
        names = PythonNames()
        context = Context((package.parent,), names, deadline_s=deadline_s)
        try:
            for index, (parsed, definition) in enumerate(_functions(path)):
                taken, is_complete = _timed(context, parsed, definition)
                (first if index else cold).append(taken)
                n_incomplete += not is_complete
                warm.append(_timed(context, parsed, definition)[0])
        finally:
            names.close()
    return Timings(tuple(cold), tuple(first), tuple(warm), n_incomplete)


@dataclass(frozen=True)
class MoveTimings:
    """Milliseconds a keystroke or a move of the cursor, in one long file."""

    n_lines: int
    offers: tuple[float, ...]
    """Asking every producer whether it applies, all over the file."""
    edits: tuple[float, ...]
    """Parsing again after one more character, and finding the definitions around it."""


def measure_moves(package: Path) -> MoveTimings:
    """Times in a file of ten thousand lines, made of a package's own files one after the other."""
    text = _long_text(package)
    parsed = parse(DocumentSnapshot("file:///long.py", text, "python"))
    assert parsed is not None
    step = len(parsed.source) // _N_PLACES
    places = range(step, len(parsed.source), step)
    return MoveTimings(
        n_lines=parsed.snapshot.lines.n_lines,
        offers=tuple(_offered(parsed, offset) for offset in places),
        edits=tuple(_edited(parsed, offset) for offset in places),
    )


def _offered(parsed: ParsedDocument, offset: int) -> float:
    place = Place(parsed.snapshot, parsed, ByteRange(offset, offset))
    started = time.perf_counter()
    for row in PRODUCERS:
        row.offer(place)
    return (time.perf_counter() - started) * 1000


def _edited(parsed: ParsedDocument, offset: int) -> float:
    """The time for one more character at the end of the line at an offset."""
    end = parsed.source.find(b"\n", offset) % len(parsed.source)
    text = (parsed.source[:end] + b"x" + parsed.source[end:]).decode()
    snapshot = replace(parsed.snapshot, text=text)
    started = time.perf_counter()
    after = parse(snapshot, parsed)
    assert after is not None
    list(after.definitions_around(ByteRange(end, end)))
    return (time.perf_counter() - started) * 1000


def _long_text(package: Path) -> str:
    lines: list[str] = []
    for path in sorted(package.rglob("*.py"), key=lambda path: -path.stat().st_size):
        if len(lines) >= _LONG_FILE:
            break
        lines += path.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[:_LONG_FILE]) + "\n"


def percentile(times: tuple[float, ...], share: float) -> float:
    """The time that a share of the functions stays below; 0 for none."""
    if len(times) < 2:
        return times[0] if times else 0.0
    return statistics.quantiles(times, n=100, method="inclusive")[round(share * 100) - 1]


def _timed(context: Context, parsed: ParsedDocument, definition: Definition) -> tuple[float, bool]:
    started = time.perf_counter()
    report = analyze(context, parsed, definition)
    return (time.perf_counter() - started) * 1000, report.is_complete


def _functions(path: Path) -> Iterator[tuple[ParsedDocument, Definition]]:
    text = path.read_text(encoding="utf-8", errors="replace")
    parsed = parse(DocumentSnapshot(uri_of(path), text))
    functions = [d for d in parsed.definitions if d.kind == "function"] if parsed else []
    step = max(len(functions) // _PER_FILE, 1)
    for definition in functions[::step][:_PER_FILE]:
        assert parsed is not None
        yield parsed, definition

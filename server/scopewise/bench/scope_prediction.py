"""What is predicted of stubs, against what their bodies turned out to need.

The weights of `scope/prediction.py` were fitted to one half of the rows, chosen by a hash of the
row's name; the other half says what they are worth.
"""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from scopewise.bench.report import Share
from scopewise.bench.scope_rows import ScopeRow, ScopeSet, placed, read_rows
from scopewise.errors import InputError
from scopewise.scope.escalation import Advice, Experience, Task, decide
from scopewise.scope.hazards import hazards
from scopewise.scope.prediction import Stub, predict
from scopewise.scope.report import Level, Origin, Prediction, ScopeReport
from scopewise.scope.specification import specification
from scopewise.settings import Settings
from scopewise.syntax.tree import Definition, ParsedDocument, parse
from scopewise.text import ByteEdit, apply_edits

_FILES = {
    ScopeSet.DEVEVAL: "deveval_with_source.jsonl.gz",
    ScopeSet.CODEREVAL: "codereval_python.jsonl.gz",
}
_OUTSIDE_LABELS = frozenset({
    "class_runnable", "file_runnable", "project_runnable",
    "intra_class", "intra_file", "cross_file",
})  # fmt: skip
_DEVEVAL_LABELS = {
    Level.CLASS_RUNNABLE: "intra_class",
    Level.FILE_RUNNABLE: "intra_file",
    Level.PROJECT_RUNNABLE: "cross_file",
}
_OUTSIDE_ORIGINS = frozenset({Origin.CLASS_MEMBER, Origin.FILE, Origin.PROJECT})


@dataclass(frozen=True)
class PredictedRow:
    """A stub: what was predicted, and what its body needed."""

    row: ScopeRow
    parsed: ParsedDocument
    definition: Definition
    prediction: Prediction
    is_method: bool

    @property
    def is_held_out(self) -> bool:
        """Whether the row was left out when the weights were fitted."""
        return zlib.crc32(self.row.id.encode()) % 2 == 1

    @property
    def needs_outside(self) -> bool:
        """Whether the body needed something besides parameters, builtins and libraries."""
        return bool(self.row.names) or self.row.label in _OUTSIDE_LABELS

    @property
    def predicted_label(self) -> str:
        """The predicted level in the words of the row's set."""
        if self.row.label.endswith(("_runnable", "_contained")):
            return self.prediction.level.label
        return _DEVEVAL_LABELS.get(self.prediction.level, "standalone")


@dataclass(frozen=True)
class PredictionFigures:
    """How often the prediction is right, beside answers that need no look at the stub."""

    rows: str
    """Which they are: "fitted", "held out" or "all"."""
    right: Share
    always_yes: Share
    always_no: Share
    is_method: Share
    """Answering yes for methods alone."""
    found: Share
    """Of the functions that need something outside, those said to."""
    spared: Share
    """Of the functions that need nothing outside, those said to."""
    level: Share
    confusion: tuple[tuple[str, str, int], ...]
    """Level in truth, level predicted, how often; the commonest first."""
    names_right: Share
    """Of the names predicted, those the body uses; of sets that list names."""
    names_found: Share


@dataclass(frozen=True)
class AdviceFigures:
    """What models made of the functions that were given one advice."""

    advice: Advice
    n_rows: int
    passed: Share
    """Greedy answers of several models that pass the row's tests."""


def predicted_rows(folder: Path, task_set: ScopeSet) -> list[PredictedRow]:
    """The rows of a set as stubs, each with its prediction; raises InputError."""
    documentation = {extra.id: extra.docstring for extra in _extras(folder, task_set)}
    found = (_predicted(row, documentation[row.id]) for row in read_rows(folder, task_set))
    return [predicted for predicted in found if predicted is not None]


def prediction_figures(rows: Sequence[PredictedRow]) -> list[PredictionFigures]:
    """The figures of the fitted half, of the half held out, and of all rows."""
    fitted = [row for row in rows if not row.is_held_out]
    held_out = [row for row in rows if row.is_held_out]
    parts = {"fitted": fitted, "held out": held_out, "all": list(rows)}
    return [_figures(name, part) for name, part in parts.items()]


def advice_figures(folder: Path, rows: Sequence[PredictedRow]) -> list[AdviceFigures]:
    """How models did on the stubs, by the advice each was given: to see whether it is of use."""
    results = {extra.id: extra.pass_greedy for extra in _extras(folder, ScopeSet.CODEREVAL)}
    passed: dict[Advice, list[bool]] = {advice: [] for advice in Advice}
    n_rows: Counter[Advice] = Counter()
    for row in rows:
        advice = decide(_report(row), Task.FILL, Experience(), Settings()).advice
        passed[advice] += results[row.row.id].values()
        n_rows[advice] += 1
    return [AdviceFigures(advice, n_rows[advice], _share(passed[advice])) for advice in Advice]


class _Extra(msgspec.Struct):
    """What a row says besides what `read_rows` reads."""

    id: str
    docstring: str = ""
    pass_greedy: dict[str, bool] = {}


def _extras(folder: Path, task_set: ScopeSet) -> list[_Extra]:
    path = folder / _FILES[task_set]
    try:
        with gzip.open(path) as file:
            return [msgspec.json.decode(line, type=_Extra) for line in file if line.strip()]
    except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}).") from error


def _predicted(row: ScopeRow, documentation: str) -> PredictedRow | None:
    with placed(row) as place:
        if place is None:
            return None
        found = without_body(place.parsed, place.definition, documentation)
    if found is None:
        return None
    parsed, definition = found
    prediction = predict(parsed, definition)
    return PredictedRow(row, parsed, definition, prediction, Stub(parsed, definition).is_method)


def without_body(
    parsed: ParsedDocument, definition: Definition, documentation: str
) -> tuple[ParsedDocument, Definition] | None:
    """The document with nothing but documentation in a function of Python, and that function."""
    text = documentation.replace("\\", "\\\\").replace('"""', '\\"""').strip()
    edit = ByteEdit(definition.body, f'"""{text}\n"""')
    source = apply_edits(parsed.source, [edit]).decode("utf-8", errors="replace")
    after = parse(replace(parsed.snapshot, text=source))
    for found in after.definitions if after else ():
        if after is not None and found.signature.start == definition.signature.start:
            return after, found
    return None


def _report(row: PredictedRow) -> ScopeReport:
    """What is known of a stub before anything is followed to other files."""
    return ScopeReport(
        target=row.definition.qualified_name,
        kind=row.definition.kind,
        language=row.parsed.language.id,
        line=row.row.line,
        hazards=hazards(row.parsed, row.definition),
        specification=specification(row.parsed, row.definition),
        is_stub=True,
        prediction=row.prediction,
    )


def _figures(name: str, rows: Sequence[PredictedRow]) -> PredictionFigures:
    confusion = Counter((row.row.label, row.predicted_label) for row in rows)
    needing = [row for row in rows if row.needs_outside]
    free = [row for row in rows if not row.needs_outside]
    pairs = [(_predicted_names(row), _used_names(row)) for row in rows if row.row.names]
    n_right = sum(len(predicted & used) for predicted, used in pairs)
    return PredictionFigures(
        rows=name,
        right=_share(row.prediction.needs_outside is row.needs_outside for row in rows),
        always_yes=_share(row.needs_outside for row in rows),
        always_no=_share(not row.needs_outside for row in rows),
        is_method=_share(row.is_method is row.needs_outside for row in rows),
        found=_share(row.prediction.needs_outside for row in needing),
        spared=_share(not row.prediction.needs_outside for row in free),
        level=_share(row.row.label == row.predicted_label for row in rows),
        confusion=tuple((*pair, n) for pair, n in confusion.most_common()),
        names_right=Share(n_right, sum(len(predicted) for predicted, _ in pairs)),
        names_found=Share(n_right, sum(len(used) for _, used in pairs)),
    )


def _predicted_names(row: PredictedRow) -> frozenset[str]:
    return frozenset(_last(b.name) for b in row.prediction.bindings if b.origin in _OUTSIDE_ORIGINS)


def _used_names(row: PredictedRow) -> frozenset[str]:
    return frozenset(_last(name) for _, name in row.row.names)


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]


def _share(answers: Iterable[bool]) -> Share:
    listed = list(answers)
    return Share(sum(listed), len(listed))

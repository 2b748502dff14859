"""The report of a definition or a selection as a whole."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from scopewise.document import DocumentSnapshot, uri_of
from scopewise.scope.analysis import Context, analyze
from scopewise.scope.report import Level, ScopeReport
from scopewise.syntax.languages import grammars_folder, language_names, load_language
from scopewise.syntax.tree import parse
from scopewise.text import ByteRange

TEXT = '''\
import threading

rows = {}

class Store:
    """Rows by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def put(self, name: str, value: int = 0) -> bool:
        """Keep a value.

        Raises:
            KeyError: if the name is empty
        """
        if not name:
            raise KeyError(name)
        for _ in range(2):
            rows[name] = value
        return True

    def get(self, name: str) -> int:
        """The value of `rows`, or 0."""
        raise NotImplementedError
'''


def report(text: str, target: str, tmp_path: Path, **context: object) -> ScopeReport:
    parsed = parse(DocumentSnapshot(uri_of(tmp_path / "store.py"), text))
    assert parsed is not None
    definition = parsed.find(target)
    assert definition is not None
    return analyze(Context((tmp_path,), **context), parsed, definition)


def test_a_function(tmp_path):
    found = report(TEXT, "Store.put", tmp_path)
    assert (found.target, found.kind, found.language, found.line) == (
        "Store.put", "function", "python", 11,
    )  # fmt: skip
    assert found.level is Level.FILE_RUNNABLE
    assert (found.size.n_lines, found.size.n_branches) == (11, 2)
    assert found.specification.has_doc
    assert found.specification.raises == ("KeyError",)
    assert found.hazards
    assert not found.is_stub
    assert found.prediction is None
    assert found.n_calling_files is None


def test_a_stub_is_predicted_and_its_bindings_are_facts(tmp_path):
    found = report(TEXT, "Store.get", tmp_path)
    assert found.is_stub
    assert found.prediction is not None
    assert {one.name for one in found.bindings} == {"str", "int", "NotImplementedError"}
    assert found.level is Level.SELF_CONTAINED


def test_a_class(tmp_path):
    found = report(TEXT, "Store", tmp_path)
    assert found.kind == "class"
    assert "self._lock" not in {one.name for one in found.bindings}
    assert "threading.Lock" in {one.name for one in found.bindings}


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [("        if not", "        for", "lines 17 to 18"), ("rows = {}", "\n\nclass", "line 3")],
)
def test_a_selection(tmp_path, start, end, name):
    parsed = parse(DocumentSnapshot(uri_of(tmp_path / "store.py"), TEXT))
    assert parsed is not None
    span = ByteRange(TEXT.index(start), TEXT.index(end))
    found = analyze(Context(), parsed, span)
    assert (found.target, found.kind) == (name, "selection")


@dataclass(frozen=True)
class Index:
    def definitions(self, name: str) -> list[object]:
        return []

    def calling_files(self, name: str, definition_kind: str, except_path: Path) -> int | None:
        return {"put": 3}.get(name)


def test_callers_come_from_the_index(tmp_path):
    assert report(TEXT, "Store.put", tmp_path, index=Index()).n_calling_files == 3


@pytest.mark.parametrize("folder", language_names())
def test_every_definition_of_every_language_has_a_report(folder):
    sources = sorted((Path(__file__).parents[1] / "grammars" / folder).glob("*"))
    language = load_language(folder)
    n_reports = 0
    for source in sources:
        text = source.read_text(encoding="utf-8")
        parsed = parse(DocumentSnapshot(uri_of(source), text))
        assert parsed is not None, (source, language.extensions)
        for definition in parsed.definitions[:40]:
            found = analyze(Context(), parsed, definition)
            assert found.target == definition.qualified_name
            assert found.size.n_lines > 0
            n_reports += 1
    assert n_reports or not sources, grammars_folder()


@pytest.mark.parametrize("cut", range(0, len(TEXT), 23))
def test_text_that_ends_anywhere_has_a_report(cut, tmp_path):
    text = TEXT[:cut]
    parsed = parse(DocumentSnapshot(uri_of(tmp_path / "store.py"), text))
    assert parsed is not None
    analyze(Context((tmp_path,)), parsed, ByteRange(0, len(text)))
    for definition in parsed.definitions:
        analyze(Context((tmp_path,)), parsed, definition)

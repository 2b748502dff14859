"""Open documents: what the editor types arrives unchanged, and goes before the files."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from scopewise.lsp.documents import Documents, EditorWorkspace
from scopewise.text import Encoding

URI = "file:///project/shop.py"


def opened(text: str, uri: str = URI, language: str = "python") -> Documents:
    documents = Documents()
    documents.open(lsp.TextDocumentItem(uri, language, 1, text))
    return documents


def change(
    documents: Documents,
    *changes: tuple[tuple[int, int], tuple[int, int], str],
    unit: Encoding = Encoding.UTF16,
) -> str:
    """The text after changes, each a start, an end and what replaces it."""
    events = [
        lsp.TextDocumentContentChangePartial(
            lsp.Range(lsp.Position(*start), lsp.Position(*end)), text
        )
        for start, end, text in changes
    ]
    documents.change(lsp.VersionedTextDocumentIdentifier(2, URI), events, unit)
    snapshot = documents.snapshot(URI)
    assert snapshot
    assert snapshot.version == 2
    return snapshot.text


@pytest.mark.parametrize(
    ("unit", "column"), [(Encoding.UTF8, 9), (Encoding.UTF16, 7), (Encoding.UTF32, 6)]
)
def test_columns_in_every_encoding(unit: Encoding, column: int) -> None:
    documents = opened('x = "🎉"\n')

    assert change(documents, ((0, column), (0, column), "!"), unit=unit) == 'x = "🎉!"\n'


def test_line_endings_survive() -> None:
    documents = opened("a = 1\r\nb = 2\r\n")

    assert change(documents, ((1, 4), (1, 5), "3")) == "a = 1\r\nb = 3\r\n"


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_only_line_ends_end_lines(separator: str) -> None:
    """Python's `splitlines`, and so pygls, takes all of these for line ends."""
    documents = opened(f"a = 1\n# {separator}\nb = 2\n")

    assert change(documents, ((2, 4), (2, 5), "3")) == f"a = 1\n# {separator}\nb = 3\n"


def test_each_change_counts_from_the_one_before() -> None:
    documents = opened("one two\n")

    assert change(documents, ((0, 0), (0, 3), "1"), ((0, 2), (0, 5), "2")) == "1 2\n"


def test_change_over_lines_up_to_the_end() -> None:
    documents = opened("a\nb\nc")

    assert change(documents, ((1, 0), (7, 0), "z")) == "a\nz"


def test_whole_text() -> None:
    documents = opened("old\n")
    event = lsp.TextDocumentContentChangeWholeDocument("new\n")

    documents.change(lsp.VersionedTextDocumentIdentifier(5, URI), [event], Encoding.UTF16)

    snapshot = documents.snapshot(URI)
    assert snapshot
    assert (snapshot.text, snapshot.version) == ("new\n", 5)


def test_half_a_surrogate_pair_is_no_reason_to_fail() -> None:
    documents = opened("a\n")

    assert change(documents, ((0, 1), (0, 1), "\ud83d")) == "a?\n"


def test_parse_is_kept_until_the_text_changes() -> None:
    documents = opened("def a():\n    pass\n")
    parsed = documents.parsed(URI)
    assert parsed
    assert documents.parsed(URI) is parsed

    change(documents, ((0, 4), (0, 5), "b"))

    changed = documents.parsed(URI)
    assert changed
    assert [definition.name for definition in changed.definitions] == ["b"]


def test_document_without_a_grammar() -> None:
    documents = opened("Traceback", language="plaintext")

    assert documents.snapshot(URI)
    assert documents.parsed(URI) is None


def test_change_of_a_document_that_is_not_open() -> None:
    documents = Documents()

    documents.change(lsp.VersionedTextDocumentIdentifier(2, URI), [], Encoding.UTF16)

    assert documents.snapshot(URI) is None


class TestWorkspace:
    def test_open_document_goes_before_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "shop.py"
        path.write_text("on_disk = 1\n")
        documents = opened("in_editor = 1\n", uri=path.as_uri())
        workspace = EditorWorkspace(documents, lambda: [tmp_path])

        snapshot = workspace.read(path)
        assert snapshot
        assert snapshot.text == "in_editor = 1\n"

        documents.close(path.as_uri())
        snapshot = workspace.read(path)
        assert snapshot
        assert snapshot.text == "on_disk = 1\n"

    def test_document_is_found_however_its_uri_is_spelt(self, tmp_path: Path) -> None:
        path = tmp_path / "my shop.py"
        uri = path.as_uri().replace("shop", "%73hop")
        workspace = EditorWorkspace(opened("x = 1\n", uri=uri), lambda: [tmp_path])

        snapshot = workspace.read(path)

        assert snapshot
        assert snapshot.uri == uri

    def test_link_to_an_open_document(self, tmp_path: Path) -> None:
        path = tmp_path / "shop.py"
        path.write_text("")
        (tmp_path / "link.py").symlink_to(path)
        workspace = EditorWorkspace(opened("x = 1\n", uri=path.as_uri()), lambda: [tmp_path])

        snapshot = workspace.read(tmp_path / "link.py")

        assert snapshot
        assert snapshot.text == "x = 1\n"

    def test_roots_are_the_folders_of_the_moment(self, tmp_path: Path) -> None:
        folders = [tmp_path]
        workspace = EditorWorkspace(Documents(), lambda: folders)
        assert list(workspace.roots) == [tmp_path.resolve()]

        folders.append(tmp_path / "other")

        assert list(workspace.roots) == [tmp_path.resolve(), (tmp_path / "other").resolve()]

    def test_without_a_folder_the_open_files_say_where_we_are(self, tmp_path: Path) -> None:
        documents = opened("x = 1\n", uri=(tmp_path / "shop.py").as_uri())

        assert EditorWorkspace(documents, list).roots == (tmp_path.resolve(),)

    def test_document_on_disk_keeps_the_uri_it_was_asked_by(self, tmp_path: Path) -> None:
        path = tmp_path / "shop.py"
        path.write_text("def a():\n    pass\n")
        uri = path.as_uri().replace("shop", "%73hop")

        found = EditorWorkspace(Documents(), list).document(uri)

        assert found
        snapshot, parsed = found
        assert (snapshot.uri, snapshot.version) == (uri, None)
        assert parsed

    def test_document_that_is_nowhere(self) -> None:
        workspace = EditorWorkspace(Documents(), list)

        assert workspace.document("untitled:Untitled-1") is None
        assert workspace.document("file:///nowhere/at/all.py") is None

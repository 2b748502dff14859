from pathlib import Path, PurePath

import pytest

from scopewise.document import DocumentSnapshot, path_of, uri_of
from scopewise.text import Encoding, Position


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.py", "/a/b.py"),
        ("file:///a/%F0%9F%98%80%20x%23.py", "/a/😀 x#.py"),
        ("file:///a/b;c.py", "/a/b;c.py"),
        ("file:///c%3A/x/y.py", "c:/x/y.py"),
        ("file:///C:/x.py", "C:/x.py"),
        ("untitled:Untitled-1", None),
        ("vscode-notebook-cell:/a/b.ipynb#W0s", None),
        ("", None),
    ],
)
def test_path_of_uri(uri, path):
    found = path_of(uri)
    assert (PurePath(found).as_posix() if found else None) == path


def test_uri_and_back(tmp_path: Path):
    path = tmp_path / "a;b #é? 😀.py"
    assert path_of(uri_of(path)) == path.resolve()


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("file:///a/b%20c.py", "b c.py"),
        ("untitled:Untitled-1", "Untitled-1"),
        ("scopewise:", "scopewise:"),
    ],
)
def test_name_for_messages(uri, name):
    assert DocumentSnapshot(uri, "").name == name


def test_lone_surrogate_keeps_positions():
    snapshot = DocumentSnapshot("untitled:1", "a\ud83db")
    assert snapshot.source == b"a?b"
    assert snapshot.lines.to_offset(Position(0, 2), Encoding.UTF16) == 2

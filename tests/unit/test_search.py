from pathlib import Path

import pytest

from scopewise.actions.workspace import DiskWorkspace
from scopewise.scope import search
from scopewise.scope.search import find_function


def put(root: Path, **files: str) -> DiskWorkspace:
    """Files whose names have `__` for a slash."""
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return DiskWorkspace((root,))


def found_in(files: DiskWorkspace, name: str = "f") -> str | None:
    found = find_function(name, files)
    path = found[0].snapshot.path if found else None
    return path.relative_to(files.roots[0]).as_posix() if path else None


def test_function_and_method_of_a_workspace(tmp_path):
    files = put(tmp_path, a="def g(): f()\n", b__c="class A:\n    def f(self): ...\n")
    assert found_in(files) == "b/c.py"
    assert found_in(files, "g") == "a.py"
    assert found_in(files, "A") is None
    assert found_in(files, "h") is None


def test_two_of_that_name_are_none(tmp_path):
    assert found_in(put(tmp_path, a="def f(): ...\n", b="def f(): ...\n")) is None
    assert found_in(put(tmp_path, a="def f(): ...\ndef f(): ...\n", b="")) is None


@pytest.mark.parametrize("folder", [".venv", "node_modules", "site-packages", "build"])
def test_folders_of_others_are_left_out(tmp_path, folder):
    assert found_in(put(tmp_path, **{f"{folder}__a": "def f(): ...\n"})) is None


def test_files_that_do_not_parse_or_cannot_be_read(tmp_path):
    files = put(tmp_path, a="def f(\n", b="def f(): ...\n")
    (tmp_path / "c.py").write_bytes(b"\xff def f(): ...")
    (tmp_path / "d.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "e.txt").write_text("def f(): ...")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert found_in(files) == "b.py"


def test_number_of_files_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "_MAX_FILES", 2)
    assert found_in(put(tmp_path, a="", b="", c="def f(): ...\n")) is None


def test_number_of_folders_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "_MAX_FOLDERS", 3)
    files = put(tmp_path, a__b__c__d="def f(): ...\n", a__b__e="def g(): ...\n")
    assert found_in(files, "g") == "a/b/e.py"
    assert found_in(files) is None


def test_no_workspace(tmp_path):
    assert found_in(DiskWorkspace((tmp_path / "nowhere",))) is None
    assert find_function("f", DiskWorkspace(())) is None

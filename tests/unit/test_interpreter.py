import sys
from pathlib import Path

import pytest

from scopewise.scope.interpreter import project_interpreter


def environment(folder: Path, program: str = "bin/python") -> Path:
    """Something that looks like a virtual environment, its Python a link as on Unix."""
    python = folder / program
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\n")
    return python


@pytest.mark.parametrize("name", [".venv", "venv", "env"])
@pytest.mark.parametrize("program", ["bin/python", "bin/python3", "Scripts/python.exe"])
def test_environment_of_the_project(tmp_path, name, program):
    python = environment(tmp_path / name, program)
    assert project_interpreter([tmp_path]) == python
    assert python.is_symlink()


def test_first_root_and_first_name_win(tmp_path):
    environment(tmp_path / "b" / ".venv")
    first = environment(tmp_path / "a" / "venv")
    environment(tmp_path / "a" / "env")
    assert project_interpreter([tmp_path / "a", tmp_path / "b"]) == first


def test_what_is_not_an_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "ours"))
    environment(tmp_path / "ours")
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "settings.py").touch()
    broken = environment(tmp_path / ".venv")
    broken.unlink()
    broken.symlink_to(tmp_path / "nowhere")
    assert project_interpreter([tmp_path, tmp_path / "nothing"]) == Path(sys.executable)
    assert project_interpreter([]) == Path(sys.executable)


def test_setting_goes_first(tmp_path, monkeypatch):
    environment(tmp_path / ".venv")
    other = environment(tmp_path / "other")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(other.parent))
    assert project_interpreter([tmp_path], str(other)) == other
    assert project_interpreter([tmp_path], "other/bin/python") == other
    assert project_interpreter([tmp_path], " ~/other/bin/python ") == other
    assert project_interpreter([tmp_path], "python") == other
    assert project_interpreter([tmp_path], "/no/python") == Path("/no/python")
    assert project_interpreter([tmp_path], "python9") == Path("python9")

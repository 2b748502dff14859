from pathlib import Path

from scopewise.sandbox.interpreter import installation, is_python


def make(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    return path


def test_an_installation(tmp_path):
    python = make(tmp_path / "python" / "bin" / "python3.12")

    assert installation(python).folders == (tmp_path / "python",)
    assert installation(python).links == ()


def test_a_virtual_environment_needs_what_it_was_made_from(tmp_path):
    base = make(tmp_path / "base" / "bin" / "python3.12")
    env = tmp_path / "env"
    make(env / "pyvenv.cfg").write_text(f"version = 3.12\nhome = {base.parent}\n")
    (env / "bin").mkdir()
    (env / "bin" / "python").symlink_to(base)

    assert installation(env / "bin" / "python").folders == (env, tmp_path / "base")


def test_a_base_that_is_itself_a_link(tmp_path):
    make(tmp_path / "cpython-3.12.4" / "bin" / "python3.12")
    (tmp_path / "cpython-3.12").symlink_to("cpython-3.12.4")
    env = tmp_path / "env"
    make(env / "pyvenv.cfg").write_text(f"home = {tmp_path / 'cpython-3.12' / 'bin'}\n")
    (env / "bin").mkdir()
    (env / "bin" / "python").symlink_to(tmp_path / "cpython-3.12" / "bin" / "python3.12")

    assert installation(env / "bin" / "python").folders == (
        env,
        tmp_path / "cpython-3.12",
        tmp_path / "cpython-3.12.4",
    )


def test_links_on_the_way_are_told(tmp_path):
    make(tmp_path / "store" / "bin" / "python3.12")
    (tmp_path / "shortcuts").mkdir()
    link = tmp_path / "shortcuts" / "python"
    link.symlink_to("../store/bin/python3.12")

    assert installation(link).links == ((link, "../store/bin/python3.12"),)
    assert tmp_path / "store" in installation(link).folders


def test_links_in_a_circle_come_to_an_end(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")

    assert installation(tmp_path / "a").folders


def test_an_unreadable_configuration_is_no_environment(tmp_path):
    python = make(tmp_path / "env" / "bin" / "python")
    (tmp_path / "env" / "pyvenv.cfg").write_bytes(b"\xff\xfe home\nhome = relative\n")

    assert installation(python).folders == (tmp_path / "env",)


def test_what_looks_like_a_python():
    names = ("python", "python3", "python3.12", "pypy3", "sh", "pytest")

    assert [name for name in names if is_python(Path("/bin") / name)] == list(names[:4])

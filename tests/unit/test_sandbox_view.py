from pathlib import Path

import pytest

from scopewise.sandbox.protocol import Program, SandboxFailed
from scopewise.sandbox.seatbelt import profile
from scopewise.sandbox.view import view_of

SH = ("/bin/sh",)


def binds(program: Program, *, overlay: bool = False) -> list[str]:
    arguments = view_of(program, 1 << 20, overlay=overlay).arguments
    return [arguments[i + 2] for i, word in enumerate(arguments) if word.startswith("--ro-bind")]


def test_a_folder_inside_another_is_not_mounted_again(tmp_path):
    (tmp_path / "a").mkdir()
    shown = binds(Program(SH, readable=(tmp_path / "a", tmp_path)))

    assert str(tmp_path) in shown
    assert str(tmp_path / "a") not in shown


def test_a_folder_inside_a_copy_is_mounted_on_top(tmp_path):
    (tmp_path / "env").mkdir()
    program = Program(SH, readable=(tmp_path / "env", tmp_path), copies=(tmp_path,))
    view = view_of(program, 1 << 20, overlay=False)

    assert str(tmp_path / "env") in binds(program)
    assert str(tmp_path) not in binds(program)
    assert [(copy.target, copy.without) for copy in view.copies] == [
        (str(tmp_path), (str(tmp_path / "env"),))
    ]


def test_copies_are_overlays_where_the_kernel_can(tmp_path):
    view = view_of(Program(SH, copies=(tmp_path,)), 1 << 20, overlay=True)

    assert view.overlays == [tmp_path]
    assert view.copies == []


def test_a_link_is_shown_under_both_names(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    shown = binds(Program(SH, readable=(tmp_path / "link",)))

    assert {str(tmp_path / "real"), str(tmp_path / "link")} <= set(shown)


def test_the_way_to_a_folder_is_open(tmp_path):
    arguments = view_of(Program(SH, readable=(tmp_path,)), 1 << 20, overlay=False).arguments
    parent = arguments.index(str(tmp_path.parent))

    assert arguments[parent - 3 : parent] == ["--perms", "0755", "--dir"]


@pytest.mark.parametrize(
    "path", ["/", "/etc", "/dev", "/tmp", "/proc/self/root", "a", "/usr/../root"]
)
def test_too_much_is_refused(path):
    with pytest.raises(SandboxFailed):
        view_of(Program(SH, readable=(Path(path),)), 1 << 20, overlay=False)


def test_the_home_folder_and_what_holds_it_are_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "homes" / "me"))
    for path in (tmp_path / "homes" / "me", tmp_path / "homes", tmp_path):
        with pytest.raises(SandboxFailed, match="holds more"):
            view_of(Program(SH, copies=(path,)), 1 << 20, overlay=False)
    view_of(Program(SH, readable=(tmp_path / "homes" / "me" / "project",)), 1 << 20, overlay=False)


def test_the_profile_of_macos_denies_by_default(tmp_path):
    text = profile(Program(SH, readable=(tmp_path / 'odd" (name',)), "/work")

    assert text.startswith("(version 1)\n(deny default)\n")
    assert 'odd\\" (name")' in text
    assert '(allow file-write* (subpath "/work")' in text
    assert "network" not in text

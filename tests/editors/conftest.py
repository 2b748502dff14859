"""Editors that run, started once and cleared before each test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from emacs import Emacs
from install import find_emacs, find_neovim, find_vim
from machine import Machine, machine
from neovim import Neovim
from real_editor import AskingEditor
from vim import Vim

New = Callable[..., Machine]

FIND = {"neovim": find_neovim, "emacs": find_emacs, "vim": find_vim}


def require(name: str) -> None:
    """Skip the test when an editor is not installed."""
    if not FIND[name]():
        pytest.skip(f"{name} is not installed: python tests/editors/install.py {name}")


@pytest.fixture(scope="session")
def new_machine(tmp_path_factory: pytest.TempPathFactory) -> New:
    """Makes machines; takes what `machine` takes."""

    def make(settings: dict[str, object] | None = None, **env: str) -> Machine:
        return machine(tmp_path_factory.mktemp("machine"), settings, **env)

    return make


@pytest.fixture(scope="session")
def running_neovim(new_machine: New) -> Iterator[Neovim]:
    require("neovim")
    editor = Neovim(new_machine())
    yield editor
    editor.close()


@pytest.fixture(scope="session")
def running_emacs(new_machine: New) -> Iterator[Emacs]:
    require("emacs")
    editor = Emacs(new_machine())
    yield editor
    editor.close()


@pytest.fixture
def new_neovim() -> Iterator[Callable[[Machine], Neovim]]:
    """Starts further ones."""
    require("neovim")
    with contextlib.ExitStack() as stack:

        def start(machine: Machine) -> Neovim:
            editor = Neovim(machine)
            stack.callback(editor.close)
            return editor

        yield start


@pytest.fixture
def new_emacs() -> Iterator[Callable[[Machine], Emacs]]:
    """Starts further ones."""
    require("emacs")
    with contextlib.ExitStack() as stack:

        def start(machine: Machine) -> Emacs:
            editor = Emacs(machine)
            stack.callback(editor.close)
            return editor

        yield start


@pytest.fixture
def neovim(running_neovim: Neovim) -> Neovim:
    running_neovim.clear()
    return running_neovim


@pytest.fixture
def emacs(running_emacs: Emacs) -> Emacs:
    running_emacs.clear()
    return running_emacs


@pytest.fixture(params=["neovim", "emacs"])
def editor(request: pytest.FixtureRequest) -> AskingEditor:
    """Each of the editors that can ask and be asked."""
    found: AskingEditor = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def running_vim(new_machine: New) -> Iterator[Vim]:
    require("vim")
    editor = Vim(new_machine())
    yield editor
    editor.close()


@pytest.fixture
def vim(running_vim: Vim) -> Vim:
    running_vim.clear()
    return running_vim

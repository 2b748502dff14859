"""Editors that run, started once for the tests of a file and cleared before each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from emacs import Emacs
from install import find_emacs, find_neovim, find_vim
from machine import Machine, machine
from neovim import Neovim
from real_editor import RealEditor

New = Callable[..., Machine]

FIND = {"neovim": find_neovim, "emacs": find_emacs, "vim": find_vim}


def require(name: str) -> None:
    """Skip the test when an editor is not installed."""
    if not FIND[name]():
        pytest.skip(f"{name} is not installed: python tests/editors/install.py {name}")


@pytest.fixture(scope="module")
def new_machine(tmp_path_factory: pytest.TempPathFactory) -> New:
    """Makes machines; takes what `machine` takes."""

    def make(settings: dict[str, object] | None = None, **env: str) -> Machine:
        return machine(tmp_path_factory.mktemp("machine"), settings, **env)

    return make


@pytest.fixture(scope="module")
def running_neovim(new_machine: New) -> Iterator[Neovim]:
    require("neovim")
    editor = Neovim(new_machine())
    yield editor
    editor.close()


@pytest.fixture(scope="module")
def running_emacs(new_machine: New) -> Iterator[Emacs]:
    require("emacs")
    editor = Emacs(new_machine())
    yield editor
    editor.close()


@pytest.fixture
def neovim(running_neovim: Neovim) -> Neovim:
    running_neovim.clear()
    return running_neovim


@pytest.fixture
def emacs(running_emacs: Emacs) -> Emacs:
    running_emacs.clear()
    return running_emacs


@pytest.fixture(params=["neovim", "emacs"])
def editor(request: pytest.FixtureRequest) -> RealEditor:
    """Each of the editors that can ask and be asked."""
    found: RealEditor = request.getfixturevalue(request.param)
    return found

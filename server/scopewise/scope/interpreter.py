"""The Python a project runs with. It is only looked for, never started: it may be anyone's."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

_FOLDERS = (".venv", "venv", "env")
_PROGRAMS = (("bin", "python"), ("bin", "python3"), ("Scripts", "python.exe"))


def project_interpreter(roots: Sequence[Path], setting: str = "") -> Path:
    """The Python of the setting, else of a root's virtual environment, else our own.

    Links are kept as they are: a virtual environment is known by where its Python lies, not by
    where the link leads. A setting counts even if nothing is there, so that whoever starts it
    can say so.
    """
    if setting.strip():
        return _from_setting(setting.strip(), roots)
    for root in roots:
        for folder in _FOLDERS:
            if program := _program_in(root / folder):
                return program
    return Path(sys.executable)


def _from_setting(setting: str, roots: Sequence[Path]) -> Path:
    """A bare name is looked up on PATH; another relative path counts from the first root."""
    if Path(setting).name == setting:
        return Path(shutil.which(setting) or setting)
    path = Path(setting).expanduser()
    return Path(os.path.normpath((roots[0] if roots else Path.cwd()) / path))


def _program_in(folder: Path) -> Path | None:
    if not (folder / "pyvenv.cfg").is_file():
        return None
    programs = (folder.joinpath(*parts) for parts in _PROGRAMS)
    return next((program for program in programs if program.is_file()), None)

"""What a program sees of the file system, as bubblewrap's arguments."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scopewise.sandbox.interpreter import Installation, installation, is_python
from scopewise.sandbox.order import Copy, Place
from scopewise.sandbox.protocol import Program, SandboxFailed

PLACE = Place(work="/tmp/work", home="/tmp")

_SOURCES = "/run/copies"
_COPY_ROOM = 256 << 20
"""How large a folder that is copied may be."""

_SYSTEM = ("/usr", "/nix/store")
_ROOTS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_CONFIGURATION = ("ld.so.cache", "alternatives", "localtime")
"""Of /etc: the loader's cache, the links of Debian's commands, the time zone."""
_RESERVED = ("/", "/etc", "/run", "/tmp")


@dataclass
class View:
    """Mounts in the order they have to be made."""

    arguments: list[str] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    """What the launcher has to copy."""
    overlays: list[Path] = field(default_factory=list)
    """Writable folders whose size nothing bounds but a look at them now and then."""
    written: dict[Path, bytes] = field(default_factory=dict)
    """Files the launcher writes once the copies are there."""
    data: list[tuple[Path, bytes]] = field(default_factory=list)
    """Files shown with other content; bubblewrap wants a descriptor for each."""
    is_closed: bool = False
    """Whether something shown is there for its owner's eyes alone."""


def view_of(program: Program, disk_bytes: int, *, overlay: bool) -> View:
    """The system read-only, one small writable folder, and what the program names."""
    view = View([*_system(), *_private(disk_bytes)])
    installations = [installation(Path(sys.executable).resolve()), *_interpreter(program)]
    shown = {folder for each in installations for folder in each.folders}
    shown |= {*program.readable, *(Path(each.resolve()) for each in program.readable)}
    shown = {path for path in shown if not _is_system(path)}
    _refuse_too_much([*shown, *program.copies, *(path.resolve() for path in program.copies)])
    places = _outermost(shown, program.copies)
    _bind(view, places, program.copies, disk_bytes, overlay=overlay)
    view.is_closed = any(_is_closed(path) for path in (*places, *program.copies))
    _link(view, installations, {*places, *program.copies})
    _replace(view, program)
    return view


def closing() -> list[str]:
    """Last of all: nothing may be written but where something writable was mounted."""
    return ["--remount-ro", "/dev", "--remount-ro", "/"]


def _system() -> list[str]:
    arguments = []
    for folder in _SYSTEM:
        arguments += ["--ro-bind-try", folder, folder]
    for root in map(Path, _ROOTS):
        if root.is_symlink():
            arguments += ["--symlink", str(root.readlink()), str(root)]
        elif root.is_dir():
            arguments += ["--ro-bind", str(root), str(root)]
    arguments += ["--perms", "0755", "--dir", "/etc"]
    for name in _CONFIGURATION:
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    return arguments


def _private(disk_bytes: int) -> list[str]:
    """Writable folders, the second for the semaphores of `multiprocessing`."""
    size = ["--perms", "1777", "--size", str(disk_bytes)]
    tmpfs = [*size, "--tmpfs", PLACE.home, *size, "--tmpfs", "/dev/shm"]
    return ["--proc", "/proc", "--dev", "/dev", *tmpfs]


def _interpreter(program: Program) -> Iterable[Installation]:
    executable = Path(program.argv[0])
    return [installation(executable)] if is_python(executable) else []


def _is_system(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in (*_SYSTEM, *_ROOTS))


def _refuse_too_much(paths: Iterable[Path]) -> None:
    for path in paths:
        if not path.is_absolute() or ".." in path.parts:
            raise SandboxFailed(f"{path} is not an absolute path.")
        if str(path) in _RESERVED or _is_of_the_kernel(path) or _holds_home(path):
            raise SandboxFailed(
                f"{path} holds more than a program in the sandbox may see.",
                "Open a project's own folder.",
            )


def _is_of_the_kernel(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in ("/dev", "/proc", "/sys"))


def _holds_home(path: Path) -> bool:
    try:
        return Path.home().is_relative_to(path)
    except RuntimeError:
        return False


def _outermost(paths: Iterable[Path], copies: Iterable[Path]) -> list[Path]:
    """Paths without those that another shows already, unless a copy lies between."""
    paths = sorted(set(paths))
    kept: list[Path] = []
    for path in paths:
        outer = [other for other in (*kept, *copies) if path.is_relative_to(other)]
        innermost = max(outer, key=lambda other: len(other.parts), default=None)
        if innermost is None or innermost in set(copies) - {path}:
            kept.append(path)
    return kept


def _bind(
    view: View, places: list[Path], copies: Iterable[Path], disk_bytes: int, *, overlay: bool
) -> None:
    """Mount outer folders before inner ones."""
    for path in sorted({*places, *copies}):
        _make_parents(view, path)
        if path not in copies:
            view.arguments += ["--ro-bind-try", str(path), str(path)]
        elif overlay:
            view.arguments += ["--overlay-src", str(path), "--tmp-overlay", str(path)]
            view.overlays.append(path)
        else:
            inner = (other for other in {*places, *copies} - {path} if other.is_relative_to(path))
            _copy(view, path, tuple(sorted(map(str, inner))), disk_bytes)


def _copy(view: View, path: Path, without: tuple[str, ...], disk_bytes: int) -> None:
    source = f"{_SOURCES}/{len(view.copies)}"
    _make_parents(view, Path(source))
    size = ["--perms", "1777", "--size", str(disk_bytes + _COPY_ROOM)]
    view.arguments += ["--ro-bind", str(path), source, *size, "--tmpfs", str(path)]
    view.copies.append(Copy(source, str(path), without))


def _is_closed(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not mode & (stat.S_IXOTH if stat.S_ISDIR(mode) else stat.S_IROTH)


def _make_parents(view: View, path: Path) -> None:
    """Folders on the way, which bubblewrap would make for the owner of the sandbox alone."""
    copied = [Path(copy.target) for copy in view.copies]
    for parent in reversed(path.parents[:-1]):
        below_copy = any(parent.is_relative_to(target) for target in copied)
        view.arguments += ["--perms", "0777" if below_copy else "0755", "--dir", str(parent)]


def _link(view: View, installations: Iterable[Installation], places: Iterable[Path]) -> None:
    for link, target in {link for each in installations for link in each.links}:
        if not _is_system(link) and not any(link.is_relative_to(place) for place in places):
            _make_parents(view, link)
            view.arguments += ["--symlink", target, str(link)]


def _replace(view: View, program: Program) -> None:
    for path, content in program.replaced.items():
        if any(path.is_relative_to(copy) for copy in program.copies):
            view.written[path] = content
        elif path.is_file() and any(path.is_relative_to(place) for place in program.readable):
            view.data.append((path, content))
        else:
            raise SandboxFailed(f"{path} is not a file the program can see.")

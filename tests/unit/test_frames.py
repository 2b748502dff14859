from __future__ import annotations

from pathlib import Path

import pytest

from scopewise.scope.traces.frames import ResolvedFrame, pick_frame, resolve_frame, workspace_frames
from scopewise.scope.traces.traceback import Frame, Trace, parse_traces
from scopewise.text import ByteRange

ROOT = Path("/srv/shop")
FILES = ["main.py", "pkg/mod.py", "src/pkg/mod.py", "tests/test_mod.py", "pkg/__init__.py"]


class Workspace:
    """Files by their paths, remembering what was asked for."""

    def __init__(self, *paths: str, roots: tuple[Path, ...] = (ROOT,)) -> None:
        self.roots = roots
        self.files = {ROOT / path for path in paths or FILES}
        self.asked: list[Path] = []

    def is_file(self, path: Path) -> bool:
        self.asked.append(path)
        return path in self.files

    def resolve(self, path: str) -> str | None:
        found = resolve_frame(Frame(path, 1), self.roots, self.is_file)
        return found.as_posix() if found else None

    def pick(self, text: str) -> ResolvedFrame:
        (trace,) = parse_traces(text)
        picked = pick_frame(trace, self.roots, self.is_file)
        assert picked is not None
        return picked


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/srv/shop/pkg/mod.py", "pkg/mod.py"),
        ("/srv/shop/tests/../pkg/./mod.py", "pkg/mod.py"),
        ("pkg/mod.py", "pkg/mod.py"),
        ("./main.py", "main.py"),
        ("../shop/pkg/mod.py", "pkg/mod.py"),
        ("/app/src/pkg/mod.py", "src/pkg/mod.py"),
        ("/app/pkg/mod.py", "pkg/mod.py"),
        ("C:\\build\\pkg\\mod.py", "pkg/mod.py"),
        ("C:/build/pkg/mod.py", "pkg/mod.py"),
        ("\\\\server\\share\\pkg\\mod.py", "pkg/mod.py"),
        ("pkg\\mod.py", "pkg/mod.py"),
        ("~/code/pkg/mod.py", "pkg/mod.py"),
        (".../pkg/mod.py", "pkg/mod.py"),
        ("/app/main.py", "main.py"),
    ],
)
def test_path_leads_to_the_file(path: str, expected: str) -> None:
    assert Workspace().resolve(path) == f"{ROOT}/{expected}"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "..",
        "<string>",
        "<frozen importlib._bootstrap>",
        "<doctest pkg.mod[0]>",
        "pkg/mod.py\0",
        "/app/other.py",
        "/srv/shop/gone/main.py",
        "/usr/lib/python3.12/pkg/mod.py",
        "/opt/python/3.13.0/lib/python3.13t/pkg/mod.py",
        "/app/.venv/pkg/mod.py",
        "/app/lib/python3.8/site-packages/pkg/mod.py",
        "python3.7/site-packages/pkg/mod.py",
        "C:\\Python311\\Lib\\pkg\\mod.py",
        "C:\\Users\\me\\miniconda3\\lib\\pkg\\mod.py",
        "/usr/lib/python3/dist-packages/pkg/mod.py",
        "/srv/shop/.venv/main.py",
    ],
)
def test_path_leads_nowhere(path: str) -> None:
    files = [*FILES, ".venv/main.py", "../other.py"]
    assert Workspace(*files).resolve(path) is None


def test_nothing_outside_of_the_roots_is_asked_for() -> None:
    workspace = Workspace()
    for path in ("/etc/passwd", "../../etc/passwd", "/srv/shop/../../etc/passwd", "a/../../b.py"):
        assert workspace.resolve(path) is None
    assert all(path.is_relative_to(ROOT) and ".." not in path.parts for path in workspace.asked)


def test_file_name_that_every_package_has_means_nothing() -> None:
    workspace = Workspace("__init__.py", "pkg/__init__.py")
    assert workspace.resolve("/app/other/__init__.py") is None
    assert workspace.resolve("/app/pkg/__init__.py") == f"{ROOT}/pkg/__init__.py"
    assert workspace.resolve("/build/shop/__init__.py") == f"{ROOT}/__init__.py"


def test_workspace_that_lies_in_installed_packages() -> None:
    root = Path("/usr/lib/python3.12/site-packages/pkg")
    files = {root / "mod.py"}
    frame = Frame((root / "mod.py").as_posix(), 1)
    assert resolve_frame(frame, [root], files.__contains__) == root / "mod.py"


def test_several_roots() -> None:
    one, two = Path("/srv/one"), Path("/srv/two")
    files = {one / "main.py", two / "main.py", one / "mod.py", two / "pkg/mod.py", two / "only.py"}

    def resolve(path: str) -> Path | None:
        return resolve_frame(Frame(path, 1), [one, two], files.__contains__)

    assert resolve("/srv/two/main.py") == two / "main.py"
    assert resolve("/build/two/main.py") == two / "main.py"
    assert resolve("/build/main.py") is None
    assert resolve("main.py") == one / "main.py"
    assert resolve("/build/pkg/mod.py") == two / "pkg/mod.py"
    assert resolve("/build/only.py") == two / "only.py"


def test_root_inside_a_root() -> None:
    inner = ROOT / "pkg"
    files = {inner / "mod.py"}
    found = resolve_frame(Frame("/srv/shop/pkg/mod.py", 1), [ROOT, inner], files.__contains__)
    assert found == inner / "mod.py"


def traced(*frames: tuple[str, int], raised: str = "KeyError: 'a'") -> str:
    lines = "".join(f'  File "{path}", line {line}, in f\n    f()\n' for path, line in frames)
    return f"Traceback (most recent call last):\n{lines}{raised}\n"


def test_workspace_frames_are_in_order_and_say_which_are_tests() -> None:
    (trace,) = parse_traces(
        traced(("main.py", 1), ("/usr/lib/python3.12/json.py", 2), ("tests/test_mod.py", 3))
    )
    workspace = Workspace()
    frames = workspace_frames(trace, [ROOT], workspace.is_file)
    assert [(frame.path.name, frame.frame.line, frame.is_test) for frame in frames] == [
        ("main.py", 1, False),
        ("test_mod.py", 3, True),
    ]


def test_a_path_is_asked_for_once() -> None:
    trace = Trace(tuple(Frame("main.py", line) for line in range(1, 999)), None, ByteRange(0, 0))
    workspace = Workspace()
    assert len(workspace_frames(trace, [ROOT], workspace.is_file)) == 998
    assert len(workspace.asked) == 1


@pytest.mark.parametrize(
    ("text", "path", "line", "reason"),
    [
        (traced(("main.py", 1), ("pkg/mod.py", 2)), "pkg/mod.py", 2, "KeyError was raised here."),
        (
            traced(("main.py", 1), ("/usr/lib/python3.12/json.py", 2)),
            "main.py",
            1,
            "KeyError was raised outside of the workspace, in a call made here.",
        ),
        (
            traced(("pkg/mod.py", 1), ("tests/test_mod.py", 2), raised="AssertionError"),
            "pkg/mod.py",
            1,
            "A test's assertion failed; this is the last call outside of the tests.",
        ),
        (
            traced(("tests/test_mod.py", 2), raised="AssertionError"),
            "tests/test_mod.py",
            2,
            "A test's assertion failed, and the trace names nothing but tests.",
        ),
        (
            traced(("pkg/mod.py", 1), ("tests/test_mod.py", 2)),
            "tests/test_mod.py",
            2,
            "KeyError was raised here.",
        ),
    ],
    ids=["innermost", "library", "assertion", "only-tests", "error-in-test"],
)
def test_picked_frame(text: str, path: str, line: int, reason: str) -> None:
    picked = Workspace().pick(text)
    assert picked.path == ROOT / path
    assert (picked.frame.line, picked.reason) == (line, reason)


CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"


def test_picked_frame_is_in_the_root_cause() -> None:
    picked = Workspace().pick(traced(("pkg/mod.py", 1)) + CAUSE + traced(("main.py", 2)))
    assert picked.path == ROOT / "pkg/mod.py"


def test_root_cause_outside_of_the_workspace() -> None:
    picked = Workspace().pick(traced(("/x/other.py", 1)) + CAUSE + traced(("main.py", 2)))
    assert picked.path == ROOT / "main.py"
    assert picked.reason == (
        "Nothing of the root cause lies in the workspace. KeyError was raised here."
    )


def test_root_cause_that_is_cut_off() -> None:
    picked = Workspace().pick(CAUSE + traced(("main.py", 2)))
    assert picked.reason == "The trace of what caused it is cut off. KeyError was raised here."


def test_nothing_to_pick() -> None:
    (trace,) = parse_traces(traced(("/x/other.py", 1)))
    assert pick_frame(trace, [ROOT], Workspace().is_file) is None
    assert pick_frame(trace, [], Workspace().is_file) is None

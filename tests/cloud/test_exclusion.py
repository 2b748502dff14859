"""Which files may be sent; `.gitignore` is read as git itself reads it."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from scopewise.cloud.exclusion import Exclusion
from scopewise.errors import InputError


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "workspace"
    path.mkdir()
    return path


def test_an_ordinary_file_may_be_sent(root: Path) -> None:
    _write(root, {"src/app.py": ""})
    assert Exclusion([root]).reason(root / "src/app.py") == ""
    assert Exclusion([root]).reason(str(root / "src" / ".." / "src" / "not_yet_there.py")) == ""


def test_what_is_outside_of_every_root_is_never_sent(root: Path, tmp_path: Path) -> None:
    _write(tmp_path, {"other/b.py": "", "workspace2/c.py": ""})
    exclusion = Exclusion([root, tmp_path / "other"])
    assert exclusion.reason(tmp_path / "other/b.py") == ""
    assert exclusion.reason(root / "../workspace2/c.py") == "It is outside the workspace."
    assert Exclusion([]).reason(root / "a.py") == "It is outside the workspace."


def test_links_are_judged_by_where_they_lead_and_by_their_name(root: Path, tmp_path: Path) -> None:
    _write(tmp_path, {"secret/b.py": "", "workspace/a.py": "", "workspace/.gitignore": "l2.py\n"})
    (root / "l1.py").symlink_to(tmp_path / "secret/b.py")
    (root / "l2.py").symlink_to(root / "a.py")
    (root / "folder").symlink_to(tmp_path / "secret")
    (root / "loop").symlink_to(root / "loop")
    exclusion = Exclusion([root])
    outside = "It is a link to a file outside the workspace."
    assert exclusion.reason(root / "l1.py") == outside
    assert exclusion.reason(root / "folder/b.py") == outside
    assert "l2.py" in exclusion.reason(root / "l2.py")
    assert exclusion.reason(root / "loop") != ""


def test_a_root_that_is_a_link_is_the_folder_it_leads_to(root: Path, tmp_path: Path) -> None:
    _write(root, {"a.py": ""})
    (tmp_path / "link").symlink_to(root)
    assert Exclusion([tmp_path / "link"]).reason(root / "a.py") == ""
    assert Exclusion([root]).reason(tmp_path / "link/a.py") == ""


@pytest.mark.parametrize(
    "name",
    [
        ".env", ".env.production", "prod.env", ".ENV", "deploy/server.pem", "id_rsa", "id_ed25519",
        ".netrc", ".npmrc", ".pypirc", "sub/.git-credentials", "a.kdbx", "terraform.tfstate",
        ".git/config", ".ssh/config", ".aws/credentials", "kubeconfig", "release.p12", "Server.KEY",
        ".docker/config.json", "service-account-prod.json", "secrets.yaml", "home/.ssh/known_hosts",
    ],
)  # fmt: skip
def test_files_that_hold_secrets_are_never_sent(root: Path, name: str) -> None:
    reason = Exclusion([root], ["!*"]).reason(root / name)
    assert reason.startswith("Files like `")
    assert any(f"`{part}`" in reason for part in Path(name).parts)


@pytest.mark.parametrize(
    "name", [".env.example", "id_rsa.pub", "keys.py", "environment.py", "secrets.py", "pem.go"]
)
def test_files_with_names_like_those_may_be_sent(root: Path, name: str) -> None:
    assert Exclusion([root]).reason(root / name) == ""


def test_every_kind_of_pattern_says_where_it_stands(root: Path) -> None:
    _write(root, {".gitignore": "*.log\n", "a/.scopewiseignore": "# mine\nprivate_*\n"})
    exclusion = Exclusion([root], ["vendor/", "*.gen.py"])
    assert exclusion.reason(root / "x/y.log") == f"`{root / '.gitignore'}` names it (`*.log`)."
    assert exclusion.reason(root / "a/b/private_x.py") == (
        f"`{root / 'a' / '.scopewiseignore'}` names it (`private_*`)."
    )
    assert exclusion.reason(root / "private_x.py") == ""
    assert exclusion.reason(root / "vendor/a/b.py") == (
        "The setting `cloud.exclude` names it (`vendor/`)."
    )
    assert exclusion.reason(root / "a.gen.py") != ""


def test_one_file_of_patterns_does_not_lift_what_another_says(root: Path) -> None:
    _write(root, {".gitignore": "a.py\n!b.py\n", ".scopewiseignore": "!a.py\nb.py\n"})
    exclusion = Exclusion([root], ["!a.py", "!b.py"])
    assert ".gitignore" in exclusion.reason(root / "a.py")
    assert ".scopewiseignore" in exclusion.reason(root / "b.py")


def test_the_ignore_files_above_the_workspace_count_within_its_repository(tmp_path: Path) -> None:
    _write(tmp_path, {"repo/.git/HEAD": "", "repo/.gitignore": "gen.py\n", ".gitignore": "*\n"})
    _write(tmp_path, {"repo/sub/gen.py": "", "repo/sub/own.py": ""})
    exclusion = Exclusion([tmp_path / "repo/sub"])
    assert exclusion.reason(tmp_path / "repo/sub/gen.py") != ""
    assert exclusion.reason(tmp_path / "repo/sub/own.py") == ""


def test_a_pattern_of_the_user_that_is_none_is_an_error() -> None:
    with pytest.raises(InputError, match=r"`!` is not a pattern.*cloud\.exclude"):
        Exclusion([], ["ok", "!"])


def test_broken_ignore_files_are_read_as_far_as_they_go(root: Path) -> None:
    (root / ".gitignore").write_bytes(b"\xef\xbb\xbf*.a\r\n!\n\xff\xfe\n*.b\r\n")
    (root / "sub").mkdir()
    (root / "sub/.gitignore").mkdir()
    exclusion = Exclusion([root])
    assert exclusion.reason(root / "x.a") != ""
    assert exclusion.reason(root / "sub/x.b") != ""
    assert exclusion.reason(root / "sub/x.c") == ""


def test_an_ignore_file_that_cannot_be_read_excludes_what_it_may_name(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(root, {"sub/.gitignore": "x", "sub/a.py": "", "b.py": ""})
    read_text = Path.read_text

    def refuse(path: Path, *args: object, **kwargs: object) -> str:
        if path == root / "sub" / ".gitignore":
            raise PermissionError(13, "no")
        return read_text(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "read_text", refuse)
    exclusion = Exclusion([root])
    assert "cannot be read" in exclusion.reason(root / "sub/a.py")
    assert exclusion.reason(root / "b.py") == ""


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("seed", range(8))
def test_git_agrees(root: Path, seed: int) -> None:
    rng = random.Random(seed)
    names = ["a", "b", "c", "x.py", "y.log", "build", "my docs"]
    patterns = [
        "a", "b/", "/c", "*.log", "!y.log", "build/", "!build/", "a/b", "**/c", "a/**", "!x.py",
        "/a/*", "!/a/b", "*.p?", "[ab]", "my\\ docs", "c/**/x.py", "\\!x", "# c", "x.py ",
        "*/y.log",
    ]  # fmt: skip
    files = {"/".join(rng.choices(names, k=rng.randrange(1, 5))) for _ in range(120)}
    made = []
    for name in sorted(files):
        path = root / name
        if any(parent.is_file() for parent in path.parents) or path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        made.append(name)
    folders = [root, *(p for p in root.rglob("*") if p.is_dir())]
    for folder in rng.sample(folders, k=min(6, len(folders))):
        (folder / ".gitignore").write_text("\n".join(rng.choices(patterns, k=4)) + "\n")
    _git(root, "init", "-q")
    (root / ".git/info/exclude").write_text("b/x.py\n")
    listed = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    sendable = {os.fsdecode(name) for name in listed.split(b"\0") if name}
    exclusion = Exclusion([root])
    for name in made:
        assert (exclusion.reason(root / name) == "") == (name in sendable), name


def _git(root: Path, *args: str) -> bytes:
    # The user's own configuration must not decide the test.
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    env["XDG_CONFIG_HOME"] = env["HOME"] = str(root.parent)
    return subprocess.run(["git", *args], cwd=root, env=env, check=True, capture_output=True).stdout


def test_many_files_are_judged_fast(root: Path) -> None:
    _write(root, {".gitignore": "\n".join(f"gen{n}_*.py" for n in range(100))})
    for n in range(20):
        _write(root, {f"p{n}/.gitignore": "*.tmp\n"})
    paths = [root / f"p{n % 20}/m{n}.py" for n in range(2000)]
    exclusion = Exclusion([root])
    start = time.perf_counter()
    assert {exclusion.reason(path) for path in paths} == {""}
    # A tenth of it is usual; ten seconds would be noticed in an editor.
    assert time.perf_counter() - start < 10

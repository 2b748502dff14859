"""The Hugging Face source against a server in this process."""

import dataclasses
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scopewise.cancel import CancelToken
from scopewise.errors import Cancelled, ModelCorrupt, PullFailed
from scopewise.models.catalogue import HubFile, ModelSpec
from scopewise.models.huggingface import HuggingFace
from scopewise.models.part import PartFile

BYTES = b"GGUF" + b"weights!" * 20_000
SHA256 = hashlib.sha256(BYTES).hexdigest()
HUB = HubFile("some/one", "tiny.gguf")
SPEC = ModelSpec("some/one:tiny.gguf", "tiny.gguf", hub=HUB)
FULL_SPEC = dataclasses.replace(SPEC, size=len(BYTES), sha256=SHA256)


class Hub(ThreadingHTTPServer):
    """Serves one file; the attributes say how badly."""

    content = BYTES
    status = 200
    etag = SHA256
    knows_ranges = True
    breaks_after = None
    """Bytes after which each answer's connection is dropped."""
    is_hub = True
    hangs = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges = []
        self.released = threading.Event()


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        if self.server.hangs:
            self.server.released.wait(30)
        self.head(self.server.status, len(self.server.content))

    def do_GET(self):
        hub = self.server
        wanted = self.headers.get("Range")
        hub.ranges.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        start = start if hub.knows_ranges else 0
        body = hub.content[start:]
        self.head(206 if start else hub.status, len(body))
        self.wfile.write(body[: hub.breaks_after])

    def head(self, status, n_bytes):
        self.send_response(status)
        self.send_header("Content-Length", str(n_bytes))
        if self.server.is_hub:
            self.send_header("X-Repo-Commit", "c" * 40)
            self.send_header("ETag", f'"{self.server.etag}"')
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def hub(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def source(hub):
    return HuggingFace(HUB, endpoint=f"http://127.0.0.1:{hub.server_port}", pause_s=0)


def fetch(source, path, spec=FULL_SPEC):
    with PartFile(path, spec, lambda _: None) as part:
        source.fetch(spec, part, CancelToken())
    return path.read_bytes()


def test_size_and_sha256_come_from_the_hub(source):
    assert source.look_up(SPEC, CancelToken()) == FULL_SPEC


def test_etag_that_is_no_sha256(hub, source):
    hub.etag = "a" * 40
    assert source.look_up(SPEC, CancelToken()).sha256 is None
    assert source.look_up(FULL_SPEC, CancelToken()).sha256 == SHA256


@pytest.mark.parametrize("change", [{"size": 5}, {"sha256": "f" * 64}])
def test_another_file_under_the_name(source, change):
    spec = dataclasses.replace(FULL_SPEC, **change)
    with pytest.raises(PullFailed, match="now has another file"):
        source.look_up(spec, CancelToken())


def test_somebody_else_answers(hub, source):
    hub.is_hub = False
    with pytest.raises(PullFailed, match="did not come from Hugging Face"):
        source.look_up(SPEC, CancelToken())


def test_status_is_named(hub, source):
    hub.status = 404
    with pytest.raises(PullFailed, match="status 404"):
        source.look_up(SPEC, CancelToken())


def test_nobody_listens():
    source = HuggingFace(HUB, endpoint="http://127.0.0.1:9")
    with pytest.raises(PullFailed, match="could not be reached"):
        source.look_up(SPEC, CancelToken())


def test_nobody_answers(hub, source):
    hub.hangs = True
    source = dataclasses.replace(source, look_up_timeout_s=0.2)
    with pytest.raises(PullFailed, match=r"did not answer within|could not be reached"):
        source.look_up(SPEC, CancelToken())


def test_looking_up_can_be_cancelled(hub, source):
    hub.hangs = True
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        source.look_up(SPEC, cancel)


def test_fetch(hub, source, tmp_path):
    assert fetch(source, tmp_path / "a.part") == BYTES
    assert hub.ranges == [None]


def test_broken_connection_goes_on(hub, source, tmp_path):
    hub.breaks_after = 60_000
    assert fetch(source, tmp_path / "a.part") == BYTES
    assert hub.ranges == [None, "bytes=60000-", "bytes=120000-"]


def test_server_without_ranges(hub, source, tmp_path):
    path = tmp_path / "a.part"
    with PartFile(path, FULL_SPEC, lambda _: None) as part:
        part.append(BYTES[:100_000])
    hub.knows_ranges = False
    assert fetch(source, path) == BYTES


def test_gives_up_when_nothing_comes(hub, source, tmp_path):
    hub.breaks_after = 0
    with pytest.raises(PullFailed):
        fetch(source, tmp_path / "a.part")
    assert len(hub.ranges) == 3


def test_web_page(hub, source, tmp_path):
    hub.content = b"<html>log in first</html>"
    with pytest.raises(ModelCorrupt, match="it is a web page"):
        fetch(source, tmp_path / "a.part")

"""Every probe is tried in both ways of running something: as a program, and as a call."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scopewise.cancel import CancelToken
from scopewise.sandbox import find_sandbox
from scopewise.sandbox.fork_server import ForkServer
from scopewise.sandbox.protocol import Limits, Program, Run, Sandbox

PYTHON = Path(sys.executable)
SMALL = Limits(wall_s=5.0, cpu_s=5.0, memory_bytes=256 << 20, n_processes=8, disk_bytes=4 << 20)
SECRET = "sk-not-for-the-sandbox"

Attempt = Callable[..., Run]

_LOADER = """
def main(payload):
    names = {}
    exec(payload, names)
    return str(names.get("seen")).encode()
"""


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    found = find_sandbox()
    if found.sandbox is None:
        pytest.skip(f"no sandbox: {found.reason}")
    os.environ["SCOPEWISE_TEST_API_KEY"] = SECRET
    yield found.sandbox
    del os.environ["SCOPEWISE_TEST_API_KEY"]


@pytest.fixture(scope="session")
def server(sandbox: Sandbox) -> Iterator[ForkServer]:
    made = ForkServer(sandbox, PYTHON, _LOADER, disk_bytes=SMALL.disk_bytes)
    yield made
    made.close()


@pytest.fixture
def call(server: ForkServer) -> Attempt:
    """Runs source text that leaves what it saw in `seen`, in a child of the fork server."""
    return lambda source, limits=SMALL, cancel=None: server.call(source.encode(), limits, cancel)


@pytest.fixture
def small() -> Limits:
    return SMALL


@pytest.fixture(params=["program", "call"])
def attempt(request: pytest.FixtureRequest, sandbox: Sandbox) -> Attempt:
    """Runs source text that leaves what it saw in `seen`, the run's standard output."""
    if request.param == "call":
        called: Attempt = request.getfixturevalue("call")
        return called

    def run(source: str, limits: Limits = SMALL, cancel: CancelToken | None = None) -> Run:
        text = f"{source}\nimport sys\nsys.stdout.write(str(globals().get('seen')))"
        return sandbox.run(Program((str(PYTHON), "-I", "-c", text)), limits, cancel)

    return run

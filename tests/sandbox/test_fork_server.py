"""Calls that follow one another, and what they can do to each other: nothing."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scopewise.sandbox.fork_server import ForkServer
from scopewise.sandbox.protocol import Limits, SandboxFailed

PYTHON = Path(sys.executable)
ECHO = "def main(payload):\n    return payload\n"


@pytest.fixture
def echo(sandbox):
    server = ForkServer(sandbox, PYTHON, ECHO)
    yield server
    server.close()


@pytest.mark.parametrize("payload", [b"", b"\x00\xff\n", b"x" * (1 << 20)])
def test_a_call(echo, payload):
    run = echo.call(payload, Limits())

    assert (run.exit_code, run.stdout, run.stderr, run.stopped_by) == (0, payload, b"", "")
    assert 0 < run.seconds < 5


def test_an_exception_is_told_on_stderr(call):
    run = call("import sys\nprint('before', file=sys.stderr)\n1 / 0")

    assert (run.exit_code, run.stdout, run.stopped_by) == (1, b"", "")
    assert run.stderr.startswith(b"before\n")
    assert run.stderr.endswith(b"ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize(
    ("code", "exit_code"), [("raise SystemExit(3)", 3), ("import os; os._exit(0)", 1)]
)
def test_an_end_without_a_result_is_no_success(call, code, exit_code):
    run = call(code)

    assert (run.exit_code, run.stdout) == (exit_code, b"")


def test_a_signal(call):
    run = call("import os; os.kill(os.getpid(), 11)")

    assert (run.exit_code, run.stopped_by, run.signal) == (None, "signal", signal.SIGSEGV)


@pytest.mark.parametrize(
    "leave",
    [
        "open('x', 'w').close()",
        "open('/tmp/x', 'w').close()",
        "open('/dev/shm/x', 'w').close()",
        "os.makedirs('/tmp/a/b/c'); open('/tmp/a/b/c/d', 'w').close(); os.chmod('/tmp/a', 0)",
        "os.mkfifo('/tmp/x'); os.symlink('/usr', '/tmp/y')",
        "os.chmod('.', 0); os.chmod('/tmp', 0) if os.stat('/tmp').st_uid == os.getuid() else 0",
        "[(os.mkdir('d'), os.chdir('d')) for n in range(1500)]",
        "import builtins; builtins.leftover = 1",
        "import json; json.leftover = 1",
        "os.environ['LEFTOVER'] = '1'",
    ],
)
def test_nothing_is_there_in_the_next_call(call, leave):
    look = (
        "import builtins, json, os\n"
        "seen = (os.listdir('.'), os.listdir('/tmp'), os.listdir('/dev/shm'),"
        " hasattr(builtins, 'leftover'), hasattr(json, 'leftover'), 'LEFTOVER' in os.environ)"
    )
    before = call(look).stdout
    assert call(f"import os\n{leave}\nseen = 'left'").stdout == b"left"

    assert call(look).stdout == before


def test_no_process_is_there_in_the_next_call(call):
    call(
        "import os, time\n"
        "if not os.fork():\n    os.setsid()\n    if not os.fork():\n"
        "        while True: open('/tmp/alive', 'a').write('x'); time.sleep(0.005)\n"
        "    os._exit(0)\n"
        "time.sleep(0.05)"
    )
    run = call(
        "import os, time\ntime.sleep(0.05)\n"
        "seen = os.path.exists('/tmp/alive'),"
        " [int(name) for name in os.listdir('/proc') if name.isdigit()] == [1, os.getpid()]"
    )

    assert run.stdout == b"(False, True)"


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.kill(-1, 9)\nseen = 1",
        "import os\nos.write(3, b'\\xff' * 100)",
        "import os\nos.write(3, b'\\x02' + bytes(7) + b'no')\nos.kill(os.getpid(), 9)",
        "import os\nos.closerange(0, 100)\nseen = 1",
        "import ctypes\nctypes.string_at(0)",
    ],
)
def test_the_server_outlives_its_children(call, code):
    call(code)

    assert call("seen = 'next'").stdout == b"next"


def test_it_comes_back_when_it_was_killed(echo):
    assert echo.call(b"1", Limits()).stdout == b"1"
    echo._process.kill()
    echo._process.process.wait()

    assert echo.call(b"2", Limits()).stdout == b"2"


def test_it_comes_back_when_it_was_killed_in_a_call(sandbox):
    with_sleep = (
        "import time\ndef main(payload):\n    time.sleep(float(payload))\n    return b'done'"
    )
    server = ForkServer(sandbox, PYTHON, with_sleep)
    assert server.call(b"0", Limits()).stdout == b"done"
    threading.Timer(0.1, server._process.kill).start()
    run = server.call(b"30", Limits())

    assert (run.exit_code, run.stopped_by) == (None, "signal")
    assert server.call(b"0", Limits()).stdout == b"done"
    server.close()


def test_it_outlives_the_thread_that_called_first(echo):
    first = threading.Thread(target=echo.call, args=(b"", Limits()))
    first.start()
    first.join()
    process = echo._process
    time.sleep(0.05)

    assert echo.call(b"2", Limits()).stdout == b"2"
    assert echo._process is process


def test_threads_take_turns(echo):
    payloads = [str(n).encode() for n in range(16)]
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda payload: echo.call(payload, Limits()), payloads))

    assert [run.stdout for run in runs] == payloads


@pytest.mark.parametrize(
    "program", ["def main(:", "import not_installed", "x = 1", "raise SystemExit"]
)
def test_a_program_that_cannot_be_loaded(sandbox, program):
    server = ForkServer(sandbox, PYTHON, program)
    with pytest.raises(SandboxFailed, match="could not be made ready"):
        server.call(b"", Limits())
    server.close()


def test_a_python_that_is_none(sandbox):
    server = ForkServer(sandbox, Path("/bin/false"), ECHO)
    with pytest.raises(SandboxFailed):
        server.call(b"", Limits())
    server.close()


def test_nothing_is_left_after_the_close(sandbox):
    server = ForkServer(sandbox, PYTHON, ECHO)
    server.call(b"", Limits())
    pid = server._process.process.pid
    server.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_descriptors_do_not_pile_up(sandbox):
    def n_open():
        return len(list(Path("/proc/self/fd").iterdir()))

    server = ForkServer(sandbox, PYTHON, ECHO)
    server.call(b"", Limits())
    server._drop()
    before = n_open()
    for _ in range(3):
        server.call(b"", Limits())
        server._drop()

    assert n_open() == before
    server.close()


def test_the_project_s_folder_can_be_read_and_imported(sandbox, tmp_path):
    (tmp_path / "helper.py").write_text("ANSWER = b'42'\n")
    program = (
        f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n"
        "def main(payload):\n    import helper\n    return helper.ANSWER\n"
    )
    server = ForkServer(sandbox, PYTHON, program, readable=(tmp_path,))

    assert server.call(b"", Limits()).stdout == b"42"
    assert server.call(b"", Limits()).stdout == b"42"
    assert [path.name for path in tmp_path.iterdir()] == ["helper.py"]
    server.close()


def test_a_warm_call_is_quick(call):
    call("seen = 1")
    seconds = []
    for _ in range(15):
        started = time.perf_counter()
        call("seen = 1")
        seconds.append(time.perf_counter() - started)

    # 2 to 3 ms on an idle machine.
    assert sorted(seconds)[7] < 0.1


def test_limits_are_each_call_s_own(call, small):
    assert call("while True: pass", dataclasses.replace(small, wall_s=0.1)).stopped_by == "time"
    assert call("import time; time.sleep(0.3); seen = 1", small).stdout == b"1"

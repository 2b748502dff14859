"""What hungry code gets."""

from __future__ import annotations

import dataclasses
import threading
import time

import pytest

from scopewise.cancel import CancelToken

IGNORING = "import signal\nfor n in (1, 2, 15, 24): signal.signal(n, signal.SIG_IGN)\n"


def limited(small, **changes):
    return dataclasses.replace(small, **changes)


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import time; time.sleep(60)",
        IGNORING + "while True: pass",
        "import os, time\nos.close(1); os.close(2)\ntime.sleep(60)",
        "import os, time\nif os.fork(): os.wait()\ntime.sleep(60)",
    ],
)
def test_time(attempt, small, code):
    started = time.monotonic()
    run = attempt(code, limited(small, wall_s=0.4))

    assert (run.exit_code, run.stopped_by) == (None, "time")
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("code", ["while True: pass", IGNORING + "while True: pass"])
def test_processor_time(attempt, small, code):
    run = attempt(code, limited(small, cpu_s=1.0, wall_s=30.0))

    assert (run.exit_code, run.stopped_by) == (None, "cpu")


@pytest.mark.parametrize(
    "code", ["x = bytearray(30 << 30)", "x = []\nwhile True: x.append(bytearray(1 << 20))"]
)
def test_memory(attempt, small, code):
    run = attempt(code, limited(small, memory_bytes=128 << 20))

    assert (run.exit_code, run.stopped_by) == (1, "memory")


def test_the_peak_is_told(attempt):
    run = attempt("x = b'1' * (40 << 20)")

    assert 40 << 20 < run.peak_memory_bytes < 200 << 20


@pytest.mark.parametrize("folder", [".", "/tmp", "/dev/shm"])
def test_disk(attempt, small, folder):
    code = f"for n in range(100): open(f'{folder}/{{n}}', 'wb').write(bytes(1 << 20))"
    run = attempt(code, small)

    assert (run.exit_code, run.stopped_by) == (1, "disk")


def test_one_file(attempt, small):
    run = attempt("with open('x', 'wb') as f: f.truncate(1 << 40)", small)

    assert (run.exit_code, run.stopped_by) == (1, "disk")


def test_output(sandbox, attempt, small):
    code = "import os\nwhile True: os.write(2, b'x' * 65536)"
    run = attempt(code, limited(small, output_bytes=1 << 16))

    assert (run.exit_code, run.stopped_by) == (None, "output")
    assert len(run.stderr) <= 1 << 16


def test_a_result_too_large(attempt, small):
    run = attempt("seen = 'x' * (1 << 20)", limited(small, output_bytes=1 << 16))

    assert (run.exit_code, run.stopped_by) == (None, "output")
    assert len(run.stdout) <= 1 << 16


def test_standard_output_is_not_the_result(call):
    run = call("print('x' * (1 << 22))\nimport os\nos.write(1, b'y')\nseen = 'result'")

    assert run.stdout == b"result"


def test_a_fork_bomb_fizzles_out(attempt, small):
    code = "import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(0.01)"
    run = attempt(code, limited(small, n_processes=4, wall_s=0.5))

    assert (run.exit_code, run.stopped_by) == (None, "time")
    assert attempt("seen = 'next'").stdout == b"next"


def test_so_many_processes_and_no_more(attempt, small):
    code = (
        "import os, time\nseen = 0\ntry:\n    while True:\n"
        "        if not os.fork(): time.sleep(60)\n        seen += 1\n"
        "except BlockingIOError: pass"
    )
    run = attempt(code, limited(small, n_processes=6))

    assert 2 <= int(run.stdout) <= 6


def test_files_open_at_once(attempt, small):
    code = "import os\ntry:\n    while True: os.dup(0)\nexcept OSError as error: seen = error.errno"

    assert attempt(code, limited(small, n_files=32)).stdout == b"24"


@pytest.mark.parametrize("delay_s", [0.0, 0.03, 0.3])
def test_a_cancelled_run_ends_at_once(attempt, small, delay_s):
    assert attempt("seen = 1").exit_code == 0
    cancel, moments = CancelToken(), []

    def stop() -> None:
        moments.append(time.monotonic())
        cancel.cancel()

    timer = threading.Timer(delay_s, stop)
    timer.start()
    run = attempt("import time; time.sleep(60)", small, cancel)
    ended = time.monotonic()
    timer.join()

    assert run.stopped_by == "cancelled"
    # A tenth of a second, and room for a busy machine.
    assert ended - moments[0] < 0.5


def test_nothing_begins_when_cancelled_before(attempt, small):
    cancel = CancelToken()
    cancel.cancel()

    assert attempt("while True: pass", small, cancel).stopped_by == "cancelled"

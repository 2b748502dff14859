import dataclasses

import pytest

from scopewise.sandbox.ending import outcome
from scopewise.sandbox.protocol import Limits, SandboxFailed
from scopewise.sandbox.supervision import Watched

LIMITS = Limits(cpu_s=2.0)
SILENT = Watched(b"", b"", 0.1, "")


def ended(stderr: bytes = b"", **facts: object):
    report = {"started": True, "exit_code": 0, "signal": 0, "cpu_s": 0.1, "peak": 7, **facts}
    run = outcome(dataclasses.replace(SILENT, stderr=stderr), report, LIMITS)
    return run.exit_code, run.stopped_by, run.signal


@pytest.mark.parametrize(
    ("facts", "seen"),
    [
        ({}, (0, "", 0)),
        ({"exit_code": 1}, (1, "", 0)),
        ({"signal": 11}, (None, "signal", 11)),
        ({"signal": 24}, (None, "cpu", 24)),
        ({"signal": 9, "cpu_s": 3.0}, (None, "cpu", 9)),
        ({"signal": 9}, (None, "signal", 9)),
        ({"signal": 25}, (None, "disk", 25)),
    ],
)
def test_what_the_kernel_said(facts, seen):
    assert ended(**facts) == seen


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (b"Traceback\nMemoryError\n", "memory"),
        (b"MemoryError\nValueError: other", ""),
        (b"OSError: [Errno 28] No space left on device", "disk"),
        (b"OSError: [Errno 27] File too large", "disk"),
    ],
)
def test_what_the_program_said_last(words, reason):
    assert ended(words, exit_code=1) == (1, reason, 0)
    assert ended(words) == (0, "", 0)


def test_a_program_that_was_stopped_has_no_exit_code():
    run = outcome(dataclasses.replace(SILENT, stopped_by="time"), {}, LIMITS)

    assert (run.exit_code, run.stopped_by) == (None, "time")


def test_a_launcher_that_died_after_the_start():
    assert outcome(SILENT, {"started": True}, LIMITS).stopped_by == "signal"


def test_a_program_that_never_began():
    with pytest.raises(SandboxFailed, match="no room"):
        outcome(SILENT, {"failed": "no room"}, LIMITS)
    with pytest.raises(SandboxFailed, match="bwrap: no"):
        outcome(dataclasses.replace(SILENT, stderr=b"x\nbwrap: no\n"), {}, LIMITS)

"""Reads out of a program's end which limit it ran into."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from typing import Any

from scopewise.sandbox.protocol import Limits, Run, SandboxFailed, StopReason
from scopewise.sandbox.supervision import Watched

_LAST_WORDS: tuple[tuple[bytes, StopReason], ...] = (
    (b"MemoryError", "memory"),
    (b"Cannot allocate memory", "memory"),
    (b"No space left on device", "disk"),
    (b"File too large", "disk"),
)


def outcome(watched: Watched, report: Mapping[str, Any], limits: Limits) -> Run:
    """What was seen from outside and what the launcher reported, put together.

    Raises SandboxFailed when the program never began.
    """
    if watched.stopped_by:
        return _run(watched, None, watched.stopped_by, report)
    if "started" not in report or "failed" in report:
        words = last_line(watched.stderr).decode("utf-8", "replace")
        raise SandboxFailed(report.get("failed") or f"The sandbox could not be set up ({words}).")
    number = report.get("signal", int(signal.SIGKILL))
    if number:
        reason = _by_signal(number, report.get("cpu_s", 0.0), limits)
        return _run(watched, None, reason, report, number)
    code = int(report["exit_code"])
    return _run(watched, code, _by_last_words(watched.stderr) if code else "", report)


def last_line(text: bytes) -> bytes:
    lines = text.rstrip().splitlines()
    return lines[-1] if lines else b""


def _run(
    watched: Watched,
    exit_code: int | None,
    reason: StopReason,
    report: Mapping[str, Any],
    number: int = 0,
) -> Run:
    peak = int(report.get("peak", 0))
    return Run(exit_code, watched.stdout, watched.stderr, watched.seconds, peak, reason, number)


def _by_signal(number: int, cpu_s: float, limits: Limits) -> StopReason:
    if number == signal.SIGXCPU or cpu_s >= limits.cpu_s:
        return "cpu"
    return "disk" if number == signal.SIGXFSZ else "signal"


def _by_last_words(stderr: bytes) -> StopReason:
    """An allocation or a write over the limit fails, and the program says so or does not."""
    words = last_line(stderr)
    return next((reason for sign, reason in _LAST_WORDS if sign in words), "")

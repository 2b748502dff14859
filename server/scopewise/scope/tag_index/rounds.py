"""When rounds run: one after the other, each in a process that can be ended at any moment."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from scopewise.scope.tag_index.building import Budget, Ending

logger = logging.getLogger(__name__)

_PAUSE_S = 5.0
"""Between two rounds over the same root, so that the machine has a rest."""
_OTHERS_S = 60.0
"""Until we look again whether another server is done."""
_MAX_FAILURES = 2


class Rounds:
    """Keeps the stores of some roots up to date, in a thread that waits for processes."""

    def __init__(
        self,
        stores: Mapping[Path, Path],
        budget: Budget,
        every_s: float,
        on_damaged: Callable[[Path], None],
    ) -> None:
        """`stores` has the file of each root; `every_s` is how often to look for what changed
        though nobody said so, 0 for never; `on_damaged` has to make way for a new store."""
        self._stores = dict(stores)
        self._on_damaged = on_damaged
        self._budget = budget
        self._every_s = every_s
        self._wake = threading.Condition()
        self._due = dict.fromkeys(stores, 0.0)
        """When the next round of a root begins, on the monotonic clock."""
        self._failures: dict[Path, int] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="tag index rounds", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask(self, root: Path) -> None:
        """Have a root looked over soon."""
        with self._wake:
            if root in self._stores:
                self._due[root] = 0.0
                self._wake.notify()

    def close(self) -> None:
        """End the round that runs, if any, at once."""
        with self._wake:
            self._is_closed = True
            self._wake.notify()
            if self._process is not None:
                self._process.kill()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    # Below

    def _run(self) -> None:
        while (root := self._next()) is not None:
            pause_s = self._pause_after(root, self._round(root))
            with self._wake:
                if pause_s is not None and not self._is_closed:
                    self._due.setdefault(root, time.monotonic() + pause_s)

    def _next(self) -> Path | None:
        """The root whose round is due, after waiting for that; None at the end."""
        with self._wake:
            while not self._is_closed:
                root = min(self._due, key=self._due.__getitem__, default=None)
                left_s = self._due[root] - time.monotonic() if root else None
                if root is not None and left_s is not None and left_s <= 0:
                    del self._due[root]
                    return root
                self._wake.wait(left_s)
        return None

    def _round(self, root: Path) -> int:
        """Run one round to its end; its exit code."""
        process = self._started(root)
        if process is None:
            return Ending.FAILED
        # Its stdin stays open meanwhile: that it closes is the sign to end.
        with process:
            said = process.stderr.read() if process.stderr else b""
            process.wait()
        with self._wake:
            self._process = None
        if said and not self._is_closed:
            logger.warning("The tag index: %s", said.decode(errors="replace").strip())
        return process.returncode

    def _started(self, root: Path) -> subprocess.Popen[bytes] | None:
        budget = self._budget
        arguments = [self._stores[root], root, budget.n_files, budget.seconds]
        # -P: the working directory is the user's project, whose modules are not ours.
        command = [sys.executable, "-P", "-m", "scopewise.scope.tag_index.worker"]
        with self._wake:
            if self._is_closed:
                return None
            try:
                self._process = subprocess.Popen(
                    [*command, *map(str, arguments)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    env=_environment(),
                )
            except OSError as error:
                logger.warning("The tag index cannot be built (%s).", error)
            return self._process

    def _pause_after(self, root: Path, ending: int) -> float | None:
        """Seconds to the next round; None when there is to be none unless asked for."""
        if ending == Ending.DONE:
            self._failures.pop(root, None)
            return self._every_s or None
        if ending == Ending.UNFINISHED:
            return _PAUSE_S
        if ending == Ending.OTHERS:
            return _OTHERS_S
        if ending == Ending.DAMAGED:
            self._on_damaged(root)
        self._failures[root] = self._failures.get(root, 0) + 1
        is_hopeless = ending == Ending.FAILED or self._failures[root] > _MAX_FAILURES
        return None if is_hopeless else _PAUSE_S


def _environment() -> dict[str, str]:
    """What a round needs to start; keys and tokens of the server are not among it."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    package_root = str(Path(__file__).resolve().parents[3])
    search = [package_root, os.environ.get("PYTHONPATH", "")]
    return {**environment, "PYTHONPATH": os.pathsep.join(path for path in search if path)}

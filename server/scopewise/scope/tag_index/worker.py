"""A round in a process of its own: `python -m scopewise.scope.tag_index.worker …`.

It takes what the editor and the model leave of the machine, and ends when its stdin closes, that
is, when the server is gone. How it ended is its exit code.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import sys
import threading
import time
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from scopewise.scope.tag_index.building import Budget, Ending, build
from scopewise.scope.tag_index.store import Store, is_damaged, remove_store

_UNUSED_S = 90 * 24 * 3600.0


def main() -> Ending:
    """Do one round, as the arguments say."""
    path, root, n_files, seconds = sys.argv[1:]
    threading.Thread(target=_end_with_server, name="server", daemon=True).start()
    _step_back()
    try:
        with FileLock(f"{path}.lock", timeout=0):
            return _round(Path(path), Path(root), Budget(int(n_files), float(seconds)))
    except Timeout:
        return Ending.OTHERS
    except OSError as error:
        logging.warning("%s", error)
        return Ending.FAILED


def _round(path: Path, root: Path, budget: Budget) -> Ending:
    try:
        store = Store(path, root)
        try:
            built = build(store, budget)
        finally:
            store.close()
    except sqlite3.Error as error:
        logging.warning("%s", error)
        return Ending.DAMAGED if is_damaged(error) else Ending.FAILED
    os.utime(path)
    _remove_unused(path.parent)
    return Ending.DONE if built.is_done else Ending.UNFINISHED


def _end_with_server() -> None:
    # Unbuffered: a buffered reader that waits keeps the interpreter from ending.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(1)


def _step_back() -> None:
    """Take the lowest priority there is for processor and disk."""
    process = psutil.Process()
    with contextlib.suppress(psutil.Error, OSError, AttributeError, ValueError):
        process.nice(19 if os.name == "posix" else psutil.IDLE_PRIORITY_CLASS)
    with contextlib.suppress(psutil.Error, OSError, AttributeError, ValueError):
        process.ionice(psutil.IOPRIO_CLASS_IDLE)


def _remove_unused(folder: Path) -> None:
    """Remove the stores of roots nobody opened for months."""
    for path in folder.glob("*.sqlite"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _UNUSED_S:
                remove_store(path)


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    sys.exit(main())

"""A program in a terminal of its own, with somebody at the keyboard."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_ROWS, _COLUMNS = 50, 180
_KEPT_BYTES = 20_000


class Terminal:
    """Runs until it is closed; whatever it draws is read and thrown away but for the end."""

    def __init__(self, command: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
        self._keyboard, screen = pty.openpty()
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**env, "TERM": "xterm-256color"},
            stdin=screen,
            stdout=screen,
            stderr=screen,
            start_new_session=True,
            # Emacs opens /dev/tty, which is the terminal only of a session that took it.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(screen)
        self._drawn = b""
        self._reader = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    @property
    def drawn(self) -> str:
        """The last that was drawn, escape sequences and all, for the message of a failed test."""
        return self._drawn.decode(errors="replace")

    def press(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    def press_after(self, prompt: str, keys: str) -> None:
        """Press keys if some text was drawn since this was done last."""
        if prompt in self.drawn:
            self._drawn = b""
            self.press(keys)

    def close(self) -> None:
        """Take the program away if it has not ended by itself."""
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(5)
        os.close(self._keyboard)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._keyboard, 65536)
            except OSError:  # Linux says so when the other end is closed.
                return
            if not data:
                return
            self._drawn = (self._drawn + data)[-_KEPT_BYTES:]

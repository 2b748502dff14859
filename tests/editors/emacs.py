"""Emacs and its eglot with the snippet of docs/editors/emacs.el for their whole configuration."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from install import find_emacs
from machine import SNIPPETS, Machine
from real_editor import AskingEditor, Question

HERE = Path(__file__).resolve().parent
_UNDO, _META = "\x1f", "\x1b"
_ESCAPE = _META * 3
"""As C-g, which would also end what `emacsclient` asks for at that moment."""
_NO_COMPILER = "(setq native-comp-deferred-compilation nil)"


class Emacs(AskingEditor):
    name = "Emacs"

    def __init__(self, machine: Machine) -> None:
        program = find_emacs()
        self._client = shutil.which("emacsclient") or "emacsclient"
        self._socket = machine.folder / f"emacs-{id(self)}"
        env = {**machine.env, "SCOPEWISE_EMACS_SOCKET": str(self._socket)}
        snippet, probe = str(SNIPPETS / "emacs.el"), str(HERE / "emacs_probe.el")
        command = [program, "-nw", "-q", "--eval", _NO_COMPILER, "-l", snippet, "-l", probe]
        super().__init__(replace(machine, env=env), command)
        self.until("its socket", self._socket.exists)

    # Documents

    def visit(self, path: Path) -> None:
        self.do(f"(find-file {_quoted(path)})")
        # The first file starts the server, which takes the others by itself.
        if not self._is_managed():
            self._run("eglot")
        self.until("the server", self._is_managed)

    def text(self) -> str:
        return str(self.lisp("(probe-text)"))

    def go_to(self, text: str) -> None:
        assert self.lisp(f"(probe-go-to {_quoted(text)})"), f"{text!r} is not in the document"

    def type(self, text: str) -> None:
        before = self.text()
        self.terminal.press(text.replace("\n", "\r"))
        self.until("the end of typing", lambda: len(self.text()) == len(before) + len(text))

    def _begin_to_type(self) -> None:
        self.terminal.press("\x05")

    @contextlib.contextmanager
    def unasked(self) -> Iterator[None]:
        self.do("(setq eglot-confirm-server-initiated-edits nil)")
        yield
        self.do("(setq eglot-confirm-server-initiated-edits 'confirm)")

    def save(self) -> None:
        self.terminal.press("\x18\x13")
        self.until("the file saved", lambda: not self.lisp("(buffer-modified-p)"))

    def close_document(self) -> None:
        self.do("(set-buffer-modified-p nil) (kill-buffer)")

    def rename(self, path: Path) -> None:
        self.save()
        new = _quoted(path)
        self.do(f"(rename-file buffer-file-name {new}) (set-visited-file-name {new} t t)")

    def undo(self) -> None:
        self.terminal.press(_UNDO)

    # Asking

    def hover(self) -> str:
        self.do("(when (buffer-live-p eldoc--doc-buffer) (kill-buffer eldoc--doc-buffer))")
        self._run("eldoc")
        return str(self.until("the hover", lambda: self.lisp("(probe-hover)")))

    def menu(self) -> list[str]:
        self._run("eglot-code-actions")
        return self.until("the menu", lambda: self._open("menu")).buttons

    def choose(self, button: str) -> None:
        shown = self.until("something to choose from", self._open)
        assert button in shown.buttons, shown
        self.do(f"(probe-choose {_quoted(button)})")
        self.terminal.press("\r")
        self.until("the choice", lambda: self._open() != shown)

    def leave(self) -> None:
        self.terminal.press(_ESCAPE)
        self.until("the end of the menu", lambda: self._open() is None)

    def cancel(self) -> None:
        self._run("scopewise-cancel")

    # What it got to see

    def question(self) -> Question:
        return self.until("a question", lambda: self._open("question"))

    def confirm(self) -> None:
        """Agree to the edit, about which eglot asks whatever the server has asked before."""
        shown = self.until("eglot's own question", lambda: self._open("confirm"))
        assert "Server wants to edit" in shown.text
        self.terminal.press("y")
        self.until("the answer", lambda: self._open() != shown)

    def has_got_an_edit(self) -> bool:
        return "workspace/applyEdit" in self.requests()

    def messages(self) -> str:
        return str(self.lisp('(string-join (reverse probe-messages) "\\n")'))

    def explanation(self) -> str:
        """A message: eglot opens no documents for a server."""
        said = self.messages()
        return said if "Explain the function" in said else ""

    def requests(self) -> set[str]:
        """The methods of all requests the server has made since the start of the last test."""
        return set(self.lisp("(probe-requests)") or [])

    def clear(self) -> None:
        """Nothing of the last test on the screen or in its memory."""
        if self._open() is not None:
            self.leave()
        if self._is_managed():
            self.cancel()
        self.do("(probe-forget)")

    def quit(self) -> None:
        self.terminal.press(_ESCAPE)
        self.do("(run-at-time 0 nil #'kill-emacs)")

    def do(self, form: str) -> None:
        """Evaluate a form, whatever its value is."""
        self.lisp(f"(progn {form} nil)")

    def lisp(self, form: str) -> Any:
        """The value of a form in the document."""
        done = subprocess.run(
            [self._client, "-s", str(self._socket), "--eval", f"(probe-reply '{form})"],
            env=self.machine.env,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(
                f"{form}: {done.stderr}{done.stdout}\n{self.terminal.drawn[-2000:]!r}"
            )
        return json.loads(base64.b64decode(done.stdout.strip().strip('"')))[0]

    # Below

    def _run(self, command: str) -> None:
        """Run a command by its name, and wait until it has begun."""
        begun = f"(cl-count '{command} probe-commands)"
        before = self.lisp(begun)
        self.terminal.press(f"{_META}x{command}\r")
        self.until(f"the beginning of {command}", lambda: self.lisp(begun) > before)

    def _is_managed(self) -> bool:
        return bool(self.lisp("(and (eglot-current-server) (eglot-managed-p) t)"))

    def _open(self, kind: str = "") -> Question | None:
        shown = self.lisp("probe-open")
        if not shown or kind not in ("", shown[0]):
            return None
        return Question(shown[1], list(shown[2] or []))


def _quoted(text: object) -> str:
    """A string of Lisp."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

"""Neovim with the snippet of docs/editors/neovim.lua for its whole configuration."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from install import find_neovim
from machine import SNIPPETS, Machine
from real_editor import AskingEditor, Question

HERE = Path(__file__).resolve().parent


class Neovim(AskingEditor):
    name = "Neovim"

    def __init__(self, machine: Machine) -> None:
        self._program = find_neovim()
        self._socket = machine.folder / f"nvim-{id(self)}"
        snippet = machine.env.get("SCOPEWISE_SNIPPET") or SNIPPETS / "neovim.lua"
        start = ["-u", str(snippet), "-c", f"luafile {HERE / 'neovim_probe.lua'}"]
        listen = ["--listen", str(self._socket)]
        super().__init__(machine, [self._program, "-n", "-i", "NONE", *start, *listen])
        self.until("its socket", self._socket.exists)
        self.until("its start", lambda: self.lua("return vim.v.vim_did_enter") == 1)

    # Documents

    def visit(self, path: Path) -> None:
        self._press(f":edit {path}\r")
        self.until("the server", lambda: self.lua("return probe.client() ~= nil"))

    def text(self) -> str:
        return str(self.lua("return probe.text()"))

    def go_to(self, text: str) -> None:
        found = self.lua(
            'vim.fn.cursor(1, 1) return vim.fn.search("\\\\V\\\\C" .. ..., "cW")', text
        )
        assert found, f"{text!r} is not in the document"

    def type(self, text: str) -> None:
        self._press("i" + text.replace("\n", "\r") + "\x1b")
        self.until("the end of typing", lambda: self._mode() == "n")

    def _begin_to_type(self) -> None:
        self._press("A")

    def _end_typing(self) -> None:
        self.terminal.press("\x1b")

    def save(self) -> None:
        self._press(":write\r")
        self.until("the file saved", lambda: not self.lua("return vim.bo.modified"))

    def close_document(self) -> None:
        self._press(":enew | bwipeout! #\r")
        self.until("an empty buffer", lambda: not self.lua("return vim.fn.bufname()"))

    def rename(self, path: Path) -> None:
        before = Path(str(self.lua("return vim.fn.expand([[%:p]])")))
        self._press(f":saveas {path.name} | bwipeout! #\r")
        self.until("the new name", path.exists)
        before.unlink()

    def undo(self) -> None:
        self._press("u")

    # Asking

    def hover(self) -> str:
        self._press("K")
        return str(self.until("the hover", lambda: self.lua("return probe.hover()")))

    def menu(self) -> list[str]:
        self._press("gra")
        return self.until("the menu", lambda: self._open("codeaction")).buttons

    def choose(self, button: str) -> None:
        shown = self.until("something to choose from", self._open)
        self.terminal.press(f"{shown.buttons.index(button) + 1}\r")
        self.until("the choice", lambda: self._open() != shown)

    def leave(self) -> None:
        self.terminal.press("\x1b")
        self.until("the end of the menu", lambda: self._open() is None)

    def cancel(self) -> None:
        self._press(":ScopewiseCancel\r")

    # What it got to see

    def question(self) -> Question:
        return self.until("a question", lambda: self._open("lsp_message"))

    def confirm(self) -> None:
        """Neovim asks nothing by itself."""

    def has_got_an_edit(self) -> bool:
        return bool(self.lua("return probe.edits > 0"))

    def messages(self) -> str:
        return str(self.lua("return vim.fn.execute([[messages]])"))

    def explanation(self) -> str:
        return str(self.lua("return probe.page()"))

    @property
    def progress(self) -> list[dict[str, Any]]:
        """What was reported of jobs."""
        return self.lua("return probe.progress") or []

    @property
    def encoding(self) -> str:
        """The unit of positions agreed with the server."""
        return str(self.lua("return probe.client().offset_encoding"))

    def clear(self) -> None:
        """Nothing of the last test on the screen or in its memory."""
        if self._open() is not None:
            self.leave()
        self.cancel()
        self.lua("probe.clear()")

    def quit(self) -> None:
        self.terminal.press("\x1b\x1b:qall!\r")

    def lua(self, code: str, *arguments: object) -> Any:
        """The value Lua code returns."""
        given = json.dumps(arguments).replace("'", "''")
        body = f"return vim.json.encode({{ (function(...) {code} end)(unpack(_A)) }})"
        chunk = f"luaeval('(function(_A) {body} end)(_A)', json_decode('{given}'))"
        command = [self._program, "--server", str(self._socket), "--remote-expr", chunk]
        done = subprocess.Popen(
            command,
            env=self.machine.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with done:
            said, complaint = self._communicate(done)
        if done.returncode:
            raise RuntimeError(f"{complaint}\n{self.terminal.drawn[-2000:]!r}")
        values = json.loads(said)
        return values[0] if values else None

    # Below

    def _communicate(self, process: subprocess.Popen[str]) -> tuple[str, str]:
        """What a process says that waits for Neovim, which does nothing while it waits for Enter
        under a message of two lines or more."""
        for _ in range(100):
            try:
                return process.communicate(timeout=0.2)
            except subprocess.TimeoutExpired:
                self.terminal.press_after("Press ENTER", "\r")
        process.kill()
        raise RuntimeError(f"Neovim does not answer.\n{self.terminal.drawn[-2000:]!r}")

    def _press(self, keys: str) -> None:
        """Type, when nothing waits for Enter any more."""
        self._mode()
        self.terminal.press(keys)

    def _mode(self) -> str:
        return str(self.lua("return vim.fn.mode(1)"))

    def _open(self, kind: str = "") -> Question | None:
        shown = self.lua("return probe.open")
        if not shown or kind not in ("", shown.get("kind")):
            return None
        return Question(shown["text"], shown["buttons"])

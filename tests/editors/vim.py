"""Vim and ALE with the snippet of docs/editors/vim.vim for their whole configuration."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

from install import find_vim
from machine import SNIPPETS, Machine
from real_editor import RealEditor

HERE = Path(__file__).resolve().parent


class Vim(RealEditor):
    name = "Vim"

    def __init__(self, machine: Machine) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(20)
            port = str(listener.getsockname()[1])
            env = {**machine.env, "SCOPEWISE_VIM_PORT": port}
            command = [find_vim(), "-N", "-n", "-i", "NONE", "-u", str(SNIPPETS / "vim.vim")]
            probe = ["-c", f"source {HERE / 'vim_probe.vim'}", "-c", "filetype plugin on"]
            super().__init__(replace(machine, env=env), [*command, *probe])
            self._channel = listener.accept()[0]
        self._channel.settimeout(20)
        self._replies = self._channel.makefile("r", encoding="utf-8")

    # Documents

    def visit(self, path: Path) -> None:
        self.terminal.press(f":edit! {path}\r")
        started = f"ale#lsp_linter#GetLSPLinterMap() != {{}} && expand('%:p') == '{path}'"
        self.until("the server", lambda: self.expr(started) == 1)

    def text(self) -> str:
        return str(self.expr('join(getline(1, \'$\'), "\\n") . "\\n"'))

    def go_to(self, text: str) -> None:
        find = json.dumps(f"\\V\\C{text}")
        assert self.expr(f"cursor(1, 1) + search({find}, 'cW')"), f"{text!r} is not there"

    # Asking

    def hover(self) -> str:
        self.terminal.press(":ALEHover\r")
        return str(self.until("the hover", self._preview))

    def menu(self) -> list[str]:
        self.terminal.press(":ALECodeAction\r")
        lines = self.until("the menu", lambda: self.expr("g:probe_menu"))
        return [found[1] for line in lines if (found := re.match(r"\d+\) (.*)", line))]

    def choose(self, button: str) -> None:
        titles = [line.partition(") ")[2] for line in self.expr("g:probe_menu")]
        self.terminal.press(f"{titles.index(button)}\r")
        self.until("the choice", lambda: not self.expr("g:probe_menu"))

    def leave(self) -> None:
        self.terminal.press("\r")
        self.until("the end of the menu", lambda: not self.expr("g:probe_menu"))

    def cancel(self) -> None:
        self.terminal.press(":ScopewiseCancel\r")

    # What it got to see

    def messages(self) -> str:
        """What is on the screen: ALE keeps no record of long messages."""
        return "\n".join([self._preview(), str(self.expr("execute('messages')"))])

    def explanation(self) -> str:
        return self._preview()

    def clear(self) -> None:
        """Nothing of the last test on the screen."""
        self.terminal.press(":pclose | messages clear\r")
        self.until("an empty screen", lambda: not self._preview())

    def quit(self) -> None:
        self.terminal.press("\x1b\x1b:qall!\r")
        self._replies.close()
        self._channel.close()

    def expr(self, expression: str) -> Any:
        """The value of an expression."""
        self._channel.sendall(json.dumps(["expr", expression, -1]).encode())
        return json.loads(self._replies.readline())[1]

    def _preview(self) -> str:
        return str(self.expr("ProbePreview()"))

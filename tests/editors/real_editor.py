"""What somebody at the keyboard does with any editor, and gets to see.

Keys are typed into the editor's terminal; what is on its screen is asked of the editor itself.
"""

from __future__ import annotations

import abc
import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from machine import Machine
from terminal import Terminal

T = TypeVar("T")

PATIENCE_S = 30.0


@dataclass(frozen=True)
class Question:
    """Something with buttons, from the server or the editor itself."""

    text: str
    buttons: list[str]


class RealEditor(abc.ABC):
    """An editor that runs, with the snippet of `docs/editors` for its whole configuration."""

    name: str

    def __init__(self, machine: Machine, command: list[str]) -> None:
        self.machine = machine
        self.terminal = Terminal(command, machine.project, machine.env)

    # Documents

    @abc.abstractmethod
    def visit(self, path: Path) -> None:
        """Open a file, and wait until the server has it."""

    @abc.abstractmethod
    def text(self) -> str:
        """The document as it is now, unsaved changes included, with its own ends of lines."""

    @abc.abstractmethod
    def go_to(self, text: str) -> None:
        """Put the cursor at the first occurrence of some text, on the first character."""

    def write_and_visit(self, name: str, text: str, at: str) -> Path:
        """A new file, opened, with the cursor at some text."""
        path = self.machine.project / name
        path.write_bytes(text.encode())
        self.visit(path)
        self.go_to(at)
        return path

    # Asking

    @abc.abstractmethod
    def hover(self) -> str:
        """What the editor shows about the name under the cursor."""

    @abc.abstractmethod
    def menu(self) -> list[str]:
        """Open the menu of code actions; it stays open."""

    @abc.abstractmethod
    def choose(self, button: str) -> None:
        """Choose from what is open, a menu or a question."""

    @abc.abstractmethod
    def leave(self) -> None:
        """Close a menu without choosing."""

    def act(self, title: str) -> None:
        """Choose a code action."""
        titles = self.menu()
        assert title in titles, titles
        self.choose(title)

    @abc.abstractmethod
    def cancel(self) -> None:
        """Stop whatever runs, with the command of the snippet."""

    # What it got to see

    @abc.abstractmethod
    def messages(self) -> str:
        """Everything that was said so far."""

    @abc.abstractmethod
    def explanation(self) -> str:
        """The explanation on the screen, a page or a message; empty when there is none."""

    @abc.abstractmethod
    def quit(self) -> None:
        """Leave without saving."""

    def said(self, text: str) -> str:
        """Wait until something is said."""
        return self.until(f"the message {text!r}", lambda: self._said(text))

    def until(self, what: str, is_so: Callable[[], T | None], patience_s: float = PATIENCE_S) -> T:
        """Wait for something; what it is, when it is so."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            if found := is_so():
                return found
            time.sleep(0.05)
        raise AssertionError(f"{self.name}: waited in vain for {what}\n{self._state()}")

    def until_text(self, expected: str) -> None:
        """Wait until the document reads so; fails with the difference."""
        end = time.monotonic() + PATIENCE_S
        while (text := self.text()) != expected and time.monotonic() < end:
            time.sleep(0.05)
        assert text == expected, self.messages()

    def close(self) -> None:
        try:
            self.quit()
        finally:
            self.terminal.close()

    def _state(self) -> str:
        try:
            said = self.messages()
        except (OSError, RuntimeError, subprocess.TimeoutExpired) as error:
            said = f"It does not answer: {error}"
        return f"--- messages\n{said}\n--- screen\n{self.terminal.drawn[-3000:]!r}"

    def _said(self, text: str) -> str:
        said = self.messages()
        return said if text in said else ""


class AskingEditor(RealEditor):
    """One that takes edits from a server and asks its user what the server wants to know."""

    @abc.abstractmethod
    def type(self, text: str) -> None:
        """Type plain text at the cursor, as one step of undo."""

    def type_until(self, is_enough: Callable[[], bool]) -> str:
        """Type at the end of the cursor's line, a letter at a time, until something is so; what
        was typed."""
        typed = ""
        self._begin_to_type()
        end = time.monotonic() + PATIENCE_S
        while not is_enough() and time.monotonic() < end:
            typed += "x"
            self.terminal.press("x")
            time.sleep(0.05)
        self._end_typing()
        return typed

    @abc.abstractmethod
    def _begin_to_type(self) -> None: ...

    def _end_typing(self) -> None:
        """Nothing in an editor without modes."""

    @contextlib.contextmanager
    def unasked(self) -> Iterator[None]:
        """In here the editor itself does not ask about edits."""
        yield

    @abc.abstractmethod
    def save(self) -> None: ...

    @abc.abstractmethod
    def close_document(self) -> None:
        """Close the document without saving it."""

    @abc.abstractmethod
    def rename(self, path: Path) -> None:
        """Give the document another name, the file too."""

    @abc.abstractmethod
    def undo(self) -> None:
        """Undo once, with the key for it."""

    @abc.abstractmethod
    def question(self) -> Question:
        """Wait for a question of the server's and read it."""

    @abc.abstractmethod
    def confirm(self) -> None:
        """Answer the editor's own question about an edit, where it asks one."""

    @abc.abstractmethod
    def has_got_an_edit(self) -> bool:
        """Whether the server has sent one since the start of the test, applied or not."""

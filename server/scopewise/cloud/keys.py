"""The API key: where it is found, and a type that does not show it.

Only this file imports keyring.
The key lives in memory; it is in no setting, log, trace, ledger or child process's environment.
"""

from __future__ import annotations

import contextlib
import enum
import hmac
import logging
import os
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from scopewise.errors import InputError, ScopewiseError

logger = logging.getLogger(__name__)

VARIABLE = "ANTHROPIC_API_KEY"
_INSTEAD = f"Set {VARIABLE} in the environment instead, or let your editor keep the key."
_SERVICE = "scopewise"
_ACCOUNT = "anthropic"
_KEYRING_S = 2.0
"""A keyring may ask to be unlocked, in a window nobody sees; then it counts as silent."""
_OTHER_SECRETS = ("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_WEBHOOK_SIGNING_KEY")
"""What the SDK would also read, and scopewise never uses."""
_MIN_LENGTH = 40


class KeyringFailed(ScopewiseError):
    """The system's keyring did not do what it was asked."""


class Source(enum.Enum):
    CLIENT = "handed over by the editor"
    ENVIRONMENT = f"the environment variable {VARIABLE}"
    KEYRING = "the system's keyring"


class Key:
    """A secret that is not shown by accident: not printed, formatted, pickled, compared in parts.

    `reveal` is the only way to the text.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = checked(text)

    def reveal(self) -> str:
        """The text, for the header of a request and for the keyring."""
        return self.__text

    def __repr__(self) -> str:
        return "Key(...)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key):
            return NotImplemented
        return hmac.compare_digest(self.__text.encode(), other.__text.encode())

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> Key:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Key:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A key is not written anywhere.")

    def __setattr__(self, name: str, value: object) -> None:
        if name != "_Key__text" or hasattr(self, name):
            raise AttributeError("A key does not change.")
        object.__setattr__(self, name, value)


@dataclass(frozen=True)
class FoundKey:
    key: Key
    source: Source


@dataclass(frozen=True)
class KeyringAnswer:
    """What the keyring holds; without a key, `note` says why in a few words."""

    key: Key | None = None
    note: str = ""


@dataclass
class Keys:
    """The places a key may come from, first the client, then the environment, then the keyring."""

    environment: Key | None = None
    client: Key | None = None
    deadline_s: float = _KEYRING_S
    note: str = ""
    """Why the keyring gave no key when it was asked last, in a few words."""
    _is_in_keyring: bool = False
    _keyring: _Waiting | None = field(default=None, repr=False)

    @property
    def is_at_hand(self) -> bool:
        """Whether there is a key, as far as is known without asking the keyring, which may open a
        window."""
        return bool(self.client or self.environment) or self._is_in_keyring

    def hand_over(self, text: str) -> None:
        """Keep what the client hands over, in memory; empty text forgets it; raises InputError."""
        self.client = Key(text) if text.strip() else None

    def find(self) -> FoundKey | None:
        """The first key there is; None when there is none. Waits for the keyring, but not long."""
        if self.client is not None:
            return FoundKey(self.client, Source.CLIENT)
        if self.environment is not None:
            return FoundKey(self.environment, Source.ENVIRONMENT)
        key = self.in_keyring().key
        return None if key is None else FoundKey(key, Source.KEYRING)

    def in_keyring(self) -> KeyringAnswer:
        """What the keyring says within the deadline.

        One that was too slow is asked no second time: it may be showing a window, whose answer the
        next call finds.
        """
        waiting = self._keyring or _Waiting(_read_keyring)
        answer = waiting.result(self.deadline_s)
        self._keyring = waiting if answer is None else None
        answer = answer or KeyringAnswer(note=f"it gave no answer within {self.deadline_s:g} s")
        self.note = answer.note
        self._is_in_keyring = answer.key is not None
        return answer


def take_from_environment() -> Key | None:
    """The key of ANTHROPIC_API_KEY, which is gone from the environment afterwards.

    Call it once, before anything is started: child processes inherit the environment.
    A value that cannot be a key counts as none, and is gone as well.
    """
    text = os.environ.pop(VARIABLE, "")
    for name in _OTHER_SECRETS:
        os.environ.pop(name, None)
    if not text.strip():
        return None
    try:
        return Key(text)
    except InputError as error:
        logger.warning("%s is not used: %s", VARIABLE, error)
        return None


def checked(text: str) -> str:
    """The text without the white space around it, if a header can carry it; raises InputError."""
    text = text.strip()
    if not text:
        raise InputError("The key is empty.", "Paste the whole key.")
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise InputError(
            "The key holds a space, a line break or another character that no key has.",
            "Paste the key alone, in one line.",
        )
    return text


def shape_hint(key: Key) -> str:
    """What looks unusual about a key, empty when nothing does; only a hint, for gateways differ."""
    text = key.reveal()
    if not text.startswith("sk-ant-"):
        return "It does not begin with `sk-ant-`, as Anthropic's keys do."
    if text.startswith("sk-ant-admin"):
        return "It is an admin key, which cannot ask a model."
    if len(text) < _MIN_LENGTH:
        return "It is shorter than Anthropic's keys are."
    return ""


def store_in_keyring(key: Key) -> str:
    """Keep the key in the system's keyring and return that keyring's name; raises KeyringFailed.

    The system may ask the user to unlock it, so this waits.
    """
    with _keyring_errors("store the key"):
        keyring = _keyring()
        keyring.set_password(_SERVICE, _ACCOUNT, key.reveal())
        kept = keyring.get_password(_SERVICE, _ACCOUNT) == key.reveal()
        name = str(keyring.name)
    if not kept:
        # keyring's own null back-end forgets everything, without a word.
        raise KeyringFailed(f"The keyring took the key and did not keep it ({name}).", _INSTEAD)
    return name


def clear_keyring() -> bool:
    """Whether there was a key to delete; raises KeyringFailed."""
    from keyring.errors import PasswordDeleteError

    with _keyring_errors("delete the key"):
        keyring = _keyring()
        if keyring.get_password(_SERVICE, _ACCOUNT) is None:
            return False
        with contextlib.suppress(PasswordDeleteError):
            keyring.delete_password(_SERVICE, _ACCOUNT)
            return True
        return False


class _Waiting:
    """A call in a thread of its own, whose answer one may wait for more than once.

    The thread is a daemon's, for a window nobody closes must not keep the process from ending.
    """

    def __init__(self, call: Callable[[], KeyringAnswer]) -> None:
        self._answers: queue.SimpleQueue[KeyringAnswer] = queue.SimpleQueue()
        threading.Thread(
            target=lambda: self._answers.put(call()), name="keyring", daemon=True
        ).start()

    def result(self, timeout_s: float) -> KeyringAnswer | None:
        """The answer; None when there is none yet."""
        try:
            return self._answers.get(timeout=timeout_s)
        except queue.Empty:
            return None


def _read_keyring() -> KeyringAnswer:
    try:
        text = _keyring().get_password(_SERVICE, _ACCOUNT)
        return KeyringAnswer(Key(text)) if text else KeyringAnswer(note="it holds none")
    except InputError:
        return KeyringAnswer(note="what it holds cannot be a key")
    except Exception as error:
        # Back-ends raise whatever their system raises. What they say is not repeated: it is
        # theirs, and could hold anything.
        return KeyringAnswer(note=_why(error))


def _keyring() -> Any:
    import keyring

    return keyring.get_keyring()


@contextlib.contextmanager
def _keyring_errors(doing: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise KeyringFailed(f"The keyring could not {doing}: {_why(error)}.", _INSTEAD) from None


def _why(error: Exception) -> str:
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    if isinstance(error, NoKeyringError):
        return "this system has none"
    if isinstance(error, KeyringLocked):
        return "it is locked"
    if isinstance(error, InitError):
        return "it could not be opened"
    return f"it failed ({type(error).__name__})"

import copy
import dataclasses
import json
import logging
import os
import pickle
import pprint
import subprocess
import sys
import threading
import time
import traceback

import keyring
import msgspec
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordDeleteError

from scopewise.cloud.keys import (
    FoundKey,
    Key,
    KeyringFailed,
    Keys,
    Source,
    clear_keyring,
    shape_hint,
    store_in_keyring,
    take_from_environment,
)
from scopewise.errors import InputError

TEXT = "sk-ant-" + "not-a-key-" * 4
OTHER = TEXT.replace("not", "nor")


class MemoryKeyring(KeyringBackend):
    """A keyring that holds what it is told, and can be slow or broken."""

    priority = 1
    name = "the memory keyring"

    def __init__(self):
        self.kept = {}
        self.error = None
        self.gate = threading.Event()
        self.gate.set()
        self.n_reads = 0

    def get_password(self, service, username):
        self.n_reads += 1
        self.gate.wait(20)
        if self.error:
            raise self.error
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        if self.error:
            raise self.error
        self.kept[service, username] = password

    def delete_password(self, service, username):
        if (service, username) not in self.kept:
            raise PasswordDeleteError("none")
        del self.kept[service, username]


@pytest.fixture
def ring(monkeypatch):
    ring = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    yield ring
    ring.gate.set()


@dataclasses.dataclass
class Holder:
    key: Key


def raised_with(value):
    try:
        raise ValueError(value)
    except ValueError:
        return traceback.format_exc()


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        format,
        lambda key: f"{key}",
        lambda key: f"{key!r:>60}",
        lambda key: f"{key:>60}",
        lambda key: "%s %r" % (key, key),  # noqa: UP031
        lambda key: str([key, {"key": key}]),
        lambda key: repr(Holder(key)),
        lambda key: repr(FoundKey(key, Source.CLIENT)),
        lambda key: repr(Keys(client=key, environment=key)),
        lambda key: str(dataclasses.asdict(Holder(key))),
        lambda key: repr(copy.copy(key)),
        lambda key: repr(copy.deepcopy([key])),
        pprint.pformat,
        raised_with,
        lambda key: str(getattr(key, "__dict__", "")),
        lambda key: json.dumps({"key": key}, default=str),
    ],
)
def test_a_key_is_not_shown(show):
    shown = show(Key(TEXT))
    assert TEXT not in shown
    assert "not-a-key" not in shown


@pytest.mark.parametrize(
    "write", [pickle.dumps, json.dumps, msgspec.json.encode, msgspec.to_builtins]
)
def test_a_key_is_not_written(write):
    with pytest.raises(TypeError):
        write(Key(TEXT))
    with pytest.raises(TypeError):
        write({"key": Key(TEXT)})


def test_a_key_is_not_logged(caplog):
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").debug("with %s and %r", Key(TEXT), Keys(client=Key(TEXT)))
    assert TEXT not in caplog.text
    assert "Key(...)" in caplog.text


def test_a_key_is_a_value():
    assert Key(TEXT) == Key(f" {TEXT}\n")
    assert Key(TEXT) != Key(OTHER)
    assert Key(TEXT) != TEXT
    assert Key(TEXT).reveal() == TEXT
    with pytest.raises(AttributeError):
        Key(TEXT).text = "other"
    with pytest.raises(AttributeError):
        Key(TEXT)._Key__text = "other"


@pytest.mark.parametrize("text", ["", " \n", f"{TEXT}\n{TEXT}", "two words", "schlüssel", "a\x00b"])
def test_what_cannot_be_a_key(text):
    with pytest.raises(InputError) as caught:
        Key(text)
    assert not text.strip() or text not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (TEXT, ""),
        ("my-gateways-own-key", "It does not begin with `sk-ant-`, as Anthropic's keys do."),
        ("sk-ant-short", "It is shorter than Anthropic's keys are."),
        ("sk-ant-admin01-" + "a" * 40, "It is an admin key, which cannot ask a model."),
    ],
)
def test_the_shape_is_only_a_hint(text, hint):
    assert shape_hint(Key(text)) == hint


def test_the_order_is_client_environment_keyring(ring):
    ring.kept["scopewise", "anthropic"] = "in-the-keyring"
    keys = Keys(environment=Key("in-the-environment"))
    keys.hand_over("of-the-client")
    assert keys.find() == FoundKey(Key("of-the-client"), Source.CLIENT)
    keys.hand_over("")
    assert keys.find() == FoundKey(Key("in-the-environment"), Source.ENVIRONMENT)
    assert ring.n_reads == 0
    assert Keys().find() == FoundKey(Key("in-the-keyring"), Source.KEYRING)


def test_nothing_anywhere(ring):
    keys = Keys()
    assert keys.find() is None
    assert keys.note == "it holds none"


def test_a_silent_keyring_holds_nobody_up_and_is_asked_once(ring):
    ring.kept["scopewise", "anthropic"] = TEXT
    ring.gate.clear()
    keys = Keys(deadline_s=0.1)
    begun = time.monotonic()
    assert keys.find() is None
    assert keys.find() is None
    assert time.monotonic() - begun < 1
    assert keys.note == "it gave no answer within 0.1 s"
    assert ring.n_reads == 1
    # Somebody unlocks it at last; the window that was open gives the answer.
    ring.gate.set()
    keys.deadline_s = 5
    assert keys.find() == FoundKey(Key(TEXT), Source.KEYRING)
    assert ring.n_reads == 1
    assert keys.find() == FoundKey(Key(TEXT), Source.KEYRING)
    assert ring.n_reads == 2


def test_a_silent_keyring_does_not_keep_the_process_alive(tmp_path):
    code = (
        "import threading, keyring\n"
        "class Slow:\n"
        "    def get_password(self, *_): threading.Event().wait(60)\n"
        "keyring.get_keyring = Slow\n"
        "from scopewise.cloud.keys import Keys\n"
        "assert Keys(deadline_s=0.2).find() is None\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (NoKeyringError("no"), "this system has none"),
        (KeyringLocked("locked"), "it is locked"),
        (InitError("x"), "it could not be opened"),
        (OSError(f"with {TEXT} in it"), "it failed (OSError)"),
    ],
)
def test_a_broken_keyring_is_one_without_a_key(ring, error, note):
    ring.error = error
    keys = Keys()
    assert keys.find() is None
    assert keys.note == note
    with pytest.raises(KeyringFailed) as caught:
        store_in_keyring(Key(TEXT))
    assert note in caught.value.message
    assert TEXT not in str(caught.value)
    assert caught.value.__cause__ is None


def test_rubbish_in_the_keyring(ring):
    ring.kept["scopewise", "anthropic"] = "two words"
    keys = Keys()
    assert keys.find() is None
    assert keys.note == "what it holds cannot be a key"


def test_store_and_clear(ring):
    assert store_in_keyring(Key(TEXT)) == "the memory keyring"
    assert list(ring.kept.values()) == [TEXT]
    assert clear_keyring() is True
    assert ring.kept == {}
    assert clear_keyring() is False


def test_children_do_not_inherit_the_key(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", TEXT)
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", OTHER)
    child = [sys.executable, "-c", "import os, sys; sys.stdout.write(repr(dict(os.environ)))"]
    assert TEXT in subprocess.run(child, check=True, capture_output=True, text=True).stdout
    assert take_from_environment() == Key(TEXT)
    after = subprocess.run(child, check=True, capture_output=True, text=True).stdout
    assert TEXT not in after
    assert OTHER not in after
    assert "ANTHROPIC_API_KEY" not in os.environ
    assert take_from_environment() is None


@pytest.mark.parametrize("text", ["", "  ", "two words"])
def test_a_variable_without_a_key_goes_as_well(monkeypatch, caplog, text):
    monkeypatch.setenv("ANTHROPIC_API_KEY", text)
    assert take_from_environment() is None
    assert "ANTHROPIC_API_KEY" not in os.environ
    assert "two words" not in caplog.text


def test_keyring_is_imported_only_when_it_is_asked():
    code = (
        "import sys, scopewise.cloud.keys as keys\n"
        "assert 'keyring' not in sys.modules\n"
        "keys.Keys(environment=keys.Key('abc')).find()\n"
        "assert 'keyring' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)

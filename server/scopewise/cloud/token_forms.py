"""Secrets that are known by their form, or by the syntax round them, whatever they are called.

The forms themselves are data: `token_forms.toml`.
"""

from __future__ import annotations

import base64
import binascii
import functools
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources

from scopewise.cloud.randomness import entropy, is_stand_in, is_wordy

Accept = Callable[[str], bool]


@dataclass(frozen=True)
class Form:
    """A pattern whose group `secret`, or else whole match, is a secret."""

    kind: str
    hints: tuple[str, ...]
    """The pattern is tried where one of these occurs, in small letters."""
    pattern: re.Pattern[str]
    accept: Accept


def formed_secrets(text: str) -> Iterator[tuple[str, int, int]]:
    """Every secret of a known form as (kind, start, end), in no order, overlaps included."""
    small = text.lower()
    for form in read_forms():
        if not any(hint in small for hint in form.hints):
            continue
        group = "secret" if "secret" in form.pattern.groupindex else 0
        for match in form.pattern.finditer(text):
            if match[group] and form.accept(match[group]):
                yield form.kind, *match.span(group)


@functools.cache
def read_forms() -> tuple[Form, ...]:
    """The forms of `token_forms.toml`, in its order."""
    table = tomllib.loads(
        resources.files("scopewise.cloud").joinpath("token_forms.toml").read_text("utf-8")
    )
    return tuple(
        Form(
            row["kind"],
            tuple(row["hints"]),
            re.compile(row["pattern"]),
            _ACCEPT[row.get("accept", "")],
        )
        for row in table["form"]
    )


def _always(_: str) -> bool:
    return True


def _is_literal(value: str) -> bool:
    return not is_stand_in(value)


def _is_password_of_connection(value: str) -> bool:
    """Whether `password=` is followed by a literal rather than by the name of a variable."""
    return _is_literal(value) and not re.fullmatch(r"[A-Za-z_.]+", value)


def _is_opaque(value: str) -> bool:
    """Whether the value is neither a stand-in nor a word."""
    return len(value) >= 6 and not is_stand_in(value) and not (is_wordy(value) or value.isdigit())


def _is_key_like(value: str) -> bool:
    """Whether the value could be a key: long, mixed, and no word."""
    return len(value) >= 16 and _is_opaque(value) and entropy(value) >= 3.0


def _is_varied(value: str) -> bool:
    """Whether the value is no run of a few letters, as a strand of DNA is."""
    return entropy(value) >= 2.2


def _is_basic(value: str) -> bool:
    """Whether base64 hides a user name and a password."""
    try:
        decoded = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    user, colon, password = decoded.partition(b":")
    return bool(colon) and (user + password).isascii()


def _is_armored_key(value: str) -> bool:
    """Whether there is a key between the lines of the armour, not only code that names them."""
    return bool(re.search(r"[A-Za-z0-9+/=]{24,}", value))


_ACCEPT: dict[str, Accept] = {
    "": _always,
    "literal": _is_literal,
    "password-of-connection": _is_password_of_connection,
    "opaque": _is_opaque,
    "key-like": _is_key_like,
    "varied": _is_varied,
    "basic": _is_basic,
    "armored": _is_armored_key,
}

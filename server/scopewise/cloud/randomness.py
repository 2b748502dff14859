"""Whether a string is random, a word, or only stands where a secret would."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter

_STAND_INS = frozenset(
    """
    admin any auto bar bearer bool boolean bytes default demo dummy empty example fake false foo
    foobar hidden input int integer invalid key label login missing mock n/a na never nil no none
    null number object off on optional pass passcode passphrase passwd password passwort
    placeholder private public pwd redacted required root sample secret secrets str string test
    testing text todo token tbd true undefined unknown unset user username value wrong yes
    """.split()
)
_STAND_IN = re.compile(
    r"""(?xi)
    (?:(.)\1{3,}[-_. ]?)+                      # xxxx, ****, 0000, XXXX-XXXX
    | \W+
    | .*(?:change|replace|insert|enter|fill|put|paste)[-_ ]?(?:me|this|it|your|here|with)\b.*
    | (?:.*[-_ <])?(?:your|the|some|an?)[-_ ][a-z_\- ]*(?:here|key|token|secret|password|pass|id)
    | .*(?:example|placeholder|dummy|redacted|sample|not[-_]?set|your[-_]).*
    | [-_x]{6,}
    | scopewise_secret\w*                      # what a secret was replaced by
    """,
)
_REFERENCE = re.compile(
    r"""(?x)
    \$\{.*\} | \$\(.*\) | \$[A-Za-z_]\w* | %\(\w+\)[sd] | %[sdvq] | %\w+% | \{\{.*\}\} | \{[^{}]*\}
    | <[^<>]*> | \#\{.*\} | @\w+@ | \[[\w\s-]+\] | :[a-z_]+ | \?
    | !?(?:vault|ref|sops|env|file|ssm|secretsmanager|op|arn|projects)[:/].*
    """
)
_REFERENCES = re.compile(
    r"\$\{[^}]*\}|\{\{.*?\}\}|\{[^{}]*\}|%\(\w+\)[sdr]|%[sdrvq]|<[\w -]+>|\$\w+|#\{[^}]*\}"
)
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_UUID = re.compile(r"(?i)\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?")
_HEX = re.compile(r"(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)")
_PRINTABLE = re.compile(rb"[\t\r\n -~]+")
_VOWEL = re.compile("(?i)[aeiouy]")

# What base64 of a picture, a font, an archive, a public key or a certificate begins with.
_DATA = (
    "iVBORw0KGgo R0lGOD /9j/ UklGR AAABAA d09GR AAEAAA UEsDB H4sIA JVBERi0 PHN2Zy PD94bWw MII AAAAB3N "
    "AAAAC3N AAAAE2V AAAAIm data: sha256 sha384 sha512 h1: md5- npm/ Qm bafy age1 pk_ rpc_ sha1"
).split()


def entropy(text: str) -> float:
    """Bits per character, from how often each occurs."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def is_stand_in(value: str) -> bool:
    """Whether the value stands where a secret would: `changeme`, `${TOKEN}`, `<your key>`, `***`."""
    value = value.strip()
    return (
        len(value) < 3
        or value.lower().strip("<>[]{}._-") in _STAND_INS
        or bool(_STAND_IN.fullmatch(value) or _REFERENCE.fullmatch(value))
        or not any(c.isalnum() for c in _REFERENCES.sub("", value))
        or _is_sequence(value)
    )


def is_wordy(value: str) -> bool:
    """Whether the value is made of words, as identifiers, paths and sentences are."""
    parts = _PART.findall(value)
    letters = [part for part in parts if part.isalpha()]
    words = [part for part in letters if len(part) >= 3 and _VOWEL.search(part)]
    n_digits = sum(len(part) for part in parts if part.isdigit())
    return bool(words) and sum(map(len, words)) >= 0.75 * sum(map(len, letters)) and n_digits <= 4


def is_hex(value: str) -> bool:
    return bool(_HEX.fullmatch(value))


def is_identifier_of_a_thing(value: str) -> bool:
    """Whether the value is a UUID, or data that says by its beginning what it is."""
    return bool(_UUID.fullmatch(value)) or value.startswith(tuple(_DATA))


def is_random(value: str, min_length: int = 20, max_length: int = 128) -> bool:
    """Whether letters of both cases and digits follow each other as they do in keys.

    Hexadecimal is never random by this measure: a hash and a key look the same.
    Longer values are data of another sort more often than keys.
    """
    if not min_length <= len(value) <= max_length or is_hex(value):
        return False
    if is_identifier_of_a_thing(value) or is_stand_in(value) or _is_text_in_base64(value):
        return False
    return _n_changes(value) >= 0.4 * len(value) and entropy(value) >= _expected(len(value))


def _expected(n: int) -> float:
    """The least entropy that random strings of so many characters have, out of 64 characters."""
    return 3.4 if n < 24 else 3.7 if n < 32 else 4.1


def _n_changes(value: str) -> int:
    """How often the class changes from one character to the next: lower, upper, digit, other."""
    classes = [(c.islower(), c.isupper(), c.isdigit()) for c in value]
    if not all(any(each[i] for each in classes) for i in range(3)):
        return 0
    return sum(one != other for one, other in zip(classes, classes[1:], strict=False))


def _is_text_in_base64(value: str) -> bool:
    try:
        decoded = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(_PRINTABLE.fullmatch(decoded))


def _is_sequence(value: str) -> bool:
    """Whether most characters follow their neighbours in the alphabet, as in `abcdef123456`."""
    if len(value) < 6:
        return False
    steps = sum(ord(b) - ord(a) == 1 for a, b in zip(value, value[1:], strict=False))
    return steps >= 0.6 * (len(value) - 1)

"""Whether a string is random, a word, or only stands where a secret would."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from itertools import pairwise

from scopewise.cloud.secret_words import words

_STAND_IN = re.compile(
    r"""(?xi)
    \W+
    | .*(?:change|replace|insert|enter|fill|put|paste)[-_ ]?(?:me|this|it|your|here|with)\b.*
    | (?:.*[-_ <])?(?:your|the|some|an?)[-_ ][a-z_\- ]*(?:here|key|token|secret|password|pass|id)
    | .*(?:example|placeholder|dummy|redacted|sample|not[-_]?set|your[-_]).*
    | [-_x]{6,}
    | scopewise_secret\w*                      # what a secret was replaced by
    """,
)
_LINE_ENDS = re.compile(r"(?:\\[nrt])+\Z")
_REPEATED = re.compile(r"(.)\1{3,}[-_. ]?")
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
_WORD = re.compile(r"(?i)(?=.*[aeiouy])(?!.*[^aeiouy]{5})[a-z]+")


def entropy(text: str) -> float:
    """Bits per character, from how often each occurs."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def is_stand_in(value: str) -> bool:
    """Whether the value stands where a secret would: `changeme`, `${TOKEN}`, `<key>`, `***`."""
    value = _LINE_ENDS.sub("", value.strip())
    if len(value) > 200:
        return False
    return (
        len(value) < 3
        or not _REPEATED.sub("", value)  # xxxx, ****, 0000, XXXX-XXXX
        or value.lower().strip("<>[]{}._-") in words("stand_ins")
        or bool(_STAND_IN.fullmatch(value) or _REFERENCE.fullmatch(value))
        or not any(c.isalnum() for c in _REFERENCES.sub("", value))
        or _is_sequence(value)
    )


def is_wordy(value: str) -> bool:
    """Whether the value is made of words, as identifiers, paths and sentences are."""
    parts = _PART.findall(value)
    letters = [part for part in parts if part.isalpha()]
    known = [part for part in letters if _is_word(part, value)]
    n_digits = sum(len(part) for part in parts if part.isdigit())
    return bool(known) and sum(map(len, known)) >= 0.75 * sum(map(len, letters)) and n_digits <= 4


def _is_word(part: str, value: str) -> bool:
    """Whether a run of letters can be spoken; capitals among small letters are no word."""
    is_loud = part.isupper() and not value.isupper()
    return len(part) >= 3 and not is_loud and bool(_WORD.fullmatch(part))


def is_hex(value: str) -> bool:
    return bool(_HEX.fullmatch(value))


def is_identifier_of_a_thing(value: str) -> bool:
    """Whether the value is a UUID, or data that says by its beginning what it is."""
    return bool(_UUID.fullmatch(value)) or value.startswith(tuple(words("data_prefixes")))


def is_random(value: str, min_length: int = 20, max_length: int = 128) -> bool:
    """Whether letters of both cases and digits follow each other as they do in keys.

    Hexadecimal is never random by this measure: a hash and a key look the same.
    Longer values are data of another sort more often than keys.
    """
    if not min_length <= len(value) <= max_length or is_hex(value):
        return False
    if is_identifier_of_a_thing(value) or is_stand_in(value) or _is_text_in_base64(value):
        return False
    run = max(re.split(r"[^A-Za-z0-9]", value), key=len)
    if len(run) < len(value) / 3 or is_hex(run) or is_wordy(run):
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
    return sum(one != other for one, other in pairwise(classes))


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
    steps = sum(ord(b) - ord(a) == 1 for a, b in pairwise(value))
    return steps >= 0.6 * (len(value) - 1)

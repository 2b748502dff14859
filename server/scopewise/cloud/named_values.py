"""Secrets that are known by the name they are given, and random strings that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from scopewise.cloud.randomness import (
    entropy,
    is_hex,
    is_random,
    is_stand_in,
    is_wordy,
)
from scopewise.cloud.secret_words import words

# Names of what looks like a key and is none.
_NOT_KEYS = re.compile(
    r"(?i)integrity|check_?sum|sha[-_]?\d|digest|hash|etag|pub(?:lic)?[-_]?key|\bcert|icon|image|"
    r"\bimg|png|gif|font|finger_?print|alphabet|charset|base_?64|\bb64|crc|commit|revision|\brev\b|"
    r"xmlns|regex|pattern|\bd=|\bh1:"
)

_WORD = re.compile(
    r"(?i)passw(?:or)?[dt]|(?<![a-z])pw(?![a-z])|passphrase|passcode|pwd|pass|psw|contrase|mdp|secret|token|key|cred|auth"
    r"|jwt|cookie|session|sid|\bpat|_pat|bearer|signature|hmac|dsn|salt|pepper|otp|pin|webhook|"
    r"identity"
)
# Data, an age recipient, a publishable key.
_PUBLIC = ("data:", "age1", "pk_")
_NAME_BEFORE = re.compile(r"[\w.@$-]*\Z")
_NAME_AFTER = re.compile(r"[\w-]*")
_PASSWORD_ENDS = ("password", "passwd", "passphrase", "dbpass", "userpass")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-zñ]+|\d+")

# What may stand between a name and its value: the end of its own quotes, a type, an operator, calls
# that wrap the value, and the brackets of a list.
_BETWEEN = re.compile(
    r"""(?x)
    ["'`\])}]{0,3}
    (?:
        \s*(?:\[\d*\])?\s*
        (?: :[ \t]*(?!['"])[\w\[\]&'<>*.,|? \t]{1,60}?(?==[^=>]) )?
        (?: \|\|= | \?\?= | => | := | ={1,3} | !={1,2} | :(?!:) | \|\| | \?\? | \(
          | ,(?=\s*[\[rbuf"'`]) )
        [ \t\n]*
      | ,?\s*["']?value["']?\s*[=:]\s*
      | \s*,[^()\n]{0,80}?\bdefault\s*=\s*
      | \s*\{[^{}]{0,200}?\bdefault\s*=\s*
      | [ \t]+(?:is|was):?[ \t]+
      | [ \t]+(?=["'])
    )
    (?: [A-Za-z_][\w.:]*(?:<[\w\[\], ]*>)?!?\(\s* ){0,2}
    (?P<list>[\[({]\s*)?
    """
)
_QUOTED = re.compile(
    r"""(?x)[@$]?[rRbBuUfFL]{0,2}
    (?: \"\"\"(?P<triple>[^\n]*?)\"\"\" | '''(?P<single>[^\n]*?)'''
      | (?P<quote>["'`])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote) )
    """
)
# Identifiers, numbers with dots, options, and escapes of single bytes.
_NO_PASSWORD = re.compile(
    r"_*[a-z]+(?:_[a-z]+)+_*|[A-Z]+(?:_[A-Z]+)+|[a-z]+(?:[A-Z][a-z]+)+|\d+(?:\.\d+)+|--?[a-z][a-z-]+|"
    r"(?:\\x[0-9a-fA-F]{2}){1,3}"
)
_PATH = re.compile(r"[a-z][a-z0-9+.-]*://|[~.]{0,2}/[\w.-]+/|[A-Za-z]:\\")
_IS_ITEM = re.compile(r"[\"'`]\s*,")
_IS_KEY = re.compile(r"\s*(?::|=>)")
_LIST_END = re.compile(r"[\])};]|\n[ \t]*\n")
_REGEX = re.compile(
    r"\(\?[:=!<P]|\[\^?[\\\w]-[\\\w]|\\[sdwSDWb][+*)\[\\]|\.[*+]\??[)$]|\[[^\]]{3,}\][+*]"
)
_TAGGED = re.compile(r"(?:[\"'][^<>\n]{0,80})?>(?P<value>[^<>\n]{3,})</")
# To the next blank, with nothing behind it but the end of the line, a comment or a closing sign.
_UNQUOTED = (
    r"(?P<value>[^\s\"'`#|>](?:[^\s\"'`]|[\"'`](?![\s,;)\]}]|$)){0,4000})"
    r"(?=[ \t]*(?:[\r\n;#\"'`,)\]}]|//|\Z)|[ \t]{2})"
)
_ASSIGNED = re.compile(rf"[\"']?[ \t]*[=:][ \t]*(?:[|>][+-]?\s*\n\s+)?{_UNQUOTED}")
_VALUE_BELOW = re.compile(rf"[\"']?[ \t]*,?\s*[\"']?value[\"']?[ \t]*:[ \t]*{_UNQUOTED}")
_EMBEDDED = re.compile(r"=(?P<value>[^\s\"'`<>&;,(){}\[\]]{0,500}?\d[^\s\"'`<>&;,(){}\[\]]{0,500})")
_SPACED = re.compile(r"[ =]+(?P<value>[^\s\"'`-]\S{0,500})")
_NEUTRAL = re.compile(r"(?<=[(=:,\[{>\s])[bBrRuU@]?([\"'`])(?P<value>[\w+/.~-]{20,128}={0,2})\1")
_LOOSE = re.compile(r"(?m)[=:][ \t]*(?P<value>[\w+/.~-]{32,128}={0,2})[ \t]*$")


def named_secrets(text: str, path: str = "") -> Iterator[tuple[str, int, int]]:
    """Every literal that its name calls a secret, as (kind, start, end)."""
    style = _Style(path)
    end_of_last = 0
    for match in _WORD.finditer(text):
        if match.start() < end_of_last:
            continue
        start, end = _name_at(text, match)
        end_of_last = end
        # A part of a longer name, as in `arn:aws:secretsmanager:eu:1:secret:prod/db`.
        is_inner = bool(re.search(r"\w:\Z", text[max(start - 2, 0) : start]))
        kind = "" if is_inner else _kind_of(text[start:end])
        for found in _values(text, start, end, kind, style) if kind else ():
            end_of_last = max(end_of_last, found[2])
            yield found


def random_literals(text: str, path: str = "") -> Iterator[tuple[str, int, int]]:
    """Every literal that looks like a key, though nothing near it says so."""
    patterns = [_NEUTRAL] if _Style(path).is_code else [_NEUTRAL, _LOOSE]
    for pattern in patterns:
        for match in pattern.finditer(text):
            value = match["value"]
            before = text[max(match.start() - 60, 0) : match.start("value")].rpartition("\n")[2]
            if is_random(value) and not is_wordy(value) and not _NOT_KEYS.search(before):
                yield "high_entropy", *match.span("value")


class _Style:
    """What a file's values may look like, by its name."""

    def __init__(self, path: str) -> None:
        name = PurePosixPath(path.replace("\\", "/")).name.lower()
        suffix = name.rpartition(".")[2] if "." in name else ""
        self.is_code = suffix in words("code_suffixes")
        self.is_commands = suffix in words("command_suffixes") or name.partition(".")[0] in words(
            "command_files"
        )


def _name_at(text: str, match: re.Match[str]) -> tuple[int, int]:
    """The whole name round a word of it."""
    before = _NAME_BEFORE.search(text, max(match.start() - 60, 0), match.start())
    after = _NAME_AFTER.match(text, match.end(), match.end() + 60)
    assert before is not None
    assert after is not None
    return before.start(), after.end()


def _kind_of(name: str) -> str:
    """What a name makes of its value: `password`, `key`, `weak` or `maybe` a key, or nothing."""
    parts = [part.lower() for part in _HUMP.findall(name.rpartition(".")[2] or name)]
    if not parts or parts[-1] in words("last_words") or parts[0] in words("first_words"):
        return ""
    joined = "".join(parts)
    if (
        words("passwords") & set(parts)
        or parts[-1] in {"pass", "pw"}
        or joined.endswith(_PASSWORD_ENDS)
    ):
        return "password"
    if words("keys") & set(parts) or joined.endswith(("apikey", "secret", "token")):
        return "key"
    if {"key", "keys"} & set(parts):
        return "key" if words("key_owners") & set(parts) else "maybe"
    return "weak" if words("weak") & set(parts) else ""


def _values(
    text: str, start: int, end: int, kind: str, style: _Style
) -> Iterator[tuple[str, int, int]]:
    name = "password" if kind == "password" else "named_secret"
    candidates = list(_candidates(text, start, end, style))
    if kind == "password" and text[end : end + 1] == "(":
        # `set_password("service", "user", "…")`: the password comes last.
        candidates = candidates[-1:]
    # In `"user", "password", "host"` the next word is no value of the one before.
    is_item = bool(_IS_ITEM.match(text, end))
    if is_item and text[start:end] == "pass":
        return
    for begin, value, is_quoted in candidates:
        if not is_quoted:
            value = value.rstrip(",;")
        if is_item and value.isalpha() and value.islower():
            continue
        if _is_secret(value, kind, is_quoted):
            yield name, begin, begin + len(value)


def _candidates(text: str, start: int, end: int, style: _Style) -> Iterator[tuple[int, str, bool]]:
    """What may be the value of a name as (start, value, whether it is quoted)."""
    between = _BETWEEN.match(text, end, end + 300)
    if between and between[0].isspace() and not _takes_words(text, start, end):
        return
    if between and (quoted := list(_literals(text, between))):
        yield from ((begin, value, True) for begin, value in quoted)
        return
    patterns = [_TAGGED]
    if not style.is_code:
        patterns += [_VALUE_BELOW, _ASSIGNED]
    elif _is_in_literal(text, start):
        patterns.append(_EMBEDDED)
    if style.is_commands or text.startswith("-", start):
        patterns.append(_SPACED)
    for pattern in patterns:
        if match := pattern.match(text, end):
            yield match.start("value"), match["value"], False


def _literals(text: str, between: re.Match[str]) -> Iterator[tuple[int, str]]:
    """The literal after a name, or all of a list, a call or a sum of literals."""
    is_call = between["list"] is None and between[0].rstrip().endswith("(")
    is_list = between["list"] is not None or is_call
    match = _QUOTED.match(text, between.end())
    while match:
        group = next(name for name in ("triple", "single", "value") if match[name] is not None)
        if not (is_list and _IS_KEY.match(text, match.end())):
            yield match.start(group), match[group]
        following = _QUOTED.search(text, match.end(), match.end() + 2000) if is_list else None
        if following and _LIST_END.search(text, match.end(), following.start()):
            return
        match = following


def _takes_words(text: str, start: int, end: int) -> bool:
    """Whether a value may follow the name after a blank: an option, a constant, a variable."""
    return text.startswith("-", start) or text[start:end].isupper()


def _is_in_literal(text: str, start: int) -> bool:
    """Whether a quote of the same line is still open there."""
    line = text.rfind("\n", max(start - 2000, 0), start) + 1
    before = text[max(line, start - 2000) : start].replace('\\"', "").replace("\\'", "")
    return any(before.count(quote) % 2 for quote in "\"'`")


def _is_secret(value: str, kind: str, is_quoted: bool) -> bool:
    """Whether a literal of that name is a secret rather than a stand-in, a name or a sentence."""
    if not is_quoted and (not value or re.search(r"[\s(\[{]", value)):
        return False
    value = value.strip()
    if is_stand_in(value) or value.startswith(_PUBLIC) or _names_something(value):
        return False
    if kind == "password":
        return _could_be_password(value)
    if kind == "weak":
        return len(value) >= (32 if is_hex(value) else 16) and _is_opaque_token(value)
    return _could_be_key(value, is_sure=kind == "key")


def _names_something(value: str) -> bool:
    """Whether the value is a path, a URL, a pattern, or the name of a field for the secret."""
    if _PATH.match(value) or _REGEX.search(value):
        return True
    parts = {part.lower() for part in _HUMP.findall(value)}
    return bool(parts & words("field_words")) and not any(c.isdigit() for c in value)


def _is_opaque_token(value: str) -> bool:
    """Whether digits and letters stand mixed in one word that means nothing."""
    return (
        bool(re.fullmatch(r"[\w+/=.~%-]+", value))
        and any(c.isdigit() for c in value)
        and not is_wordy(value)
        and not value.isdigit()
        and entropy(value) >= 2.8
    )


def _could_be_password(value: str) -> bool:
    if len(value) < 4 or _NO_PASSWORD.fullmatch(value):
        return False
    if " " in value:
        parts = value.lower().split()
        return not words("sentence_words") & set(parts) and (
            len(parts) >= 4 or any(c.isdigit() for c in value)
        )
    if value.isalpha():
        return len(value) >= 6
    return True


def _could_be_key(value: str, is_sure: bool) -> bool:
    if len(value) < 8 or re.search(r"\s", value) or value.isdigit():
        return False
    if not is_sure:
        return is_random(value, min_length=24)
    if is_hex(value):
        return len(value) >= 16 and entropy(value) >= 2.5
    has_digit = any(c.isdigit() for c in value)
    if is_wordy(value):
        return has_digit and len(value) >= 10 and not re.fullmatch(r"[a-z_.]+\d{0,2}", value)
    if re.fullmatch(r"[A-Za-z]+(?:[_.-][A-Za-z]+)+", value) and len(value) < 32:
        return False
    return (has_digit or len(value) >= 20) and entropy(value) >= 2.8

"""Secrets that are known by the name they are given, and random strings that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from scopewise.cloud.randomness import (
    entropy,
    is_hex,
    is_identifier_of_a_thing,
    is_random,
    is_stand_in,
    is_wordy,
)

# Names whose value is a secret whatever it looks like, as long as it is a literal.
_PASSWORD_WORDS = (
    "password passwd passwort passphrase passcode pwd pass psw contraseña contrasena mdp"
).split()
# Names whose value is a secret when it looks like one.
_KEY_WORDS = (
    "secret secrets token tokens apikey authkey credential credentials creds auth authtoken jwt "
    "bearer authorization accesskey secretkey privatekey appkey appsecret accesstoken authcode"
).split()
# Names whose value is a secret when it can be nothing else.
_WEAK_WORDS = (
    "cookie session sessionid sid pat signature hmac dsn salt pepper otp totp pin webhook identity"
).split()
_KEY_OWNERS = (
    "api access auth private priv secret signing sign encryption encrypt master account shared "
    "session license licence service client db database admin app application user ssh deploy "
    "root storage sas hmac cookie jwt crypt crypto cipher symmetric preshared psk sops age seed"
).split()
# Names that speak of a secret without being one: `token_url`, `password_hint`, `max_tokens`.
_LAST_WORDS = frozenset(
    """
    url uri urls endpoint name names field fields file files filename path paths dir id ids type
    types label hint length len size count counts re regex pattern rule rules policy header headers
    param params parameter expired expires expiry expiration ttl age algorithm alg arn version
    error errors message msg title placeholder env var prefix suffix column class format min max
    limit limits timeout reset strength index required enabled disabled help prompt text
    description desc validator validators hasher hashers form view page screen input button link
    kind scheme mode status state scope scopes method provider store manager service server host
    alphabet charset chars separator delimiter
    """.split()
)
_FIRST_WORDS = frozenset("max min num n count total public pub primary foreign is has no".split())
_NOT_KEYS = re.compile(
    r"(?i)integrity|check_?sum|sha[-_]?\d|digest|hash|etag|pub(?:lic)?[-_]?key|\bcert|icon|image|"
    r"\bimg|png|gif|font|finger_?print|alphabet|charset|base_?64|\bb64|crc|commit|revision|\brev\b|"
    r"xmlns|regex|pattern|\bd=|\bh1:"
)

_WORD = re.compile(
    r"(?i)passw(?:or)?[dt]|passphrase|passcode|pwd|pass|psw|contrase|mdp|secret|token|key|cred|auth"
    r"|jwt|cookie|session|sid|\bpat|_pat|bearer|signature|hmac|dsn|salt|pepper|otp|pin|webhook|"
    r"identity"
)
_NAME_BEFORE = re.compile(r"[\w.@$-]*\Z")
_NAME_AFTER = re.compile(r"[\w-]*")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-zñ]+|\d+")

# What may stand between a name and its value: the end of its own quotes, a type, an operator, and
# calls that wrap the value.
_BETWEEN = re.compile(
    r"""(?x)
    ["'`\])}]{0,3}
    (?:
        \s*(?:\[\d*\])?\s*
        (?: :[ \t]*[\w\[\]&'<>*.,|?[ \t]]{1,60}?(?==[^=>]) )?
        (?: \|\|= | \?\?= | => | := | ={1,3} | !={1,2} | :(?!:) | \|\| | \?\? | ,(?=\s*[\[rbuf"'`]) | \() [ \t\n]*
      | \s+value\s*=\s*
      | \s*\{[^{}]{0,200}?\bdefault\s*=\s*
      | [ \t]+(?=["'])
    )
    (?: [A-Za-z_][\w.:]*!?\(\s* ){0,2}
    """
)
_QUOTED = re.compile(
    r"""(?x)[@$]?[rRbBuUfFL]{0,2}
    (?: \"\"\"(?P<triple>[^\n]*?)\"\"\" | '''(?P<single>[^\n]*?)'''
      | (?P<quote>["'`])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote) )
    """
)
_REGEX = re.compile(r"\(\?[:=!<P]|\[\^?[\\\w]+-[\\\w]|\\[sdwSDWb][+*)\[\\]|\.[*+]\??[)$]|\)[*+?]")
_TAGGED = re.compile(r">(?P<value>[^<>\n]{3,})</")
_ASSIGNED = re.compile(r"[ \t]*(?:=|:(?=[ \t]|\S))[ \t]*(?P<value>[^\s\"'`#][^\n]*)")
_SPACED = re.compile(r"[ =]+(?P<value>[^\s\"'`-]\S*)")
_NEUTRAL = re.compile(r"(?<=[(=:,\[{>\s])[bBrRuU@]?([\"'`])(?P<value>[\w+/=.~-]{20,128})\1")
_LOOSE = re.compile(r"(?m)[=:][ \t]*(?P<value>[\w+/=.~-]{32,128})[ \t]*$")

_CODE = frozenset(
    """
    py pyi pyx js jsx mjs cjs ts tsx go java kt kts scala rs c h cc cpp cxx hpp hh cs php rb swift m
    mm dart lua pl r jl ex exs erl clj hs ml fs vb groovy gradle sql tf hcl vue svelte html htm css
    scss json jsonc toml ipynb
    """.split()
)
_COMMANDS = frozenset("sh bash zsh fish ps1 bat cmd mk".split())
_COMMAND_NAMES = frozenset("dockerfile containerfile makefile".split())


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
        is_inner = start > 0 and text[start - 1] == ":"
        kind = "" if is_inner else _kind_of(text[start:end])
        if kind:
            yield from _values(text, start, end, kind, style)


def random_literals(text: str, path: str = "") -> Iterator[tuple[str, int, int]]:
    """Every literal that looks like a key, though nothing near it says so."""
    patterns = [_NEUTRAL] if _Style(path).is_code else [_NEUTRAL, _LOOSE]
    for pattern in patterns:
        for match in pattern.finditer(text):
            value = match["value"]
            line = text[max(text.rfind("\n", 0, match.start()) + 1, match.start() - 60) :]
            before = line[: match.start("value") - (len(text) - len(line))]
            if is_random(value) and not is_wordy(value) and not _NOT_KEYS.search(before):
                yield "high_entropy", *match.span("value")


class _Style:
    """What a file's values may look like, by its name."""

    def __init__(self, path: str) -> None:
        name = PurePosixPath(path.replace("\\", "/")).name.lower()
        suffix = name.rpartition(".")[2] if "." in name else ""
        self.is_code = suffix in _CODE
        self.is_commands = suffix in _COMMANDS or name.partition(".")[0] in _COMMAND_NAMES
        self.is_known = bool(name)


def _name_at(text: str, match: re.Match[str]) -> tuple[int, int]:
    """The whole name round a word of it."""
    line = text.rfind("\n", 0, match.start()) + 1
    before = _NAME_BEFORE.search(text, max(line, match.start() - 60), match.start())
    after = _NAME_AFTER.match(text, match.end(), match.end() + 60)
    assert before is not None
    assert after is not None
    return before.start(), after.end()


def _kind_of(name: str) -> str:
    """`password`, `key` or nothing, by the words of a name."""
    words = [word.lower() for word in _HUMP.findall(name.rpartition(".")[2] or name)]
    if not words or words[-1] in _LAST_WORDS or words[0] in _FIRST_WORDS:
        return ""
    joined = "".join(words)
    if any(word in _PASSWORD_WORDS for word in words) or joined.endswith(
        ("password", "passwd", "passphrase", "dbpass", "userpass")
    ):
        return "password"
    if any(word in _KEY_WORDS for word in words) or joined.endswith(("apikey", "secret", "token")):
        return "key"
    if "key" in words or "keys" in words:
        return "key" if any(word in _KEY_OWNERS for word in words) else "maybe"
    return "weak" if any(word in _WEAK_WORDS for word in words) else ""


def _values(
    text: str, start: int, end: int, kind: str, style: _Style
) -> Iterator[tuple[str, int, int]]:
    for group, match in _candidates(text, start, end, style):
        value = match[group]
        if _is_secret(value, kind, is_quoted=group != "value" or "quote" in match.re.groupindex):
            name = "password" if kind == "password" else "named_secret"
            yield name, match.start(group), match.start(group) + len(value.rstrip())
            return


def _candidates(
    text: str, start: int, end: int, style: _Style
) -> Iterator[tuple[str, re.Match[str]]]:
    """The value after a name, in each of the ways it may be written there."""
    between = _BETWEEN.match(text, end, end + 300)
    if between and between[0].isspace() and not _takes_words(text, start, end):
        return
    if between and (quoted := _QUOTED.match(text, between.end())):
        group = next(name for name in ("triple", "single", "value") if quoted[name] is not None)
        yield group, quoted
        return
    if tagged := _TAGGED.match(text, end):
        yield "value", tagged
        return
    if not style.is_code and (assigned := _ASSIGNED.match(text, _past_quote(text, end))):
        yield "value", assigned
    if style.is_commands or _takes_words(text, start, end):
        if spaced := _SPACED.match(text, end):
            yield "value", spaced


def _takes_words(text: str, start: int, end: int) -> bool:
    """Whether a value may follow the name after a blank: an option, a constant, a variable."""
    return text[max(start - 1, 0) : start + 1].startswith("-") or text[start:end].isupper()


def _past_quote(text: str, end: int) -> int:
    return end + (text[end : end + 1] in {'"', "'"})


def _is_secret(value: str, kind: str, is_quoted: bool) -> bool:
    """Whether a literal of that name is a secret rather than a stand-in, a name or a sentence."""
    value = value.strip()
    if not is_quoted:
        value = value.split("  ")[0].rstrip(",;")
        if not value or re.search(r"[\s(\[{]", value):
            return False
    if is_stand_in(value) or is_identifier_of_a_thing(value) or _names_something(value):
        return False
    if kind == "password":
        return _could_be_password(value)
    if kind == "weak":
        return len(value) >= 16 and _is_opaque_token(value)
    return _could_be_key(value, is_sure=kind == "key")


def _names_something(value: str) -> bool:
    """Whether the value is a path, a URL, or the name of the field where the secret is."""
    if re.match(r"[a-z][a-z0-9+.-]*://|[~.]{0,2}/[\w.-]+/|[A-Za-z]:\\", value):
        return True
    if _REGEX.search(value):
        return True
    return bool(_WORD.search(value)) and not any(c.isdigit() for c in value) and is_wordy(value)


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
    if len(value) < 4 or " " in value:
        return len(value) > 12 and any(c.isdigit() for c in value)
    if value.isdigit():
        return len(value) >= 4
    if value.isalpha():
        return len(value) >= 6 and not value.islower()
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
    return (has_digit or len(value) >= 20) and entropy(value) >= 2.8

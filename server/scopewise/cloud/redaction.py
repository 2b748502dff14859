"""Secrets replaced by placeholders before a text leaves, and put back in what comes home."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scopewise.cloud.secrets import Secret, find_secrets

_STEM = "SCOPEWISE_SECRET"
_OPENING = re.compile(r"([A-Za-z@$]{0,3})(\"\"\"|'''|[\"'`])")
_PREFIXES = frozenset("rbuf@$l")
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True)
class Use:
    """Where a secret was taken out."""

    text: int
    """Which of the texts, from 0."""
    start: int
    """Characters, in the text as it was."""
    end: int
    line: int
    """The line of the placeholder in the text as it is sent, from 1."""


@dataclass(frozen=True)
class Item:
    """One secret and what stands for it."""

    kind: str
    placeholder: str
    value: str = field(repr=False)
    uses: tuple[Use, ...] = ()
    """Empty when only an earlier payload had it."""
    quotes: frozenset[str] = field(default=frozenset(), repr=False)
    """The quotes it stood in: a value with a backslash means the same only in one of these."""

    @property
    def n_uses(self) -> int:
        return len(self.uses)


@dataclass(frozen=True)
class Restored:
    """An answer with the secrets in it again."""

    text: str = field(repr=False)
    unknown: tuple[str, ...] = ()
    """Placeholders that the payload did not have: whoever asked must decline the answer."""
    findings: tuple[str, ...] = ()
    """A sentence for each secret that could not be put back as it was; its placeholder stays."""


@dataclass(frozen=True)
class Redaction:
    """Texts without their secrets, and the secrets, which stay here."""

    texts: tuple[str, ...] = field(repr=False)
    items: tuple[Item, ...] = ()
    stem: str = _STEM

    @property
    def used(self) -> tuple[Item, ...]:
        """The secrets that stand in these texts, and not only in earlier ones."""
        return tuple(item for item in self.items if item.uses)

    def restore(self, answer: str) -> Restored:
        """The answer with each placeholder replaced by its secret."""
        items = {item.placeholder: item for item in self.items}
        unknown: dict[str, None] = {}
        findings: dict[str, None] = {}

        def put_back(match: re.Match[str]) -> str:
            item = items.get(match[0])
            if item is None:
                unknown[match[0]] = None
                return match[0]
            if _may_stand(item, _quotes_at(answer, match.start())):
                return item.value
            findings[
                f"The secret behind `{match[0]}` stands in other quotes than before and cannot be "
                "put back as it was."
            ] = None
            return match[0]

        text = _placeholders(self.stem).sub(put_back, answer)
        return Restored(text, tuple(unknown), tuple(findings))


def redact(
    texts: Sequence[str], known: Redaction | None = None, paths: Sequence[str] = ()
) -> Redaction:
    """The texts with one placeholder for each secret, the same one wherever that secret stands.

    `known` is an earlier redaction of the same session, whose placeholders are kept; `paths` are
    the files the texts come from, as far as known, and help to read them.
    Lines break where they did, except within a secret of several lines, which becomes one word.
    """
    stem = _free_stem(texts, known)
    old = known.items if known else ()
    found = [
        [_to_word_end(text, secret) for secret in find_secrets(text, path)]
        for text, path in zip(texts, [*paths, *[""] * len(texts)], strict=False)
    ]
    kinds = {item.value: item.kind for item in old}
    for text, secrets in zip(texts, found, strict=True):
        for secret in secrets:
            kinds.setdefault(text[secret.start : secret.end], secret.kind)
    spans = [_with_repeats(text, found[i], kinds) for i, text in enumerate(texts)]
    return _redaction(texts, spans, old, kinds, stem)


def _redaction(
    texts: Sequence[str],
    spans: list[list[Secret]],
    old: Sequence[Item],
    kinds: dict[str, str],
    stem: str,
) -> Redaction:
    names = {
        value: f"{stem}_{number}_{re.sub('[^a-z0-9]+', '_', kind.lower())}"
        for number, (value, kind) in enumerate(kinds.items(), 1)
    }
    uses: dict[str, list[Use]] = {value: [] for value in kinds}
    quotes = {value: set[str]() for value in kinds}
    for item in old:
        quotes[item.value] |= item.quotes
    sent = []
    for number, (text, secrets) in enumerate(zip(texts, spans, strict=True)):
        parts, end = [], 0
        for secret in secrets:
            value = text[secret.start : secret.end]
            parts += [text[end : secret.start], names[value]]
            end = secret.end
            line = 1 + sum(part.count("\n") for part in parts)
            uses[value].append(Use(number, secret.start, secret.end, line))
            quotes[value].add(_quotes_at(text, secret.start))
        sent.append("".join([*parts, text[end:]]))
    items = tuple(
        Item(kind, names[value], value, tuple(uses[value]), frozenset(quotes[value]))
        for value, kind in kinds.items()
    )
    return Redaction(tuple(sent), items, stem)


def _free_stem(texts: Sequence[str], known: Redaction | None) -> str:
    """The beginning of every placeholder: one that none of the texts has by itself."""
    stem = known.stem if known else _STEM
    while any(f"{stem}_".lower() in text.lower() for text in texts):
        stem += "X"
    return stem


def _placeholders(stem: str) -> re.Pattern[str]:
    """Whatever looks like a placeholder, in whatever case."""
    return re.compile(rf"(?i:{stem})_\w*", re.ASCII)


def _to_word_end(text: str, secret: Secret) -> Secret:
    """The secret to the end of its word, so that nothing can be read as part of a placeholder."""
    end = secret.end
    while end < len(text) and text[end] in _WORD:
        end += 1
    return Secret(secret.kind, secret.start, end)


def _with_repeats(text: str, found: list[Secret], kinds: dict[str, str]) -> list[Secret]:
    """What was found, and the same values where nothing but another place gave them away."""
    spans = list(found)
    for value in sorted(filter(_is_distinct, kinds), key=len, reverse=True):
        for match in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(value)}(?!\w)", text, re.ASCII):
            if not any(span.start < match.end() and match.start() < span.end for span in spans):
                spans.append(Secret(kinds[value], *match.span()))
    return _apart(spans)


def _apart(spans: Iterable[Secret]) -> list[Secret]:
    """In order, those that a word's end made overlap left out."""
    result: list[Secret] = []
    for span in sorted(spans, key=lambda span: span.start):
        if not result or span.start >= result[-1].end:
            result.append(span)
    return result


def _is_distinct(value: str) -> bool:
    """Whether the value cannot also be a word or a number that means something else."""
    return len(value) >= 12 or (
        len(value) >= 6 and not value.isalpha() and any(c.isalpha() for c in value)
    )


def _may_stand(item: Item, quotes: str) -> bool:
    """Whether the value, put between such quotes as it is, still means the same."""
    if quotes in item.quotes:
        return True
    delimiter = quotes.lstrip("".join(_PREFIXES))
    if "\\" in item.value or (delimiter and delimiter[0] in item.value):
        return False
    if not delimiter and set(item.value) & set("\"'`#"):
        return False
    return "\n" not in item.value or len(delimiter) == 3 or delimiter == "`"


def _quotes_at(text: str, position: int) -> str:
    """The quotes that are open there, with their prefix as in `rb'`; empty outside of a literal."""
    line = text.rfind("\n", 0, position) + 1
    for triple in ('"""', "'''"):
        if text.count(triple, 0, line) % 2:
            end = text.find(triple, line, position)
            if end < 0:
                return triple
            line = end + 3
    return _open_quotes(text[line:position])


def _open_quotes(line: str) -> str:
    quotes, i = "", 0
    while match := _OPENING.search(line, i):
        prefix, delimiter = match[1].lower(), match[2]
        end = re.compile(rf"(?:\\.|(?!{delimiter}).)*?{delimiter}").match(line, match.end())
        if end is None:
            quotes = "".join(sorted(set(prefix) & _PREFIXES - {"u"})) + delimiter
            break
        i = end.end()
    return quotes

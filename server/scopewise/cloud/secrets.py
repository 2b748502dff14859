"""Secrets in a text, by detect-secrets' detectors and by our own.

This file alone imports detect_secrets, and only its detectors: none of its settings, its filters
(one of them lets a comment in the file hide a secret) or its verification, which asks the vendor
over the network whether a secret works.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scopewise.cloud.kubernetes import kubernetes_secrets
from scopewise.cloud.named_values import named_secrets, random_literals
from scopewise.cloud.randomness import entropy, is_stand_in
from scopewise.cloud.token_forms import formed_secrets
from scopewise.errors import InputError

# The detectors we use: module, class, what must occur in the text (in small letters) for it to be
# tried, and whether the secret is a group of the pattern or all of it.
# Left out: KeywordDetector, the two for high entropy and BasicAuthDetector, since our own know
# references, stand-ins and the ends of values; IPPublicDetector, since an address is no secret;
# PrivateKeyDetector, which finds the first line of a key only, and NpmDetector, which takes minutes
# for a long line.
_DETECTORS = (
    ("artifactory", "ArtifactoryDetector", ("akc", "ap"), False),
    ("aws", "AWSKeyDetector", ("aws", "akia", "asia", "abia", "acca", "a3t"), True),
    ("azure_storage_key", "AzureStorageKeyDetector", ("accountkey=",), False),
    ("cloudant", "CloudantDetector", ("cl",), True),
    ("discord", "DiscordBotTokenDetector", (".",), False),
    ("github_token", "GitHubTokenDetector", ("gh",), False),
    ("gitlab_token", "GitLabTokenDetector", ("gl", "gr1348941"), False),
    ("ibm_cloud_iam", "IbmCloudIamDetector", ("ibm", "iam", "cloud"), True),
    ("ibm_cos_hmac", "IbmCosHmacDetector", ("secret",), True),
    ("jwt", "JwtTokenDetector", ("eyj",), False),
    ("mailchimp", "MailchimpDetector", ("-us",), False),
    ("openai", "OpenAIDetector", ("t3blbkfj",), False),
    ("pypi_token", "PypiTokenDetector", ("pypi-",), False),
    ("sendgrid", "SendGridDetector", ("sg.",), False),
    ("slack", "SlackDetector", ("xox", "hooks.slack.com"), False),
    ("softlayer", "SoftlayerDetector", ("softlayer", "sl"), True),
    ("square_oauth", "SquareOAuthDetector", ("sq0csp",), False),
    ("stripe", "StripeDetector", ("k_live",), False),
    ("telegram_token", "TelegramBotTokenDetector", (":",), False),
    ("twilio", "TwilioKeyDetector", ("ac", "sk"), False),
)
_WEAK = frozenset({"artifactory"})
"""Detectors whose pattern also fits words: theirs must look random as well."""


@dataclass(frozen=True)
class Secret:
    """A stretch of a text that must not leave the machine."""

    kind: str
    """What it is, in small letters: `github_token`, `password`, `private_key`, …"""
    start: int
    """Characters, not bytes."""
    end: int


def find_secrets(text: str, path: str = "") -> tuple[Secret, ...]:
    """The secrets of a text in its order, none touching another.

    The path is never opened: its ending says whether values may stand without quotes.
    Raises InputError when detect-secrets is not installed: a text half searched must not leave.
    """
    found = [
        *formed_secrets(text),
        *_detected(text),
        *kubernetes_secrets(text),
        *named_secrets(text, path),
        *random_literals(text, path),
    ]
    return _merged(found)


def _merged(found: Iterable[tuple[str, int, int]]) -> tuple[Secret, ...]:
    """One secret for each stretch that overlaps; the first detector to name it names it."""
    ranked = sorted(enumerate(found), key=lambda item: (item[1][1], item[0]))
    merged: list[tuple[int, Secret]] = []
    for rank, (kind, start, end) in ranked:
        if merged and start < merged[-1][1].end:
            old_rank, old = merged[-1]
            best = (rank, kind) if rank < old_rank else (old_rank, old.kind)
            merged[-1] = (best[0], Secret(best[1], old.start, max(old.end, end)))
        else:
            merged.append((rank, Secret(kind, start, end)))
    return tuple(secret for _, secret in merged)


def _detected(text: str) -> Iterator[tuple[str, int, int]]:
    small = text.lower()
    for kind, patterns, hints, has_group in _detectors():
        if not any(hint in small for hint in hints):
            continue
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield from _trimmed(kind, match, has_group)


def _trimmed(kind: str, match: re.Match[str], has_group: bool) -> Iterator[tuple[str, int, int]]:
    """The secret without the quotes, signs and blanks that some patterns take along."""
    group = next((i for i, part in enumerate(match.groups(), 1) if part), 0) if has_group else 0
    parts = re.finditer(r"[^\s\"'`:,;=]+=*", match[group])
    inner = max(parts, key=lambda part: len(part[0]), default=None)
    if inner is None or is_stand_in(inner[0]) or entropy(inner[0]) < 2.2:
        return
    if kind in _WEAK and not (re.search(r"\d.*\d", inner[0]) and len(inner[0]) >= 20):
        return
    start = match.start(group) + inner.start()
    if not has_group and match.string[max(start - 1, 0) : start].isalnum():
        return
    yield kind, start, start + len(inner[0])


@functools.cache
def _detectors() -> tuple[tuple[str, tuple[re.Pattern[str], ...], tuple[str, ...], bool], ...]:
    """The detectors' patterns, which say where a match is; their own methods say only what."""
    return tuple(
        (name, _patterns(f"detect_secrets.plugins.{name}", of), hints, has)
        for name, of, hints, has in _DETECTORS
    )


def _patterns(module: str, class_name: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(getattr(importlib.import_module(module), class_name).denylist)
    except (ImportError, AttributeError) as error:
        raise InputError(
            "The detectors of secrets are not installed, so nothing can be sent.",
            "Install them with `pip install 'scopewise[cloud]'`.",
        ) from error

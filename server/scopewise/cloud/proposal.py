"""What would be sent, to whom and at what cost: made before anything is, for the user to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scopewise.cloud.endpoint import host_of
from scopewise.cloud.limits import check_request, limits_of
from scopewise.cloud.prices import CostRange, Price, cost_range, find_price
from scopewise.cloud.redaction import Redaction, redact
from scopewise.context.part import Part
from scopewise.context.widened import LeftOut
from scopewise.engine.claude_request import (
    ClaudeConfig,
    body_of,
    encode,
    estimated_prompt_tokens,
)
from scopewise.engine.protocol import Request
from scopewise.settings import CloudSettings


@dataclass(frozen=True)
class Inquiry:
    """What is to be asked, with everything still in it."""

    title: str
    """Such as "Fill body of `area`"."""
    task: str
    decision: str
    """Whether scope analysis offered the cloud, empty when it has not looked."""
    reasons: tuple[str, ...]
    root: Path | None
    """The folder of the workspace the code is in."""
    parts: tuple[Part, ...]
    request: Callable[[Sequence[str], str], Request]
    """The request made of the parts as they are sent, and of what placeholders begin with."""
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """One request as it would be sent."""

    inquiry: Inquiry
    config: ClaudeConfig
    host: str
    redaction: Redaction
    request: Request
    payload: bytes
    """The exact bytes of the body."""
    n_tokens: int
    """Of the prompt at the most, estimated here."""
    price: Price
    cost: CostRange
    """Of all requests together."""
    n_requests: int
    """How often the same bytes may be sent, each time for another answer."""

    @property
    def workspace(self) -> str:
        return str(self.inquiry.root or "")


def propose(inquiry: Inquiry, settings: CloudSettings, known: Redaction | None = None) -> Proposal:
    """The proposal for an inquiry; raises InputError, and LimitReached when it may cost too much.

    `known` is the redaction of an earlier proposal, whose placeholders are kept.
    """
    host = host_of(settings.base_url)
    config = claude_config(settings)
    redaction, request = _redacted(inquiry, known)
    body = body_of(request, config)
    n_tokens = estimated_prompt_tokens(body)
    price, n_requests = find_price(settings.model, settings.prices), settings.samples
    estimate = cost_range(price, n_tokens, config.max_tokens, n_requests) if price else None
    cost = check_request(limits_of(settings), settings.model, estimate)
    assert price is not None
    return Proposal(
        inquiry=inquiry,
        config=config,
        host=host,
        redaction=redaction,
        request=request,
        payload=encode(body),
        n_tokens=n_tokens,
        price=price,
        cost=cost,
        n_requests=n_requests,
    )


def claude_config(settings: CloudSettings) -> ClaudeConfig:
    """Whom to ask, as the settings say."""
    return ClaudeConfig(
        model=settings.model,
        base_url=settings.base_url,
        max_tokens=settings.max_tokens,
        read_timeout_s=settings.timeout_s,
        effort=settings.effort,
        caches_task=settings.samples > 1,
    )


def _redacted(inquiry: Inquiry, known: Redaction | None) -> tuple[Redaction, Request]:
    """Texts and headings without their secrets, and the request made of them."""
    parts = inquiry.parts
    texts = [text for part in parts for text in (part.heading, part.text)]
    paths = [path for part in parts for path in ("", part.path)]
    redaction = redact(texts, known, paths)
    sent = redaction.texts
    rendered = [part.rendered(sent[2 * i], sent[2 * i + 1]) for i, part in enumerate(parts)]
    stem = redaction.stem if redaction.used else ""
    return redaction, inquiry.request(rendered, stem)

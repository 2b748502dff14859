"""A proposal as a page for people: what leaves, from where, to whom, for how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scopewise.cloud.prices import usd
from scopewise.cloud.proposal import Proposal
from scopewise.context.part import fence_around
from scopewise.context.source import name_in, places


def page(proposal: Proposal) -> str:
    """The whole proposal in Markdown, the exact bytes of the request's body at the end."""
    inquiry = proposal.inquiry
    sections = [
        f"Nothing has been sent yet. {question(proposal)}",
        *_bullets("Why the cloud is offered", [_sentence(reason) for reason in inquiry.reasons]),
        *_bullets("What it may cost", _costs(proposal)),
        *_bullets("Where it is from", list(_origins(proposal))),
        *_bullets("What was taken out", list(_redacted(proposal)), "No secret was found."),
        *_bullets("What was left out", [f"{name}: {why}" for name, why in left_out(proposal)]),
        "## What is sent",
        *(f"### {role}\n\n{_quoted(text)}" for role, text in _messages(proposal)),
        f"## The exact bytes\n\n{len(proposal.payload)} bytes, the body of a POST request to "
        f"`{proposal.config.base_url}/v1/messages`:",
        _quoted(proposal.payload.decode(), "json"),
    ]
    return "\n\n".join(sections)


def question(proposal: Proposal) -> str:
    """What the user is asked, in a sentence or two."""
    n_files = len(files(proposal))
    times = f", up to {proposal.n_requests} times" if proposal.n_requests > 1 else ""
    return (
        f"{proposal.inquiry.title}: send {_count(len(proposal.payload), 'byte')} from "
        f"{_count(n_files, 'file')} to {proposal.config.model} at {proposal.host}{times}? "
        f"About {proposal.n_tokens} tokens, {proposal.cost}; {_taken_out(proposal)}."
    )


def files(proposal: Proposal) -> tuple[str, ...]:
    """The files something is taken from, in the order of the request."""
    sources = [source for part in proposal.inquiry.parts for source in part.sources]
    return tuple(dict.fromkeys(source.name(proposal.inquiry.root) for source in sources))


def left_out(proposal: Proposal) -> list[tuple[str, str]]:
    """What was wanted and is not sent: a file or a piece of code, and why."""
    root = proposal.inquiry.root
    return [
        (name_in(root, left.path) if left.path else left.what, left.reason)
        for left in proposal.inquiry.left_out
    ]


def taken_out(proposal: Proposal) -> list[dict[str, Any]]:
    """The secrets of the payload for programs: their kinds and what stands for them."""
    return [
        {"kind": item.kind, "placeholder": item.placeholder, "uses": item.n_uses}
        for item in proposal.redaction.used
    ]


def _taken_out(proposal: Proposal) -> str:
    n_secrets = len(proposal.redaction.used)
    if not n_secrets:
        return "no secret was found in it"
    return f"{_count(n_secrets, 'secret')} taken out"


def _costs(proposal: Proposal) -> list[str]:
    price, config = proposal.price, proposal.config
    rates = price.rates_for(proposal.n_tokens)
    return [
        f"About {proposal.n_tokens} tokens to read, estimated on this machine, and up to "
        f"{config.max_tokens} to write, what the model thinks included.",
        f"{proposal.cost} for {_count(proposal.n_requests, 'request')}, by {price.origin}: "
        f"{usd(rates.input)} for a million tokens read, {usd(rates.output)} written.",
    ]


def _origins(proposal: Proposal) -> Iterator[str]:
    for part in proposal.inquiry.parts:
        if not part.what:
            continue
        where = places(part.sources, proposal.inquiry.root)
        yield f"{where or 'what you selected'}: {part.what}"


def _redacted(proposal: Proposal) -> Iterator[str]:
    for item in proposal.redaction.used:
        yield f"`{item.placeholder}` stands for a {item.kind}, {_count(item.n_uses, 'place')}"


def _messages(proposal: Proposal) -> Iterator[tuple[str, str]]:
    for message in proposal.request.messages:
        yield message.role.capitalize(), message.content


def _quoted(text: str, language: str = "text") -> str:
    marks = fence_around(text)
    return f"{marks}{language}\n{text}\n{marks}"


def _bullets(heading: str, rows: list[str], otherwise: str = "") -> list[str]:
    if not rows and not otherwise:
        return []
    body = "\n".join(f"- {row}" for row in rows) if rows else otherwise
    return [f"## {heading}\n\n{body}"]


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"

"""What an answer that is an error means to the user: one sentence, and what to do about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scopewise.errors import (
    BadAnswer,
    CloudError,
    NoAccess,
    NoAnswer,
    NoCredit,
    NoKey,
    NoRoom,
    Overloaded,
    RateLimited,
    Refused,
    Rejected,
    TooLong,
    WrongKey,
)

_QUOTED = 240
"""Characters of the provider's own words that are repeated at most."""
_TOO_LONG = ("prompt is too long", "exceed context limit", "too many total text bytes")
_NO_CREDIT = ("credit balance", "usage limit", "spend limit", "billing")
_SPENT = ("spend_limit_reached", "billing")
_SENTENCES = {
    "cyber": "it touches on computer security",
    "bio": "it touches on biology that can do harm",
    "frontier_llm": "it touches on building language models",
    "reasoning_extraction": "it asks for the model's own reasoning",
    "general_harms": "it touches on something harmful",
}


@dataclass(frozen=True)
class Failure:
    """An error as the provider, or a gateway in its place, reported it."""

    status: int
    """200 for an error in the middle of an answer."""
    kind: str = ""
    """The broad category, as in `rate_limit_error`."""
    code: str = ""
    """A name of the cause that does not change, where there is one."""
    words: str = ""
    """For people, and never to be relied on, but where nothing else tells cases apart."""
    wait_s: float | None = None


def error_of(failure: Failure, model: str, host: str) -> CloudError:
    """Our error for theirs."""
    status, kind = failure.status, failure.kind
    if _is_out_of_credit(failure):
        return NoCredit(
            f"The account at {host} has no credit, or reached a limit its owner set.",
            "Add credit or raise the limit in the provider's console.",
        )
    if status == 413 or (status == 400 and _says(failure, _TOO_LONG)):
        return TooLong(
            f"The request is larger than {model} takes.", "Choose less code, or a smaller task."
        )
    if status == 401 or kind == "authentication_error":
        return WrongKey(
            f"The API key was not accepted by {host}.",
            "Give the right one to your editor, or run `scopewise cloud key set`.",
        )
    if status == 403 or kind == "permission_error":
        return NoAccess(
            f"The API key is not allowed to ask {model} at {host}.",
            "Choose another `cloud.model`, or change the key's rights in the provider's console.",
        )
    if status == 404 and kind == "not_found_error":
        return NoAccess(
            f"{host} knows no model `{model}`, or your key may not use it.",
            "Choose another `cloud.model`.",
        )
    if status == 429 or kind == "rate_limit_error":
        return _rate_limited(failure.wait_s, host)
    return _error_of_server(failure, host)


def refusal(category: str | None) -> Refused:
    """The model stopped to write, for a reason that has nothing to do with the code's quality."""
    reason = _SENTENCES.get(category or "", "its rules forbid an answer")
    return Refused(
        f"Claude declined to answer: {reason}.",
        "Harmless code can be mistaken for this; ask about a smaller part, or write it yourself.",
    )


def no_key(message: str = "There is no API key.") -> NoKey:
    """There is nothing to send a request with."""
    return NoKey(
        message,
        "Set ANTHROPIC_API_KEY, give one to your editor, or run `scopewise cloud key set`.",
    )


def no_room(max_tokens: int) -> NoRoom:
    """The model thought until there was no token left to write with."""
    return NoRoom(
        f"Claude used all {max_tokens} tokens to think, and wrote nothing.",
        "Raise `cloud.max_tokens`; it was billed.",
    )


def _error_of_server(failure: Failure, host: str) -> CloudError:
    status, kind = failure.status, failure.kind
    if status in (503, 529) or kind == "overloaded_error":
        return Overloaded(f"{host} is overloaded.", "Try again in a few minutes.")
    if status in (408, 504) or kind == "timeout_error":
        return NoAnswer(f"{host} took too long to answer.", "Try again, or ask for less.")
    if 300 <= status < 400:
        return BadAnswer(
            f"{host} points to another address, and nothing is sent to where you did not choose.",
            "Set `cloud.base_url` to the right address.",
        )
    if status in (400, 422):
        return Rejected(
            f"The request was not accepted by {host}{_quoted(failure.words)}",
            "Check `cloud.model` and `cloud.max_tokens`.",
        )
    if kind or status >= 500:
        return BadAnswer(f"{host} failed while it answered.", "Try again in a few minutes.")
    return BadAnswer(
        f"What answered at {host} is not the Messages API (status {status}).",
        "Check `cloud.base_url`.",
    )


def _rate_limited(wait_s: float | None, host: str) -> RateLimited:
    message = f"{host} allows no further request at the moment."
    if wait_s is None:
        return RateLimited(message, "Try again in a few minutes.")
    return RateLimited(message, f"Try again in {_spoken(wait_s)}.", wait_s)


def _spoken(seconds: float) -> str:
    for n_seconds, unit in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= n_seconds or unit == "second":
            count = max(math.ceil(seconds / n_seconds), 1)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    raise AssertionError


def _is_out_of_credit(failure: Failure) -> bool:
    if failure.status == 402 or failure.kind == "billing_error":
        return True
    if any(word in failure.code for word in _SPENT):
        return True
    # These have no code: an account's own limits come as 400 and 403, told apart by words alone.
    return failure.status in (400, 403) and _says(failure, _NO_CREDIT)


def _says(failure: Failure, phrases: tuple[str, ...]) -> bool:
    words = failure.words.lower()
    return any(phrase in words for phrase in phrases)


def _quoted(words: str) -> str:
    line = " ".join(words.split())
    if not line:
        return "."
    return f": {line[:_QUOTED]}{'…' if len(line) > _QUOTED else ''}"

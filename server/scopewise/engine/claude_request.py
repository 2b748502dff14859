"""What is sent to Claude: a request's body, its exact bytes, and an estimate of its tokens.

All of it without the SDK and without a connection, for it is shown before anything is sent.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, Literal

from scopewise.engine.protocol import Message, Request
from scopewise.errors import InputError

_BLOCK_TOKENS = 10
"""What surrounds a block of text: roles, separators. A published count has 6 for two blocks."""
_PIECES = re.compile(r"[A-Za-z]+|\s+|.", re.DOTALL)
_LETTERS_PER_TOKEN = 3
_SPACES_PER_TOKEN = 4


@dataclass(frozen=True)
class ClaudeConfig:
    """Whom to ask, and for how long to wait."""

    model: str
    base_url: str = "https://api.anthropic.com"
    max_tokens: int = 8192
    """Tokens an answer may have, what the model thinks included. It stands for the request's own
    limit, which is meant for a model that does not think before it writes."""
    max_retries: int = 2
    """How often the SDK tries again where nothing can have been billed."""
    max_wait_s: float = 30.0
    """The longest wait a provider may ask for; beyond it, the user is told instead."""
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 120.0
    """Seconds without a sign of life; the provider sends one every few seconds while it thinks."""
    effort: Literal["", "low", "medium", "high", "xhigh", "max"] = ""
    """How much to think, for the models that can be told; empty for the model's own measure."""
    caches_task: bool = False
    """Whether the task is cached too, besides the system prompt. Writing the cache costs a quarter
    more than plain input, so it pays when several answers or a repair are to follow."""


def body_of(request: Request, config: ClaudeConfig) -> dict[str, Any]:
    """The body of the request, its keys in the order in which the SDK sends them.

    There is no temperature and no prefill, for current models refuse both: the opening of a request
    is left out, and the prompt must say what is wanted. Raises InputError.
    """
    system, turns = _split(request)
    body: dict[str, Any] = {
        "max_tokens": config.max_tokens,
        "messages": [_turn(turn) for turn in turns],
        "model": config.model,
    }
    if config.effort:
        body["output_config"] = {"effort": config.effort}
    # A sequence of white space alone is invalid; the engine watches for those itself.
    if stop := [text for text in request.stop if text.strip()]:
        body["stop_sequences"] = stop
    body["stream"] = True
    if system:
        body["system"] = [_block(message.content) for message in system]
        _cache(body["system"][-1])
    if config.caches_task:
        _cache(body["messages"][-1]["content"][-1])
    return body


def encode(body: dict[str, Any]) -> bytes:
    """The bytes of a body, exactly as the SDK sends them; raises InputError."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "The text holds half a character, which cannot be sent.",
            "Save the file as UTF-8 and open it again.",
        ) from error


def payload_of(request: Request, config: ClaudeConfig) -> bytes:
    """The exact bytes of the body of a request; raises InputError."""
    return encode(body_of(request, config))


def estimated_tokens(text: str) -> int:
    """How many tokens a text has at the most, by a guess that needs no tokenizer and no network.

    Claude's tokenizer is not public, and counting at the provider would send the text. The guess
    takes a token for every three letters of a word, for every digit and every sign, for four
    spaces, and for every two bytes or so of other characters. Published measurements of the current
    tokenizer have 3.6 characters for a token of English and about 2.7 for one of Python.
    """
    return sum(_piece_tokens(piece) for piece in _PIECES.findall(text))


def estimated_prompt_tokens(body: dict[str, Any]) -> int:
    """How many tokens the prompt of a body has at the most, by the same guess."""
    blocks = [*body.get("system", [])]
    for turn in body["messages"]:
        blocks += turn["content"]
    return sum(estimated_tokens(block["text"]) + _BLOCK_TOKENS for block in blocks)


def _split(request: Request) -> tuple[list[Message], list[Message]]:
    """The system messages a conversation begins with, and its turns; raises InputError."""
    if request.raw:
        raise InputError("A raw prompt cannot be sent to Claude, only a conversation.")
    turns = list(request.messages)
    system = []
    while turns and turns[0].role == "system":
        system.append(turns.pop(0))
    is_asked = turns and turns[0].role == turns[-1].role == "user"
    if not is_asked or any(turn.role == "system" or not turn.content.strip() for turn in turns):
        raise InputError("A conversation with Claude begins and ends with a message of the user.")
    return [message for message in system if message.content.strip()], turns


def _turn(message: Message) -> dict[str, Any]:
    return {"role": message.role, "content": [_block(message.content)]}


def _block(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _cache(block: dict[str, Any]) -> None:
    """Mark the prompt up to the end of this block for the provider's cache of five minutes."""
    block["cache_control"] = {"type": "ephemeral"}


def _piece_tokens(piece: str) -> int:
    if piece.isspace():
        # The space before a word belongs to its token.
        return 0 if piece == " " else math.ceil(len(piece) / _SPACES_PER_TOKEN)
    if piece.isascii():
        return math.ceil(len(piece) / _LETTERS_PER_TOKEN)
    return max(len(piece.encode(errors="replace")) - 1, 1)

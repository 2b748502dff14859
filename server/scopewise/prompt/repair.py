"""The prompt that hands a finding back: the conversation goes on from the answer it is about."""

from __future__ import annotations

import msgspec

from scopewise.engine.protocol import Message, Request, Sampling


def repair_request(request: Request, answer: str, finding: str, sampling: Sampling) -> Request:
    """The request for a corrected answer; its prompt begins with that of `request`, so that the
    prefill is reused up to the end of the answer."""
    fence = "" if answer.rstrip().endswith("```") else "\n```"
    said = f"{request.opening}{answer.rstrip()}{fence}"
    wish = f"That is wrong: {finding}\nFind the mistake and write the whole function again."
    return msgspec.structs.replace(
        request,
        messages=(*request.messages, Message("assistant", said), Message("user", wish)),
        sampling=sampling,
        n_samples=1,
    )

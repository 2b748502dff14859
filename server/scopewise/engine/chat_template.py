"""Renders a model's own chat template without letting content pass for control tokens.

The template comes out of the model file, so it runs in Jinja's sandbox.
Contents are rendered as place holders and put back afterwards as spans of their own: what a source
file or a trace says is tokenized as plain text even when it spells `<|im_end|>`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from scopewise.engine.protocol import Message
from scopewise.errors import EngineUnavailable


@dataclass(frozen=True)
class Span:
    """A piece of a rendered prompt; `is_content` is text whose special tokens do not count."""

    text: str
    is_content: bool


class ChatTemplate:
    """One model's template, ready to render."""

    def __init__(self, source: str, bos_token: str, eos_token: str) -> None:
        from jinja2 import TemplateError
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        # The same options as in Hugging Face's transformers, for which templates are written.
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals["raise_exception"] = _refuse
        try:
            self._template = environment.from_string(source)
        except TemplateError as error:
            raise EngineUnavailable(f"The model's chat template is broken ({error}).") from error
        self._bos_token = bos_token
        self._eos_token = eos_token

    @property
    def has_begin_token(self) -> bool:
        """Whether the rendered text already begins with the token that begins a text."""
        spans = self.render([Message("user", "x")])
        return bool(self._bos_token) and spans[0].text.startswith(self._bos_token)

    def render(self, messages: Sequence[Message]) -> list[Span]:
        """The prompt up to where the assistant's turn begins, as alternating spans."""
        nonce = secrets.token_hex(8)
        holders = [f"[{nonce}-{i}]" for i in range(len(messages))]
        turns = [
            {"role": message.role, "content": holder}
            for message, holder in zip(messages, holders, strict=True)
        ]
        try:
            rendered = self._template.render(
                messages=turns,
                add_generation_prompt=True,
                bos_token=self._bos_token,
                eos_token=self._eos_token,
            )
        except Exception as error:  # A template is a program and fails like one.
            raise EngineUnavailable(
                f"The model's chat template does not accept this conversation ({error})."
            ) from error
        for message, holder in zip(messages, holders, strict=True):
            if message.role == "user" and holder not in rendered:
                raise EngineUnavailable("The model's chat template leaves out what the user says.")
        return list(_split(rendered, nonce, messages))


def _split(rendered: str, nonce: str, messages: Sequence[Message]) -> list[Span]:
    spans = []
    for i, part in enumerate(re.split(rf"\[{nonce}-(\d+)\]", rendered)):
        text = messages[int(part)].content if i % 2 else part
        if text:
            spans.append(Span(text, is_content=bool(i % 2)))
    return spans


def _refuse(message: str) -> None:
    from jinja2 import TemplateError

    raise TemplateError(message)

"""Short texts for the user: said, or asked."""

from __future__ import annotations

import asyncio
import logging

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from scopewise.errors import ScopewiseError
from scopewise.lsp import to_lsp

logger = logging.getLogger(__name__)

_PAUSE_S = 0.1
"""So that a question does not arrive together with the answer to the command that led to it: Emacs
28 leaves the rest of what it has read until something else arrives (`jsonrpc.el` throws)."""


class CannotAsk(Exception):
    """The client does not know `window/showMessageRequest`, as Helix does not (#4699)."""


def tell(ls: LanguageServer, text: str, kind: lsp.MessageType = lsp.MessageType.Info) -> None:
    ls.window_show_message(lsp.ShowMessageParams(kind, text))


def warn(ls: LanguageServer, text: str) -> None:
    tell(ls, text, lsp.MessageType.Warning)


def tell_failure(ls: LanguageServer, failure: ScopewiseError) -> None:
    """Show what went wrong and what to do about it."""
    tell(ls, str(failure), to_lsp.message_type(failure))


def tell_internal_error(ls: LanguageServer, error: Exception) -> None:
    """Log an exception nobody expected, and say that there was one."""
    logger.error("A job failed unexpectedly.", exc_info=error)
    name = type(error).__name__
    tell(ls, f"scopewise failed ({name}); its log says more.", lsp.MessageType.Error)


async def ask(ls: LanguageServer, kind: lsp.MessageType, text: str, *buttons: str) -> str:
    """The button pressed, empty when the question was closed; raises CannotAsk."""
    actions = [lsp.MessageActionItem(button) for button in buttons]
    question = lsp.ShowMessageRequestParams(kind, text, actions)
    await asyncio.sleep(_PAUSE_S)
    try:
        answer = await ls.window_show_message_request_async(question)
    except JsonRpcException as error:
        raise CannotAsk from error
    return answer.title if answer else ""

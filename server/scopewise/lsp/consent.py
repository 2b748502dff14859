"""The user's word on running code of the project, remembered for the session."""

from __future__ import annotations

from lsprotocol import types as lsp

from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.messages import CannotAsk, ask

_ONCE, _SESSION, _NO = "Run", "Run in this session", "Do not run"


async def may_run(ls: ScopewiseServer, question: str) -> bool:
    """Whether something of the project may be run; not where the client cannot ask."""
    if ls.may_run_project is not None:
        return ls.may_run_project
    try:
        answer = await ask(ls, lsp.MessageType.Info, question, _ONCE, _SESSION, _NO)
    except CannotAsk:
        return False
    if answer in (_SESSION, _NO):
        ls.may_run_project = answer == _SESSION
    return answer in (_ONCE, _SESSION)

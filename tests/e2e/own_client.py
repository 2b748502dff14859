"""A client that speaks our own messages (docs/protocol.md), for tests."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from editor import Editor, vscode
from lsprotocol import types as lsp

SHOW_RESULT = "scopewise/showResult"
WAIT = object()
"""Leave the question open."""


def announcing(
    *names: str, capabilities: lsp.ClientCapabilities | None = None
) -> lsp.ClientCapabilities:
    """VS Code, or another client, that announces these of our messages."""
    capabilities = capabilities or vscode()
    capabilities.experimental = {"scopewise": dict.fromkeys(names, True)}
    return capabilities


class OwnClient:
    """What was shown to the user, and what they answer."""

    def __init__(self, editor: Editor, answer: object = WAIT) -> None:
        self.answer = answer
        """To every result that is shown; an exception is raised."""
        self.results: list[dict[str, Any]] = []
        self.withdrawn: list[str] = []
        """The ids of results the server took away again."""
        self.explanations: list[dict[str, Any]] = []
        self.statuses: list[dict[str, Any]] = []
        self.times: list[float] = []
        """When each explanation or status came."""
        self._editor = editor
        self._requests: list[Any] = []
        self._open: list[asyncio.Future[object]] = []
        features = editor.client.protocol.fm.features
        features[SHOW_RESULT] = self._show_result
        features["scopewise/explanation"] = self._keep_in(self.explanations)
        features["scopewise/status"] = self._keep_in(self.statuses)

    def choose(self, choice: object, number: int = -1) -> None:
        """Answer a result that is still shown."""
        self._open[number].set_result({"choice": choice})

    def send_raw(self, number: int = -1, **fields: object) -> None:
        """Send an answer to a result however it is formed, and then a proper one."""
        message = {"jsonrpc": "2.0", "id": self._requests[number], **fields}
        self._editor.client.protocol._send_data(message)
        if not self._open[number].done():
            self._open[number].set_result(None)

    async def until_shown(self, n_results: int = 1) -> dict[str, Any]:
        """The last of so many results."""
        await self._editor.until(lambda: len(self.results) >= n_results)
        return self.results[-1]

    async def until_state(self, state: str) -> dict[str, Any]:
        """The status that tells this state."""
        await self._editor.until(lambda: state in [status["state"] for status in self.statuses])
        return next(status for status in self.statuses if status["state"] == state)

    async def _show_result(self, params: Any) -> object:
        result = plain(params)
        self.results.append(result)
        self._requests.append(self._editor.client.protocol.msg_id)
        self._open.append(asyncio.get_running_loop().create_future())
        self._editor.noticed()
        if self.answer is WAIT:
            try:
                return await self._open[-1]
            except asyncio.CancelledError:
                self.withdrawn.append(result["id"])
                self._editor.noticed()
                raise
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def _keep_in(self, kept: list[dict[str, Any]]) -> Any:
        def keep(params: Any) -> None:
            kept.append(plain(params))
            self.times.append(time.monotonic())
            self._editor.noticed()

        return keep


def plain(value: Any) -> Any:
    """JSON as it came: pygls makes named tuples of messages it does not know."""
    if hasattr(value, "_asdict"):
        return {name: plain(part) for name, part in value._asdict().items()}
    return [plain(part) for part in value] if isinstance(value, list) else value

"""pygls's protocol, adjusted where it stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.protocol import JsonRPCResponseMessage, LanguageServerProtocol, lsp_method


class Protocol(LanguageServerProtocol):
    """Leaves documents and the end to us, and tells us which requests were cancelled."""

    on_cancel_request: Callable[[str | int], None] = staticmethod(lambda _: None)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """The message as an object; answers to our own requests keep their result as it came.

        pygls gives up on an answer it cannot read, and whoever waits for it would wait for ever.
        """
        number = data.get("id") if "jsonrpc" in data and "method" not in data else None
        if not isinstance(number, str) or number not in self._request_futures:
            return super().structure_message(data)
        if "result" in data and self._result_types.get(number) is None:
            return JsonRPCResponseMessage(number, self.VERSION, data["result"])
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            reason = lsp.ResponseError(error.code, "The client's answer cannot be read.")
            return lsp.ResponseErrorMessage(number, reason)

    def withdraw(self, number: str) -> None:
        """Tell the client that nobody waits for the answer to a request any more."""
        self._request_futures.pop(number, None)
        self._result_types.pop(number, None)
        self.notify(lsp.CANCEL_REQUEST, lsp.CancelParams(number))

    def _handle_cancel_notification(self, msg_id: str | int) -> None:
        """pygls answers a cancelled `executeCommand`, but its handler would run on."""
        self.on_cancel_request(msg_id)
        super()._handle_cancel_notification(msg_id)

    @lsp_method(lsp.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        """pygls also cancels what waits, in a loop over a dictionary that shrinks by it."""
        yield self.fm.features[lsp.SHUTDOWN], args, None
        self._shutdown = True

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: lsp.DidOpenTextDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: lsp.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: lsp.DidCloseTextDocumentParams
    ) -> Generator[Any, Any, None]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CLOSE], (params,), None

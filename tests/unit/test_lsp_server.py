"""The server as a whole, without a process."""

from __future__ import annotations

import inspect
import logging
import typing
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

from scopewise import errors
from scopewise.lsp import features, to_lsp
from scopewise.lsp.commands import RunArguments, read_arguments
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.pages import Pages
from scopewise.lsp.server import make_server, serve


def handlers() -> list[object]:
    server = make_server()
    registered = [*server.protocol.fm.features.values(), *server.protocol.fm.commands.values()]
    return [getattr(handler, "func", handler) for handler in registered]


@pytest.mark.parametrize("handler", handlers(), ids=lambda handler: handler.__name__)
def test_pygls_will_hand_the_server_to_every_handler(handler: object) -> None:
    """It silently does not when a handler's annotations cannot be resolved."""
    assert typing.get_type_hints(handler)
    assert next(iter(inspect.signature(handler).parameters)) == "ls"  # type: ignore[arg-type]


def test_every_handler_is_registered() -> None:
    defined = {
        value
        for value in vars(features).values()
        if inspect.isfunction(value)
        and value.__module__ == features.__name__
        and not value.__name__.startswith("_")
    }

    assert defined - {features.register} == set(handlers())


KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.ScopewiseError)
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_a_code_and_a_loudness(kind: type[errors.ScopewiseError]) -> None:
    failure = kind("It broke.", "Mend it.")

    assert to_lsp.error(failure).message == "It broke. Mend it."
    assert to_lsp.message_type(failure) in lsp.MessageType


def test_stale_document_is_content_modified() -> None:
    failure = errors.StaleDocument("It changed.")

    assert to_lsp.error(failure).code == lsp.LSPErrorCodes.ContentModified.value


def test_arguments_are_read() -> None:
    point = {"line": 1, "character": 2}
    argument = {
        "producer": "explain",
        "uri": "file:///a.py",
        "range": {"start": point, "end": point},
    }

    given = read_arguments("scopewise.run", ({**argument, "unknown": 1},), RunArguments)

    assert given.producer == "explain"
    assert given.range.to_lsp() == lsp.Range(lsp.Position(1, 2), lsp.Position(1, 2))


def test_negative_position_is_refused() -> None:
    point = {"line": -1, "character": 0}
    argument = {
        "producer": "explain",
        "uri": "file:///a.py",
        "range": {"start": point, "end": point},
    }

    with pytest.raises(JsonRpcInvalidParams, match=r"Expected `int` >= 0 - at `\$\.range\.start"):
        read_arguments("scopewise.run", (argument,), RunArguments)


def test_pygls_is_kept_from_logging_source_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScopewiseServer, "start_io", lambda self: None)

    serve()

    assert logging.getLogger("pygls.protocol.json_rpc").getEffectiveLevel() >= logging.WARNING


class TestPages:
    def test_page_is_private_and_gone_afterwards(self, tmp_path: Path) -> None:
        pages = Pages(tmp_path)

        path = pages.write("Explain `a/b`: ../x", "Text")

        assert path.parent.parent == tmp_path
        assert path.name == "Explain a b .. x.md"
        assert path.parent.stat().st_mode & 0o077 == 0
        pages.remove()
        assert list(tmp_path.iterdir()) == []

    def test_folders_of_killed_servers_are_removed(self, tmp_path: Path) -> None:
        (tmp_path / "999999999").mkdir()
        (tmp_path / "1").mkdir()

        Pages(tmp_path).write("A", "")

        assert not (tmp_path / "999999999").exists()
        assert (tmp_path / "1").exists()

    def test_same_title_is_replaced(self, tmp_path: Path) -> None:
        pages = Pages(tmp_path)

        assert pages.write("A", "one") == pages.write("A", "two")

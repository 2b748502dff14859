"""Long texts for the user: Markdown files in a folder of our own, gone when the server goes."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path

import platformdirs
import psutil
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from scopewise.document import uri_of
from scopewise.lsp.capabilities import Client
from scopewise.lsp.messages import tell

_MAX_NAME = 80


class Pages:
    """The folder of one server, made when the first page is written."""

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent or _default_parent()
        self._folder: Path | None = None

    def write(self, title: str, markdown: str, *, read_only: bool = False) -> Path:
        """The file of a page; one of the same title is replaced. Raises OSError."""
        if self._folder is None:
            self._remove_left_behind()
            self._folder = self._parent / str(os.getpid())
            self._parent.mkdir(parents=True, exist_ok=True)
            self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / f"{_file_name(title)}.md"
        path.unlink(missing_ok=True)
        path.write_text(markdown, encoding="utf-8")
        if read_only:
            path.chmod(0o400)
        return path

    def remove(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _remove_left_behind(self) -> None:
        """Folders of servers that were killed."""
        for folder in self._parent.glob("*"):
            if folder.name.isdigit() and not psutil.pid_exists(int(folder.name)):
                shutil.rmtree(folder, ignore_errors=True)


async def show(ls: LanguageServer, client: Client, pages: Pages, title: str, markdown: str) -> None:
    """Show a text beside the code where the client opens documents, else as a message."""
    if client.shows_documents:
        with contextlib.suppress(OSError):
            if await opened(ls, client, pages.write(title, f"# {title}\n\n{markdown}\n")):
                return
    tell(ls, f"{title}\n\n{markdown}")


async def opened(ls: LanguageServer, client: Client, path: Path) -> bool:
    """Whether the client opened a page beside the code."""
    if not client.shows_documents:
        return False
    params = lsp.ShowDocumentParams(uri_of(path), external=False, take_focus=False)
    try:
        return (await ls.window_show_document_async(params)).success
    except JsonRpcException:
        return False


def _default_parent() -> Path:
    return Path(platformdirs.user_cache_dir("scopewise", appauthor=False)) / "explanations"


def _file_name(title: str) -> str:
    return re.sub(r"[^\w.-]+", " ", title).strip(" .")[:_MAX_NAME] or "Explanation"

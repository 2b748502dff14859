"""What can be told about a GGUF file from its first bytes."""

from __future__ import annotations

from pathlib import Path

MAGIC = b"GGUF"


def complaint(head: bytes) -> str:
    """Why a file that begins with `head` is no GGUF model, to end a sentence; empty if it is one.

    Proxies and login pages answer with HTML and status 200, which then lies on disk as a model.
    """
    start = head[: len(MAGIC)]
    if start == MAGIC:
        return ""
    if start.lstrip().startswith(b"<"):
        return "it is a web page, probably an error or login page"
    return f"it begins with {start!r} in place of {MAGIC!r}"


def file_complaint(path: Path) -> str:
    """The same for a file on disk."""
    with path.open("rb") as file:
        return complaint(file.read(len(MAGIC)))

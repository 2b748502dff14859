"""Explanations already written, kept by the text they explain."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

_MAX_KEPT = 500


class Explanations:
    """A cache of Markdown by content: an edited function has no explanation until asked again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()

    def get(self, code: str) -> str | None:
        return self._kept.get(_key(code))

    def put(self, code: str, markdown: str) -> None:
        self._kept[_key(code)] = markdown
        self._kept.move_to_end(_key(code))
        if len(self._kept) > _MAX_KEPT:
            self._kept.popitem(last=False)


def _key(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", errors="replace")).hexdigest()

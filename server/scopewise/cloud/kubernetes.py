"""The values of a Kubernetes Secret, which may be called anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from scopewise.cloud.randomness import is_stand_in

_DOCUMENT = re.compile(r"(?m)^---.*$")
_IS_SECRET = re.compile(r"(?m)^[ \t]*[\"']?kind[\"']?:[ \t]*[\"']?Secret\b")
_DATA = re.compile(
    r"(?m)^([ \t]*)(?:data|stringData):[ \t]*\n((?:\1[ \t]+[^\n]*(?:\n|\Z)|[ \t]*\n)+)"
)
_VALUE = re.compile(r"(?m)^[ \t]*[\w.-]+:[ \t]+(?![|>])[\"']?(?P<value>[^\s\"'#][^\n\"']*)")


def kubernetes_secrets(text: str) -> Iterator[tuple[str, int, int]]:
    """Every value beneath `data` and `stringData` of each Secret, as (kind, start, end)."""
    if "Secret" not in text or "ata:" not in text:
        return
    starts = [0, *(match.end() for match in _DOCUMENT.finditer(text)), len(text)]
    for start, end in pairwise(starts):
        if not _IS_SECRET.search(text, start, end):
            continue
        for block in _DATA.finditer(text, start, end):
            for match in _VALUE.finditer(text, *block.span(2)):
                value = match["value"].rstrip()
                if not is_stand_in(value):
                    start_of_value = match.start("value")
                    yield "kubernetes_secret", start_of_value, start_of_value + len(value)

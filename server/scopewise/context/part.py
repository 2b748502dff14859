"""A stretch of a message to a model, with where it is from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scopewise.context.source import Source

_BACKTICKS = re.compile("`{3,}")


@dataclass(frozen=True)
class Part:
    """Words of ours, or text of the user's with its origin."""

    text: str
    heading: str = ""
    """What stands above it."""
    fence: str | None = None
    """The language of the fence around it; None for no fence."""
    what: str = ""
    """What it is, for people; empty for words of ours."""
    sources: tuple[Source, ...] = ()
    """The lines it was taken from; none for what is in no file, such as a trace."""

    @property
    def path(self) -> str:
        """The file it is from, empty when there is none."""
        return str(self.sources[0].path or "") if self.sources else ""

    def rendered(self, heading: str, text: str) -> str:
        """The part as a message has it, with `heading` and `text` in place of its own."""
        if self.fence is not None:
            marks = fence_around(text)
            text = f"{marks}{self.fence}\n{text}\n{marks}"
        return f"{heading}\n{text}" if heading else text


def fence_around(text: str) -> str:
    """Back-ticks that `text` cannot end."""
    return "`" * max([3, *(len(run) + 1 for run in _BACKTICKS.findall(text))])

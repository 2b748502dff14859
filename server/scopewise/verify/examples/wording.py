"""What the readers of the several forms share: what is looked for, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass

_MAX_SHOWN = 160


@dataclass(frozen=True)
class Spec:
    """The function whose examples are looked for."""

    function: str
    owner: str = ""
    """Its class; empty for a function."""
    parameters: tuple[str, ...] = ()
    """Names of its parameters, without `self`; empty when they are not known."""

    max_examples: int = 50

    @property
    def functions(self) -> frozenset[str]:
        """Names an example may call besides builtins."""
        return frozenset({self.owner or self.function})


def shown(text: str) -> str:
    """A piece of a specification on one line of readable length."""
    line = " ".join(text.split())
    return line if len(line) <= _MAX_SHOWN else line[: _MAX_SHOWN - 3] + "..."


def line_of(text: str, position: int) -> int:
    """The line of a position, from 0."""
    return text.count("\n", 0, position)

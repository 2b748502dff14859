"""The modes that are compared: which parts of the loop after the first answer are on."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any

from scopewise.settings import Settings


class Mode(enum.StrEnum):
    VANILLA = "vanilla"
    """One greedy answer and the static checks; nothing is executed."""
    CHECKED = "checked"
    """All of it, as the settings have it."""
    EXAMPLES = "examples"
    """One greedy answer, run on the examples of its docstring."""
    AGREEMENT = "agreement"
    """Several answers, compared by what they do."""
    REPAIR = "repair"
    """One greedy answer; findings are handed back to the model."""


_CHANGES: dict[Mode, dict[str, Any]] = {
    Mode.VANILLA: {"execute": "never", "samples": 0, "repairs": 0},
    Mode.CHECKED: {},
    Mode.EXAMPLES: {"samples": 0, "repairs": 0},
    Mode.AGREEMENT: {"examples": False, "repairs": 0},
    Mode.REPAIR: {"samples": 0},
}

SEEDS_APART = 1000
"""How far apart the seeds of two repeats begin."""


def settings_of(mode: Mode, repeat: int, settings: Settings) -> Settings:
    """The settings of one repeat in a mode."""
    return dataclasses.replace(
        settings,
        verify=dataclasses.replace(settings.verify, **_CHANGES[mode]),
        engine=dataclasses.replace(settings.engine, seed=SEEDS_APART * repeat),
    )

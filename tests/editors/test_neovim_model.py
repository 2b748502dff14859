"""Neovim with the real model: one body, from the menu to the undo."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest
from machine import Machine
from neovim import Neovim

from scopewise.models import Status, find, inspect, store_folder
from scopewise.settings import Settings

MODEL = "qwen2.5-coder-1.5b"
MODEL_PATIENCE_S = 240.0

pytestmark = [pytest.mark.editors, pytest.mark.model, pytest.mark.timeout(400)]

MEAN = '''"""Statistics."""


def mean(numbers: list[float]) -> float:
    """The arithmetic mean; 0.0 for no numbers.

    >>> mean([1.0, 2.0, 6.0])
    3.0
    >>> mean([])
    0.0
    """
'''


@pytest.fixture
def settings() -> dict[str, object]:
    """Those for the model of the user's store; skips the test when it is not there."""
    pytest.importorskip("llama_cpp")
    found = inspect(store_folder(Settings()), find(MODEL))
    if found.status is not Status.READY:
        pytest.skip(f"{MODEL} is not in {found.path.parent}: `scopewise models pull {MODEL}`")
    return {
        "engine.kind": "llamacpp",
        "model.name": MODEL,
        "model.store": str(found.path.parent),
        "verify.samples": 2,
        "verify.repairs": 2,
    }


def test_fill(
    settings: dict[str, object],
    new_machine: Callable[[dict[str, object]], Machine],
    new_neovim: Callable[[Machine], Neovim],
) -> None:
    neovim = new_neovim(new_machine(settings))
    neovim.write_and_visit("means.py", MEAN, at="mean")

    neovim.act("Fill body of `mean` from its docstring")
    neovim.until("tokens", lambda: "tokens" in str(neovim.progress), MODEL_PATIENCE_S)
    neovim.until("the body", lambda: neovim.text() != MEAN, MODEL_PATIENCE_S)
    filled = neovim.text()
    said = neovim.said("verified: 2 of 2 examples pass")
    neovim.undo()
    neovim.until_text(MEAN)

    assert filled.startswith(MEAN)
    assert ast.parse(filled)
    assert "Fill body of `mean`" in said

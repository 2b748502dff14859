"""How the model's process passes events on."""

from __future__ import annotations

from scopewise.engine.protocol import Delta, Event, Prefill
from scopewise.engine.worker import DeltaBundler


def test_texts_in_quick_succession_travel_together() -> None:
    sent: list[Event] = []
    bundler = DeltaBundler(sent.append)
    for n_tokens, text in enumerate("abcd", start=1):
        bundler.add(Delta(0, text, n_tokens))
    bundler.add(Delta(1, "x", 1))
    bundler.flush()
    assert sent == [Delta(0, "a", 1), Delta(0, "bcd", 4), Delta(1, "x", 1)]


def test_other_events_pass_at_once() -> None:
    sent: list[Event] = []
    DeltaBundler(sent.append).add(Prefill(1, 2))
    assert sent == [Prefill(1, 2)]

"""The status, without a server: speed, order, and no more messages than can be shown."""

from __future__ import annotations

import asyncio

from scopewise.lsp.pacing import Pace
from scopewise.lsp.status import Shown, Speed, State, Status


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def speeds(*steps: tuple[float, int]) -> list[float | None]:
    speed, now = Speed(), 0.0
    found = []
    for seconds, n_tokens in steps:
        now += seconds
        found.append(speed.add(now, n_tokens))
    return found


def test_speed_is_that_of_the_last_seconds() -> None:
    slow, fast = [(0.1, 1)] * 60, [(0.1, 3)] * 60
    assert speeds(*slow)[-1] == 10.0
    assert speeds(*slow, *fast)[-1] == 30.0


def test_speed_is_not_told_too_early() -> None:
    assert speeds((0, 1), (0.1, 1), (0.1, 1)) == [None, None, None]


def test_speed_after_a_long_wait() -> None:
    assert speeds((0, 1), (60, 1)) == [None, None]


def test_speed_counts_all_samples() -> None:
    assert speeds((0, 8), *[(0.5, 8)] * 4)[-1] == 16.0


async def test_last_of_many_is_told() -> None:
    told: list[Shown] = []
    clock = Clock()
    status = Status(told.append, clock)
    status.begin("m")

    for share in range(100):
        status.loading(share / 100)
    status.reading()
    for _ in range(100):
        clock.now += 0.05
        status.writing(1)
    status.ready()
    await asyncio.sleep(0.6)

    assert [shown.state for shown in told] == [State.UNLOADED, State.IDLE]


async def test_sentences() -> None:
    clock = Clock()
    status = Status(lambda _: None, clock)
    status.begin("m")
    said = [status.now.message]

    status.loading(0.4)
    said.append(status.now.message)
    status.reading()
    said.append(status.now.message)
    for _ in range(20):
        clock.now += 0.25
        status.writing(1)
    said.append(status.now.message)
    status.failed("It broke.")
    said.append(status.now.message)

    assert said == [
        "The model is not in memory; the next action loads it.",
        "Loading the model: 40%.",
        "The model is reading the prompt.",
        "The model is writing 4 tokens a second.",
        "It broke.",
    ]
    assert status.now.tokens_per_second is None


async def test_pause_goes_before_everything_and_keeps_what_is_below() -> None:
    status = Status(lambda _: None)
    status.begin("m")
    status.ready()

    status.pause(True)
    status.failed("It broke.")
    assert status.now.state is State.PAUSED

    status.pause(False)
    assert status.now.message == "It broke."


async def test_nothing_is_told_after_the_end() -> None:
    told: list[Shown] = []
    status = Status(told.append)
    status.begin("m")

    status.close()
    status.ready()
    await asyncio.sleep(0.3)

    assert len(told) == 1


async def test_pace_sends_the_first_at_once_and_the_last_in_time() -> None:
    sent: list[int] = []
    now = 0

    pace = Pace(lambda: sent.append(now), 0.05)
    for number in range(10):
        now = number
        pace.due()
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.2)

    assert sent == [0, 9]


async def test_pace_is_silent_when_nothing_is_due() -> None:
    sent: list[int] = []
    pace = Pace(lambda: sent.append(1), 0.02)

    pace.due()
    await asyncio.sleep(0.1)
    pace.due()

    assert sent == [1, 1]
    pace.stop()

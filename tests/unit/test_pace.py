"""How decoding adapts its threads to a busy machine."""

from __future__ import annotations

from scopewise.engine.pace import ThreadPace


def decode(pace: ThreadPace, n_tokens: int, seconds: dict[int, float]) -> list[int]:
    """Threads used for each token when a token takes `seconds[n_threads]`."""
    used = []
    for _ in range(n_tokens):
        used.append(pace.n_threads)
        pace.observe(1, seconds[pace.n_threads])
    return used


def test_an_idle_machine_keeps_all_threads() -> None:
    assert set(decode(ThreadPace(2), 500, {2: 0.05})) == {2}


def test_one_slow_token_changes_nothing() -> None:
    pace = ThreadPace(2)
    decode(pace, 10, {2: 0.05})
    decode(pace, 1, {2: 1.0})
    assert set(decode(pace, 50, {2: 0.05})) == {2}


def test_a_busy_machine_gets_one_thread_after_three_slow_tokens() -> None:
    pace = ThreadPace(2)
    decode(pace, 10, {2: 0.05})
    used = decode(pace, 200, {2: 1.0, 1: 0.1})
    assert used[:3] == [2, 2, 2]
    assert used[3:27] == [1] * 24
    assert used.count(2) <= 15


def test_threads_come_back_when_the_machine_is_free_again() -> None:
    pace = ThreadPace(2)
    decode(pace, 10, {2: 0.05})
    decode(pace, 60, {2: 1.0, 1: 0.1})
    used = decode(pace, 200, {2: 0.05, 1: 0.1})
    assert used[-100:] == [2] * 100


def test_a_machine_busy_from_the_start_is_noticed_too() -> None:
    used = decode(ThreadPace(2), 100, {2: 0.9, 1: 0.1})
    assert used.count(1) > 80


def test_a_slow_machine_settles_on_what_is_faster() -> None:
    used = decode(ThreadPace(2), 400, {2: 0.4, 1: 0.7})
    assert used.count(1) < 40


def test_a_single_thread_has_nothing_to_give_up() -> None:
    assert set(decode(ThreadPace(1), 50, {1: 9.0})) == {1}

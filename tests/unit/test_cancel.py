import threading

import pytest

from scopewise.cancel import CancelToken
from scopewise.errors import Cancelled


def test_first_reason_stays():
    token = CancelToken()
    token.check()
    assert (token.is_cancelled, token.reason) == (False, "")
    token.cancel("The user did.")
    token.cancel("A deadline did.")
    assert (token.is_cancelled, token.reason) == (True, "The user did.")
    with pytest.raises(Cancelled, match="The user did"):
        token.check()


def test_listeners_are_called_once_and_late_ones_at_once():
    token, calls = CancelToken(), []
    token.on_cancel(lambda: calls.append("early"))
    token.cancel()
    token.cancel()
    token.on_cancel(lambda: calls.append("late"))()
    assert calls == ["early", "late"]


def test_unsubscribed_listener_is_not_called():
    token, calls = CancelToken(), []
    forget = token.on_cancel(lambda: calls.append("one"))
    token.on_cancel(lambda: calls.append("other"))
    forget()
    forget()
    token.cancel()
    assert calls == ["other"]


def test_listener_may_use_the_token():
    token, reasons = CancelToken(), []
    token.on_cancel(lambda: reasons.append(token.reason))
    token.on_cancel(lambda: token.on_cancel(lambda: reasons.append("inner")))
    token.cancel("Stop.")
    assert reasons == ["Stop.", "inner"]


def test_many_threads_cancel_once():
    token, calls = CancelToken(), []
    token.on_cancel(lambda: calls.append(token.reason))
    barrier = threading.Barrier(8)

    def cancel(i: int) -> None:
        barrier.wait()
        token.cancel(str(i))

    threads = [threading.Thread(target=cancel, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [token.reason]

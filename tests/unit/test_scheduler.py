import asyncio
import contextlib
import random

import pytest

from scopewise.cancel import CancelToken
from scopewise.engine.protocol import Delta, Request, complete
from scopewise.engine.scheduler import PREEMPTED, REPLACED, Priority, Scheduler
from scopewise.engine.scripted import ScriptedAnswer, ScriptedEngine
from scopewise.errors import Cancelled, EngineCrashed

INTERACTIVE, HOVER, BACKGROUND = Priority.INTERACTIVE, Priority.HOVER, Priority.BACKGROUND


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler(ScriptedEngine(["a b c"]))


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class Turns:
    """Tasks that take a turn each and hold it until they are told to end."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.began: list[str] = []
        self.cancels: dict[str, CancelToken] = {}
        self._ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def begin(self, name: str, priority: Priority = INTERACTIVE) -> None:
        self.cancels[name], self._ends[name] = CancelToken(), asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._hold(name, priority))
        await settle()

    async def _hold(self, name: str, priority: Priority) -> None:
        async with self.scheduler.turn(priority, self.cancels[name]):
            self.began.append(name)
            await self._ends[name].wait()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await settle()


async def test_turns_go_by_priority_then_by_arrival(scheduler):
    turns = Turns(scheduler)
    await turns.begin("first")
    for name, priority in [("b1", BACKGROUND), ("h", HOVER), ("i1", INTERACTIVE)]:
        await turns.begin(name, priority)
    await turns.begin("b2", BACKGROUND)
    await turns.begin("i2", INTERACTIVE)
    assert scheduler.n_waiting == 5
    for name in ("first", "i1", "i2", "h", "b1", "b2"):
        assert turns.began[-1] == name
        await turns.end(name)
    assert scheduler.n_waiting == 0


@pytest.mark.parametrize(
    ("holder", "newcomer", "is_preempted"),
    [
        (HOVER, INTERACTIVE, True),
        (BACKGROUND, INTERACTIVE, True),
        (INTERACTIVE, INTERACTIVE, False),
        (BACKGROUND, HOVER, False),
        (HOVER, BACKGROUND, False),
    ],
)
async def test_only_interactive_work_does_not_wait(scheduler, holder, newcomer, is_preempted):
    turns = Turns(scheduler)
    await turns.begin("holder", holder)
    await turns.begin("newcomer", newcomer)
    assert turns.cancels["holder"].reason == (PREEMPTED if is_preempted else "")
    assert turns.began == ["holder"]
    await turns.end("holder")
    assert turns.began == ["holder", "newcomer"]
    await turns.end("newcomer")


async def test_waiting_hover_is_not_preempted(scheduler):
    turns = Turns(scheduler)
    await turns.begin("holder")
    await turns.begin("hover", HOVER)
    await turns.begin("other")
    assert not turns.cancels["hover"].is_cancelled
    for name in ("holder", "other", "hover"):
        await turns.end(name)


async def test_cancel_while_waiting(scheduler):
    turns = Turns(scheduler)
    await turns.begin("holder")
    await turns.begin("waiting")
    await turns.begin("next")
    turns.cancels["waiting"].cancel("No longer wanted.")
    with pytest.raises(Cancelled, match="No longer wanted"):
        await turns.tasks["waiting"]
    assert scheduler.n_waiting == 1
    await turns.end("holder")
    assert turns.began == ["holder", "next"]
    await turns.end("next")


async def test_cancelled_before_it_asks(scheduler):
    cancel = CancelToken()
    cancel.cancel("Too late.")
    with pytest.raises(Cancelled, match="Too late"):
        await complete(scheduler_engine(scheduler, cancel), Request(raw="x"), cancel)
    assert (await answer(scheduler)).text == "a b c"


async def test_task_that_is_cancelled_leaves_the_queue(scheduler):
    turns = Turns(scheduler)
    await turns.begin("holder")
    await turns.begin("waiting")
    turns.tasks["waiting"].cancel()
    await settle()
    assert scheduler.n_waiting == 0
    turns.tasks["holder"].cancel()
    await settle()
    assert (await answer(scheduler)).text == "a b c"


async def test_turn_given_to_a_task_that_is_cancelled_meanwhile_is_passed_on(scheduler):
    turns = Turns(scheduler)
    await turns.begin("holder")
    await turns.begin("waiting")
    await turns.begin("next")
    turns._ends["holder"].set()
    await asyncio.sleep(0)
    turns.tasks["waiting"].cancel()
    await settle()
    assert turns.began[-1] == "next"
    await turns.end("next")


async def test_exception_in_a_turn_releases_it(scheduler):
    with pytest.raises(ZeroDivisionError):
        async with scheduler.turn(INTERACTIVE, CancelToken()):
            raise ZeroDivisionError
    assert (await answer(scheduler)).text == "a b c"


async def test_engine_that_fails_releases_its_turn():
    failing = ScriptedAnswer("", error="It broke.", is_kept=False)
    scheduler = Scheduler(ScriptedEngine([failing, "fine"]))
    with pytest.raises(EngineCrashed):
        await answer(scheduler)
    assert (await answer(scheduler)).text == "fine"


async def test_leaving_a_generation_early_releases_its_turn(scheduler):
    cancel = CancelToken()
    with scheduler.job("k", cancel) as engine:
        async with contextlib.aclosing(engine.generate(Request(raw="x"), cancel)) as events:
            async for event in events:
                if isinstance(event, Delta):
                    break
    assert (await answer(scheduler)).text == "a b c"


async def test_newer_job_replaces_the_older_for_the_same_key(scheduler):
    older, newer, other = CancelToken(), CancelToken(), CancelToken()
    with scheduler.job("a.py#f", older), scheduler.job("a.py#g", other):
        with scheduler.job("a.py#f", newer):
            assert [token.reason for token in (older, newer, other)] == [REPLACED, "", ""]
        with scheduler.job("a.py#f", CancelToken()):
            assert not newer.is_cancelled


async def test_replaced_job_does_not_forget_the_newer_one(scheduler):
    older, newer = CancelToken(), CancelToken()
    with contextlib.ExitStack() as stack:
        with scheduler.job("k", older):
            stack.enter_context(scheduler.job("k", newer))
        with scheduler.job("k", CancelToken()):
            assert newer.reason == REPLACED


async def test_jobs_share_one_engine(scheduler):
    with scheduler.job("k", CancelToken()) as engine:
        assert await engine.count_tokens(["a b"]) == [2]
        assert (await engine.describe()).model == "scripted"
        await engine.close()
    assert (await answer(scheduler)).text == "a b c"


def scheduler_engine(scheduler: Scheduler, cancel: CancelToken):
    with scheduler.job("key", cancel) as engine:
        return engine


async def answer(scheduler: Scheduler):
    cancel = CancelToken()
    request = Request(raw="x")
    return await asyncio.wait_for(complete(scheduler_engine(scheduler, cancel), request, cancel), 5)


@pytest.mark.parametrize("seed", range(60))
async def test_no_turn_is_lost_and_none_is_shared(seed):
    generator = random.Random(seed)
    scheduler = Scheduler(ScriptedEngine([]))
    inside: list[int] = []
    ended: list[str] = []

    async def work(number: int, cancel: CancelToken) -> None:
        for _ in range(generator.randrange(3)):
            await asyncio.sleep(0)
        try:
            async with scheduler.turn(generator.choice(list(Priority)), cancel):
                inside.append(number)
                assert len(inside) == 1
                try:
                    for _ in range(generator.randrange(4)):
                        await asyncio.sleep(0)
                        cancel.check()
                    if generator.random() < 0.2:
                        raise ZeroDivisionError
                finally:
                    inside.remove(number)
            ended.append("done")
        except Cancelled:
            ended.append("cancelled")
        except ZeroDivisionError:
            ended.append("failed")

    tokens = [CancelToken() for _ in range(30)]
    tasks = [asyncio.create_task(work(i, token)) for i, token in enumerate(tokens)]
    n_task_cancels = 0
    for _ in range(40):
        await asyncio.sleep(0)
        if generator.random() < 0.2:
            generator.choice(tokens).cancel()
        if generator.random() < 0.1:
            n_task_cancels += generator.choice(tasks).cancel()
    results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)
    n_cancelled = sum(isinstance(result, asyncio.CancelledError) for result in results)
    assert len(ended) + n_cancelled == 30
    assert n_cancelled <= n_task_cancels
    assert scheduler.n_waiting == 0
    async with asyncio.timeout(5):
        async with scheduler.turn(BACKGROUND, CancelToken()):
            pass

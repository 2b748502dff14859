import json

import pytest

from scopewise.cancel import CancelToken
from scopewise.engine.protocol import (
    Completion,
    Delta,
    Event,
    Message,
    Prefill,
    Request,
    StopReason,
    complete,
)
from scopewise.engine.scripted import ScriptedAnswer, ScriptedEngine
from scopewise.errors import Cancelled, EngineCrashed, InputError


def ask(text: str, **kwargs) -> Request:
    return Request(messages=(Message("user", text),), **kwargs)


async def answer_of(engine: ScriptedEngine, request: Request) -> Completion:
    return await complete(engine, request, CancelToken())


async def test_events_come_in_order():
    engine = ScriptedEngine(["one two\n"])
    events = [event async for event in engine.generate(ask("a b"), CancelToken())]
    assert events[0] == Prefill(2, 2)
    assert "".join(event.text for event in events if isinstance(event, Delta)) == "one two\n"
    assert isinstance(events[-1], Completion)
    assert (events[-1].text, events[-1].stop_reason) == ("one two\n", StopReason.END)


async def test_first_answer_that_fits_the_prompt():
    engine = ScriptedEngine([ScriptedAnswer("yes", when="b.*opening"), ScriptedAnswer("no")])
    assert (await answer_of(engine, ask("a\nb", opening="opening"))).text == "yes"
    assert (await answer_of(engine, ask("b"))).text == "no"
    assert (await answer_of(engine, Request(raw="b opening"))).text == "yes"
    assert [request.raw for request in engine.requests] == ["", "", "b opening"]


async def test_answer_used_up():
    engine = ScriptedEngine([ScriptedAnswer("once", is_kept=False), "then"])
    completion = await answer_of(engine, ask("x", n_samples=3))
    assert [sample.text for sample in completion.samples] == ["once", "then", "then"]


@pytest.mark.parametrize(
    ("request_", "text", "reason"),
    [
        (ask("x", stop=("c",)), "a b ", StopReason.STOP),
        (ask("x", stop_pattern=" b"), "a", StopReason.STOP),
        (ask("x", max_tokens=2), "a b", StopReason.LENGTH),
        (ask("x", max_tokens=4), "a b c d", StopReason.END),
    ],
)
async def test_ends_like_a_model(request_, text, reason):
    completion = await answer_of(ScriptedEngine(["a b c d"]), request_)
    assert (completion.text, completion.stop_reason) == (text, reason)


async def test_failing_answer():
    engine = ScriptedEngine([ScriptedAnswer("", error="It broke.", is_kept=False), "fine"])
    with pytest.raises(EngineCrashed, match="It broke"):
        await answer_of(engine, ask("x"))
    assert (await answer_of(engine, ask("x"))).text == "fine"


async def test_prompt_without_an_answer():
    with pytest.raises(EngineCrashed, match="no answer for this prompt"):
        await answer_of(ScriptedEngine([]), ask("x"))


async def test_cancel_between_words():
    cancel, seen = CancelToken(), []

    def on_event(event: Event) -> None:
        seen.append(event)
        if len(seen) == 3:
            cancel.cancel("Enough.")

    with pytest.raises(Cancelled, match="Enough"):
        await complete(ScriptedEngine(["a b c d"]), ask("x"), cancel, on_event)
    assert [event.text for event in seen[1:]] == ["a", " b"]


async def test_loop_is_tried_once_more_with_another_seed():
    loop = ScriptedAnswer("x", stop_reason=StopReason.LOOP, is_kept=False)
    engine = ScriptedEngine([loop, "fine"])
    assert (await answer_of(engine, ask("x"))).text == "fine"
    first, second = engine.requests
    assert first.sampling.temperature == 0
    assert second.sampling.temperature > 0
    assert second.sampling.seed != first.sampling.seed


async def test_tokens_of_a_loop_count_too():
    loop = ScriptedAnswer("x y z", stop_reason=StopReason.LOOP, is_kept=False)
    completion = await answer_of(ScriptedEngine([loop, "fine"]), ask("x"))
    assert (completion.n_lost_tokens, completion.n_answer_tokens) == (3, 4)


async def test_second_loop_is_given_back_as_one():
    engine = ScriptedEngine([ScriptedAnswer("x", stop_reason=StopReason.LOOP)])
    assert (await answer_of(engine, ask("x"))).stop_reason is StopReason.LOOP
    assert len(engine.requests) == 2


async def test_listener_that_fails_ends_the_generation():
    ended = []

    class Engine(ScriptedEngine):
        async def generate(self, request, cancel):
            try:
                async for event in super().generate(request, cancel):
                    yield event
            finally:
                ended.append(True)

    def fail(event: Event) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as error:
        await complete(Engine(["a"]), ask("x"), CancelToken(), fail)
    assert ended == [True]
    assert error.value is not None


async def test_script_from_a_file(tmp_path):
    path = tmp_path / "script.json"
    path.write_text(json.dumps([{"text": "é 😀", "when": "x"}, {"text": "b"}]))
    assert (await answer_of(ScriptedEngine.from_file(path), ask("x"))).text == "é 😀"


@pytest.mark.parametrize("content", ["", "{}", "[{}]", '[{"text": 1}]'])
def test_script_that_cannot_be_read(tmp_path, content):
    path = tmp_path / "script.json"
    path.write_text(content)
    with pytest.raises(InputError, match="cannot be read"):
        ScriptedEngine.from_file(path)
    with pytest.raises(InputError, match="cannot be read"):
        ScriptedEngine.from_file(tmp_path / "missing.json")


async def test_tokens_are_words_and_signs():
    engine = ScriptedEngine([])
    assert await engine.count_tokens(["", "a b", "f(x)"]) == [0, 2, 4]
    assert (await engine.describe()).model == "scripted"
    await engine.close()

import json
import threading
from pathlib import Path

import pytest

from scopewise.errors import InputError
from scopewise.trace import FileTracer, NoTracer


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_span_has_its_fields_and_time(tmp_path):
    path = tmp_path / "below" / "trace.jsonl"
    tracer = FileTracer(path)
    with tracer.span("decode", model="m") as record:
        record["n_tokens"] = 3
    (line,) = lines(path)
    assert (line["span"], line["model"], line["n_tokens"]) == ("decode", "m", 3)
    assert line["seconds"] >= 0
    assert line["start"] > 0


def test_span_that_fails_is_written(tmp_path):
    path = tmp_path / "trace.jsonl"
    with pytest.raises(KeyError), FileTracer(path).span("load"):
        raise KeyError
    assert [line["span"] for line in lines(path)] == ["load"]


@pytest.mark.parametrize(("with_prompts", "values"), [(False, []), (True, ["secret 😀 \ud83d\nx"])])
def test_prompts_need_the_second_switch(tmp_path, with_prompts, values):
    path = tmp_path / "trace.jsonl"
    FileTracer(path, with_prompts).text("prompt", "secret 😀 \ud83d\nx")
    assert [line["value"] for line in lines(path)] == values


def test_threads_write_whole_lines(tmp_path):
    path = tmp_path / "trace.jsonl"
    tracer = FileTracer(path)

    def work() -> None:
        for _ in range(50):
            with tracer.span("x", text="y" * 500):
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lines(path)) == 200


def test_closed_tracer_writes_nothing(tmp_path):
    path = tmp_path / "trace.jsonl"
    tracer = FileTracer(path)
    tracer.close()
    tracer.close()
    with tracer.span("late"):
        pass
    assert lines(path) == []


def test_file_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        FileTracer(tmp_path / "file" / "trace.jsonl")


def test_no_tracer_gives_a_record():
    with NoTracer().span("x", a=1) as record:
        assert record == {"a": 1}
    NoTracer().text("prompt", "x")

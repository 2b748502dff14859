from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from scopewise.scope.traces import cpython_trace
from scopewise.scope.traces.traceback import (
    ExceptionInfo,
    Trace,
    by_interest,
    is_near,
    parse_traces,
    root_cause,
    trace_at,
)
from scopewise.text import ByteRange

Disguise = Callable[[str], str]

PLAIN = """\
Traceback (most recent call last):
  File "/app/main.py", line 9, in <module>
    main()
  File "/app/shop.py", line 3, in price
    return int(text) + 1
           ~~~^^^^^^
ValueError: no number: 'x'
"""

CAUSE = """\
Traceback (most recent call last):
  File "a.py", line 2, in read
    return int(text)
ValueError: bad

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "a.py", line 9, in <module>
    main()
  File "a.py", line 4, in main
    raise ShopError("no price") from error
ShopError: no price
"""

CONTEXT = CAUSE.replace(
    "The above exception was the direct cause of the following exception",
    "During handling of the above exception, another exception occurred",
)

GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "a.py", line 20, in <module>
  |     raise ExceptionGroup("mid", errors)
  | ExceptionGroup: mid (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Exception Group Traceback (most recent call last):
    |   File "a.py", line 16, in nested
    |     raise ExceptionGroup("inner", errors)
    | ExceptionGroup: inner (2 sub-exceptions)
    +-+---------------- 1 ----------------
      | Traceback (most recent call last):
      |   File "a.py", line 3, in one
      |     raise ValueError("one\\ntwo")
      | ValueError: one
      | two
      +---------------- 2 ----------------
      | Traceback (most recent call last):
      |   File "a.py", line 9, in two
      |     one()
      | ValueError: first
      | 
      | The above exception was the direct cause of the following exception:
      | 
      | Traceback (most recent call last):
      |   File "a.py", line 10, in two
      |     raise KeyError("k") from error
      | KeyError: 'k'
      +------------------------------------
    +---------------- 2 ----------------
    | OSError: never raised
    +------------------------------------
"""  # noqa: W291

PYTEST_LONG = """\
=================================== FAILURES ===================================
__________________________________ test_total __________________________________

    def test_total():
>       assert total(["x"]) == 1
               ^^^^^^^^^^^^

tests/test_shop.py:4: 
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _
shop.py:9: in total
    return sum(price(row) for row in rows)
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

text = 'x'

    def price(text):
>       return int(text)
E       ValueError: no number
E       at all

shop.py:3: ValueError
=========================== short test summary info ============================
FAILED tests/test_shop.py::test_total - ValueError: no number
"""  # noqa: W291

PYTEST_SHORT = """\
__________________________________ test_total __________________________________
test_shop.py:7: in test_total
    assert total([]) == {"net": 1}
E   AssertionError: assert {'net': 0} == {'net': 1}
E     
E     Differing items:
E     {'net': 0} != {'net': 1}
=========================== short test summary info ============================
"""  # noqa: W291


def only(text: str | bytes) -> Trace:
    (trace,) = parse_traces(text)
    return trace


def places(trace: Trace) -> list[tuple[str, int, str]]:
    return [(frame.path, frame.line, frame.function) for frame in trace.frames]


def raised(trace: Trace | None) -> str:
    assert trace is not None
    assert trace.exception is not None
    return f"{trace.exception.type_name}: {trace.exception.text}"


def cut(text: str, trace: Trace) -> str:
    return text.encode()[trace.range.start : trace.range.end].decode()


def offset_range(text: str, wanted: str) -> ByteRange:
    start = text.encode().index(wanted.encode())
    return ByteRange(start, start)


def test_plain() -> None:
    trace = only(PLAIN)
    assert places(trace) == [("/app/main.py", 9, "<module>"), ("/app/shop.py", 3, "price")]
    assert [frame.code for frame in trace.frames] == ["main()", "return int(text) + 1"]
    assert trace.exception == ExceptionInfo("ValueError", "no number: 'x'")
    assert cut(PLAIN, trace) == PLAIN.rstrip("\n")


def test_carets_count_in_the_line_of_code() -> None:
    first, last = only(PLAIN).frames
    assert first.carets is None
    assert last.carets is not None
    assert last.code[slice(*last.carets)] == "int(text)"


def test_code_of_several_lines() -> None:
    text = PLAIN.replace(
        "    main()\n", "    call(\n    ~~~~^\n        1,\n    ...<3 lines>...\n    )\n    ^\n"
    )
    frame = only(text).frames[0]
    assert frame.code == "call(\n    1,\n...<3 lines>...\n)"
    assert frame.carets == (0, 5)


def test_frames_know_their_lines() -> None:
    frame = only(PLAIN).frames[1]
    lines = PLAIN.encode()[frame.range.start : frame.range.end].decode()
    assert lines.startswith('  File "/app/shop.py"')
    assert lines.endswith("^^^^^^")


def test_repeated_frame() -> None:
    text = PLAIN.replace("ValueError", "  [Previous line repeated 996 more times]\nRecursionError")
    trace = only(text)
    assert [frame.n_repeats for frame in trace.frames] == [0, 996]
    assert raised(trace) == "RecursionError: no number: 'x'"


@pytest.mark.parametrize(
    "text",
    [
        'Traceback (most recent call last):\n  File "main.py", line 1, in <module>\n'
        '    import b\n  File "b.py", line 3\n    return 1\n    ^^^^^^\n'
        "IndentationError: unexpected indent\n",
        '  File "b.py", line 3\n    return 1\n    ^\nIndentationError: unexpected indent\n',
        '  File "b.py", line 3\n    return 1\nIndentationError: unexpected indent\n',
    ],
    ids=["imported", "main", "no-caret"],
)
def test_syntax_error_has_a_place_without_a_function(text: str) -> None:
    trace = only(text)
    assert places(trace)[-1] == ("b.py", 3, "")
    assert trace.frames[-1].code == "return 1"
    assert raised(trace) == "IndentationError: unexpected indent"


@pytest.mark.parametrize(
    ("last_lines", "expected"),
    [
        ("NotImplementedError\n", ExceptionInfo("NotImplementedError")),
        ("KeyboardInterrupt\n", ExceptionInfo("KeyboardInterrupt")),
        ("shop.errors.CartError: {'a': 1}\n", ExceptionInfo("shop.errors.CartError", "{'a': 1}")),
        ("__main__.f.<locals>.E: x\n", ExceptionInfo("__main__.f.<locals>.E", "x")),
        ("socket.timeout\n", ExceptionInfo("socket.timeout")),
        (
            "AssertionError: lists differ:\n  left: [1]\n  right: [2]\n"
            'File "no.py", line 9, in no\n',
            ExceptionInfo(
                "AssertionError",
                "lists differ:\n  left: [1]\n  right: [2]",
                ('File "no.py", line 9, in no',),
            ),
        ),
        (
            "OSError: [Errno 2] 'a.toml'\nwhile loading\nhint: run make\n",
            ExceptionInfo("OSError", "[Errno 2] 'a.toml'", ("while loading", "hint: run make")),
        ),
        ("ValueError: a\n2026-11-21 01:52:30 WARNING going on\n", ExceptionInfo("ValueError", "a")),
        ("ValueError: a\nINFO  worker 3 restarted\n", ExceptionInfo("ValueError", "a")),
        ("ValueError: a\n\nworker 3 restarted\n", ExceptionInfo("ValueError", "a")),
        ("ValueError: a\n$ make test\n", ExceptionInfo("ValueError", "a")),
    ],
)
def test_exception(last_lines: str, expected: ExceptionInfo) -> None:
    text = PLAIN.replace("ValueError: no number: 'x'\n", last_lines)
    assert only(text).exception == expected


@pytest.mark.parametrize("prefix", ["", "web-1  | ", "    "])
def test_fatal_error_lists_the_innermost_call_first(prefix: str) -> None:
    text = """\
Fatal Python error: Segmentation fault

Current thread 0x00007f5f1ae6fb80 (most recent call first):
  File "/usr/lib/python3.13/ctypes/__init__.py", line 538 in string_at
  File "main.py", line 7 in poke
  File "main.py", line 10 in <module>
"""
    trace = only("".join(prefix + line for line in text.splitlines(True)))
    assert [frame.line for frame in trace.frames] == [10, 7, 538]
    assert raised(trace) == "Fatal Python error: Segmentation fault"


def test_several_traces_in_order() -> None:
    text = f"start\n{PLAIN}Exception in thread Thread-1:\n{PLAIN}{CAUSE}end\n"
    traces = parse_traces(text)
    assert [raised(trace).partition(":")[0] for trace in traces] == [
        "ValueError",
        "ValueError",
        "ShopError",
    ]
    assert [cut(text, trace).count("Traceback") for trace in traces] == [1, 1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing of the kind, line 3\n",
        'It fails in File "a.py", line 3, in f\n',
        "Traceback (most recent call last):\n",
        "    >>> f()\n    Traceback (most recent call last):\n        ...\n    ValueError: x\n",
        "E   x\nNAME   SIZE\n",
    ],
)
def test_not_a_trace(text: str) -> None:
    assert parse_traces(text) == []


def test_explicit_cause_is_the_root() -> None:
    trace = only(CAUSE)
    assert raised(trace) == "ShopError: no price"
    assert trace.relation == "cause"
    assert raised(trace.cause) == "ValueError: bad"
    assert root_cause(trace) is trace.cause
    assert cut(CAUSE, trace) == CAUSE.rstrip("\n")
    assert cut(CAUSE, root_cause(trace)) == CAUSE.partition("\n\n")[0]


def test_what_fails_during_handling_is_a_fault_of_its_own() -> None:
    trace = only(CONTEXT)
    assert trace.relation == "context"
    assert raised(trace.cause) == "ValueError: bad"
    assert root_cause(trace) is trace


def test_chain_of_several_levels() -> None:
    handling = "\nDuring handling of the above exception, another exception occurred:\n\n"
    trace = only(PLAIN.replace("ValueError", "KeyError") + handling + CAUSE)
    assert [raised(part).partition(":")[0] for part in by_interest(trace)] == [
        "ValueError",
        "ShopError",
        "KeyError",
    ]


def test_cause_whose_trace_is_cut_off() -> None:
    text = CAUSE[CAUSE.index("ValueError: bad") :]
    trace = only(text)
    assert trace.cause is None
    assert trace.relation == "cause"


def test_message_with_blank_lines_does_not_break_the_chain() -> None:
    trace = only(CAUSE.replace("ValueError: bad", "ValueError: bad\n\nvery bad\n\nreally"))
    assert raised(trace.cause).startswith("ValueError: bad")


def test_cause_from_another_process_is_quoted() -> None:
    text = f'RemoteTraceback: \n"""\n{CAUSE}'.replace("bad\n", 'bad\n"""\n')
    assert raised(only(text).cause) == "ValueError: bad"


def test_group() -> None:
    trace = only(GROUP)
    assert raised(trace) == "ExceptionGroup: mid (2 sub-exceptions)"
    inner, other = trace.members
    assert raised(inner) == "ExceptionGroup: inner (2 sub-exceptions)"
    assert raised(other) == "OSError: never raised"
    one, two = inner.members
    assert raised(one) == "ValueError: one\ntwo"
    assert raised(two) == "KeyError: 'k'"
    assert raised(two.cause) == "ValueError: first"
    assert cut(GROUP, trace) == GROUP.rstrip("\n")


def test_root_of_a_group_is_the_innermost_member() -> None:
    assert raised(root_cause(only(GROUP))) == "ValueError: one\ntwo"


def test_group_in_a_chain() -> None:
    during = "\nDuring handling of the above exception, another exception occurred:\n\n"
    trace = only(GROUP + during + GROUP + during + PLAIN)
    assert raised(trace) == "ValueError: no number: 'x'"
    assert trace.cause is not None
    assert [len(trace.members), len(trace.cause.members)] == [0, 2]
    assert trace.cause.cause is not None
    assert len(trace.cause.cause.members) == 2


def test_group_with_members_left_out() -> None:
    text = GROUP.replace("---------------- 2 ", "---------------- ... ").replace(
        "OSError: never raised", "and 5 more exceptions"
    )
    assert len(only(text).members) == 1


def _indented(text: str) -> str:
    return "".join(f"    {line}" if line.strip() else line for line in text.splitlines(True))


def _prefixed(text: str) -> str:
    lines = text.splitlines(True)
    return "".join(f"2025-03-04T11:22:{n:02d}.{n * 7}Z {line}" for n, line in enumerate(lines))


def _docker(text: str) -> str:
    lines = "".join(f"web-1  | {line}" for line in text.splitlines(True))
    return lines.replace("web-1  | Value", "web-2  | GET /health, line 1\nweb-1  | Value")


def _coloured(text: str) -> str:
    text = text.replace("/app/shop.py", "\x1b[35m/app/shop.py\x1b[0m")
    return text.replace(", line 3", ", line \x1b[35m3\x1b[0m").replace("Error", "\x1b[1;31mError")


def _in_syslog(text: str) -> str:
    return "Mar  4 11:22:33 host app[77]: " + text.replace("\n", "#012") + "\n"


DISGUISES: dict[str, Disguise] = {
    "as-it-is": lambda text: text,
    "surrounded": lambda text: f"😀 starting\n{text}\nINFO done\n",
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "indented": lambda text: f"It fails 😀:\n\n{_indented(text)}\nWhy?\n",
    "tabs": lambda text: text.replace("\n    ", "\n\t").replace("\n  File", "\n File"),
    "quoted": lambda text: "> ".join(["", *text.splitlines(True)]) + "\nWhy?\n",
    "timestamps": _prefixed,
    "docker": _docker,
    "journal": lambda text: "".join(
        f"Mar 04 11:22:33 host gunicorn[991]: {line}" for line in text.splitlines(True)
    ),
    "prefix-on-header-only": lambda text: f"ERROR:root: {text}",
    "coloured": _coloured,
    "json": lambda text: json.dumps({"level": "error", "exc_info": text, "ts": "now"}) + "\n",
    "repr": lambda text: repr(text) + "\n",
    "syslog": _in_syslog,
    "html": lambda text: "<pre>" + text.replace('"', "&quot;").replace("<", "&lt;") + "</pre>",
    "no-indentation": lambda text: "".join(line.lstrip() for line in text.splitlines(True)),
    "loose": lambda text: text.replace("\n  File", "\n\n  File").replace("\nValue", "\n\nValue"),
    "interrupted": lambda text: text.replace("    main()\n", "    main()\nGET /: 200\n"),
    "headless": lambda text: text.partition("\n")[2],
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
def test_disguised(disguise: Disguise) -> None:
    text = disguise(PLAIN)
    trace = only(text)
    assert places(trace) == [("/app/main.py", 9, "<module>"), ("/app/shop.py", 3, "price")]
    assert raised(trace) == "ValueError: no number: 'x'"
    assert [frame.code for frame in trace.frames] == ["main()", "return int(text) + 1"]
    assert "Why?" not in cut(text, trace)


@pytest.mark.parametrize("name", ["crlf", "indented", "quoted", "timestamps", "docker", "json"])
def test_disguised_chain_and_group(name: str) -> None:
    disguise = DISGUISES[name]
    assert raised(only(disguise(CAUSE)).cause) == "ValueError: bad"
    assert len(only(disguise(GROUP)).members[0].members) == 2


def test_group_without_indentation() -> None:
    text = "".join(line.lstrip() for line in GROUP.splitlines(True))
    inner, other = only(text).members
    assert [raised(inner.members[0]), raised(other)] == [
        "ValueError: one\ntwo",
        "OSError: never raised",
    ]


def test_emoji_of_json_is_one_character() -> None:
    text = json.dumps(PLAIN.replace("'x'", "😀"))
    assert raised(only(text)) == "ValueError: no number: 😀"


def test_windows_paths() -> None:
    text = PLAIN.replace("/app/", "C:\\new\\app\\")
    assert only(text).frames[1].path == "C:\\new\\app\\shop.py"
    assert only(json.dumps(text)).frames[1].path == "C:\\new\\app\\shop.py"


def test_cut_off_at_the_end() -> None:
    trace = only(PLAIN[: PLAIN.index("ValueError")])
    assert len(trace.frames) == 2
    assert trace.exception is None


def test_syntax_error_cut_off_at_the_end() -> None:
    assert places(only('  File "b.py", line 3\n    return 1\n    ^\n')) == [("b.py", 3, "")]


def test_log_message_in_front_of_an_escaped_trace() -> None:
    for text in (_in_syslog(f"it failed:\n{PLAIN}"), json.dumps(f"it failed:\n{PLAIN}")):
        assert raised(only(text)) == "ValueError: no number: 'x'"


def test_pytest_long() -> None:
    trace = only(PYTEST_LONG)
    assert places(trace) == [
        ("tests/test_shop.py", 4, "test_total"),
        ("shop.py", 9, "total"),
        ("shop.py", 3, "price"),
    ]
    assert [frame.code for frame in trace.frames] == [
        'assert total(["x"]) == 1',
        "return sum(price(row) for row in rows)",
        "return int(text)",
    ]
    assert raised(trace) == "ValueError: no number\nat all"
    assert cut(PYTEST_LONG, trace).startswith("______")
    assert cut(PYTEST_LONG, trace).endswith("shop.py:3: ValueError")


def test_pytest_short() -> None:
    trace = only(PYTEST_SHORT)
    assert places(trace) == [("test_shop.py", 7, "test_total")]
    assert trace.exception is not None
    assert trace.exception.type_name == "AssertionError"
    assert "{'net': 0} != {'net': 1}" in trace.exception.message


def test_pytest_assertion_without_a_type() -> None:
    text = ">       assert f(1) == 2\nE       assert 1 == 2\nE        +  where 1 = f(1)\n\n"
    trace = only(text + "test_a.py:12: AssertionError\n")
    assert places(trace) == [("test_a.py", 12, "")]
    assert raised(trace) == "AssertionError: assert 1 == 2\n +  where 1 = f(1)"


def test_pytest_line() -> None:
    text = (
        "=== FAILURES ===\nE   ValueError: a\n/x/a.py:3: ValueError: a\n"
        "E   KeyError\n/x/b.py:4: KeyError\n"
    )
    assert [raised(trace) for trace in parse_traces(text)] == ["ValueError: a", "KeyError: "]


def test_pytest_chain() -> None:
    handling = "The above exception was the direct cause of the following exception:"
    text = (
        "___ test ___\na.py:1: in f\n    int(x)\nE   ValueError: a\n\n"
        f"{handling}\ntest_a.py:2: in test\n    f()\nE   KeyError: 'b'\n"
    )
    trace = only(text)
    assert raised(trace) == "KeyError: 'b'"
    assert places(root_cause(trace)) == [("a.py", 1, "f")]


def test_pytest_collecting_a_syntax_error() -> None:
    text = (
        "___ ERROR collecting test_a.py ___\ntest_a.py:1: in <module>\n    import b\n"
        'E     File "/x/b.py", line 3\nE       def f(\nE            ^\n'
        "E   SyntaxError: '(' was never closed\n"
    )
    trace = only(text)
    assert places(trace)[-1] == ("/x/b.py", 3, "")
    assert raised(trace) == "SyntaxError: '(' was never closed"


def _coloured_report(text: str) -> str:
    text = text.replace("\nE  ", "\n\x1b[1m\x1b[31mE  ").replace("\n>  ", "\n\x1b[31m>\x1b[0m  ")
    text = text.replace("\nshop.py", "\n\x1b[1m\x1b[31mshop.py\x1b[0m")
    return text.replace("\n____", "\n\x1b[31m____").replace("____\n", "____\x1b[0m\n")


@pytest.mark.parametrize(
    "disguise", [_prefixed, _indented, _coloured_report], ids=["timestamps", "indented", "coloured"]
)
def test_pytest_in_a_log(disguise: Disguise) -> None:
    assert len(only(disguise(PYTEST_LONG)).frames) == 3


def test_trace_at_every_line_of_it() -> None:
    text = f"😀\n\n{CAUSE}\n\nafter\n"
    trace = only(text)
    source = text.encode()
    for offset in range(len(source)):
        line = source[source.rfind(b"\n", 0, offset) + 1 : source.find(b"\n", offset) + 1]
        is_inside = trace.range.start <= offset <= trace.range.end
        assert (trace_at(text, ByteRange(offset, offset)) == trace) is is_inside, line


def test_trace_at_a_member_gives_the_group() -> None:
    text = PLAIN + GROUP
    assert trace_at(text, offset_range(text, "OSError: never")) == parse_traces(text)[1]


def test_trace_at_a_selection_that_begins_above() -> None:
    text = f"above\n{PLAIN}{CAUSE}"
    assert trace_at(text, ByteRange(0, len(text))) == parse_traces(text)[0]


def test_trace_at_a_report_of_pytest() -> None:
    text = PYTEST_SHORT + PYTEST_LONG
    assert trace_at(text, offset_range(text, "text = 'x'")) == parse_traces(text)[1]


@pytest.mark.parametrize("where", [-5, 10**9])
def test_trace_at_places_outside_of_the_text(where: int) -> None:
    trace_at(PLAIN, ByteRange(where, where))


def test_nothing_is_near_in_ordinary_text() -> None:
    assert not is_near("x = 1\n" * 9, ByteRange(3, 3))
    assert is_near(PLAIN, ByteRange(0, 0))


def test_a_long_log_is_not_read_for_the_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    trace_from = cpython_trace._trace_at

    def counted(source: bytes, start: int) -> Trace | None:
        read.append(start)
        return trace_from(source, start)

    monkeypatch.setattr(cpython_trace, "_trace_at", counted)
    noise = b"2025-03-04 11:22:33 INFO [app.worker:7] handled request in 8 ms\n" * 2_000
    source = (noise + CAUSE.encode() + GROUP.encode()) * 20
    middle = source.index(b"OSError", len(source) // 2)
    assert trace_at(source, ByteRange(middle, middle)) is not None
    assert trace_at(source, ByteRange(9_000, 9_000)) is None
    assert len(read) == 1


def check_ranges(trace: Trace, within: ByteRange) -> None:
    assert within.contains(trace.range)
    assert all(trace.range.contains(frame.range) for frame in trace.frames)
    for part in (*trace.members, *([trace.cause] if trace.cause else [])):
        check_ranges(part, trace.range)


SAMPLES = [PLAIN, CAUSE, CONTEXT, GROUP, PYTEST_LONG, PYTEST_SHORT, json.dumps(GROUP)]
DAMAGE = ["\\", '"', "\n", "| ", "+-+---- 1 ----\n", "\x1b[", "\r", "\0", "😀", "\ud83d", "9" * 20]


def damaged(rng: random.Random) -> str:
    text = "".join(rng.choice(SAMPLES)[rng.randrange(400) :] for _ in range(rng.randrange(4)))
    text = text[: rng.randrange(len(text) + 1)]
    if rng.random() < 0.3:
        lines = text.splitlines(True)
        rng.shuffle(lines)
        text = "".join(lines)
    for _ in range(rng.randrange(8)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(DAMAGE) + text[at:]
    return rng.choice(list(DISGUISES.values()))(text)


@pytest.mark.parametrize("seed", range(300))
def test_damaged_text_gives_what_is_left(seed: int) -> None:
    text = damaged(random.Random(seed))
    whole = ByteRange(0, len(text.encode(errors="replace")))
    for trace in parse_traces(text):
        check_ranges(trace, whole)
        assert root_cause(trace) in list(by_interest(trace))
        assert trace_at(text, trace.range) is not None
    for offset in range(0, whole.end, 97):
        trace_at(text, ByteRange(offset, offset))


@pytest.mark.parametrize("separator", ["+-+---------------- 1 ----------------", "  | "])
def test_depth_is_bounded(separator: str) -> None:
    lines = [f"  | {line}\n" for line in PLAIN.splitlines()] + [f"  {separator}\n"]
    parse_traces("  + Exception Group Traceback (most recent call last):\n" + "".join(lines) * 3000)


def test_long_chain() -> None:
    part = CONTEXT[: CONTEXT.rindex("Traceback")]
    trace = only(part * 3000 + PLAIN)
    assert len(list(by_interest(trace))) == 3001

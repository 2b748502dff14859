"""Tasks are worked through once, from what the product may see, and judged afterwards."""

import asyncio

import pytest

from scopewise.bench.hidden import HiddenTest
from scopewise.bench.measure import Bench, measure, unsound_cases
from scopewise.bench.modes import Mode, settings_of
from scopewise.bench.round_trip import Arm
from scopewise.bench.rows import Case
from scopewise.bench.runs import Group, RunLog
from scopewise.bench.tasks import BenchTask
from scopewise.engine.scripted import ScriptedAnswer, ScriptedEngine, prompt_text
from scopewise.settings import Settings

STUB = 'def add(a, b):\n    """The sum.\n\n    >>> add(1, 1)\n    2\n    """\n'
SECRET = "assert add(20, 22) == 42  # nobody may see this"
FILL = Case(
    BenchTask("one", "fill_body", "solution.py", STUB, "add"),
    HiddenTest(SECRET, STUB + "    return a + b\n"),
)
FIX = Case(
    BenchTask(
        "two",
        "fix_traceback",
        "solution.py",
        "def add(a, b):\n    return a + c\n",
        "add",
        'Traceback (most recent call last):\n  File "/project/solution.py", line 2, in add\n'
        "    return a + c\nNameError: name 'c' is not defined\n",
    ),
    HiddenTest(SECRET, "def add(a, b):\n    return a + b\n"),
)
EXPLAIN = Case(
    BenchTask("three", "explain", "solution.py", "def f(a, b):\n    return a + b\n", "f"),
    HiddenTest(f"add = f\n{SECRET}", "def f(a, b):\n    return a + b\n"),
)
RIGHT, WRONG = "    return a + b\n", "    return a - b\n"


def judge(hidden, text):
    return "passed" if RIGHT.strip() in text else "failed"


class Measured:
    """A folder of results, measured into as often as wanted."""

    def __init__(self, folder):
        self.folder = folder
        self.engine = ScriptedEngine([])

    def __call__(self, action, mode, case, answers, n_repeats=1):
        self.engine = ScriptedEngine(answers)
        log = RunLog(self.folder, Group(action, "set", mode, "some/model"))
        bench = Bench(Settings(), self.engine, judge, self.folder)
        asyncio.run(measure(bench, log, [case], n_repeats))
        return log.runs

    @property
    def prompts(self):
        return [prompt_text(request) for request in self.engine.requests]


@pytest.fixture
def measured(tmp_path):
    return Measured(tmp_path)


def test_a_solved_task(measured):
    (run,) = measured("fill", Mode.VANILLA, FILL, [RIGHT])
    assert run.is_solved
    assert run.attempt.verdict == "unverified"
    assert run.attempt.text == FILL.hidden.reference
    assert run.attempt.usage.n_samples == 1
    assert run.n_examples == 1
    assert not run.fault
    assert not run.is_replayed


def test_a_wrong_answer_keeps_its_label(measured):
    (run,) = measured("fill", Mode.VANILLA, FILL, [WRONG])
    assert (run.hidden, run.attempt.verdict) == ("failed", "unverified")


def test_a_declined_answer_is_not_tested(measured):
    (run,) = measured("fill", Mode.VANILLA, FILL, ["    return a + nothing_known\n"])
    assert (run.hidden, run.attempt.verdict, run.attempt.text) == (None, "declined", "")
    assert "nothing_known" in run.attempt.rejected
    assert run.attempt.findings


def test_a_fix(measured):
    (run,) = measured("fix", Mode.VANILLA, FIX, [RIGHT])
    assert run.is_solved
    assert run.attempt.text == FIX.hidden.reference


def test_what_is_done_is_not_done_again(measured):
    measured("fill", Mode.VANILLA, FILL, [RIGHT])
    runs = measured("fill", Mode.VANILLA, FILL, [])
    assert len(runs) == 1
    assert measured.prompts == []


def test_other_modes_find_the_answers_recorded(measured):
    measured("fill", Mode.VANILLA, FILL, [RIGHT])
    (run,) = measured("fill", "examples", FILL, [])
    assert measured.prompts == []
    assert run.is_replayed
    assert run.is_solved


def test_a_line_cut_short_is_done_again(measured, tmp_path):
    measured("fill", Mode.VANILLA, FILL, [RIGHT])
    (file,) = tmp_path.glob("fill-*.jsonl")
    file.write_bytes(file.read_bytes()[:-20] + b"\n")
    assert len(measured("fill", Mode.VANILLA, FILL, [])) == 1


def test_repeats_have_seeds_of_their_own(measured):
    assert len(measured("fill", Mode.VANILLA, FILL, [RIGHT], n_repeats=3)) == 3
    seeds = [settings_of(Mode.CHECKED, repeat, Settings()).engine.seed for repeat in range(3)]
    assert seeds == [0, 1000, 2000]


def test_modes():
    verify = {mode: settings_of(mode, 0, Settings()).verify for mode in Mode}
    assert verify[Mode.CHECKED] == Settings().verify
    vanilla = verify[Mode.VANILLA]
    assert (vanilla.execute, vanilla.samples, vanilla.repairs) == ("never", 0, 0)
    assert (verify[Mode.EXAMPLES].samples, verify[Mode.EXAMPLES].repairs) == (0, 0)
    assert (verify[Mode.AGREEMENT].examples, verify[Mode.AGREEMENT].repairs) == (False, 0)
    assert (verify[Mode.REPAIR].samples, verify[Mode.REPAIR].repairs) == (0, 2)


def test_a_task_the_product_cannot_do_is_a_result(measured):
    undocumented = Case(BenchTask("x", "fill_body", "a.py", "x = 1\n", "add"), FILL.hidden)
    (run,) = measured("fill", Mode.VANILLA, undocumented, [RIGHT])
    assert (run.attempt.verdict, run.hidden) == ("error", None)
    assert "no function `add`" in run.attempt.sentence


@pytest.mark.parametrize("mode", [Mode.VANILLA, Mode.CHECKED])
@pytest.mark.parametrize("case", [FILL, FIX])
def test_hidden_tests_stay_hidden(measured, case, mode):
    measured("fill", mode, case, [WRONG])
    assert measured.prompts
    for prompt in measured.prompts:
        assert "20, 22" not in prompt
        assert "nobody may see" not in prompt
        assert RIGHT.strip() not in prompt


def test_round_trip_of_the_action(measured):
    explains = ScriptedAnswer("It adds `a` and `c`.\n\n```python\nreturn a + b\n```\n", "Explain")
    (run,) = measured(
        "explain", Arm.ACTION, EXPLAIN, [explains, ScriptedAnswer(RIGHT, "explanation")]
    )
    assert run.is_solved
    assert run.attempt.text == "def f(a, b):\n    return a + b\n\n"
    assert run.attempt.unknown_names == ("c",)
    explained, rebuilt = measured.prompts
    assert "It adds `a` and `c`." in rebuilt
    # The code is not among what the function is rebuilt from.
    assert "return a + b" not in rebuilt
    assert not any("nobody may see" in prompt for prompt in (explained, rebuilt))


def test_round_trip_of_the_bare_prompt(measured):
    (run,) = measured(
        "explain",
        Arm.BARE,
        EXPLAIN,
        [ScriptedAnswer("It adds.", "Explain this code"), ScriptedAnswer(WRONG, "It adds")],
    )
    assert (run.hidden, run.attempt.explanation) == ("failed", "It adds.")
    assert measured.engine.requests[0].messages[0].role == "user"
    assert run.attempt.usage.n_samples == 1


def test_unsound_cases():
    broken = Case(FILL.task, HiddenTest(SECRET, STUB))
    reason = "the reference does not pass (failed)"
    assert list(unsound_cases(judge, [FILL, broken])) == [("one", reason)]

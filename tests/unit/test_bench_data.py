"""The real task sets: all of their rows are read, and their hidden tests stay hidden."""

import asyncio
import os
import re
from pathlib import Path

import pytest

from scopewise.bench.measure import Bench, measure
from scopewise.bench.modes import Mode
from scopewise.bench.round_trip import Arm
from scopewise.bench.rows import Action, TaskSet, read_cases
from scopewise.bench.runs import Group, RunLog
from scopewise.bench.tasks import definition_of
from scopewise.engine.scripted import ScriptedEngine, prompt_text
from scopewise.settings import Settings

pytestmark = pytest.mark.data

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("SCOPEWISE_DATA", REPOSITORY.parent / "shared" / "data"))
SETS = [
    (Action.FILL, TaskSet.HUMANEVAL, 164),
    (Action.FILL, TaskSet.HUMANEVALPACK, 80),
    (Action.FILL, TaskSet.CLASSEVAL, 196),
    (Action.FIX, TaskSet.HUMANEVALPACK, 79),
    (Action.FIX, TaskSet.QUIXBUGS, 16),
    (Action.EXPLAIN, TaskSet.HUMANEVALPACK, 80),
]
N_PROMPTED = 12
"""Tasks of each set whose prompts are looked at."""


def cases(action, task_set):
    if not (DATA / f"{task_set.value}.jsonl.gz").is_file():
        pytest.skip(f"there is no evaluation data at {DATA}")
    return read_cases(DATA, action, task_set)


@pytest.mark.parametrize(("action", "task_set", "n_cases"), SETS)
def test_all_rows_are_read(action, task_set, n_cases):
    read = cases(action, task_set)
    assert len(read) == n_cases
    assert all(definition_of(case.task) for case in read)
    assert len({case.task.id for case in read}) == n_cases


@pytest.mark.parametrize("task_set", [TaskSet.HUMANEVALPACK, TaskSet.QUIXBUGS])
def test_frames_point_at_the_lines_they_print(task_set):
    for case in cases(Action.FIX, task_set):
        lines = case.task.text.splitlines()
        frame = rf'  File "/project/{case.task.file}", line (\d+).*\n(.*)'
        for number, printed in re.findall(frame, case.task.trace):
            assert lines[int(number) - 1].strip() == printed.strip()


@pytest.mark.parametrize(("action", "task_set", "n_cases"), SETS)
def test_no_prompt_has_a_line_of_a_hidden_test(action, task_set, n_cases, tmp_path):
    n_prompts = 0
    for case in cases(action, task_set)[:N_PROMPTED]:
        visible = case.task.text + case.task.trace
        lines = {line.strip() for line in case.hidden.tests.splitlines()}
        hidden = [line for line in lines if len(line) > 12 and line not in visible]
        assert hidden
        for prompt in prompts(action, task_set, case, tmp_path):
            assert not [line for line in hidden if line in prompt]
            n_prompts += 1
    assert n_prompts >= N_PROMPTED / 2


def prompts(action, task_set, case, folder):
    engine = ScriptedEngine(["    return None\n"])
    mode = Arm.ACTION if action is Action.EXPLAIN else Mode.VANILLA
    log = RunLog(folder, Group(action, task_set, mode, "scripted"))
    asyncio.run(measure(Bench(Settings(), engine, lambda *_: "failed", folder), log, [case], 1))
    return [prompt_text(request) for request in engine.requests]

"""Trials through the runner, in the real sandbox."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from scopewise.cancel import CancelToken
from scopewise.sandbox import find_sandbox
from scopewise.sandbox.bubblewrap import Bubblewrap
from scopewise.settings import VerifySettings
from scopewise.verify.behaviour import Call, Example, Trial, TrialReport
from scopewise.verify.runner import Runner

SOURCE = "from helpers import twice\n\n\ndef f(n):\n    return twice(n)\n"


@pytest.fixture(autouse=True)
def _needs_sandbox() -> None:
    availability = find_sandbox()
    if availability.sandbox is None:
        pytest.skip(f"no sandbox: {availability.reason}")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "helpers.py").write_text("def twice(n):\n    return 2 * n\n")
    return tmp_path


def run(project: Path, source: str, **parts: object) -> TrialReport:
    runner = Runner(VerifySettings(), (project,))
    trial = Trial(
        source,
        str(project / "main.py"),
        "main",
        "f",
        (str(project),),
        examples=(Example("f(2)", "4", "value"), Example("f(2)", "5", "value")),
        calls=(Call("f", ("3",)),),
        **parts,  # type: ignore[arg-type]
    )
    try:
        return asyncio.run(runner.run(trial, CancelToken()))
    finally:
        runner.close()


@pytest.mark.parametrize("can_stay", [True, False])
def test_examples_and_calls_with_the_projects_own_modules(
    project: Path, can_stay: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bubblewrap, "can_stay", can_stay)
    report = run(project, SOURCE)
    assert report.problem == ""
    assert [result.status for result in report.examples] == ["passed", "failed"]
    assert report.behaviours[0].value == {"t": "int", "v": "6"}
    assert report.seconds > 0


def test_an_answer_that_ends_the_process_is_told(project: Path) -> None:
    report = run(project, "import os\n\n\ndef f(n):\n    os._exit(0)\n")
    assert report.problem_kind == "killed"


def test_an_answer_that_writes_leaves_nothing(project: Path) -> None:
    source = f"def f(n):\n    open({str(project / 'left')!r}, 'w').write('x')\n    return 2 * n\n"
    report = run(project, source)
    assert report.examples[0].status == "error"
    assert not (project / "left").exists()


def test_nothing_is_run_against_the_settings(project: Path) -> None:
    assert "verify.execute" in Runner(VerifySettings(execute="never"), (project,)).obstacle
    assert "not trusted" in Runner(VerifySettings(trusted=False), (project,)).obstacle

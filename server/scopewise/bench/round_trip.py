"""How good an explanation is: the same model rebuilds the function from it, and tests decide.

The function is explained under a name that says nothing and without its docstring.
Code blocks are taken out of the explanation first, so that none of it can be copied back.
"""

from __future__ import annotations

import enum
from functools import partial
from pathlib import Path

import msgspec

from scopewise.actions.outcome import Usage
from scopewise.actions.session import Session
from scopewise.bench.attempt import attempt_of, outcome_of, workspace_of
from scopewise.bench.runs import Attempt
from scopewise.bench.tasks import BenchTask, definition_of
from scopewise.cancel import CancelToken
from scopewise.engine.protocol import Message, Request, Sampling, complete
from scopewise.errors import InputError
from scopewise.prompt.opening import end_of_block
from scopewise.prompt.rebuild import prose, rebuild_task
from scopewise.text import ByteRange
from scopewise.verify.explanation import unknown_names
from scopewise.verify.label import Verdict

_BARE = "Explain this code.\n\n```python\n{code}\n```"
_MAX_REBUILT_TOKENS = 700
_INDENT = "    "


class Arm(enum.StrEnum):
    """Who explains."""

    ACTION = "action"
    """The explain action."""
    BARE = "bare"
    """The model, asked in four words."""


async def round_trip(
    arm: Arm, repeat_seed: int, session: Session, task: BenchTask, folder: Path
) -> Attempt:
    """The explanation of an arm, and in `text` the file rebuilt from it; raises ScopewiseError.

    What rebuilding costs is not in the usage: it is the measurement's, not the product's.
    """
    explain = partial(_by_action, folder=folder) if arm is Arm.ACTION else _by_bare_prompt
    explained = await explain(session, task)
    unknown = tuple(unknown_names(explained.explanation, f"{task.text}\n{task.function}"))
    rebuilt = await _rebuilt(session, task, explained.explanation, repeat_seed)
    return msgspec.structs.replace(explained, text=rebuilt, unknown_names=unknown)


async def _by_action(session: Session, task: BenchTask, folder: Path) -> Attempt:
    outcome = await outcome_of(session, task, workspace_of(task, folder))
    return msgspec.structs.replace(attempt_of(outcome, ""), explanation=outcome.markdown)


async def _by_bare_prompt(session: Session, task: BenchTask) -> Attempt:
    request = Request(
        messages=(Message("user", _BARE.format(code=task.text.strip())),),
        max_tokens=session.settings.actions.max_explanation_tokens,
        guard="prose",
    )
    completion = await complete(session.engine, request, CancelToken())
    return Attempt(
        verdict=Verdict.UNVERIFIED.value,
        sentence="unverified: a bare prompt's answer is not checked",
        usage=Usage().plus(completion),
        explanation=completion.text.strip(),
    )


async def _rebuilt(session: Session, task: BenchTask, explanation: str, seed: int) -> str:
    """The file with the function written anew; empty when there is no explanation."""
    if not prose(explanation):
        return ""
    above = _above_body(task)
    request = Request(
        messages=(Message("user", rebuild_task("Python", task.function, explanation)),),
        opening=f"```python\n{above}\n",
        max_tokens=_MAX_REBUILT_TOKENS,
        stop_pattern=end_of_block(_INDENT),
        sampling=Sampling(temperature=0.8, seed=seed) if seed else Sampling(),
        code_language="python",
    )
    completion = await complete(session.engine, request, CancelToken())
    return f"{above}\n{completion.text}\n"


def _above_body(task: BenchTask) -> str:
    """The imports and helpers of the file, and the function's signature."""
    found = definition_of(task)
    if found is None:
        raise InputError(f"There is no function `{task.function}` in the task's file.")
    parsed, definition = found
    return parsed.text(ByteRange(0, definition.body.start)).strip()

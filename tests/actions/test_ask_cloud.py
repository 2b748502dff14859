"""Asking Claude as an action: when it is offered, what it asks first, and what it does then."""

import asyncio
import dataclasses
import json
from pathlib import Path

import pytest

from scopewise.actions.ask_cloud import accept, offer, producer_id
from scopewise.actions.change import apply_change
from scopewise.actions.outcome import Outcome
from scopewise.actions.producers import PRODUCERS, cloud_row, producers_for
from scopewise.actions.session import Session, Task
from scopewise.actions.workspace import DiskWorkspace
from scopewise.cancel import CancelToken
from scopewise.cloud.access import Choice
from scopewise.cloud.keys import Key, Keys
from scopewise.cloud.ledger import Ledger
from scopewise.engine.scripted import ScriptedAnswer, ScriptedEngine
from scopewise.errors import Cancelled, InputError, ScopewiseError
from scopewise.scope import escalation
from scopewise.scope.escalation import Advice, Decision, Reason
from scopewise.settings import (
    ActionSettings,
    CloudSettings,
    ScopeSettings,
    Settings,
    VerifySettings,
)
from scopewise.verify.label import Verdict

from .helper import place_in

KEY = "sk-ant-" + "not-a-key-" * 4
FILL, FIX, EXPLAIN = escalation.Task.FILL, escalation.Task.FIX, escalation.Task.EXPLAIN
STUB = 'def area(width, height):\n    """The area.$0"""\n'
WHOLE = '```python\ndef area(width, height):\n    """The area."""\n    return width * height\n```'
GO = "package p\n\n// Double gives twice a number.$0\nfunc Double(x int) int {\n}\n"
JAVASCRIPT = "/** Twice a number.$0 */\nfunction double(x) {\n}\n"
REASON = Reason("needs the project", "uses `load`, from other files of the project")


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("SCOPEWISE_HOME", str(tmp_path / "home"))


def decided(place, task=FILL, advice=Advice.OFFER_CLOUD):
    return dataclasses.replace(place, decisions={task: Decision(advice, (REASON,))})


# Offers


def test_offered_where_the_decision_is_for_the_cloud():
    found = offer(FILL, decided(place_in(STUB)))
    assert found is not None
    assert found.title == f"Ask Claude: fill body ({REASON.sentence})"
    # A job of its own beside the local one.
    assert found.target == "cloud function area"


@pytest.mark.parametrize("advice", [Advice.LOCAL, Advice.LOCAL_WITH_CARE])
def test_not_offered_where_the_local_model_will_do(advice):
    place = decided(place_in(STUB), advice=advice)
    assert offer(FILL, place) is None
    # Somebody who wants it all the same gets it, without a reason that is none.
    found = accept(FILL, place)
    assert found is not None
    assert found.title == "Ask Claude: fill body"


def test_not_offered_before_anything_is_known():
    assert offer(FILL, place_in(STUB)) is None
    assert offer(FILL, decided(place_in(STUB), EXPLAIN)) is None


@pytest.mark.parametrize(
    ("task", "text"),
    [
        (FILL, "x = 1$0\n"),
        (FILL, "def area(width):\n    return 1$0\n"),
        (FIX, STUB),
        (EXPLAIN, "$0"),
    ],
)
def test_no_cloud_for_what_is_no_task(task, text):
    place = decided(place_in(text), task)
    assert offer(task, place) is None
    assert accept(task, place) is None


def test_the_rows():
    cloud = [row.id for row in PRODUCERS if row.asks_first]
    assert cloud == [producer_id(task) for task in (FILL, FIX, EXPLAIN)]
    never = Settings(cloud=CloudSettings(mode="never"))
    assert [row.id for row in producers_for(never)] == ["fill_body", "fix_traceback", "explain"]
    assert cloud_row("fill_body", never) is None
    assert cloud_row("fill_body", Settings()).id == "ask_cloud.fill"
    # What Claude did is not handed to Claude again.
    assert cloud_row("ask_cloud.fill", Settings()) is None


# The work


class User:
    """Remembers what was shown, and gives the same answer to all of it."""

    def __init__(self, choice=Choice.ONCE):
        self.choice = choice
        self.seen = []

    async def __call__(self, proposal):
        self.seen.append(proposal)
        return self.choice


@dataclasses.dataclass
class Asked:
    """What came of a question, and who was asked it."""

    outcome: Outcome
    claude: ScriptedEngine
    user: User


def ask(place, answer=WHOLE, user=None, root=None, task=FILL, actions=None, **cloud):
    """Have Claude do a task, whose part is played by a script; what is sent is not looked at."""
    settings = Settings(
        scope=ScopeSettings(index=False),
        verify=VerifySettings(execute="never"),
        actions=actions or ActionSettings(),
        cloud=CloudSettings(**cloud),
    )
    claude, user = ScriptedEngine([answer]), user or User()
    # There is no local model, and none is needed.
    session = Session(settings, keys=Keys(environment=Key(KEY)))
    session.cloud.engine = lambda proposal, settings: claude
    workspace = DiskWorkspace((root,) if root else ())

    async def work():
        try:
            given = Task(producer_id(task), place)
            return await session.run(given, workspace, CancelToken(), may_send=user)
        except ScopewiseError:
            assert not claude.requests or not isinstance(answer, str)
            raise
        finally:
            await session.close()

    return Asked(asyncio.run(work()), claude, user)


def stub_in(folder, text=STUB):
    """The stub in a file, for what is sent must be in the workspace."""
    path = folder / "main.py"
    path.write_text(text.replace("$0", ""))
    return place_in(text, path.as_uri())


def test_fill(tmp_path):
    place = stub_in(tmp_path)
    asked = ask(place, root=tmp_path)
    outcome = asked.outcome
    assert (outcome.producer, outcome.title) == ("ask_cloud.fill", "Fill body of `area` (Claude)")
    assert apply_change(outcome.change, place.parsed).endswith("\n    return width * height\n")
    # One request, the one that was shown.
    (proposal,), (request,) = asked.user.seen, asked.claude.requests
    assert request.messages == proposal.request.messages
    assert request.n_samples == 1
    assert proposal.workspace == str(tmp_path)


LANGUAGES = {
    "go": (GO, "func Double(x int) int {\n\treturn 2 * x\n}", "{\n\treturn 2 * x\n}"),
    "javascript": (
        JAVASCRIPT,
        "function double(x) {\n  return 2 * x;\n}",
        "{\n  return 2 * x;\n}",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_languages(tmp_path, language):
    text, code, after = LANGUAGES[language]
    path = tmp_path / f"main.{'go' if language == 'go' else 'js'}"
    path.write_text(text.replace("$0", ""))
    place = place_in(text, path.as_uri(), language)
    outcome = ask(place, f"Here:\n```{language}\n{code}\n```", root=tmp_path).outcome
    assert outcome.change is not None, outcome.label
    assert after in apply_change(outcome.change, place.parsed)


def test_an_import_of_several_lines_comes_along(tmp_path):
    code = WHOLE.replace("width * height", "sep + path.join(width, height)")
    code = code.replace("def", "from os import (\n    path,\n    sep,\n)\n\n\ndef", 1)
    place = stub_in(tmp_path)
    outcome = ask(place, code, root=tmp_path).outcome
    assert outcome.change is not None, outcome.label
    assert apply_change(outcome.change, place.parsed).startswith("from os import (\n    path,\n")


@pytest.mark.parametrize(
    "text",
    [
        WHOLE.replace("area(", "volume("),
        "```python\nreturn width * height\n```",
        "```python\n    return width * height\n```",
        "```python\nclass area:\n    pass\n```",
        "def helper():\n    return 1\n",
    ],
)
def test_an_answer_without_the_function_is_declined(tmp_path, text):
    """It was asked for whole; anything else would be taken for its body."""
    outcome = ask(stub_in(tmp_path), text, root=tmp_path).outcome
    assert outcome.label.verdict is Verdict.DECLINED
    assert "does not hold the function `area`" in outcome.label.sentence
    assert outcome.change is None
    assert "width" in outcome.rejected or "def" in outcome.rejected or "class" in outcome.rejected


def test_nothing_is_mended_for_money(tmp_path):
    """A repair would send bytes that nobody was shown."""
    wrong = WHOLE.replace("return width", "return widht")
    asked = ask(stub_in(tmp_path), wrong, root=tmp_path)
    assert asked.outcome.label.verdict is Verdict.DECLINED
    assert len(asked.claude.requests) == 1


def test_nobody_to_ask_is_no(tmp_path):
    with pytest.raises(Cancelled, match="Nothing was sent"):
        ask(stub_in(tmp_path), user=User(Choice.NO), root=tmp_path)
    assert Ledger().entries() == []


def test_never_means_never_even_by_name(tmp_path):
    user = User()
    with pytest.raises(InputError, match="so the cloud is not asked"):
        ask(stub_in(tmp_path), user=user, root=tmp_path, mode="never")
    assert user.seen == []


@pytest.mark.parametrize("root", ["project", None])
def test_a_file_outside_the_workspace(tmp_path, root):
    folder, user = tmp_path / root if root else None, User()
    if folder:
        folder.mkdir()
    with pytest.raises(InputError, match=r"main.py is never sent\. It is outside"):
        ask(stub_in(tmp_path), user=user, root=folder)
    assert user.seen == []


class SlowUser(User):
    async def __call__(self, proposal):
        await asyncio.sleep(0.6)
        return await super().__call__(proposal)


def test_whoever_reads_takes_the_time_it_takes(tmp_path):
    """A deadline is for the answer, not for the user."""
    actions = ActionSettings(deadline_s=0.5)
    asked = ask(stub_in(tmp_path), user=SlowUser(), root=tmp_path, actions=actions)
    assert asked.outcome.change is not None
    slow = ScriptedAnswer("word " * 100, delay_s=0.02)
    with pytest.raises(Cancelled, match=r"took longer than 0\.5 s"):
        ask(stub_in(tmp_path), slow, root=tmp_path, actions=actions)


def test_the_payload_says_what_scope_analysis_found(tmp_path):
    (tmp_path / "other.py").write_text("def parse_row(row):\n    return int(row)\n")
    text = (
        "from other import parse_row\n\n\ndef refund(row):\n"
        '    """Give back what `parse_row` says.$0"""\n'
    )
    user = User(Choice.NO)
    with pytest.raises(Cancelled):
        ask(stub_in(tmp_path, text), user=user, root=tmp_path)
    inquiry = user.seen[0].inquiry
    assert inquiry.decision == "offer_cloud"
    assert inquiry.reasons[0].startswith("probably needs `parse_row`")
    told = json.loads(user.seen[0].payload)["messages"][0]["content"][0]["text"]
    assert "def parse_row(row):" in told
    # Of this machine nothing but the names of files in the workspace.
    assert str(tmp_path) not in told
    assert str(Path.home()) not in told

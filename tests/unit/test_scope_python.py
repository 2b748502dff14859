"""Names followed by the worker process, and what happens when it is slow, silent or gone."""

import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from scopewise.document import DocumentSnapshot, uri_of
from scopewise.scope.analysis import Context, bindings_of
from scopewise.scope.python.names import PythonNames, Question
from scopewise.scope.report import Origin
from scopewise.syntax.tree import parse

PATIENCE_S = 60.0

RULES = """\
class Rule:
    limit = 3
    def __init__(self, name: str):
        self.name = name
    def next(self) -> "Rule":
        return Rule(self.name)

def find() -> Rule: ...
"""
CART = """\
import re
from shop.rules import Rule, find

class Row:
    def __init__(self):
        self.price = 1

class Cart:
    def __init__(self):
        self.row = Row()
        self.rule = find()

    def total(self, text: str, unknown):
        chosen = find()
        chosen.next().name
        self.row.price
        self.rule.limit
        text.strip()
        re.compile(text).match("a")
        unknown.thing
        copy = self
        copy.row
        local = [Row()]
        local[0].price
"""


@pytest.fixture(scope="module")
def names():
    service = PythonNames()
    yield service
    service.close()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path.resolve()
    (root / "shop").mkdir()
    (root / "shop/__init__.py").touch()
    (root / "shop/rules.py").write_text(RULES)
    (root / "shop/cart.py").write_text(CART)
    return root


def places(root: Path, names: PythonNames | None, **context: float) -> dict[str, str]:
    parsed = parse(DocumentSnapshot(uri_of(root / "shop/cart.py"), CART))
    assert parsed is not None
    definition = parsed.find("Cart.total")
    assert definition is not None
    context = {"deadline_s": PATIENCE_S, **context}
    found, missing = bindings_of(Context((root,), names, **context), parsed, definition)
    result = {
        one.name: f"{one.origin.value} {one.definition}"
        for one in found
        if one.origin is not Origin.BUILTIN
    }
    return result | {"missing": "; ".join(missing)} if missing else result


def test_attributes_of_values_are_followed(shop, names):
    assert places(shop, names) == {
        "find": "project shop.rules.find",
        "chosen.next": "project shop.rules.Rule.next",
        "chosen.next().name": "project shop.rules.Rule.name",
        "self.row": "class member shop.cart.Cart.row",
        "self.row.price": "file shop.cart.Row.price",
        "self.rule": "class member shop.cart.Cart.rule",
        "self.rule.limit": "project shop.rules.Rule.limit",
        "re.compile": "standard library re.compile",
        "re.compile().match": "standard library re.Pattern.match",
        "copy.row": "class member shop.cart.Cart.row",
        "Row": "file shop.cart.Row",
        "local[].price": "file shop.cart.Row.price",
    }


def test_without_anybody_to_follow_them_the_rest_is_there(shop):
    found = places(shop, None)
    assert found["find"] == "project shop.rules.find"
    assert found["self.row"] == "class member shop.cart.Cart.row"
    assert "self.row.price" not in found
    assert found["missing"] == "attributes of values were not followed"


def test_a_name_that_a_file_hands_on_is_still_the_projects(tmp_path, names):
    root = tmp_path.resolve()
    (root / "compat.py").write_text("from json import dumps\n")
    text = "from compat import dumps\ndef f(a):\n    return dumps(a)\n"
    parsed = parse(DocumentSnapshot(uri_of(root / "main.py"), text))
    assert parsed is not None
    context = Context((root,), names, deadline_s=PATIENCE_S)
    found, _ = bindings_of(context, parsed, parsed.definitions[0])
    assert [(one.origin, one.definition) for one in found] == [(Origin.PROJECT, "compat.dumps")]


def test_installed_packages_are_read_and_never_imported(tmp_path, names):
    root = tmp_path.resolve()
    packages = root / ".venv/lib/python3.12/site-packages"
    packages.mkdir(parents=True)
    (packages / "other.py").write_text(
        f"open({str(root / 'imported')!r}, 'w')\nclass A:\n    x = 1\ndef make() -> A: ...\n"
    )
    program = root / ".venv/bin/python"
    program.parent.mkdir()
    program.touch()
    (root / ".venv/pyvenv.cfg").touch()
    text = "import other\ndef f():\n    a = other.make()\n    return a.x\n"
    parsed = parse(DocumentSnapshot(uri_of(root / "main.py"), text))
    assert parsed is not None
    context = Context((root,), names, deadline_s=PATIENCE_S)
    found, _ = bindings_of(context, parsed, parsed.definitions[0])
    assert [(one.name, one.origin, one.definition) for one in found] == [
        ("other.make", Origin.THIRD_PARTY, "other.make"),
        ("a.x", Origin.THIRD_PARTY, "other.A.x"),
    ]
    assert not (root / "imported").exists()


def test_columns_are_counted_in_characters(tmp_path, names):
    root = tmp_path.resolve()
    text = 'class A:\r\n\tx = 1\r\ndef f(s):\r\n\treturn "é🙂", A().x, "🙂".upper(), [A()][0].x\r\n'
    parsed = parse(DocumentSnapshot(uri_of(root / "main.py"), text))
    assert parsed is not None
    context = Context((root,), names, deadline_s=PATIENCE_S)
    found, _ = bindings_of(context, parsed, parsed.definitions[1])
    assert {one.name: one.definition for one in found}["…[].x"] == "main.A.x"


QUESTION = Question("", "''.join([])\n[].append\n", "", (), ((1, 3), (2, 3)))


def service(tmp_path: Path, code: str, grace_s: float = 0.2) -> PythonNames:
    script = tmp_path / "worker.py"
    script.write_text("import json, os, sys, time\n" + code)
    return PythonNames((sys.executable, str(script)), grace_s)


ANSWER_ONE = """\
order = json.loads(sys.stdin.readline())
lead = dict(module="m", qualified_name="q", path="", line=1, column=0, kind="k", is_builtin=False)
print(json.dumps(dict(id=order["id"], index=0, leads=[lead])), flush=True)
"""


def test_a_slow_process_gives_what_it_has_and_is_ended(tmp_path):
    slow = service(tmp_path, ANSWER_ONE + "time.sleep(600)\n")
    assert slow.follow(QUESTION, 0).n_answered == 0
    process = psutil.Process(slow.pid)
    started = time.monotonic()
    answer = slow.follow(QUESTION, 0.1)
    assert time.monotonic() - started < 1.0
    assert answer.failure == "there was no time to follow every name"
    assert len(answer.leads) == 2
    process.wait(PATIENCE_S)
    assert slow.pid is None


def test_answers_that_came_in_time_count(tmp_path):
    slow = service(tmp_path, ANSWER_ONE + "time.sleep(600)\n", grace_s=0.0)
    answer = slow.follow(QUESTION, 5.0)
    assert [len(leads) for leads in answer.leads] == [1, 0]
    assert answer.n_answered == 1
    slow.close()


@pytest.mark.parametrize("code", ["", "print('no JSON', flush=True)\n", "raise SystemExit(3)\n"])
def test_a_process_that_ends_or_talks_nonsense_is_a_failure(tmp_path, code):
    broken = service(tmp_path, code)
    answer = broken.follow(QUESTION, PATIENCE_S)
    assert answer.failure == "the process that follows names ended"
    assert answer.leads == ((), ())
    assert broken.pid is None


def test_a_program_that_is_not_there_is_a_failure(tmp_path):
    missing = PythonNames((str(tmp_path / "none"),))
    assert "failed" in missing.follow(QUESTION, PATIENCE_S).failure


def test_the_real_process_starts_again_after_it_died(names):
    assert names.follow(QUESTION, PATIENCE_S).n_answered == 2
    before = names.pid
    psutil.Process(before).kill()
    failed = names.follow(QUESTION, PATIENCE_S)
    answer = failed if not failed.failure else names.follow(QUESTION, PATIENCE_S)
    assert answer.leads[0][0].qualified_name == "str.join"
    assert names.pid != before


def test_a_newer_question_is_answered_after_one_whose_time_was_up(names):
    names.follow(QUESTION, 0)
    assert names.follow(QUESTION, PATIENCE_S).n_answered == 2


def test_questions_from_two_threads(names):
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(names.follow(QUESTION, PATIENCE_S)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.n_answered for answer in answers] == [2] * 4


def test_nothing_is_followed_after_closing():
    closed = PythonNames()
    closed.warm_up()
    assert closed.pid is not None
    closed.close()
    assert closed.pid is None
    assert closed.follow(QUESTION, 1.0).failure == "names are no longer followed"

"""What is dangerous in code that looks local."""

from __future__ import annotations

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.scope.hazards import _table, hazards
from scopewise.scope.report import Binding, Hazard, HazardKind, Origin
from scopewise.syntax.languages import language_names, load_language
from scopewise.syntax.tree import parse
from scopewise.text import ByteRange

HEAD = """\
import os, shutil, subprocess as sp, threading, asyncio, importlib, contextlib, logging
from threading import Thread
from pathlib import Path
import settings
CACHE = {}
TOTAL = 0
"""


def parsed(source, suffix=".py"):
    document = parse(DocumentSnapshot(f"file:///project/module{suffix}", source))
    assert document is not None
    return document


def of(body, signature="def f(a, b=None, *rest, **more)"):
    """Kinds and messages of a function with that body."""
    source = HEAD + signature + ":\n" + "".join(f"    {line}\n" for line in body.splitlines())
    document = parsed(source)
    found = hazards(document, document.find("f"))
    return [(hazard.kind, hazard.message) for hazard in found]


K = HazardKind
LOOSE = "reads attributes by a name worked out at run time"

DANGEROUS = [
    ("global TOTAL\nTOTAL = a", K.SHARED_STATE, "writes `TOTAL`, a global of the module"),
    ("CACHE[a] = b", K.SHARED_STATE, "changes `CACHE`, a variable of the module"),
    ("CACHE.update(a)", K.SHARED_STATE, "changes `CACHE`, a variable of the module"),
    ("del CACHE[a]", K.SHARED_STATE, "changes `CACHE`, a variable of the module"),
    ("os.environ[a] = b", K.SHARED_STATE, "changes `os.environ`, shared by the whole process"),
    ("a.append(1)", K.ARGUMENT_MUTATION, "changes its argument `a`"),
    ("a[0] = 1", K.ARGUMENT_MUTATION, "changes its argument `a`"),
    ("a[0][1] += 1", K.ARGUMENT_MUTATION, "changes its argument `a`"),
    ("a += [1]", K.ARGUMENT_MUTATION, "changes its argument `a`"),
    ("del b[0]", K.ARGUMENT_MUTATION, "changes its argument `b`"),
    ("a.name = 1", K.ARGUMENT_MUTATION, "sets `a.name` of its argument"),
    ("a.names.append(1)", K.ARGUMENT_MUTATION, "changes its argument `a`"),
    ("x, a.y = 1, 2", K.ARGUMENT_MUTATION, "sets `a.y` of its argument"),
    ("with open(a) as file:\n    pass", K.INPUT_OUTPUT, "calls `open`"),
    ("return sp.run(a)", K.INPUT_OUTPUT, "calls `sp.run`"),
    ("shutil.rmtree(a)", K.INPUT_OUTPUT, "calls `shutil.rmtree`"),
    ("return Path(a).read_text()", K.INPUT_OUTPUT, "calls `Path(a).read_text`"),
    ("cursor.execute(a)", K.INPUT_OUTPUT, "calls `cursor.execute`"),
    ("session.commit()", K.TRANSACTION, "is part of a transaction: calls `session.commit`"),
    ("a.db.rollback()", K.TRANSACTION, "is part of a transaction: calls `a.db.rollback`"),
    (
        "with session.begin():\n    pass",
        K.TRANSACTION,
        "is part of a transaction: calls `session.begin`",
    ),
    (
        "with transaction.atomic():\n    pass",
        K.TRANSACTION,
        "is a transaction by `with transaction.atomic()`",
    ),
    ("Thread(target=a).start()", K.CONCURRENCY, "uses `Thread`"),
    ("lock = threading.Lock()", K.CONCURRENCY, "uses `threading.Lock`"),
    ("with a.lock:\n    pass", K.CONCURRENCY, "holds `a.lock`, shared between threads"),
    ("a.acquire()", K.CONCURRENCY, "takes or gives back `a`"),
    ("asyncio.create_task(a())", K.CONCURRENCY, "uses `asyncio.create_task`"),
    ("try:\n    a()\nexcept:\n    pass", K.SWALLOWED_EXCEPTION, "swallows every exception"),
    (
        "try:\n    a()\nexcept Exception as e:\n    return None",
        K.SWALLOWED_EXCEPTION,
        "swallows every exception",
    ),
    (
        "with contextlib.suppress(Exception):\n    a()",
        K.SWALLOWED_EXCEPTION,
        "suppresses every exception",
    ),
    ("return eval(a)", K.DYNAMIC, "runs text as code by `eval`"),
    ("return getattr(a, b)", K.DYNAMIC, LOOSE),
    ("setattr(a, b, 1)", K.DYNAMIC, "sets attributes by name with `setattr`"),
    ("return a.__dict__", K.DYNAMIC, "reaches into `a.__dict__`"),
    ("importlib.import_module(a)", K.DYNAMIC, "imports by a name worked out at run time"),
    ("settings.load = a", K.DYNAMIC, "replaces `settings.load` for everyone who uses it"),
]


@pytest.mark.parametrize(("body", "kind", "message"), DANGEROUS)
def test_dangerous_code(body, kind, message):
    assert (kind, message) in of(body)


HARMLESS = [
    "return a + b",
    "print(a)",
    "a = list(a)\na.append(1)",
    "a += 1",
    "rest.append(1)",
    "more['x'] = 1",
    "CACHE = {}\nCACHE[a] = b",
    "return CACHE[a]",
    "for CACHE in a:\n    CACHE.clear()",
    "found = []\nfound.append(a)",
    "self = a\nreturn getattr(a, 'name', None)",
    "importlib.import_module('json')",
    "try:\n    a()\nexcept KeyError:\n    pass",
    "try:\n    a()\nexcept Exception:\n    raise ValueError from None",
    "try:\n    a()\nexcept Exception as error:\n    return str(error)",
    "try:\n    a()\nexcept Exception:\n    logging.exception('x')",
    "timer = a.Timer\nreturn timer",
    "return os.path.join(a, b)",
    "return 'CACHE.clear()'",
    "return a.commit",
]


@pytest.mark.parametrize("body", HARMLESS)
def test_harmless_code(body):
    assert of(body) == []


def test_a_coroutine_and_what_it_awaits():
    assert of("await a.read()\nreturn 1", "async def f(a)") == [
        (K.CONCURRENCY, "is a coroutine"),
        (K.CONCURRENCY, "awaits `a.read`, while other tasks go on"),
    ]


CLASS = """\
import threading
from queue import Queue

class Counter:
    seen = []

    def __init__(self):
        self._lock = threading.Lock()
        self._jobs = Queue()
        self.n = 0
        self.name = ""

    def add(self):
        with self._lock:
            self.n += 1

    def reset(self):
        self.n = 0

    def rename(self, name):
        self.name = name

    def mark(self, what):
        self.seen.append(what)
        Counter.last = what

    def take(self):
        return self._jobs.get()

    def total(self):
        '''The sum.'''
"""


def in_class(name):
    document = parsed(CLASS)
    return hazards(document, document.find(f"Counter.{name}"))


def test_a_lock_that_is_held():
    assert in_class("add") == (
        Hazard(K.CONCURRENCY, "uses `self._lock`, shared between threads", 14),
        Hazard(K.SHARED_STATE, "writes `self.n` while it holds a lock", 15),
    )


def test_a_field_that_others_guard():
    message = "writes `self.n`, which `self._lock` guards (as on line 15), not under it"
    assert in_class("reset") == (Hazard(K.SHARED_STATE, message, 18),)


def test_a_field_that_nobody_guards():
    assert in_class("rename") == ()


def test_making_an_object_shares_nothing():
    kinds = {hazard.kind for hazard in in_class("__init__")}
    assert K.SHARED_STATE not in kinds


def test_attributes_of_the_class():
    assert in_class("mark") == (
        Hazard(K.SHARED_STATE, "changes `self.seen`, shared by all instances", 24),
        Hazard(K.SHARED_STATE, "writes `Counter.last`, an attribute of the class", 25),
    )


def test_a_queue():
    assert in_class("take") == (Hazard(K.CONCURRENCY, "uses `self._jobs`, a `queue.Queue`", 28),)


def test_a_stub_has_the_hazards_of_its_class():
    message = "belongs to a class whose fields `self._lock` guards between threads"
    assert in_class("total") == (Hazard(K.CONCURRENCY, message, 8),)


def test_a_selection():
    document = parsed(CLASS)
    start = document.source.index(b"        self.n = 0\n\n    def rename")
    span = ByteRange(start, start + len(b"        self.n = 0"))
    assert [hazard.line for hazard in hazards(document, span)] == [18]


def test_bindings_and_callers():
    document = parsed("def f():\n    pass\n")
    bindings = [
        Binding("TOTAL", Origin.FILE, 2, is_written=True),
        Binding("RATE", Origin.FILE, 2),
        Binding("x", Origin.LOCAL, 2, is_written=True),
    ]
    assert hazards(document, document.find("f"), bindings, 3) == (
        Hazard(K.CALLERS, "is relied on: three other files call it", 1),
        Hazard(K.SHARED_STATE, "writes `TOTAL`, shared by the whole file", 2),
    )
    assert hazards(document, document.find("f"), (), 0) == ()


@pytest.mark.parametrize("n", range(0, len(CLASS), 7))
def test_code_cut_off_anywhere(n):
    document = parsed(CLASS[:n])
    hazards(document, ByteRange(0, len(document.source)))
    for definition in document.definitions:
        hazards(document, definition)


OTHERS = [
    (".js", "async function f(a) {\n  await g();\n  eval(a);\n}\n", {K.CONCURRENCY, K.DYNAMIC}),
    (".ts", "function f(a: string) {\n  return fetch(a);\n}\n", {K.INPUT_OUTPUT}),
    (".tsx", "function f(a: string) {\n  setTimeout(g, 1);\n}\n", {K.CONCURRENCY}),
    (".go", "package p\nfunc f() {\n\tgo g()\n\tmu.Lock()\n\tos.Remove(a)\n}\n",
     {K.CONCURRENCY, K.INPUT_OUTPUT}),
    (".rs", "fn f() {\n    let x = m.lock();\n    unsafe { g() }\n}\n", {K.CONCURRENCY, K.DYNAMIC}),
    (".java", "class A {\n  void f() {\n    synchronized (this) {}\n    c.commit();\n  }\n}\n",
     {K.CONCURRENCY, K.TRANSACTION}),
    (".c", "void f(void) {\n  pthread_mutex_lock(&m);\n  fopen(a, b);\n}\n",
     {K.CONCURRENCY, K.INPUT_OUTPUT}),
    (".cpp", "void f() {\n  std::async(g);\n  fopen(a, b);\n}\n", {K.CONCURRENCY, K.INPUT_OUTPUT}),
    (".sh", "f() {\n  eval \"$1\"\n  rm -r \"$2\"\n}\n", {K.DYNAMIC, K.INPUT_OUTPUT}),
    (".js", "function f(a) {\n  return a.map((x) => x + 1);\n}\n", set()),
    (".go", "package p\nfunc f(a int) int {\n\treturn a + 1\n}\n", set()),
    (".rs", "fn f(a: i32) -> i32 {\n    a + 1\n}\n", set()),
    (".java", "class A {\n  int f(int a) {\n    return a + 1;\n  }\n}\n", set()),
    (".c", "int f(int a) {\n  return a + 1;\n}\n", set()),
]  # fmt: skip


@pytest.mark.parametrize(("suffix", "source", "kinds"), OTHERS)
def test_other_languages(suffix, source, kinds):
    document = parsed(source, suffix)
    found = hazards(document, ByteRange(0, len(document.source)))
    assert {hazard.kind for hazard in found} == kinds


@pytest.mark.parametrize("language", language_names())
def test_tables_name_nodes_the_grammar_has(language: str) -> None:
    grammar = load_language(language).grammar
    kinds = {grammar.node_kind_for_id(i) for i in range(grammar.node_kind_count)}

    assert _table(language).nodes.keys() <= kinds


def test_a_language_has_the_hazards_of_the_one_it_extends() -> None:
    assert set(_table("c").calls) <= set(_table("cpp").calls)

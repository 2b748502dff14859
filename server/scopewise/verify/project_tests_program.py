"""The program that runs a project's tests inside the sandbox and says a line about each.

Its text is handed to the project's own Python, 3.8 or later, with `-c`; nothing else of scopewise
is there. The request comes on standard input. Every line of the answer is a mark the caller chose
and a JSON object. What tests and tools print goes to standard error, so it cannot mix with them.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import sys
import threading
import time
import traceback
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_MAX_MESSAGE = 4000
_MAX_EVENTS = 4_000_000
_USAGE_ERROR = 4


def main() -> None:
    request = json.loads(sys.stdin.buffer.read())
    channel = Channel(request["mark"])
    sys.argv = ["pytest"]
    # As `python -m pytest` has it.
    sys.path.insert(0, str(Path.cwd()))
    wanted = {os.path.realpath(path): names for path, names in request["targets"]}
    record = Record(channel, Watch(request["watched"]))
    try:
        if request["framework"] == "unittest" or importlib.util.find_spec("pytest") is None:
            _run_unittest(wanted, record, is_fallback=request["framework"] != "unittest")
        else:
            channel.say(exit_code=_run_pytest(wanted, record))
    except BaseException as error:  # A plugin of the project may raise anything.
        channel.say(problem=_last_line(error))
    channel.say(is_end=True)
    # Threads that tests left behind would keep the process.
    os._exit(0)


class Channel:
    """What was standard output; from now on prints go to standard error."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._descriptor = os.dup(1)
        os.dup2(2, 1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def say(self, **fields: Any) -> None:
        line = f"{self._mark} {json.dumps(fields, ensure_ascii=False)}\n"
        # Messages may hold halves of surrogate pairs, which UTF-8 does not.
        os.write(self._descriptor, line.encode(errors="replace"))


class Watch:
    """Tells whether a function began to run, by its file and its qualified name.

    Looking at every call costs as much as a short call does, so a test that makes very many
    without the function among them is not looked at to its end.
    """

    def __init__(self, watched: list[str] | None) -> None:
        path, name = watched or ("", "")
        self._path = os.path.realpath(path)
        self._qualified_name = name
        self._name = name.rpartition(".")[2]
        self.is_seen = False
        self._n_events = 0

    def start(self) -> None:
        self.is_seen = not self._name
        self._n_events = 0
        if self._name:
            threading.setprofile(self._on_event)
            sys.setprofile(self._on_event)

    def stop(self) -> None:
        if self._name:
            sys.setprofile(None)
            threading.setprofile(None)

    def _on_event(self, frame: Any, event: str, argument: object) -> None:
        self._n_events += 1
        if self._n_events > _MAX_EVENTS:
            sys.setprofile(None)
        if event != "call" or frame.f_code.co_name != self._name:
            return
        # Before Python 3.11 code has no qualified name.
        name = getattr(frame.f_code, "co_qualname", self._qualified_name)
        is_here = os.path.realpath(frame.f_code.co_filename) == self._path
        if is_here and name.replace(".<locals>", "") == self._qualified_name:
            self.is_seen = True
            sys.setprofile(None)


class Record:
    """Gathers what is said about the test that runs, and says the worst of it at its end."""

    _ORDER = ("passed", "skipped", "xfailed", "failed", "error")

    def __init__(self, channel: Channel, watch: Watch) -> None:
        self._channel = channel
        self._watch = watch
        self._outcome = self._message = self._reason = ""
        self._began = 0.0

    def start(self, name: str) -> None:
        self._outcome = self._message = self._reason = ""
        self._began = time.perf_counter()
        self._channel.say(started=name)
        self._watch.start()

    def add(self, outcome: str, message: str = "", reason: str = "") -> None:
        rank = self._ORDER.index
        if not self._outcome or rank(outcome) > rank(self._outcome):
            self._outcome, self._message, self._reason = outcome, message, reason

    def end(self, name: str) -> None:
        self._watch.stop()
        seconds = time.perf_counter() - self._began
        self._say(name, self._outcome or "skipped", seconds=seconds, is_reached=self._watch.is_seen)

    def add_outside(self, name: str, message: str, reason: str) -> None:
        """Something failed that is no test: a file that cannot be loaded, a set-up."""
        self._message, self._reason = message, reason
        self._say(name, "error", seconds=0.0, is_reached=False)

    def problem(self, text: str) -> None:
        self._channel.say(problem=text)

    def _say(self, name: str, outcome: str, **fields: Any) -> None:
        message = self._message[-_MAX_MESSAGE:]
        reason = self._reason[:_MAX_MESSAGE]
        self._channel.say(name=name, outcome=outcome, message=message, reason=reason, **fields)


def _is_wanted(names: list[str], qualified_name: str, parameters: str = "") -> bool:
    return not names or any(
        name in (qualified_name, qualified_name + parameters)
        or qualified_name.startswith(f"{name}.")
        for name in names
    )


def _last_line(error: BaseException) -> str:
    return traceback.format_exception_only(type(error), error)[-1].strip()


# pytest


def _run_pytest(wanted: dict[str, list[str]], record: Record) -> int:
    """The exit code; options of the project that cannot be used here are left out."""
    import pytest

    places = [f"--rootdir={Path.cwd()}", *wanted]
    arguments = [*_ARGUMENTS, *_without_helpers(), *places]
    code = int(pytest.main(arguments, plugins=[Plugin(wanted, record)]))
    if code == _USAGE_ERROR:
        arguments = [*_ARGUMENTS, "-o", "addopts=", *places]
        code = int(pytest.main(arguments, plugins=[Plugin(wanted, record)]))
    return code


_ARGUMENTS = [
    "-q", "--tb=short", "--capture=fd", "--maxfail=0", "--color=no", "-p", "no:cacheprovider",
    "--continue-on-collection-errors",
]  # fmt: skip


def _without_helpers() -> Iterator[str]:
    """What stops plugins that start processes of their own or write reports."""
    if importlib.util.find_spec("xdist"):
        yield from ("-n", "0")
    if importlib.util.find_spec("pytest_cov"):
        yield "--no-cov"


class Plugin:
    """Keeps the wanted tests alone and says how each went.

    It is registered before those of the project, so its hooks are called after theirs.
    """

    def __init__(self, wanted: dict[str, list[str]], record: Record) -> None:
        self._wanted = wanted
        self._record = record

    def pytest_configure(self, config: Any) -> None:
        # Not as arguments, which older versions do not know.
        config.option.no_header = config.option.no_summary = True

    def pytest_collection_modifyitems(self, config: Any, items: list[Any]) -> None:
        chosen = [item for item in items if _is_chosen(item, self._wanted)]
        known = {id(item) for item in chosen}
        config.hook.pytest_deselected(items=[item for item in items if id(item) not in known])
        items[:] = chosen

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._record.add_outside(report.nodeid, report.longreprtext, _reason(report))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._record.start(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if hasattr(report, "wasxfail"):
            self._record.add("xfailed")
        elif report.failed:
            outcome = "failed" if report.when == "call" else "error"
            self._record.add(outcome, report.longreprtext, _reason(report))
        elif report.skipped or report.when == "call":
            self._record.add(report.outcome)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._record.end(nodeid)


def _is_chosen(item: Any, wanted: dict[str, list[str]]) -> bool:
    names = wanted.get(os.path.realpath(str(item.fspath)))
    if names is None:
        return False
    inside = item.nodeid.partition("::")[2]
    head, bracket, parameters = inside.partition("[")
    return _is_wanted(names, head.replace("::", "."), bracket + parameters)


def _reason(report: Any) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        return str(crash.message).partition("\n")[0]
    lines = [line for line in report.longreprtext.splitlines() if line.startswith("E  ")]
    return lines[-1][1:].strip() if lines else ""


# unittest


def _run_unittest(wanted: dict[str, list[str]], record: Record, *, is_fallback: bool) -> None:
    suite = unittest.TestSuite()
    for path, names in wanted.items():
        try:
            module = _module_at(path)
        except BaseException as error:  # Whatever the file does when it is loaded.
            if is_fallback and getattr(error, "name", "") == "pytest":
                continue
            name = os.path.relpath(path)
            record.add_outside(name, traceback.format_exc(), _last_line(error))
            continue
        tests = _flat(unittest.defaultTestLoader.loadTestsFromModule(module))
        suite.addTests(test for test in tests if _is_wanted(names, _qualified_name(test)))
    if is_fallback and not suite.countTestCases():
        record.problem("no pytest")
    suite.run(_Result(record))


def _module_at(path: str) -> Any:
    """The module in a file, by the name it has inside the packages around it."""
    names, folder = [Path(path).stem], Path(path).parent
    while (folder / "__init__.py").is_file():
        names.insert(0, folder.name)
        folder = folder.parent
    sys.path.insert(0, str(folder))
    return importlib.import_module(".".join(names))


def _flat(suite: Any) -> Iterator[unittest.TestCase]:
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _flat(test)
        else:
            yield test


def _qualified_name(test: Any) -> str:
    return f"{type(test).__qualname__}.{test.id().rpartition('.')[2]}"


def _node_id(test: Any) -> str:
    """As pytest would write it; what stands for a set-up that failed names itself."""
    if not isinstance(test, unittest.TestCase):
        return str(test)
    path = sys.modules[type(test).__module__].__file__ or ""
    return "::".join([os.path.relpath(path), *_qualified_name(test).split(".")])


class _Result(unittest.TestResult):
    def __init__(self, record: Record) -> None:
        super().__init__()
        self._record = record

    def startTest(self, test: Any) -> None:  # noqa: N802
        self._record.start(_node_id(test))

    def stopTest(self, test: Any) -> None:  # noqa: N802
        self._record.end(_node_id(test))

    def addSuccess(self, test: Any) -> None:  # noqa: N802
        self._record.add("passed")

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
        self._record.add("skipped")

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        self._record.add("xfailed")

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
        self._record.add("failed", reason="It passed, which it is marked not to do.")

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802
        self._record.add("failed", _text(err), _last_line(err[1]))

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802
        if isinstance(test, unittest.TestCase):
            self._record.add("error", _text(err), _last_line(err[1]))
        else:
            self._record.add_outside(_node_id(test), _text(err), _last_line(err[1]))

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802
        if err is not None:
            self._record.add("failed", _text(err), _last_line(err[1]))


def _text(error: Any) -> str:
    return "".join(traceback.format_exception(*error))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()

"""Runs a candidate on examples and generated inputs: a program on its own, for inside the sandbox.

Only its text goes there, for the project's Python, so it keeps to the standard library and to
Python 3.8. `main` takes the JSON of a `Trial` and gives the JSON of a `TrialReport`, both drawn in
`behaviour.py`.

A value is encoded as data that two candidates can be compared by: `{"t": kind, "v": content}`,
with a list for a list, pairs for a mapping, and sorted members for a set. An object is its type's
name and its attributes. What is too big to send is its hash.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import dataclasses
import doctest
import enum
import hashlib
import importlib
import importlib.abc
import importlib.util
import inspect
import io
import itertools
import json
import linecache
import math
import random
import re
import signal
import sys
import time
import traceback
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")

_HERE = (lambda: None).__code__.co_filename
"""The name of the file this program is in."""

EXAMPLE = "<example>"
"""The name of the file an example's own lines are in."""

MAX_TEXT = 300
MAX_DETAIL_LINES = 12
MAX_PRINTED = 1000
MAX_OUTPUT = 20_000
MAX_ITEMS = 1000
MAX_DEPTH = 12
MAX_NODES = 5000
MAX_STRING = 1000
MAX_ENCODED = 4000
MAX_ANSWER = 800_000

_PLAIN = {int, float, str, bytes, bool, type(None)}

_BINDING = re.compile(
    r"(missing \d+ required|got an unexpected keyword|takes (from )?\d+ |takes no (keyword )?arg|"
    r"got multiple values for|positional-only arguments? passed)"
)
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class OutOfTime(BaseException):
    """The time is over. No `Exception`, so that the candidate does not catch it by chance."""


def main(payload: bytes) -> bytes:
    """The report on a trial, both as JSON."""
    trial = json.loads(payload)
    started = time.monotonic()
    clock = Clock(started + trial["total_timeout_s"], trial["call_timeout_s"])
    report = Trial(trial, clock).run()
    report["seconds"] = time.monotonic() - started
    return json.dumps(_small(report), ensure_ascii=False).encode("utf-8", "replace")


def _small(report: dict[str, Any]) -> dict[str, Any]:
    """The report with the values hashed when they are too many to send."""
    if len(json.dumps(report)) > MAX_ANSWER:
        for behaviour in report.get("behaviours", ()):
            for key in ("value", "arguments"):
                behaviour[key] = hashed(behaviour.get(key), 100)
            behaviour["printed"] = _cut(behaviour.get("printed", ""), 100)
    return report


class Clock:
    """Stops what takes longer than a single run or the whole trial may."""

    def __init__(self, deadline: float, timeout_s: float) -> None:
        self._deadline = deadline
        self._timeout_s = timeout_s
        self._is_armed = False

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._deadline

    def run(self, work: Callable[[], Result], whole: bool = False) -> Result:
        """What some work gives; raises OutOfTime, and again until the work lets it through."""
        seconds = max(self._deadline - time.monotonic(), 0.001)
        seconds = seconds if whole else min(seconds, self._timeout_s)
        try:
            self._arm(seconds)
            try:
                return work()
            finally:
                self._disarm()
        except OutOfTime:
            self._disarm()
            raise

    def _arm(self, seconds: float) -> None:
        self._is_armed = True
        if hasattr(signal, "setitimer"):
            # Only the main thread may set signals; elsewhere the sandbox's own limit must do.
            with contextlib.suppress(ValueError):
                signal.signal(signal.SIGALRM, self._ring)
                signal.setitimer(signal.ITIMER_REAL, seconds, 0.05)

    def _disarm(self) -> None:
        self._is_armed = False
        sys.settrace(None)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, number: int, frame: types.FrameType | None) -> None:
        if not self._is_armed:
            return
        # Who catches everything in a loop catches this too; what is raised by the next line, then
        # inside the handler, gets out of it.
        sys.settrace(_stop)
        while frame is not None and frame.f_code.co_filename != _HERE:
            frame.f_trace = _stop
            frame = frame.f_back
        raise OutOfTime


def _stop(frame: types.FrameType, event: str, argument: Any) -> Any:
    if event == "line" and frame.f_code.co_filename != _HERE:
        raise OutOfTime
    return _stop


class Trial:
    """One candidate's module, and the runs of it."""

    def __init__(self, trial: dict[str, Any], clock: Clock) -> None:
        self._trial = trial
        self._clock = clock
        self._module: Any = None
        self._function: Any = None

    def run(self) -> dict[str, Any]:
        with captured():
            problem = self._load()
        if problem:
            return problem
        session = Session(self._module, self._trial["function"])
        return {
            "examples": [self._example(session, example) for example in self._trial["examples"]],
            "behaviours": [self._behaviour(call) for call in self._trial["calls"]],
        }

    def _load(self) -> dict[str, Any]:
        """Load the module and find the function; gives the problem when there is one."""
        trial = self._trial
        sys.argv, sys.stdin = [trial["path"]], io.StringIO()
        sys.path[:0] = trial["sys_path"]
        try:
            self._module = self._clock.run(
                lambda: load(trial["module"], trial["path"], trial["source"]), whole=True
            )
            self._function = find(self._module, trial["function"])
        except OutOfTime:
            return _problem("load", "Loading the module did not end in time.")
        except LookupError as error:
            return _problem("missing", str(error))
        except BaseException as error:
            kind = "import" if isinstance(error, ImportError) else "load"
            return _problem(kind, _last_line(error), detail(error))
        return {}

    def _example(self, session: Session, example: dict[str, Any]) -> dict[str, Any]:
        if self._clock.is_over:
            return {"status": "skipped"}
        seed()
        try:
            with captured() as printed:
                return self._clock.run(lambda: session.run(example, printed))
        except OutOfTime:
            return {"status": "timeout"}

    def _behaviour(self, call: dict[str, Any]) -> dict[str, Any]:
        if self._clock.is_over:
            return {"outcome": "skipped"}
        seed()
        with captured() as printed:
            try:
                behaviour = self._clock.run(lambda: self._call(call))
            except OutOfTime:
                return {"outcome": "timeout"}
            behaviour["printed"] = _cut(printed.text, MAX_PRINTED)
        return behaviour

    def _call(self, call: dict[str, Any]) -> dict[str, Any]:
        """What the function does with an input, as data."""
        try:
            target, inputs = self._prepared(call)
        except OutOfTime:
            raise
        except BaseException:
            return {"outcome": "unusable"}
        _, args, kwargs = inputs
        before = _encoded_inputs(inputs)
        try:
            value = settled(target(*args, **kwargs))
            behaviour: dict[str, Any] = {"outcome": "value", "value": encoded(value)}
        except OutOfTime:
            raise
        except BaseException as error:
            behaviour = {"outcome": "exception", "value": type(error).__name__}
            behaviour["is_deliberate"] = _is_deliberate(error)
        after = _encoded_inputs(inputs)
        if after != before:
            behaviour["arguments"] = after
        return behaviour

    def _prepared(self, call: dict[str, Any]) -> tuple[Any, tuple[Any, list[Any], dict[str, Any]]]:
        names = dict(vars(self._module))
        args = [eval(text, names) for text in call["args"]]
        kwargs = {name: eval(text, names) for name, text in call["kwargs"]}
        if not call["receiver"]:
            is_it = self._trial["function"].rpartition(".")[2] == call["name"]
            target = self._function if is_it else find(self._module, call["name"])
            return target, (None, args, kwargs)
        receiver = eval(call["receiver"], names)
        return member(receiver, call["name"]), (receiver, args, kwargs)


class Session:
    """Runs examples; those that build on each other share their names, like lines at a prompt."""

    def __init__(self, module: Any, function: str) -> None:
        self._module = module
        owner, _, name = function.rpartition(".")
        self._callers = (name, owner) if name.startswith("__") else (name,)
        """What a text that calls the function mentions; a special method is called unnamed."""
        self._names: dict[str, Any] = {}
        self._done = ""
        """The setup that has been run in these names."""
        self._last = ""
        """The example that was run after it."""
        self._trouble: BaseException | None = None
        """What the setup raised first."""
        self._is_misprint = False
        """Whether it did so in its own text, with the function nowhere in the setup."""

    def run(self, example: dict[str, Any], printed: Printed) -> dict[str, Any]:
        """What came of an example."""
        try:
            self._set_up(example["setup"])
            printed.clear()
            self._last = example["source"].rstrip("\n") + "\n"
            _remember(EXAMPLE, example["source"])
            check: Callable[..., dict[str, Any]] = getattr(self, "_" + example["form"])
            return check(example, printed)
        except OutOfTime:
            raise
        except BaseException as error:
            return self._raised(error, example)

    def _set_up(self, setup: str) -> None:
        """Run the statements before an example that have not been run yet."""
        rest = setup[len(self._done) :] if setup.startswith(self._done) else None
        if rest is None or not self._done:
            self._names = dict(vars(self._module))
            self._names["__builtins__"] = builtins
            self._trouble, self._is_misprint = None, False
            rest = setup
        elif rest.startswith(self._last):
            rest = rest[len(self._last) :]
        self._done = setup
        _remember(EXAMPLE, rest)
        for statement in _statements(rest):
            try:
                _run(compile_(ast.Module([statement], []), "exec"), self._names)
            except BaseException as error:
                if self._trouble is None:
                    self._trouble = error
                    is_called = any(name in setup for name in self._callers)
                    self._is_misprint = _is_own(error) and not is_called
                if isinstance(error, OutOfTime):
                    raise

    def _doctest(self, example: dict[str, Any], printed: Printed) -> dict[str, Any]:
        values: list[Any] = []

        def show(value: Any) -> None:
            if inspect.isawaitable(value):
                value = settled(value)
            if value is not None:
                self._names["_"] = value
                values.append(value)
                sys.stdout.write(repr(value) + "\n")

        hook, sys.displayhook = sys.displayhook, show
        try:
            _run(compile_(_parsed(example["source"], "single"), "single"), self._names)
        finally:
            sys.displayhook = hook
        got = printed.text
        flags = _flags(example["options"])
        is_only_value = len(values) == 1 and got == repr(values[0]) + "\n"
        passed = _is_printed(example["expected"], got, flags) or (
            is_only_value and _is_shown(example["expected"], values[0])
        )
        return _result(passed, got.rstrip("\n"))

    def _value(self, example: dict[str, Any], printed: Printed) -> dict[str, Any]:
        value = self._last_value(example["source"])
        got = shown(value)
        _remember(EXAMPLE, example["expected"])
        expected = settled(
            _run(compile_(_parsed(example["expected"], "eval"), "eval"), self._names)
        )
        if isinstance(expected, (list, tuple)) and hasattr(value, "__next__"):
            value = type(expected)(itertools.islice(value, len(expected) + 1))
            got = shown(value)
        return _result(is_same(expected, value, n_decimals=2), got)

    def _raises(self, example: dict[str, Any], printed: Printed) -> dict[str, Any]:
        try:
            value = self._last_value(example["source"])
        except OutOfTime:
            raise
        except BaseException as error:
            if _is_expected(error, example["expected"], _flags(example["options"])):
                return _result(True, _last_line(error))
            raise
        return _result(False, shown(value))

    def _assert(self, example: dict[str, Any], printed: Printed) -> dict[str, Any]:
        try:
            self._last_value(example["source"])
        except AssertionError as error:
            if _is_own(error):
                return _result(False, "")
            raise
        return _result(True, "")

    def _last_value(self, source: str) -> Any:
        """The value of the last expression of some statements."""
        *before, last = _statements(source) or [ast.Pass()]
        if not isinstance(last, ast.Expr):
            _run(compile_(ast.Module([*before, last], []), "exec"), self._names)
            return None
        _run(compile_(ast.Module(before, []), "exec"), self._names)
        return settled(_run(compile_(ast.Expression(last.value), "eval"), self._names))

    def _raised(self, error: BaseException, example: dict[str, Any]) -> dict[str, Any]:
        """The result when something was raised: nobody's fault but the example's when a name or a
        file that it needs is not there, the call does not fit the signature or the setup is
        misprinted."""
        is_misprint = False
        if isinstance(error, NameError) and _is_own(error) and self._trouble is not None:
            error, is_misprint = self._trouble, self._is_misprint
        if isinstance(error, OutOfTime):
            return {"status": "timeout"}
        is_unfit = _is_own(error) and _is_about_the_example(error)
        if is_misprint or is_unfit or _is_file_missing(error, example):
            return {"status": "unusable", "got": _last_line(error)}
        return {"status": "error", "got": _last_line(error), "detail": detail(error)}


class Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module the candidate's text in place of its file's."""

    def __init__(self, name: str, path: str, source: str) -> None:
        self._name, self._path, self._source = name, path, source

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != self._name:
            return None
        is_package = Path(self._path).name == "__init__.py"
        folder = [str(Path(self._path).parent)] if is_package else None
        return importlib.util.spec_from_file_location(
            fullname, self._path, loader=self, submodule_search_locations=folder
        )

    def exec_module(self, module: Any) -> None:
        _remember(self._path, self._source)
        exec(compile(self._source, self._path, "exec", dont_inherit=True), vars(module))


def load(name: str, path: str, source: str) -> Any:
    """The module, imported under its name, so that its relative imports work."""
    if name not in sys.builtin_module_names:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, Loader(name, path, source))
    return importlib.import_module(name)


def find(module: Any, function: str) -> Any:
    """The function of a qualified name; raises LookupError."""
    found = module
    for part in function.split(".") if function else ():
        try:
            found = member(found, part)
        except AttributeError:
            raise LookupError(f"There is no {function} in the module.") from None
    return found


def member(owner: Any, name: str) -> Any:
    """An attribute, also one whose name the class makes private."""
    kind = owner if isinstance(owner, type) else type(owner)
    is_private = name.startswith("__") and not name.endswith("__")
    return getattr(owner, f"_{kind.__name__.lstrip('_')}{name}" if is_private else name)


def _problem(kind: str, text: str, lines: str = "") -> dict[str, Any]:
    return {"problem": text, "problem_kind": kind, "problem_detail": lines}


class Printed(io.RawIOBase):
    """Keeps the beginning of what is written to it."""

    def __init__(self) -> None:
        self._kept = bytearray()

    @property
    def text(self) -> str:
        return self._kept.decode("utf-8", "replace")

    def clear(self) -> None:
        self._kept.clear()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._kept += bytes(content)[: MAX_OUTPUT - len(self._kept)]
        return len(content)


@contextlib.contextmanager
def captured() -> Iterator[Printed]:
    """What is printed meanwhile; what goes to standard error is dropped."""
    out, err = Printed(), Printed()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _stream(out), _stream(err)
    try:
        yield out
    finally:
        sys.stdout, sys.stderr = before


def _stream(raw: Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        raw, encoding="utf-8", errors="backslashreplace", newline="", write_through=True
    )


def seed() -> None:
    """Make chance the same for every candidate."""
    random.seed(0)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        with contextlib.suppress(Exception):
            numpy.random.seed(0)


def settled(value: Any) -> Any:
    """What an awaitable gives; any other value as it is."""
    if not inspect.isawaitable(value):
        return value

    async def wait() -> Any:
        return await value

    return asyncio.run(wait())


def _parsed(source: str, mode: str) -> Any:
    return compile(
        source.strip() + "\n" * (mode == "single"),
        EXAMPLE,
        mode,
        ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
        dont_inherit=True,
    )


def _statements(source: str) -> list[ast.stmt]:
    tree = _parsed(source, "exec")
    return list(tree.body)


def compile_(tree: Any, mode: str) -> types.CodeType:
    """The code of an example's tree."""
    code: types.CodeType = compile(
        tree, EXAMPLE, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
    )
    return code


def _run(code: types.CodeType, names: dict[str, Any]) -> Any:
    value = eval(code, names)
    return settled(value) if code.co_flags & inspect.CO_COROUTINE else value


def _remember(path: str, text: str) -> None:
    """Let tracebacks show the lines of a text that is in no file."""
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)


def _result(passed: bool, got: str) -> dict[str, Any]:
    return {"status": "passed" if passed else "failed", "got": _cut(got, MAX_TEXT)}


def _without_addresses(value: Any) -> str:
    try:
        return _cut(_ADDRESS.sub("", repr(value)), MAX_STRING)
    except Exception:
        return ""


def shown(value: Any) -> str:
    """A value as Python writes it."""
    try:
        return _cut(repr(value), MAX_TEXT)
    except Exception as error:
        return f"<{type(value).__name__} whose repr raises {type(error).__name__}>"


def _cut(text: str, limit: int) -> str:
    """A text, or its beginning and the hash of all of it."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... ({len(text)} characters, {_hash(text)[:12]})"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _last_line(error: BaseException) -> str:
    """An exception's type and message."""
    try:
        message = str(error)
    except Exception:
        message = ""
    name = type(error).__name__
    return _cut(f"{name}: {message}" if message else name, MAX_TEXT)


def detail(error: BaseException) -> str:
    """The last lines of an exception's traceback, without this program's own."""
    steps = error.__traceback__
    while steps is not None and steps.tb_frame.f_code.co_filename == _HERE:
        steps = steps.tb_next
    try:
        text = traceback.format_exception(type(error), error, steps, chain=False)
    except Exception:
        return _last_line(error)
    lines = "".join(text).rstrip("\n").split("\n")
    return "\n".join(_cut(line, MAX_TEXT) for line in lines[-MAX_DETAIL_LINES:])


def _is_own(error: BaseException) -> bool:
    """Whether an exception was raised by an example's own line, outside all other code."""
    steps = error.__traceback__
    while steps is not None:
        if steps.tb_frame.f_code.co_filename not in (_HERE, EXAMPLE):
            return False
        steps = steps.tb_next
    return True


def _is_about_the_example(error: BaseException) -> bool:
    """Whether a name, a module or a fitting call is what was missing."""
    is_unfit = isinstance(error, TypeError) and bool(_BINDING.search(str(error)))
    return is_unfit or isinstance(error, (NameError, ImportError, SyntaxError))


def _is_file_missing(error: BaseException, example: dict[str, Any]) -> bool:
    """Whether a file is not there that the example speaks of."""
    if not isinstance(error, FileNotFoundError) or not isinstance(error.filename, (str, Path)):
        return False
    name = Path(error.filename).name
    return bool(name) and name in example["setup"] + example["source"]


def _flags(options: list[str]) -> int:
    flags = doctest.DONT_ACCEPT_TRUE_FOR_1
    for name in options:
        flags |= doctest.OPTIONFLAGS_BY_NAME.get(name, 0)
    return flags


def _is_printed(want: str, got: str, flags: int) -> bool:
    """Whether a prompt would print just this, blanks at the ends of lines aside."""
    checker = doctest.OutputChecker()
    want = want.rstrip("\n") + "\n" if want else ""
    if checker.check_output(want, got, flags):
        return True
    return checker.check_output(_without_trailing(want), _without_trailing(got), flags)


def _without_trailing(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n")) + "\n"


def _is_shown(want: str, value: Any) -> bool:
    """Whether a hand-written output means a value: other quotes or order, fewer digits, or a
    string as it is without escapes."""
    if isinstance(value, str) and want.strip()[1:-1] == value and want.strip()[:1] in ("'", '"'):
        return True
    try:
        expected = ast.literal_eval(want.strip())
    except Exception:
        if isinstance(value, str):
            return want.strip("\n") == value.strip("\n")
        # Arrays and objects, with other blanks between their parts than Python puts there.
        texts = (repr(value), repr(_plain(value)))
        return "".join(want.split()) in ["".join(text.split()) for text in texts]
    return is_same(expected, value, n_decimals=3, is_strict=True)


def is_same(expected: Any, got: Any, n_decimals: int, is_strict: bool = False) -> bool:
    """Whether a value is the expected one.

    Numbers may differ by what floating point does to them, or by rounding when the expected one
    is written with at least `n_decimals` decimals: fewer may be the very point, as in
    "rounded to one decimal". A strict comparison tells `True` from 1.
    """
    try:
        return _is_same(expected, _plain(got), n_decimals, is_strict)
    except Exception:
        return False


def _is_same(expected: Any, got: Any, n_decimals: int, is_strict: bool) -> bool:
    def is_same_part(one: Any, other: Any) -> bool:
        return _is_same(one, _plain(other), n_decimals, is_strict)

    if isinstance(expected, bool) or isinstance(got, bool):
        return bool(expected == got) and not (is_strict and type(expected) is not type(got))
    if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
        return _is_close(expected, got, n_decimals)
    if isinstance(expected, complex) and isinstance(got, (complex, int, float)):
        return abs(expected - got) <= max(1e-9, 1e-6 * abs(expected))
    for kind in (list, tuple):
        if isinstance(expected, kind) and isinstance(got, kind):
            return len(expected) == len(got) and all(map(is_same_part, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return len(expected) == len(got) and all(
            key in got and is_same_part(value, got[key]) for key, value in expected.items()
        )
    return bool(expected == got)


def _is_close(expected: float, got: float, n_decimals: int) -> bool:
    if expected == got or (expected != expected and got != got):
        return True
    if isinstance(expected, int) and isinstance(got, int):
        return False
    if math.isclose(expected, got, rel_tol=1e-6, abs_tol=1e-9):
        return True
    written = re.fullmatch(r"-?\d+\.(\d+)", repr(expected))
    is_rounded = written is not None and len(written[1]) >= n_decimals
    return is_rounded and written is not None and round(got, len(written[1])) == expected


def _plain(value: Any) -> Any:
    """An array, a series or a number of numpy's as Python's own."""
    if type(value).__module__.partition(".")[0] in ("numpy", "pandas") and hasattr(value, "tolist"):
        return value.tolist()
    return value


def _is_expected(error: BaseException, expected: str, flags: int) -> bool:
    """Whether an exception is of a type, by its name or a base's, and has the message if given."""
    name, _, message = expected.partition(":")
    if name.strip().rpartition(".")[2] not in [kind.__name__ for kind in type(error).__mro__]:
        return False
    if not message.strip() or flags & doctest.IGNORE_EXCEPTION_DETAIL:
        return True
    texts = [str(error), *(str(part) for part in error.args[:1])]
    flags |= doctest.NORMALIZE_WHITESPACE
    return any(_is_printed(message.strip(), text.strip() + "\n", flags) for text in texts)


def _is_deliberate(error: BaseException) -> bool:
    """Whether a statement of the code raised it, rather than Python or a library it called."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return False
    line = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
    return line.strip().startswith(("raise", "assert"))


def encoded(value: Any, is_input: bool = False) -> Any:
    """A value as data to compare; the iterators among inputs are left unread."""
    return hashed(Encoder(is_input).encode(value, 0), MAX_ENCODED)


def _encoded_inputs(inputs: Any) -> Any:
    try:
        return encoded(inputs, is_input=True)
    except Exception:
        return None


def hashed(code: Any, limit: int) -> Any:
    """An encoded value, or its hash when it is long."""
    text = json.dumps(code)
    if len(text) <= limit:
        return code
    return {"t": "hash", "v": _hash(text), "of": code.get("t", "")}


class Encoder:
    """Encodes one value: so deep, so many parts, and no object inside itself."""

    def __init__(self, is_input: bool) -> None:
        self._is_input = is_input
        self._n_left = MAX_NODES
        self._above: set[int] = set()

    def encode(self, value: Any, depth: int) -> Any:
        self._n_left -= 1
        if self._n_left < 0 or depth > MAX_DEPTH:
            return {"t": "cut"}
        if (simple := _simple(value)) is not None:
            return simple
        if id(value) in self._above:
            return {"t": "cycle"}
        self._above.add(id(value))
        try:
            return self._compound(_plain_array(value), depth + 1)
        finally:
            self._above.discard(id(value))

    def _compound(self, value: Any, depth: int) -> Any:
        for kind in (list, tuple):
            if isinstance(value, kind):
                return self._sequence(kind.__name__, value, depth)
        if isinstance(value, dict):
            return {"t": "dict", "v": self._pairs(value.items(), depth)}
        if isinstance(value, (set, frozenset)):
            members = [self.encode(part, depth) for part in itertools.islice(value, MAX_NODES)]
            kind_name = "set" if isinstance(value, set) else "frozenset"
            return {"t": kind_name, "v": sorted(members, key=json.dumps), "n": len(value)}
        if isinstance(value, Array):
            return {"t": "ndarray", "v": self.encode(value.items, depth), "shape": value.shape}
        if not self._is_input and (items := _items(value)) is not None:
            return self._sequence("iterator", items, depth)
        return self._object(value, depth)

    def _sequence(self, kind: str, value: Any, depth: int) -> Any:
        first = [self.encode(part, depth) for part in value[:MAX_ITEMS]]
        code: dict[str, Any] = {"t": kind, "v": first}
        if len(value) > MAX_ITEMS:
            rest = list(value[MAX_ITEMS:])
            is_plain = {type(part) for part in rest} <= _PLAIN
            code["rest"] = [len(rest), _hash(repr(rest)) if is_plain else ""]
        return code

    def _pairs(self, items: Any, depth: int) -> Any:
        return [
            [self.encode(key, depth), self.encode(part, depth)]
            for key, part in itertools.islice(items, MAX_ITEMS)
        ]

    def _object(self, value: Any, depth: int) -> Any:
        name = type(value).__qualname__
        if isinstance(value, BaseException):
            return {"t": "object", "name": name, "v": [self.encode(value.args, depth)]}
        attributes = _attributes(value)
        if attributes is None:
            return {"t": "repr", "name": name, "v": _without_addresses(value)}
        return {"t": "object", "name": name, "v": self._pairs(sorted(attributes.items()), depth)}


@dataclasses.dataclass
class Array:
    """One of numpy's arrays."""

    items: Any
    shape: Any


def _plain_array(value: Any) -> Any:
    if type(value).__module__ == "numpy" and hasattr(value, "dtype") and hasattr(value, "tolist"):
        shape = [str(value.dtype), *map(int, value.shape)]
        return Array(value.tolist() if value.size <= MAX_NODES else shown(value), shape)
    return value


def _simple(value: Any) -> Any:
    """The code of a value without parts; None for any other."""
    if value is None or isinstance(value, bool):
        return {"t": "bool" if value is not None else "none", "v": value}
    if isinstance(value, enum.Enum):
        return {"t": "enum", "v": f"{type(value).__qualname__}.{value.name}"}
    if isinstance(value, int):
        return {"t": "int", "v": str(int(value)) if abs(value) < 1 << 4096 else _hash(hex(value))}
    if isinstance(value, float):
        return {"t": "float", "v": repr(float(value))}
    if isinstance(value, complex):
        return {"t": "complex", "v": repr(complex(value))}
    if isinstance(value, str):
        return {"t": "str", "v": _cut(str.__str__(value), MAX_STRING)}
    if isinstance(value, (bytes, bytearray)):
        return {"t": type(value).__name__, "v": _cut(value.hex(), MAX_STRING)}
    if isinstance(value, (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType)):
        return {"t": "name", "v": getattr(value, "__qualname__", value.__name__)}
    if isinstance(value, types.MethodType):
        return {"t": "name", "v": value.__qualname__}
    return None


def _items(value: Any) -> list[Any] | None:
    """The first items of an iterator, a view or a range; None for anything else."""
    if hasattr(value, "__anext__"):
        return list(asyncio.run(_collected(value)))
    views: tuple[type, ...] = (range, type({}.keys()), type({}.values()), type({}.items()))
    if isinstance(value, views) or hasattr(type(value), "__next__"):
        return list(itertools.islice(value, MAX_ITEMS))
    return None


async def _collected(source: Any) -> list[Any]:
    items: list[Any] = []
    async for item in source:
        items.append(item)
        if len(items) >= MAX_ITEMS:
            break
    return items


def _attributes(value: Any) -> dict[str, Any] | None:
    """An object's attributes; None for one that is better told by how Python writes it."""
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: getattr(value, name, None) for name in names}
    if hasattr(value, "__dict__"):
        return {str(name): part for name, part in vars(value).items()}
    written: object = type(value).__repr__
    if written is not object.__repr__:
        return None
    slots = [getattr(kind, "__slots__", ()) for kind in type(value).__mro__]
    names = [name for slot in slots for name in ([slot] if isinstance(slot, str) else slot)]
    return {name: getattr(value, name) for name in names if hasattr(value, name)}

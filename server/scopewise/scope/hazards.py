"""What in a piece of code, or around it, a small model overlooks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import tree_sitter

from scopewise.scope.python.hazards import nodes_in, python_hazards
from scopewise.scope.report import Binding, Hazard, HazardKind, Origin
from scopewise.scope.wording import counted
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange

_MAX_NAME = 40


def hazards(
    parsed: ParsedDocument,
    target: Definition | ByteRange,
    bindings: Iterable[Binding] = (),
    n_calling_files: int | None = None,
) -> tuple[Hazard, ...]:
    """The hazards of a definition or of a range, by line; of each kind on a line the first.

    Of a stub they are those of its class. Python is read closely; of other languages the node
    types and the names of calls that mean one thing only.
    """
    span = target.range if isinstance(target, Definition) else target
    found = list(_written(parsed, span, bindings))
    if parsed.language.id == "python":
        found += python_hazards(parsed, span)
    else:
        found += _by_table(parsed, span)
    if isinstance(target, Definition) and n_calling_files:
        found.append(_callers(parsed, target, n_calling_files))
    return tuple(_distinct(sorted(found, key=lambda hazard: hazard.line)))


def _distinct(found: list[Hazard]) -> Iterator[Hazard]:
    seen: set[tuple[HazardKind, int]] = set()
    messages: set[str] = set()
    for hazard in found:
        key = hazard.kind, hazard.line
        if key not in seen and hazard.message not in messages:
            yield hazard
        seen.add(key)
        messages.add(hazard.message)


def _callers(parsed: ParsedDocument, definition: Definition, n_files: int) -> Hazard:
    verb = "calls" if n_files == 1 else "call"
    line = parsed.snapshot.lines.line_of(definition.name_range.start) + 1
    message = f"is relied on: {counted(n_files, 'other file')} {verb} it"
    return Hazard(HazardKind.CALLERS, message, line)


def _written(
    parsed: ParsedDocument, span: ByteRange, bindings: Iterable[Binding]
) -> Iterator[Hazard]:
    """Names of the file that the code assigns to, as the bindings say."""
    for binding in bindings:
        if binding.is_written and binding.origin in (Origin.FILE, Origin.PROJECT):
            message = f"writes `{binding.name}`, shared by the whole file"
            yield Hazard(HazardKind.SHARED_STATE, message, binding.line)


# Other languages: a node type, or the name of what is called, that means one thing only.

_C, _S, _IO = HazardKind.CONCURRENCY, HazardKind.SHARED_STATE, HazardKind.INPUT_OUTPUT
_T, _D = HazardKind.TRANSACTION, HazardKind.DYNAMIC

_NODES: Mapping[str, Mapping[str, tuple[HazardKind, str]]] = {
    "javascript": {
        "await_expression": (_C, "waits for a promise"),
        "yield_expression": (_C, "gives control away in between"),
        "with_statement": (_D, "changes what names mean by `with`"),
    },
    "go": {
        "go_statement": (_C, "starts a goroutine"),
        "select_statement": (_C, "waits for channels"),
        "send_statement": (_C, "sends to a channel"),
        "receive_statement": (_C, "receives from a channel"),
    },
    "rust": {
        "await_expression": (_C, "waits for a future"),
        "async_block": (_C, "runs asynchronously"),
        "unsafe_block": (_D, "has an unsafe block"),
    },
    "java": {"synchronized_statement": (_C, "holds a monitor that threads share")},
    "cpp": {"co_await_expression": (_C, "waits in a coroutine")},
    "c": {"gnu_asm_expression": (_D, "contains assembly")},
    "bash": {"command_substitution": (_IO, "runs a command and reads its output")},
}

_CALLS: Mapping[str, tuple[tuple[HazardKind, str, str], ...]] = {
    "javascript": (
        (_D, r"eval|Function|Reflect\.\w+", "uses"),
        (_D, r"Object\.(?:defineProperty|setPrototypeOf)", "uses"),
        (_C, r"set(?:Timeout|Interval|Immediate)|queueMicrotask|Promise\.\w+", "uses"),
        (_C, r"Atomics\.\w+|process\.nextTick", "uses"),
        (_IO, r"fetch|axios(?:\.\w+)?|(?:fs|child_process|https?|net)\.\w+", "calls"),
        (_IO, r"(?:localStorage|sessionStorage)\.\w+|XMLHttpRequest|WebSocket", "calls"),
        (_T, r".*\.(?:commit|rollback|beginTransaction|transaction)", "calls"),
    ),
    "go": (
        (_C, r".*\.(?:R?Lock|R?Unlock|TryLock)|.*[wW][gG]\.(?:Add|Done|Wait)", "calls"),
        (_C, r"(?:sync|atomic)\.\w+", "calls"),
        (_IO, r"(?:os|ioutil|io|net|http|bufio|exec|sql)\.\w+", "calls"),
        (_T, r".*\.(?:Commit|Rollback|Begin|BeginTx)", "calls"),
        (_D, r"reflect\.\w+|unsafe\.\w+", "uses"),
        (_C, r"close", "closes a channel by"),
    ),
    "rust": (
        (_C, r".*\.(?:lock|try_lock|fetch_(?:add|sub|or|and))", "calls"),
        (_C, r"(?:\w+::)*(?:thread|tokio|rayon)::.*", "calls"),
        (_C, r"(?:\w+::)*(?:Mutex|RwLock|Arc|Atomic\w+|Condvar|mpsc)(?:::\w+)+", "uses"),
        (_IO, r"(?:\w+::)*(?:fs|File|Tcp\w+|UdpSocket|Command)(?:::\w+)+", "calls"),
        (_D, r"(?:\w+::)*(?:transmute|from_raw|from_raw_parts)", "uses"),
        (_T, r".*\.(?:commit|rollback|begin)", "calls"),
    ),
    "java": (
        (_C, r"(?:.*\.)?(?:lock|unlock|tryLock|notify|notifyAll|wait)", "calls"),
        (_C, r"(?:.*\.)?(?:submit|await|acquire)", "calls"),
        (_C, r"Thread|CompletableFuture(?:\.\w+)?|Executors\.\w+|ExecutorService", "uses"),
        (_D, r"Class\.forName|.*\.(?:getDeclared\w+|setAccessible|invoke)", "uses"),
        (_IO, r"Files\.\w+|File(?:Reader|Writer|(?:In|Out)putStream)|Socket", "uses"),
        (_T, r".*\.(?:commit|rollback|setAutoCommit|beginTransaction)", "calls"),
    ),
    "c": (
        (_C, r"pthread_\w+|sem_\w+|mtx_\w+|thrd_\w+|atomic_\w+|fork|signal|sigaction", "calls"),
        (_IO, r"f(?:open|close|read|write|gets|puts|scanf|printf)|open|read|write|socket|connect"
         r"|bind|listen|accept|send|recv|system|popen|execv?p?e?|unlink|rename", "calls"),
        (_D, r"setjmp|longjmp|dlopen|dlsym", "calls"),
    ),
    "cpp": (
        (_C, r"(?:std::)?(?:j?thread|async|\w+_(?:guard|lock)|mutex)(?:<.*>)?", "uses"),
        (_C, r".*(?:\.|->)(?:(?:try_)?(?:un)?lock|notify_\w+|fetch_add|detach)", "calls"),
        (_IO, r"(?:std::)?(?:i|o)?fstream|(?:std::)?filesystem::\w+", "uses"),
        (_D, r"reinterpret_cast.*|const_cast.*", "uses"),
    ),
    "bash": (
        (_D, r"eval", "uses"),
        (_C, r"wait|flock|trap", "uses"),
        (_IO, r"rm|mv|cp|curl|wget|ssh|scp|mkdir|tee|dd|chmod|chown|ln|touch|read", "runs"),
    ),
}  # fmt: skip
_PARENTS = {"typescript": ("javascript",), "tsx": ("javascript",), "cpp": ("c",)}
_CALL_NODES = {
    "call_expression": "function",
    "new_expression": "constructor",
    "object_creation_expression": "type",
    "command": "name",
}


def _by_table(parsed: ParsedDocument, span: ByteRange) -> Iterator[Hazard]:
    tables = (parsed.language.id, *_PARENTS.get(parsed.language.id, ()))
    nodes = {key: row for table in tables for key, row in _NODES.get(table, {}).items()}
    calls = [row for table in tables for row in _CALLS.get(table, ())]
    for node in nodes_in(parsed.root, span):
        line = node.start_point.row + 1
        if node.type in nodes:
            yield Hazard(*nodes[node.type], line)
        called = _called(node)
        for kind, pattern, verb in calls if called else ():
            if re.fullmatch(pattern, called):
                yield Hazard(kind, f"{verb} `{called[:_MAX_NAME]}`", line)
                break


def _called(node: tree_sitter.Node) -> str:
    """What a call names, without its arguments; empty for other nodes."""
    if node.type == "method_invocation":
        names = (node.child_by_field_name("object"), node.child_by_field_name("name"))
        return ".".join(_text(name) for name in names if name is not None)
    field = _CALL_NODES.get(node.type)
    name = node.child_by_field_name(field) if field else None
    return _text(name) if name is not None else ""


def _text(node: tree_sitter.Node) -> str:
    text = node.text.decode("utf-8", errors="replace") if node.text else ""
    return "".join(text.split())

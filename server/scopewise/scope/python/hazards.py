"""The hazards of Python code, read from its syntax tree and from the class around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

import tree_sitter

from scopewise.scope.imports import imported_names
from scopewise.scope.report import Hazard, HazardKind
from scopewise.syntax.tree import ParsedDocument
from scopewise.text import ByteRange

_MUTATING = frozenset({
    "append", "extend", "insert", "remove", "pop", "popitem", "clear", "sort", "reverse",
    "update", "setdefault", "add", "discard", "appendleft", "popleft", "extendleft",
    "difference_update", "intersection_update", "symmetric_difference_update", "rotate",
})  # fmt: skip
"""Methods of Python's own containers that change them."""

_LOCKS = re.compile(
    r"(?:threading|multiprocessing|mp|asyncio|anyio|trio|aiorwlock|filelock)?\.?"
    r"(?:R?Lock|Condition|(?:Bounded)?Semaphore|FileLock|RWLock)"
)
_CONCURRENT = re.compile(
    r"(?:threading|multiprocessing|mp|concurrent\.futures|futures|asyncio|queue|trio|anyio"
    r"|gevent|_thread|sched)\.\w+(?:\.\w+)*"
    r"|Thread|Timer|Process|Pool|(?:Thread|Process)PoolExecutor|(?:Simple|Lifo|Priority)?Queue"
    r"|Event|Barrier|create_task|ensure_future|gather|run_in_executor|Future|Manager"
)
_CONCURRENT_ONLY_IMPORTED = frozenset({"Timer", "Process", "Pool", "Event", "Manager", "gather"})
_TRANSACTION_METHODS = frozenset({
    "commit", "rollback", "begin", "begin_nested", "savepoint", "atomic", "start_transaction",
})  # fmt: skip
_TRANSACTION_OWNER = re.compile(
    r"(?:.*[._])?(?:session|conn|connection|db|database|transaction|tx|txn|cursor|engine|uow)\w*",
    re.IGNORECASE,
)
_IO_CALLS = re.compile(
    r"open|input|io\.open|codecs\.open|gzip\.open|bz2\.open|lzma\.open|tarfile\.open|fileinput\.\w+"
    r"|os\.(?:open|read|write|remove|unlink|rename|replace|mkdir|makedirs|rmdir|removedirs|system"
    r"|popen|kill|listdir|scandir|walk|stat|chmod|chown|link|symlink|exec\w+|spawn\w+|putenv)"
    r"|shutil\.\w+|socket\.\w+|subprocess\.\w+|requests\.\w+|httpx\.\w+|aiohttp\.\w+"
    r"|urllib\.request\.\w+|urllib3\.\w+|urlopen|smtplib\.\w+|ftplib\.\w+|paramiko\.\w+"
    r"|sqlite3\.connect|psycopg2?\.connect|pymysql\.connect|redis\.\w+|tempfile\.\w+"
    r"|sys\.stdin\.\w+|zipfile\.ZipFile|select\.\w+|ssl\.\w+"
)
_IO_METHODS = frozenset({
    "read_text", "write_text", "read_bytes", "write_bytes", "unlink", "mkdir", "rmdir", "touch",
    "recv", "recvfrom", "sendall", "sendto", "urlopen", "execute", "executemany", "executescript",
    "readline", "readlines", "writelines",
})  # fmt: skip
_DYNAMIC_CALLS = {
    "eval": "runs text as code by `eval`",
    "exec": "runs text as code by `exec`",
    "compile": "turns text into code by `compile`",
    "__import__": "imports by a name worked out at run time",
    "importlib.import_module": "imports by a name worked out at run time",
    "import_module": "imports by a name worked out at run time",
    "globals": "reaches into `globals()`",
    "locals": "reaches into `locals()`",
    "setattr": "sets attributes by name with `setattr`",
    "delattr": "deletes attributes by name with `delattr`",
    "sys.setrecursionlimit": "changes the interpreter's limits",
    "sys._getframe": "looks at the stack by `sys._getframe`",
}
_DYNAMIC_ATTRIBUTES = frozenset({"__dict__", "__class__", "__globals__", "__code__", "modules"})
_BROAD = frozenset({"Exception", "BaseException"})
_LOGS = re.compile(r"\b(?:log\w*|warn\w*|traceback|print_exc|report\w*|capture_exception)\b", re.I)
_RECEIVERS = frozenset({"self", "cls"})
_LOCK_NAME = re.compile(r"(?:.*_)?(?:r?lock|mutex|semaphore|condition)(?:_\w+)?", re.IGNORECASE)


def python_hazards(parsed: ParsedDocument, span: ByteRange) -> list[Hazard]:
    """The hazards of a range of a Python file, in no order."""
    return list(_Reader(parsed, span).hazards())


class _Reader:
    """One walk over the nodes of a range, and what the file around it says of its names."""

    def __init__(self, parsed: ParsedDocument, span: ByteRange) -> None:
        self._parsed = parsed
        self._span = span
        self._function = self._enclosing(("function_definition",))
        self._class = self._enclosing(("class_definition",))

    def hazards(self) -> Iterator[Hazard]:
        readers: dict[str, Callable[[tree_sitter.Node], Iterator[Hazard]]] = {
            "call": self._call,
            "assignment": self._assignment,
            "augmented_assignment": self._assignment,
            "delete_statement": self._delete,
            "global_statement": self._global,
            "except_clause": self._except,
            "attribute": self._attribute,
            "await": self._await,
            "with_item": self._with,
        }
        for node in self._nodes:
            if node.type in readers:
                yield from readers[node.type](node)
            yield from self._asynchronous(node)
        yield from self._of_class()

    # What is around

    @cached_property
    def _nodes(self) -> list[tree_sitter.Node]:
        return list(nodes_in(self._parsed.root, self._span))

    def _enclosing(self, types: tuple[str, ...]) -> tree_sitter.Node | None:
        """The innermost definition of a type that begins in or around the range."""
        inside = _first_of(self._parsed.root, self._span, types)
        if inside is not None:
            return inside
        node = self._parsed.root.named_descendant_for_byte_range(self._span.start, self._span.end)
        while node is not None and node.type not in types:
            node = node.parent
        return node

    @cached_property
    def _parameters(self) -> frozenset[str]:
        """Of the function, as long as they keep the object they were given."""
        node = self._function.child_by_field_name("parameters") if self._function else None
        names = {_parameter_name(child) for child in node.named_children} if node else set()
        return frozenset(names - _RECEIVERS - self._rebound - {""})

    @cached_property
    def _rebound(self) -> frozenset[str]:
        """Names that the code gives another object."""
        targets = (n.child_by_field_name("left") for n in self._nodes if n.type == "assignment")
        return frozenset(_text(t) for t in targets if t is not None and t.type == "identifier")

    @cached_property
    def _module_variables(self) -> dict[str, int]:
        return {_text(name): name.start_point.row + 1 for name in _assigned(self._parsed.root)}

    @cached_property
    def _class_variables(self) -> dict[str, int]:
        body = self._class.child_by_field_name("body") if self._class else None
        return {_text(n): n.start_point.row + 1 for n in _assigned(body)} if body else {}

    @cached_property
    def _fields(self) -> dict[str, tuple[str, int]]:
        """What the class calls to make its fields: name to (callee, line)."""
        found: dict[str, tuple[str, int]] = {}
        for node in _below(self._class) if self._class else ():
            if node.type != "assignment":
                continue
            target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
            name = _own_field(target)
            if name and value is not None and value.type == "call":
                callee = _text(value.child_by_field_name("function"))
                found.setdefault(name, (self._full(callee), node.start_point.row + 1))
        return found

    @cached_property
    def _own_locks(self) -> dict[str, int]:
        return {name: line for name, (made, line) in self._fields.items() if _LOCKS.fullmatch(made)}

    @cached_property
    def _guarded(self) -> dict[str, tuple[str, int]]:
        """Fields that other methods use while they hold a lock: name to (lock, line)."""
        found: dict[str, tuple[str, int]] = {}
        for node in _below(self._class) if self._class else ():
            lock = self._lock_held(node) if node.type == "with_statement" else ""
            if not lock or self._span.contains(ByteRange(node.start_byte, node.end_byte)):
                continue
            for inner in _below(node):
                name = _own_field(inner)
                if name and name not in self._own_locks and f"self.{name}" != lock:
                    found.setdefault(name, (lock, inner.start_point.row + 1))
        return found

    @cached_property
    def _modules(self) -> dict[str, str]:
        """What imported names stand for: `sp` to `subprocess`, `Thread` to `threading.Thread`."""
        return {
            name.bound: f"{name.module}.{name.attribute}" if name.attribute else name.module
            for name in imported_names(self._parsed)
            if name.bound != name.module.split(".")[0] or name.attribute
        }

    def _full(self, dotted: str) -> str:
        head, dot, rest = dotted.partition(".")
        return f"{self._modules.get(head, head)}{dot}{rest}"

    # What nodes say

    def _call(self, node: tree_sitter.Node) -> Iterator[Hazard]:
        function = node.child_by_field_name("function")
        if function is None:
            return
        dotted = "".join(_text(function).split())
        full = self._full(dotted)
        yield from self._named_call(node, dotted, full)
        if function.type == "attribute":
            yield from self._method_call(node, function)

    def _named_call(self, node: tree_sitter.Node, dotted: str, full: str) -> Iterator[Hazard]:
        if full in _DYNAMIC_CALLS and not self._is_literal_import(node, full):
            yield _hazard(HazardKind.DYNAMIC, _DYNAMIC_CALLS[full], node)
        elif full == "getattr" and not _has_literal_name(node):
            message = "reads attributes by a name worked out at run time"
            yield _hazard(HazardKind.DYNAMIC, message, node)
        if _IO_CALLS.fullmatch(full):
            yield _hazard(HazardKind.INPUT_OUTPUT, f"calls `{dotted}`", node)
        is_bare = full in _CONCURRENT_ONLY_IMPORTED
        if _LOCKS.fullmatch(full) or (_CONCURRENT.fullmatch(full) and not is_bare):
            yield _hazard(HazardKind.CONCURRENCY, f"uses `{dotted}`", node)
        if full in ("contextlib.suppress", "suppress") and _BROAD & set(_arguments(node)):
            yield _hazard(HazardKind.SWALLOWED_EXCEPTION, "suppresses every exception", node)

    def _method_call(self, node: tree_sitter.Node, function: tree_sitter.Node) -> Iterator[Hazard]:
        owner = function.child_by_field_name("object")
        method = _text(function.child_by_field_name("attribute"))
        shown = _short(_text(owner))
        if method in _TRANSACTION_METHODS and _TRANSACTION_OWNER.fullmatch(shown):
            message = f"is part of a transaction: calls `{shown}.{method}`"
            yield _hazard(HazardKind.TRANSACTION, message, node)
        elif method in ("acquire", "release"):
            yield _hazard(HazardKind.CONCURRENCY, f"takes or gives back `{shown}`", node)
        elif method in _IO_METHODS and not self._is_import(owner):
            yield _hazard(HazardKind.INPUT_OUTPUT, f"calls `{shown}.{method}`", node)
        elif method in _MUTATING and owner is not None:
            yield from self._change(owner, node)

    def _assignment(self, node: tree_sitter.Node) -> Iterator[Hazard]:
        left = node.child_by_field_name("left")
        for target in _targets(left) if left is not None else ():
            if target.type == "subscript":
                value = target.child_by_field_name("value")
                if value is not None:
                    yield from self._change(value, node)
            elif target.type == "attribute":
                yield from self._set(target, node)
            elif node.type == "augmented_assignment" and self._is_container(node):
                yield from self._change(target, node)

    def _delete(self, node: tree_sitter.Node) -> Iterator[Hazard]:
        for target in _targets(node.named_children[0]) if node.named_children else ():
            value = target.child_by_field_name("value") or target.child_by_field_name("object")
            if value is not None:
                yield from self._change(value, node)

    def _global(self, node: tree_sitter.Node) -> Iterator[Hazard]:
        for name in node.named_children:
            message = f"writes `{_text(name)}`, a global of the module"
            yield _hazard(HazardKind.SHARED_STATE, message, node)

    def _change(self, changed: tree_sitter.Node, at: tree_sitter.Node) -> Iterator[Hazard]:
        """A container that is changed in place: whose is it?"""
        name = _text(changed)
        field = _own_field(changed)
        if name in self._parameters:
            yield _hazard(HazardKind.ARGUMENT_MUTATION, f"changes its argument `{name}`", at)
        elif changed.type == "identifier" and self._is_module_variable(name):
            message = f"changes `{name}`, a variable of the module"
            yield _hazard(HazardKind.SHARED_STATE, message, at)
        elif field in self._class_variables and field not in self._fields:
            message = f"changes `{name}`, shared by all instances"
            yield _hazard(HazardKind.SHARED_STATE, message, at)
        elif field:
            yield from self._unguarded(field, at)
        elif changed.type == "subscript" and (inner := changed.child_by_field_name("value")):
            yield from self._change(inner, at)
        elif changed.type == "attribute" and (owner := changed.child_by_field_name("object")):
            yield from self._change_inside(owner, changed, at)

    def _change_inside(
        self, owner: tree_sitter.Node, changed: tree_sitter.Node, at: tree_sitter.Node
    ) -> Iterator[Hazard]:
        name = _text(owner)
        if name in self._parameters:
            yield from self._change(owner, at)
        elif name in self._module_names and not self._is_bound_here(name):
            message = f"changes `{_text(changed)}`, shared by the whole process"
            yield _hazard(HazardKind.SHARED_STATE, message, at)

    def _set(self, target: tree_sitter.Node, at: tree_sitter.Node) -> Iterator[Hazard]:
        """An attribute that is assigned: of what?"""
        owner, field = target.child_by_field_name("object"), _own_field(target)
        name = _text(owner)
        class_name = _text(self._class.child_by_field_name("name")) if self._class else ""
        if name in ("cls", "self.__class__", "type(self)", "__class__") or name == class_name != "":
            message = f"writes `{_text(target)}`, an attribute of the class"
            yield _hazard(HazardKind.SHARED_STATE, message, at)
        elif field:
            yield from self._unguarded(field, at)
        elif name in self._parameters:
            message = f"sets `{_text(target)}` of its argument"
            yield _hazard(HazardKind.ARGUMENT_MUTATION, message, at)
        elif name in self._modules or name in self._module_names:
            message = f"replaces `{_text(target)}` for everyone who uses it"
            yield _hazard(HazardKind.DYNAMIC, message, at)

    def _unguarded(self, field: str, at: tree_sitter.Node) -> Iterator[Hazard]:
        """A field that other methods use under a lock; nobody else knows an object being made."""
        if self._function and _text(self._function.child_by_field_name("name")) == "__init__":
            return
        lock, line = self._guarded.get(field, ("", 0))
        if lock:
            how = "under" if self._is_held(at) else "not under"
            message = f"writes `self.{field}`, which `{lock}` guards (as on line {line}), {how} it"
            yield _hazard(HazardKind.SHARED_STATE, message, at)
        elif self._is_held(at):
            message = f"writes `self.{field}` while it holds a lock"
            yield _hazard(HazardKind.SHARED_STATE, message, at)

    def _attribute(self, node: tree_sitter.Node) -> Iterator[Hazard]:
        name = _text(node.child_by_field_name("attribute"))
        if name in _DYNAMIC_ATTRIBUTES:
            is_modules = _text(node) == "sys.modules"
            is_type_name = name == "__class__"
            if is_modules or not (name == "modules" or is_type_name):
                yield _hazard(HazardKind.DYNAMIC, f"reaches into `{_short(_text(node))}`", node)
        field = _own_field(node)
        if field in self._own_locks:
            yield _hazard(
                HazardKind.CONCURRENCY, f"uses `self.{field}`, shared between threads", node
            )
        elif field in self._fields and _CONCURRENT.fullmatch(self._fields[field][0]):
            made, _ = self._fields[field]
            if made not in _CONCURRENT_ONLY_IMPORTED:
                yield _hazard(HazardKind.CONCURRENCY, f"uses `self.{field}`, a `{made}`", node)

    def _with(self, node: tree_sitter.Node) -> Iterator[Hazard]:
        held = _text(node.child_by_field_name("value"))
        name = held.rpartition(".")[2]
        if _LOCK_NAME.fullmatch(name) and held.removeprefix("self.") not in self._own_locks:
            yield _hazard(HazardKind.CONCURRENCY, f"holds `{held}`, shared between threads", node)
        if re.fullmatch(r"(?:.*\.)?(?:atomic|transaction)(?:\(.*\))?", held):
            message = f"is a transaction by `with {_short(held)}`"
            yield _hazard(HazardKind.TRANSACTION, message, node)

    def _await(self, node: tree_sitter.Node) -> Iterator[Hazard]:
        awaited = node.named_children[0] if node.named_children else None
        function = awaited.child_by_field_name("function") if awaited is not None else None
        shown = _short(_text(function if function is not None else awaited))
        message = f"awaits `{shown}`, while other tasks go on"
        yield _hazard(HazardKind.CONCURRENCY, message, node)

    def _asynchronous(self, node: tree_sitter.Node) -> Iterator[Hazard]:
        first = node.children[0].type if node.children else ""
        if first == "async":
            what = "is a coroutine" if node.type == "function_definition" else "runs asynchronously"
            yield _hazard(HazardKind.CONCURRENCY, what, node)

    def _except(self, node: tree_sitter.Node) -> Iterator[Hazard]:
        if not node.named_children:
            return
        *types, block = node.named_children
        if any(child.type == "raise_statement" for child in _below(block)):
            return
        caught = _text(types[0]) if types else ""
        broad = not caught or bool(_BROAD & set(re.split(r"\W+", caught)))
        if caught and " as " in caught:
            bound = caught.rpartition(" as ")[2].strip()
            broad = broad and re.search(rf"\b{re.escape(bound)}\b", _text(block)) is None
        if broad and not _LOGS.search(_text(block)):
            yield _hazard(HazardKind.SWALLOWED_EXCEPTION, "swallows every exception", node)

    def _of_class(self) -> Iterator[Hazard]:
        """Locks of the class, for a stub in it does not use them yet."""
        if self._function is None or not _is_empty(self._function):
            return
        for name, line in self._own_locks.items():
            message = f"belongs to a class whose fields `self.{name}` guards between threads"
            yield Hazard(HazardKind.CONCURRENCY, message, line)

    # Questions

    @cached_property
    def _module_names(self) -> frozenset[str]:
        return frozenset(name.bound for name in imported_names(self._parsed))

    def _is_import(self, owner: tree_sitter.Node | None) -> bool:
        return _text(owner) in self._module_names and _text(owner) not in ("os", "shutil")

    def _is_module_variable(self, name: str) -> bool:
        own = self._parameters | self._rebound
        return name in self._module_variables and name not in own and not self._is_bound_here(name)

    def _is_bound_here(self, name: str) -> bool:
        """Whether the code itself binds a name by a loop, a `with` or the like."""
        kinds = ("for_statement", "for_in_clause", "as_pattern")
        binding = [node for node in self._nodes if node.type in kinds]
        lefts = [n.child_by_field_name("left") or n.child_by_field_name("alias") for n in binding]
        if name in {_text(inner) for left in lefts if left for inner in _targets(left)}:
            return True
        parameters = self._function.child_by_field_name("parameters") if self._function else None
        listed = parameters.named_children if parameters is not None else []
        return name in {_parameter_name(child) for child in listed}

    def _is_container(self, node: tree_sitter.Node) -> bool:
        """Whether an augmented assignment adds a container, which changes the left side."""
        right = node.child_by_field_name("right")
        kinds = ("list", "dictionary", "set", "list_comprehension", "dictionary_comprehension")
        return right is not None and right.type in kinds

    def _is_literal_import(self, node: tree_sitter.Node, full: str) -> bool:
        return "import" in full and _first_argument_is_literal(node)

    def _is_held(self, node: tree_sitter.Node) -> bool:
        around = node.parent
        while around is not None and around.start_byte >= self._span.start:
            if around.type == "with_statement" and self._lock_held(around):
                return True
            around = around.parent
        return False

    def _lock_held(self, statement: tree_sitter.Node) -> str:
        for node in _below(statement.named_children[0]) if statement.named_children else ():
            held = _text(node.child_by_field_name("value")) if node.type == "with_item" else ""
            name = held.rpartition(".")[2]
            if held.startswith("self.") and (name in self._own_locks or _LOCK_NAME.fullmatch(name)):
                return held
        return ""


# Nodes


def _hazard(kind: HazardKind, message: str, node: tree_sitter.Node) -> Hazard:
    return Hazard(kind, message, node.start_point.row + 1)


def nodes_in(root: tree_sitter.Node, span: ByteRange) -> Iterator[tree_sitter.Node]:
    """The named nodes that begin in a range, in order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.start_byte >= span.end or node.end_byte <= span.start:
            continue
        if node.start_byte >= span.start:
            yield node
        waiting.extend(reversed(node.named_children))


def _below(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    yield from nodes_in(node, ByteRange(node.start_byte, node.end_byte))


def _first_of(
    root: tree_sitter.Node, span: ByteRange, types: tuple[str, ...]
) -> tree_sitter.Node | None:
    """The definition that a range is, decorators and all; None when it is something else."""
    node = next(nodes_in(root, span), None)
    if node is not None and node.type == "decorated_definition":
        node = node.child_by_field_name("definition")
    return node if node is not None and node.type in types else None


def _targets(left: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    kinds = ("pattern_list", "tuple_pattern", "list_pattern", "expression_list", "tuple")
    if left.type in kinds:
        for child in left.named_children:
            yield from _targets(child)
    else:
        yield left


def _assigned(block: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The names that the statements of a block assign to."""
    for statement in block.named_children:
        node = statement.named_children[0] if statement.named_children else None
        if statement.type == "expression_statement" and node is not None:
            left = node.child_by_field_name("left") if node.type == "assignment" else None
            for target in _targets(left) if left is not None else ():
                if target.type == "identifier":
                    yield target


def _own_field(node: tree_sitter.Node | None) -> str:
    """The field that `self.field` names; empty for anything else."""
    if node is None or node.type != "attribute":
        return ""
    owner = _text(node.child_by_field_name("object"))
    return _text(node.child_by_field_name("attribute")) if owner == "self" else ""


def _parameter_name(node: tree_sitter.Node) -> str:
    """Of a parameter's node; of `*args` and `**options`, which are fresh objects, none."""
    named = node.child_by_field_name("name")
    if node.type == "typed_parameter" and named is None and node.named_children:
        named = node.named_children[0]
    named = named or node
    return _text(named) if named.type == "identifier" else ""


def _is_empty(function: tree_sitter.Node) -> bool:
    """Whether a body says nothing but documentation, `pass`, `...` or that it is missing."""
    body = function.child_by_field_name("body")
    statements = body.named_children if body is not None else []
    return all(_is_filler(s) for s in statements)


def _is_filler(statement: tree_sitter.Node) -> bool:
    if statement.type == "expression_statement" and statement.named_children:
        return statement.named_children[0].type in ("string", "ellipsis")
    is_missing = statement.type == "raise_statement" and "NotImplementedError" in _text(statement)
    return is_missing or statement.type in ("pass_statement", "comment")


def _arguments(call: tree_sitter.Node) -> list[str]:
    arguments = call.child_by_field_name("arguments")
    return [_text(child) for child in arguments.named_children] if arguments is not None else []


def _has_literal_name(call: tree_sitter.Node) -> bool:
    arguments = call.child_by_field_name("arguments")
    listed = arguments.named_children if arguments is not None else []
    return len(listed) > 1 and listed[1].type == "string" and "{" not in _text(listed[1])


def _first_argument_is_literal(call: tree_sitter.Node) -> bool:
    arguments = call.child_by_field_name("arguments")
    listed = arguments.named_children if arguments is not None else []
    return bool(listed) and listed[0].type == "string"


def _short(text: str) -> str:
    """A piece of code on one line, cut where it gets long."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:37]}..."


def _text(node: tree_sitter.Node | None) -> str:
    return node.text.decode("utf-8", errors="replace") if node is not None and node.text else ""

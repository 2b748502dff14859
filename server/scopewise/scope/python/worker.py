"""The process that runs jedi: reads orders from stdin, a JSON object a line, answers on stdout.

A process of its own, because jedi holds the interpreter's lock while it infers, and because the
only way to stop it is to end it.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jedi
import msgspec
import platformdirs

from scopewise.scope.python.names import Answer, Follow, Lead

# Looks for calls to guess at parameters without annotations: twice the time for few more names.
jedi.settings.dynamic_params = False
jedi.settings.cache_directory = platformdirs.user_cache_dir("scopewise", appauthor=False) + "/jedi"

_N_CANDIDATES = 5
_PACKAGES = frozenset({"site-packages", "dist-packages"})


def main() -> None:
    """Answers until the pipe is closed."""
    answers = sys.stdout.buffer
    # What a library prints must not get between the answers.
    sys.stdout = sys.stderr
    orders: queue.SimpleQueue[Follow | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(orders,), daemon=True).start()
    # jedi imports compiled modules that lie on this path: the standard library's are safe to.
    sys.path[:] = _standard_library()
    environment = jedi.api.environment.InterpreterEnvironment()
    while (order := orders.get()) is not None:
        for answer in _answers(order, environment, orders):
            answers.write(msgspec.json.encode(answer) + b"\n")
            answers.flush()


def _standard_library() -> list[str]:
    return [
        folder
        for folder in sys.path
        if Path(folder).is_relative_to(sys.base_prefix) and _PACKAGES.isdisjoint(Path(folder).parts)
    ]


def _read(orders: queue.SimpleQueue[Follow | None]) -> None:
    for line in sys.stdin.buffer:
        orders.put(msgspec.json.decode(line, type=Follow))
    orders.put(None)


def _answers(
    order: Follow, environment: Any, orders: queue.SimpleQueue[Follow | None]
) -> Iterator[Answer]:
    """An answer a position, and one at the end; a newer order puts an end to an older one."""
    script = _script(order, environment)
    for index, (line, column) in enumerate(order.positions):
        if not orders.empty():
            break
        yield Answer(order.id, index, _leads(script, line, column))
    yield Answer(order.id, len(order.positions), is_last=True)


def _script(order: Follow, environment: Any) -> jedi.Script:
    project = jedi.Project(
        order.root or Path.cwd(),
        added_sys_path=order.sys_path,
        # Looking for a project's folders by what its files do to `sys.path` reads all of them.
        smart_sys_path=False,
    )
    path = order.path or None
    return jedi.Script(order.source, path=path, project=project, environment=environment)


def _leads(script: jedi.Script, line: int, column: int) -> tuple[Lead, ...]:
    try:
        names = script.goto(line, column, follow_imports=True)
        return tuple(_lead(name) for name in names[:_N_CANDIDATES])
    except Exception:  # jedi raises whatever its inference runs into, RecursionError included.
        return ()


def _lead(name: Any) -> Lead:
    path = name.module_path
    return Lead(
        module=name.module_name or "",
        qualified_name=_qualified_name(name),
        path=str(path) if path else "",
        line=name.line or 0,
        column=name.column or 0,
        kind=name.type,
        is_builtin=name.in_builtin_module(),
    )


def _qualified_name(name: Any) -> str:
    if name.type == "module":
        return ""
    dotted = name.full_name or name.name
    parts = dotted.removeprefix(f"{name.module_name}.").split(".")
    if len(parts) > 2 and _is_attribute(name):
        # Set in a method, it is a member of the class.
        del parts[-2]
    return ".".join(parts)


def _is_attribute(name: Any) -> bool:
    line: str = name.get_line_code()
    return bool(name.type == "statement") and line[: name.column].rstrip().endswith(".")


if __name__ == "__main__":
    main()

"""Whose module an import names, in the languages other than Python, by how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from scopewise.scope.report import Origin
from scopewise.syntax.tree import ParsedDocument

_NODE = frozenset(
    re.findall(
        r"\w+",
        "assert async_hooks buffer child_process cluster console constants crypto dgram dns "
        "domain events fs http http2 https inspector module net os path perf_hooks process "
        "punycode querystring readline repl stream string_decoder test timers tls trace_events "
        "tty url util v8 vm wasi worker_threads zlib",
    )
)
"""The modules that come with Node.js."""


def origin_of_module(parsed: ParsedDocument, module: str) -> Origin:
    """Whose a module is; the third party's where its name does not say."""
    judge = _JUDGES.get(parsed.language.id)
    return judge(parsed, module.strip("\"'`<> ")) if judge else Origin.THIRD_PARTY


def _node(parsed: ParsedDocument, module: str) -> Origin:
    if module.startswith((".", "/", "@/", "~/", "#")):
        return Origin.PROJECT
    is_node = module.startswith("node:") or module.partition("/")[0] in _NODE
    return Origin.STANDARD_LIBRARY if is_node else Origin.THIRD_PARTY


def _go(parsed: ParsedDocument, module: str) -> Origin:
    own = _go_module(parsed.snapshot.path)
    if own and (module == own or module.startswith(f"{own}/")):
        return Origin.PROJECT
    is_standard = "." not in module.partition("/")[0]
    return Origin.STANDARD_LIBRARY if is_standard else Origin.THIRD_PARTY


def _go_module(path: Path | None) -> str:
    """The name in the nearest `go.mod`; empty for none."""
    for folder in path.parents if path else ():
        try:
            text = (folder / "go.mod").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        lines = (line.split() for line in text.splitlines())
        return next((words[1] for words in lines if words[:1] == ["module"] and words[1:]), "")
    return ""


def _rust(parsed: ParsedDocument, module: str) -> Origin:
    top = module.removeprefix("::").partition("::")[0]
    if top in ("crate", "self", "super", "Self"):
        return Origin.PROJECT
    if top in ("std", "core", "alloc", "proc_macro", "test"):
        return Origin.STANDARD_LIBRARY
    path = parsed.snapshot.path
    places = (f"{top}.rs", f"{top}/mod.rs")
    is_beside = path is not None and any((path.parent / place).is_file() for place in places)
    return Origin.PROJECT if is_beside else Origin.THIRD_PARTY


def _java(parsed: ParsedDocument, module: str) -> Origin:
    if module.startswith(("java.", "javax.", "jdk.")):
        return Origin.STANDARD_LIBRARY
    own = _java_package(parsed).split(".")[:2]
    return Origin.PROJECT if own == module.split(".")[: len(own)] else Origin.THIRD_PARTY


def _java_package(parsed: ParsedDocument) -> str:
    for line in parsed.snapshot.text.splitlines():
        if line.startswith("package "):
            return line.removeprefix("package ").rstrip("; \t")
    return ""


_JUDGES: dict[str, Callable[[ParsedDocument, str], Origin]] = {
    "javascript": _node,
    "typescript": _node,
    "tsx": _node,
    "go": _go,
    "rust": _rust,
    "java": _java,
}

"""What in a piece of code, or around it, a small model overlooks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import tree_sitter

from scopewise.scope.python.hazards import nodes_in, python_hazards
from scopewise.scope.report import Binding, Hazard, HazardKind, Origin
from scopewise.scope.wording import counted
from scopewise.syntax.languages import grammars_folder, lineage
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


# Other languages: `hazards.toml`


@dataclass(frozen=True)
class _CallRule:
    kind: HazardKind
    verb: str
    name: re.Pattern[str]
    """Of the whole name of what is called."""


@dataclass(frozen=True)
class _Table:
    nodes: Mapping[str, tuple[HazardKind, str]]
    """By the type of a node: the kind, and the message."""
    calls: tuple[_CallRule, ...]


@cache
def _table(folder: str) -> _Table:
    """What a language's folder names as hazards, and after it those it extends."""
    nodes: dict[str, tuple[HazardKind, str]] = {}
    calls: list[_CallRule] = []
    for each in lineage(folder):
        path = grammars_folder() / each / "hazards.toml"
        table = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        for node, (kind, message) in table.get("nodes", {}).items():
            nodes.setdefault(node, (HazardKind(kind), message))
        calls += (_call_rule(row) for row in table.get("calls", []))
    return _Table(nodes, tuple(calls))


def _call_rule(row: Mapping[str, str]) -> _CallRule:
    return _CallRule(HazardKind(row["kind"]), row["verb"], re.compile(row["name"]))


_CALL_NODES = {
    "call_expression": "function",
    "new_expression": "constructor",
    "object_creation_expression": "type",
    "command": "name",
}


def _by_table(parsed: ParsedDocument, span: ByteRange) -> Iterator[Hazard]:
    table = _table(parsed.language.id)
    for node in nodes_in(parsed.root, span):
        line = node.start_point.row + 1
        if node.type in table.nodes:
            yield Hazard(*table.nodes[node.type], line)
        called = _called(node)
        rule = next((r for r in table.calls if called and r.name.fullmatch(called)), None)
        if rule is not None:
            yield Hazard(rule.kind, f"{rule.verb} `{called[:_MAX_NAME]}`", line)


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

"""Gets the code out of what a model wrote."""

from __future__ import annotations

import re
import textwrap

import tree_sitter

from scopewise.document import DocumentSnapshot
from scopewise.syntax.languages import Language
from scopewise.syntax.tree import Definition, ParsedDocument, parse
from scopewise.text import ByteRange

_FENCED = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n(.*?)(?:^[ \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
_FENCE_LINE = re.compile(r"^[ \t]*(`{3,}|~{3,})[\w+-]*[ \t]*$")


def code_block(answer: str) -> str:
    """The first fenced block of an answer, or the whole of it when there is none."""
    match = _FENCED.search(answer)
    return match.group(2) if match else answer


def body_text(language: Language, answer: str, name: str) -> str:
    """The statements of a function body, as indented by the model.

    The answer continues a signature and a docstring; a model that starts over and writes the whole
    function is understood too.
    """
    if re.match(rf"\s*(`{{3}}|(async\s+)?def\s+{re.escape(name)}\b|@|class\s)", answer):
        whole = _body_of_whole_function(language, code_block(answer), name)
        if whole is not None:
            return whole
    return _trimmed(_without_fence_lines(answer))


def function_text(language: Language, answer: str, name: str) -> str | None:
    """The definition of `name` in an answer, decorators included; None when it is not there."""
    parsed = _parsed(language, textwrap.dedent(code_block(answer)).strip("\n"))
    definition = _definition_named(parsed, name)
    return parsed.text(definition.range) if definition else None


def _body_of_whole_function(language: Language, code: str, name: str) -> str | None:
    parsed = _parsed(language, code)
    definition = _definition_named(parsed, name)
    if definition is None:
        return None
    start = definition.body.start if definition.doc is None else definition.doc.end
    line_start = parsed.source.rfind(b"\n", 0, start) + 1
    if definition.doc is None:
        start = line_start
    return _trimmed(parsed.source[start : definition.body.end].decode())


def _definition_named(parsed: ParsedDocument, name: str) -> Definition | None:
    for definition in parsed.definitions:
        if definition.name == name and definition.kind == "function":
            return definition
    return None


def _parsed(language: Language, code: str) -> ParsedDocument:
    snapshot = DocumentSnapshot("scopewise:answer", code, next(iter(language.language_ids)))
    parsed = parse(snapshot)
    assert parsed is not None
    return parsed


def _without_fence_lines(answer: str) -> str:
    return "\n".join(line for line in answer.split("\n") if not _FENCE_LINE.match(line))


def _trimmed(code: str) -> str:
    """Without blank lines around it; the first line keeps its indentation."""
    lines = [line.rstrip() for line in code.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def split_imports(language: Language, body: str) -> tuple[list[str], str]:
    """The import statements a body begins with, and the rest of it.

    Where the body is nothing but imports it is left whole.
    """
    parsed = _parsed(language, textwrap.dedent(body))
    cursor = tree_sitter.QueryCursor(language.imports)
    found = {node.id for _, c in cursor.matches(parsed.root) for node in c.get("import", [])}
    statements, n_lines = [], 0
    for child in parsed.root.named_children:
        if child.id not in found:
            break
        statements.append(parsed.text(ByteRange(child.start_byte, child.end_byte)))
        n_lines = child.end_point.row + 1
    rest = "\n".join(body.split("\n")[n_lines:])
    return (statements, _trimmed(rest)) if rest.strip() else ([], body)

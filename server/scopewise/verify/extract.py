"""Gets the code out of what a model wrote."""

from __future__ import annotations

import re
import textwrap

import tree_sitter

from scopewise.context.part import fence_around
from scopewise.document import DocumentSnapshot
from scopewise.scope.imports import import_statements
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
    return trimmed(without_fences(answer))


def whole_answer(language: Language, answer: str, name: str) -> str:
    """The answer of a model that was asked for a whole function, as one that goes on from its head.

    What is said around the code is left out; imports above the function begin its body.
    """
    code = _block_with(language, answer, name)
    body = _body_of_whole_function(language, code, name) if language.block == "indent" else None
    if body is None:
        marks = fence_around(code)
        return f"{marks}\n{code}\n{marks}"
    indent = body[: len(body) - len(body.lstrip())].rpartition("\n")[2]
    imports = import_statements(_parsed(language, code))
    return "\n".join([*(textwrap.indent(line, indent) for line in imports), body])


def holds_function(language: Language, answer: str, name: str) -> bool:
    """Whether an answer that must be a whole function is one, and of that name."""
    code = _block_with(language, answer, name)
    if language.block == "indent":
        return _body_of_whole_function(language, code, name) is not None
    # Where there are classes, a tree has a method only in its class, and here it stands alone.
    return re.search(rf"(?<!\w){re.escape(name)}\s*[(<\[=:{{]", code) is not None


def _block_with(language: Language, answer: str, name: str) -> str:
    """The first fenced block that defines the function, else the first one, without indentation."""
    blocks = [match[2] for match in _FENCED.finditer(answer)] or [answer]
    codes = [textwrap.dedent(block).strip("\n") for block in blocks]
    defines = (code for code in codes if _definition_named(_parsed(language, code), name))
    return next(defines, codes[0])


def _body_of_whole_function(language: Language, code: str, name: str) -> str | None:
    parsed = _parsed(language, code)
    definition = _definition_named(parsed, name)
    if definition is None:
        return None
    if code[:1].isspace() and parsed.source[definition.range.end :].strip():
        # A helper of the same name, and what is done with it.
        return None
    start = _body_start(parsed, definition)
    return trimmed(parsed.text(ByteRange(start, definition.body.end)))


def _body_start(parsed: ParsedDocument, definition: Definition) -> int:
    """Where the statements below signature and docstring begin, indentation included."""
    start = definition.body.start if definition.doc is None else definition.doc.end
    lines = parsed.snapshot.lines
    line = lines.line_range(lines.line_of(start))
    if definition.doc is None:
        is_below = not parsed.source[line.start : start].strip()
        return line.start if is_below else start
    rest = parsed.source[start : line.end].strip()
    if rest.startswith(b";"):
        return parsed.source.index(b";", start) + 1
    return line.end


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


def without_fences(answer: str) -> str:
    """The text of a fence the answer begins with, or all but the fence it ends with."""
    if _FENCE_LINE.match(answer.lstrip("\n").partition("\n")[0]):
        return code_block(answer)
    lines = answer.rstrip().split("\n")
    return "\n".join(lines[:-1]) if _FENCE_LINE.match(lines[-1]) else answer


def trimmed(code: str) -> str:
    """Without blank lines around it; the first line keeps its indentation."""
    lines = code.replace("\r\n", "\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines).rstrip()


def split_imports(language: Language, body: str) -> tuple[list[str], str]:
    """The import statements a body begins with, and the rest of it.

    Where the body is nothing but imports it is left whole.
    """
    parsed = _parsed(language, textwrap.dedent(body))
    cursor = tree_sitter.QueryCursor(language.imports)
    found = {node.id for _, c in cursor.matches(parsed.root) for node in c.get("import", [])}
    statements, n_lines = [], 0
    for child in parsed.root.named_children:
        if child.id not in found or _has_company(child):
            break
        statements.append(parsed.text(ByteRange(child.start_byte, child.end_byte)))
        n_lines = child.end_point.row + 1
    rest = "\n".join(body.split("\n")[n_lines:])
    return (statements, trimmed(rest)) if rest.strip() else ([], body)


def _has_company(statement: tree_sitter.Node) -> bool:
    """Another statement follows on the same line."""
    following = statement.next_named_sibling
    if following is None or following.is_extra:
        return False
    return following.start_point.row == statement.end_point.row

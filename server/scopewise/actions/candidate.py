"""From the model's text to a change: bodies put in place, imports added, checks made."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace

from scopewise.actions.change import Change, apply_change, change_of
from scopewise.actions.goal import Draft
from scopewise.document import DocumentSnapshot
from scopewise.scope.imports import (
    ImportedName,
    imported_names,
    missing_import,
    standard_imports,
)
from scopewise.syntax.indent import indent_unit, leading_blanks, reindent
from scopewise.syntax.rewrite import rewrite_edits
from scopewise.syntax.slot import BodySlot
from scopewise.syntax.tree import Definition, ParsedDocument, parse
from scopewise.text import ByteEdit, ByteRange
from scopewise.verify.braces import braced_answer
from scopewise.verify.extract import body_text, split_imports
from scopewise.verify.label import Finding, label_from_static
from scopewise.verify.names import new_undefined_names
from scopewise.verify.static import check_rewrite

Edits = Callable[[str], tuple[ByteEdit, ...]]
Objection = Callable[[ParsedDocument, Definition], Finding | None]


def fill_change(slot: BodySlot, answer: str) -> Change:
    """The change that puts the body of an answer into a stub."""
    return _change(slot.parsed, slot.definition, answer, slot.indent, slot.unit, slot.edits)


def rewrite_change(parsed: ParsedDocument, definition: Definition, answer: str) -> Change:
    """The change that makes the body of an answer the body of a function, in as few lines as can
    be."""
    unit = indent_unit(parsed.snapshot.text, parsed.language.indent)
    return _change(
        parsed,
        definition,
        answer,
        _body_indent(parsed, definition, unit),
        unit,
        lambda body: rewrite_edits(parsed, definition, body),
    )


def drafted(
    parsed: ParsedDocument,
    definition: Definition,
    answer: str,
    change: Change,
    objection: Objection = lambda after, new: None,
) -> Draft:
    """The change to one function as a draft, checked statically.

    `objection` sees the document and the function after the change when nothing else is held
    against them.
    """
    after = _after(parsed, change)
    new = after.counterpart(parsed, definition)
    label = check_rewrite(parsed, definition, after, new)
    if new is not None and not label.findings and (finding := objection(after, new)):
        label = label_from_static(list(label.passed), [finding])
    return Draft(
        text=answer,
        label=label,
        change=change,
        code=after.snapshot.text,
        fingerprint=fingerprint(after, new) if new else "",
    )


def fingerprint(parsed: ParsedDocument, definition: Definition) -> str:
    """A text that is equal for functions that differ in formatting and comments alone; empty when
    that cannot be told."""
    if parsed.language.id != "python":
        return "\0".join(parsed.tokens(definition.body))
    try:
        return ast.dump(ast.parse(textwrap.dedent(_whole_lines(parsed, definition))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


def _change(
    parsed: ParsedDocument,
    definition: Definition,
    answer: str,
    indent: str,
    unit: str,
    edits: Edits,
) -> Change:
    leading, body = _body(parsed, definition, answer)
    indented = reindent(parsed.language, body, base=indent, to_unit=unit)
    imports = _new_imports(parsed, leading)
    change = change_of(parsed, definition, edits(indented), imports)
    missing = _missing_imports(parsed, definition, change, body)
    return replace(change, imports=imports + missing)


def _body(parsed: ParsedDocument, definition: Definition, answer: str) -> tuple[Sequence[str], str]:
    """The import statements of an answer that may stand at the top of the file, and the body."""
    language = parsed.language
    if language.block == "braces":
        found = braced_answer(parsed, definition, answer)
        imports = [line for line in found.imports if _is_movable(parsed, definition, line)]
        return imports, found.body
    body = body_text(language, answer, definition.name)
    leading, rest = split_imports(language, body)
    if all(_is_movable(parsed, definition, statement) for statement in leading):
        return leading, rest
    return [], body


def _whole_lines(parsed: ParsedDocument, definition: Definition) -> str:
    lines = parsed.snapshot.lines
    start = lines.line_range(lines.line_of(definition.range.start)).start
    return parsed.text(ByteRange(start, definition.range.end))


def _body_indent(parsed: ParsedDocument, definition: Definition, unit: str) -> str:
    """The indentation of the body's statements, or what it would be below the signature."""
    lines = parsed.snapshot.lines
    start = lines.line_range(lines.line_of(definition.body.start)).start
    before = parsed.text(ByteRange(start, definition.body.start))
    if not before.strip() and parsed.language.block == "indent":
        return before
    line = parsed.text(lines.line_range(lines.line_of(definition.signature.start)))
    return leading_blanks(line) + unit


def _is_movable(parsed: ParsedDocument, definition: Definition, statement: str) -> bool:
    """Whether an import of a body may stand at the top of the file instead.

    Not when the function had it inside, perhaps to break a circle of imports, and not when the
    file means something else by one of the names.
    """
    if statement in parsed.text(definition.range):
        return False
    names = {name.bound: _binding(name) for name in _names_in(parsed, statement)}
    taken = {d.name for d in parsed.definitions if not d.parent} | _assigned(parsed)
    others = {name.bound: _binding(name) for name in imported_names(parsed) if name.is_top_level}
    is_clash = any(
        others.get(bound, binding) != binding for bound, binding in names.items() if bound != "*"
    )
    return not is_clash and not taken & names.keys()


def _assigned(parsed: ParsedDocument) -> set[str]:
    """The names that statements at the top of the file assign to."""
    texts = (parsed.text(parsed.span(node)) for node in parsed.root.named_children)
    matches = (re.match(r"([A-Za-z_]\w*)\s*(?::[^=\n]+)?=", text) for text in texts)
    return {match.group(1) for match in matches if match}


def _new_imports(parsed: ParsedDocument, statements: Sequence[str]) -> tuple[str, ...]:
    """The statements that bind something the file does not bind already."""
    bound = {_binding(name) for name in imported_names(parsed) if name.is_top_level}
    return tuple(
        statement
        for statement in statements
        if not {_binding(name) for name in _names_in(parsed, statement)} <= bound
    )


def _binding(name: ImportedName) -> tuple[str, str, str]:
    return name.bound, name.module, name.attribute


def _names_in(parsed: ParsedDocument, statement: str) -> list[ImportedName]:
    language_id = min(parsed.language.language_ids)
    inner = parse(DocumentSnapshot("scopewise:import", statement, language_id))
    return imported_names(inner) if inner else []


def _missing_imports(
    parsed: ParsedDocument, definition: Definition, change: Change, body: str
) -> tuple[str, ...]:
    """Imports of the standard library for names the body uses and nothing defines."""
    if parsed.language.id != "python" and not parsed.language.standard_imports:
        return ()
    after = _after(parsed, change)
    now = after.counterpart(parsed, definition)
    if now is None:
        return ()
    if parsed.language.id != "python":
        return standard_imports(after, now.statements)
    names = new_undefined_names(parsed, after, now.range)
    found = (missing_import(name, body) for name in names)
    return tuple(statement for statement in found if statement)


def _after(parsed: ParsedDocument, change: Change) -> ParsedDocument:
    snapshot = replace(parsed.snapshot, text=apply_change(change, parsed))
    after = parse(snapshot, parsed)
    assert after is not None
    return after

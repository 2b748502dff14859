"""Checks that read a result and run nothing: syntax, signature, placeholders, names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import tree_sitter

from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify.calls import new_unknown_calls
from scopewise.verify.label import Finding, Label, label_from_static
from scopewise.verify.names import new_undefined_names

_SPECIAL_TOKEN = re.compile(
    r"<[|｜][^|｜>\s]{1,40}[|｜]>|<(?:fim|file|repo)_[a-z_]+>|<(?:start|end)_of_turn>|\[/?INST\]"
)
_PLACEHOLDER_COMMENT = re.compile(
    r"\byour (own )?(code|implementation|logic)\b(?! to\b)"
    r"|\b(code|logic|implementation) (goes|comes|should go) here\b"
    r"|^(\w+ )?(code|logic|implementation) here\W*$"
    r"|\b(add|insert|write|put|implement) (your|the rest|the remaining)\b.*\b(code|logic|here)\b"
    r"|^implement (this|the|your) (function|method|logic|body|code)\b"
    r"|\brest of (the |this |your )?(code|function|implementation|method|body|logic)\W*$"
    r"|^(todo|fixme|xxx|existing code|placeholder (code|logic|implementation))\b"
    r"|^placeholder\W*$"
    r"|^(\.\.\.|…)\s*(\W?(the )?(rest|remaining|existing)\b.*)?$",
    re.IGNORECASE,
)
_COMMENT_MARK = re.compile(r"^\s*(#|//+!?|/\*+!?|\*+/?)\s*|\s*\*+/$")
_MACRO_NOT_WRITTEN = re.compile(r"\b(?:todo|unimplemented)!\s*[(\[{]")
_NOT_WRITTEN = re.compile(r"not.{0,12}implemented|unimplemented|todo|fixme", re.IGNORECASE)


@dataclass
class StaticReport:
    """Checks made so far on one result."""

    passed: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, check: str, problem: str | None) -> bool:
        """Note a check's outcome; answers whether it passed."""
        if problem is None:
            self.passed.append(check)
            return True
        self.findings.append(Finding(check, problem))
        return False

    def label(self) -> Label:
        return label_from_static(self.passed, self.findings)


def check_rewrite(
    before: ParsedDocument, old: Definition, after: ParsedDocument, new: Definition | None
) -> Label:
    """The label of a document in which one function was rewritten, from static checks alone."""
    report = StaticReport()
    if not report.add("parses", _parse_problem(before, after, new)) or new is None:
        return report.label()
    report.add("signature kept", _signature_problem(before, old, after, new))
    report.add("no placeholder left", _placeholder_problem(before, old, after, new))
    report.add("no special tokens", _special_token_problem(before, old, after, new))
    _check_names(report, before, after, new)
    return report.label()


def _parse_problem(
    before: ParsedDocument, after: ParsedDocument, new: Definition | None
) -> str | None:
    if new is None:
        return "The result no longer holds the function."
    n_new = len(after.error_ranges()) - len(before.error_ranges())
    if n_new > 0:
        line = after.snapshot.lines.line_of(after.error_ranges()[0].start) + 1
        return f"The result does not parse (line {line})."
    return _compile_problem(before, after)


def _compile_problem(before: ParsedDocument, after: ParsedDocument) -> str | None:
    """What tree-sitter lets pass and Python does not: `return` outside a function and the like."""
    if after.language.id != "python":
        return None
    problem = _compile_error(after.source.decode())
    if problem is None or _compile_error(before.source.decode()) is not None:
        return None
    return f"The result does not compile ({problem})."


def _compile_error(code: str) -> str | None:
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code.removeprefix("\ufeff"), "document", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return str(error)
    except (RecursionError, MemoryError):
        return "it is nested too deeply"
    return None


def _signature_problem(
    before: ParsedDocument, old: Definition, after: ParsedDocument, new: Definition
) -> str | None:
    if _squeezed(before.text(old.header)) == _squeezed(after.text(new.header)):
        return None
    return f"The signature or the decorators of `{old.name}` changed."


def _squeezed(code: str) -> str:
    return re.sub(r"\s+|,(?=\s*\))", "", code)


def _placeholder_problem(
    before: ParsedDocument, old: Definition, after: ParsedDocument, new: Definition
) -> str | None:
    if new.is_stub:
        return "The body is still a stub."
    had = _comments(before, old)
    for comment in _comments(after, new):
        lines = (_COMMENT_MARK.sub("", line) for line in comment.splitlines())
        if comment not in had and any(map(_PLACEHOLDER_COMMENT.search, lines)):
            return f"A placeholder was left in the body (`{comment[:60]}`)."
    left = _stubs_inside(after, new) - _stubs_inside(before, old)
    return f"A placeholder was left in the body (`{min(left)[:60]}`)." if left else None


def _stubs_inside(parsed: ParsedDocument, definition: Definition) -> set[str]:
    """Statements anywhere in a body that say that something is not written yet.

    In Python `pass` and `raise NotImplementedError` are more often meant than left over.
    """
    if parsed.language.block == "indent":
        return set()
    cursor = tree_sitter.QueryCursor(parsed.language.functions)
    cursor.set_byte_range(definition.body.start, definition.body.end)
    texts = {
        parsed.text(parsed.span(node))
        for _, captures in cursor.matches(parsed.root)
        for node in captures.get("stub", [])
        if definition.statements.contains(parsed.span(node))
    }
    macros = _MACRO_NOT_WRITTEN.findall(parsed.text(definition.body))
    return {text for text in texts if _NOT_WRITTEN.search(text)} | set(macros)


def _comments(parsed: ParsedDocument, definition: Definition) -> list[str]:
    node = parsed.root.descendant_for_byte_range(definition.body.start, definition.body.end)
    stack = [node] if node is not None else []
    found = []
    while stack:
        node = stack.pop()
        if node.type in parsed.language.comments:
            found.append(parsed.text(parsed.span(node)))
        stack.extend(node.children)
    return found


def _special_token_problem(
    before: ParsedDocument, old: Definition, after: ParsedDocument, new: Definition
) -> str | None:
    had = set(_SPECIAL_TOKEN.findall(before.text(old.range)))
    for token in _SPECIAL_TOKEN.findall(after.text(new.range)):
        if token not in had:
            return f"A control token of the model (`{token}`) is in the text."
    return None


def _check_names(
    report: StaticReport, before: ParsedDocument, after: ParsedDocument, new: Definition
) -> None:
    """Names where they can be told, calls of functions where only these can, else nothing."""
    if after.language.id == "python":
        names = new_undefined_names(before, after, new.range)
        report.add("no new unresolved names", _name_problem(names))
        return
    calls = new_unknown_calls(before, after, new.range)
    if calls is not None:
        report.add("no new unresolved calls", _name_problem(calls))


def _name_problem(names: Sequence[str]) -> str | None:
    if not names:
        return None
    listed = ", ".join(f"`{name}`" for name in names)
    return f"The body uses {listed}, which {'is' if len(names) == 1 else 'are'} defined nowhere."

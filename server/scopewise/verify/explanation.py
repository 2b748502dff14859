"""Checks of an explanation: it names only what is there, it came to an end, and says enough for
the function to be written again."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, replace

from scopewise.engine.protocol import StopReason
from scopewise.syntax.languages import Language
from scopewise.verify.label import MIN_INPUTS, Evidence, Finding, Label, Verdict

_CODE_SPAN = re.compile(r"`([^`\n]+)`")
_FETCHES = re.compile(r"\b(src|srcset|href|data|poster|background|style)\s*=", re.IGNORECASE)
"""Attributes of HTML that make a viewer ask some server."""
_VALUES = ("true", "false", "null", "this", "super", "self")
_IDENTIFIER = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(\(\))?$")


@dataclass(frozen=True)
class Retold:
    """What a function that was written from an explanation alone does beside the original."""

    n_inputs: int
    """Generated inputs that show something."""
    n_alike: int
    """Those on which both did the same."""
    difference: str = ""
    """An input on which they do not, and what the two do, where they differ on more than a few; a
    clause."""

    @property
    def is_alike(self) -> bool:
        return not self.difference

    @property
    def sentence(self) -> str:
        """As a part of a label's sentence."""
        if not self.is_alike:
            return f"a function written from it alone does something else: {self.difference}"
        n_alike = f"{self.n_alike} of " if self.n_alike < self.n_inputs else ""
        inputs = f"generated input{'' if self.n_inputs == 1 else 's'}"
        return (
            f"a function written from it alone does the same on {n_alike}{self.n_inputs} {inputs}"
        )


def with_retold(label: Label, retold: Retold | None) -> Label:
    """The label of an explanation, given what was rebuilt from it, where that could be run."""
    if retold is None:
        return label
    is_enough = retold.is_alike and retold.n_inputs >= MIN_INPUTS and not label.findings
    verdict = Verdict.CONSISTENT if is_enough else label.verdict
    return replace(label, verdict=verdict, evidence=Evidence(retold=retold.sentence))


def check_explanation(
    markdown: str, code: str, stop_reason: StopReason, language: Language | None = None
) -> Label:
    """The label of an explanation of `code`, its surroundings included."""
    if stop_reason is StopReason.LOOP:
        return _declined("ends", "The model repeated itself, twice.")
    if not markdown.strip():
        return _declined("says something", "The model wrote nothing.")
    if shows_images(markdown):
        return _declined("images", "It shows an image, whose address could carry code away.")
    unknown = unknown_names(markdown, code, language)
    passed = [] if unknown else ["every name in back-ticks occurs in the code"]
    findings = [Finding("names", _sentence(unknown))] if unknown else []
    if stop_reason is StopReason.LENGTH:
        findings.append(Finding("ends", "It was cut off at the token limit."))
    return Label(Verdict.UNVERIFIED, tuple(passed), tuple(findings))


def shows_images(markdown: str) -> bool:
    """Whether an editor that renders the text would fetch something."""
    from markdown_it import MarkdownIt

    waiting = list(MarkdownIt("commonmark").parse(markdown))
    while waiting:
        token = waiting.pop()
        waiting.extend(token.children or ())
        if token.type == "image":
            return True
        if token.type.startswith("html_") and _FETCHES.search(token.content):
            return True
    return False


def unknown_names(markdown: str, code: str, language: Language | None = None) -> list[str]:
    """Names in back-ticks that occur neither in the code nor in the language."""
    known = set(re.findall(r"[A-Za-z_]\w*", code)) | _known_to_all(language)
    named = dict.fromkeys(span for span in _CODE_SPAN.findall(markdown) if _IDENTIFIER.match(span))
    return [name for name in named if not set(re.findall(r"\w+", name)) <= known]


def _known_to_all(language: Language | None) -> set[str]:
    """The keywords of a language, its builtins, and what programmers call its values."""
    if language is None or language.id == "python":
        import builtins

        return set(keyword.kwlist) | set(dir(builtins)) | {"dict", "list", "str", "self", "cls"}
    return _keywords(language) | language.builtins | {language.name, *_VALUES}


def _keywords(language: Language) -> set[str]:
    """The tokens of a grammar that are words."""
    grammar = language.grammar
    kinds = (grammar.node_kind_for_id(i) for i in range(grammar.node_kind_count))
    return {kind for kind in kinds if kind and kind.isidentifier()}


def _sentence(names: list[str]) -> str:
    listed = ", ".join(f"`{name}`" for name in names)
    verb = "does" if len(names) == 1 else "do"
    return f"It names {listed}, which {verb} not occur in the code."


def _declined(check: str, message: str) -> Label:
    return Label(Verdict.DECLINED, findings=(Finding(check, message),))

"""A piece that may go into a prompt, in a long form and in shorter ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from scopewise.context.cutting import MANY_LINES, n_lines, outline, statement, whole
from scopewise.context.project import Meaning, Project
from scopewise.context.skeleton import Excerpt, in_short, skeleton
from scopewise.syntax.tree import ParsedDocument

_LARGE_CLASS = 60


@dataclass(frozen=True)
class Candidate:
    """Code that may become a piece."""

    what: str
    parsed: ParsedDocument
    forms: tuple[Callable[[], Excerpt], ...]
    """The fullest first; each made when it is asked for."""


def candidate(kind: str, meaning: Meaning, project: Project) -> Candidate:
    """What a name stands for, called a `kind` of thing."""
    parsed, definition = meaning.parsed, meaning.definition
    without = project.without(parsed)
    if definition is None:
        name = _first_word(parsed.text(meaning.statement))
        form = partial(statement, parsed, meaning.statement, without)
        return Candidate(f"{kind} `{name}`" if name else kind, parsed, (form,))
    forms: list[Callable[[], Excerpt]]
    full = partial(whole, parsed, definition, without)
    short = partial(in_short, parsed, definition)
    if definition.kind == "class":
        forms = [full, partial(skeleton, parsed, definition), short]
        forms = forms[1:] if n_lines(parsed, definition) > _LARGE_CLASS else forms
    else:
        forms = [full, partial(outline, parsed, definition, without), short]
        forms = forms[1:] if n_lines(parsed, definition) > MANY_LINES else forms
    return Candidate(f"{kind} `{definition.qualified_name}`", parsed, tuple(forms))


_KEYWORDS = re.compile(
    r"(?:export|default|const|let|var|static|final|public|private|protected|pub|type|typedef|"
    r"define|readonly|declare|local|int|float|double|char|long|short|unsigned|signed|bool|void|"
    r"enum|struct|String|boolean|inline|constexpr|extern|auto|mut)"
)


def _first_word(statement_text: str) -> str:
    """The name that a statement binds, as far as one can tell without its grammar."""
    left = statement_text.partition("=")[0].partition(":")[0].splitlines()
    words = re.findall(r"[^\W\d]\w*", left[0]) if left else []
    return next((word for word in words if not _KEYWORDS.fullmatch(word)), "")

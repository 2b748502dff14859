"""Explain: a function, a class, a selection, or the outline of a file, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from scopewise.actions.generation import generate
from scopewise.actions.outcome import Job, Offer, Outcome, Phase, Place, Usage
from scopewise.actions.retelling import Account, retell
from scopewise.context.surroundings import Piece, class_skeleton, signature_line, surroundings
from scopewise.engine.protocol import Sampling
from scopewise.errors import InputError
from scopewise.prompt.explain import explain_request
from scopewise.scope.imports import import_block
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange
from scopewise.verify.explanation import check_explanation, with_retold
from scopewise.verify.label import Label, Verdict

ID = "explain"
_MAX_CODE_TOKENS = 3000


@dataclass(frozen=True)
class Subject:
    """What is to be explained."""

    what: str
    """For the prompt and the title: "the function `area`"."""
    code: Callable[[], str]
    """Written when it is wanted: an offer is only after the name."""
    definition: Definition | None = None
    short: Callable[[], str] = str
    """The code in outline, for when it is too long; nothing where there is none."""
    is_outline: bool = False
    """Whether the code is an outline itself."""
    function: Definition | None = None
    """The definition again where it is a whole function that has a body."""


def offer(place: Place) -> Offer | None:
    """Offered everywhere in a document with some text in it."""
    subject = subject_at(place)
    if subject is None:
        return None
    return Offer(f"Explain {subject.what}", f"explain {subject.what}")


def explained_text(place: Place) -> str:
    """The text an explanation asked for at `place` is about: the key of the cache."""
    subject = subject_at(place)
    return subject.code() if subject else ""


async def run(job: Job, place: Place) -> Outcome:
    """The outcome whose Markdown explains what is at `place`."""
    subject = subject_at(place)
    if subject is None:
        raise InputError("There is no code here to explain.")
    job.report(Phase("Reading the code"))
    code, is_exact = await _code_that_fits(job, subject)
    pieces = await _context(job, place, subject)
    language = place.parsed.language if place.parsed else None
    room = job.settings.actions.max_explanation_tokens
    request = explain_request(
        language, subject.what, code, pieces, room, Sampling(), is_exact=is_exact
    )
    completion = await generate(job, request, "Explaining", show_text=True)
    known = "\n".join([code, subject.what, *(piece.code for piece in pieces)])
    label = check_explanation(completion.text, known, completion.stop_reason, language)
    usage = Usage().plus(completion)
    if place.parsed and subject.function and not label.findings:
        account = Account(place.parsed, subject.function, completion.text, pieces)
        retold, spent = await retell(job, account)
        label, usage = with_retold(label, retold), usage.and_also(spent)
    return replace(explained(place, subject, completion.text, label), usage=usage)


def explained(place: Place, subject: Subject, text: str, label: Label) -> Outcome:
    """The outcome of an explanation that was checked."""
    is_declined = label.verdict is Verdict.DECLINED
    return Outcome(
        producer=ID,
        title=f"Explain {subject.what}",
        label=label,
        uri=place.snapshot.uri,
        markdown="" if is_declined else text.strip(),
        rejected=text if is_declined else "",
    )


def subject_at(place: Place) -> Subject | None:
    """What an explanation asked for at a place is about."""
    parsed = place.parsed
    selected = _selected(place)
    if parsed is None:
        return Subject("the selected lines", lambda: selected) if selected.strip() else None
    definition = parsed.definition_at(place.range)
    # One word is no selection: eglot sends the one under the cursor.
    if len(selected.split()) > 1 and (
        definition is None or not _covers(parsed, place.range, definition)
    ):
        return Subject("the selected lines", lambda: selected, definition)
    if definition is not None:
        return _subject_of(parsed, definition)
    return _file(parsed)


def _selected(place: Place) -> str:
    source = place.snapshot.source[place.range.start : place.range.end]
    return source.decode("utf-8", errors="replace")


def _covers(parsed: ParsedDocument, span: ByteRange, definition: Definition) -> bool:
    """Whether a selection is the whole definition, give or take the blanks around it."""
    text = parsed.source
    start = (
        span.start + len(text[span.start : span.end]) - len(text[span.start : span.end].lstrip())
    )
    return start <= definition.signature.start and span.end >= len(
        text[: definition.range.end].rstrip()
    )


def _subject_of(parsed: ParsedDocument, definition: Definition) -> Subject:
    kind = _kind(parsed, definition)
    what = f"the {kind} `{definition.qualified_name}`"
    short = partial(class_skeleton, parsed, definition) if definition.kind == "class" else str
    has_body = definition.kind == "function" and not definition.is_stub
    code = partial(parsed.text, definition.range)
    return Subject(what, code, definition, short, function=definition if has_body else None)


def _kind(parsed: ParsedDocument, definition: Definition) -> str:
    """What programmers of the language call a definition."""
    if definition.kind == "class":
        words = re.findall(r"\w+", parsed.text(definition.signature))
        return next((_KINDS[word] for word in words if word in _KINDS), "class")
    owner = parsed.owner(definition) if definition.parent == "class" else None
    is_method = owner is not None and _kind(parsed, owner) not in ("module", "namespace")
    return "method" if is_method else "function"


_KINDS = {
    "class": "class",
    "struct": "struct",
    "interface": "interface",
    "enum": "enum",
    "union": "union",
    "record": "record",
    "trait": "trait",
    "impl": "implementation",
    "mod": "module",
    "module": "module",
    "namespace": "namespace",
}


def _file(parsed: ParsedDocument) -> Subject | None:
    """The whole file; none when there is nothing in it."""
    if not parsed.source.strip():
        return None
    code = partial(_outline, parsed)
    return Subject(f"the file `{parsed.snapshot.name}`", code, is_outline=True)


def _outline(parsed: ParsedDocument) -> str:
    """A file's imports and the heads of what it defines; its text where it defines nothing."""
    tops = [definition for definition in parsed.definitions if not definition.parent]
    if not tops:
        return parsed.snapshot.text
    heads = [
        class_skeleton(parsed, top) if top.kind == "class" else signature_line(parsed, top)
        for top in tops
    ]
    return "\n\n".join([import_block(parsed), *heads]).strip()


async def _code_that_fits(job: Job, subject: Subject) -> tuple[str, bool]:
    """The code the model is shown, and whether it is whole and so short that there is room for an
    exact account of it; raises InputError when even its outline is too long."""
    code, short = subject.code(), subject.short()
    counts = await job.engine.count_tokens([code, short])
    room = min(_MAX_CODE_TOKENS, job.settings.engine.context_tokens // 2)
    if counts[0] <= room:
        is_short = counts[0] <= job.settings.actions.max_explanation_tokens
        return code, is_short and not subject.is_outline
    if short and counts[1] <= room:
        return short, False
    raise InputError(
        f"{subject.what.capitalize()} has {counts[0]} tokens, more than the {room} that can be "
        "explained at once.",
        "Select a part of it.",
    )


async def _context(job: Job, place: Place, subject: Subject) -> list[Piece]:
    if place.parsed is None or subject.definition is None or subject.definition.kind == "class":
        return []
    budget = job.settings.actions.context_budget_tokens // 2
    return await surroundings(
        place.parsed, subject.definition, job.workspace, job.engine.count_tokens, budget
    )

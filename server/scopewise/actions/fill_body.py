"""Fill body from docstring: a stub gets a body that passed the checks."""

from __future__ import annotations

from collections.abc import Sequence

from scopewise.actions.change import Change, change_of, place_change
from scopewise.actions.generation import generate
from scopewise.actions.outcome import Job, Offer, Outcome, Phase, Place, Usage
from scopewise.context.surroundings import surroundings
from scopewise.document import DocumentSnapshot
from scopewise.engine.protocol import Sampling, StopReason
from scopewise.errors import InputError
from scopewise.prompt.fill_body import fill_request
from scopewise.scope.imports import imported_names, missing_import
from scopewise.syntax.indent import reindent
from scopewise.syntax.slot import BodySlot, body_slot
from scopewise.syntax.tree import Definition, ParsedDocument, parse
from scopewise.text import apply_edits
from scopewise.verify.extract import body_text, split_imports
from scopewise.verify.label import Label, declined
from scopewise.verify.names import new_undefined_names
from scopewise.verify.static import check_rewrite

ID = "fill_body"


def offer(place: Place) -> Offer | None:
    """Offered in a function with a docstring and nothing in its body yet."""
    slot = _slot(place)
    if slot is None:
        return None
    name = slot.definition.qualified_name
    return Offer(f"Fill body of `{name}` from its docstring", f"function {name}")


async def run(job: Job, place: Place) -> Outcome:
    """The outcome whose change puts a body into the stub at `place`."""
    slot = _slot(place)
    if slot is None:
        raise InputError(
            "There is no stub with a docstring here.",
            "Put the cursor into a function that has a docstring and no body yet.",
        )
    actions = job.settings.actions
    job.report(Phase("Reading what the function depends on"))
    pieces = await surroundings(
        slot.parsed,
        slot.definition,
        job.workspace,
        job.engine.count_tokens,
        actions.context_budget_tokens,
    )
    request = fill_request(slot, pieces, actions.max_answer_tokens, Sampling())
    completion = await generate(job, request, "Writing the body")
    usage = Usage().plus(completion)
    if completion.stop_reason is StopReason.LOOP:
        return _outcome(slot, usage, declined("ends", "The model repeated itself, twice."))
    if completion.stop_reason is StopReason.LENGTH:
        message = f"The body was not finished after {completion.n_answer_tokens} tokens."
        return _outcome(slot, usage, declined("ends", message), rejected=completion.text)
    job.report(Phase("Checking the answer"))
    change = body_change(slot, completion.text)
    label = check_change(slot.parsed, slot.definition, change)
    return _outcome(slot, usage, label, change, rejected=completion.text)


def body_change(slot: BodySlot, answer: str) -> Change:
    """The change that puts the body of an answer into the stub, with the imports it needs."""
    parsed, language = slot.parsed, slot.parsed.language
    body = body_text(language, answer, slot.definition.name)
    leading, body = split_imports(language, body)
    indented = reindent(language, body, base=slot.indent, to_unit=slot.unit)
    change = change_of(parsed, slot.definition, slot.edits(indented), _new_imports(parsed, leading))
    missing = _missing_imports(parsed, slot.definition, change, body)
    return Change(
        change.uri, change.qualified_name, change.original, change.edits, change.imports + missing
    )


def check_change(parsed: ParsedDocument, definition: Definition, change: Change) -> Label:
    """The label of a change to one function, from static checks."""
    after = _after(parsed, change)
    return check_rewrite(parsed, definition, after, after.find(definition.qualified_name))


def _slot(place: Place) -> BodySlot | None:
    if place.parsed is None:
        return None
    for definition in place.parsed.definitions_around(place.range):
        if definition.kind == "function":
            if _is_left_alone(place.parsed, definition):
                return None
            return body_slot(place.parsed, definition)
    return None


def _is_left_alone(parsed: ParsedDocument, definition: Definition) -> bool:
    """Overloads and abstract methods have no body on purpose."""
    decorators = parsed.source[definition.header.start : definition.signature.start].decode()
    names = [line.strip().partition("(")[0] for line in decorators.splitlines()]
    return any(name.rpartition(".")[2].lstrip("@") in _BODILESS for name in names)


_BODILESS = frozenset({"overload", "abstractmethod", "abstractproperty"})


def _new_imports(parsed: ParsedDocument, statements: Sequence[str]) -> tuple[str, ...]:
    """The statements that bind something the file does not bind already."""
    bound = {(name.bound, name.module, name.attribute) for name in imported_names(parsed)}
    return tuple(
        statement
        for statement in statements
        if not {(n.bound, n.module, n.attribute) for n in _names_of(parsed, statement)} <= bound
    )


def _names_of(parsed: ParsedDocument, statement: str):  # type: ignore[no-untyped-def]
    snapshot = DocumentSnapshot("scopewise:import", statement, parsed.snapshot.language or "python")
    inner = parse(snapshot)
    return imported_names(inner) if inner else []


def _missing_imports(
    parsed: ParsedDocument, definition: Definition, change: Change, body: str
) -> tuple[str, ...]:
    """Imports of the standard library for names the body uses and nothing defines."""
    if parsed.language.id != "python":
        return ()
    after = _after(parsed, change)
    now = after.find(definition.qualified_name)
    if now is None:
        return ()
    names = new_undefined_names(parsed, after, now.range)
    found = (missing_import(name, body) for name in names)
    return tuple(statement for statement in found if statement)


def _after(parsed: ParsedDocument, change: Change) -> ParsedDocument:
    text = apply_edits(parsed.source, place_change(change, parsed)).decode("utf-8")
    snapshot = DocumentSnapshot(parsed.snapshot.uri, text, parsed.snapshot.language)
    after = parse(snapshot)
    assert after is not None
    return after


def _outcome(
    slot: BodySlot, usage: Usage, label: Label, change: Change | None = None, rejected: str = ""
) -> Outcome:
    is_declined = bool(label.findings)
    return Outcome(
        producer=ID,
        title=f"Fill body of `{slot.definition.qualified_name}`",
        label=label,
        uri=slot.parsed.snapshot.uri,
        change=None if is_declined else change,
        usage=usage,
        rejected=rejected if is_declined else "",
    )

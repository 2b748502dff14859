"""Fill body from docstring: a stub gets a body that passed the checks."""

from __future__ import annotations

import asyncio

from scopewise.actions.candidate import check_change, fill_change
from scopewise.actions.change import Change
from scopewise.actions.generation import generate
from scopewise.actions.outcome import Job, Offer, Outcome, Phase, Place, Usage
from scopewise.context.surroundings import surroundings
from scopewise.engine.protocol import Sampling, StopReason
from scopewise.errors import InputError
from scopewise.prompt.fill_body import fill_request
from scopewise.syntax.slot import BodySlot, body_slot
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify.label import Label, declined

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
    # In a thread: in a large file the checks take long enough for an editor to notice.
    change, label = await asyncio.to_thread(_judged, slot, completion.text)
    return _outcome(slot, usage, label, change, rejected=completion.text)


def _judged(slot: BodySlot, answer: str) -> tuple[Change, Label]:
    change = fill_change(slot, answer)
    return change, check_change(slot.parsed, slot.definition, change)


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

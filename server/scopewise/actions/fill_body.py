"""Fill body from the documentation: a stub gets a body that passed the checks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from scopewise.actions.candidate import drafted, fill_change
from scopewise.actions.goal import Draft, Goal, Requests
from scopewise.actions.outcome import Job, Offer, Outcome, Phase, Place
from scopewise.actions.planning import planned
from scopewise.actions.proof import ProjectProof
from scopewise.actions.refine import outcome_of, refine
from scopewise.context.surroundings import surroundings
from scopewise.errors import InputError
from scopewise.prompt.fill_body import fill_request
from scopewise.prompt.opening import documentation
from scopewise.syntax.slot import BodySlot, body_slot
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.verify.specification import examples

ID = "fill_body"


def offer(place: Place) -> Offer | None:
    """Offered in a function with documentation and nothing in its body yet."""
    slot = slot_at(place)
    if slot is None:
        return None
    name, source = slot.definition.qualified_name, documentation(slot.parsed.language)
    return Offer(f"Fill body of `{name}` from its {source}", f"function {name}")


async def run(job: Job, place: Place) -> Outcome:
    """The outcome whose change puts a body into the stub at `place`."""
    slot = slot_at(place)
    if slot is None:
        raise InputError(
            "There is no documented stub here.",
            "Put the cursor into a function that has a docstring or a doc comment and no body yet.",
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
    goal = fill_goal(job, slot, partial(fill_request, slot, pieces, actions.max_answer_tokens))
    goal = replace(goal, otherwise=planned(goal.first, slot.parsed, slot.definition))
    return outcome_of(ID, fill_title(slot), goal, await refine(job, goal))


def fill_goal(job: Job, slot: BodySlot, request: Requests) -> Goal:
    """What is wanted of the body of a stub, whoever writes it."""
    return Goal(
        doing="Writing the body",
        parsed=slot.parsed,
        definition=slot.definition,
        request=request,
        draft=partial(_draft, slot),
        examples=examples(slot.parsed, slot.definition),
        prove=ProjectProof(job, slot.parsed, slot.definition).prove,
    )


def fill_title(slot: BodySlot) -> str:
    return f"Fill body of `{slot.definition.qualified_name}`"


def _draft(slot: BodySlot, answer: str) -> Draft:
    return drafted(slot.parsed, slot.definition, answer, fill_change(slot, answer))


def slot_at(place: Place) -> BodySlot | None:
    """The documented stub at a place."""
    if place.parsed is None or not place.parsed.language.is_filled:
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

"""Calls to run independent answers on: those of the examples, those like them, and drawn ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from scopewise.verify.behaviour import Call, Example
from scopewise.verify.inputs.described import Described, describe
from scopewise.verify.inputs.domain import Domain, Values, read_domain, strings
from scopewise.verify.inputs.hints import Hints
from scopewise.verify.inputs.mutations import Mutator, changed_literal
from scopewise.verify.inputs.seeds import Seed, expression, read_made, read_seeds, to_value
from scopewise.verify.inputs.target import Constructor, Parameter, Target
from scopewise.verify.inputs.texts import Texts, learn
from scopewise.verify.inputs.writing import arguments, call_text

if TYPE_CHECKING:
    from scopewise.verify.inputs.values import Strategy

_TRIES = 8
"""Attempts for each call that is wanted; the rest are repeated or outside the domain."""
_EXCHANGED = 0.15
"""How often the arguments of one type change places, and how often one is taken from any example
and any parameter of its type."""
_MAX_TEXT = 2000
"""Characters of a call; a longer one is slow to run and nothing to show."""


def generate_calls(
    target: Target, examples: Sequence[Example], n: int, seed: int
) -> tuple[Call, ...]:
    """Up to `n` different calls, the most trusted first; the same for the same arguments.

    The calls of the examples come first, then calls like them in turn with calls drawn from
    the types. There are none when neither annotations nor docstring nor examples say what the
    parameters are.
    """
    seeds = read_seeds(target, examples)
    receivers = _receivers(target, examples, seeds, seed)
    if receivers is None:
        return ()
    rng = random.Random(seed)
    plan = _plan(target.parameters, target.docstring, [s.values for s in seeds], target.classes)
    seeds = [replace(each, receiver=each.receiver or receivers[0]) for each in seeds]
    streams = [
        _mutated(plan, seeds, receivers, rng),
        _drawn(plan, receivers, seed, n * _TRIES),
    ]
    calls: dict[str, Call] = {}
    for candidate in chain(seeds, _in_turn(streams, n * _TRIES)):
        if len(calls) >= n:
            break
        call = _call(target, candidate)
        if len(call.text) <= _MAX_TEXT:
            calls.setdefault(call.text, call)
    return tuple(calls.values())


@dataclass(frozen=True)
class _Plan:
    """What is known of a list of parameters."""

    parameters: tuple[Parameter, ...]
    described: dict[str, Described]
    domain: Domain
    strategies: dict[str, Strategy]
    """For the parameters something is known of."""
    texts: dict[str, Texts]

    @property
    def is_complete(self) -> bool:
        return all(p.name in self.strategies for p in self.parameters if p.is_required)


def _plan(
    parameters: tuple[Parameter, ...],
    docstring: str,
    seen: Sequence[Values],
    classes: tuple[Constructor, ...],
) -> _Plan:
    named = [p for p in parameters if p.kind != "kwargs"]
    described = describe(docstring, [p.name for p in named])
    domain = read_domain(docstring, described, seen)
    strategies: dict[str, Strategy] = {}
    texts = {}
    for parameter in named:
        values = [v[parameter.name] for v in seen if parameter.name in v]
        found = [text for value in values for text in strings(value)]
        texts[parameter.name] = learn(found, domain.of(parameter.name).words, "")
        made = _strategy(parameter, values, described, domain, classes)
        if made is not None:
            strategies[parameter.name] = made
    return _Plan(parameters, described, domain, strategies, texts)


def _strategy(
    parameter: Parameter,
    seen: list[object],
    described: dict[str, Described],
    domain: Domain,
    classes: tuple[Constructor, ...],
) -> Strategy | None:
    from scopewise.verify.inputs.annotations import strategy

    about = described[parameter.name]
    hints = Hints(tuple(seen), domain.of(parameter.name), about.text, classes=classes)
    annotation = parameter.annotation
    if annotation and parameter.kind == "varargs":
        annotation = f"list[{annotation}]"
    made = strategy(annotation, hints) if annotation else None
    if made is None and seen:
        made = strategy("", hints)
    if made is None and about.annotation:
        made = strategy(about.annotation, hints)
    default = expression(parameter.default) if parameter.default else None
    if made is None and default is not None:
        value = to_value(default)
        made = strategy("", Hints((value,), hints.limits)) if value is not None else None
    return made


# Calls like those of the examples


def _mutated(
    plan: _Plan, seeds: Sequence[Seed], receivers: list[str], rng: random.Random
) -> Iterator[Seed]:
    """Examples' calls with an argument changed, exchanged with another example's, or both."""
    names = [p.name for p in plan.parameters if any(p.name in s.values for s in seeds)]
    while seeds:
        chosen = rng.choice(seeds)
        values = dict(chosen.values)
        if rng.random() < _EXCHANGED:
            values = _permuted(values, rng)
        else:
            for name in _some(names, rng):
                values[name] = _other(plan, name, values, seeds, rng)
        receiver = rng.choice(receivers) if rng.random() < 0.4 and receivers else chosen.receiver
        if plan.domain.allows(values := _fitted(plan.domain, values)):
            yield Seed(values, receiver)
        else:
            yield chosen


def _permuted(values: dict[str, object], rng: random.Random) -> dict[str, object]:
    """The same values, those of one type dealt out anew."""
    permuted = dict(values)
    for kind in {type(value): None for value in values.values()}:
        names = [name for name, value in values.items() if type(value) is kind]
        permuted.update(zip(names, rng.sample([values[n] for n in names], len(names)), strict=True))
    return permuted


def _some(names: list[str], rng: random.Random) -> list[str]:
    return rng.sample(names, rng.choice([1, 1, len(names)])) if names else []


def _other(
    plan: _Plan, name: str, values: Values, seeds: Sequence[Seed], rng: random.Random
) -> object:
    there = [seed.values[name] for seed in seeds if name in seed.values]
    value = rng.choice(there) if name not in values or rng.random() < 0.3 else values[name]
    if rng.random() < _EXCHANGED:
        others = [v for seed in seeds for v in seed.values.values() if type(v) is type(value)]
        return rng.choice(others)
    return Mutator(rng, plan.domain.of(name), plan.texts[name]).changed(value)


def _fitted(domain: Domain, values: dict[str, Any]) -> dict[str, Any]:
    """The values with those cut that must be equally long."""
    names = [name for name in domain.equal_lengths if name in values]
    if not names:
        return values
    size = min(len(values[name]) for name in names)
    return {k: v[:size] if k in names else v for k, v in values.items()}


# Calls drawn from the types


def _drawn(plan: _Plan, receivers: list[str], seed: int, n: int) -> Iterator[Seed]:
    """Calls with every argument drawn; none when a required one cannot be."""
    if not plan.is_complete or not plan.strategies:
        if plan.is_complete:
            yield from (Seed({}, receiver) for receiver in receivers)
        return
    from scopewise.verify.inputs.drawing import draw, together

    required = {p.name for p in plan.parameters if p.is_required}
    rng = random.Random(seed + 1)
    for values in draw(together(plan.strategies, required), n, seed):
        given = _fitted(plan.domain, values)
        if plan.domain.allows(given):
            yield Seed(given, rng.choice(receivers or [""]))


# Receivers


def _receivers(
    target: Target, examples: Sequence[Example], seeds: Sequence[Seed], seed: int
) -> list[str] | None:
    """Expressions for the object a method is called on; None when there is no way to make one."""
    if not target.owner:
        return [""]
    if target.method in ("class", "static"):
        return [target.owner]
    if target.name == "__init__":
        return [f"{target.owner}.__new__({target.owner})"]
    found = list(dict.fromkeys(s.receiver for s in seeds if s.receiver))
    rng = random.Random(seed)
    # Objects that examples prepare by hand have a state that new ones have not.
    is_prepared = bool(found) and all("setattr(" in each for each in found)
    found += [changed_literal(rng.choice(found), rng) for _ in range(2 * _TRIES) if found]
    constructor = target.constructor(target.owner)
    if constructor is not None and constructor.kind == "enum":
        found += [f"{target.owner}.{member}" for member in constructor.members]
    elif constructor is not None and not is_prepared:
        found += _made(target, constructor, examples, seed)
    return list(dict.fromkeys(found)) or None


def _made(
    target: Target, constructor: Constructor, examples: Sequence[Example], seed: int
) -> Iterator[str]:
    """Calls of the class: those in examples, those like them, and drawn ones."""
    made = read_made(target, constructor.name, examples)
    seeds = [Seed(values) for values in made]
    plan = _plan(constructor.parameters, constructor.docstring, made, target.classes)
    streams = [
        _mutated(plan, seeds, [], random.Random(seed)),
        _drawn(plan, [""], seed, 2 * _TRIES),
    ]
    for candidate in chain(seeds, _in_turn(streams, 2 * _TRIES)):
        yield call_text(constructor.name, constructor.parameters, candidate.values)


def _in_turn(streams: Sequence[Iterator[Seed]], n: int) -> Iterator[Seed]:
    """Up to `n` of the streams, taking one of each in turn."""
    left = list(streams)
    for _ in range(n):
        for stream in tuple(left):
            try:
                yield next(stream)
            except StopIteration:
                left.remove(stream)


def _call(target: Target, seed: Seed) -> Call:
    args, kwargs = arguments(target.parameters, seed.values)
    return Call(target.name, args, kwargs, seed.receiver)

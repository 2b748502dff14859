"""What an earlier analysis says about an offer: in its title, or why it would be in vain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scopewise.actions.outcome import Offer, Place
from scopewise.scope.escalation import Advice, Task

_MAX_TITLE = 100
"""Characters; menus cut off what is longer, and half a reason is none."""

_IN_VAIN = frozenset({"declined twice"})
"""Rules that leave no hope for another attempt at the same text by the same model."""


def advised(offer: Callable[[Place], Offer | None], task: Task) -> Callable[[Place], Offer | None]:
    """The same offer, with what is known of its prospects."""

    def offer_with_advice(place: Place) -> Offer | None:
        offered = offer(place)
        return _with_advice(offered, place, task) if offered else None

    return offer_with_advice


def _with_advice(offered: Offer, place: Place, task: Task) -> Offer:
    decision = place.decisions.get(task)
    if decision is None or decision.advice is not Advice.OFFER_CLOUD or not decision.reasons:
        return offered
    reason = decision.reasons[0]
    if task is Task.FILL and reason.rule in _IN_VAIN:
        sentence = f"{reason.sentence[:1].upper()}{reason.sentence[1:]}"
        return replace(offered, disabled=f"{sentence}. Say more in the documentation.")
    title = f"{offered.title}, with care: {reason.sentence}"
    # Most tasks want some care, and the hover says so: a title is for those that want much.
    # "With care" alone would tell nobody what to look at.
    return replace(offered, title=title) if len(title) <= _MAX_TITLE else offered

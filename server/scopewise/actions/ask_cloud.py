"""Ask the cloud: a task that is too much for the local model, for a larger one to do.

Its engine is not there yet. The action says why it is off, where it would be offered.
"""

from __future__ import annotations

from scopewise.actions.outcome import Job, Offer, Outcome, Place
from scopewise.errors import InputError
from scopewise.scope.escalation import Advice, Task

ID = "ask_cloud"
OFF = "No cloud engine is built in yet; nothing leaves this machine."

_DOING = {Task.FILL: "fill body", Task.FIX: "fix from stack trace", Task.EXPLAIN: "explain"}


def offer(place: Place) -> Offer | None:
    """Offered, after an analysis, where the decision is for the cloud; off until there is one."""
    for task, decision in place.decisions.items():
        if decision.advice is Advice.OFFER_CLOUD:
            reason = f" ({decision.reasons[0].sentence})" if decision.reasons else ""
            title = f"Ask the cloud: {_DOING[task]}{reason}"
            return Offer(title, f"cloud {task.value}", disabled=OFF)
    return None


async def run(job: Job, place: Place) -> Outcome:
    raise InputError(OFF)

"""What may be spent, for one request and in one calendar month: hard limits."""

from __future__ import annotations

from dataclasses import dataclass

from scopewise.cloud.prices import CostRange, usd
from scopewise.errors import ScopewiseError
from scopewise.settings import CloudSettings


class LimitReached(ScopewiseError):
    """A request could cost more than the user allows, so nothing was sent."""


@dataclass(frozen=True)
class Limits:
    """US dollars that may be spent; 0 allows nothing that costs anything."""

    request_usd: float
    month_usd: float
    """For a calendar month in UTC, all workspaces together."""


def limits_of(settings: CloudSettings) -> Limits:
    return Limits(settings.request_limit_usd, settings.month_limit_usd)


def check_request(limits: Limits, model: str, estimate: CostRange | None) -> CostRange:
    """The estimate, when one request may cost that much; raises LimitReached."""
    if estimate is None:
        raise LimitReached(
            f"Nobody told scopewise what `{model}` costs, so it cannot keep your limits.",
            "Say what it costs in the setting `cloud.prices`, or choose another `cloud.model`.",
        )
    # Not `>`: a figure that is not a number must refuse as well.
    if not estimate.high_usd <= limits.request_usd:
        raise LimitReached(
            f"This request could cost up to {usd(estimate.high_usd, up=True)}, and one request may "
            f"cost {usd(limits.request_usd)}.",
            "Raise `cloud.request_limit_usd`, or lower `cloud.max_tokens`.",
        )
    return estimate


def check_month(limits: Limits, estimate: CostRange, counted_usd: float) -> None:
    """Raises LimitReached when the month's limit does not cover the worst case any more.

    `counted_usd` is what the month has cost, and could cost through requests still under way.
    """
    # To a nano-dollar: 0.1 and 0.2 are not beyond a limit of 0.3.
    if not round(counted_usd + estimate.high_usd - limits.month_usd, 9) <= 0:
        raise LimitReached(
            f"This request could cost up to {usd(estimate.high_usd, up=True)}, and "
            f"{usd(counted_usd, up=True)} of this month's {usd(limits.month_usd)} are spent or "
            "reserved.",
            "Raise `cloud.month_limit_usd`, or wait for the next month (UTC); "
            "`scopewise cloud log` shows what was sent.",
        )

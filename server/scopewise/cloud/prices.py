"""What a request costs: a dated table of prices, and what the user's settings put in its place."""

from __future__ import annotations

import datetime
import functools
import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from scopewise.settings import ModelPrice

_MILLION = 1_000_000
_CACHE_WRITE_FACTOR = 1.25
"""What writing the cache costs more than plain input, in Anthropic's whole list."""


@dataclass(frozen=True)
class Rates:
    """US dollars for a million tokens of each kind."""

    input: float
    output: float
    cache_write: float
    cache_read: float


@dataclass(frozen=True)
class Price:
    """What one model costs."""

    model: str
    rates: Rates
    origin: str
    """Where the price is from, for people to read."""
    long_rates: Rates | None = None
    """For prompts of more than `long_above_tokens`, where a model has such a step."""
    long_above_tokens: int = 0

    def rates_for(self, n_prompt_tokens: int) -> Rates:
        """The rates for a prompt of this length, its cached part counted."""
        if self.long_rates is not None and n_prompt_tokens > self.long_above_tokens:
            return self.long_rates
        return self.rates


class TokenCounts(Protocol):
    """Tokens of one request, as an engine tells them."""

    @property
    def input_tokens(self) -> int: ...
    @property
    def output_tokens(self) -> int: ...
    @property
    def cache_write_tokens(self) -> int: ...
    @property
    def cache_read_tokens(self) -> int: ...
    @property
    def prompt_tokens(self) -> int: ...


@dataclass(frozen=True)
class Usage:
    """Tokens of one request, or of several together."""

    input_tokens: int = 0
    """Neither read from the cache nor written to it."""
    output_tokens: int = 0
    """Thinking included."""
    cache_write_tokens: int = 0
    cache_read_tokens: int = 0

    @property
    def prompt_tokens(self) -> int:
        return self.input_tokens + self.cache_write_tokens + self.cache_read_tokens


@dataclass(frozen=True)
class CostRange:
    """What a request may cost, in US dollars."""

    low_usd: float
    """The prompt alone, nothing of it cached."""
    high_usd: float
    """The worst case: the prompt written to the cache and every allowed token answered."""

    def __str__(self) -> str:
        return f"{usd(self.low_usd)} to {usd(self.high_usd, up=True)}"


class _LongRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    above_tokens: int
    input: float
    output: float
    cache_write: float
    cache_read: float


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    input: float
    output: float
    cache_write: float
    cache_read: float
    long: _LongRow | None = None


class PriceList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table that comes with scopewise."""

    date: datetime.date
    unknown: tuple[str, ...]
    models: dict[str, _Row]


def find_price(model: str, own: Sequence[ModelPrice] = ()) -> Price | None:
    """What a model costs, by the user's own prices first; None where nobody knows.

    A name that ends in a date, as in `claude-haiku-4-5-20251001`, costs what the one without does.
    """
    for given in own:
        if given.model == model:
            return _own_price(given)
    prices = price_list()
    row = prices.models.get(model) or prices.models.get(re.sub(r"-\d{8}$", "", model))
    return None if row is None else _listed_price(model, row, prices.date)


@functools.cache
def price_list() -> PriceList:
    """The prices that come with scopewise, and their date."""
    text = Path(__file__).with_name("prices.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), PriceList)


def cost(usage: TokenCounts, price: Price) -> float:
    """What the tokens of one request cost, in US dollars."""
    rates = price.rates_for(usage.prompt_tokens)
    return (
        usage.input_tokens * rates.input
        + usage.output_tokens * rates.output
        + usage.cache_write_tokens * rates.cache_write
        + usage.cache_read_tokens * rates.cache_read
    ) / _MILLION


def cost_range(
    price: Price, n_input_tokens: int, max_tokens: int, n_requests: int = 1
) -> CostRange:
    """What requests with a prompt estimated at so many tokens may cost together.

    `high_usd` is what limits are held against, so the estimate must not be too low.
    """
    rates = price.rates_for(n_input_tokens)
    low = n_input_tokens * rates.input
    high = n_input_tokens * max(rates.input, rates.cache_write) + max_tokens * rates.output
    return CostRange(n_requests * low / _MILLION, n_requests * high / _MILLION)


def usd(amount: float | None, *, up: bool = False) -> str:
    """An amount for people: to the hundredth of a cent below a dollar, else to the cent.

    `up` never rounds down, for a figure that is held against a limit.
    """
    if amount is None or not math.isfinite(amount):
        return "unknown"
    n_decimals = 4 if abs(amount) < 1 else 2
    if up:
        # First to a nano-dollar, so that 0.3 as 0.30000000000000004 does not become 0.3001.
        amount = math.ceil(round(amount * 10**n_decimals, 5)) / 10**n_decimals
    whole, _, decimals = f"{amount:.{n_decimals}f}".partition(".")
    return f"${whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _own_price(row: ModelPrice) -> Price:
    write = row.input * _CACHE_WRITE_FACTOR if row.cache_write is None else row.cache_write
    read = row.input if row.cache_read is None else row.cache_read
    return Price(row.model, Rates(row.input, row.output, write, read), "the setting `cloud.prices`")


def _listed_price(model: str, row: _Row, date: datetime.date) -> Price:
    origin = f"Anthropic's price list of {date}"
    price = Price(model, _rates(row), origin)
    if row.long is None:
        return price
    return Price(model, _rates(row), origin, _rates(row.long), row.long.above_tokens)


def _rates(row: _Row | _LongRow) -> Rates:
    return Rates(row.input, row.output, row.cache_write, row.cache_read)

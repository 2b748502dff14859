from typing import get_args

import pytest

from scopewise.cloud.limits import LimitReached, Limits, check_month, check_request, limits_of
from scopewise.cloud.prices import (
    CostRange,
    Price,
    Rates,
    Usage,
    cost,
    cost_range,
    find_price,
    price_list,
    usd,
)
from scopewise.settings import CloudSettings, ModelPrice, Settings, read_settings

SONNET = find_price("claude-sonnet-5-5")
HAIKU = find_price("claude-haiku-5-5")


def models_of_the_sdk():
    from anthropic.types import Model

    return [name for part in get_args(Model) for name in get_args(part)]


def test_every_model_of_the_sdk_has_a_price_or_is_said_to_have_none():
    names = models_of_the_sdk()
    assert len(names) > 10
    unknown = {name for name in names if find_price(name) is None}
    assert unknown == set(price_list().unknown)


def test_no_price_is_left_of_a_model_the_sdk_forgot():
    assert set(price_list().models) <= set(models_of_the_sdk())


@pytest.mark.parametrize("row", price_list().models.values(), ids=list(price_list().models))
def test_prices_keep_the_proportions_anthropic_publishes(row):
    """A slip of the finger in the table: output is five times input, writing the cache 1.25."""
    assert row.output == pytest.approx(5 * row.input)
    assert row.cache_write == pytest.approx(1.25 * row.input)
    assert 0 < row.cache_read <= 0.1 * row.input


def test_the_default_model_is_current_and_has_a_price():
    settings = CloudSettings()
    assert settings.model in models_of_the_sdk()
    price = find_price(settings.model)
    assert price is not None
    assert price.origin.startswith("Anthropic's price list of 2026-")
    # The default limits let the default request through: 30,000 tokens of code and a full answer.
    check_request(
        limits_of(settings), settings.model, cost_range(price, 30_000, settings.max_tokens)
    )


def test_a_dated_name_costs_what_the_one_without_date_does():
    dated = find_price("claude-haiku-4-5-20251001")
    assert dated is not None
    assert dated.rates == find_price("claude-haiku-4-5").rates
    assert find_price("claude-haiku-4-5-2025") is None


@pytest.mark.parametrize(
    "name", ["", "claude", "claude-sonnet-9", "gpt-6", "claude-mythos-preview"]
)
def test_nobody_knows_the_price_of_another(name):
    assert find_price(name) is None


def test_the_users_price_comes_first():
    own = (ModelPrice("claude-sonnet-5-5", 1, 2), ModelPrice("mine", 4, 8, 5, 0.5))
    assert find_price("claude-sonnet-5-5", own).rates == Rates(1, 2, 1.25, 1)
    assert find_price("mine", own).rates == Rates(4, 8, 5, 0.5)
    assert find_price("mine", own).origin == "the setting `cloud.prices`"
    assert find_price("claude-opus-5", own).rates.input == 5


def test_cost_by_kind_of_token():
    assert cost(Usage(1_000_000), SONNET) == 2
    assert cost(Usage(output_tokens=1_000_000), SONNET) == 10
    assert cost(Usage(cache_write_tokens=1_000_000), SONNET) == 2.5
    assert cost(Usage(cache_read_tokens=1_000_000), SONNET) == 0.1
    assert cost(Usage(1200, 430, 2000, 8000), SONNET) == pytest.approx(
        (1200 * 2 + 430 * 10 + 2000 * 2.5 + 8000 * 0.1) / 1e6
    )
    assert cost(Usage(), SONNET) == 0


def test_long_prompts_cost_more_throughout_where_there_is_such_a_step():
    up_to = Usage(input_tokens=40_000, cache_write_tokens=10_000, cache_read_tokens=50_000)
    above = Usage(input_tokens=40_001, cache_write_tokens=10_000, cache_read_tokens=50_000)
    assert cost(up_to, HAIKU) == pytest.approx(
        (40_000 * 0.1 + 10_000 * 0.125 + 50_000 * 0.01) / 1e6
    )
    assert cost(above, HAIKU) == pytest.approx(
        (40_001 * 0.5 + 10_000 * 0.625 + 50_000 * 0.05) / 1e6
    )
    assert cost_range(HAIKU, 100_001, 1000).high_usd == pytest.approx(
        (100_001 * 0.625 + 1000 * 2.5) / 1e6
    )


def test_the_range_ends_at_the_worst_case():
    found = cost_range(SONNET, 10_000, 8192)
    assert found.low_usd == pytest.approx(0.02)
    assert found.high_usd == pytest.approx((10_000 * 2.5 + 8192 * 10) / 1e6)
    three = cost_range(SONNET, 10_000, 8192, n_requests=3)
    assert three.high_usd == pytest.approx(3 * found.high_usd)
    assert str(found) == "$0.02 to $0.107"


@pytest.mark.parametrize("n_cached", [0, 4000, 10_000])
@pytest.mark.parametrize("n_written", [0, 6000])
@pytest.mark.parametrize("n_out", [0, 8192])
def test_no_usage_within_the_estimate_costs_more_than_the_worst_case(n_cached, n_written, n_out):
    rest = max(0, 10_000 - n_cached - n_written)
    usage = Usage(rest, n_out, min(n_written, 10_000 - n_cached), n_cached)
    assert usage.prompt_tokens == 10_000
    assert cost(usage, SONNET) <= cost_range(SONNET, 10_000, 8192).high_usd


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "unknown"),
        (0, "$0.00"),
        (0.00004, "$0.00"),
        (0.5, "$0.50"),
        (0.0123, "$0.0123"),
        (0.062, "$0.062"),
        (1, "$1.00"),
        (12.345, "$12.35"),
    ],
)
def test_amounts_for_people(amount, text):
    assert usd(amount) == text


def test_worst_cases_are_rounded_up():
    assert usd(0.50003, up=True) == "$0.5001"
    assert usd(0.00004, up=True) == "$0.0001"
    assert usd(0.1 + 0.2, up=True) == "$0.30"
    assert usd(10.001, up=True) == "$10.01"


LIMITS = Limits(request_usd=0.5, month_usd=10)


def test_a_request_within_the_limits():
    estimate = CostRange(0.1, 0.5)
    assert check_request(LIMITS, "m", estimate) is estimate
    check_month(LIMITS, estimate, 9.5)


def test_a_request_that_could_cost_too_much():
    with pytest.raises(LimitReached) as caught:
        check_request(LIMITS, "m", CostRange(0.1, 0.50003))
    assert str(caught.value) == (
        "This request could cost up to $0.5001, and one request may cost $0.50. "
        "Raise `cloud.request_limit_usd`, or lower `cloud.max_tokens`."
    )


def test_a_month_that_is_used_up():
    with pytest.raises(LimitReached) as caught:
        check_month(LIMITS, CostRange(0.01, 0.062), 9.95)
    assert str(caught.value) == (
        "This request could cost up to $0.062, and $9.95 of this month's $10.00 are spent or "
        "reserved. Raise `cloud.month_limit_usd`, or wait for the next month (UTC); "
        "`scopewise cloud log` shows what was sent."
    )


def test_a_price_nobody_knows_refuses_and_the_users_own_mends_it():
    with pytest.raises(LimitReached) as caught:
        check_request(LIMITS, "claude-mythos-preview", None)
    assert "`claude-mythos-preview`" in caught.value.message
    assert "cloud.prices" in caught.value.remedy
    own, complaints = read_settings(
        {"cloud.prices": [{"model": "claude-mythos-preview", "input": 25, "output": 125}]}
    )
    assert complaints == []
    price = find_price("claude-mythos-preview", own.cloud.prices)
    check_request(LIMITS, "claude-mythos-preview", cost_range(price, 1000, 1000))


def test_a_figure_that_is_none_refuses():
    """Comparisons with NaN are all false, so the check must be the right way round."""
    nan = float("nan")
    with pytest.raises(LimitReached):
        check_request(LIMITS, "m", CostRange(nan, nan))
    with pytest.raises(LimitReached):
        check_request(Limits(nan, 1), "m", CostRange(0, 0.1))
    with pytest.raises(LimitReached):
        check_month(LIMITS, CostRange(0, 0.1), nan)


def test_a_limit_of_nothing_allows_what_is_free():
    free = Price("m", Rates(0, 0, 0, 0), "")
    nothing = Limits(0, 0)
    check_month(nothing, check_request(nothing, "m", cost_range(free, 1000, 1000)), 0)
    with pytest.raises(LimitReached):
        check_request(nothing, "m", cost_range(SONNET, 1, 1))


@pytest.mark.parametrize(
    "options",
    [
        {"cloud.prices": [{"model": "m", "input": -1, "output": 1}]},
        {"cloud.prices": [{"model": "m", "input": 1}]},
        {"cloud.prices": {"m": 1}},
        {"cloud.month_limit_usd": -1},
        {"cloud.max_tokens": 0},
        {"cloud.model": ""},
        {"cloud.mode": "always"},
        {"cloud.exclude": "*.pem"},
    ],
)
def test_wrong_settings_of_the_cloud_are_complained_about(options):
    settings, complaints = read_settings(options)
    assert settings == Settings()
    assert len(complaints) == 1


def test_settings_can_still_be_told_apart_by_hash():
    options = {"cloud": {"prices": [{"model": "m", "input": 1, "output": 2}], "exclude": ["a"]}}
    settings, complaints = read_settings(options)
    assert complaints == []
    assert hash(settings) != hash(Settings())

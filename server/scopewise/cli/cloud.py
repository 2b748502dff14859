"""`scopewise cloud`: what was sent, what it cost, and the key it is sent with."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.filesize import decimal
from rich.markup import escape
from rich.table import Table

from scopewise.cli import output
from scopewise.cli.actions import AsJson, Set, settings_from
from scopewise.cloud import keys as cloud_keys
from scopewise.cloud.endpoint import host_of
from scopewise.cloud.keys import FoundKey, Key, Keys
from scopewise.cloud.ledger import Entry, Ledger, Totals, total
from scopewise.cloud.prices import find_price, usd
from scopewise.errors import InputError
from scopewise.settings import CloudSettings

_MAX_KEY = 10_000
"""Characters read where a key is expected."""

app = typer.Typer(help="What was sent to the cloud, and the key for it.", no_args_is_help=True)
key_app = typer.Typer(help="Keep the API key in the system's keyring.", no_args_is_help=True)
app.add_typer(key_app, name="key")


@app.command()
def log(
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="Only this month, in UTC.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many to show; totals are of all.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List every request that was sent, newest first, with totals."""
    with output.failing():
        entries = Ledger().entries(_month(month))
    totals = total(entries)
    if as_json:
        rows = [_entry_facts(entry) for entry in entries[:limit]]
        output.print_json({"sends": rows, "totals": _total_facts(totals)})
        return
    if not entries:
        output.say("Nothing was sent.")
        return
    output.stdout().print(_table(entries[:limit]))
    if len(entries) > limit:
        output.say(f"{len(entries) - limit} older ones are not shown; see --limit.")
    output.print_line(_total_line(totals))


@app.command()
def payload(row: Annotated[int, typer.Argument(metavar="ID", help="As in `log`.")]) -> None:
    """Write the bytes of one request to stdout, if `cloud.keep_payloads` was on."""
    with output.failing():
        kept = Ledger().payload(row)
        if kept is None:
            raise InputError(
                f"The ledger holds no payload of a request {row}.",
                "It keeps them while the setting `cloud.keep_payloads` is on.",
            )
    sys.stdout.buffer.write(kept)


@app.command()
def status(context: typer.Context, changes: Set = None, as_json: AsJson = False) -> None:
    """Show what would be asked, with which key, and what this month has cost."""
    with output.failing():
        settings = settings_from("", changes).cloud
        facts = _status_facts(settings, _keys(context), Ledger())
    if as_json:
        output.print_json(facts)
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in _status_rows(facts):
        table.add_row(name, value)
    output.stdout().print(table)


@key_app.command("set")
def key_set() -> None:
    """Keep a key, typed at a prompt or read from stdin; never from the command line."""
    with output.failing():
        key = Key(_typed_key())
        name = cloud_keys.store_in_keyring(key)
    output.say(f"The key is kept by {name}.")
    if hint := cloud_keys.shape_hint(key):
        output.say(f"{hint} It is kept all the same.")


@key_app.command("clear")
def key_clear() -> None:
    """Delete the key from the keyring."""
    with output.failing():
        was_there = cloud_keys.clear_keyring()
    output.say("The key is deleted." if was_there else "There was no key in the keyring.")


@key_app.command("status")
def key_status(context: typer.Context, as_json: AsJson = False) -> None:
    """Say where a key was found, and never the key; exit code 1 if there is none."""
    keys = _keys(context)
    found = keys.find()
    if as_json:
        output.print_json(_key_facts(found, keys.note))
    else:
        output.print_line(_key_line(_key_facts(found, keys.note)))
    if found is None:
        if not as_json:
            output.say(f"Set {cloud_keys.VARIABLE}, or type `scopewise cloud key set`.")
        raise typer.Exit(output.ExitCode.DECLINED)


def _keys(context: typer.Context) -> Keys:
    """The places to look for a key, as the command line began with them."""
    assert isinstance(context.obj, Keys)
    return context.obj


def _typed_key() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline(_MAX_KEY)
    return str(typer.prompt("API key (it is not shown)", hide_input=True, err=True))


def _month(text: str) -> str:
    if text and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise InputError(f"`{text}` is not a month.", "Write it as in 2026-11.")
    return text


def _entry_facts(entry: Entry) -> dict[str, Any]:
    return {**asdict(entry), "state": entry.state.value, "counted_usd": entry.counted_usd}


def _total_facts(totals: Totals) -> dict[str, Any]:
    return {**asdict(totals), "counted_usd": totals.counted_usd}


def _table(entries: list[Entry]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("Id", "Sent (UTC)", "What", "Size", "Tokens", "Cost", "State"):
        is_number = heading in {"Id", "Size", "Tokens", "Cost"}
        table.add_column(heading, justify="right" if is_number else "left", no_wrap=is_number)
    for entry in entries:
        table.add_row(
            str(entry.id),
            f"{entry.begun_at:%Y-%m-%d %H:%M}",
            _what(entry),
            decimal(entry.payload_bytes),
            _tokens(entry),
            _cost(entry),
            entry.state.value,
        )
    return table


def _what(entry: Entry) -> str:
    reasons = "; ".join(entry.reasons)
    lines = [
        f"{entry.task}, {entry.model} at {entry.host}",
        entry.workspace,
        f"{entry.decision}: {reasons}" if reasons else entry.decision,
        f"sha256 {entry.payload_sha256[:16]}",
    ]
    return escape("\n".join(line for line in lines if line))


def _tokens(entry: Entry) -> str:
    if entry.usage is None:
        return "?"
    return f"{entry.usage.prompt_tokens} + {entry.usage.output_tokens}"


def _cost(entry: Entry) -> str:
    return f"≤ {usd(entry.worst_usd, up=True)}" if entry.cost_usd is None else usd(entry.cost_usd)


def _total_line(totals: Totals) -> str:
    usage = totals.usage
    noun = "request" if totals.n_sends == 1 else "requests"
    line = (
        f"{totals.n_sends} {noun}, {decimal(totals.payload_bytes)}, "
        f"{usage.prompt_tokens} + {usage.output_tokens} tokens, {usd(totals.cost_usd)}"
    )
    if not totals.open_usd:
        return f"{line}."
    return f"{line}, and up to {usd(totals.open_usd, up=True)} whose cost is not known."


def _status_facts(settings: CloudSettings, keys: Keys, ledger: Ledger) -> dict[str, Any]:
    price = find_price(settings.model, settings.prices)
    # With `never`, nothing is looked for: a keyring may open a window.
    found = keys.find() if settings.mode != "never" else None
    return {
        "mode": settings.mode,
        "model": settings.model,
        "host": host_of(settings.base_url),
        "price": None if price is None else asdict(price),
        "max_tokens": settings.max_tokens,
        "samples": settings.samples,
        "key": _key_facts(found, keys.note),
        "request_limit_usd": settings.request_limit_usd,
        "month_limit_usd": settings.month_limit_usd,
        "this_month": _total_facts(ledger.this_month()),
        "keep_payloads": settings.keep_payloads,
        "ledger": str(ledger.path),
    }


def _key_facts(found: FoundKey | None, note: str) -> dict[str, Any]:
    if found is None:
        return {"found": False, "source": "", "hint": "", "keyring": note}
    hint = cloud_keys.shape_hint(found.key)
    return {"found": True, "source": found.source.value, "hint": hint, "keyring": note}


def _key_line(facts: dict[str, Any]) -> str:
    if not facts["found"]:
        return f"none; of the keyring: {facts['keyring']}"
    return f"{facts['source']}; {facts['hint']}" if facts["hint"] else str(facts["source"])


def _status_rows(facts: dict[str, Any]) -> list[tuple[str, str]]:
    month, limit = facts["this_month"], facts["month_limit_usd"]
    spent = f"{usd(month['cost_usd'])} for requests: {month['n_sends']}"
    if month["open_usd"]:
        spent += f", and up to {usd(month['open_usd'], up=True)} whose cost is not known"
    rows = {
        "mode": facts["mode"],
        "model": f"{facts['model']} at {facts['host']}",
        "price": _price_line(facts["price"]),
        "key": "not looked for" if facts["mode"] == "never" else _key_line(facts["key"]),
        "this month": f"{spent}; the limit is {usd(limit)}",
        "one request": f"up to {usd(facts['request_limit_usd'])}",
        "ledger": facts["ledger"],
    }
    return [(name, escape(value)) for name, value in rows.items()]


def _price_line(price: dict[str, Any] | None) -> str:
    if price is None:
        return "unknown, so nothing is sent; see the setting `cloud.prices`"
    rates = price["rates"]
    return (
        f"{usd(rates['input'])} in, {usd(rates['output'])} out for a million tokens; "
        f"by {price['origin']}"
    )

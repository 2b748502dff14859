"""`scopewise bench`: measurements anyone can repeat."""

from __future__ import annotations

import statistics
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from scopewise.actions.session import model_config
from scopewise.bench.engine import EngineFigures, measure_engine
from scopewise.cli import output, quality, scope_bench
from scopewise.cli.actions import AsJson, Model, Set, settings_from

app = typer.Typer(help="Measure scopewise on this machine.", no_args_is_help=True)
app.command("fill")(quality.fill)
app.command("fix")(quality.fix)
app.command("explain")(quality.explain)
app.command("tasks")(quality.tasks)
app.command("report")(quality.report)
app.command("scope")(scope_bench.scope)


@app.callback()
def bench() -> None:
    """Measure scopewise on this machine."""


@app.command()
def engine(
    model: Model = "",
    changes: Set = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often each thing is measured.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Decoding against llama.cpp's plainest loop, four samples against one, time to cancel."""
    with output.failing():
        config = model_config(settings_from(model, changes))
        with output.stderr().status("Loading the model") as status:
            figures = measure_engine(config, rounds=rounds, report=status.update)
    if as_json:
        derived = {"decode_ratio": figures.decode_ratio, "four_to_one": figures.four_to_one}
        output.print_json({"model": config.name, **asdict(figures), **derived})
    else:
        output.stdout().print(_table(config.name, figures))


def _table(name: str, figures: EngineFigures) -> Table:
    table = Table("what", "measured", title=f"{name}, {figures.n_tokens} tokens")
    table.add_row("llama.cpp's plainest loop", f"{_median(figures.bare_rates)} tokens/s")
    table.add_row("the engine", f"{_median(figures.engine_rates)} tokens/s")
    table.add_row("the engine / the loop", f"{figures.decode_ratio:.3f}")
    table.add_row("four samples / one, in time", f"{figures.four_to_one:.2f}")
    table.add_row("cancel while reading, to idle", _times(figures.cancel_prefill_ms))
    table.add_row("cancel while writing, to idle", _times(figures.cancel_decode_ms))
    return table


def _median(rates: list[float]) -> str:
    return f"{statistics.median(rates):.1f} ({min(rates):.1f} to {max(rates):.1f})"


def _times(times_ms: list[float]) -> str:
    return f"median {statistics.median(times_ms):.0f} ms, at most {max(times_ms):.0f} ms"

"""The `scopewise` command: the same actions as in an editor, without one.

Exit codes: 0 done, 1 the result was declined or a hash differs, 2 what was asked for cannot be
done, 3 the model's file is missing or wrong, 4 the engine failed, 130 cancelled.
"""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

from scopewise import __version__
from scopewise.cli import actions, bench, cloud, demo, doctor, models, scope, serve
from scopewise.cli import settings as settings_command
from scopewise.cloud.keys import Keys, take_from_environment

app = typer.Typer(
    name="scopewise",
    help="Code actions by a small local model, checked before they are shown.\n\n"
    "Exit codes: 0 done, 1 declined or a hash differs, 2 cannot be done as asked, "
    "3 model file missing or wrong, 4 engine failed, 130 cancelled.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(models.app, name="models")
app.add_typer(bench.app, name="bench")
app.add_typer(cloud.app, name="cloud")
app.command("serve")(serve.serve)
app.command("explain")(actions.explain)
app.command("fill")(actions.fill)
app.command("fix")(actions.fix)
app.command("scope")(scope.scope)
app.command("doctor")(doctor.doctor)
app.command("settings")(settings_command.settings)
app.command("demo")(demo.demo)


@app.callback(invoke_without_command=True)
def scopewise(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log more to stderr.")] = False,
) -> None:
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)s %(name)s %(message)s")
    # Before anything is started: child processes inherit the environment.
    context.obj = context.obj or Keys(environment=take_from_environment())
    if version:
        sys.stdout.write(f"scopewise {__version__}\n")
        raise typer.Exit


def main() -> None:
    """Run the command line."""
    app()

"""`scopewise settings`: every setting, its default and what it means."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from scopewise.cli import output
from scopewise.settings import describe_settings, setting_schemas


def settings(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write the reference page `docs/settings.md`.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON to stdout, with a JSON schema for each.")
    ] = False,
) -> None:
    """List every setting with its default."""
    if as_json:
        output.print_json(settings_facts())
        return
    if markdown:
        output.print_line(settings_page().rstrip())
        return
    table = Table("setting", "default", "meaning", box=None)
    for name, _, default, description in describe_settings():
        table.add_row(name, json.dumps(default), description)
    output.stdout().print(table)


def settings_facts() -> list[dict[str, Any]]:
    """Every setting for programs that show them, such as the manifest of our extension."""
    return [
        {
            "name": name,
            "type": kind,
            "default": default,
            "description": description,
            "schema": schema,
        }
        for (name, kind, default, description), schema in zip(
            describe_settings(), setting_schemas(), strict=True
        )
    ]


def settings_page() -> str:
    """The reference of settings in Markdown."""
    rows = [
        f"| `{name}` | {kind.replace('|', 'or')} | `{json.dumps(default)}` | {description} |"
        for name, kind, default, description in describe_settings()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "Passed as initialization options or by `workspace/didChangeConfiguration`, nested or "
            "with dots, with or without an outer `scopewise`;",
            "on the command line with `--set NAME=VALUE`.",
            "None is read from the repository that happens to be open.",
            "This page is written by `scopewise settings --markdown`.",
            "",
            "| setting | type | default | meaning |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )

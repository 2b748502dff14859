"""`--cloud`: what would be sent is shown, and sent when the user says so."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import typer
from rich.status import Status

from scopewise.actions.producers import cloud_row
from scopewise.cli import output
from scopewise.cloud import preview
from scopewise.cloud.access import Choice
from scopewise.cloud.keys import Keys
from scopewise.cloud.proposal import Proposal
from scopewise.errors import InputError
from scopewise.settings import Settings


@dataclass(frozen=True)
class CloudDesk:
    """What a command was told about the cloud."""

    keys: Keys
    is_wanted: bool
    is_agreed: bool
    """Whether `--yes` stands for the answer."""
    is_dry: bool
    as_json: bool

    def producer(self, local: str, settings: Settings) -> str:
        """The producer to run in place of the local one; raises InputError."""
        if not self.is_wanted:
            if self.is_agreed or self.is_dry:
                raise InputError("`--yes` and `--dry-run` belong to `--cloud`.")
            return local
        row = cloud_row(local, settings)
        if row is None:
            raise InputError(
                "The setting `cloud.mode` is `never`, so the cloud is not asked.",
                "Add `--set cloud.mode=ask`.",
            )
        return row.id

    async def may_send(self, status: Status, proposal: Proposal) -> Choice:
        """Show the proposal, and what the user says to it; ends the command after a dry run."""
        if self.is_dry:
            self._show_on_stdout(proposal)
            raise typer.Exit
        # The result alone goes to stdout.
        status.stop()
        output.say(preview.page(proposal))
        status.start()
        if self.is_agreed:
            return Choice.ONCE
        if not output.is_terminal():
            raise InputError(
                "Nobody is there to say whether it may be sent, so nothing was sent.",
                "Read it with `--dry-run`, then add `--yes`.",
            )
        is_yes = await output.confirmed(status, preview.question(proposal))
        return Choice.ONCE if is_yes else Choice.NO

    def _show_on_stdout(self, proposal: Proposal) -> None:
        if self.as_json:
            output.print_json(_facts(proposal))
        else:
            output.print_line(preview.page(proposal))


def _facts(proposal: Proposal) -> dict[str, Any]:
    """The proposal for programs; the payload in Base64, for the bytes are what counts."""
    return {
        "title": proposal.inquiry.title,
        "reasons": list(proposal.inquiry.reasons),
        "model": proposal.config.model,
        "host": proposal.host,
        "payload": base64.b64encode(proposal.payload).decode(),
        "files": list(preview.files(proposal)),
        "redacted": preview.taken_out(proposal),
        "left_out": [{"path": name, "reason": why} for name, why in preview.left_out(proposal)],
        "tokens": proposal.n_tokens,
        "cost_usd": [proposal.cost.low_usd, proposal.cost.high_usd],
        "requests": proposal.n_requests,
    }

"""What a session has for asking the cloud: the key, the ledger, and what the user agreed to."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from scopewise.cloud.keys import Keys
from scopewise.cloud.ledger import Ledger
from scopewise.cloud.limits import check_month, limits_of
from scopewise.cloud.proposal import Inquiry, Proposal, propose
from scopewise.cloud.redaction import Redaction
from scopewise.cloud.sending import PaidEngine
from scopewise.engine.claude_errors import no_key
from scopewise.settings import CloudSettings


class Choice(enum.Enum):
    """What the user says to a proposal."""

    ONCE = "once"
    SESSION = "session"
    """Also for what is asked later in this session, in the same workspace, of the same host."""
    NO = "no"


MaySend = Callable[[Proposal], Awaitable[Choice]]


async def nobody_to_ask(proposal: Proposal) -> Choice:
    """The answer of someone who cannot be asked."""
    return Choice.NO


@dataclass
class CloudAccess:
    """Shared by the jobs of one session."""

    keys: Keys = field(default_factory=Keys)
    is_dry: bool = False
    """Nothing will be sent, so no key is needed."""
    _redaction: Redaction | None = field(default=None, repr=False)
    """Of the latest proposal: its placeholders are kept for the next."""
    _agreed: set[tuple[str, str, str]] = field(default_factory=set)
    _own_ledger: Ledger = field(default_factory=Ledger, repr=False)
    """One for the session: it remembers what could not be written down yet."""

    def tidy(self, settings: CloudSettings) -> None:
        """Close the rows of the ledger whose process is no more; for a thread, at the start."""
        if settings.mode != "never":
            self._ledger(settings).close_dead()

    async def propose(self, inquiry: Inquiry, settings: CloudSettings) -> Proposal:
        """What would be sent; raises InputError, LimitReached, LedgerFailed and NoKey: whatever
        would be in its way is said before the user is asked."""
        proposal = await asyncio.to_thread(propose, inquiry, settings, self._redaction)
        await asyncio.to_thread(self._check, proposal, settings)
        self._redaction = proposal.redaction
        return proposal

    def is_agreed(self, proposal: Proposal) -> bool:
        """Whether the user agreed to everything that is asked there."""
        return _circle(proposal) in self._agreed

    def agree(self, proposal: Proposal) -> None:
        """Remember for the session that the user agrees."""
        self._agreed.add(_circle(proposal))

    def engine(self, proposal: Proposal, settings: CloudSettings) -> PaidEngine:
        """The engine that sends the proposal's bytes."""
        return PaidEngine(proposal, self._ledger(settings), limits_of(settings), self._key)

    def _check(self, proposal: Proposal, settings: CloudSettings) -> None:
        spent_usd = self._ledger(settings).this_month().counted_usd
        check_month(limits_of(settings), proposal.cost, spent_usd)
        if not self.is_dry and not self._key():
            note = f" (the keyring: {self.keys.note})" if self.keys.note else ""
            raise no_key(f"There is no API key{note}, so nothing was sent.")

    def _key(self) -> str:
        found = self.keys.find()
        return found.key.reveal() if found else ""

    def _ledger(self, settings: CloudSettings) -> Ledger:
        self._own_ledger.keep_payloads = settings.keep_payloads
        return self._own_ledger


def _circle(proposal: Proposal) -> tuple[str, str, str]:
    """What an agreement for the session is about."""
    return proposal.workspace, proposal.config.base_url, proposal.config.model

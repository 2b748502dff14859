"""An engine for one proposal: each request is in the ledger before its first byte leaves."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from scopewise.cancel import CancelToken
from scopewise.cloud.ledger import Ledger, Order, Send
from scopewise.cloud.limits import Limits
from scopewise.cloud.prices import cost, cost_range
from scopewise.cloud.proposal import Proposal
from scopewise.engine.claude import ClaudeEngine, KeySource, Meter
from scopewise.engine.protocol import EngineInfo, Event, Request


@dataclass(frozen=True)
class PaidEngine:
    """Claude, for the bytes of a proposal the user agreed to."""

    proposal: Proposal
    ledger: Ledger
    limits: Limits
    key: KeySource

    async def generate(self, request: Request, cancel: CancelToken) -> AsyncGenerator[Event, None]:
        """The events of an answer; raises LimitReached, LedgerFailed, Cancelled or CloudError."""
        meter = Meter()
        engine = self._claude.approved(self.proposal.payload, meter)
        async with self.ledger.sending(self._order(request.n_samples), self.limits) as send:
            try:
                async with aclosing(engine.generate(request, cancel)) as events:
                    async for event in events:
                        yield event
            finally:
                self._note(send, meter)

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return await self._claude.count_tokens(texts)

    async def describe(self) -> EngineInfo:
        return await self._claude.describe()

    async def close(self) -> None:
        pass

    @property
    def _claude(self) -> ClaudeEngine:
        return ClaudeEngine(self.proposal.config, self.key)

    def _order(self, n_requests: int) -> Order:
        proposal, inquiry = self.proposal, self.proposal.inquiry
        max_tokens = proposal.config.max_tokens
        return Order(
            workspace=proposal.workspace,
            model=proposal.config.model,
            host=proposal.host,
            task=inquiry.task,
            decision=inquiry.decision,
            reasons=inquiry.reasons,
            payload=proposal.payload,
            cost=cost_range(proposal.price, proposal.n_tokens, max_tokens, n_requests),
        )

    def _note(self, send: Send, meter: Meter) -> None:
        if not meter.n_sent:
            send.nothing_billed()
        elif meter.is_exact:
            send.used(meter.usage, cost(meter.usage, self.proposal.price))

"""An explanation on its way to the user: shown while it is written, or as a page at the end."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from scopewise.actions.outcome import Outcome, Phase
from scopewise.lsp import pages
from scopewise.lsp.jobs import Job
from scopewise.lsp.labels import label_json, told
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.pacing import Pace

METHOD = "scopewise/explanation"

_INTERVAL_S = 0.1


class Explanation:
    """The text of one job; as a context, it is told to be over however the job ends."""

    def __init__(self, ls: ScopewiseServer, job: Job, uri: str) -> None:
        """Nothing is sent to a client that does not show it, nor before there is a text."""
        self._ls = ls
        self._job = job
        self._uri = uri
        self._text = ""
        self._n_tokens = 0
        self._is_begun = self._is_done = False
        self._pace = Pace(self._send, _INTERVAL_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pace.stop()
        if self._is_begun and not self._is_done:
            self._notify(label=None, is_done=True)

    def phase(self, phase: Phase) -> None:
        """Show the text that is new in a phase."""
        if not self._ls.client.shows_explanations or not phase.text:
            return
        # A text that ran in circles is written once more, from the start.
        if phase.n_tokens < self._n_tokens:
            self._text = ""
        self._n_tokens = phase.n_tokens
        self._text += phase.text
        self._pace.due()

    async def show(self, outcome: Outcome) -> None:
        """The finished text with its label, wherever this client shows it."""
        if not self._ls.client.shows_explanations:
            text = f"{outcome.markdown}\n\n---\n\n*{told(outcome)}*"
            await pages.show(self._ls, self._ls.client, self._ls.pages, outcome.title, text)
            return
        self._text = outcome.markdown
        self._finish({**label_json(outcome.label), "sentence": told(outcome)})

    def decline(self, outcome: Outcome) -> None:
        """What was shown so far did not pass the checks."""
        if self._is_begun:
            self._finish(label_json(outcome.label))

    def _finish(self, label: dict[str, Any]) -> None:
        self._pace.stop()
        self._is_done = True
        self._notify(label=label, is_done=True)

    def _send(self) -> None:
        self._notify(label=None, is_done=False)

    def _notify(self, *, label: dict[str, Any] | None, is_done: bool) -> None:
        self._is_begun = True
        self._ls.protocol.notify(
            METHOD,
            {
                "id": self._job.progress.token,
                "title": self._job.title,
                "uri": self._uri,
                "markdown": self._text,
                "isDone": is_done,
                "label": label,
            },
        )

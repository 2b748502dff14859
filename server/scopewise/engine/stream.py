"""Turns token bytes into text that is safe to show: whole characters, nothing past a stop."""

from __future__ import annotations

import codecs
import re


class TextStream:
    """Collects the bytes of one sample and hands out text that can no longer be taken back.

    A character whose bytes have not all arrived is held back, and so is text that may turn out to
    be the beginning of a stop sequence: the current line when there is a stop pattern.
    """

    def __init__(self, stop: tuple[str, ...] = (), stop_pattern: str = "") -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = tuple(text for text in stop if text)
        self._pattern = re.compile(stop_pattern) if stop_pattern else None
        self._holdback = max((len(text) for text in self._stop), default=1) - 1
        self._n_shown = 0
        self.text = ""
        self.is_stopped = False

    def push(self, piece: bytes) -> str:
        """Text that became certain with these bytes; sets `is_stopped` at a stop."""
        added = self._decoder.decode(piece)
        if not added or self.is_stopped:
            return ""
        self.text += added
        cut = self._find_stop(len(added))
        if cut is not None:
            self.text = self.text[:cut]
            self.is_stopped = True
            return self._show(len(self.text))
        return self._show(self._certain_length())

    def finish(self) -> str:
        """The text still held back, at the end of the sample; half a character is dropped."""
        return self._show(len(self.text))

    def _find_stop(self, n_added: int) -> int | None:
        window = max(len(self.text) - n_added - self._holdback, 0)
        cuts = [self.text.find(text, window) for text in self._stop]
        if self._pattern is not None and (match := self._pattern.search(self.text)):
            cuts.append(match.start())
        return min((cut for cut in cuts if cut >= 0), default=None)

    def _certain_length(self) -> int:
        length = len(self.text) - self._holdback
        if self._pattern is not None:
            length = min(length, self.text.rfind("\n"))
        return max(length, self._n_shown)

    def _show(self, length: int) -> str:
        shown = self.text[self._n_shown : length]
        self._n_shown = max(length, self._n_shown)
        return shown

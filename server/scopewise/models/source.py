"""What a place that models come from has to offer."""

from __future__ import annotations

import os
from typing import Protocol

from scopewise.cancel import CancelToken
from scopewise.models.catalogue import ModelSpec
from scopewise.models.part import PartFile


class Source(Protocol):
    """Each failure is a PullFailed whose message is one sentence; other errors are the disk's."""

    @property
    def name(self) -> str:
        """As a sentence names it."""

    @property
    def spare_bytes(self) -> int:
        """Disk room it needs for a while, beside the model."""

    def look_up(self, spec: ModelSpec, cancel: CancelToken) -> ModelSpec:
        """The spec with what the source knows of size and sha256, if it has the model."""

    def fetch(self, spec: ModelSpec, part: PartFile, cancel: CancelToken) -> None:
        """Append what is missing; what is fetched is not trusted, so nothing is verified here."""


def is_offline() -> bool:
    """Whether SCOPEWISE_OFFLINE forbids the network."""
    return os.environ.get("SCOPEWISE_OFFLINE", "").lower() in {"1", "true", "yes", "on"}

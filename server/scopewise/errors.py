"""Every exception the core raises on purpose.

    ScopewiseError
    ├── Cancelled            the user, a newer job or a deadline stopped the work
    ├── InputError           what was asked for cannot be done with what was given
    ├── StaleDocument        the text changed where the result would have gone
    ├── ModelError           the model's file
    │   ├── ModelMissing     it is not in the store
    │   ├── ModelCorrupt     wrong size, wrong magic, wrong hash
    │   └── PullFailed       no source could deliver it
    ├── SandboxError         model-written code could not be run (sandbox/protocol.py)
    └── EngineError          the process that runs the model
        ├── EngineUnavailable    it cannot be started here
        ├── EngineCrashed        it died or hung in the middle of a job
        └── PromptTooLong        the prompt does not fit the context

A message is one sentence a user understands; `remedy` says what to do about it.
Broken source code is not an error: analysis returns findings about it.
"""

from __future__ import annotations


class ScopewiseError(Exception):
    """What happened in one sentence, and what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Cancelled(ScopewiseError):
    """The work was stopped; the message says by whom."""


class InputError(ScopewiseError):
    """The file, the position, the trace or a setting does not allow what was asked."""


class StaleDocument(ScopewiseError):
    """The document changed where the edit would have gone, so nothing was applied."""


class ModelError(ScopewiseError):
    """Something is wrong with a model's file."""


class ModelMissing(ModelError):
    """The model is not in the store."""


class ModelCorrupt(ModelError):
    """The file is not the model it claims to be."""


class PullFailed(ModelError):
    """No source could deliver the model."""


class EngineError(ScopewiseError):
    """The model could not be run."""


class EngineUnavailable(EngineError):
    """The engine cannot be started on this machine as it is."""


class EngineCrashed(EngineError):
    """The engine's process ended or stopped answering; the next job starts a new one."""


class PromptTooLong(EngineError):
    """The prompt and the room for an answer exceed the context."""

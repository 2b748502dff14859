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
        ├── PromptTooLong        the prompt does not fit the context
        └── CloudError           Claude was not asked, or gave no answer
            ├── NotAsShown       what would be sent is not what was shown
            ├── NoKey            there is no API key
            ├── WrongKey         the key is not accepted
            ├── NoAccess         the key is not allowed to ask this model
            ├── NoCredit         the account is out of credit, or at its own limit
            ├── RateLimited      too many requests; `wait_s` says how long
            ├── Overloaded       there is no capacity at the moment
            ├── TooLong          the request is larger than the model takes
            ├── Rejected         the request is not valid for this model
            ├── Refused          the model declined to answer
            ├── NoRoom           the tokens of an answer were used up before it began
            ├── NetworkDown      the address cannot be reached, or the connection broke
            ├── NoAnswer         nothing was heard for too long
            ├── TlsFailure       the server's certificate is not trusted
            └── BadAnswer        what answered does not speak the Messages API

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


class CloudError(EngineError):
    """Claude was not asked, or gave no answer that can be used."""


class NotAsShown(CloudError):
    """What would leave is not what the user was shown, so nothing was sent."""


class NoKey(CloudError):
    """There is no API key."""


class WrongKey(CloudError):
    """The key is not accepted."""


class NoAccess(CloudError):
    """The key is not allowed to ask this model, or there is no such model."""


class NoCredit(CloudError):
    """The account is out of credit, or reached a limit its owner set."""


class RateLimited(CloudError):
    """Too many requests were made."""

    def __init__(self, message: str, remedy: str = "", wait_s: float | None = None) -> None:
        super().__init__(message, remedy)
        self.wait_s = wait_s
        """Seconds the provider asks to wait, None when it does not say."""


class Overloaded(CloudError):
    """The provider has no capacity at the moment."""


class TooLong(CloudError):
    """The request is larger than the model takes."""


class Rejected(CloudError):
    """The provider takes the request for invalid."""


class Refused(CloudError):
    """The model declined to answer."""


class NoRoom(CloudError):
    """The tokens an answer may have were used up by thinking, before the first was written."""


class NetworkDown(CloudError):
    """The address cannot be reached, or the connection broke."""


class NoAnswer(CloudError):
    """Nothing was heard for too long."""


class TlsFailure(CloudError):
    """The server's certificate is not trusted, or there is no encryption in common."""


class BadAnswer(CloudError):
    """What answered does not speak the Messages API, or failed."""

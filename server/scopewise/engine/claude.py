"""Claude, through the official SDK: the only file that imports anthropic, and only when it is used.

Nothing is sent but the bytes that were shown: the body is compared with them right before it
leaves, retries included, and so is the address; redirects are not followed. No key, address, header
or trace is taken from the environment or from files, but the user's proxy and certificates are:
`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`. A gateway on this machine is asked
directly.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import ipaddress
import logging
import math
import ssl
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from scopewise.cancel import CancelToken
from scopewise.engine.claude_errors import Failure, error_of, no_key, no_room, refusal
from scopewise.engine.claude_request import (
    ClaudeConfig,
    body_of,
    encode,
    estimated_prompt_tokens,
    estimated_tokens,
    payload_of,
)
from scopewise.engine.protocol import (
    Completion,
    Delta,
    EngineInfo,
    Event,
    Prefill,
    Request,
    Sample,
    StopReason,
)
from scopewise.engine.stream import TextStream
from scopewise.errors import (
    BadAnswer,
    Cancelled,
    CloudError,
    EngineUnavailable,
    NetworkDown,
    NoAnswer,
    NotAsShown,
    ScopewiseError,
    TlsFailure,
    WrongKey,
)

if TYPE_CHECKING:
    import anthropic
    import httpx2

__all__ = [
    "HEADERS",
    "ApprovedEngine",
    "ClaudeConfig",
    "ClaudeEngine",
    "CloudCompletion",
    "CloudUsage",
    "Meter",
    "body_of",
    "encode",
    "estimated_prompt_tokens",
    "estimated_tokens",
    "payload_of",
]

logger = logging.getLogger(__name__)

HEADERS = (
    "host",
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "user-agent",
    "anthropic-version",
    "x-api-key",
)
"""The headers that are sent. The SDK's others, which describe the machine, are left out."""
_CONTEXT_TOKENS = 200_000
"""What every model of the SDK's list takes at least."""
_CHARACTERS_PER_TOKEN = 64
"""More than any text has; an answer beyond it comes from something that is no model."""
_NOBODY_KNOWS = frozenset({502, 504, *range(520, 528)})
"""A gateway gave up; what stands behind it may have gone on, and billed."""
_MAYBE_BILLED = (
    "Try again; `scopewise cloud log` counts this request with its worst case, as it may be billed."
)
_TRUST = "Check `cloud.base_url`; if your network inspects traffic, set SSL_CERT_FILE."
_REASONS = {
    "end_turn": StopReason.END,
    "stop_sequence": StopReason.STOP,
    "max_tokens": StopReason.LENGTH,
}
"""An end that is not in here is taken for an answer that was cut off."""

KeySource = Callable[[], str]


class CloudUsage(msgspec.Struct, frozen=True):
    """Tokens as the provider counted them."""

    input_tokens: int = 0
    """Neither read from the cache nor written to it."""
    output_tokens: int = 0
    """What the model thought included."""
    cache_write_tokens: int = 0
    cache_read_tokens: int = 0

    @property
    def prompt_tokens(self) -> int:
        return self.input_tokens + self.cache_write_tokens + self.cache_read_tokens

    def plus(self, other: CloudUsage) -> CloudUsage:
        """Both together."""
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return CloudUsage(*(a + b for a, b in pairs))


class CloudCompletion(Completion, frozen=True, tag="cloud_completion"):
    """A completion that says what it used."""

    usage: CloudUsage = CloudUsage()


@dataclass
class Meter:
    """What one generation has used, kept up to date while it runs and right when it fails."""

    usage: CloudUsage = field(default_factory=CloudUsage)
    """What was heard so far, half an answer included."""
    n_sent: int = 0
    """Requests that began to leave this machine, further tries included."""
    n_open: int = 0
    """Those of them of which nobody heard what was billed."""

    @property
    def is_exact(self) -> bool:
        """Whether `usage` is all that can have been billed; nothing at all when nothing left."""
        return not self.n_open


class ClaudeEngine:
    """Asks Claude, once for each sample, with the same bytes.

    A new connection is made for each generation and closed with it; the key is asked for then, in
    a thread, and not kept.
    """

    def __init__(self, config: ClaudeConfig, key: KeySource) -> None:
        """`key` returns the key, or an empty text when there is none."""
        self.config = config
        self._key = key

    def approved(self, payload: bytes, meter: Meter | None = None) -> ApprovedEngine:
        """An engine that sends these bytes and no others."""
        return ApprovedEngine(self, payload, meter or Meter())

    async def generate(
        self,
        request: Request,
        cancel: CancelToken,
        *,
        expected: bytes | None = None,
        meter: Meter | None = None,
    ) -> AsyncGenerator[Event, None]:
        """The events of an answer, when the request's payload is `expected`, and else NotAsShown.

        Without `expected` nothing was shown and nothing is sent. Raises Cancelled or CloudError.
        """
        cancel.check()
        if expected is None or payload_of(request, self.config) != expected:
            raise _not_as_shown()
        job = _Job(self.config, request, expected, meter or Meter())
        events: asyncio.Queue[Event | ScopewiseError] = asyncio.Queue()
        pump = asyncio.create_task(_pump(job, self._key, events))
        # However it ends, nobody waits for an event that never comes.
        pump.add_done_callback(lambda task: events.put_nowait(_last_word(task, cancel, job)))
        loop = asyncio.get_running_loop()
        forget = cancel.on_cancel(lambda: _call_soon(loop, pump.cancel))
        try:
            while True:
                event = await events.get()
                if isinstance(event, ScopewiseError):
                    raise event
                yield event
                if isinstance(event, Completion):
                    return
        finally:
            forget()
            pump.cancel()
            await asyncio.wait([pump])

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """A guess that is rather too high: to count at the provider would be to send the text."""
        return [estimated_tokens(text) for text in texts]

    async def describe(self) -> EngineInfo:
        return EngineInfo(self.config.model, _CONTEXT_TOKENS, _host(self.config))

    async def close(self) -> None:
        pass


@dataclass(frozen=True)
class ApprovedEngine:
    """Claude, for one payload the user agreed to."""

    claude: ClaudeEngine
    payload: bytes
    meter: Meter

    def generate(self, request: Request, cancel: CancelToken) -> AsyncGenerator[Event, None]:
        return self.claude.generate(request, cancel, expected=self.payload, meter=self.meter)

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return await self.claude.count_tokens(texts)

    async def describe(self) -> EngineInfo:
        return await self.claude.describe()

    async def close(self) -> None:
        await self.claude.close()


@dataclass
class _Job:
    """One generation, and what guards its way out."""

    config: ClaudeConfig
    request: Request
    expected: bytes
    meter: Meter
    key: str = field(default="", repr=False)
    is_open: bool = False
    """Whether a request has left whose bill was not heard."""
    is_silent: bool = False
    """Whether waiting for its answer timed out."""

    async def leave(self, request: httpx2.Request) -> None:
        """Called with each request before it leaves: stops it, or takes off what is not shown."""
        if self.is_open:
            # The SDK tries again after any broken connection. What was billed once is not paid for
            # a second time without the user's consent.
            raise _stop(_silence(self) if self.is_silent else _broken(self.config))
        url = f"{self.config.base_url.rstrip('/')}/v1/messages"
        is_right = request.method == "POST" and request.url == url
        if not is_right or request.content != self.expected:
            raise _stop(_not_as_shown())
        for name in set(request.headers) - set(HEADERS):
            del request.headers[name]
        # ANTHROPIC_CUSTOM_HEADERS could have put another in its place.
        request.headers["x-api-key"] = self.key
        request.extensions["trace"] = self.trace

    async def trace(self, name: str, info: dict[str, Any]) -> None:
        """Called with each step of the connection: notes the first byte to leave, and silence."""
        is_sending = name.endswith(".send_request_headers.started")
        # A proxy is first asked for a tunnel, with CONNECT.
        if is_sending and info["request"].method == b"POST":
            self.is_open = True
            self.meter.n_sent += 1
            self.meter.n_open += 1
        if name.endswith(".failed"):
            self.is_silent = self.is_open and "Timeout" in type(info["exception"]).__name__

    async def hear(self, response: httpx2.Response) -> None:
        """Called with each answer's head: notes what is not billed, and whether to try again."""
        is_unknown = response.status_code in _NOBODY_KNOWS
        if not response.is_success and not is_unknown:
            self.settle()
        wait_s = _wait_s(response.headers)
        if is_unknown or (wait_s is not None and not wait_s <= self.config.max_wait_s):
            # The SDK heeds this header, and would wait for hours otherwise.
            response.headers["x-should-retry"] = "false"

    def settle(self) -> None:
        """What the last request costs is known."""
        if self.is_open:
            self.is_open = False
            self.meter.n_open -= 1


class _Answer:
    """One answer as it arrives."""

    def __init__(self, job: _Job, index: int) -> None:
        self._job = job
        self._index = index
        self._before = job.meter.usage
        # With an opening, the pattern is about text that goes on from it, which this does not.
        pattern = "" if job.request.opening else job.request.stop_pattern
        self.text = TextStream(job.request.stop, pattern)
        self.usage = CloudUsage()
        self.model = job.config.model
        self.reason = ""
        self.category: str | None = None
        self.is_begun = False
        self.is_ended = False
        self.first_at = 0.0
        self._n_tokens = 0
        """Of the text so far, estimated: what was used is said at the end."""

    def take(self, event: Any) -> Iterator[Event]:
        """What an event of the provider means; nothing for those of a kind that is not known."""
        match getattr(event, "type", None):
            case "message_start":
                self.is_begun = True
                self.model = event.message.model or self.model
                self._count(event.message.usage)
                yield Prefill(self.usage.prompt_tokens, self.usage.prompt_tokens)
            case "content_block_start":
                yield from self._write(getattr(event.content_block, "text", None))
            case "content_block_delta" if event.delta.type == "text_delta":
                yield from self._write(event.delta.text)
            case "message_delta":
                self._count(event.usage)
                self._end(event.delta)
            case "message_stop":
                self.is_ended = True

    def finish(self) -> Sample:
        """The whole answer; raises CloudError."""
        if self.reason == "refusal":
            raise refusal(self.category)
        if not self.is_begun:
            raise _nonsense(self._job.config)
        if not self.reason:
            raise _broken(self._job.config)
        reason = _REASONS.get(self.reason, StopReason.LENGTH)
        if reason is StopReason.LENGTH and not self.text.text.strip():
            raise no_room(self._job.config.max_tokens)
        stop = StopReason.STOP if self.text.is_stopped else reason
        return Sample(self.text.text, stop, self.usage.output_tokens)

    def rest(self) -> Delta:
        """The text that was held back, for it could have become a stop sequence."""
        return Delta(self._index, self.text.finish(), self.usage.output_tokens)

    def _write(self, text: Any) -> Iterator[Delta]:
        if not isinstance(text, str) or not text:
            return
        self.first_at = self.first_at or time.perf_counter()
        shown = self.text.push(text.encode(errors="replace"))
        if len(self.text.text) > self._job.config.max_tokens * _CHARACTERS_PER_TOKEN:
            raise _nonsense(self._job.config)
        if shown:
            self._n_tokens += estimated_tokens(shown)
            yield Delta(self._index, shown, self._n_tokens)

    def _end(self, delta: Any) -> None:
        self.reason = delta.stop_reason or self.reason
        self.category = getattr(getattr(delta, "stop_details", None), "category", None)
        if self.reason:
            self._job.settle()

    def _count(self, usage: Any) -> None:
        """Note what was used; the figures are sums since the beginning of the answer."""
        self.usage = CloudUsage(
            _number(usage, "input_tokens", self.usage.input_tokens),
            _number(usage, "output_tokens", self.usage.output_tokens),
            _number(usage, "cache_creation_input_tokens", self.usage.cache_write_tokens),
            _number(usage, "cache_read_input_tokens", self.usage.cache_read_tokens),
        )
        self._job.meter.usage = self._before.plus(self.usage)


async def _pump(job: _Job, key: KeySource, events: asyncio.Queue[Event | ScopewiseError]) -> None:
    """Put the events of a generation into the queue, an error last; cancelled, it hangs up."""
    error: ScopewiseError | None = None
    try:
        await _generate(job, key, events)
    except Exception as theirs:
        error = _ours(theirs, job)
    # Out here, where it does not drag their error along: that one knows the key.
    if error is not None:
        events.put_nowait(error)


def _last_word(pump: asyncio.Task[None], cancel: CancelToken, job: _Job) -> ScopewiseError:
    if pump.cancelled():
        return Cancelled(cancel.reason or "The generation was stopped.")
    return _nonsense(job.config)


async def _generate(
    job: _Job, key: KeySource, events: asyncio.Queue[Event | ScopewiseError]
) -> None:
    # The first import of the SDK takes more than a second, and a keyring may take as long.
    client = await asyncio.to_thread(_connect, job, key)
    start = time.perf_counter()
    answers: list[_Answer] = []
    samples: list[Sample] = []
    async with client:
        for index in range(job.request.n_samples):
            answer = _Answer(job, index)
            try:
                samples.append(await _ask(client, job, answer, events))
            except Exception as error:
                if not samples or isinstance(_ours(error, job), NotAsShown):
                    raise
                # What is paid for is not thrown away.
                logger.warning("There are %d of %d answers.", len(samples), job.request.n_samples)
                break
            answers.append(answer)
    events.put_nowait(_completion(answers, samples, start))


async def _ask(
    client: anthropic.AsyncAnthropic,
    job: _Job,
    answer: _Answer,
    events: asyncio.Queue[Event | ScopewiseError],
) -> Sample:
    body = body_of(job.request, job.config)
    stream: Any = await client.messages.create(**body)
    async with stream:
        try:
            async for theirs in stream:
                for event in answer.take(theirs):
                    events.put_nowait(event)
                if answer.is_ended:
                    break
                # Events that came together are handed over without waiting for the network; others
                # have their turn all the same.
                await asyncio.sleep(0)
        except Exception:
            # A connection that breaks after the last word takes nothing away.
            if not answer.reason:
                raise
    sample = answer.finish()
    events.put_nowait(answer.rest())
    return sample


def _completion(answers: list[_Answer], samples: list[Sample], start: float) -> CloudCompletion:
    usage = CloudUsage()
    for answer in answers:
        usage = usage.plus(answer.usage)
    end = time.perf_counter()
    first = answers[0].first_at or end
    return CloudCompletion(
        tuple(samples),
        answers[0].model,
        answers[0].usage.prompt_tokens,
        answers[0].usage.cache_read_tokens,
        first - start,
        end - first,
        usage=usage,
    )


def _connect(job: _Job, key: KeySource) -> anthropic.AsyncAnthropic:
    """A client for one generation; raises EngineUnavailable, NoKey or WrongKey."""
    try:
        import anthropic
        import httpx2
    except ImportError:
        raise EngineUnavailable(
            "Claude cannot be asked, for the package `anthropic` is not installed.",
            "Run `pip install anthropic`.",
        ) from None
    job.key = _usable(key())
    # They log prompts and addresses, and ANTHROPIC_LOG would have them do so.
    for name in ("anthropic", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    config = job.config
    timeout = httpx2.Timeout(config.read_timeout_s, connect=config.connect_timeout_s)
    return anthropic.AsyncAnthropic(
        api_key=job.key,
        base_url=config.base_url,
        max_retries=config.max_retries,
        timeout=timeout,
        open_telemetry=False,
        http_client=httpx2.AsyncClient(
            verify=httpx2.create_ssl_context(),
            trust_env=not _is_this_machine(config.base_url),
            follow_redirects=False,
            timeout=timeout,
            event_hooks={"request": [job.leave], "response": [job.hear]},
        ),
    )


def _usable(key: str) -> str:
    if not key:
        raise no_key()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise WrongKey("The API key holds characters that no key has.", "Paste the key alone.")
    return key


def _stop(error: CloudError) -> Exception:
    """An error of the SDK's that carries ours: it lets these pass, and does not try again."""
    import anthropic

    carrier = anthropic.AnthropicError()
    carrier.__cause__ = error
    return carrier


def _ours(error: Exception, job: _Job) -> ScopewiseError:
    """Our error for whatever the SDK, the connection or the answer's shape raised."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ScopewiseError):
            return cause
    import anthropic
    import httpx2

    if isinstance(error, anthropic.APIStatusError):
        return error_of(_failure(error, job.key), job.config.model, _host(job.config))
    if isinstance(error, anthropic.APITimeoutError | httpx2.TimeoutException):
        return _silence(job)
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return _tls_failure(cause, job.config)
    if any(isinstance(cause, httpx2.ProxyError) for cause in causes):
        return NetworkDown("The proxy lets nothing through.", "Check HTTPS_PROXY and NO_PROXY.")
    if isinstance(error, anthropic.APIConnectionError | httpx2.TransportError):
        return _broken(job.config) if job.is_open else _unreachable(job.config)
    # What it says could quote the answer.
    logger.warning("An answer could not be understood: %s", type(error).__name__)
    return _nonsense(job.config)


def _failure(error: anthropic.APIStatusError, key: str) -> Failure:
    wait_s = _wait_s(error.response.headers)
    is_within = error.status_code == 200
    return Failure(
        status=error.status_code,
        kind=_text(error.type) or ("error" if is_within else ""),
        code=_text(error.error_code),
        words=_text(error.api_message).replace(key, "…"),
        wait_s=wait_s if wait_s is not None and math.isfinite(wait_s) else None,
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _wait_s(headers: httpx2.Headers) -> float | None:
    """Seconds the provider asks to wait; None when it does not."""
    with contextlib.suppress(ValueError):
        if text := headers.get("retry-after-ms"):
            return float(text) / 1000
    text = headers.get("retry-after", "")
    with contextlib.suppress(ValueError):
        return float(text)
    with contextlib.suppress(ValueError, OverflowError):
        if moment := email.utils.parsedate_tz(text):
            return max(email.utils.mktime_tz(moment) - time.time(), 0.0)
    return None


def _not_as_shown() -> NotAsShown:
    return NotAsShown(
        "What would be sent is not what was shown, so nothing was sent.",
        "Ask again; if it stays so, please report it.",
    )


def _silence(job: _Job) -> CloudError:
    host = _host(job.config)
    if not job.is_open:
        return _unreachable(job.config)
    seconds = job.config.read_timeout_s
    return NoAnswer(f"Nothing was heard from {host} for {seconds:g} seconds.", _MAYBE_BILLED)


def _unreachable(config: ClaudeConfig) -> NetworkDown:
    return NetworkDown(
        f"{_host(config)} cannot be reached.",
        "Check your network, HTTPS_PROXY, and `cloud.base_url`; nothing was sent.",
    )


def _broken(config: ClaudeConfig) -> NetworkDown:
    return NetworkDown(
        f"The connection to {_host(config)} broke before the answer was complete.", _MAYBE_BILLED
    )


def _nonsense(config: ClaudeConfig) -> BadAnswer:
    return BadAnswer(
        f"What answered at {_host(config)} does not speak the Messages API.",
        "Check `cloud.base_url`.",
    )


def _tls_failure(error: ssl.SSLError, config: ClaudeConfig) -> TlsFailure:
    host = _host(config)
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        return TlsFailure(f"The certificate of {host} is not trusted ({why}).", _TRUST)
    return TlsFailure(f"No encrypted connection to {host} could be made.", _TRUST)


def _host(config: ClaudeConfig) -> str:
    return config.base_url.partition("://")[2].partition("/")[0].rpartition("@")[2]


def _is_this_machine(base_url: str) -> bool:
    import httpx2

    host = httpx2.URL(base_url).host
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _number(usage: Any, name: str, before: int) -> int:
    """A figure of the provider's; what it was before when it is missing or no figure."""
    value = getattr(usage, name, None)
    return value if isinstance(value, int) and value >= 0 else before


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    # Whoever cancels may do so after the loop was closed, at the end of the process.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call)

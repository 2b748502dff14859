"""The ledger of everything that was sent: a row before the first byte leaves, closed afterwards.

SQLite, in the user's own folder, shared by all servers of that user. What is reserved in it counts
against the limits with its worst case, so that two servers cannot spend the same dollar; a row
whose process died is closed as interrupted and goes on counting with its worst case.
Every call opens the file anew and may wait for another process or the disk: call from a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import enum
import hashlib
import json
import logging
import math
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any

import platformdirs
import psutil

from scopewise.cloud.ledger_file import failed, reading, writing
from scopewise.cloud.limits import Limits, check_month, check_request
from scopewise.cloud.prices import CostRange, TokenCounts, Usage
from scopewise.errors import Cancelled

logger = logging.getLogger(__name__)

_NANO = 1_000_000_000
"""Money is kept in whole nano-dollars, which add up without a remainder."""
_SAME_START_S = 5.0
"""How far the start of one process may seem to move when the system's clock is set."""
_TOKENS = tuple(field.name for field in fields(Usage))
_STOPPED = (Cancelled, asyncio.CancelledError, GeneratorExit, KeyboardInterrupt)
_COLUMNS = (
    "id, begun_at, ended_at, state, workspace, model, host, task, decision, reasons, "
    "payload_sha256, payload_bytes, payload IS NOT NULL AS has_payload, estimate_nusd, worst_nusd, "
    "cost_nusd, input_tokens, output_tokens, cache_write_tokens, cache_read_tokens, error"
)
_CLOSE = """
UPDATE sends SET state = :state, ended_at = :ended_at, error = :error, cost_nusd = :cost_nusd,
    input_tokens = :input_tokens, output_tokens = :output_tokens,
    cache_write_tokens = :cache_write_tokens, cache_read_tokens = :cache_read_tokens
WHERE id = :id AND begun_at = :begun_at AND state IN ('pending', 'interrupted')
"""


class State(enum.StrEnum):
    PENDING = "pending"
    """Under way: written down before the first byte leaves."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """Its process ended in the middle; what it cost is not known."""


@dataclass(frozen=True)
class Order:
    """One request, as it was shown to the user."""

    workspace: str
    model: str
    host: str
    task: str
    decision: str
    reasons: tuple[str, ...]
    payload: bytes
    """The exact bytes of the body."""
    cost: CostRange | None
    """None where the model's price is not known."""


@dataclass(frozen=True)
class Entry:
    """One row of the ledger."""

    id: int
    begun_at: datetime.datetime
    ended_at: datetime.datetime | None
    state: State
    workspace: str
    model: str
    host: str
    task: str
    decision: str
    reasons: tuple[str, ...]
    payload_sha256: str
    payload_bytes: int
    has_payload: bool
    estimate_usd: float
    worst_usd: float
    cost_usd: float | None
    """None while it is under way, and where nobody heard what was billed."""
    usage: Usage | None
    error: str

    @property
    def counted_usd(self) -> float:
        """What counts against the month's limit: the worst case where the cost is not known."""
        return self.worst_usd if self.cost_usd is None else self.cost_usd


@dataclass(frozen=True)
class Totals:
    """Many rows together."""

    n_sends: int
    payload_bytes: int
    usage: Usage
    cost_usd: float
    """Of the rows whose cost is known."""
    open_usd: float
    """The worst case of all others, which counts as well."""

    @property
    def counted_usd(self) -> float:
        return self.cost_usd + self.open_usd


def ledger_path() -> Path:
    """Where the ledger is: below SCOPEWISE_HOME, else in the platform's folder for state."""
    if home := os.environ.get("SCOPEWISE_HOME"):
        folder = Path(home).expanduser().absolute()
    else:
        folder = Path(platformdirs.user_state_dir("scopewise", appauthor=False))
    return folder / "cloud" / "ledger.sqlite"


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Ledger:
    """The ledger in one file, made with the first row."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        keep_payloads: bool = False,
        now: Callable[[], datetime.datetime] = utc_now,
    ) -> None:
        self.path = path or ledger_path()
        self.keep_payloads = keep_payloads
        self._now = now
        self._owed: list[dict[str, Any]] = []
        """Closings that could not be written yet; until they are, the worst case counts."""
        self._lock = threading.Lock()

    @contextlib.asynccontextmanager
    async def sending(self, order: Order, limits: Limits) -> AsyncIterator[Send]:
        """The open row, for the time of one request; raises LimitReached, LedgerFailed.

        It is closed however the block ends. Only inside of the block may anything be sent.
        """
        reserving = asyncio.ensure_future(asyncio.to_thread(self.reserve, order, limits))
        try:
            send = await asyncio.shield(reserving)
        except asyncio.CancelledError:
            # The thread goes on and writes its row, of which nothing will be sent.
            reserving.add_done_callback(_abandon)
            raise
        with send:
            yield send

    def reserve(self, order: Order, limits: Limits) -> Send:
        """Write down that a request is about to be sent; raises LimitReached, LedgerFailed.

        When this raises, nothing may be sent.
        """
        estimate = check_request(limits, order.model, order.cost)
        begun_at = self._now().astimezone(datetime.UTC)
        try:
            with self._closing_owed() as db:
                _close_dead(db, begun_at)
                check_month(limits, estimate, _counted(db, month_of(begun_at)) / _NANO)
                row = _row(order, estimate, begun_at, keep_payload=self.keep_payloads)
                row_id = _insert(db, row)
        except (sqlite3.Error, OSError) as error:
            raise failed("The request was not sent, for", self.path, error) from error
        return Send(self, row_id, row["begun_at"])

    def close_dead(self) -> int:
        """Close the rows whose process is no more, as at a start; how many there were."""
        if not self.path.exists():
            return 0
        try:
            with self._closing_owed() as db:
                return _close_dead(db, self._now())
        except (sqlite3.Error, OSError) as error:
            logger.warning("The ledger's open rows could not be looked through: %s", error)
            return 0

    def entries(self, month: str = "", limit: int | None = None) -> list[Entry]:
        """The rows of a month as in `2026-11`, of all time without, newest first."""
        query = f"SELECT {_COLUMNS} FROM sends WHERE begun_at LIKE ? ORDER BY id DESC LIMIT ?"
        rows = self._read(query, f"{month}%", -1 if limit is None else limit)
        return [_entry(row) for row in rows]

    def totals(self, month: str = "") -> Totals:
        """The sums of a month as in `2026-11`, of all time without."""
        return total(self.entries(month))

    def this_month(self) -> Totals:
        """The sums of the month that the limit is about."""
        return self.totals(month_of(self._now()))

    def payload(self, row_id: int) -> bytes | None:
        """The bytes that were sent, where they were kept."""
        rows = self._read("SELECT payload FROM sends WHERE id = ?", row_id)
        return rows[0]["payload"] if rows else None

    def _close(self, closing: dict[str, Any]) -> None:
        """Close a row now, or together with the next that can be written; never raises."""
        ended_at = self._now().astimezone(datetime.UTC).isoformat()
        with self._lock:
            self._owed.append({**closing, "ended_at": ended_at})
        try:
            with self._closing_owed():
                pass
        except (sqlite3.Error, OSError) as error:
            logger.warning("A row of the ledger could not be closed yet: %s", error)

    @contextlib.contextmanager
    def _closing_owed(self) -> Iterator[sqlite3.Connection]:
        """A transaction that begins with what is still owed, and settles it."""
        with self._lock:
            with writing(self.path) as db:
                for closing in self._owed:
                    if not db.execute(_CLOSE, closing).rowcount:
                        logger.warning("Row %s was gone from the ledger.", closing["id"])
                yield db
            self._owed.clear()

    def _read(self, query: str, *values: object) -> list[sqlite3.Row]:
        self.close_dead()
        if not self.path.exists():
            return []
        try:
            with reading(self.path) as db:
                return db.execute(query, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            what = "Nothing can be said about what was sent, for"
            raise failed(what, self.path, error) from error


class Send:
    """A request that is written down. Use it with `with`: leaving the block closes the row."""

    def __init__(self, ledger: Ledger, row_id: int, begun_at: str) -> None:
        self.id = row_id
        self._ledger = ledger
        self._begun_at = begun_at
        self._usage: Usage | None = None
        self._cost_usd: float | None = None
        self._is_open = True

    def used(self, usage: TokenCounts, cost_usd: float | None) -> None:
        """Note what was billed; without a cost, the worst case counts."""
        self._usage = Usage(*(getattr(usage, name) for name in _TOKENS))
        is_known = cost_usd is not None and math.isfinite(cost_usd)
        self._cost_usd = cost_usd if is_known else None

    def nothing_billed(self) -> None:
        """Note that the provider billed nothing: it was not reached, or it refused the request."""
        self.used(Usage(), 0.0)

    def close(self, state: State, error: str = "") -> None:
        """Close the row; only the first call counts. Never raises."""
        if not self._is_open:
            return
        self._is_open = False
        cost = None if self._cost_usd is None else _nusd(self._cost_usd)
        place = {"id": self.id, "begun_at": self._begun_at}
        self._ledger._close(
            place | {"state": state, "error": error, "cost_nusd": cost} | _tokens(self._usage)
        )

    def __enter__(self) -> Send:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close(State.DONE)
        elif issubclass(kind, _STOPPED):
            self.close(State.CANCELLED)
        else:
            # Only the kind: a message could quote what the provider said.
            self.close(State.FAILED, kind.__name__)


def total(entries: Sequence[Entry]) -> Totals:
    """The sums of some rows."""
    usages = [entry.usage for entry in entries if entry.usage is not None]
    return Totals(
        n_sends=len(entries),
        payload_bytes=sum(entry.payload_bytes for entry in entries),
        usage=Usage(
            sum(usage.input_tokens for usage in usages),
            sum(usage.output_tokens for usage in usages),
            sum(usage.cache_write_tokens for usage in usages),
            sum(usage.cache_read_tokens for usage in usages),
        ),
        cost_usd=_sum_usd(entry.cost_usd for entry in entries if entry.cost_usd is not None),
        open_usd=_sum_usd(entry.worst_usd for entry in entries if entry.cost_usd is None),
    )


def month_of(moment: datetime.datetime) -> str:
    """The calendar month in UTC, as in `2026-11`."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m")


def _abandon(reserving: asyncio.Future[Send]) -> None:
    if not reserving.cancelled() and reserving.exception() is None:
        send = reserving.result()
        send.nothing_billed()
        send.close(State.CANCELLED)


def _row(
    order: Order, estimate: CostRange, begun_at: datetime.datetime, *, keep_payload: bool
) -> dict[str, Any]:
    process = psutil.Process()
    return {
        "begun_at": begun_at.isoformat(),
        "state": State.PENDING.value,
        # The name of a folder need not be Unicode, and SQLite's texts are.
        "workspace": order.workspace.encode(errors="backslashreplace").decode(),
        "model": order.model,
        "host": order.host,
        "task": order.task,
        "decision": order.decision,
        "reasons": json.dumps(order.reasons),
        "payload_sha256": hashlib.sha256(order.payload).hexdigest(),
        "payload_bytes": len(order.payload),
        "payload": order.payload if keep_payload else None,
        "estimate_nusd": _nusd(estimate.low_usd),
        "worst_nusd": _nusd(estimate.high_usd),
        "process": process.pid,
        "process_started": process.create_time(),
    }


def _insert(db: sqlite3.Connection, row: dict[str, Any]) -> int:
    names = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    row_id = db.execute(f"INSERT INTO sends ({names}) VALUES ({places})", row).lastrowid
    assert row_id is not None
    return row_id


def _counted(db: sqlite3.Connection, month: str) -> int:
    """Nano-dollars that count against the limit of a month."""
    query = "SELECT COALESCE(SUM(COALESCE(cost_nusd, worst_nusd)), 0) FROM sends"
    (sum_nusd,) = db.execute(f"{query} WHERE begun_at LIKE ?", (f"{month}%",)).fetchone()
    return int(sum_nusd)


def _close_dead(db: sqlite3.Connection, now: datetime.datetime) -> int:
    """Close what nobody is left to close, and return how many rows that were.

    A process this machine cannot see, such as one in another container, looks dead as well; it
    still closes its row rightly itself, and until then the same amount counts.
    """
    query = "SELECT id, process, process_started FROM sends WHERE state = 'pending'"
    dead = [row["id"] for row in db.execute(query) if not _is_alive(row)]
    ended_at = now.astimezone(datetime.UTC).isoformat()
    db.executemany(
        "UPDATE sends SET state = 'interrupted', ended_at = ? WHERE id = ?",
        [(ended_at, row_id) for row_id in dead],
    )
    return len(dead)


def _is_alive(row: sqlite3.Row) -> bool:
    """Whether the process that wrote a row still runs; process numbers are given out again."""
    try:
        process = psutil.Process(row["process"])
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        started: float = process.create_time()
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True
    return abs(started - float(row["process_started"])) <= _SAME_START_S


def _entry(row: sqlite3.Row) -> Entry:
    cost, n_input = row["cost_nusd"], row["input_tokens"]
    plain = ("id", "workspace", "model", "host", "task", "decision", "error")
    return Entry(
        **{name: row[name] for name in (*plain, "payload_sha256", "payload_bytes")},
        begun_at=datetime.datetime.fromisoformat(row["begun_at"]),
        ended_at=datetime.datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else None,
        state=State(row["state"]),
        reasons=tuple(json.loads(row["reasons"])),
        has_payload=bool(row["has_payload"]),
        estimate_usd=row["estimate_nusd"] / _NANO,
        worst_usd=row["worst_nusd"] / _NANO,
        cost_usd=None if cost is None else cost / _NANO,
        usage=None if n_input is None else Usage(*(row[name] for name in _TOKENS)),
    )


def _tokens(usage: Usage | None) -> dict[str, int | None]:
    return dict.fromkeys(_TOKENS) if usage is None else asdict(usage)


def _nusd(amount_usd: float) -> int:
    return round(amount_usd * _NANO)


def _sum_usd(amounts_usd: Iterable[float]) -> float:
    return sum(_nusd(amount) for amount in amounts_usd) / _NANO

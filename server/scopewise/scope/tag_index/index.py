"""The index of a workspace, as others see it: where a name is defined, and where it is used.

Open documents come first: what the editor has counts, whatever the disk says. Everything may be
asked from any thread; nothing waits for a round.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import platformdirs

from scopewise.scope.tag_index.building import Budget, build, refresh
from scopewise.scope.tag_index.places import IndexState, Row, TagPlace, rows_of
from scopewise.scope.tag_index.rounds import Rounds
from scopewise.scope.tag_index.store import Store, is_damaged, remove_store
from scopewise.scope.tag_index.walk import decides_what_counts, is_source
from scopewise.syntax.tree import ParsedDocument

logger = logging.getLogger(__name__)

T = TypeVar("T")

_MANY = 50
"""Changed files from which on a round is the better way: switching a branch changes thousands."""


class TagIndex:
    """The tags of some roots; close it at the end."""

    def __init__(
        self,
        roots: Sequence[Path],
        folder: Path | None = None,
        *,
        budget: Budget | None = None,
        every_s: float = 0.0,
    ) -> None:
        """Nothing is read or written before it is asked for or started.

        `folder` holds the stores, that of the platform's cache when None. `every_s` is how often
        to look for changes that nobody announces; 0 for never.
        """
        folder = folder or Path(platformdirs.user_cache_dir("scopewise", appauthor=False)) / "tags"
        self._roots = {root: _Root(root, _store_path(folder, root)) for root in _sensible(roots)}
        self._budget = budget or Budget()
        stores = {root: entry.path for root, entry in self._roots.items()}
        self._rounds = Rounds(stores, self._budget, every_s, self._make_way)
        self._changes: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._follow, name="tag index", daemon=True)
        self._is_closed = False
        self._open: dict[Path, _OpenDocument] = {}

    # Asking

    def definitions(self, name: str) -> list[TagPlace]:
        """Where a name is defined."""
        return self._places(name, is_definition=True)

    def references(self, name: str) -> list[TagPlace]:
        """Where a name is used: its first use of each kind in each file."""
        return self._places(name, is_definition=False)

    def calling_files(self, name: str, definition_kind: str, except_path: Path) -> int | None:
        """How many other files use a function or a class of that name.

        None when the name alone does not tell: several files define it, or not all are known.
        """
        if not self.state.is_complete:
            return None
        if any(place.path != except_path for place in self.definitions(name)):
            return None
        kinds = _USES.get(definition_kind, _ANY_USE)
        places = self.references(name)
        return len({p.path for p in places if p.kind in kinds and p.path != except_path})

    @property
    def state(self) -> IndexState:
        """How far the index is to be trusted."""
        states = [root.state for root in self._roots.values()]
        return IndexState(
            n_files=sum(state.n_files for state in states),
            is_complete=bool(states) and all(state.is_complete for state in states),
            problem=next((state.problem for state in states if state.problem), ""),
        )

    # Telling

    def start(self) -> None:
        """Build in the background, and follow what changes."""
        self._thread.start()
        self._rounds.start()

    def build_now(self) -> None:
        """One round over every root, in this thread, as far as the budget goes."""
        for root in self._roots.values():
            root.written(lambda store: build(store, self._budget))

    def update(self, path: Path) -> None:
        """A file changed, appeared or is gone, or a folder has."""
        if not self._is_closed:
            self._changes.put(path)

    remove = update

    def hold(self, path: Path, parsed: ParsedDocument) -> None:
        """An open document counts instead of its file until it is released."""
        self._open[path] = _OpenDocument(parsed)

    def release(self, path: Path) -> None:
        """A document was closed: its file counts again."""
        if self._open.pop(path, None) is not None:
            self.update(path)

    def close(self) -> None:
        """Stop whatever is under way, at once; what is written stays good."""
        self._is_closed = True
        self._rounds.close()
        self._changes.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)
        for root in self._roots.values():
            root.close()

    # Below

    def _places(self, name: str, *, is_definition: bool) -> list[TagPlace]:
        held = dict(self._open)
        found = [place for path, open_ in held.items() for place in open_.places(path, name)]
        wanted = [place for place, defines in found if defines == is_definition]
        for root in self._roots.values():
            wanted += [p for p in root.places(name, is_definition) if p.path not in held]
        return list(dict.fromkeys(wanted))

    def _follow(self) -> None:
        while (first := self._changes.get()) is not None:
            paths = {first, *self._waiting()}
            if None in paths:
                return
            self._take(path for path in paths if path is not None)

    def _waiting(self) -> Iterator[Path | None]:
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._changes.get_nowait()

    def _take(self, paths: Iterable[Path]) -> None:
        for root, entry in self._roots.items():
            inside = [path for path in paths if path.is_relative_to(root)]
            if len(inside) > _MANY or any(_needs_round(path) for path in inside):
                self._rounds.ask(root)
                continue
            for path in inside:
                self._refresh(entry, path.relative_to(root).as_posix())

    def _refresh(self, root: _Root, path: str) -> None:
        if not self._is_closed:
            root.written(lambda store: refresh(store, path))

    def _make_way(self, root: Path) -> None:
        self._roots[root].remove()


class _Root:
    """One root and its store, opened when needed; a failure is told once and leaves no tags."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root = root
        self.path = path
        self._lock = threading.RLock()
        self._reader: Store | None = None
        self._problem = ""
        self._is_told = False

    @property
    def state(self) -> IndexState:
        read = self._read(lambda store: (store.n_files(), store.is_complete))
        n_files, is_complete = read or (0, False)
        return IndexState(n_files, is_complete, self._problem)

    def places(self, name: str, is_definition: bool) -> list[TagPlace]:
        return self._read(lambda store: store.places(name, is_definition=is_definition)) or []

    def written(self, change: Callable[[Store], object]) -> None:
        """Change the store over a connection of its own: readers do not wait."""
        try:
            store = Store(self.path, self.root)
            try:
                change(store)
            finally:
                store.close()
        except (sqlite3.Error, OSError) as error:
            self._failed(error)

    def remove(self) -> None:
        """Delete a store that is damaged; the next one to open it makes it anew."""
        self.close()
        with contextlib.suppress(OSError):
            remove_store(self.path)

    def close(self) -> None:
        with self._lock:
            self._close_reader()

    def _read(self, question: Callable[[Store], T]) -> T | None:
        with self._lock:
            try:
                if self._reader is None:
                    self._reader = Store(self.path, self.root)
                answer = question(self._reader)
            except (sqlite3.Error, OSError) as error:
                self._failed(error)
                self._close_reader()
                return None
            self._problem = ""
            return answer

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = None

    def _failed(self, error: Exception) -> None:
        if isinstance(error, sqlite3.Error) and is_damaged(error):
            self.remove()
        self._problem = f"The tag index cannot be kept ({error})."
        if not self._is_told:
            self._is_told = True
            logger.warning("%s", self._problem)


class _OpenDocument:
    """An open document; its tags are read when somebody asks for a name that occurs in it."""

    def __init__(self, parsed: ParsedDocument) -> None:
        self._parsed = parsed
        self._rows: tuple[Row, ...] | None = None

    def places(self, path: Path, name: str) -> Iterator[tuple[TagPlace, bool]]:
        """The places of a name, each with whether it defines the name."""
        if name.encode("utf-8", errors="replace") not in self._parsed.source:
            return
        if self._rows is None:
            self._rows = rows_of(self._parsed)
        for row in self._rows:
            if row.name == name:
                yield TagPlace(path, name, row.kind, row.line, row.span), row.is_definition


_ANY_USE = frozenset({"call", "type", "import", "name"})
_USES = {
    "function": frozenset({"call", "import", "name"}),
    "method": frozenset({"call", "name"}),
}
"""The uses that can mean a definition of some kind."""


def _needs_round(path: Path) -> bool:
    """Whether a change concerns more than one file: a folder came, or what is ignored changed."""
    return decides_what_counts(path) or (not is_source(path.name) and path.is_dir())


def _sensible(roots: Iterable[Path]) -> list[Path]:
    """The roots, resolved, without a home folder or what lies around it: those are no projects."""
    home = Path.home().resolve()
    resolved = dict.fromkeys(root.resolve() for root in roots)
    return [root for root in resolved if root.is_dir() and not home.is_relative_to(root)]


def _store_path(folder: Path, root: Path) -> Path:
    digest = hashlib.sha256(str(root).encode(errors="surrogateescape")).hexdigest()[:16]
    return folder / f"{digest}.sqlite"

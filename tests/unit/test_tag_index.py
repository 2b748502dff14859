"""The workspace's tag index: what it holds, what it leaves out, and how it survives."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from scopewise.document import DocumentSnapshot
from scopewise.scope.tag_index import TagIndex, TagPlace
from scopewise.scope.tag_index.building import Budget, Built, Ending, build, refresh
from scopewise.scope.tag_index.store import Store
from scopewise.scope.tag_index.walk import MAX_BYTES, source_file, source_files
from scopewise.syntax.tree import ParsedDocument, parse

SHOP = """def price(item):
    return item.cost


class Cart:
    def total(self):
        return sum(price(item) for item in self.items)
"""
TILL = "from shop import Cart, price\n\n\ndef pay():\n    price(1)\n    return Cart().total()\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = (tmp_path / "project").resolve()
    folder.mkdir()
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def index(root: Path, cache: Path) -> Iterator[TagIndex]:
    index = TagIndex([root], cache)
    yield index
    index.close()


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / f"{name}.py").write_text(text)


def lay(root: Path, *paths: str, text: str = "x = 1\n") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def walked(root: Path) -> list[str]:
    return [file.path for file in source_files(root)]


def where(root: Path, places: list[TagPlace]) -> list[tuple[str, str, int]]:
    return [(str(place.path.relative_to(root)), place.kind, place.line) for place in places]


def open_document(path: Path, text: str) -> ParsedDocument:
    parsed = parse(DocumentSnapshot(path.as_uri(), text))
    assert parsed
    return parsed


def until(is_so: Callable[[], object], timeout_s: float = 20.0) -> None:
    end = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


# Walking


def test_only_source_files_count(root: Path) -> None:
    lay(root, "a.py", "b.txt", "deep/er/c.go", "Makefile", "d.png")

    assert walked(root) == ["a.py", "deep/er/c.go"]


def test_ignore_files_count_at_every_level(root: Path) -> None:
    lay(
        root, "a.py", "build/b.py", "sub/gen_c.py", "sub/deep/gen_d.py", "sub/deep/e.py", "f_pb2.py"
    )
    lay(root, ".gitignore", text="build/\n*_pb2.py\n")
    lay(root, "sub/.gitignore", text="gen_*.py\n")
    lay(root, "sub/deep/.gitignore", text="!gen_d.py\n")

    assert walked(root) == ["a.py", "sub/deep/e.py", "sub/deep/gen_d.py"]


def test_pattern_with_a_slash_counts_from_its_folder(root: Path) -> None:
    lay(root, "out/a.py", "sub/out/b.py")
    lay(root, "sub/.gitignore", text="/out\n")

    assert walked(root) == ["out/a.py"]


def test_nothing_comes_back_from_an_ignored_folder(root: Path) -> None:
    lay(root, "build/keep.py", "build/.gitignore", text="!keep.py\n")
    lay(root, ".gitignore", text="build/\n")

    assert walked(root) == []


def test_exclude_file_of_the_repository_counts(root: Path) -> None:
    lay(root, "a.py", "mine/b.py")
    lay(root, ".git/info/exclude", text="mine\n")

    assert walked(root) == ["a.py"]


def test_ignore_files_above_a_root_inside_a_repository_count(root: Path) -> None:
    lay(root, "pkg/a.py", "pkg/tmp/b.py", "pkg/c/d.py", "pkg/c/e.py")
    lay(root, ".git/HEAD", text="")
    lay(root, ".gitignore", text="tmp/\n/pkg/c/d.py\n")

    assert walked(root / "pkg") == ["a.py", "c/e.py"]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git to compare with")
def test_git_says_the_same(root: Path) -> None:
    patterns = (
        "*.log.py\n!keep.log.py\n/top\nany/where/\nx?.py\n[ab]1.py\ndeep/**/z.py\n#no.py\n\\#.py\n"
    )
    lay(root, ".gitignore", text=patterns)
    lay(root, "sub/.gitignore", text="!a1.py\nw*\n!w2.py\n")
    names = ["a.log.py", "keep.log.py", "top", "xy.py", "a1.py", "b1.py", "z.py", "w1.py", "w2.py"]
    folders = ["", "top/", "any/where/", "sub/", "sub/any/where/", "sub/top/", "deep/", "deep/q/r/"]
    for folder in folders:
        lay(root, *(f"{folder}{name}" for name in names if name.endswith(".py")))
    lay(root, "#no.py", "#.py")
    git = ["git", "-C", str(root)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    listed = subprocess.run(
        [*git, "-c", "core.excludesFile=", "ls-files", "-z", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")

    assert sorted(walked(root)) == sorted(path for path in listed if path.endswith(".py"))
    assert [p for p in listed if p.endswith(".py") and not source_file(root, p)] == []
    everything = {str(path.relative_to(root)) for path in root.rglob("*.py")}
    assert [p for p in everything - set(listed) if source_file(root, p)] == []


def test_installed_packages_are_left_out(root: Path) -> None:
    lay(root, "a.py", "node_modules/b.js", "mine/pyvenv.cfg", "mine/lib/c.py", "__pycache__/d.py")

    assert walked(root) == ["a.py"]
    assert source_file(root, "mine/lib/c.py") is None


def test_links_are_not_followed(root: Path, tmp_path: Path) -> None:
    lay(tmp_path / "outside", "secret.py")
    lay(root, "a.py")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "circle").symlink_to(root)
    (root / "b.py").symlink_to(tmp_path / "outside" / "secret.py")

    assert walked(root) == ["a.py"]
    assert source_file(root, "out/secret.py") is None
    assert source_file(root, "b.py") is None


def test_big_files_are_left_out(root: Path) -> None:
    lay(root, "big.py", text="#" * (MAX_BYTES + 1))

    assert walked(root) == []


def test_names_that_are_no_text_are_left_out(root: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(root) + b"/\xff.py")).write_text("x = 1\n")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    lay(root, "a.py")

    assert walked(root) == ["a.py"]


def test_mistyped_pattern_does_not_cost_the_others(root: Path) -> None:
    lay(root, "a.py", "b.py")
    lay(root, ".gitignore", text="!\nb.py\n")

    assert walked(root) == ["a.py"]


# What is found


def test_definitions_and_references(root: Path, index: TagIndex) -> None:
    write(root, shop=SHOP, till=TILL)
    index.build_now()

    assert where(root, index.definitions("price")) == [("shop.py", "function", 1)]
    assert where(root, index.definitions("total")) == [("shop.py", "method", 6)]
    calls = [place for place in index.references("price") if place.kind == "call"]
    assert where(root, calls) == [("shop.py", "call", 7), ("till.py", "call", 5)]
    assert index.definitions("nothing") == []
    assert index.state.n_files == 2
    assert index.state.is_complete


def test_place_spans_the_name(root: Path, index: TagIndex) -> None:
    write(root, shop=f"# é😀\n{SHOP}")
    index.build_now()

    (place,) = index.definitions("Cart")

    source = place.path.read_bytes()
    assert source[place.span.start : place.span.end] == b"Cart"
    assert place.line == 6


def test_calling_files(root: Path, index: TagIndex) -> None:
    write(root, shop=SHOP, till=TILL, other="import shop\n\nshop.price(2)\n", idle="x = 1\n")
    index.build_now()

    assert index.calling_files("price", "function", root / "shop.py") == 2
    assert index.calling_files("total", "method", root / "shop.py") == 1
    assert index.calling_files("pay", "function", root / "till.py") == 0


def test_calling_files_of_a_common_name_are_not_guessed(root: Path, index: TagIndex) -> None:
    write(root, shop=SHOP, till=TILL, rival="def price(x):\n    return x\n")
    index.build_now()

    assert index.calling_files("price", "function", root / "shop.py") is None


def test_calling_files_are_unknown_before_all_files_are(root: Path, cache: Path) -> None:
    write(root, shop=SHOP, till=TILL)
    index = TagIndex([root], cache, budget=Budget(n_files=1))
    index.build_now()

    assert not index.state.is_complete
    assert index.calling_files("price", "function", root / "shop.py") is None
    index.close()


def test_several_roots(tmp_path: Path, cache: Path) -> None:
    lay(tmp_path, "one/a.py", text="def f():\n    pass\n")
    lay(tmp_path, "two/b.py", text="def f():\n    pass\n")
    index = TagIndex([tmp_path / "one", tmp_path / "two"], cache)
    index.build_now()

    assert len(index.definitions("f")) == 2
    assert index.state.n_files == 2
    index.close()


def test_home_folder_is_no_project(
    cache: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    lay(root, "me/a.py", text="def f():\n    pass\n")
    monkeypatch.setattr(Path, "home", lambda: root / "me")
    index = TagIndex([root, root / "me"], cache)
    index.build_now()

    assert index.definitions("f") == []
    assert not cache.exists()
    assert not index.state.is_complete
    index.close()


def test_broken_code_and_binary_are_no_obstacle(root: Path, index: TagIndex) -> None:
    write(root, shop=SHOP, broken="def half(:\n   )(\ndef good():\n    pass\n")
    (root / "binary.py").write_bytes(b"\0\1\2def f(): pass")
    (root / "latin.py").write_bytes(b"x = '\xe9'\n")
    index.build_now()

    assert index.definitions("good")
    assert index.state.n_files == 4
    assert index.state.is_complete


# Open documents


def test_open_document_counts_instead_of_its_file(root: Path, index: TagIndex) -> None:
    write(root, shop=SHOP, till=TILL)
    index.build_now()

    index.hold(root / "shop.py", open_document(root / "shop.py", SHOP.replace("price", "cost_of")))

    assert index.definitions("price") == []
    assert where(root, index.definitions("cost_of")) == [("shop.py", "function", 1)]


def test_closed_document_gives_way_to_its_file(root: Path, index: TagIndex) -> None:
    write(root, shop=SHOP)
    index.build_now()
    index.hold(root / "shop.py", open_document(root / "shop.py", ""))

    index.release(root / "shop.py")

    assert index.definitions("price")


# Keeping up


def test_second_round_reads_only_what_changed(root: Path, cache: Path) -> None:
    write(root, shop=SHOP, till=TILL, gone="def gone():\n    pass\n")
    store = Store(cache / "a.sqlite", root)
    assert build(store, Budget()) == Built(3, True)

    write(root, till="def pay_all():\n    pass\n")
    (root / "gone.py").unlink()

    assert build(store, Budget()) == Built(1, True)
    assert store.places("pay", is_definition=True) == []
    assert store.places("gone", is_definition=True) == []
    assert store.places("pay_all", is_definition=True)
    assert store.places("price", is_definition=True)
    assert store.n_files() == 2
    store.close()


def test_round_goes_on_where_the_last_one_ended(root: Path, cache: Path) -> None:
    lay(root, *(f"m{n}.py" for n in range(5)))
    store = Store(cache / "a.sqlite", root)

    rounds = [build(store, Budget(n_files=2)) for _ in range(3)]

    assert rounds == [Built(2, False), Built(2, False), Built(1, True)]
    assert store.is_complete
    store.close()


def test_refresh_of_one_file(root: Path, cache: Path) -> None:
    lay(root, "sub/a.py", "sub/b.py", "subway.py", text="def f():\n    pass\n")
    store = Store(cache / "a.sqlite", root)
    build(store, Budget())

    (root / "sub/a.py").write_text("def g():\n    pass\n")
    refresh(store, "sub/a.py")

    assert store.places("g", is_definition=True)
    assert len(store.places("f", is_definition=True)) == 2
    shutil.rmtree(root / "sub")
    refresh(store, "sub")
    assert set(store.known()) == {"subway.py"}
    store.close()


def test_refresh_of_a_file_that_does_not_count(root: Path, cache: Path) -> None:
    lay(root, "build/a.py", ".git/hooks/b.py")
    lay(root, ".gitignore", text="build/\n")
    store = Store(cache / "a.sqlite", root)

    refresh(store, "build/a.py")
    refresh(store, ".git/hooks/b.py")

    assert store.known() == {}
    store.close()


# In the background


def test_built_by_a_process_of_its_own(root: Path, index: TagIndex) -> None:
    write(root, shop=SHOP)
    index.start()
    until(lambda: index.state.is_complete)
    assert index.definitions("price")

    write(root, till=TILL)
    index.update(root / "till.py")
    until(lambda: index.definitions("pay"))

    (root / "till.py").unlink()
    index.remove(root / "till.py")
    until(lambda: not index.definitions("pay"))


def test_many_changes_are_left_to_a_round(root: Path, index: TagIndex) -> None:
    index.start()
    until(lambda: index.state.is_complete)
    for n in range(80):
        lay(root, f"m{n}.py", text=f"def f{n}():\n    pass\n")
        index.update(root / f"m{n}.py")

    until(lambda: index.state.n_files == 80)


def test_changed_ignore_file_asks_for_a_round(root: Path, index: TagIndex) -> None:
    write(root, shop=SHOP, till=TILL)
    index.start()
    until(lambda: index.state.n_files == 2)

    lay(root, ".gitignore", text="till.py\n")
    index.update(root / ".gitignore")

    until(lambda: index.state.n_files == 1)


def test_changes_nobody_announces_are_found(root: Path, cache: Path) -> None:
    index = TagIndex([root], cache, every_s=0.05)
    index.start()
    until(lambda: index.state.is_complete)

    write(root, shop=SHOP)

    until(lambda: index.definitions("price"))
    index.close()


def test_closing_ends_a_round_at_once(root: Path, cache: Path) -> None:
    lay(root, *(f"d{n % 30}/m{n}.py" for n in range(3000)), text=SHOP)
    index = TagIndex([root], cache)
    index.start()
    until(lambda: index.state.n_files)

    begin = time.monotonic()
    index.close()

    assert time.monotonic() - begin < 1.0
    assert not [t for t in threading.enumerate() if t.name.startswith("tag index")]
    again = TagIndex([root], cache)
    again.build_now()
    assert again.state.n_files == 3000
    again.close()


def test_process_ends_with_the_server(root: Path, cache: Path) -> None:
    lay(root, *(f"d{n % 30}/m{n}.py" for n in range(2000)), text=SHOP)
    cache.mkdir()
    command = [sys.executable, "-m", "scopewise.scope.tag_index.worker"]
    arguments = [str(cache / "a.sqlite"), str(root), "100000", "60"]
    process = subprocess.Popen([*command, *arguments], stdin=subprocess.PIPE)

    process.communicate(timeout=20)

    assert process.returncode == 1


def test_one_round_at_a_time(root: Path, cache: Path) -> None:
    cache.mkdir()
    with FileLock(cache / "a.sqlite.lock"):
        command = [sys.executable, "-m", "scopewise.scope.tag_index.worker"]
        arguments = [str(cache / "a.sqlite"), str(root), "100", "60"]
        with subprocess.Popen([*command, *arguments], stdin=subprocess.PIPE) as process:
            assert process.wait(timeout=20) == Ending.OTHERS


# The store


def stored(cache: Path) -> Path:
    (path,) = cache.glob("*.sqlite")
    return path


def test_index_outlives_its_server(root: Path, cache: Path) -> None:
    write(root, shop=SHOP)
    first = TagIndex([root], cache)
    first.build_now()
    first.close()

    second = TagIndex([root], cache)

    assert second.definitions("price")
    second.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500])
def test_file_that_is_no_store_is_made_anew(root: Path, cache: Path, content: bytes) -> None:
    write(root, shop=SHOP)
    index = TagIndex([root], cache)
    index.build_now()
    index.close()
    stored(cache).write_bytes(content)

    index = TagIndex([root], cache)
    assert index.definitions("price") == []
    index.build_now()

    assert index.definitions("price")
    index.close()


def test_damaged_file_is_made_anew(root: Path, cache: Path) -> None:
    lay(root, *(f"m{n}.py" for n in range(60)), text=SHOP)
    index = TagIndex([root], cache)
    index.build_now()
    index.close()
    path = stored(cache)
    good = path.read_bytes()
    path.write_bytes(good[:4096] + b"\xff" * (len(good) - 4096))

    index = TagIndex([root], cache)
    index.start()

    until(lambda: len(index.definitions("price")) == 60)
    index.close()


@pytest.mark.parametrize(
    "change", ["PRAGMA user_version = 99", "PRAGMA application_id = 7", "DELETE FROM fact"]
)
def test_store_of_another_kind_is_made_anew(root: Path, cache: Path, change: str) -> None:
    write(root, shop=SHOP)
    index = TagIndex([root], cache)
    index.build_now()
    index.close()
    with sqlite3.connect(stored(cache)) as db:
        db.execute(change)
    db.close()

    store = Store(stored(cache), root)

    assert store.n_files() == 0
    store.close()


def test_no_room_for_a_store_is_told_once(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(root, shop=SHOP)
    (tmp_path / "taken").write_text("a file where a folder should be")
    index = TagIndex([root], tmp_path / "taken")
    with caplog.at_level(logging.WARNING):
        index.build_now()
        assert index.definitions("price") == []
        assert index.definitions("total") == []

    assert len(caplog.records) == 1
    assert "cannot be kept" in index.state.problem
    index.hold(root / "shop.py", open_document(root / "shop.py", SHOP))
    assert index.definitions("price")
    index.close()


def test_store_is_for_its_owner_alone(root: Path, cache: Path) -> None:
    index = TagIndex([root], cache)
    index.build_now()
    index.close()

    if os.name == "posix":
        assert cache.stat().st_mode & 0o077 == 0


def test_questions_while_a_round_writes(root: Path, cache: Path) -> None:
    lay(root, *(f"d{n % 20}/m{n}.py" for n in range(1500)), text=SHOP)
    index = TagIndex([root], cache)
    index.start()
    slowest = 0.0
    while not index.state.is_complete:
        begin = time.monotonic()
        index.definitions("price")
        slowest = max(slowest, time.monotonic() - begin)
    assert slowest < 1.0
    assert len(index.definitions("price")) == 1500
    index.close()

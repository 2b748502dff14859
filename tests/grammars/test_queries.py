"""Checks the queries of every language against sources that say what should be captured.

A comment below a line names a capture and points at where it begins, or at the name of what it
defines; the convention is tree-sitter's own:

    def area(r):
    #   ^ definition.function

`<-` points at the column of the comment itself, and `!` says that there is no such capture. Behind
the captures of tags their kind may stand: `tag.definition.method`. What `locals.scm` captures is
checked by what names mean then, in `test_resolution.py`.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tree_sitter

from scopewise.syntax.languages import (
    grammars_folder,
    language_names,
    load_language,
    query_text,
)

SOURCES = Path(__file__).parent
WORDS: dict[str, Any] = tomllib.loads(
    (grammars_folder() / "captures.toml").read_text(encoding="utf-8")
)
SETTINGS: dict[str, dict[str, dict[str, Any]]] = WORDS["settings"]
VOCABULARY: dict[str, dict[str, str]] = {k: v for k, v in WORDS.items() if k != "settings"}
QUERIES = [(language, name) for language in language_names() for name in VOCABULARY]
POINTED = [
    (language, name, path)
    for language, name in QUERIES
    if name != "locals"
    for path in sorted((SOURCES / language).glob(f"{name}*.*"))
]
NEEDED_SETTINGS = {
    "local.definition": "kind",
    "local.outer": "outer",
    "tag.definition": "kind",
    "tag.reference": "kind",
}
ONLY_WHERE_SAID = {"name", "parameters", "result", "body", "tag.reference"}
"""Captures that a source need not mention every time."""
DEFINITION_KINDS = set(SETTINGS["tags"]["kind"]["values"][:8])

Place = tuple[int, int, str]


def query_of(language: str, name: str) -> tree_sitter.Query:
    # Never a query of our own: freeing one is not safe (`languages.py` says why).
    query: tree_sitter.Query = getattr(load_language(language), name)
    return query


def pattern_text(query: tree_sitter.Query, pattern: int, source: str) -> str:
    data = source.encode()
    return data[
        query.start_byte_for_pattern(pattern) : query.end_byte_for_pattern(pattern)
    ].decode()


def pattern_captures(query: tree_sitter.Query, pattern: int, source: str) -> set[str]:
    text = pattern_text(query, pattern, source)
    bare = re.sub(r'"(\\.|[^"\\])*"|;.*|\(#[^)]*\)', "", text)
    return set(re.findall(r"@([\w.-]+)", bare))


def public(names: set[str]) -> set[str]:
    return {name for name in names if not name.startswith("_")}


def parent_of(language: str) -> str:
    """The folder a language extends, if any."""
    path = grammars_folder() / language / "language.toml"
    return str(tomllib.loads(path.read_text(encoding="utf-8")).get("extends", ""))


def own_captures(language: str, name: str) -> set[str]:
    """Those of the patterns a language adds to the ones it takes from another language.

    What it shares with others in a folder that is no language is its own, and theirs.
    """
    query, text = query_of(language, name), query_text(language, name)
    parent = parent_of(language)
    first = len(query_text(parent, name).encode()) if parent in language_names() else 0
    added = [i for i in range(query.pattern_count) if query.start_byte_for_pattern(i) >= first]
    return public(set().union(*(pattern_captures(query, i, text) for i in added)))


@pytest.mark.parametrize(("language", "name"), QUERIES)
def test_captures_are_in_the_vocabulary(language, name):
    query = query_of(language, name)
    used = {query.capture_name(i) for i in range(query.capture_count)}
    assert public(used) <= set(VOCABULARY[name])
    assert used, "the query captures nothing"


@pytest.mark.parametrize(("language", "name"), QUERIES)
def test_patterns_capture_something(language, name):
    """A `#set!` or a predicate outside of the brackets of its pattern is a pattern of its own."""
    query, text = query_of(language, name), query_text(language, name)
    for i in range(query.pattern_count):
        assert public(pattern_captures(query, i, text)), pattern_text(query, i, text)


@pytest.mark.parametrize(("language", "name"), QUERIES)
def test_settings_are_in_the_vocabulary(language, name):
    query, text = query_of(language, name), query_text(language, name)
    for i in range(query.pattern_count):
        captures = pattern_captures(query, i, text)
        found = list(faults(query.pattern_settings(i), captures, SETTINGS.get(name, {})))
        assert found == [], pattern_text(query, i, text)


def faults(
    settings: dict[str, str | None], captures: set[str], words: dict[str, dict[str, Any]]
) -> Iterator[str]:
    """What is wrong with the settings of a pattern."""
    for key, value in settings.items():
        if key not in words:
            yield f"{key} is no setting"
        elif value not in words[key]["values"]:
            yield f"{key} is never {value}"
        elif not captures & set(words[key]["of"]):
            yield f"{key} is said of nothing"
    for capture in captures & set(NEEDED_SETTINGS):
        if NEEDED_SETTINGS[capture] not in settings:
            yield f"{capture} needs {NEEDED_SETTINGS[capture]}"
        elif capture.startswith("tag."):
            is_definition = settings["kind"] in DEFINITION_KINDS
            if is_definition != (capture == "tag.definition") and settings["kind"] != "type":
                yield f"{capture} is never {settings['kind']}"


@pytest.mark.parametrize("name", VOCABULARY)
def test_vocabulary_is_used(name):
    queries = [query_of(language, of) for language, of in QUERIES if of == name]
    used = {query.capture_name(i) for query in queries for i in range(query.capture_count)}
    assert set(VOCABULARY[name]) <= used
    assert all(meaning for meaning in VOCABULARY[name].values())
    said = {
        (key, value)
        for query in queries
        for i in range(query.pattern_count)
        for key, value in query.pattern_settings(i).items()
    }
    for key, word in SETTINGS.get(name, {}).items():
        optional = {word["default"]} if "default" in word else set()
        assert set(word["values"]) - {value for k, value in said if k == key} <= optional, key


@pytest.mark.parametrize(
    ("language", "name", "path"), POINTED, ids=[f"{p.parent.name}/{p.name}" for _, _, p in POINTED]
)
def test_captures_are_where_the_source_says(language, name, path):
    source = path.read_text(encoding="utf-8")
    said, denied = assertions(source)
    found = captured(source, language, name)
    plain = [without_kind(place) for place in said]
    assert sorted(set(said) - set(found)) == []
    assert sorted((Counter(exact(found)) - Counter(exact(plain))).elements()) == []
    assert sorted((Counter(exact(plain)) - Counter(exact(found))).elements()) == []
    assert denied & set(found) == set()


@pytest.mark.parametrize(("language", "name"), [q for q in QUERIES if q[1] != "locals"])
def test_every_capture_is_pointed_at(language, name):
    paths = [path for of, kind, path in POINTED if (of, kind) == (language, name)]
    claims = [assertions(path.read_text(encoding="utf-8")) for path in paths]
    said = {without_kind(place)[2] for places, _ in claims for place in places}
    denied = {without_kind(place)[2] for _, places in claims for place in places}
    assert own_captures(language, name) <= said
    assert said | denied <= set(VOCABULARY[name])


def without_kind(place: Place) -> Place:
    return (*place[:2], ".".join(place[2].split(".")[:2]))


def exact(places: list[Place]) -> list[Place]:
    """The places that a source has to mention, all of them."""
    known = {name for names in VOCABULARY.values() for name in names}
    return [place for place in places if place[2] in known - ONLY_WHERE_SAID]


def captured(source: str, language: str, name: str) -> list[Place]:
    """Where each capture begins: line, column in characters, and name."""
    data = source.encode()
    query = query_of(language, name)
    root = load_language(language).parse(data).root_node
    places = []
    for pattern, captures in tree_sitter.QueryCursor(query).matches(root):
        kind = query.pattern_settings(pattern).get("kind")
        for capture, nodes in captures.items():
            if capture.startswith(("definition.", "tag.")):
                nodes = captures["name"]
            if capture.startswith("tag."):
                places += [(*position(data, node), f"{capture}.{kind}") for node in nodes]
            places += [(*position(data, node), capture) for node in nodes if capture[0] != "_"]
    # Of tags, patterns that see the same count once.
    return sorted(set(places)) if name == "tags" else places


def position(source: bytes, node: tree_sitter.Node) -> tuple[int, int]:
    row, column = node.start_point
    return row, len(source.split(b"\n")[row][:column].decode())


def assertions(source: str) -> tuple[list[Place], set[Place]]:
    """The captures a source says there are, and those it says there are not."""
    said: list[Place] = []
    denied: set[Place] = set()
    row = -1
    for number, line in enumerate(source.split("\n")):
        match = re.fullmatch(r"(\s*)(#|//|--|/\*)\s*(\^|<-)\s+(!?)([\w.]+)(\s*\*/)?", line)
        if match is None:
            row = number
            continue
        column = line.index("^") if match[3] == "^" else len(match[1])
        place = (row, column, match[5])
        denied.add(place) if match[4] else said.append(place)
    return said, denied


@pytest.mark.parametrize("language", language_names())
def test_language_has_what_it_names(language):
    loaded = load_language(language)
    kinds = {loaded.grammar.node_kind_for_id(i) for i in range(loaded.grammar.node_kind_count)}
    named = (loaded.comments, loaded.strings, loaded.definitions, loaded.wrappers)
    assert frozenset().union(*named) <= kinds
    assert re.compile(loaded.stub_comment)
    assert all(extension.startswith(".") for extension in loaded.extensions)
    assert not loaded.parse(b"").root_node.has_error


@pytest.mark.parametrize(("language", "name"), QUERIES)
def test_no_predicate_is_used_that_filters_nothing(language, name):
    """tree-sitter 0.26.1 takes `#not-any-of?` and ignores it; `#not-match?` works."""
    assert "#not-any-of?" not in query_text(language, name)


def test_folders_of_shared_queries_are_extended():
    """One that is no language is checked through those that extend it."""
    folders = {path.parent.name for path in grammars_folder().glob("*/*.scm")}
    assert folders - set(language_names()) <= {parent_of(name) for name in language_names()}

"""Checks the queries of every language against sources that say what should be captured.

A comment below a line names a capture and points at where it begins, or at the name of what it
defines; the convention is tree-sitter's own:

    def area(r):
    #   ^ definition.function

`<-` points at the column of the comment itself, and `!` says that there is no such capture.
"""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import tree_sitter

from scopewise.syntax.languages import grammars_folder, language_names, load_language

SOURCES = Path(__file__).parent
VOCABULARY: dict[str, dict[str, str]] = tomllib.loads(
    (grammars_folder() / "captures.toml").read_text(encoding="utf-8")
)
QUERIES = [
    (language, path.stem)
    for language in language_names()
    for path in sorted((grammars_folder() / language).glob("*.scm"))
]
ONLY_WHERE_SAID = {"name", "parameters", "result", "body"}
"""Captures that a source need not mention every time."""

Place = tuple[int, int, str]


def query_of(language: str, name: str) -> tree_sitter.Query:
    text = (grammars_folder() / language / f"{name}.scm").read_text(encoding="utf-8")
    return tree_sitter.Query(load_language(language).grammar, text)


def public_captures(query: tree_sitter.Query) -> set[str]:
    names = {query.capture_name(i) for i in range(query.capture_count)}
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize(("language", "name"), QUERIES)
def test_captures_are_in_the_vocabulary(language, name):
    assert public_captures(query_of(language, name)) <= set(VOCABULARY[name])


@pytest.mark.parametrize("name", VOCABULARY)
def test_vocabulary_is_used(name):
    used = [public_captures(query_of(language, of)) for language, of in QUERIES if of == name]
    assert set(VOCABULARY[name]) <= set().union(*used)
    assert all(meaning for meaning in VOCABULARY[name].values())


@pytest.mark.parametrize(("language", "name"), QUERIES)
def test_captures_are_where_the_source_says(language, name):
    (path,) = (SOURCES / language).glob(f"{name}.*")
    source = path.read_text(encoding="utf-8")
    said, denied = assertions(source, load_language(language))
    found = captured(source, language, name)
    assert {place for place in said if place[2] in ONLY_WHERE_SAID} <= set(found)
    assert Counter(p for p in found if p[2] not in ONLY_WHERE_SAID) == Counter(
        p for p in said if p[2] not in ONLY_WHERE_SAID
    )
    assert denied & set(found) == set()
    public = public_captures(query_of(language, name))
    assert {place[2] for place in said} == public
    assert {place[2] for place in denied} <= public


def captured(source: str, language: str, name: str) -> list[Place]:
    """Where each capture begins: line, column in characters, and name."""
    data = source.encode()
    lines = data.split(b"\n")
    places = []
    matches = tree_sitter.QueryCursor(query_of(language, name)).matches(
        load_language(language).parse(data).root_node
    )
    for _, captures in matches:
        for capture, nodes in captures.items():
            if capture.startswith("definition."):
                nodes = captures["name"]
            for node in nodes:
                row, column = node.start_point
                before = lines[row][:column].decode()
                if not capture.startswith("_"):
                    places.append((row, len(before), capture))
    return places


def assertions(source: str, language) -> tuple[list[Place], set[Place]]:
    """The captures a source says there are, and those it says there are not."""
    said: list[Place] = []
    denied: set[Place] = set()
    row = -1
    for number, line in enumerate(source.split("\n")):
        match = re.fullmatch(r"(\s*)(#|//|--)\s*(\^|<-)\s+(!?)([\w.]+)", line)
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

"""The languages we parse: one folder of queries each, found by looking."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import tree_sitter

from scopewise.document import DocumentSnapshot


@dataclass(frozen=True, eq=False)
class Language:
    """A grammar, its queries and what they cannot say (`language.toml`)."""

    id: str
    name: str
    """For people."""
    fence: str
    """The name after the back-ticks of a Markdown code fence."""
    indent: str
    """One level of indentation when the file shows none."""
    language_ids: frozenset[str]
    """LSP language ids."""
    extensions: frozenset[str]
    definitions: frozenset[str]
    """Node types the definition patterns begin with."""
    wrappers: frozenset[str]
    """Node types a definition may be wrapped in, which then belong to it."""
    attributes: frozenset[str]
    """Node types that stand before a definition, beside it in the tree, and belong to it."""
    statement_lists: frozenset[str]
    """Node types that do nothing but hold the statements of a body."""
    preamble: frozenset[str]
    """Node types that stand above the imports of a file."""
    comments: frozenset[str]
    """Node types of comments."""
    line_comment: str
    """What begins a comment that ends with its line."""
    strings: frozenset[str]
    """Node types whose lines keep their indentation when code is moved."""
    stub_comment: str
    """A regular expression: a comment that asks for the body rather than describing it."""
    doc_placement: Literal["inside", "above"]
    """Whether documentation is the first statement of a body or the comments above a definition."""
    doc_comment: str
    """A regular expression: a comment above that documents; empty where they stand inside."""
    block: Literal["indent", "braces"]
    """What holds the statements of a body together."""
    is_filled: bool
    """Whether stubs are written from their documentation; scripts hardly have any."""
    is_closed: bool
    """Whether a name a file calls and nothing in it binds is a mistake, if it is no builtin."""
    builtins: frozenset[str]
    """Names that every program may use."""
    standard_imports: Mapping[str, str]
    """Names of the standard library and the statements that bring them."""
    grammar: tree_sitter.Language
    functions: tree_sitter.Query
    imports: tree_sitter.Query
    locals: tree_sitter.Query
    tags: tree_sitter.Query

    def parse(self, source: bytes, old_tree: tree_sitter.Tree | None = None) -> tree_sitter.Tree:
        """The tree of a text; broken code gives a tree with error nodes."""
        parser = tree_sitter.Parser(self.grammar)
        return parser.parse(source) if old_tree is None else parser.parse(source, old_tree)


def language_of(snapshot: DocumentSnapshot) -> Language | None:
    """By the client's language id, else by the file's extension; None for other documents."""
    if snapshot.language:
        folder = _folders_by_language_id().get(snapshot.language)
        return load_language(folder) if folder else None
    return language_for_path(snapshot.path) if snapshot.path else None


def language_for_path(path: Path) -> Language | None:
    folder = _extensions().get(path.suffix)
    return load_language(folder) if folder else None


@cache
def load_language(folder: str) -> Language:
    """The language in a folder of `grammars/`; raises KeyError when there is none."""
    config = _config(grammars_folder() / folder)
    if not config:
        raise KeyError(folder)
    module = importlib.import_module(config["grammar"])
    grammar = tree_sitter.Language(getattr(module, config.get("grammar_function", "language"))())
    syntax, names = config["syntax"], config.get("names", {})
    return Language(
        id=config["id"],
        name=config["name"],
        fence=config["fence"],
        indent=config["indent"],
        language_ids=frozenset(config["language_ids"]),
        extensions=frozenset(config["extensions"]),
        definitions=frozenset(syntax["definitions"]),
        wrappers=frozenset(syntax["wrappers"]),
        attributes=frozenset(syntax.get("attributes", ())),
        statement_lists=frozenset(syntax.get("statement_lists", ())),
        preamble=frozenset(syntax.get("preamble", ())),
        comments=frozenset(syntax["comments"]),
        line_comment=syntax["line_comment"],
        strings=frozenset(syntax["strings"]),
        stub_comment=syntax["stub_comment"],
        doc_placement=syntax["doc_placement"],
        doc_comment=syntax["doc_comment"],
        block=syntax["block"],
        is_filled=syntax.get("is_filled", True),
        is_closed=names.get("is_closed", False),
        builtins=frozenset(names.get("builtins", ())),
        standard_imports={
            name: statement.replace("{name}", name)
            for statement, imported in names.get("imports", {}).items()
            for name in imported
        },
        grammar=grammar,
        functions=_query(grammar, folder, "functions"),
        imports=_query(grammar, folder, "imports"),
        locals=_query(grammar, folder, "locals"),
        tags=_query(grammar, folder, "tags"),
    )


def query_text(folder: str, name: str) -> str:
    """The source of a language's query: that of the folder it extends first, then its own.

    That folder is a language itself, or holds nothing but what several languages share.
    """
    path = grammars_folder() / folder
    parent = _config(path).get("extends", "")
    own = (path / f"{name}.scm").read_text(encoding="utf-8")
    return f"{query_text(parent, name)}\n{own}" if parent else own


def lineage(folder: str) -> tuple[str, ...]:
    """A language's folder and those it extends, the nearest first; the last may be no language."""
    parent = _config(grammars_folder() / folder).get("extends", "")
    return (folder, *lineage(parent)) if parent else (folder,)


def language_names() -> list[str]:
    """The folders of `grammars/` that hold a language."""
    return sorted(path.parent.name for path in grammars_folder().glob("*/language.toml"))


def language_extensions() -> Set[str]:
    """The file name extensions of all languages, dots included."""
    return _extensions().keys()


@cache
def grammars_folder() -> Path:
    """Inside the installed package, or beside `server/` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "grammars"
    return installed if installed.is_dir() else package.parents[1] / "grammars"


@cache
def _config(path: Path) -> dict[str, Any]:
    """What `language.toml` says; empty for a folder that is no language."""
    file = path / "language.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@cache
def _extensions() -> dict[str, str]:
    return {
        extension: name
        for name in language_names()
        for extension in _config(grammars_folder() / name)["extensions"]
    }


@cache
def _folders_by_language_id() -> dict[str, str]:
    return {
        language_id: name
        for name in language_names()
        for language_id in _config(grammars_folder() / name)["language_ids"]
    }


def _query(grammar: tree_sitter.Language, folder: str, name: str) -> tree_sitter.Query:
    # Languages are kept for ever, and so are these: tree-sitter 0.26.1 corrupts memory when a query
    # is freed that has a `#set!` behind another predicate of the same pattern.
    return tree_sitter.Query(grammar, query_text(folder, name))

"""Checks what names mean against sources that say so.

A comment below a line points at an identifier of that line and says where its definition is:

    total = rate  # @total
    print(total)
    #     ^ -> @total
    #     ^ -> 1:1

`^` points at the identifier, `<-` at the one above the beginning of the comment. Behind the arrow
stands a line and a column (in characters, both from 1), or the `@tag` that ends the line of the
definition, or `here` (it is itself a definition), `none` (the file does not bind it) or `member`
(scopes do not decide).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.syntax.languages import language_names
from scopewise.syntax.scopes import definition_of, definitions, is_member, references
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.text import ByteRange

FOLDER = Path(__file__).parent
SOURCES = sorted(FOLDER.glob("*/resolution*.*"))
LEAST = 60
"""Assertions a language needs."""
COMMENT = r"(?:#|//|--|\{?/\*)"
ASSERTION = re.compile(rf"(\s*){COMMENT}\s*(\^|<-)\s*->\s*(\S+).*")
TAG = re.compile(rf".*{COMMENT}\s*@([\w.-]+)\s*(?:\*/\}}?)?\s*")


@dataclass(frozen=True)
class Claim:
    line: int
    """Of the identifier, from 0."""
    column: int
    """In characters, from 0."""
    target: str


def claims(text: str) -> Iterator[Claim]:
    above = 0
    for number, line in enumerate(text.split("\n")):
        match = ASSERTION.fullmatch(line)
        if match is None:
            above = number
        else:
            column = line.index("^") if match[2] == "^" else len(match[1])
            yield Claim(above, column, match[3])


def parsed_source(path: Path) -> ParsedDocument:
    parsed = parse(DocumentSnapshot(path.as_uri(), path.read_text(encoding="utf-8")))
    assert parsed is not None
    return parsed


def identifier_at(parsed: ParsedDocument, claim: Claim) -> ByteRange:
    line = parsed.text(parsed.snapshot.lines.line_range(claim.line))
    start = parsed.snapshot.lines.line_range(claim.line).start
    offset = start + len(line[: claim.column].encode())
    node = parsed.root.descendant_for_byte_range(offset, offset + 1)
    assert node is not None
    return ByteRange(node.start_byte, node.end_byte)


def tags(text: str) -> dict[str, int]:
    """The line of each tag; a tag stands for one place."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n")):
        match = TAG.fullmatch(line)
        if match is not None and ASSERTION.fullmatch(line) is None:
            assert match[1] not in found, f"two lines are tagged @{match[1]}"
            found[match[1]] = number
    return found


def place(parsed: ParsedDocument, span: ByteRange) -> tuple[int, int]:
    """Line and column in characters, both from 0."""
    line = parsed.snapshot.lines.line_of(span.start)
    start = parsed.snapshot.lines.line_range(line).start
    return line, len(parsed.text(ByteRange(start, span.start)))


def meaning(parsed: ParsedDocument, span: ByteRange) -> str:
    """What the identifier at a range turns out to be, in the words of a claim."""
    used = [r for r in references(parsed, span) if r.span == span]
    bound = [d for d in definitions(parsed, span) if d.span == span]
    if used and definition_of(parsed, span) is None:
        return "none"
    if used:
        line, column = place(parsed, definition_of(parsed, span).span)
        return f"{line + 1}:{column + 1}"
    if bound:
        return "here"
    return "member" if is_member(parsed, span) else "nothing"


def disagreements(path: Path) -> Iterator[str]:
    parsed = parsed_source(path)
    text = path.read_text(encoding="utf-8")
    lines = tags(text)
    for claim in claims(text):
        span = identifier_at(parsed, claim)
        found = meaning(parsed, span)
        said = claim.target
        if said.startswith("@"):
            said = f"{lines[said[1:]] + 1}:"
        if found != said and not (said.endswith(":") and found.startswith(said)):
            at = f"{path.name}:{claim.line + 1}:{claim.column + 1}"
            yield f"{at} `{parsed.text(span)}`: said {claim.target} ({said}), found {found}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_names_mean_what_the_source_says(path):
    assert list(disagreements(path)) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_sources_parse(path):
    assert parsed_source(path).error_ranges() == []


@pytest.mark.parametrize("language", language_names())
def test_language_is_covered(language):
    texts = [path.read_text(encoding="utf-8") for path in SOURCES if path.parent.name == language]
    assert sum(len(list(claims(text))) for text in texts) >= LEAST


def test_a_wrong_claim_is_found(tmp_path):
    path = tmp_path / "resolution.py"
    path.write_text("a = 1\nb = a\n#   ^ -> 2:1\n#   ^ -> none\n#   ^ -> here\n#   ^ -> 1:1\n")
    assert len(list(disagreements(path))) == 3

"""Real functions of five languages: every stub is offered, and its reference body passes."""

import gzip
import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from scopewise.actions.candidate import drafted, fill_change
from scopewise.actions.fill_body import offer
from scopewise.actions.outcome import Place
from scopewise.document import DocumentSnapshot
from scopewise.prompt.opening import opening
from scopewise.syntax.slot import BodySlot, body_slot
from scopewise.syntax.tree import Definition, ParsedDocument, parse
from scopewise.text import ByteRange

pytestmark = pytest.mark.data

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("SCOPEWISE_DATA", REPOSITORY.parent / "shared" / "data"))
LANGUAGES = {"js": "javascript", "go": "go", "java": "java", "cpp": "cpp", "rust": "rust"}
ENOUGH = 0.98


@dataclass(frozen=True)
class Row:
    id: str
    parsed: ParsedDocument
    definition: Definition
    declaration: str
    body: str
    """With everything that follows it."""

    @property
    def slot(self) -> BodySlot:
        slot = body_slot(self.parsed, self.definition)
        assert slot is not None, self.id
        return slot


@cache
def rows(suffix: str) -> list[Row]:
    path = DATA / f"humanevalpack_{suffix}.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"there is no evaluation data at {DATA}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [row(LANGUAGES[suffix], json.loads(line)) for line in lines]


def row(language: str, raw: dict[str, str]) -> Row:
    code = raw["declaration"].strip("\n") + "\n" + raw["reference_body"]
    written = parsed(language, code)
    # The declaration ends inside of the function the row is about.
    end = len(raw["declaration"].strip("\n").encode()) - 1
    function = written.definition_at(ByteRange(end, end))
    assert function is not None
    head = written.source[: function.statements.start].decode()
    comment = re.search(r"/\*.*?\*/|(?:^//[^\n]*\n)+", raw["stub"], re.DOTALL | re.MULTILINE)
    assert comment is not None
    start = head.rindex("\n", 0, function.signature.start) + 1 if "\n" in head else 0
    closed = head + "\n}\n" * (2 if function.parent else 1)
    stub = f"{closed[:start]}{comment.group().rstrip()}\n{closed[start:]}"
    whole = parsed(language, stub)
    definition = [d for d in whole.definitions if d.kind == "function"][-1]
    return Row(raw["id"], whole, definition, head, code[len(head) :])


def parsed(language: str, text: str) -> ParsedDocument:
    result = parse(DocumentSnapshot("file:///project/main", text, language))
    assert result is not None
    return result


def going_on(row: Row) -> str:
    """The reference as an engine gives it: up to where the pattern stops it."""
    _, pattern = opening(row.parsed, row.definition, row.slot.shown, row.slot.unit)
    end = re.search(pattern, row.body)
    return row.body[: end.start()] if end else row.body


def whole(row: Row) -> str:
    return f"Here it is:\n```\n{row.declaration}\n{row.body}\n```\nIt does what is asked."


def body_of(row: Row) -> str:
    """The reference body alone, without blanks."""
    written = parsed(row.parsed.snapshot.language, f"{row.declaration}\n{row.body}")
    named = [d for d in written.definitions if d.name == row.definition.name]
    return squeezed(written.text(named[-1].statements))


def squeezed(code: str) -> str:
    return re.sub(r"\s+", "", code)


@pytest.mark.parametrize("suffix", LANGUAGES)
def test_stubs_are_offered(suffix):
    missed = [row.id for row in rows(suffix) if not is_offered(row)]
    assert len(missed) <= (1 - ENOUGH) * len(rows(suffix)), missed


def is_offered(row: Row) -> bool:
    start = row.definition.name_range.start
    return offer(Place(row.parsed.snapshot, row.parsed, ByteRange(start, start))) is not None


@pytest.mark.parametrize("written", [going_on, whole])
@pytest.mark.parametrize("suffix", LANGUAGES)
def test_reference_bodies_pass(suffix, written):
    wrong, declined = [], []
    for row in rows(suffix):
        change = fill_change(row.slot, written(row))
        draft = drafted(row.parsed, row.definition, written(row), change)
        if draft.label.findings:
            declined.append((row.id, draft.label.findings))
        elif body_of(row) not in squeezed(draft.code):
            wrong.append(row.id)
    assert wrong == []
    assert len(declined) <= (1 - ENOUGH) * len(rows(suffix)), declined

import random

import pytest

from scopewise.text import (
    ByteEdit,
    ByteRange,
    Encoding,
    LineIndex,
    Position,
    apply_edits,
    line_around,
    line_ending,
)

UTF8, UTF16, UTF32 = Encoding.UTF8, Encoding.UTF16, Encoding.UTF32
ALPHABET = ["a", "\t", "é", "€", "😀", "\r", "\n", "\r\n", "\f", "\ufeff", "\u2028"]


def random_text(generator: random.Random, n_most: int = 12) -> str:
    return "".join(generator.choice(ALPHABET) for _ in range(generator.randrange(n_most)))


@pytest.mark.parametrize(
    ("encoding", "columns"), [(UTF8, [0, 1, 5, 6]), (UTF16, [0, 1, 3, 4]), (UTF32, [0, 1, 2, 3])]
)
def test_columns_count_units_of_the_encoding(encoding, columns):
    index = LineIndex("a😀b".encode())
    offsets = [0, 1, 5, 6]
    assert [index.to_position(offset, encoding).column for offset in offsets] == columns
    assert [index.to_offset(Position(0, column), encoding) for column in columns] == offsets


def test_tab_is_one_unit():
    assert LineIndex(b"\tx").to_offset(Position(0, 1), UTF16) == 1


def test_every_character_of_every_text_is_found_again():
    generator = random.Random(1)
    for _ in range(2000):
        text = random_text(generator)
        index = LineIndex(text.encode())
        for i in range(len(text) + 1):
            offset = len(text[:i].encode())
            is_inside_line_end = text[i - 1 : i + 1] == "\r\n"
            for encoding in Encoding:
                found = index.to_offset(index.to_position(offset, encoding), encoding)
                assert found == offset - is_inside_line_end, (text, i, encoding)


def test_lines_end_where_the_protocol_says():
    index = LineIndex("a\r\nb\rc\nd\fe\u2028f".encode())
    lines = [index.line_range(i) for i in range(index.n_lines)]
    assert [(span.start, span.end) for span in lines] == [(0, 1), (3, 4), (5, 6), (7, 14)]


def test_out_of_range_positions_are_clamped():
    index = LineIndex(b"ab\r\ncd")
    assert index.to_offset(Position(0, 99), UTF16) == 2
    assert index.to_offset(Position(99, 0), UTF16) == 6
    assert index.to_offset(Position(-1, -1), UTF16) == 0
    assert index.to_position(99, UTF16) == Position(1, 2)
    assert index.to_position(-1, UTF16) == Position(0, 0)


def test_middle_of_a_character_is_its_beginning():
    index = LineIndex("😀".encode())
    assert index.to_offset(Position(0, 1), UTF16) == 0
    assert index.to_offset(Position(0, 2), UTF8) == 0


def test_middle_of_a_line_end_is_the_end_of_the_line():
    assert LineIndex(b"ab\r\ncd").to_position(3, UTF8) == Position(0, 2)


def test_empty_text():
    index = LineIndex(b"")
    assert index.n_lines == 1
    assert index.line_range(0) == ByteRange(0, 0)
    assert index.to_position(0, UTF16) == Position(0, 0)


def test_ranges():
    outer, inner, beside = ByteRange(2, 8), ByteRange(2, 4), ByteRange(8, 9)
    assert outer.contains(inner)
    assert not inner.contains(outer)
    assert outer.overlaps(inner)
    assert not outer.overlaps(beside)
    assert ByteRange(3, 3).is_empty
    assert inner.shifted(-2) == ByteRange(0, 2)


def edit(start: int, end: int, text: str) -> ByteEdit:
    return ByteEdit(ByteRange(start, end), text)


def test_edits_refer_to_the_text_before():
    assert (
        apply_edits(b"abcdef", [edit(4, 5, ""), edit(0, 1, "123"), edit(2, 2, "+")]) == b"123b+cdf"
    )
    assert apply_edits(b"abc", []) == b"abc"


def test_insertions_at_one_place_keep_their_order():
    assert apply_edits(b"ab", [edit(1, 1, "X"), edit(1, 1, "Y"), edit(1, 2, "Z")]) == b"aXYZ"


def test_lone_surrogate_in_an_edit_becomes_a_question_mark():
    assert apply_edits(b"", [edit(0, 0, "\ud83d")]) == b"?"


def test_random_edits_equal_a_rebuilt_text():
    generator = random.Random(2)
    for _ in range(500):
        source = random_text(generator, 30).encode()
        cuts = sorted(generator.randrange(len(source) + 1) for _ in range(4))
        first, second = edit(cuts[0], cuts[1], "<1>"), edit(cuts[2], cuts[3], "<2>")
        expected = (
            source[: cuts[0]] + b"<1>" + source[cuts[1] : cuts[2]] + b"<2>" + source[cuts[3] :]
        )
        edits = [first, second] if first.range == second.range else [second, first]
        assert apply_edits(source, edits) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [(b"", "\n"), (b"a", "\n"), (b"a\nb\r\n", "\n"), (b"a\r\nb\n", "\r\n"), (b"a\rb", "\r")],
)
def test_line_ending_is_the_first(source, expected):
    assert line_ending(source) == expected


def test_line_around_is_the_line_of_the_table():
    generator = random.Random(5)
    for _ in range(3000):
        source = random_text(generator).encode()
        index = LineIndex(source)
        for offset in range(len(source) + 1):
            line = index.line_range(index.line_of(offset))
            assert line_around(source, offset) == line, (source, offset)

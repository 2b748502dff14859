import random
import re

import pytest

from scopewise.engine.stream import TextStream
from scopewise.prompt.opening import end_of_block


def stream_pieces(stream: TextStream, pieces: list[bytes]) -> str:
    """What is shown of some pieces, the end included; nothing is pushed after a stop."""
    shown = ""
    for piece in pieces:
        shown += stream.push(piece)
        assert stream.text.startswith(shown)
        if stream.is_stopped:
            break
    return shown + stream.finish()


def in_random_pieces(text: str, generator: random.Random) -> list[bytes]:
    data, pieces = text.encode(), []
    while data:
        n_bytes = generator.randrange(1, 6)
        pieces.append(data[:n_bytes])
        data = data[n_bytes:]
    return pieces


def test_character_is_shown_when_its_last_byte_arrives():
    stream = TextStream()
    assert [stream.push(bytes([byte])) for byte in "a😀é".encode()] == [
        *("a", "", "", "", "😀", "", "é"),
    ]


def test_half_a_character_at_the_end_is_dropped():
    stream = TextStream()
    assert stream_pieces(stream, [b"a", "😀".encode()[:3]]) == stream.text == "a"


def test_broken_byte_in_the_middle_is_replaced():
    assert stream_pieces(TextStream(), [b"a\xff", b"b"]) == "a\ufffdb"


def test_what_may_begin_a_stop_is_held_back():
    stream = TextStream(("END.",))
    assert [stream.push(piece) for piece in (b"x E", b"N", b"D", b"s")] == ["", "x", " ", "E"]
    assert stream.finish() == "NDs"


def test_nothing_is_shown_past_a_stop():
    stream = TextStream(("stop",))
    assert stream.push(b"abc st") == "abc"
    assert stream.push(b"op def") == " "
    assert (stream.is_stopped, stream.text) == (True, "abc ")
    assert stream.push(b"more") == stream.finish() == ""


def test_earliest_of_several_stops_counts():
    stream = TextStream(("yy", "x", ""))
    assert stream_pieces(stream, [b"a yyx"]) == "a "


def test_line_is_held_back_until_the_pattern_had_its_chance():
    stream = TextStream(stop_pattern=end_of_block("    "))
    pieces = [b"    a\n", b"\n", b"    b\n", b"  ", b"c"]
    assert [stream.push(piece) for piece in pieces] == ["    a", "\n", "\n    b", "", ""]
    assert (stream.is_stopped, stream.text) == (True, "    a\n\n    b")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("    a\n    b\n```\nx", "    a\n    b"),
        ("    a\n\n\n    b\n\n\ndef g():", "    a\n\n\n    b\n\n"),
        ("    a\n        b\n   c", "    a\n        b"),
        ("    a\n   \n    b", "    a\n   \n    b"),
        ("    a\n  ", "    a\n  "),
    ],
)
def test_end_of_block(text, kept):
    stream = TextStream(stop_pattern=end_of_block("    "))
    assert stream_pieces(stream, [bytes([byte]) for byte in text.encode()]) == kept
    assert stream.is_stopped == (kept != text)


@pytest.mark.parametrize("seed", range(300))
def test_any_split_gives_the_text_up_to_the_first_stop(seed):
    generator = random.Random(seed)
    text = "".join(generator.choices(["a", "b", "é", "😀", "\n", "    ", "ab"], k=30))
    stops = tuple(generator.sample(["aab", "b😀", "\n\n", "éé", "a\n"], generator.randrange(3)))
    pattern = generator.choice(["", end_of_block("    "), "é(?=b)"])
    cuts = [text.find(stop) for stop in stops if stop in text]
    if pattern and (match := re.search(pattern, text)):
        cuts.append(match.start())
    expected = text[: min(cuts, default=len(text))]
    stream = TextStream(stops, pattern)
    assert stream_pieces(stream, in_random_pieces(text, generator)) == stream.text == expected
    assert stream.is_stopped == bool(cuts)

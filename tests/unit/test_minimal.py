import pytest

from scopewise.verify.minimal import edit_size

BEFORE = "def f(a):\n    for x in a:\n        if x > 1:\n            return x\n    return 0\n"


def changed(old: str, new: str) -> int:
    assert old in BEFORE
    return edit_size(BEFORE, BEFORE.replace(old, new))


def test_nothing_changed():
    assert edit_size(BEFORE, BEFORE) == 0


@pytest.mark.parametrize(
    ("old", "new", "size"),
    [
        ("x > 1", "x >= 1", 10),
        ("x > 1", "x > 1 and x", 20),
        ("    return 0\n", "", 30),
        ("return 0", "return 0  # none", 1),
        ("x > 1", "x>1", 2),
        ("def f(a):\n", 'def f(a):\n    """Doc."""\n', 11),
    ],
)
def test_tokens_count_ten_and_notes_and_gaps_one(old, new, size):
    assert changed(old, new) == size


def test_one_operator_is_less_than_a_rewrite():
    rewrite = "def f(a):\n    b = [x for x in a if x >= 1]\n    return b[0] if b else 0\n"
    assert changed("x > 1", "x >= 1") < edit_size(BEFORE, rewrite)


def test_deeper_indentation_of_a_block_counts_only_the_line_above_it():
    after = "def f(a):\n    if a:\n        return 1\n    return 0\n"
    deeper = "def f(a):\n        if a:\n            return 1\n        return 0\n"
    assert edit_size(after, deeper) == 1


def test_blank_lines_and_line_ends_are_the_least_change():
    assert edit_size(BEFORE, BEFORE.replace("    return 0", "\n    return 0")) == 1
    assert edit_size(BEFORE, BEFORE.replace("\n", "\r\n")) == 1


def test_a_comment_does_not_outweigh_code():
    comments = BEFORE.replace("    return 0", "    # One.\n    # Two.\n    return 0")
    assert edit_size(BEFORE, comments) == 2 < changed("x > 1", "x >= 1")


@pytest.mark.parametrize("broken", ["def f(:\n  '''", "x = (1,\n", "\x00", "  a\n b\n", ""])
def test_broken_code_has_a_size_as_well(broken):
    assert edit_size(BEFORE, broken) > 0
    assert edit_size(broken, broken + "x") > 0


def test_both_directions_are_alike():
    after = BEFORE.replace("x > 1", "x > 1 and x != 3")
    assert edit_size(BEFORE, after) == edit_size(after, BEFORE) == 40


def test_a_long_file_with_a_small_change_is_quick():
    long = BEFORE * 3000
    assert edit_size(long, long + "x = 1\n") == 40

"""Fill body from docstring, with a scripted engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopewise.actions.fill_body import offer
from scopewise.engine.protocol import StopReason
from scopewise.engine.scripted import ScriptedAnswer
from scopewise.errors import InputError
from scopewise.verify.label import Verdict

from .helper import place_in, run


def check(before: str, answer: str, after: str) -> None:
    """Filling at `$0` with this answer gives exactly that text."""
    ran = run("fill_body", place_in(before), [answer])
    assert ran.outcome.label.findings == ()
    assert ran.after == after


@pytest.mark.parametrize(
    "stub",
    [
        "",
        "    pass\n",
        "    ...\n",
        "    raise NotImplementedError\n",
        '    raise NotImplementedError("area")\n',
        "    # TODO: compute it\n",
        "    # TODO: compute it\n    pass\n",
        "    pass  # TODO\n",
    ],
)
def test_every_stub_form_is_replaced(stub: str) -> None:
    check(
        f'def area(r):\n    """The area."""$0\n{stub}\n\nX = 1\n',
        "    return 3 * r * r\n",
        'def area(r):\n    """The area."""\n    return 3 * r * r\n\n\nX = 1\n',
    )


def test_comments_decorators_and_spacing_keep_their_bytes() -> None:
    check(
        "@cache   # memo\ndef  f( x ):\n"
        '    """Doc."""  # noqa: D\n\n    # by halving\n    pass$0\n',
        "    return x / 2\n",
        "@cache   # memo\ndef  f( x ):\n"
        '    """Doc."""  # noqa: D\n\n    # by halving\n    return x / 2\n',
    )


def test_windows_line_endings_and_tabs() -> None:
    check(
        'class A:\r\n\tdef f(self):\r\n\t\t"""Doc."""$0\r\n\r\nB = 2\r\n',
        "        if self:\n            return 1\n        return 2\n",
        'class A:\r\n\tdef f(self):\r\n\t\t"""Doc."""\r\n\t\tif self:\r\n\t\t\treturn 1\r\n'
        "\t\treturn 2\r\n\r\nB = 2\r\n",
    )


def test_two_blanks_a_level() -> None:
    check(
        'def f(x):\n  """Doc."""$0\n  pass\n',
        "    if x:\n        return 1\n    return 2\n",
        'def f(x):\n  """Doc."""\n  if x:\n    return 1\n  return 2\n',
    )


def test_text_beyond_the_basic_plane_before_the_stub() -> None:
    check(
        '# 🎉🎉 é\ndef f():\n    """Say 🎉."""$0\n',
        '    return "🎉"\n',
        '# 🎉🎉 é\ndef f():\n    """Say 🎉."""\n    return "🎉"\n',
    )


def test_a_docstring_on_the_line_of_the_signature() -> None:
    check(
        'def f(): "Doc."$0\n',
        "    return 1\n",
        'def f():\n    "Doc."\n    return 1\n',
    )


def test_an_async_method_at_the_end_of_a_file_without_a_line_break() -> None:
    check(
        'class A:\n    async def f(self):\n        """Doc."""$0',
        "        return self\n\nprint(A())\n",
        'class A:\n    async def f(self):\n        """Doc."""\n        return self',
    )


def test_a_nested_function() -> None:
    check(
        'def outer(n):\n    def inner(x):\n        """Add n."""$0\n        ...\n    return inner\n',
        "    return x + n\n",
        'def outer(n):\n    def inner(x):\n        """Add n."""\n        return x + n\n'
        "    return inner\n",
    )


def test_the_cursor_on_the_blank_line_below_the_docstring() -> None:
    check(
        'def f():\n    """Doc."""\n    $0\n',
        "    return 1\n",
        'def f():\n    """Doc."""\n    return 1\n    \n',
    )


def test_an_import_the_body_needs_goes_where_imports_stand() -> None:
    check(
        '"""Module."""\n\nimport os\n\n\ndef f(x):\n    """Root."""$0\n',
        "    return math.sqrt(x) + len(os.sep)\n",
        '"""Module."""\n\nimport os\nimport math\n\n\ndef f(x):\n    """Root."""\n'
        "    return math.sqrt(x) + len(os.sep)\n",
    )


def test_an_import_written_into_the_body_moves_up() -> None:
    check(
        'def f(x):\n    """Count."""$0\n',
        "    from collections import Counter\n\n    return Counter(x)\n",
        'from collections import Counter\n\n\ndef f(x):\n    """Count."""\n    return Counter(x)\n',
    )


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        ("    return frobnicate(x)\n", "`frobnicate`"),
        ("    return (x\n", "does not parse"),
        ("    # TODO: write this\n    return None\n", "placeholder"),
        ("    pass\n", "still a stub"),
        ('    return "<|im_end|>"\n', "control token"),
        ("", "still a stub"),
    ],
)
def test_a_bad_answer_is_declined_with_its_finding(answer: str, finding: str) -> None:
    before = 'def f(x):\n    """Doc."""$0\n    pass\n'
    ran = run("fill_body", place_in(before), [answer])
    assert ran.outcome.label.verdict is Verdict.DECLINED
    assert finding in ran.outcome.label.sentence
    assert ran.outcome.change is None


def test_a_loop_is_tried_again_with_another_seed_and_never_inserted() -> None:
    loop = ScriptedAnswer("    x = 1\n    x = 1\n", stop_reason=StopReason.LOOP)
    ran = run("fill_body", place_in('def f():\n    """Doc."""$0\n'), [loop])
    assert ran.outcome.change is None
    assert "repeated itself" in ran.outcome.label.sentence
    seeds = [request.sampling.seed for request in ran.engine.requests]
    assert seeds[1] == seeds[0] + 7919
    assert seeds[0] != seeds[1]


def test_the_label_says_exactly_what_was_checked() -> None:
    ran = run("fill_body", place_in('def f(x):\n    """Doc."""$0\n'), ["    return x\n"])
    assert ran.outcome.label.sentence == (
        "unverified: nothing was executed; parses, signature kept, no placeholder left, "
        "no special tokens, no new unresolved names"
    )
    assert ran.outcome.label.needs_confirmation


@pytest.mark.parametrize(
    "text",
    [
        'def f():\n    """Doc."""\n    return 1$0\n',
        "def f():\n    pass$0\n",
        '@overload\ndef f(x: int) -> int:\n    """Doc."""$0\n    ...\n',
        '@abc.abstractmethod\ndef f(x):\n    """Doc."""$0\n    ...\n',
        'class A:\n    """Doc."""$0\n    pass\n',
        "x = 1$0\n",
        "",
    ],
)
def test_not_offered_where_there_is_no_documented_stub(text: str) -> None:
    assert offer(place_in(text)) is None


def test_running_where_nothing_is_offered_says_so() -> None:
    with pytest.raises(InputError, match="nothing here"):
        run("fill_body", place_in("x = 1$0\n"), ["    return 1\n"])


def test_the_prompt_holds_what_the_function_needs(tmp_path: Path) -> None:
    (tmp_path / "shapes.py").write_text(
        'class Point:\n    """A point."""\n\n    x: float\n    y: float\n'
    )
    main = tmp_path / "main.py"
    text = (
        "import math\nfrom shapes import Point\n\nSCALE = 2\n\n\n"
        "class Canvas:\n    width: int = 80\n\n"
        "    def __init__(self, name):\n        self.name = name\n\n"
        '    def clear(self):\n        """Forget everything."""\n        self.name = ""\n\n'
        '    def plot(self, p: Point) -> None:\n        """Draw p times SCALE."""$0\n\n\n'
        "def unrelated():\n    return 1\n"
    )
    main.write_text(text.replace("$0", ""))
    ran = run(
        "fill_body", place_in(text, main.as_uri()), ["        self.name += str(p.x)\n"], tmp_path
    )
    assert ran.outcome.label.findings == ()
    for needed in (
        "import math",
        "class Canvas:",
        "width: int = 80",
        "self.name = name",
        "def clear(self): ...  # Forget everything.",
        "class Point:",
        "x: float",
        "SCALE = 2",
    ):
        assert needed in ran.prompt
    assert "unrelated" not in ran.prompt
    assert ran.prompt.endswith(
        "```python\nclass Canvas:\n    def plot(self, p: Point) -> None:\n"
        '        """Draw p times SCALE."""\n'
    )

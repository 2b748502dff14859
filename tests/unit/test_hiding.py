"""Changes that only make an exception go away are told from those that mend its cause."""

import textwrap

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.scope.traces.failing_values import FailingExample
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.verify.hiding import hides_failure


def parsed(code: str) -> ParsedDocument:
    result = parse(DocumentSnapshot("file:///a.py", textwrap.dedent(code), "python"))
    assert result is not None
    return result


def finding(
    before: str,
    after: str,
    kind: str,
    example: tuple[str, str] | None = None,
    calls: tuple[str, ...] = (),
) -> str:
    """What is held against a change; `#!` marks the line that failed, as it was."""
    line = next((n for n, text in enumerate(before.splitlines()) if "#!" in text), None)
    old, new = parsed(before.replace("#!", "")), parsed(after)
    was, now = old.definitions[0], new.definitions[0]
    asserted = [example] if example else []
    examples = [
        FailingExample(call, f"assert {call} == {value}", "", 1) for call, value in asserted
    ]
    found = hides_failure(old, was, new, now, kind, examples, calls, line)
    if found is not None:
        assert found.check == "failure not hidden"
    return found.message if found else ""


def body(code: str, signature: str = "def f(x):") -> str:
    return f"{signature}\n" + textwrap.indent(textwrap.dedent(code).strip("\n"), "    ") + "\n"


LOOKUP = body("y = TABLE[x]  #!\nreturn y * 2")
PARSE = body("n = int(x)  #!\nreturn n * 2")

CATCHES = "It catches {} and goes on without dealing with it."


@pytest.mark.parametrize(
    ("handler", "caught"),
    [
        ("except:\n    pass", "every exception"),
        ("except:\n    return None", "every exception"),
        ("except Exception:\n    pass", "`Exception`"),
        ("except Exception as error:\n    print(error)", "`Exception`"),
        ("except Exception as error:\n    logger.warning('no %s', error)", "`Exception`"),
        ("except Exception:\n    y = 0", "`Exception`"),
        ("except BaseException:\n    return 0", "`BaseException`"),
        ("except (ValueError, Exception):\n    return 0", "`(ValueError, Exception)`"),
        ("except KeyError:\n    pass", "`KeyError`"),
        ("except KeyError:\n    return", "`KeyError`"),
        ("except KeyError:\n    return 0", "`KeyError`"),
        ("except KeyError:\n    return []", "`KeyError`"),
        ("except KeyError:\n    return dict()", "`KeyError`"),
        ("except KeyError:\n    y = 0\n    return y", "`KeyError`"),
        ("except KeyError:\n    logging.error('no')\n    return -1", "`KeyError`"),
        ("except KeyError:\n    log.exception('no')", "`KeyError`"),
        ("except KeyError:\n    traceback.print_exc()", "`KeyError`"),
        ("except LookupError:\n    'nothing to do'", "`LookupError`"),
        ("except (TypeError, KeyError):\n    ...", "`(TypeError, KeyError)`"),
        ("except KeyError:\n    self.logger.info('no')", "`KeyError`"),
    ],
)
def test_a_handler_that_deals_with_nothing(handler, caught):
    after = body(f"try:\n    y = TABLE[x]\n{handler}\nreturn y * 2")
    assert finding(LOOKUP, after, "KeyError") == CATCHES.format(caught)


@pytest.mark.parametrize(
    "handler",
    [
        "except KeyError:\n    y = 0",
        "except KeyError:\n    y = make(x)",
        "except KeyError:\n    return x",
        "except KeyError:\n    return make(x)",
        "except KeyError as error:\n    raise ValueError(x) from error",
        "except Exception as error:\n    raise Problem(x) from error",
        "except Exception:\n    logger.exception('no')\n    raise",
        "except Exception as error:\n    y = Failure(error)",
        "except Exception:\n    sys.exit(1)",
        "except OSError:\n    pass",
    ],
)
def test_a_handler_that_deals_with_the_exception(handler):
    after = body(f"try:\n    y = TABLE[x]\n{handler}\nreturn y * 2")
    assert finding(LOOKUP, after, "KeyError") == ""


def test_a_handler_that_skips_the_element():
    before = body("for y in x:\n    use(TABLE[y])  #!")
    after = body(
        "for y in x:\n    try:\n        use(TABLE[y])\n    except KeyError:\n        continue"
    )
    assert finding(before, after, "app.KeyError") == CATCHES.format("`KeyError`")


def test_a_handler_that_was_there_before():
    before = body("try:\n    y = TABLE[x]\nexcept KeyError:\n    return None\nreturn y.name  #!")
    after = before.replace("y.name  #!", "y['name']")
    assert finding(before, after, "AttributeError") == ""
    broader = before.replace("KeyError", "Exception").replace("#!", "")
    assert finding(before, broader, "AttributeError") == CATCHES.format("`Exception`")


def test_a_predicate_whose_answer_is_the_exception():
    before = body("float(x)  #!\nreturn True")
    after = body("try:\n    float(x)\nexcept ValueError:\n    return False\nreturn True")
    assert finding(before, after, "ValueError") == ""
    no_predicate = after.replace("return True", "return float(x)")
    assert finding(before, no_predicate, "ValueError") == CATCHES.format("`ValueError`")


def test_an_iterator_that_ends():
    before = body("while True:\n    yield next(x)  #!")
    after = body(
        "while True:\n    try:\n        yield next(x)\n    except StopIteration:\n        return"
    )
    assert finding(before, after, "StopIteration") == ""
    assert "catches" in finding(before, after.replace("return", "pass"), "StopIteration")


@pytest.mark.parametrize("call", ["suppress(KeyError)", "contextlib.suppress(Exception)"])
def test_a_suppressed_exception(call):
    after = body(f"y = 0\nwith {call}:\n    y = TABLE[x]\nreturn y * 2")
    message = "It suppresses `KeyError` instead of avoiding it."
    assert finding(LOOKUP, after, "KeyError") == message
    assert finding(LOOKUP, after.replace(call, "suppress(OSError)"), "KeyError") == ""


def test_a_finally_that_returns():
    after = body("y = 0\ntry:\n    y = TABLE[x]\nfinally:\n    return y")
    assert "`finally`" in finding(LOOKUP, after, "KeyError")


FIB = body("if x <= 1:\n    return x\nreturn f(x - 1) + f(x - 3)")


@pytest.mark.parametrize(
    "case",
    [
        "if x == 5:\n    return 8",
        "if 5 == x:\n    return 8",
        "if x in (5, 6):\n    return 8",
        "if x == 5 and True:\n    return 8",
        "if x == 3 or x == 5:\n    return 8",
        "match x:\n    case 5:\n        return 8",
    ],
)
def test_a_branch_for_the_input_that_failed(case):
    after = body(f"{case}\nif x <= 1:\n    return x\nreturn f(x - 1) + f(x - 3)")
    found = finding(FIB, after, "AssertionError", ("f(5)", "8"))
    assert found.startswith("It treats the input that failed as a special case (`")


def test_a_conditional_expression_and_a_table_for_the_input_that_failed():
    example = ("f(5)", "8")
    after = body("return 8 if x == 5 else f(x - 1) + f(x - 3)")
    assert "special case" in finding(FIB, after, "AssertionError", example)
    after = body("return {5: 8}.get(x) or f(x - 1)")
    assert "table" in finding(FIB, after, "AssertionError", example)


def test_a_branch_for_a_list_or_for_all_arguments():
    before = body("return sorted(x)[0]")
    after = body("if x == [3, 1]:\n    return 1\nreturn sorted(x)[0]")
    assert "special case" in finding(before, after, "AssertionError", ("f([3, 1])", "1"))
    assert "special case" in finding(before, after, "IndexError", calls=("f(*[[3, 1]])",))
    signature = "def f(a, b):"
    before = body("return a - b", signature)
    after = body("if a == 1 and b == 2:\n    return 3\nreturn a - b", signature)
    assert "special case" in finding(before, after, "AssertionError", ("f(1, b=2)", "3"))
    after = body("if (a, b) == (1, 2):\n    return 3\nreturn a - b", signature)
    assert "special case" in finding(before, after, "AssertionError", ("f(1, 2)", "3"))


@pytest.mark.parametrize(
    ("guard", "call"),
    [
        ("if not x:\n    return 0", "f([])"),
        ("if x is None:\n    return 0", "f(None)"),
        ("if x == 0:\n    return 0", "f(0)"),
        ("if x == 1:\n    return False", "f(1)"),
        ("if x == '':\n    return ''", "f('')"),
        ("if x == []:\n    return 0", "f([])"),
        ("if len(x) == 1:\n    return x[0]", "f([4])"),
        ("if x == 'km':\n    return x * 1000", "f('km')"),
        ("if x == 7:\n    return 8", "f(5)"),
        ("if x < 5:\n    return 8", "f(4)"),
        ("if x == 5:\n    x = x + 1", "f(5)"),
    ],
)
def test_a_guard_for_a_class_of_inputs(guard, call):
    before = body("return sum(x) / len(x)  #!")
    after = body(f"{guard}\nreturn sum(x) / len(x)")
    assert finding(before, after, "ZeroDivisionError", (call, "0")) == ""


def test_another_entry_among_such_entries():
    before = body("if x == 'm':\n    return 1\nif x == 'cm':\n    return 100\nraise KeyError(x)")
    after = before.replace("raise", "if x == 'mm':\n        return 1000\n    raise")
    assert finding(before, after, "AssertionError", ("f('mm')", "1000")) == ""
    assert "special case" in finding(
        FIB, body("if x == 'mm':\n    return 1000\nreturn x"), "AssertionError", ("f('mm')", "1000")
    )


def test_a_report_that_is_gone():
    before = body("if x < 0:\n    raise ValueError(x)  #!\nreturn x ** 0.5")
    message = "It removes the `raise` that reported the failure."
    assert finding(before, body("return x ** 0.5"), "ValueError") == message
    assert (
        finding(before, body("if x < 0:\n    return 0\nreturn x ** 0.5"), "ValueError") == message
    )
    assert (
        finding(before, body("if x < -1:\n    raise ValueError(x)\nreturn x"), "ValueError") == ""
    )
    other = body("if x < 0:\n    raise TypeError(x)\nreturn x ** 0.5")
    assert finding(before, other, "ValueError") == ""
    unreachable = body("return x ** 0.5\nraise ValueError(x)")
    assert finding(before, unreachable, "ValueError") == message


def test_an_assertion_that_is_gone():
    before = body("assert x > 0  #!\nreturn 1 / x")
    message = "It removes the `assert` that reported the failure."
    assert finding(before, body("return 1 / x"), "AssertionError") == message
    raises = body("if x <= 0:\n    raise ValueError\nreturn 1 / x")
    assert finding(before, raises, "AssertionError") == ""


def test_what_was_not_written_yet_is_written():
    before = body("raise NotImplementedError  #!")
    assert finding(before, body("return x + 1"), "NotImplementedError") == ""
    assert finding(before, body("return 0"), "NotImplementedError") == ""


@pytest.mark.parametrize("after", ["pass", "return None", "return", "...", "'Doc.'\nreturn None"])
def test_a_body_that_is_gone(after):
    assert finding(LOOKUP, body(after), "KeyError") == "It does nothing any more."


def test_a_body_that_gives_the_expected_literal():
    message = "It gives `8` whatever it is given."
    assert finding(FIB, body("return 8"), "AssertionError", ("f(5)", "8")) == message
    early = body("return 8\nreturn f(x - 1) + f(x - 3)")
    assert finding(FIB, early, "AssertionError", ("f(5)", "8")) == message
    printed = body("print(x)\nreturn 8")
    assert finding(FIB, printed, "AssertionError", ("f(5)", "8")) == message
    constant = body("return 7")
    assert finding(constant, body("return 8"), "AssertionError", ("f(5)", "8")) == ""


def test_a_failing_statement_that_is_only_deleted():
    message = "It only deletes the statement that failed."
    before = body("y = list(x)\ny.remove(3)  #!\nreturn y")
    assert finding(before, body("y = list(x)\nreturn y"), "ValueError") == message
    switched_off = body("y = list(x)\nif False:\n    y.remove(3)\nreturn y")
    assert finding(before, switched_off, "ValueError") == message
    guarded = body("y = list(x)\nif 3 in y:\n    y.remove(3)\nreturn y")
    assert finding(before, guarded, "ValueError") == ""
    replaced = body("y = [z for z in x if z != 3]\nreturn y")
    assert finding(before, replaced, "ValueError") == ""
    twice = body("y = list(x)\ny.remove(3)\ny.remove(3)  #!\nreturn y")
    assert finding(twice, body("y = list(x)\ny.remove(3)\nreturn y"), "ValueError") == ""


def test_one_step_too_many_may_be_deleted():
    before = body("x = x.split()  #!\nreturn len(x)")
    assert finding(before, body("return len(x)"), "AttributeError") == ""


def test_a_stray_line_may_be_deleted():
    before = body("pritn(x)  #!\nreturn x")
    assert finding(before, body("return x"), "NameError") == ""


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (LOOKUP, body("y = TABLE.get(x, 0)\nreturn y * 2"), "KeyError"),
        (LOOKUP, body("if x not in TABLE:\n    return None\nreturn TABLE[x] * 2"), "KeyError"),
        (PARSE, body("n = int(x.strip() or 0)\nreturn n * 2"), "ValueError"),
        (
            PARSE,
            body("try:\n    n = int(x)\nexcept ValueError:\n    n = 0\nreturn n"),
            "ValueError",
        ),
        (body("return x[0]  #!"), body("return x[0] if x else None"), "IndexError"),
        (body("return x.name  #!"), body("return getattr(x, 'name', '')"), "AttributeError"),
        (FIB, FIB.replace("x - 3", "x - 2"), "AssertionError"),
        (body("while True:\n    x.pop()  #!"), body("while x:\n    x.pop()"), "IndexError"),
        (body("return x[1]  #!"), body("return x[-1]"), "IndexError"),
    ],
)
def test_honest_fixes(before, after, kind):
    assert finding(before, after, kind, ("f('b')", "3")) == ""


def test_methods_and_decorated_functions():
    before = "class A:\n    @cached\n    def f(self, x):\n        return TABLE[x]\n"
    after = before.replace("return TABLE[x]", "if x == 9:\n            return 3\n        return 1")
    old, new = parsed(before), parsed(after)
    was, now = old.find("A.f"), new.find("A.f")
    assert was
    assert now
    found = hides_failure(old, was, new, now, "KeyError", calls=("A().f(9)",))
    assert found is not None
    assert "(`x == 9`)" in found.message


@pytest.mark.parametrize("after", ["def f(:\n", "def f(x):\n    return (\n", "x = 1\n"])
def test_broken_code_is_left_to_other_checks(after):
    old, new = parsed(LOOKUP), parsed(after)
    now = new.definitions[0] if new.definitions else old.definitions[0]
    assert hides_failure(old, old.definitions[0], new, now, "KeyError") is None


def test_code_that_is_nested_too_deeply_is_left_to_other_checks():
    before = body("return " + " + ".join(["x"] * 3000))
    assert finding(before, before.replace("x + x", "x - x", 1), "KeyError") == ""

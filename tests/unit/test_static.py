import pytest

from scopewise.document import DocumentSnapshot
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.verify.label import Label, Verdict
from scopewise.verify.static import check_rewrite

ALL = (
    "parses",
    "signature kept",
    "no placeholder left",
    "no special tokens",
    "no new unresolved names",
)
STUB = "import os\n\n\n@d\ndef f(a, b=1):\n    'Doc.'\n"


def parsed(text: str) -> ParsedDocument:
    result = parse(DocumentSnapshot("file:///a.py", text, "python"))
    assert result is not None
    return result


def checked(before: str, after: str) -> Label:
    old, new = parsed(before), parsed(after)
    definition = old.find("f")
    assert definition is not None
    return check_rewrite(old, definition, new, new.find("f"))


def finding(before: str, after: str) -> str:
    """The one thing held against a result, as `check: message`."""
    label = checked(before, after)
    assert label.verdict is Verdict.DECLINED
    (found,) = label.findings
    return f"{found.check}: {found.message}"


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_all_is_well(eol):
    before, after = STUB.replace("\n", eol), (STUB + "    return a\n").replace("\n", eol)
    assert checked(before, after) == Label(Verdict.UNVERIFIED, ALL)


@pytest.mark.parametrize(
    ("body", "line"),
    [("    return (a\n", 7), ("    return 'a\n", 7), ("    x = 1\n    if x\n    return a\n", 8)],
)
def test_result_must_parse(body, line):
    assert finding(STUB, STUB + body) == f"parses: The result does not parse (line {line})."


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("    await b", "'await' outside async function (document, line 7)"),
        ("    break", "'break' outside loop (document, line 7)"),
        ("    x = 1\n  return a", "unindent does not match any outer indentation level"),
    ],
)
def test_result_must_compile(body, problem):
    expected = f"parses: The result does not compile ({problem}"
    assert finding(STUB, f"{STUB}{body}\n").startswith(expected)


def test_result_must_hold_the_function():
    assert finding(STUB, "import os\n") == "parses: The result no longer holds the function."


def test_errors_that_were_there_are_not_held_against_it():
    broken = "def g(:\n    pass\n\n\n"
    assert checked(broken + STUB, broken + STUB + "    return a\n").verdict is Verdict.UNVERIFIED
    uncompilable = "return 1\n"
    after = uncompilable + STUB + "    return a\n"
    assert checked(uncompilable + STUB, after).verdict is Verdict.UNVERIFIED
    assert checked("old\n" + STUB, "old\n" + STUB + "    return a\n").verdict is Verdict.UNVERIFIED


def test_new_error_beside_an_old_one_counts():
    broken = "def g(:\n    pass\n\n\n"
    label = checked(broken + STUB, broken + STUB + "    return ((a\n")
    assert label.verdict is Verdict.DECLINED


@pytest.mark.parametrize(
    "header",
    [
        "@d\ndef f(a, b=2):",
        "@d\ndef f(a, b):",
        "@d\ndef f(a, b=1) -> int:",
        "def f(a, b=1):",
        "@d\n@os.e\ndef f(a, b=1):",
        "@d\nasync def f(a, b=1):",
    ],
)
def test_signature_must_stay(header):
    after = f"import os\n\n\n{header}\n    'Doc.'\n    return a\n"
    assert finding(STUB, after) == (
        "signature kept: The signature or the decorators of `f` changed."
    )


def test_signature_may_be_laid_out_anew():
    after = "import os\n\n\n@d\ndef f(\n    a, b = 1,\n):\n    'Doc.'\n    return a\n"
    assert checked(STUB, after).verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize("body", ["", "    pass\n", "    ...\n", "    raise NotImplementedError\n"])
def test_stub_is_no_body(body):
    assert finding(STUB, STUB + body) == "no placeholder left: The body is still a stub."


@pytest.mark.parametrize(
    "comment",
    [
        "# TODO: the rest",
        "# todo",
        "# FIXME",
        "# Your code here",
        "# Your implementation",
        "# Add your logic here",
        "# Implement the function here",
        "# implementation goes here",
        "# code here",
        "# rest of the code",
        "# ...",
        "# ... existing code ...",
        "# Placeholder",
        "# Placeholder implementation",
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_placeholder_is_no_body(comment, eol):
    after = (STUB + f"    return a\n    {comment}\n").replace("\n", eol)
    assert finding(STUB.replace("\n", eol), after) == (
        f"no placeholder left: A placeholder was left in the body (`{comment}`)."
    )


@pytest.mark.parametrize(
    "comment",
    [
        "# Add the country code to the list",
        "# put the smaller value here",
        "# the method is implemented below",
        "# see the code below",
        "# ...and so on",
        "# todos are counted, too",
        "# a placeholder value",
    ],
)
def test_honest_comment_is_no_placeholder(comment):
    assert checked(STUB, STUB + f"    return a  {comment}\n").verdict is Verdict.UNVERIFIED


def test_todo_that_was_there_may_stay():
    before = "def f(a):\n    # TODO: faster\n    return a  # FIXME\n"
    assert checked(before, before.replace("return a", "return a + 1")).verdict is Verdict.UNVERIFIED
    before = "def f(a):\n    'Doc.'\n    # TODO: faster"
    assert checked(before, before + "\r\n    return a\r\n").verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize(
    "token", ["<|im_end|>", "<｜end▁of▁sentence｜>", "<fim_middle>", "<end_of_turn>", "[/INST]"]
)
def test_special_tokens_are_not_text(token):
    assert finding(STUB, STUB + f"    return '{token}'\n") == (
        f"no special tokens: A control token of the model (`{token}`) is in the text."
    )
    had = STUB.replace("Doc.", f"Splits at {token}.")
    assert checked(had, had + f"    return '{token}'\n").verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize("text", ["a <| b |> c", "<file>", "<start>", "|im_end|", "x[inst]"])
def test_what_only_looks_like_a_token(text):
    assert checked(STUB, STUB + f"    return '{text}'\n").verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("    return c\n", "The body uses `c`, which is defined nowhere."),
        ("    return c + e\n", "The body uses `c`, `e`, which are defined nowhere."),
    ],
)
def test_names_must_lead_somewhere(body, message):
    before, after = STUB.replace("@d\n", ""), STUB.replace("@d\n", "") + body
    assert finding(before, after) == f"no new unresolved names: {message}"


def test_every_finding_is_told():
    label = checked(STUB, STUB.replace("b=1", "b=2") + "    return c  # TODO\n")
    assert [found.check for found in label.findings] == [
        "signature kept",
        "no placeholder left",
        "no new unresolved names",
    ]
    assert label.passed == ("parses", "no special tokens")


def test_code_too_deep_for_the_compiler():
    label = checked(STUB, STUB + "    return " + "-" * 20_000 + "1\n")
    assert label.sentence == ("declined: The result does not compile (it is nested too deeply).")


def checked_in(language: str, before: str, after: str) -> Label:
    texts = (before, after)
    old, new = (parse(DocumentSnapshot("file:///p/a", text, language)) for text in texts)
    assert old is not None
    assert new is not None
    return check_rewrite(old, old.definitions[-1], new, new.definitions[-1])


@pytest.mark.parametrize(
    ("language", "before", "after", "placeholder"),
    [
        ("rust", "fn f() {}", "fn f() { if x { todo!() } y }", "todo!("),
        ("rust", "fn f() {}", 'fn f() { f(|| unimplemented!("x")) }', "unimplemented!("),
        ("java", "class A { void f() {} }", "class A { void f() { g(); // TODO\n } }", "// TODO"),
        ("c", "void f() {}", "void f() { g(); /* your code here */ }", "/* your code here */"),
        ("c", "void f() {}", "void f() { g();\n/*\n * ...\n * TODO: more\n */ }", "TODO: more"),
        ("javascript", "function f() {}", "function f() { g(); // ... rest\n }", "// ... rest"),
        (
            "javascript",
            "function f() {}",
            "function f() { if (x) { throw new Error('not implemented') } g() }",
            "throw new Error('not implemented')",
        ),
    ],
)
def test_placeholders_of_other_languages(language, before, after, placeholder):
    (finding,) = checked_in(language, before, after).findings
    assert finding.check == "no placeholder left"
    assert placeholder in finding.message


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        # An operation that is not supported is no function that is not written.
        (
            "java",
            "class A { void f() {} }",
            "class A { void f() { if (x) { throw new UnsupportedOperationException(); } g(); } }",
        ),
        ("rust", "fn f() { todo!() }", "fn f() { unreachable!() }"),
        ("go", "package a\nfunc f() {}", 'package a\nfunc f() { panic("index out of range") }'),
        ("c", "int f() {}", "int f() { return 0; }"),
        ("cpp", "void f() { /* TODO: so */ }", "void f() { g(); /* TODO: so */ }"),
    ],
)
def test_no_placeholder_in_other_languages(language, before, after):
    label = checked_in(language, before, after)
    assert label.findings == ()
    assert label.passed[:4] == ALL[:4]

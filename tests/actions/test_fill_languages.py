"""Filling stubs in the languages whose bodies stand between braces."""

from __future__ import annotations

import pytest

from scopewise.actions.candidate import drafted, fill_change
from scopewise.actions.fill_body import offer
from scopewise.engine.scripted import ScriptedAnswer
from scopewise.syntax.slot import body_slot
from scopewise.verify.label import Verdict

from .helper import Ran, place_in, run

FILES = {
    "javascript": "file:///project/main.js",
    "typescript": "file:///project/main.ts",
    "typescriptreact": "file:///project/main.tsx",
    "go": "file:///project/main.go",
    "rust": "file:///project/main.rs",
    "java": "file:///project/Main.java",
    "c": "file:///project/main.c",
    "cpp": "file:///project/main.cpp",
}


def fill(language: str, before: str, answer: str) -> Ran:
    planned = ScriptedAnswer(f" Do it\n{answer}", when=r"Step 1:\Z")
    return run("fill_body", place_in(before, FILES[language], language), [planned, answer])


def is_offered(language: str, text: str) -> bool:
    return offer(place_in(text, FILES[language], language)) is not None


CASES = {
    "js: empty body on one line": (
        "javascript",
        "/** The sum. */\nfunction add(a, b) {$0}\n",
        "    return a + b;\n",
        "/** The sum. */\nfunction add(a, b) {\n  return a + b;\n}\n",
    ),
    "js: arrow function, its file's own indentation": (
        "javascript",
        "const x = {\n   a: 1,\n};\n\n/** The sum. */\nexport const add = (a, b) => {$0\n};\n",
        "    if (a) {\n        return b;\n    }\n    return a + b;\n};\n",
        "const x = {\n   a: 1,\n};\n\n/** The sum. */\nexport const add = (a, b) => {\n"
        "   if (a) {\n      return b;\n   }\n   return a + b;\n};\n",
    ),
    "js: thrown stub, async method of a class": (
        "javascript",
        "class Cart {\n  /**\n   * The total.\n   * @returns {number}\n   */\n"
        '  async total() {\n    throw new Error("not implemented");$0\n  }\n\n  clear() {}\n}\n',
        "        return this.items.length;\n",
        "class Cart {\n  /**\n   * The total.\n   * @returns {number}\n   */\n"
        "  async total() {\n    return this.items.length;\n  }\n\n  clear() {}\n}\n",
    ),
    "js: comments stay, wishes go": (
        "javascript",
        "/** Doc. */\nfunction f(x) {\n  // by halving\n  // TODO: write it\n$0}\n",
        "    return x / 2;\n",
        "/** Doc. */\nfunction f(x) {\n  // by halving\n  return x / 2;\n}\n",
    ),
    "js: a plain comment documents as well": (
        "javascript",
        "// Gives the larger one.\nfunction max(a, b) {$0\n}\n",
        "    return a > b ? a : b;\n}\n",
        "// Gives the larger one.\nfunction max(a, b) {\n  return a > b ? a : b;\n}\n",
    ),
    "js: cursor in the documentation": (
        "javascript",
        "/**\n * The $0sum.\n */\nfunction add(a, b) {\n}\n",
        "    return a + b;\n",
        "/**\n * The sum.\n */\nfunction add(a, b) {\n  return a + b;\n}\n",
    ),
    "js: text in templates keeps its blanks": (
        "javascript",
        "class A {\n    /** Doc. */\n    f(x) {$0}\n}\n",
        "        return `a\n  ${x}\n}\n`;\n    }\n}\n",
        "class A {\n    /** Doc. */\n    f(x) {\n        return `a\n  ${x}\n}\n`;\n    }\n}\n",
    ),
    "ts: generics, tabs and Windows line endings": (
        "typescript",
        "export class Stack<T> {\r\n\tprivate items: T[] = [];\r\n\r\n\t/** The last one. */\r\n"
        "\tpeek(): T | undefined {\r\n\t\t// TODO\r\n$0\t}\r\n}\r\n",
        "        if (!this.items.length) {\n            return undefined;\n        }\n"
        "        return this.items[this.items.length - 1];\n",
        "export class Stack<T> {\r\n\tprivate items: T[] = [];\r\n\r\n\t/** The last one. */\r\n"
        "\tpeek(): T | undefined {\r\n\t\tif (!this.items.length) {\r\n\t\t\treturn undefined;\r\n"
        "\t\t}\r\n\t\treturn this.items[this.items.length - 1];\r\n\t}\r\n}\r\n",
    ),
    "ts: decorated method": (
        "typescript",
        "class A {\n  /** Doc. */\n  @memo()\n  @log\n  area<T extends number>(r: T): number {\n"
        "    throw new Error('TODO');\n  }$0\n}\n",
        "        return 3 * r * r;\n    }\n",
        "class A {\n  /** Doc. */\n  @memo()\n  @log\n  area<T extends number>(r: T): number {\n"
        "    return 3 * r * r;\n  }\n}\n",
    ),
    "ts: the whole function in a fence": (
        "typescript",
        "/** The sum. */\nexport async function add(a: number, b: number): Promise<number> {$0\n"
        "}\n",
        "```typescript\n/** The sum. */\nexport async function add(a: number, b: number): "
        "Promise<number> {\n    return a + b;\n}\n```\nThis adds them.",
        "/** The sum. */\nexport async function add(a: number, b: number): Promise<number> {\n"
        "  return a + b;\n}\n",
    ),
    "tsx: elements": (
        "typescriptreact",
        "/** A greeting. */\nexport const Hello = ({ name }: Props): JSX.Element => {$0\n};\n",
        "    return (\n        <p>\n            {name}\n        </p>\n    );\n",
        "/** A greeting. */\nexport const Hello = ({ name }: Props): JSX.Element => {\n"
        "  return (\n    <p>\n      {name}\n    </p>\n  );\n};\n",
    ),
    "go: tabs": (
        "go",
        "package a\n\n// Add gives the sum.\nfunc Add(a, b int) int {\n"
        '\tpanic("not implemented")$0\n}\n',
        "\tif a == 0 {\n\t\treturn b\n\t}\n\treturn a + b\n",
        "package a\n\n// Add gives the sum.\nfunc Add(a, b int) int {\n"
        "\tif a == 0 {\n\t\treturn b\n\t}\n\treturn a + b\n}\n",
    ),
    "go: blanks of a model become tabs": (
        "go",
        "package a\n\n// Len counts.\nfunc (s *Set[T]) Len() int {$0}\n",
        "    n := 0\n    for range s.m {\n        n++\n    }\n    return n\n}\n",
        "package a\n\n// Len counts.\nfunc (s *Set[T]) Len() int {\n"
        "\tn := 0\n\tfor range s.m {\n\t\tn++\n\t}\n\treturn n\n}\n",
    ),
    "go: a whole file with an import": (
        "go",
        "package a\n\n// Shout is loud.\nfunc Shout(s string) string {\n\t// TODO: write$0\n}\n",
        '```go\npackage a\n\nimport "strings"\n\n// Shout is loud.\n'
        "func Shout(s string) string {\n\treturn strings.ToUpper(s)\n}\n```\n",
        'package a\n\nimport "strings"\n\n// Shout is loud.\nfunc Shout(s string) string {\n'
        "\treturn strings.ToUpper(s)\n}\n",
    ),
    "rust: attributes and a macro for a stub": (
        "rust",
        "/// The sum of `a` and `b`.\n///\n/// Never fails.\n#[inline]\n#[must_use]\n"
        "pub fn add(a: i32, b: i32) -> i32 {\n    todo!()$0\n}\n",
        "    a + b\n",
        "/// The sum of `a` and `b`.\n///\n/// Never fails.\n#[inline]\n#[must_use]\n"
        "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n",
    ),
    "rust: method of a generic impl": (
        "rust",
        "impl<T: Ord + Clone> Heap<T>\nwhere\n    T: Copy,\n{\n    /// The least.\n"
        '    fn least(&self) -> Option<&T> {\n        unimplemented!("soon");$0\n    }\n}\n',
        "        self.items.iter().min()\n    }\n\n    fn more() {}\n}\n",
        "impl<T: Ord + Clone> Heap<T>\nwhere\n    T: Copy,\n{\n    /// The least.\n"
        "    fn least(&self) -> Option<&T> {\n        self.items.iter().min()\n    }\n}\n",
    ),
    "rust: a match that ends in a brace and a semicolon": (
        "rust",
        "/// Doc.\nfn f(x: i32) -> i32 {$0}\n",
        "    let y = match x {\n    0 => 1,\n    _ => 2,\n};\n    y\n}\n",
        "/// Doc.\nfn f(x: i32) -> i32 {\n    let y = match x {\n    0 => 1,\n    _ => 2,\n"
        "    };\n    y\n}\n",
    ),
    "java: annotations": (
        "java",
        "class A {\n    /**\n     * The sum.\n     */\n    @Override\n    @Nullable(when = X)\n"
        "    public int add(int a, int b) {\n"
        "        throw new UnsupportedOperationException();$0\n    }\n}\n",
        "        return a + b;\n    }\n}\n```\nDone.",
        "class A {\n    /**\n     * The sum.\n     */\n    @Override\n    @Nullable(when = X)\n"
        "    public int add(int a, int b) {\n        return a + b;\n    }\n}\n",
    ),
    "java: the method alone, written again": (
        "java",
        "class A {\n  /** Doc. */\n  <T> T first(List<T> all) {$0}\n}\n",
        "```java\n    <T> T first(List<T> all) {\n        for (T one : all) {\n"
        "            return one;\n        }\n        return null;\n    }\n```",
        "class A {\n  /** Doc. */\n  <T> T first(List<T> all) {\n    for (T one : all) {\n"
        "      return one;\n    }\n    return null;\n  }\n}\n",
    ),
    "java: a result that pleases the compiler": (
        "java",
        "class A {\n    /** Doc. */\n    int f() {\n        // TODO: write it\n"
        "        return 0;$0\n    }\n}\n",
        "        return 4;\n",
        "class A {\n    /** Doc. */\n    int f() {\n        return 4;\n    }\n}\n",
    ),
    "java: written on after it": (
        "java",
        "class A {\n    /** Doc. */\n    int f() {$0\n    }\n\n    int g() { return 1; }\n}\n",
        "        return 4;\n  }\n\n  int h() {\n    return 5;\n  }\n}\n",
        "class A {\n    /** Doc. */\n    int f() {\n        return 4;\n    }\n\n"
        "    int g() { return 1; }\n}\n",
    ),
    "c: pointers, the brace on a line of its own": (
        "c",
        "#include <stddef.h>\n\n/* The length of s. */\nstatic size_t *\nlength(const char *s)\n{\n"
        "    abort();$0\n}\n",
        "    size_t n = 0;\n    while (s[n])\n        n++;\n    return n;\n}\n",
        "#include <stddef.h>\n\n/* The length of s. */\nstatic size_t *\nlength(const char *s)\n{\n"
        "    size_t n = 0;\n    while (s[n])\n        n++;\n    return n;\n}\n",
    ),
    "c: labels and directives keep their column": (
        "c",
        "/* Does what is said. */\nint f(int x)\n{\n\t/* TODO */$0\n}\n",
        "    if (x)\n        goto out;\n#ifdef A\n    x++;\n#endif\nout:\n    return x;\n}\n",
        "/* Does what is said. */\nint f(int x)\n{\n\tif (x)\n"
        "\t\tgoto out;\n#ifdef A\n\tx++;\n#endif\nout:\n\treturn x;\n}\n",
    ),
    "cpp: template, Windows line endings": (
        "cpp",
        "/// The larger one.\r\ntemplate <typename T>\r\nT larger(T a, T b) {$0\r\n}\r\n",
        "    return a < b ? b : a;\n",
        "/// The larger one.\r\ntemplate <typename T>\r\nT larger(T a, T b) {\r\n"
        "    return a < b ? b : a;\r\n}\r\n",
    ),
    "cpp: member of a class": (
        "cpp",
        "namespace n {\nclass A : public B {\n public:\n  // Doubles x.\n"
        "  int twice(int x) const noexcept {\n"
        '    throw std::logic_error("not implemented");  // later$0\n  }\n};\n}\n',
        "        return 2 * x;\n    }\n",
        "namespace n {\nclass A : public B {\n public:\n  // Doubles x.\n"
        "  int twice(int x) const noexcept {\n"
        "    return 2 * x;  // later\n  }\n};\n}\n",
    ),
    "cpp: member written outside of its class": (
        "cpp",
        "/** Doubles x. */\nint A::twice(int x) const {$0}\n",
        "```cpp\nint A::twice(int x) const {\n    return 2 * x;\n}\n```\n",
        "/** Doubles x. */\nint A::twice(int x) const {\n    return 2 * x;\n}\n",
    ),
}


@pytest.mark.parametrize(("language", "before", "answer", "after"), CASES.values(), ids=CASES)
def test_body_goes_between_the_braces(language, before, answer, after):
    ran = fill(language, before, answer)
    assert ran.outcome.label.findings == ()
    assert ran.after == after
    assert ran.outcome.label.verdict is Verdict.UNVERIFIED
    assert len(ran.engine.requests) == 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # No documentation, or none that says anything about the function.
        ("javascript", "function f() {$0}\n"),
        ("javascript", "/* eslint-disable no-empty */\nfunction f() {$0}\n"),
        ("javascript", "// TODO: write this one\nfunction f() {$0}\n"),
        ("typescript", "// @ts-ignore the next line\nfunction f() {$0}\n"),
        ("go", "package a\n\n//go:noinline\nfunc f() {$0}\n"),
        ("rust", "//! What the module is for.\n\nfn f() {$0}\n"),
        ("java", "/** About something else. */\n\nclass A { int f() {$0 } }\n"),
        ("c", "int x; // what x is for\nint f(void) {$0}\n"),
        ("c", "/* A section of the file. */\n\nint f(void) {$0}\n"),
        # Something in the body.
        ("javascript", "/** Doc. */\nfunction f() { return 1;$0 }\n"),
        ("go", 'package a\n\n// F is.\nfunc F() { x()$0\n panic("not implemented") }\n'),
        ("rust", "/// Doc.\nfn f() -> i32 {\n    let x = 1;$0\n    todo!()\n}\n"),
        # No body between braces.
        ("javascript", "/** Doc. */\nconst f = (x) => x$0;\n"),
        ("typescript", "/** Doc. */\nfunction f(x: string): void;$0\n"),
        ("java", "interface A {\n    /** Doc. */\n    int f();$0\n}\n"),
        ("c", "/** Doc. */\nint f(void);$0\n"),
        ("cpp", "struct A {\n    /** Doc. */\n    A() = default;$0\n};\n"),
        ("rust", "trait A {\n    /// Doc.\n    fn f();$0\n}\n"),
        ("go", "package a\n\n// F is assembly.\nfunc F(x int) int$0\n"),
        # A brace is missing, or the cursor is elsewhere.
        ("javascript", "/** Doc. */\nfunction f() {$0\n"),
        ("go", "package a\n\n// F is.\nfunc F() {\n}\n$0\n"),
    ],
)
def test_nothing_to_fill(language: str, text: str) -> None:
    assert not is_offered(language, text)


def test_bash_is_not_filled() -> None:
    text = "# Says hello to somebody.\ngreet() {\n    :$0\n}\n"
    assert offer(place_in(text, "file:///project/main.sh", "shellscript")) is None


@pytest.mark.parametrize(
    ("language", "before", "answer", "finding"),
    [
        (
            "javascript",
            "/** Doc. */\nfunction f(x) {$0}\n",
            "    if (x) {\n        return 1;\n",
            "no longer holds",
        ),
        (
            "javascript",
            "/** Doc. */\nfunction f(x) {$0}\n",
            "    // TODO: write it\n    return x;\n",
            "placeholder",
        ),
        ("javascript", "/** Doc. */\nfunction f(x) {$0}\n", "}\n", "still a stub"),
        (
            "javascript",
            "/** Doc. */\nfunction f(x) {$0}\n",
            '    if (x) {\n        throw new Error("Not implemented");\n    }\n    return x;\n',
            "placeholder",
        ),
        (
            "javascript",
            "import { a } from './a';\n\n/** Doc. */\nfunction f(x) {$0}\n",
            "    return a(invented(x), parseInt(x));\n",
            "`invented`, which is defined nowhere",
        ),
        (
            "typescript",
            "/** Doc. */\nexport function f(x: number): number {$0}\n",
            "    return invented<number>(x);\n",
            "`invented`, which is defined nowhere",
        ),
        (
            "rust",
            "/// Doc.\nfn f(x: i32) -> i32 {$0}\n",
            "    let y = invented(x);\n    y\n",
            "`invented`, which is defined nowhere",
        ),
        (
            "rust",
            "/// Doc.\nfn f(x: i32) -> i32 {$0}\n",
            "    match x {\n        0 => 1,\n        _ => todo!(),\n    }\n",
            "placeholder",
        ),
        (
            "go",
            "package a\n\n// F is.\nfunc F(x int) int {$0}\n",
            '\tif x > 0 {\n\t\tpanic("not implemented")\n\t}\n\treturn x\n',
            "placeholder",
        ),
        (
            "java",
            "class A {\n    /** Doc. */\n    int f() {$0}\n}\n",
            "        /* your code here */\n        return g();\n",
            "placeholder",
        ),
        (
            "java",
            "class A {\n    /** Doc. */\n    int f(List<T> all) {$0}\n}\n",
            # Written again at the margin, and cut off in the middle.
            "```java\nint f(List<T> all) {\n    for (T one : all) {\n        one.g();\n```",
            "does not parse",
        ),
        ("c", "/** Doc. */\nint f(int x) {$0}\n", "    return x; // <|im_end|>\n", "control token"),
        ("cpp", "/** Doc. */\nint f(int x) {$0}\n", "    return (x;\n", "does not parse"),
    ],
)
def test_answer_that_is_held_back(language: str, before: str, answer: str, finding: str) -> None:
    ran = fill(language, before, answer)
    assert ran.outcome.label.verdict is Verdict.DECLINED
    assert any(finding in found.message for found in ran.outcome.label.findings)
    assert ran.after == before.replace("$0", "")


@pytest.mark.parametrize(
    ("language", "before", "answer"),
    [
        # Scripts share names, and so do the files of a package.
        ("javascript", "/** Doc. */\nfunction f(x) {$0}\n", "    return elsewhere(x);\n"),
        ("go", "package a\n\n// F is.\nfunc F(x int) int {$0}\n", "    return elsewhere(x)\n"),
        ("java", "class A {\n    /** Doc. */\n    int f() {$0}\n}\n", "        return g();\n"),
        ("c", "/** Doc. */\nint f(int x) {$0}\n", "    return elsewhere(x);\n"),
        (
            "rust",
            "use crate::a::*;\n\n/// Doc.\nfn f(x: i32) -> i32 {$0}\n",
            "    elsewhere(x)\n",
        ),
    ],
)
def test_names_that_may_come_from_elsewhere(language: str, before: str, answer: str) -> None:
    label = fill(language, before, answer).outcome.label
    assert label.findings == ()
    assert not any("unresolved" in check for check in label.passed)


@pytest.mark.parametrize(
    ("language", "before", "answer"),
    [
        (
            "javascript",
            "import a from 'a';\n/** Doc. */\nfunction f(x) {$0}\n",
            "    const g = (y) => a(y);\n    function h(z) {\n        return g(z);\n    }\n"
            "    return [1].map(h).concat(parseInt(x), require('b')(x), new Map(), x?.y());\n",
        ),
        (
            "typescript",
            "export class A {\n  /** Doc. */\n  f<T>(x: T, g: (x: T) => T): T {$0}\n}\n",
            "        const [h = g, { i: k }] = [g, { i: g }];\n        setTimeout(() => h(x), 1);\n"
            "        return k(g(super.f(x, g)));\n",
        ),
        (
            "rust",
            "use std::mem::{self, swap as exchange};\n\n/// Doc.\nfn f(x: i32) -> Option<i32> {$0\n"
            "}\n",
            "    let g = |y: i32| y + 1;\n    fn h(z: i32) -> i32 { z }\n"
            "    exchange(&mut 1, &mut 2);\n"
            '    mem::drop(x);\n    drop(x);\n    println!("{}", h(g(x)));\n'
            "    Some(i32::from(h(1)))\n",
        ),
    ],
)
def test_calls_that_lead_somewhere(language: str, before: str, answer: str) -> None:
    label = fill(language, before, answer).outcome.label
    assert label.findings == ()
    assert "no new unresolved calls" in label.passed


def test_prompt_shows_the_class_and_closes_it() -> None:
    before = (
        "use std::fmt;\n\n/// A pile.\npub struct Pile<T> {\n    /// In it.\n    items: Vec<T>,\n"
        "    name: String,\n}\n\nimpl<T: Clone> Pile<T> {\n    /// Puts one on top.\n"
        "    pub fn push(&mut self, item: T) {\n        self.items.push(item);\n    }\n\n"
        "    /// The top one.\n    #[inline]\n    pub fn top(&self) -> Option<T> {\n"
        "        todo!() // by cloning$0\n    }\n}\n"
    )
    prompt = fill("rust", before, "        self.items.last().cloned()\n").prompt
    assert "You are an expert Rust programmer." in prompt
    assert "every case its doc comment names" in prompt
    assert (
        "impl<T: Clone> Pile<T> {\n"
        "    pub fn push(&mut self, item: T) { ... }  // Puts one on top.\n}"
    ) in prompt
    assert "pub struct Pile<T> {\n    items: Vec<T>,\n    name: String,\n}" in prompt
    opened = (
        "```rust\nimpl<T: Clone> Pile<T> {\n    /// The top one.\n    #[inline]\n"
        "    pub fn top(&self) -> Option<T> {\n"
    )
    assert f"{opened}    }}\n}}\n```" in prompt
    assert prompt.endswith(opened)


@pytest.mark.parametrize(
    ("language", "before", "answer", "after"),
    [
        (
            "go",
            'package a\n\nimport (\n\t"fmt"\n)\n\n// F is.\nfunc F(s string) {$0}\n',
            "\tfmt.Println(strings.ToUpper(s), s.sort)\n",
            'package a\n\nimport (\n\t"fmt"\n)\nimport "strings"\n\n// F is.\n'
            "func F(s string) {\n\tfmt.Println(strings.ToUpper(s), s.sort)\n}\n",
        ),
        (
            "go",
            "// Package a is.\npackage a\n\n// F is.\nfunc F(sort T) {$0}\n",
            "\tstrings := sort.Strings()\n\tfor i := range strings.All() {\n\t\tmath(i)\n\t}\n",
            "// Package a is.\npackage a\n\n// F is.\nfunc F(sort T) {\n"
            "\tstrings := sort.Strings()\n\tfor i := range strings.All() {\n\t\tmath(i)\n\t}\n}\n",
        ),
        (
            "rust",
            "use std::collections::{BTreeMap};\n\n/// Doc.\nfn f() -> usize {$0}\n",
            "    let x: HashMap<u8, u8> = HashMap::new();\n"
            "    BTreeMap::from([(x.len(), 1)]).len()\n",
            "use std::collections::{BTreeMap};\nuse std::collections::HashMap;\n\n/// Doc.\n"
            "fn f() -> usize {\n    let x: HashMap<u8, u8> = HashMap::new();\n"
            "    BTreeMap::from([(x.len(), 1)]).len()\n}\n",
        ),
        (
            "java",
            "package a.b;\n\n/** A class. */\nclass A {\n    /** Doc. */\n    int f() {$0}\n}\n",
            "        List<String> x = new ArrayList<>();\n        return x.size();\n",
            "package a.b;\n\nimport java.util.List;\nimport java.util.ArrayList;\n\n"
            "/** A class. */\nclass A {\n    /** Doc. */\n    int f() {\n"
            "        List<String> x = new ArrayList<>();\n        return x.size();\n    }\n}\n",
        ),
        (
            "java",
            "import java.util.*;\n\nclass A {\n    /** Doc. */\n    int f() {$0}\n}\n",
            "        return new ArrayList<>().size();\n",
            "import java.util.*;\n\nclass A {\n    /** Doc. */\n    int f() {\n"
            "        return new ArrayList<>().size();\n    }\n}\n",
        ),
        (
            "c",
            "#include <stdio.h>\r\n\r\n/** Doc. */\r\nint f(const char *s) {$0}\r\n",
            '    printf("%zu", strlen(s));\n    return isdigit(*s);\n',
            "#include <stdio.h>\r\n#include <string.h>\r\n#include <ctype.h>\r\n\r\n"
            '/** Doc. */\r\nint f(const char *s) {\r\n    printf("%zu", strlen(s));\r\n'
            "    return isdigit(*s);\r\n}\r\n",
        ),
    ],
)
def test_standard_library_is_imported(language: str, before: str, answer: str, after: str) -> None:
    ran = fill(language, before, answer)
    assert ran.outcome.label.findings == ()
    assert ran.after == after


def test_equal_answers_are_known_by_their_tokens() -> None:
    place = place_in("package a\n\n// F is.\nfunc F(x int) int {$0}\n", FILES["go"], "go")
    assert place.parsed is not None
    (definition,) = place.parsed.definitions
    slot = body_slot(place.parsed, definition)
    assert slot is not None
    prints = [
        drafted(place.parsed, definition, answer, fill_change(slot, answer)).fingerprint
        for answer in ("\treturn x + 1 // more\n", "    return x+1\n}\n", "\treturn 1 + x\n")
    ]
    assert prints[0] == prints[1] != prints[2]

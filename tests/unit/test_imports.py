import ast
import sysconfig
from pathlib import Path

import pytest

from scopewise.document import DocumentSnapshot
from scopewise.scope.imports import (
    add_imports,
    import_block,
    imported_names,
    missing_import,
    module_file,
)
from scopewise.syntax.tree import ParsedDocument, parse
from scopewise.text import apply_edits


def parsed(text: str) -> ParsedDocument:
    result = parse(DocumentSnapshot("file:///a.py", text, "python"))
    assert result is not None
    return result


def with_imports(text: str, *statements: str) -> str:
    document = parsed(text)
    edit = add_imports(document, statements)
    return apply_edits(document.source, [edit] if edit else []).decode()


def bound(text: str) -> list[tuple[str, str, str]]:
    return [(name.bound, name.module, name.attribute) for name in imported_names(parsed(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import os", [("os", "os", "")]),
        ("import a.b", [("a", "a.b", "")]),
        ("import a.b as c", [("c", "a.b", "")]),
        ("import a, b as c", [("a", "a", ""), ("c", "b", "")]),
        ("from a import b", [("b", "a", "b")]),
        ("from a import b as c, d", [("c", "a", "b"), ("d", "a", "d")]),
        ("from a import (\n    b,  # c\n    d,\n)", [("b", "a", "b"), ("d", "a", "d")]),
        ("from a import \\\n    b", [("b", "a", "b")]),
        ("from . import b", [("b", ".", "b")]),
        ("from ..a.b import c", [("c", "..a.b", "c")]),
        ("from a import *", [("*", "a", "*")]),
        ("from __future__ import annotations", []),
        ("x = 'import os'", []),
        ("import (", []),
    ],
)
def test_names_an_import_binds(text, names):
    assert bound(text) == names


def test_imports_inside_something_are_found_but_not_top_level():
    text = "import a\nif TYPE_CHECKING:\n    import b\ntry:\n    import c\nexcept E: import d\n"
    names = imported_names(parsed(text))
    assert [(name.bound, name.is_top_level) for name in names] == [
        *(("a", True), ("b", False), ("c", False), ("d", False)),
    ]


def test_import_block_ends_at_the_first_definition():
    text = "'''D'''\nimport a\nx = 1\nfrom b import (\n    c,\n)\ndef f(): pass\nimport late\n"
    assert import_block(parsed(text)) == "import a\nfrom b import (\n    c,\n)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Below the imports that are there.
        ("import os\nx = 1\n", "import os\nNEW\nx = 1\n"),
        ("import os", "import os\nNEW"),
        ("import os; x = 1  # c\ny = 2\n", "import os; x = 1  # c\nNEW\ny = 2\n"),
        ("import os; x = '''\n'''\n", "import os; x = '''\n'''\nNEW\n"),
        ("from a import (\n    b,\n)\n", "from a import (\n    b,\n)\nNEW\n"),
        ("from a import \\\n    b\n", "from a import \\\n    b\nNEW\n"),
        ("from __future__ import a\n\nx = 1\n", "from __future__ import a\nNEW\n\nx = 1\n"),
        ("import a\nif x:\n    import b\n", "import a\nNEW\nif x:\n    import b\n"),
        ("import a\ndef f(): pass\nimport b\n", "import a\nNEW\ndef f(): pass\nimport b\n"),
        # Below docstring and comments of the module.
        ("'''D'''\n", "'''D'''\n\nNEW\n"),
        ("'''D'''", "'''D'''\n\nNEW\n"),
        ("'''D\n'''  # c\nx = 1\n", "'''D\n'''  # c\n\nNEW\n\n\nx = 1\n"),
        ("'''D'''\n\nx = 1\n", "'''D'''\n\nNEW\n\nx = 1\n"),
        ("'''D'''\n# of x\nx = 1\n", "'''D'''\n\nNEW\n\n\n# of x\nx = 1\n"),
        ("# licence\n\n# of f\ndef f(): pass\n", "# licence\n\nNEW\n\n# of f\ndef f(): pass\n"),
        ("#!/bin/python\ndef f(): pass\n", "#!/bin/python\n\nNEW\n\n\ndef f(): pass\n"),
        (
            "#!/bin/python\n# -*- coding: utf-8 -*-\nx = 1\n",
            "#!/bin/python\n# -*- coding: utf-8 -*-\n\nNEW\n\n\nx = 1\n",
        ),
        # At the top.
        ("", "NEW\n"),
        ("x = 1\n", "NEW\n\n\nx = 1\n"),
        ("\n\nx = 1\n", "NEW\n\n\nx = 1\n"),
        ("# of f\n@d\ndef f(): pass\n", "NEW\n\n\n# of f\n@d\ndef f(): pass\n"),
        ("\ufeffx = 1\n", "\ufeffNEW\n\n\nx = 1\n"),
        ("try:\n    import a\nexcept E: pass\n", "NEW\n\n\ntry:\n    import a\nexcept E: pass\n"),
        ("x = (\n", "NEW\n\n\nx = (\n"),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_place_of_a_new_import(before, after, eol):
    if "\n" not in before:
        eol = "\n"
    before, after = before.replace("\n", eol), after.replace("\n", eol)
    assert with_imports(before, "import math") == after.replace("NEW", "import math")


def test_long_comment_above_code():
    comment = "# line\n" * 1500
    assert with_imports(f"{comment}x = 1\n", "import a") == f"import a\n\n\n{comment}x = 1\n"


def test_several_imports_each_once():
    text = "import os\n"
    assert with_imports(text, "import a", "import os", "import a", "import b") == (
        "import os\nimport a\nimport b\n"
    )
    assert add_imports(parsed(text), ["import os"]) is None
    assert add_imports(parsed(text), []) is None


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_real_files_stay_what_they_were(eol):
    paths = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("[a-d]*.py"))
    assert len(paths) > 20
    for path in paths:
        text = path.read_bytes().decode().replace("\n", eol)
        after = with_imports(text, "import zz", "from zz import y")
        inserted = add_imports(parsed(text), ["import zz", "from zz import y"])
        assert inserted is not None
        assert after.replace(inserted.text, "", 1) == text
        tree = ast.parse(after)
        assert ast.get_docstring(tree) == ast.get_docstring(ast.parse(text))
        compile(tree, str(path), "exec")  # `from __future__` must still come first.
        assert with_imports(after, "import zz", "from zz import y") == after


@pytest.mark.parametrize(
    ("name", "code", "statement"),
    [
        ("Counter", "Counter(x)", "from collections import Counter"),
        ("math", "math.sqrt(2)", "import math"),
        ("sqrt", "sqrt(2)", "from math import sqrt"),
        ("List", "x: List[int]", "from typing import List"),
        ("Iterable", "x: Iterable", "from typing import Iterable"),
        ("datetime", "datetime.now()", "from datetime import datetime"),
        ("datetime", "datetime(2020, 1, 1)", "from datetime import datetime"),
        ("datetime", "datetime.datetime.now()", "import datetime"),
        ("random", "random.choice(x)", "import random"),
        ("random", "random()", "from random import random"),
        ("dataclass", "@dataclass\nclass A: ...", "from dataclasses import dataclass"),
        ("deque", "isinstance(x, deque)", "from collections import deque"),
        ("chain", "chain.from_iterable(x)", "from itertools import chain"),
        ("pi", "return pi", "from math import pi"),
        ("time", "time.time()", "import time"),
        ("os", "os.path.join(a)", "import os"),
        ("xml", "xml.etree.ElementTree.parse(x)", "import xml.etree.ElementTree"),
        ("concurrent", "concurrent.futures.Future()", "import concurrent.futures"),
        ("collections", "collections.abc.Set, collections.deque", "import collections.abc"),
    ],
)
def test_import_a_name_asks_for(name, code, statement):
    assert missing_import(name, code) == statement


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("helper", "helper(x)"),
        ("np", "np.array(x)"),
        ("re", "re.nonsense(x)"),
        ("json", "return json"),
        ("datetime", "datetime.now() - datetime.timedelta(1)"),
        # A forgotten variable must not be taken for something of the library.
        ("count", "return count"),
        ("e", "return e"),
        ("date", "return date"),
        ("product", "total += product"),
        ("index", "index(x)"),
        ("time", "time()"),
        ("Error", "raise Error"),
        # Modules that are not everywhere, or do something when they are imported.
        ("winreg", "winreg.NoSuchThing"),
        ("antigravity", "antigravity.geohash()"),
        ("this", "this.s"),
    ],
)
def test_name_that_asks_for_nothing_we_know(name, code):
    assert missing_import(name, code) is None


@pytest.mark.parametrize(
    ("module", "importer", "found"),
    [
        ("a", "pkg/m.py", "pkg/a.py"),
        ("pkg.a", "pkg/m.py", "pkg/a.py"),
        ("pkg", "main.py", "pkg/__init__.py"),
        (".", "pkg/m.py", "pkg/__init__.py"),
        (".a", "pkg/m.py", "pkg/a.py"),
        ("..pkg.a", "pkg/m.py", "pkg/a.py"),
        ("lib", "main.py", "src/lib.py"),
        ("os", "main.py", None),
        (".nothing", "pkg/m.py", None),
        ("." * 99, "pkg/m.py", None),
        ("", "main.py", None),
    ],
)
def test_file_of_a_module(tmp_path, module, importer, found):
    for name in ("pkg/__init__.py", "pkg/a.py", "pkg/m.py", "src/lib.py", "pkg.py.txt", "main.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    path = module_file(module, tmp_path / importer, [tmp_path])
    assert path == (tmp_path / found if found else None)


def test_relative_import_at_the_root_of_the_disk():
    assert module_file(".", Path("/a.py"), []) is None
    assert module_file(".a", None, []) is None


@pytest.mark.parametrize(
    ("language", "text", "statement", "after"),
    [
        (
            "go",
            "package a\n\nfunc f() {}\n",
            'import "x"',
            'package a\n\nimport "x"\n\nfunc f() {}\n',
        ),
        ("go", "// A.\npackage a\n", 'import "x"', '// A.\npackage a\n\nimport "x"\n'),
        (
            "java",
            "package a;\nclass A {}\n",
            "import x;",
            "package a;\n\nimport x;\n\nclass A {}\n",
        ),
        ("java", "/** A. */\nclass A {}\n", "import x;", "import x;\n\n/** A. */\nclass A {}\n"),
        ("rust", "use a::b;\n\nfn f() {}\n", "use x;", "use a::b;\nuse x;\n\nfn f() {}\n"),
        (
            "c",
            "#include <a.h>\n\nint x;\n",
            "#include <x.h>",
            "#include <a.h>\n#include <x.h>\n\nint x;\n",
        ),
        ("javascript", '"use strict";\nf();\n', "import 'x';", None),
    ],
)
def test_import_of_another_language(language, text, statement, after):
    parsed = parse(DocumentSnapshot("file:///project/a", text, language))
    edit = add_imports(parsed, [statement])
    result = apply_edits(parsed.source, [edit]).decode()
    assert statement in result
    assert after is None or result == after


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("go", 'package a\n\nimport (\n\t"a/b"\n\tc "d"\n)\n', ["b", "c"]),
        ("javascript", "import a, { b as c } from './d';\n", ["a", "c"]),
        ("rust", "use a::b;\nuse c::d as e;\n", ["b", "e"]),
        ("java", "import a.B;\nimport c.*;\n", ["B", "*"]),
    ],
)
def test_names_bound_in_other_languages(language, text, names):
    parsed = parse(DocumentSnapshot("file:///project/a", text, language))
    assert [name.bound for name in imported_names(parsed)] == names


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ("./util", "app/util.ts"),
        ("./util.js", "app/util.ts"),
        ("../lib/part", "lib/part.js"),
        ("./folder", "app/folder/index.ts"),
        ("./absent", None),
        ("@scope/package", None),
        ("/etc/hosts", None),
    ],
)
def test_file_of_a_relative_module(tmp_path, module, found):
    for name in ("app/util.ts", "lib/part.js", "app/folder/index.ts", "app/main.ts"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    result = module_file(module, tmp_path / "app" / "main.ts", [tmp_path])
    assert (result.resolve() if result else None) == (tmp_path / found if found else None)

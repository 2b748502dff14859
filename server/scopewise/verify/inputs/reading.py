"""Reads a target out of a document, broken ones included: of each definition only the signature
and the fields have to parse."""

from __future__ import annotations

import ast
import bisect
import inspect
import re
import textwrap
import warnings
from typing import Literal

from scopewise.scope.statements import tree_of
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange
from scopewise.verify.inputs.target import Constructor, Parameter, Target

_DECORATOR = re.compile(r"^[ \t]*@[ \t]*([\w.]+)", re.MULTILINE)
_NOT_CALLED = ("property", "setter", "deleter", "overload", "fixture", "contextmanager")
_MAX_BASES = 5
_MAX_LINES = 100

_Function = ast.FunctionDef | ast.AsyncFunctionDef
Method = Literal["", "instance", "class", "static"]


def target_of(parsed: ParsedDocument, definition: Definition) -> Target | None:
    """What calls of a Python function need; None when it cannot be called from outside, or when
    its signature cannot be read. It reads every class of the file, which may take a while."""
    parameters = parameters_of(parsed, definition)
    if parameters is None:
        return None
    return Target(
        definition.name,
        parameters,
        _docstring(parsed, definition),
        _owner(definition),
        _method(parsed, definition),
        _classes(parsed),
    )


def parameters_of(parsed: ParsedDocument, definition: Definition) -> tuple[Parameter, ...] | None:
    """What a caller from outside gives a Python function; None when there can be no such caller."""
    if parsed.language.id != "python" or definition.kind != "function":
        return None
    if not _is_reachable(parsed, definition):
        return None
    node = _signature(parsed, definition)
    names = _decorators(parsed, definition)
    if node is None or any(name.endswith(_NOT_CALLED) for name in names):
        return None
    parameters = _parameters(node)
    if _method(parsed, definition) not in ("instance", "class"):
        return parameters
    if not parameters or parameters[0].kind != "positional":
        return None
    return parameters[1:]


def _is_reachable(parsed: ParsedDocument, definition: Definition) -> bool:
    """Whether nothing but classes is around it."""
    outer: Definition | None = definition
    while outer is not None and outer.parent == "class":
        outer = parsed.owner(outer)
    return outer is not None and not outer.parent


def _owner(definition: Definition) -> str:
    return definition.qualified_name.rpartition(".")[0]


def _decorators(parsed: ParsedDocument, definition: Definition) -> list[str]:
    span = ByteRange(definition.header.start, definition.signature.start)
    return _DECORATOR.findall(parsed.text(span))


def _method(parsed: ParsedDocument, definition: Definition) -> Method:
    if not _owner(definition):
        return ""
    decorators = _decorators(parsed, definition)
    if "staticmethod" in decorators:
        return "static"
    is_class = "classmethod" in decorators or definition.name == "__init_subclass__"
    return "class" if is_class else "instance"


def _signature(parsed: ParsedDocument, definition: Definition) -> _Function | None:
    # Lines inside the brackets may be indented as they like, so nothing has to be dedented. A
    # statement that does not parse is counted to the signature: the fewest lines are the best.
    lines = parsed.text(definition.signature).rstrip().splitlines()
    for n_lines in range(1, min(len(lines), _MAX_LINES) + 1):
        tree = tree_of("\n".join([*lines[:n_lines], "    pass"]))
        node = tree.body[0] if tree and tree.body else None
        if isinstance(node, _Function):
            return node
    return None


def _parameters(node: _Function) -> tuple[Parameter, ...]:
    given = node.args
    positional = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(given.defaults))
    defaults += given.defaults
    found = [
        _parameter(arg, default, "positional")
        for arg, default in zip(positional, defaults, strict=True)
    ]
    if given.vararg:
        found.append(_parameter(given.vararg, None, "varargs"))
    for arg, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        found.append(_parameter(arg, default, "keyword"))
    if given.kwarg:
        found.append(_parameter(given.kwarg, None, "kwargs"))
    return tuple(found)


def _parameter(
    arg: ast.arg,
    default: ast.expr | None,
    kind: Literal["positional", "keyword", "varargs", "kwargs"],
) -> Parameter:
    annotation = _annotation(arg.annotation) if arg.annotation else ""
    return Parameter(arg.arg, annotation, ast.unparse(default) if default else "", kind)


def _annotation(node: ast.expr) -> str:
    is_quoted = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if isinstance(node, ast.Constant) and is_quoted else ast.unparse(node)


def _docstring(parsed: ParsedDocument, definition: Definition) -> str:
    if definition.doc is None:
        return ""
    literal = parsed.text(definition.doc).strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = ast.literal_eval(literal)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        text = literal.strip("'\"")
    return inspect.cleandoc(text) if isinstance(text, str) else ""


# Classes of the file


def _classes(parsed: ParsedDocument) -> tuple[Constructor, ...]:
    """Every class that can be made from outside."""
    named = {d.qualified_name: d for d in parsed.definitions if d.kind == "class"}
    found = (
        _constructor(parsed, named, definition)
        for definition in named.values()
        if _is_reachable(parsed, definition)
    )
    return tuple(each for each in found if each)


def _constructor(
    parsed: ParsedDocument, named: dict[str, Definition], definition: Definition
) -> Constructor | None:
    chain = _with_bases(parsed, named, definition)
    if chain is None:
        return None
    bases = [_base_names(node) for node in chain]
    name, docstring = definition.qualified_name, _class_docstring(parsed, definition)
    roots = bases[-1]
    if any(root.endswith(("Enum", "Flag")) for root in roots):
        return Constructor(name, "enum", members=_members(chain[0]))
    if "TypedDict" in roots:
        return Constructor(name, "typed dict", _fields(chain), docstring=docstring)
    if "NamedTuple" in roots or _is_dataclass(parsed, definition):
        return Constructor(name, "class", _fields(chain), docstring=docstring)
    parameters = _init_parameters(parsed, named, definition, bases)
    return None if parameters is None else Constructor(name, "class", parameters, (), docstring)


def _with_bases(
    parsed: ParsedDocument, named: dict[str, Definition], definition: Definition
) -> list[ast.ClassDef] | None:
    """A class and the classes of the file above it, without their methods; None when they cannot
    be read."""
    chain: list[ast.ClassDef] = []
    current: Definition | None = definition
    while current is not None and len(chain) < _MAX_BASES:
        node = _class_node(parsed, current)
        if node is None:
            return None
        chain.append(node)
        current = next((named[base] for base in _base_names(node) if base in named), None)
    return chain


def _class_node(parsed: ParsedDocument, definition: Definition) -> ast.ClassDef | None:
    end = min(definition.body.end, _start_of_next(parsed, definition))
    header = parsed.text(definition.signature).strip()
    body = parsed.text(ByteRange(definition.body.start, end))
    column = definition.body.start - _line_start(parsed, definition.body.start)
    body = textwrap.indent(textwrap.dedent(" " * column + body), "    ")
    tree = tree_of(f"{header}\n    pass\n{body}") or tree_of(f"{header}\n    pass")
    node = tree.body[0] if tree and tree.body else None
    return node if isinstance(node, ast.ClassDef) else None


def _start_of_next(parsed: ParsedDocument, definition: Definition) -> int:
    """Where the next definition begins, inside this one or behind it."""
    after = bisect.bisect_right(
        parsed.definitions, definition.signature.start, key=lambda each: each.range.start
    )
    below = parsed.definitions[after : after + 1]
    return below[0].range.start if below else len(parsed.source)


def _line_start(parsed: ParsedDocument, offset: int) -> int:
    return parsed.source.rfind(b"\n", 0, offset) + 1


def _base_names(node: ast.ClassDef) -> list[str]:
    """The last names of the base classes: `Enum` for `enum.Enum`, `Base` for `Base[int]`."""
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return [ast.unparse(base).rpartition(".")[2] for base in bases]


def _is_dataclass(parsed: ParsedDocument, definition: Definition) -> bool:
    names = (name.rpartition(".")[2] for name in _decorators(parsed, definition))
    return any(name in ("dataclass", "define", "frozen") for name in names)


def _members(node: ast.ClassDef) -> tuple[str, ...]:
    targets = (s.targets[0] for s in node.body if isinstance(s, ast.Assign))
    names = (target.id for target in targets if isinstance(target, ast.Name))
    return tuple(name for name in names if not name.startswith("_"))


def _fields(chain: list[ast.ClassDef]) -> tuple[Parameter, ...]:
    fields: dict[str, Parameter] = {}
    for node in reversed(chain):
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                annotation = _annotation(statement.annotation)
                default = ast.unparse(statement.value) if statement.value else ""
                if "ClassVar" not in annotation and "init=False" not in default:
                    field = Parameter(statement.target.id, annotation, default)
                    fields[field.name] = field
    return tuple(fields.values())


def _init_parameters(
    parsed: ParsedDocument,
    named: dict[str, Definition],
    definition: Definition,
    bases: list[list[str]],
) -> tuple[Parameter, ...] | None:
    """The parameters of the nearest `__init__`; None when it is in another file."""
    known = [base for names in bases[:-1] for base in names if base in named]
    for name in (definition.qualified_name, *known):
        init = parsed.find(f"{name}.__init__")
        if init is not None:
            node = _signature(parsed, init)
            return None if node is None else _parameters(node)[1:]
    roots = set(bases[-1]) - {"object", "Generic", "Protocol", "ABC"}
    return None if roots else ()


def _class_docstring(parsed: ParsedDocument, definition: Definition) -> str:
    init = parsed.find(f"{definition.qualified_name}.__init__")
    texts = [_docstring(parsed, each) for each in (definition, init) if each]
    return "\n\n".join(text for text in texts if text)

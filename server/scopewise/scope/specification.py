"""What a function's signature and documentation say of what it must do, counted by a light reader.

Whether an example can be run is for `verify/`; here it only matters that a reader finds one.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

from scopewise.scope.report import Specification
from scopewise.scope.signature import Parameter, Signature, read_signature
from scopewise.syntax.tree import Definition, ParsedDocument

_MAX_TEXT = 20_000
_MAX_EDGE_CASES = 8

_SECTION_NAMES = {
    "args": "parameters", "arguments": "parameters", "params": "parameters", "param": "parameters",
    "parameters": "parameters", "keyword args": "parameters", "keyword arguments": "parameters",
    "other parameters": "parameters", "input": "parameters", "inputs": "parameters",
    "input-output arguments": "parameters", "type": "parameters", "tparam": "parameters",
    "return": "returns", "returns": "returns", "rtype": "returns", "output": "returns",
    "outputs": "returns", "yield": "yields", "yields": "yields",
    "raise": "raises", "raises": "raises", "except": "raises", "exceptions": "raises",
    "throws": "raises", "exception": "raises", "errors": "raises", "panics": "raises",
    "warns": "warns", "example": "examples", "examples": "examples", "usage": "examples",
    "note": "notes", "notes": "notes", "warning": "warnings", "warnings": "warnings",
    "safety": "safety", "see also": "see also", "see": "see also", "references": "references",
    "attributes": "attributes", "deprecated": "deprecated", "todo": "todo", "doctest": "examples",
}  # fmt: skip
"""What a heading or a field is called, and the section it means."""

_HEADING = re.compile(r"^[ \t]*([A-Za-z][A-Za-z -]{2,22}?)[ \t]*:[ \t]*$", re.MULTILINE)
_UNDERLINED = re.compile(r"^[ \t]*([A-Za-z][A-Za-z ]{2,22}?)[ \t]*\n[ \t]*[-=~]{3,}[ \t]*$", re.M)
_MARKDOWN = re.compile(r"^[ \t]*#{1,4}[ \t]+([A-Za-z][A-Za-z ]{2,22}?)[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"^[ \t]*(?::([a-z]+)\b[^:\n]*:|@([a-z]+)\b)", re.MULTILINE)

_PROMPT = re.compile(r"^[ \t]*(?:>>>|In \[\d+\]:)[ \t]*\S", re.MULTILINE)
_RESULT_BELOW = re.compile(
    r"^[ \t]*>>>[^\n]*\n(?:[ \t]*\.\.\.[^\n]*\n)*[ \t]*(?!>>>|\.\.\.)\S", re.MULTILINE
)
_ASSERTED = re.compile(r"^[ \t]*(?:assert(?:_eq|_ne)?!?|assertEquals?)\b", re.MULTILINE)
_INPUT_OUTPUT = re.compile(
    r"\binputs?\b[^\n]{0,80}[:=](?:.|\n){1,300}?\boutputs?\b[ \t]*[:=]", re.I
)
_LEADS_TO = r"[ \t`]*(?:==|===|=>|->|→|➞|[ \t]returns?[ \t]|\bgives\b|[ \t]=[ \t])[ \t`]*\S"

_RAISES = re.compile(
    r":(?:raises?|except|exception|throws)[ \t]+([\w.]+)|@(?:throws|exception)[ \t]+([\w.]+)"
    r"|\b(?:rais|throw)(?:e|es|s|ing)\b[ \t]+(?:an?[ \t]+|the[ \t]+)?[`:~]*(?:\w+:`)?"
    r"([A-Z][\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Iteration|NotFound|DoesNotExist))"
    r"|\b([A-Z]\w*(?:Error|Exception))\b(?:`|[ \t])*(?:exception[ \t]+)?(?:is|will be|are)[ \t]"
    r"(?:raised|thrown)"
)
_RAISED_LINE = re.compile(r"^[ \t]+([A-Z][\w.]*)[ \t]*(?::|$)", re.MULTILINE)

_EMPTY = (
    r"(?:empty|none|null|nil|undefined|nan|missing|absent|zero|0|negative|blank|invalid|unknown|"
    r"not[ \t]+(?:found|set|given|provided|present|specified|valid|available|exist\w*|a[ \t]+\w+)|"
    r"no[ \t]+(?:such|more|match\w*|longer|\w+[ \t]+(?:is|are|was|were))|already|too[ \t]+\w+|"
    r"fails?|failed|out[ \t]+of[ \t]+\w+|(?:does|do|is|are|was|were|has|have|can)[ \t]*n[o']t)"
)
_EDGE_CASES = re.compile(
    rf"\b(?:if|when|unless|in case|where)\b[^.\n;]{{0,60}}?\b{_EMPTY}\b[^.,;\n]{{0,30}}"
    rf"|\breturns?[ \t]+[`*]*(?:None|null|nil|False|True|-1|0|an?[ \t]+empty[ \t]+\w+|\[\]|\{{\}})"
    rf"[`*]*[ \t]+(?:if|when|for|in case|unless|otherwise)\b[^.;\n]{{0,50}}"
    rf"|\b(?:an?|the)[ \t]+empty[ \t]+(?:list|string|array|dict\w*|map|set|tuple|slice|vector)\b"
    rf"|\bmust[ \t]+(?:not[ \t]+)?be\b[^.;\n]{{1,40}}"
    rf"|\b(?:otherwise|else)\b,?[^.;\n]{{3,50}}"
    rf"|\bat[ \t]+(?:least|most)[ \t]+\w+",
    re.IGNORECASE,
)
_BUILTIN_TYPES = "str|int|float|bool|list|dict|tuple|set|bytes|object|string|callable|iterable"
_TYPED = (
    r":type[ \t]+{name}\b|:param[ \t]+[\w.\[\], |]+[ \t]+\*{{0,2}}{name}:"
    r"|^[ \t]*\*{{0,2}}{name}[ \t]*\([^)\n]+\)[ \t]*:|^[ \t]*\*{{0,2}}{name}[ \t]+:[ \t]*[^\n]+$"
    r"|@param[ \t]+\{{[^}}\n]+\}}[ \t]+\[?{name}\b|:param[ \t]+{name}:[ \t]*\(?"
    rf"(?:[A-Z]\w*|{_BUILTIN_TYPES})(?:\[[^\n]*?\])?\)?[.,]"
)
_TYPED_RESULT = re.compile(
    r":rtype:|@returns?[ \t]+\{|:returns?:[ \t]*[A-Z]?[\w\[\], ]+[.,]"
    r"|^[ \t]*(?:Returns|Yields):[ \t]*\n[ \t]+[\w.\[\], |]+:"
    r"|^[ \t]*(?:Returns|Yields)[ \t]*\n[ \t]*-{3,}[ \t]*\n[ \t]*[\w.\[\], |:]+\n",
    re.MULTILINE,
)


def specification(parsed: ParsedDocument, definition: Definition) -> Specification:
    """What signature and documentation say; of a class, its documentation alone."""
    text = doc_text(parsed, definition)
    signature = Signature()
    if definition.kind == "function":
        signature = read_signature(parsed, definition)
    has_result_type = bool(signature.result) or _TYPED_RESULT.search(text) is not None
    return Specification(
        has_doc=bool(text),
        n_examples=_n_examples(text, definition.name),
        n_parameters=len(signature.parameters),
        n_annotated=sum(_is_typed(parameter, text) for parameter in signature.parameters),
        has_result_type=has_result_type,
        sections=tuple(dict.fromkeys(_sections(text))),
        raises=tuple(dict.fromkeys(_raises(text))),
        edge_cases=tuple(dict.fromkeys(_edge_cases(text)))[:_MAX_EDGE_CASES],
    )


def doc_text(parsed: ParsedDocument, definition: Definition) -> str:
    """The documentation of a definition without quotes, comment marks and indentation."""
    if definition.doc is None:
        return ""
    raw = parsed.text(definition.doc)[:_MAX_TEXT].strip()
    if parsed.language.doc_placement == "above":
        return _without_marks(raw)
    try:
        text = ast.literal_eval(raw)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        text = raw
    return inspect.cleandoc(text).strip() if isinstance(text, str) else ""


def _without_marks(raw: str) -> str:
    lines = [re.sub(r"^\s*(?:/\*[*!]?|///?!?|//!|\*/?(?!\*)|#)", "", x) for x in raw.splitlines()]
    return inspect.cleandoc("\n".join(line.removesuffix("*/").rstrip() for line in lines)).strip()


def _n_examples(text: str, name: str) -> int:
    """Inputs with their results, counted in the form that shows most of them."""
    called = re.compile(rf"(?<![\w.>]){re.escape(name)}\([^\n]*?\){_LEADS_TO}")
    forms = (_RESULT_BELOW, _ASSERTED, _INPUT_OUTPUT, called)
    counts = [len(form.findall(text)) for form in forms]
    return max(counts) or min(1, len(_PROMPT.findall(text)))


def _is_typed(parameter: Parameter, text: str) -> bool:
    if parameter.type or not parameter.name:
        return bool(parameter.type)
    pattern = _TYPED.format(name=re.escape(parameter.name.lstrip("*")))
    return re.search(pattern, text, re.MULTILINE) is not None


def _sections(text: str) -> Iterator[str]:
    titles = [match[1] for match in _UNDERLINED.finditer(text)]
    titles += [match[1] for match in _HEADING.finditer(text)]
    titles += [match[1] for match in _MARKDOWN.finditer(text)]
    titles += [match[1] or match[2] for match in _FIELD.finditer(text)]
    if _PROMPT.search(text):
        titles.append("examples")
    for title in titles:
        if section := _SECTION_NAMES.get(title.lower()):
            yield section


def _raises(text: str) -> Iterator[str]:
    for match in _RAISES.finditer(text):
        yield next(group for group in match.groups() if group).rstrip(".")
    below = re.search(r"^([ \t]*)Raises:?[ \t]*\n(?:[ \t]*-+[ \t]*\n)?((?:.|\n)*)", text, re.M)
    for paragraph in below[2].split("\n\n")[:1] if below else []:
        yield from _RAISED_LINE.findall(f" {paragraph}".replace("\n", "\n "))


def _edge_cases(text: str) -> Iterator[str]:
    for match in _EDGE_CASES.finditer(text):
        yield " ".join(match[0].split()).strip("`*, ")

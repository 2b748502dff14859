"""What the body of a stub will probably use, from what is there without the body.

Two tables of weights, added up and put through the logistic function: one judges each neighbour
(a member of the class, a definition of the file, an import from the project), the other the stub
as a whole. They are fitted to one half of the development rows of two public benchmarks;
`bench/scope_prediction.py` tells that half from the other when it measures.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from scopewise.scope.neighbours import IsProject, Neighbour, Neighbourhood
from scopewise.scope.report import Binding, Level, Origin, Prediction
from scopewise.scope.signature import Signature, read_signature
from scopewise.scope.specification import doc_text
from scopewise.syntax.tree import Definition, ParsedDocument

_NEAR_LINES = 30
_CLOSE_LINES = 60
_LIKELY = 0.5
"""From which probability on a neighbour is predicted to be used."""
_POSSIBLE = 0.35
_MAX_BINDINGS = 12
_MAX_REASONS = 4
_OUTSIDE = frozenset({Origin.CLASS_MEMBER, Origin.FILE, Origin.PROJECT})
_LIBRARIES = {
    Origin.THIRD_PARTY: Level.PLIB_RUNNABLE,
    Origin.STANDARD_LIBRARY: Level.SLIB_RUNNABLE,
}

_WORD = re.compile(r"[^\W\d]\w*")
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ENDINGS = ("ing", "ed", "es", "s", "er", "or", "ion", "e")

NEIGHBOUR_WEIGHTS: Mapping[str, float] = {
    "always": -2.2,
    "member": 0.1,
    "from the project": 0.4,
    "class": -0.6,
    "field": 0.4,
    "variable": 0.4,
    "private": 0.3,
    "used once or twice": -0.4,
    "unused private": 0.8,
    "unused import": 1.8,
    "unused close by": 0.3,
    "unused and in the documentation": 0.6,
    "near": 0.3,
    "in the documentation": 0.7,
    "wholly in name and documentation": 0.8,
    "has the stub's name": 1.6,
    "named by the documentation": 0.4,
    "used by peers": 2.3,
    "member used by peers": 1.4,
    "among many": -2.1,
}
"""How much each property of a neighbour speaks for its use."""

STUB_WEIGHTS: Mapping[str, float] = {
    "always": -3.0,
    "likeliest neighbour": 2.9,
    "any neighbour": 0.5,
    "expected neighbours": 1.9,
    "method": 0.6,
    "static or class method": -0.4,
    "peers use neighbours": 1.6,
    "no parameters": 3.3,
    "examples": -1.1,
}
"""How much each property of a stub speaks for its needing more than its own parameters."""


def predict(
    parsed: ParsedDocument, definition: Definition, is_project: IsProject | None = None
) -> Prediction:
    """What a stub will probably need; `is_project` says which modules are the project's own."""
    stub = Stub(parsed, definition, is_project)
    needs_outside = _score(STUB_WEIGHTS, stub.properties) > 0
    expected = [judged for judged in stub.judged if judged.probability >= _LIKELY]
    if needs_outside and not expected:
        expected = [judged for judged in stub.judged[:1] if judged.probability >= _POSSIBLE]
    if not needs_outside:
        expected = []
    libraries = stub.libraries
    return Prediction(
        bindings=tuple(_binding(stub, judged.neighbour) for judged in expected[:_MAX_BINDINGS])
        + tuple(_binding(stub, neighbour) for neighbour in libraries),
        level=_level(stub, [judged.neighbour for judged in expected], needs_outside),
        needs_outside=needs_outside,
        reasons=_reasons(stub, expected) if needs_outside else (),
    )


@dataclass(frozen=True)
class Judged:
    """A neighbour, and how probably the body uses it."""

    neighbour: Neighbour
    properties: Mapping[str, float]
    probability: float


class Stub:
    """A definition whose body is absent, as its signature, documentation and file show it."""

    def __init__(
        self, parsed: ParsedDocument, definition: Definition, is_project: IsProject | None = None
    ) -> None:
        self.definition = definition
        self.doc = doc_text(parsed, definition)
        self.signature = _signature(parsed, definition)
        self.line = parsed.snapshot.lines.line_of(definition.name_range.start) + 1
        self.around = Neighbourhood(parsed, definition, is_project)

    @property
    def is_method(self) -> bool:
        """Whether it is called on an object, rather than on a class or on nothing."""
        decorators = self.signature.decorators
        return bool(self.signature.receiver) and "classmethod" not in decorators

    @cached_property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """Everything outside of the function that is not a library's."""
        around = self.around
        own = {parameter.name for parameter in self.signature.parameters}
        every = (*around.members, *around.file_names, *around.imports)
        return tuple(
            neighbour
            for neighbour in every
            if neighbour.origin in _OUTSIDE
            and neighbour.name not in own
            and not neighbour.name.startswith("__")
        )

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """The neighbours, the likeliest first."""
        found = []
        for neighbour in self.neighbours:
            properties = self._properties_of(neighbour)
            probability = _logistic(_score(NEIGHBOUR_WEIGHTS, properties))
            found.append(Judged(neighbour, properties, probability))
        return tuple(sorted(found, key=lambda judged: -judged.probability))

    @cached_property
    def properties(self) -> Mapping[str, float]:
        """Of the stub as a whole, each between 0 and about 1."""
        probabilities = [judged.probability for judged in self.judged]
        none = math.prod(1 - probability for probability in probabilities)
        parameters = self.signature.parameters
        is_in_class = self.definition.parent == "class"
        return {
            "likeliest neighbour": max(probabilities, default=0.0),
            "any neighbour": 1 - none,
            "expected neighbours": math.log1p(sum(probabilities)),
            "method": float(self.is_method),
            "static or class method": float(is_in_class and not self.is_method),
            "peers use neighbours": self._share_of_peers(),
            "no parameters": float(not parameters),
            "examples": float(">>>" in self.doc),
        }

    @cached_property
    def libraries(self) -> tuple[Neighbour, ...]:
        """Imports of libraries that nothing else uses, or that the documentation names."""
        types = self._type_words
        return tuple(
            neighbour
            for neighbour in self.around.imports
            if neighbour.origin in _LIBRARIES
            and neighbour.name not in types
            and (neighbour.n_uses == 0 or neighbour.name in self._code_words)
            and neighbour.definition.split(".")[0] != "typing"
        )

    # Below

    @cached_property
    def _doc_words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.doc))

    @cached_property
    def _code_words(self) -> frozenset[str]:
        """Words of the documentation set as code."""
        quoted = re.findall(r"`+([^`\n]+)`+|\b([\w.]+)\(", self.doc)
        return frozenset(word for pair in quoted for word in _WORD.findall(" ".join(pair)))

    @cached_property
    def _type_words(self) -> frozenset[str]:
        types = [parameter.type for parameter in self.signature.parameters]
        return frozenset(_WORD.findall(" ".join([*types, self.signature.result])))

    @cached_property
    def _doc_stems(self) -> frozenset[str]:
        return frozenset(stem for word in self._doc_words for stem in _stems(word))

    @cached_property
    def _name_stems(self) -> frozenset[str]:
        return _stems(self.definition.name)

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        """How much it says that a word occurs in a name, among the names around."""
        counts = Counter(stem for one in self.neighbours for stem in _stems(one.name))
        n = len(self.neighbours) + 2
        return {stem: math.log(n / (1 + count)) + 0.1 for stem, count in counts.items()}

    def _properties_of(self, neighbour: Neighbour) -> Mapping[str, float]:
        stems = _stems(neighbour.name)
        in_doc = self._weight(stems & self._doc_stems, stems)
        is_unused = neighbour.n_uses == 0
        is_member = neighbour.origin is Origin.CLASS_MEMBER
        is_private = neighbour.name.startswith("_")
        distance = abs(neighbour.line - self.line)
        use = self._use_by_peers(neighbour)
        return {
            "always": 1.0,
            "member": float(is_member),
            "from the project": float(neighbour.origin is Origin.PROJECT),
            "class": float(neighbour.kind == "class"),
            "field": float(neighbour.kind == "field"),
            "variable": float(neighbour.kind == "variable"),
            "private": float(is_private),
            "used once or twice": float(neighbour.n_uses in (1, 2)),
            "unused private": float(is_unused and is_private),
            "unused import": float(is_unused and neighbour.kind == "import"),
            "unused close by": float(is_unused and distance < _CLOSE_LINES),
            "unused and in the documentation": in_doc * is_unused,
            "near": float(distance < _NEAR_LINES),
            "in the documentation": in_doc,
            "wholly in name and documentation": float(stems <= self._name_stems | self._doc_stems),
            "has the stub's name": len(stems & self._name_stems) / max(1, len(self._name_stems)),
            "named by the documentation": float(neighbour.name in self._doc_words),
            "used by peers": use,
            "member used by peers": use * is_member,
            "among many": math.log(len(self.neighbours) + 2) / 5,
        }

    def _weight(self, stems: frozenset[str], of: frozenset[str]) -> float:
        total = sum(self._rarity[stem] for stem in of)
        return sum(self._rarity[stem] for stem in stems) / total if total else 0.0

    def _use_by_peers(self, neighbour: Neighbour) -> float:
        """The share of the functions around that use it."""
        if neighbour.origin is Origin.CLASS_MEMBER:
            peers = [body.members for body in self.around.bodies if body.is_same_class]
        else:
            peers = [body.names for body in self.around.bodies]
        return sum(neighbour.name in names for names in peers) / (len(peers) + 1)

    def _share_of_peers(self) -> float:
        """The share of the methods of the class, or of the functions of the file, that need
        something outside of themselves; a little more than half where there are none."""
        is_in_class = self.definition.parent == "class"
        peers = [body for body in self.around.bodies if body.is_same_class or not is_in_class]
        names = {one.name for one in self.neighbours if one.origin is not Origin.CLASS_MEMBER}
        n_needing = sum(bool(body.members or body.names & names) for body in peers)
        return (n_needing + 1.2) / (len(peers) + 2)


def _signature(parsed: ParsedDocument, definition: Definition) -> Signature:
    return read_signature(parsed, definition) if definition.kind == "function" else Signature()


def _score(weights: Mapping[str, float], properties: Mapping[str, float]) -> float:
    return sum(weight * properties.get(name, 1.0) for name, weight in weights.items())


def _logistic(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def _stems(name: str) -> frozenset[str]:
    """The words of an identifier or of a text, without the endings of grammar."""
    return frozenset(_stem(token.lower()) for token in _TOKEN.findall(name))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _level(stub: Stub, expected: list[Neighbour], needs_outside: bool) -> Level:
    if not needs_outside:
        levels = [_LIBRARIES[neighbour.origin] for neighbour in stub.libraries]
        return max(levels, default=Level.SELF_CONTAINED)
    origins = {neighbour.origin for neighbour in expected}
    if Origin.PROJECT in origins:
        return Level.PROJECT_RUNNABLE
    if Origin.FILE in origins:
        return Level.FILE_RUNNABLE
    return Level.CLASS_RUNNABLE if stub.definition.parent == "class" else Level.FILE_RUNNABLE


def _binding(stub: Stub, neighbour: Neighbour) -> Binding:
    name = neighbour.name
    if neighbour.origin is Origin.CLASS_MEMBER:
        receiver = stub.signature.receiver or stub.definition.qualified_name.split(".")[-2]
        name = f"{receiver}.{name}"
    return Binding(name, neighbour.origin, stub.line, neighbour.definition)


# Reasons for people

_KINDS = {
    ("method", Origin.CLASS_MEMBER): "a method of its class",
    ("class", Origin.CLASS_MEMBER): "a class inside of its class",
    ("field", Origin.CLASS_MEMBER): "a field of its class",
    ("function", Origin.FILE): "a function of this file",
    ("class", Origin.FILE): "a class of this file",
    ("variable", Origin.FILE): "a variable of this file",
    ("import", Origin.PROJECT): "from another file of the project",
}


def _reasons(stub: Stub, expected: list[Judged]) -> tuple[str, ...]:
    reasons = [_reason(stub, judged) for judged in expected[:_MAX_REASONS]]
    properties = stub.properties
    if stub.is_method and properties["peers use neighbours"] > 0.5:
        reasons.append("it is a method, and the other methods of its class use its members")
    elif properties["peers use neighbours"] > 0.5:
        reasons.append("most functions around it use other definitions of the project")
    if not stub.signature.parameters:
        reasons.append("it takes no arguments, so what it works on comes from elsewhere")
    if not reasons:
        reasons.append("it lies among definitions that it probably uses")
    return tuple(reasons[:_MAX_REASONS])


def _reason(stub: Stub, judged: Judged) -> str:
    neighbour, properties = judged.neighbour, judged.properties
    kind = _KINDS.get((neighbour.kind, neighbour.origin), "defined in this file")
    shown = f"`{_binding(stub, neighbour).name}`, {kind}"
    if properties["named by the documentation"]:
        return f"the documentation names {shown}"
    if properties["in the documentation"] > 0.5 or properties["has the stub's name"] > 0.4:
        return f"name or documentation speak of {shown}"
    if neighbour.n_uses == 0:
        return f"nothing uses {shown}, yet"
    if properties["used by peers"] > 0.3:
        return f"the functions around it use {shown}"
    return f"it probably uses {shown}"

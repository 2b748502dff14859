"""What an analysis of scope finds out about a piece of code: values only."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Origin(enum.Enum):
    """Where a name used in a piece of code is bound."""

    PARAMETER = "parameter"
    LOCAL = "local"
    ENCLOSING = "enclosing function"
    CLASS_MEMBER = "class member"
    FILE = "file"
    PROJECT = "project"
    THIRD_PARTY = "third party"
    STANDARD_LIBRARY = "standard library"
    BUILTIN = "builtin"
    UNRESOLVED = "unresolved"


class Level(enum.IntEnum):
    """What code needs in order to run, the widest that matters; the levels of CoderEval
    (arXiv 2302.00288)."""

    SELF_CONTAINED = 0
    """Builtins alone."""
    SLIB_RUNNABLE = 1
    """The standard library."""
    PLIB_RUNNABLE = 2
    """Public libraries of third parties."""
    CLASS_RUNNABLE = 3
    """Other members of its class."""
    FILE_RUNNABLE = 4
    """Other definitions of its file."""
    PROJECT_RUNNABLE = 5
    """Other files of its project."""

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Binding:
    """A name a piece of code uses, and where it is bound."""

    name: str
    """As written, with the attributes that lead to a definition: `os.path.join`, `self._lock`."""
    origin: Origin
    line: int
    """Of its first use, from 1."""
    definition: str = ""
    """The dotted name of what it leads to (`package.module.Class.method`); empty when unknown."""
    is_written: bool = False
    """Whether the code assigns to it rather than only reading it."""
    level: Level | None = None
    """What running the code needs for it, where its origin does not say: an annotation needs
    nothing, an inherited member no more than the class."""


class HazardKind(enum.Enum):
    """Why code that looks local may not be."""

    SHARED_STATE = "shared state"
    CONCURRENCY = "concurrency"
    TRANSACTION = "transaction"
    INPUT_OUTPUT = "input and output"
    SWALLOWED_EXCEPTION = "swallowed exception"
    DYNAMIC = "dynamic feature"
    ARGUMENT_MUTATION = "mutated argument"
    CALLERS = "callers"


@dataclass(frozen=True)
class Hazard:
    """Something in a piece of code, or around it, that a small model overlooks."""

    kind: HazardKind
    message: str
    """A clause without its subject, lower case, no full stop: "uses `self._lock`, shared between
    threads"."""
    line: int
    """From 1, in the file of the target."""


@dataclass(frozen=True)
class Specification:
    """What a function's signature and documentation say of what it must do."""

    has_doc: bool = False
    n_examples: int = 0
    """Inputs with their results, in any readable form."""
    n_parameters: int = 0
    """Without the receiver."""
    n_annotated: int = 0
    """Of these, those with a type."""
    has_result_type: bool = False
    sections: tuple[str, ...] = ()
    """Named parts of the documentation, such as "Raises"; lower case."""
    raises: tuple[str, ...] = ()
    """Exceptions named."""
    edge_cases: tuple[str, ...] = ()
    """Phrases that name one, such as "if empty"."""


@dataclass(frozen=True)
class Size:
    n_lines: int = 0
    n_branches: int = 0


@dataclass(frozen=True)
class Prediction:
    """What the body of a stub will probably need: never mixed with what is known."""

    bindings: tuple[Binding, ...] = ()
    level: Level = Level.SELF_CONTAINED
    needs_outside: bool = False
    """Whether it will need more than its own parameters, builtins and imports."""
    reasons: tuple[str, ...] = ()
    """A clause each: "the docstring names `parse_row`, a function of this file"."""


@dataclass(frozen=True)
class ScopeReport:
    """What a function, a class or a selection depends on."""

    target: str
    """The qualified name, or the lines of a selection."""
    kind: str
    """`function`, `class` or `selection`."""
    language: str
    line: int
    """From 1."""
    bindings: tuple[Binding, ...] = ()
    """Every free name, in order of first use."""
    level: Level = Level.SELF_CONTAINED
    hazards: tuple[Hazard, ...] = ()
    specification: Specification = field(default_factory=Specification)
    size: Size = field(default_factory=Size)
    is_stub: bool = False
    prediction: Prediction | None = None
    """Of a stub; its `bindings` and `level` are then those of signature and decorators alone."""
    n_calling_files: int | None = None
    """Other files that use its name; None when that is not known."""
    missing: tuple[str, ...] = ()
    """What could not be found out, a clause each; empty when the report is complete."""

    @property
    def is_complete(self) -> bool:
        return not self.missing

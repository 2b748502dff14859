"""What is called, as far as its own file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Parameter:
    name: str
    annotation: str = ""
    """As written; empty when there is none."""
    default: str = ""
    """As written; empty when an argument is required."""
    kind: Literal["positional", "keyword", "varargs", "kwargs"] = "positional"
    """`keyword`: by name only; `varargs` and `kwargs`: `*args` and `**kwargs`."""

    @property
    def is_required(self) -> bool:
        return not self.default and self.kind in ("positional", "keyword")


@dataclass(frozen=True)
class Constructor:
    """How an object of a class of the same file is made."""

    name: str
    """As the module's own code spells it: `Outer.Inner`."""
    kind: Literal["class", "enum", "typed dict"] = "class"
    parameters: tuple[Parameter, ...] = ()
    """Of `__init__`, or the fields of a dataclass, a named tuple or a typed dictionary."""
    members: tuple[str, ...] = ()
    """Of an enumeration."""
    docstring: str = ""
    """Of the class and of its `__init__`."""


@dataclass(frozen=True)
class Target:
    """A function or method to make calls of."""

    name: str
    parameters: tuple[Parameter, ...] = ()
    """Without `self` or `cls`."""
    docstring: str = ""
    owner: str = ""
    """The class of a method; empty for a function."""
    method: Literal["", "instance", "class", "static"] = ""
    classes: tuple[Constructor, ...] = ()
    """The classes of the file that can be made, the owner among them."""

    def constructor(self, name: str) -> Constructor | None:
        return next((each for each in self.classes if each.name == name), None)

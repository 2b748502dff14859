"""Values written as the arguments of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scopewise.verify.inputs.target import Parameter


def call_text(name: str, parameters: Sequence[Parameter], values: Mapping[str, object]) -> str:
    """A call as an expression."""
    args, kwargs = arguments(parameters, values)
    words = [f"{key}={value}" for key, value in kwargs]
    return f"{name}({', '.join([*args, *words])})"


def arguments(
    parameters: Sequence[Parameter], values: Mapping[str, object]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Values as positional arguments and, behind the first one that is left out, by name."""
    args: list[str] = []
    kwargs: list[tuple[str, str]] = []
    is_open = True
    for parameter in parameters:
        if parameter.name not in values:
            is_open = False
        elif parameter.kind == "varargs":
            rest = values[parameter.name]
            args += map(repr, rest) if is_open and isinstance(rest, list) else []
        elif is_open and parameter.kind == "positional":
            args.append(repr(values[parameter.name]))
        else:
            kwargs.append((parameter.name, repr(values[parameter.name])))
    named = {parameter.name for parameter in parameters}
    kwargs += [(key, repr(value)) for key, value in values.items() if key not in named]
    return tuple(args), tuple(kwargs)

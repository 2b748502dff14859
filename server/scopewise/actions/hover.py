"""Hover: what is known at once about a definition or a name that leads to one."""

from __future__ import annotations

from dataclasses import dataclass

from scopewise.actions.explanations import Explanations
from scopewise.actions.fill_body import offer as offer_fill
from scopewise.actions.outcome import Place, Workspace
from scopewise.scope.lookup import imported_definition
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange


@dataclass(frozen=True)
class HoverCard:
    """What to show, and where."""

    head: str
    """The signature and what syntax tells, in Markdown."""
    range: ByteRange
    """The hovered name."""
    target: Place
    """The definition it is about."""
    explanation: str = ""
    scope: str = ""
    """What the definition depends on, in Markdown; empty when that is not known."""

    @property
    def explain(self) -> Place | None:
        """What an explanation is still wanted for."""
        return None if self.explanation else self.target

    @property
    def markdown(self) -> str:
        parts = [self.head, self.scope] if self.scope else [self.head]
        if self.explanation:
            parts += ["---", self.explanation, "*Explained by the local model; unverified.*"]
        return "\n\n".join(parts)


def hover(place: Place, workspace: Workspace, explanations: Explanations) -> HoverCard | None:
    """The card for the name at a place; never waits for the model or for a disk walk."""
    parsed = place.parsed
    name_range = _name_at(place)
    if parsed is None or name_range is None:
        return None
    found = _definition_of(parsed, name_range, workspace)
    if found is None:
        return None
    there, definition = found
    explanation = explanations.get(there.text(definition.range)) or ""
    # An empty range: a range of some text would ask for that text to be explained.
    start = definition.name_range.start
    target = Place(there.snapshot, there, ByteRange(start, start))
    return HoverCard(_head(parsed, there, definition), name_range, target, explanation)


def _name_at(place: Place) -> ByteRange | None:
    parsed = place.parsed
    if parsed is None:
        return None
    node = parsed.root.named_descendant_for_byte_range(place.range.start, place.range.end)
    if node is None or node.type != "identifier":
        return None
    return ByteRange(node.start_byte, node.end_byte)


def _definition_of(
    parsed: ParsedDocument, name_range: ByteRange, workspace: Workspace
) -> tuple[ParsedDocument, Definition] | None:
    """The definition a name is, or leads to: in this file, else in the file it is imported from."""
    for definition in parsed.definitions:
        if definition.name_range == name_range:
            return parsed, definition
    name = parsed.text(name_range)
    here = _visible(parsed, name, name_range)
    if here is not None:
        return parsed, here
    return imported_definition(parsed, name, workspace)


def _visible(parsed: ParsedDocument, name: str, at: ByteRange) -> Definition | None:
    """The definition of that name nearest to a reference: inside the same scopes, or a member."""
    named = [definition for definition in parsed.definitions if definition.name == name]
    is_member = parsed.source[: at.start].rstrip().endswith(b".")
    fitting = [d for d in named if (d.parent == "class") == is_member] if named else []
    around = [d for d in parsed.definitions if d.range.contains(at)]

    def nearness(definition: Definition) -> int:
        return sum(outer.range.contains(definition.range) for outer in around)

    return max(fitting, key=nearness, default=None)


def _head(parsed: ParsedDocument, there: ParsedDocument, definition: Definition) -> str:
    signature = there.text(definition.signature).strip().removesuffix(":")
    lines = there.snapshot.lines
    first = lines.line_of(definition.range.start) + 1
    n_lines = lines.line_of(definition.range.end) + 2 - first
    where = "here" if there.snapshot.uri == parsed.snapshot.uri else there.snapshot.name
    facts = [f"{definition.kind} · {where}, line {first} · {n_lines} lines"]
    if definition.is_stub:
        can_fill = offer_fill(Place(there.snapshot, there, definition.name_range)) is not None
        facts.append("stub" + (": its body can be filled from the docstring" if can_fill else ""))
    return f"```{there.language.fence}\n{signature}\n```\n\n{' · '.join(facts)}"

"""Where a command applies, and the same place in a newer version of its document."""

from __future__ import annotations

from scopewise.actions.outcome import Place
from scopewise.actions.producers import producer
from scopewise.actions.session import Task
from scopewise.errors import InputError, StaleDocument
from scopewise.lsp import from_lsp, to_lsp
from scopewise.lsp.commands import Position, Range, RunArguments
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.text import ByteRange


def place_of(ls: ScopewiseServer, arguments: RunArguments) -> Place:
    """Where a command applies, in the document as it is now; raises InputError, StaleDocument."""
    found = ls.files.document(arguments.uri)
    if found is None:
        raise InputError(f"{arguments.uri} is neither open nor a readable file.")
    snapshot, parsed = found
    span = from_lsp.byte_range(snapshot, arguments.range.to_lsp(), ls.encoding)
    place = Place(snapshot, parsed, span)
    if not arguments.target or arguments.version == snapshot.version:
        return place
    return _followed(place, arguments)


def as_now(ls: ScopewiseServer, task: Task) -> Place:
    """The place of a task that was begun a while ago; raises StaleDocument when it is gone.

    One that is in no document any more, or never was, stays as it is.
    """
    place = task.place
    now = ls.files.document(place.snapshot.uri)
    offer = producer(task.producer).accept(place)
    if now is None or offer is None or now[0].text == place.snapshot.text:
        return place
    span = to_lsp.span(place.snapshot, place.range, ls.encoding)
    ends = (Position(end.line, end.character) for end in (span.start, span.end))
    arguments = RunArguments(
        producer=task.producer,
        uri=place.snapshot.uri,
        range=Range(*ends),
        version=place.snapshot.version,
        target=offer.target,
    )
    return place_of(ls, arguments)


def _followed(place: Place, arguments: RunArguments) -> Place:
    """The place, moved to where its target stands in a version newer than the command's."""
    row = producer(arguments.producer)
    definitions = place.parsed.definitions if place.parsed else ()
    names = [definition.name_range.start for definition in definitions]
    elsewhere = (Place(place.snapshot, place.parsed, ByteRange(at, at)) for at in names)
    for candidate in (place, *elsewhere):
        offer = row.accept(candidate)
        if offer is not None and offer.target == arguments.target:
            return candidate
    raise StaleDocument(
        f"{place.snapshot.name} changed, and what the action was meant for is not there any more.",
        "Run the action again.",
    )

"""Fix from stack trace: the function to change among the frames, and the change."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

from scopewise.actions.candidate import check_change, rewrite_change
from scopewise.actions.change import apply_change
from scopewise.actions.generation import generate
from scopewise.actions.outcome import Job, Offer, Outcome, Phase, Place, Usage, Workspace
from scopewise.context.surroundings import surroundings
from scopewise.document import DocumentSnapshot
from scopewise.engine.protocol import Completion, Sample, Sampling, StopReason
from scopewise.errors import InputError
from scopewise.prompt.fix_traceback import Failure, fix_request, without_marks
from scopewise.scope.frames import ResolvedFrame, pick_frame, workspace_frames
from scopewise.scope.lookup import imported_definition
from scopewise.scope.search import find_function
from scopewise.scope.stack import Trace, by_interest
from scopewise.scope.traceback import trace_at
from scopewise.syntax.tree import Definition, ParsedDocument
from scopewise.text import ByteRange
from scopewise.verify.label import declined

ID = "fix_traceback"
_CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
_TRIES = ((Sampling(), 1), (Sampling(temperature=0.8, seed=1), 4))
"""A greedy answer, and where it fails the checks, often by repeating the bug, four others."""


def offer(place: Place) -> Offer | None:
    """Offered where the selection or the line lies in a stack trace, in a document of any kind."""
    trace = trace_at(place.snapshot.source, place.range)
    if trace is None or not trace.has_frames:
        return None
    what = f"`{trace.exception.type_name}`" if trace.exception else "the failure"
    return Offer(f"Fix {what} from this stack trace", f"trace {trace.range.start}")


def trace_place(text: str) -> Place:
    """A place made of a trace handed over as text."""
    snapshot = DocumentSnapshot("scopewise:trace", text)
    return Place(snapshot, None, ByteRange(0, len(snapshot.source)))


async def run(job: Job, place: Place) -> Outcome:
    """The outcome whose change mends the function a trace leads to."""
    trace = trace_at(place.snapshot.source, place.range)
    if trace is None:
        raise InputError("There is no stack trace here.", "Select one, or put the cursor into it.")
    job.report(Phase("Finding the function to change"))
    failure = find_failure(trace, job.workspace)
    actions = job.settings.actions
    pieces = await surroundings(
        failure.parsed,
        failure.definition,
        job.workspace,
        job.engine.count_tokens,
        actions.context_budget_tokens,
    )
    usage = Usage()
    judged: list[Outcome] = []
    for sampling, n_samples in _TRIES:
        request = fix_request(failure, pieces, actions.max_answer_tokens, sampling, n_samples)
        completion = await generate(job, request, f"Mending `{failure.definition.name}`")
        usage = usage.plus(completion)
        judged = await asyncio.to_thread(_judged, failure, completion, usage)
        if judged[-1].change is not None:
            return judged[-1]
    return judged[0]


def find_failure(trace: Trace, workspace: Workspace) -> Failure:
    """The function to change and the line it failed on; raises InputError when none is here."""
    picked = _pick(trace, workspace)
    if picked is None:
        named = _named_in(trace, workspace)
        if named is not None:
            return named
        raise InputError(
            "None of the trace's frames lies in a function of this workspace.",
            "Open the folder the program ran from.",
        )
    resolved, failure = picked
    if not resolved.is_test:
        return failure
    return _tested(failure, workspace) or failure


def _pick(trace: Trace, workspace: Workspace) -> tuple[ResolvedFrame, Failure] | None:
    """The frame the trace points at, else the nearest one that lies in a function."""
    best = pick_frame(trace, workspace.roots, _is_file)
    frames = [best] if best else []
    for part in by_interest(trace):
        frames += reversed(workspace_frames(part, workspace.roots, _is_file))
    for frame in frames:
        failure = _failure_at(frame, trace, workspace)
        if failure is not None:
            return frame, failure
    return None


def _is_file(path: Path) -> bool:
    return path.is_file()


def _failure_at(resolved: ResolvedFrame, trace: Trace, workspace: Workspace) -> Failure | None:
    parsed = workspace.parsed(resolved.path)
    if parsed is None:
        return None
    line = _line_now(parsed, resolved)
    definition = _function_at(parsed, line) if line is not None else None
    if definition is None:
        return None
    return Failure(parsed, definition, line, trace)


def _line_now(parsed: ParsedDocument, resolved: ResolvedFrame) -> int | None:
    """The frame's line in the file as it is now, from 0.

    The file may have been edited since: the printed code is looked for in the function of that
    name when it no longer stands on the printed line.
    """
    frame, lines = resolved.frame, parsed.snapshot.lines
    wanted = frame.code.strip().splitlines()[0].strip() if frame.code.strip() else ""
    line = frame.line - 1
    if not wanted or (line < lines.n_lines and _line_text(parsed, line) == wanted):
        return line if line < lines.n_lines else None
    for definition in parsed.definitions:
        if definition.name != frame.function:
            continue
        for number in _line_numbers(parsed, definition):
            if _line_text(parsed, number) == wanted:
                return number
    return None


def _line_text(parsed: ParsedDocument, number: int) -> str:
    return parsed.text(parsed.snapshot.lines.line_range(number)).strip()


def _line_numbers(parsed: ParsedDocument, definition: Definition) -> range:
    lines = parsed.snapshot.lines
    return range(lines.line_of(definition.range.start), lines.line_of(definition.range.end) + 1)


def _function_at(parsed: ParsedDocument, line: int) -> Definition | None:
    span = parsed.snapshot.lines.line_range(line)
    around = parsed.definitions_around(ByteRange(span.start, span.start))
    return next((d for d in around if d.kind == "function"), None)


def _named_in(trace: Trace, workspace: Workspace) -> Failure | None:
    """The function called on the line that failed, when the frames' own files are not here."""
    for part in by_interest(trace):
        for frame in reversed(part.frames):
            for name in dict.fromkeys(_CALL.findall(frame.code)):
                found = find_function(name, workspace)
                if found is not None:
                    return Failure(*found, None, trace)
    return None


# A failing test: the function to change is the one it calls


def _tested(test: Failure, workspace: Workspace) -> Failure | None:
    """The function a failing test calls, on the failing line if it can be seen there."""
    for code in _code_to_search(test):
        for name in dict.fromkeys(_CALL.findall(code)):
            found = _definition_of(name, test, workspace)
            if found is not None:
                parsed, definition = found
                fence = parsed.language.fence
                note = f"It is this test that failed:\n```{fence}\n{_code_of(test)}\n```"
                return Failure(parsed, definition, None, test.trace, note)
    return None


def _code_to_search(test: Failure) -> Iterator[str]:
    if test.line is not None:
        yield _line_text(test.parsed, test.line)
    yield test.parsed.text(test.definition.body)


def _code_of(test: Failure) -> str:
    lines = test.parsed.text(test.definition.range).splitlines()
    return "\n".join(lines[:40])


def _definition_of(
    name: str, test: Failure, workspace: Workspace
) -> tuple[ParsedDocument, Definition] | None:
    parsed = test.parsed
    here = parsed.find(name)
    if here is not None and here.kind == "function" and not name.startswith("test"):
        return parsed, here
    found = imported_definition(parsed, name, workspace)
    return found if found and found[1].kind == "function" else None


# What came of an answer


def _judged(failure: Failure, completion: Completion, usage: Usage) -> list[Outcome]:
    """The outcomes of the samples, up to the first that passed the checks."""
    judged = []
    for sample in completion.samples:
        judged.append(_outcome(failure, sample, usage))
        if judged[-1].change is not None:
            break
    return judged


def _outcome(failure: Failure, sample: Sample, usage: Usage) -> Outcome:
    parsed, definition = failure.parsed, failure.definition
    change = None
    if sample.stop_reason is StopReason.LOOP:
        label = declined("ends", "The model repeated itself, twice.")
    elif sample.stop_reason is StopReason.LENGTH:
        label = declined("ends", f"It was not finished after {sample.n_tokens} tokens.")
    else:
        change = rewrite_change(parsed, definition, without_marks(sample.text))
        label = check_change(parsed, definition, change)
        if _is_same(parsed, apply_change(change, parsed)):
            label = declined("changes something", "The model gave the function back unchanged.")
    is_declined = bool(label.findings)
    return Outcome(
        producer=ID,
        title=f"Fix `{definition.qualified_name}`",
        label=label,
        uri=parsed.snapshot.uri,
        change=None if is_declined else change,
        markdown=f"Changed `{definition.qualified_name}` in {parsed.snapshot.name}.",
        usage=usage,
        rejected=sample.text if is_declined else "",
    )


def _is_same(parsed: ParsedDocument, text: str) -> bool:
    """Equal text, or for Python an equal syntax tree."""
    if text == parsed.snapshot.text:
        return True
    if parsed.language.id != "python":
        return False
    try:
        return ast.dump(ast.parse(text)) == ast.dump(ast.parse(parsed.snapshot.text))
    except (SyntaxError, ValueError, RecursionError):
        return False

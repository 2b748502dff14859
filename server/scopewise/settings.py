"""Every setting, its default and its meaning: the one place they are written down.

Settings come from the client (`initializationOptions`, `workspace/didChangeConfiguration`) or from
the command line, never from the repository that happens to be open.
"""

from __future__ import annotations

import dataclasses
import difflib
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

Positive = Annotated[int, Meta(ge=1)]
T = TypeVar("T")


@dataclass(frozen=True)
class ModelSettings:
    name: Annotated[
        str,
        Meta(
            description="A name from `scopewise models list`, the path of a GGUF file, or a "
            "Hugging Face `repo:file`."
        ),
    ] = "qwen2.5-coder-1.5b"
    store: Annotated[
        str,
        Meta(description="Folder of the model files; empty for the platform's user data folder."),
    ] = ""


@dataclass(frozen=True)
class EngineSettings:
    kind: Annotated[
        Literal["llamacpp", "scripted"],
        Meta(description="What writes the answers; `scripted` replays `engine.script`, for tests."),
    ] = "llamacpp"
    script: Annotated[str, Meta(description="A JSON file of canned answers for `scripted`.")] = ""
    context_tokens: Annotated[
        Positive, Meta(description="Room for the prompt and the answer, in tokens.")
    ] = 8192
    threads: Annotated[
        int, Meta(ge=0, description="Threads for the model; 0 for the number of physical cores.")
    ] = 0
    gpu_layers: Annotated[
        int, Meta(ge=-1, description="Layers to keep on the GPU; -1 for all of them.")
    ] = 0
    kv_type: Annotated[
        Literal["f16", "q8_0", "q4_0"], Meta(description="Number format of the KV cache.")
    ] = "f16"
    flash_attention: Annotated[
        Literal["auto", "on", "off"], Meta(description="Whether to use flash attention.")
    ] = "auto"
    hang_timeout_s: Annotated[
        float,
        Meta(gt=0, description="Seconds without a sign of life after which the engine is ended."),
    ] = 120.0
    idle_unload_s: Annotated[
        float,
        Meta(ge=0, description="Idle seconds after which the model leaves memory; 0 for never."),
    ] = 900.0
    seed: Annotated[
        int, Meta(ge=0, description="Where the seeds start of answers that are not greedy.")
    ] = 0


@dataclass(frozen=True)
class HoverSettings:
    explain: Annotated[
        Literal["cached", "auto"],
        Meta(
            description="`cached` shows an explanation that exists; `auto` also starts one, at low "
            "priority, when the pointer stays."
        ),
    ] = "cached"
    delay_s: Annotated[
        float, Meta(ge=0, description="Seconds a hover stays before `auto` starts.")
    ] = 1.0


@dataclass(frozen=True)
class ActionSettings:
    confirm: Annotated[
        Literal["always", "unverified", "never"],
        Meta(description="Which results to ask about before they are applied."),
    ] = "unverified"
    deadline_s: Annotated[
        float, Meta(gt=0, description="Seconds after which a job is stopped.")
    ] = 300.0
    context_budget_tokens: Annotated[
        Positive, Meta(description="Tokens of surrounding code that may go into a prompt.")
    ] = 1200
    max_answer_tokens: Annotated[
        Positive, Meta(description="Tokens a generated body or function may have.")
    ] = 700
    max_explanation_tokens: Annotated[
        Positive, Meta(description="Tokens an explanation may have.")
    ] = 400


@dataclass(frozen=True)
class VerifySettings:
    execute: Annotated[
        Literal["sandbox", "never"],
        Meta(description="Whether answers are run, in the sandbox only, to see what they do."),
    ] = "sandbox"
    trusted: Annotated[
        bool,
        Meta(
            description="Whether the workspace may be executed, in the sandbox; editors with "
            "workspace trust set it. Nothing is executed in an untrusted one."
        ),
    ] = True
    examples: Annotated[
        bool, Meta(description="Whether the examples of a docstring are run against the answer.")
    ] = True
    explanations: Annotated[
        bool,
        Meta(
            description="Whether an explanation of a function is checked: the function is written "
            "from it once more, and both are run."
        ),
    ] = True
    samples: Annotated[
        int,
        Meta(
            ge=0,
            description="How many answers may be written besides the first, to compare what they "
            "do and to choose among them; 0 for none.",
        ),
    ] = 11
    repairs: Annotated[
        int,
        Meta(ge=0, description="How often a failed check is handed back to the model; 0 for none."),
    ] = 2
    run_tests: Annotated[
        Literal["never", "ask", "always"],
        Meta(
            description="Whether the project's tests that reach a changed function, or the command "
            "that failed, are run in the sandbox."
        ),
    ] = "ask"
    test_timeout_s: Annotated[
        float, Meta(gt=0, description="Seconds the project's tests may take for one answer.")
    ] = 20.0
    budget_tokens: Annotated[
        Positive, Meta(description="Tokens that may be written for one task, all answers together.")
    ] = 4000
    budget_s: Annotated[
        float, Meta(gt=0, description="Seconds after which no further answer is begun.")
    ] = 120.0
    python: Annotated[
        str,
        Meta(
            description="The Python that runs answers; empty for the project's virtual "
            "environment, else scopewise's own."
        ),
    ] = ""


@dataclass(frozen=True)
class ScopeSettings:
    index: Annotated[
        bool,
        Meta(
            description="Whether the names the workspace defines and uses are indexed in the "
            "background, in the platform's cache folder."
        ),
    ] = True
    deadline_s: Annotated[
        float,
        Meta(gt=0, description="Seconds a hover waits for the analysis of what code depends on."),
    ] = 0.3


@dataclass(frozen=True)
class ModelPrice:
    """What a model costs, in US dollars per million tokens."""

    model: str
    input: Annotated[float, Meta(ge=0)]
    output: Annotated[float, Meta(ge=0)]
    cache_write: Annotated[float, Meta(ge=0)] | None = None
    """1.25 times the input when left out."""
    cache_read: Annotated[float, Meta(ge=0)] | None = None
    """The same as the input when left out."""


@dataclass(frozen=True)
class CloudSettings:
    mode: Annotated[
        Literal["never", "ask"],
        Meta(
            description="`ask` offers the cloud, as an action of its own, where a task seems too "
            "much for the local model; `never` does not mention it."
        ),
    ] = "ask"
    # The current one of the middle of the range: half the price of the next larger, with a context
    # and an answer as long, and a price that is published in full.
    model: Annotated[
        str,
        Meta(min_length=1, description="The model to ask, by the name the provider gives it."),
    ] = "claude-sonnet-5-5"
    base_url: Annotated[
        str, Meta(description="Where requests go: Anthropic, or a gateway that speaks its API.")
    ] = "https://api.anthropic.com"
    max_tokens: Annotated[
        Positive,
        Meta(
            description="Tokens an answer may have, what the model thinks included; with the "
            "prompt, the most a request can cost."
        ),
    ] = 8192
    context_budget_tokens: Annotated[
        Positive,
        Meta(description="Tokens of code around the task that may be sent along, by estimate."),
    ] = 6000
    effort: Annotated[
        Literal["", "low", "medium", "high"],
        Meta(
            description="How much the model is to think, for models that can be told; empty for "
            "its own measure."
        ),
    ] = ""
    timeout_s: Annotated[
        float, Meta(gt=0, description="Seconds without a sign of life after which it is given up.")
    ] = 120.0
    samples: Annotated[
        Positive,
        Meta(description="Paid answers that may be asked for one task, to compare what they do."),
    ] = 1
    request_limit_usd: Annotated[
        float, Meta(ge=0, description="US dollars one request may cost at the worst.")
    ] = 0.5
    month_limit_usd: Annotated[
        float,
        Meta(ge=0, description="US dollars all requests of a calendar month (UTC) may cost."),
    ] = 10.0
    prices: Annotated[
        tuple[ModelPrice, ...],
        Meta(
            description="Prices in place of those scopewise knows, in US dollars per million "
            'tokens, as in `[{"model": "my-model", "input": 2, "output": 10}]`; also '
            "`cache_write` and `cache_read`."
        ),
    ] = ()
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Files that are never sent, as patterns like those of `.gitignore`; "
            "besides what `.gitignore` and `.scopewiseignore` name."
        ),
    ] = ()
    keep_payloads: Annotated[
        bool,
        Meta(description="Whether the ledger also keeps what was sent, not only its hash."),
    ] = False


@dataclass(frozen=True)
class TraceSettings:
    file: Annotated[
        str, Meta(description="File for one JSON line per measured span; empty for none.")
    ] = ""
    prompts: Annotated[
        bool, Meta(description="Whether the trace file also holds prompts and answers.")
    ] = False


@dataclass(frozen=True)
class Settings:
    model: ModelSettings = field(default_factory=ModelSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    hover: HoverSettings = field(default_factory=HoverSettings)
    actions: ActionSettings = field(default_factory=ActionSettings)
    verify: VerifySettings = field(default_factory=VerifySettings)
    scope: ScopeSettings = field(default_factory=ScopeSettings)
    cloud: CloudSettings = field(default_factory=CloudSettings)
    trace: TraceSettings = field(default_factory=TraceSettings)


def read_settings(options: object, base: Settings | None = None) -> tuple[Settings, list[str]]:
    """The settings in a client's JSON, and one readable complaint for each that is wrong.

    A wrong value is left at `base` (the defaults when None); the others still count.
    Both nested objects and dotted keys (`"engine.threads": 4`) are understood, with or without an
    outer `scopewise` key.
    """
    base = base or Settings()
    if options is None:
        return base, []
    if not isinstance(options, dict):
        return base, [f"Settings must be an object, not {type(options).__name__}."]
    inner = options.get("scopewise", options)
    if inner is None:
        return base, []
    if not isinstance(inner, dict):
        return base, [f"Settings must be an object, not {type(inner).__name__}."]
    complaints: list[str] = []
    return _read(base, _nested(inner), "", complaints), complaints


def describe_settings() -> list[tuple[str, str, Any, str]]:
    """Every setting as (dotted name, type, default, description), in order of definition."""
    rows = []
    for name, default, hint in _leaves():
        kind, description = _unwrap(hint)
        rows.append((name, kind, default, description))
    return rows


def setting_schemas() -> list[dict[str, Any]]:
    """A JSON schema for each setting, in the order of `describe_settings`."""
    return [_schema(hint) for _, _, hint in _leaves()]


def _leaves() -> Iterator[tuple[str, Any, Any]]:
    """Every setting as (dotted name, default, annotation), in order of definition."""
    for section in dataclasses.fields(Settings):
        default = getattr(Settings(), section.name)
        hints = typing.get_type_hints(type(default), include_extras=True)
        for leaf in dataclasses.fields(default):
            yield f"{section.name}.{leaf.name}", getattr(default, leaf.name), hints[leaf.name]


def _schema(hint: Any) -> dict[str, Any]:
    """The schema of one type, with what it refers to in its place."""
    (schema,), named = msgspec.json.schema_components([hint], ref_template="{name}")

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return [whole(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return whole(named[value["$ref"]])
        return {key: whole(item) for key, item in value.items()}

    found: dict[str, Any] = whole(schema)
    return found


def _nested(options: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in options.items():
        head, _, rest = str(key).removeprefix("scopewise.").partition(".")
        if not rest:
            if isinstance(value, dict):
                merged = result.get(head)
                value = {**(merged if isinstance(merged, dict) else {}), **value}
            result[head] = value
        elif isinstance(result.setdefault(head, {}), dict):
            result[head][rest] = value
    return result


def _read(base: T, options: dict[str, Any], prefix: str, complaints: list[str]) -> T:
    hints = typing.get_type_hints(type(base), include_extras=True)
    changes: dict[str, Any] = {}
    for key, value in options.items():
        name = f"{prefix}{key}"
        if key not in hints:
            complaints.append(_unknown(name, key, list(hints)))
            continue
        current = getattr(base, key)
        if dataclasses.is_dataclass(current):
            if isinstance(value, dict):
                changes[key] = _read(current, value, f"{name}.", complaints)
            else:
                complaints.append(f"Setting `{name}` must be an object.")
            continue
        try:
            changes[key] = msgspec.convert(value, hints[key])
        except msgspec.ValidationError as error:
            kind, _ = _unwrap(hints[key])
            allowed = f" ({kind})" if "|" in kind else ""
            complaints.append(f"Setting `{name}`: {error}{allowed}; using {current!r}.")
    return dataclasses.replace(base, **changes)  # type: ignore[type-var]


def _unknown(name: str, key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"; did you mean `{name.removesuffix(key)}{close[0]}`?" if close else "."
    return f"There is no setting `{name}`{hint}"


def _unwrap(hint: Any) -> tuple[str, str]:
    description = ""
    while typing.get_origin(hint) is Annotated:
        hint, *extras = typing.get_args(hint)
        for extra in extras:
            if isinstance(extra, Meta):
                description = extra.description or description
    if typing.get_origin(hint) is Literal:
        return " | ".join(repr(value) for value in typing.get_args(hint)), description
    return getattr(hint, "__name__", str(hint)), description

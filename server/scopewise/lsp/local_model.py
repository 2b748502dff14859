"""The model from the client's side: its status, which ones there are, and giving it a rest."""

from __future__ import annotations

from typing import Any

from scopewise.errors import InputError, ScopewiseError
from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.status import State
from scopewise.models import ModelSpec, Status, find, inspect, known_models, resolve, store_folder
from scopewise.settings import Settings


def look(ls: ScopewiseServer) -> None:
    """Tell at once when the model is missing or damaged, not only when it is wanted."""
    if ls.status.now.state in (State.UNLOADED, State.PROBLEM):
        ls.status.begin(_name(ls.session.settings), _problem(ls.session.settings))


def settings_changed(ls: ScopewiseServer, before: Settings) -> None:
    """Another model or engine begins anew."""
    now = ls.session.settings
    if (before.model, before.engine) != (now.model, now.engine):
        ls.status.begin(_name(now), _problem(now))


async def pause(ls: ScopewiseServer, is_paused: bool) -> None:
    """Offer nothing and run nothing, with the model out of memory; or go on."""
    ls.session.is_paused = is_paused
    ls.status.pause(is_paused)
    if is_paused:
        await ls.jobs.stop_all()
        await ls.session.unload()
        ls.status.begin(_name(ls.session.settings), _problem(ls.session.settings))


def listed(settings: Settings) -> list[dict[str, Any]]:
    """The models one can choose from, the chosen one among them."""
    folder, specs = store_folder(settings), known_models(store_folder(settings))
    try:
        current: ModelSpec | None = find(settings.model.name)
    except InputError:
        current = None
    if current is not None and current not in specs:
        specs.append(current)
    stored = [inspect(folder, spec) for spec in specs]
    return [
        {
            "name": model.spec.name,
            "installed": model.status is Status.READY,
            "current": model.spec == current,
            "sizeBytes": model.spec.size or model.n_bytes,
            "description": _description(model.spec),
        }
        for model in stored
    ]


def _description(spec: ModelSpec) -> str:
    facts = [spec.role if spec.role != "other" else "", f"licence {spec.licence}"]
    if spec.context_tokens:
        facts.append(f"{spec.context_tokens:,} tokens of context")
    return ", ".join(filter(None, facts))


def _name(settings: Settings) -> str:
    return settings.model.name if settings.engine.kind == "llamacpp" else settings.engine.kind


def _problem(settings: Settings) -> str:
    """Why the model could not be loaded, as far as its file tells."""
    if settings.engine.kind != "llamacpp":
        return ""
    try:
        resolve(settings)
    except ScopewiseError as error:
        return str(error)
    return ""

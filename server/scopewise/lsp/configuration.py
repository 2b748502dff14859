"""Settings from the client, and from nowhere else: never from the repository that is open."""

from __future__ import annotations

import logging

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from scopewise.lsp.language_server import ScopewiseServer
from scopewise.lsp.messages import warn
from scopewise.settings import read_settings

logger = logging.getLogger(__name__)

SECTION = "scopewise"


def begin(ls: ScopewiseServer, options: object) -> None:
    """Take `initializationOptions`, which hold for good.

    What comes later goes on top: eglot sends an empty `didChangeConfiguration` at every start.
    """
    ls.has_initial_settings = options is not None
    ls.base_settings, complaints = read_settings(options, ls.base_settings)
    ls.session.settings = ls.base_settings
    ls.complaints.extend(complaints)


async def listen(ls: ScopewiseServer) -> None:
    """After the start: hear of changes, and ask for the settings if none came along."""
    _complain(ls, [])
    if ls.client.registers_configuration:
        method = lsp.WORKSPACE_DID_CHANGE_CONFIGURATION
        options = lsp.DidChangeConfigurationRegistrationOptions(section=SECTION)
        registration = lsp.Registration(f"{SECTION}-configuration", method, options)
        try:
            await ls.client_register_capability_async(lsp.RegistrationParams([registration]))
        except JsonRpcException as error:
            logger.info("The client does not announce changed settings: %s", error)
    if not ls.has_initial_settings:
        await change(ls, None)


async def change(ls: ScopewiseServer, options: object) -> None:
    """Take changed settings; None or an empty object means that we have to ask for them."""
    if not options and ls.client.answers_configuration:
        options = await _ask(ls)
    settings, complaints = read_settings(options or None, ls.base_settings)
    _complain(ls, complaints)
    if settings != ls.session.settings:
        await ls.session.configure(settings)


def _complain(ls: ScopewiseServer, complaints: list[str]) -> None:
    """Show what has not been shown yet, each complaint once in the life of the server."""
    ls.complaints += [complaint for complaint in complaints if complaint not in ls.complaints]
    for complaint in ls.complaints[ls.n_shown_complaints :]:
        warn(ls, complaint)
    ls.n_shown_complaints = len(ls.complaints)


async def _ask(ls: ScopewiseServer) -> object:
    items = [lsp.ConfigurationItem(section=SECTION)]
    try:
        answers = await ls.workspace_configuration_async(lsp.ConfigurationParams(items))
    except JsonRpcException as error:
        logger.info("The client does not tell its settings: %s", error)
        return None
    return answers[0] if answers else None

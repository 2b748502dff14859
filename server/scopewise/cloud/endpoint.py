"""The address requests go to."""

from __future__ import annotations

import ipaddress
import urllib.parse

from scopewise.errors import InputError


def host_of(base_url: str) -> str:
    """The host, with its port if one is given, of `cloud.base_url`; raises InputError."""
    try:
        parts = urllib.parse.urlsplit(base_url)
        port = parts.port
    except ValueError:
        parts, port = urllib.parse.SplitResult("", "", "", "", ""), None
    host = parts.hostname or ""
    # The address itself is not repeated: with a name and a password in it, it is a secret.
    remedy = "Write it as `https://HOST`, with a path if the gateway has one, and nothing else."
    if parts.scheme not in {"https", "http"} or not host or parts.query or parts.fragment:
        raise InputError("The setting `cloud.base_url` is not an address.", remedy)
    if parts.username is not None or parts.password is not None:
        raise InputError("The setting `cloud.base_url` holds a name or a password.", remedy)
    if parts.scheme == "http" and not _is_this_machine(host):
        raise InputError(
            "`cloud.base_url` begins with http, so your code and your key would travel in clear.",
            "Use https; http is for a gateway on this machine.",
        )
    return f"{host}:{port}" if port else host


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
